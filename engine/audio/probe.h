/// How late a machine hears what it plays: a sound made for it goes out, and is looked for in what comes back. Several probes,
/// so that the spread is known: never the driver's own figure. Pure functions of samples; engine/audio/calibrate.h plays them.
///
/// The sound: a second of silence, then chirps from 300 to 9000 Hz, loud and soft in turn, at uneven distances, then steady
/// noise, then silence. Chirps are found by matched filter (Turin 1960, IRE Trans. Inf. Theory 6(3)), of the strong peaks
/// the first, which is the straight way through the room. The rest tells whether something on the way alters the sound.
#ifndef SHED_AUDIO_PROBE_H
#define SHED_AUDIO_PROBE_H

#include "engine/audio/file.h"

enum { SHED_PROBES_MIN = 3, SHED_PROBES_MAX = 16, SHED_PROBES = 8 };
#define SHED_PROBE_LEVEL_DB -12.0
#define SHED_PROBE_LATEST_S 0.8 // a round trip longer than this is not found

typedef struct {
  int    rate_hz;  ///< 16000..192000
  int    probes;   ///< SHED_PROBES_MIN..SHED_PROBES_MAX
  double level_db; ///< of the loud chirps, dBFS peak, -60..0
} shed_probe_opts;

/// @return SHED_OK, SHED_E_RANGE, SHED_E_NOMEM. @p out is freed with shed_sound_free().
SHED_NODISCARD shed_status shed_probe_sound(const shed_probe_opts *opts, const shed_alloc *alloc,
                                            shed_sound *out);

/// A plain value. What was not measured is NaN.
typedef struct {
  int probes, heard;
  double
      latency_s;   ///< median of those heard, to a fraction of a sample; NaN where fewer than half were heard
  double spread_s; ///< between the earliest and the latest, one in eight left out
  double each_s[SHED_PROBES_MAX]; ///< NaN: not heard
  double gain_db;  ///< loudness that comes back, over what was given, median: how much the loudspeaker bleeds
  double snr_db;   ///< of the loud chirps over the noise
  double noise_db; ///< dBFS, before anything sounds
  double
      squeeze_db; ///< soft chirps come back so much louder than they should beside the loud ones: automatic gain
  double fade_db;  ///< steady noise is turned down by so much while it lasts: noise suppression
  double drift_db; ///< the last chirps come back so much softer than the first: echo cancellation
} shed_probe_result;

/// @param heard  what came back, from the very frame that the sound's first sample was given on; @p n samples, at least
///        as many as shed_probe_sound() has.
/// @return SHED_OK (also when nothing was heard), SHED_E_RANGE (opts, or too short), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_probe_measure(const shed_probe_opts *opts, const float *heard, size_t n,
                                              const shed_alloc *alloc, shed_probe_result *out);

#endif
