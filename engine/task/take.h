/// A take as it was heard: frames, onsets, notes. Plain values, made by engine/hear or read from a file, judged by
/// assessors. What could not be heard is said, never guessed.
#ifndef SHED_TASK_TAKE_H
#define SHED_TASK_TAKE_H

#include "engine/base/hash.h"
#include "engine/base/message.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHED_FRAME_CANDIDATES = 5, SHED_TAKE_WARNINGS = 12, SHED_TAKE_BANDS = 120 };
static const double SHED_FRAME_HOP_S =
    0.010; ///< frames stand on a grid of 10 ms: frame i describes i * 10 ms

/// One frame of the settled track.
typedef struct {
  float f0_hz;      ///< best candidate, also when not voiced; 0 only without one
  float confidence; ///< P(error <= 50 cents), 0..1
  float level_db;   ///< RMS dBFS of 20 ms around the frame; -120 at most silent
  float flux;       ///< spectral rise, 0 and up: evidence for an onset, about 1 at a clear one
  bool  voiced;
  /// The best candidates in falling order of support, f0_hz first: evidence for a judge that knows the score. f0_hz 0
  /// ends the list; support 0..1 is the normalised periodicity there.
  struct {
    float f0_hz;
    float support;
  } cand[SHED_FRAME_CANDIDATES];
} shed_frame;

typedef struct {
  float time_s;
  float strength;   ///< 0 and up
  float confidence; ///< P(a listener marks an onset within 50 ms), 0..1
} shed_heard_onset;

typedef struct {
  float onset_s, offset_s;
  int   midi;       ///< nearest at A4 = 440; -1 when unpitched
  float cents;      ///< from midi, -50..50, mean of the middle half of the stable part (of all of it with
                    ///< vibrato); 0 when unpitched
  float confidence; ///< 0..1 that there is such a note, with this pitch
  float level_db;   ///< loudest 50 ms
  float cents_sd;   ///< steadiness of the stable part; NaN when under 60 ms or unpitched
  float drift_cents_per_s;
  float vibrato_hz, vibrato_cents; ///< 0 when none
} shed_heard_note;

/// How fast, where no click was given. Told from onsets alone, so the written note that is the beat is not known: where it
/// is a quarter, bpm is quarters a minute.
typedef struct {
  float bpm;         ///< 0: no steady beat
  float confidence;  ///< 0..1: P(within 4 % of what a listener taps)
  float other_bpm;   ///< the next best reading (twice, half, by threes); 0 none
  float other_share; ///< its share of the two, 0..0.5
} shed_heard_tempo;

typedef struct {
  float time_s;
  float confidence; ///< 0..1: P(a listener taps within 70 ms)
  float bpm;        ///< the tempo here
} shed_heard_beat;

/// Accompaniment that sounded beside the player and was told of.
typedef struct {
  bool   told;
  bool   found;    ///< it is heard in the take, and taken out; false: headphones, nothing was changed
  double delay_s;  ///< by so much later than it was given; NaN when not found
  double taken_db; ///< by so much quieter the take has become by it
} shed_take_playing;

/// A piece of sound that nobody has: lost on the way from the microphone. In the stored form it is silence.
typedef struct {
  float start_s, end_s;
} shed_take_gap;

/// What a kind of take can show. A note list has no frames; a tap list has no pitch.
typedef enum {
  SHED_TAKE_AUDIO,
  SHED_TAKE_MIDI,  ///< a keyboard performance
  SHED_TAKE_F0,    ///< *.f0.csv
  SHED_TAKE_NOTES, ///< *.notes.csv
  SHED_TAKE_ONSETS ///< *.onsets.csv, taps
} shed_take_kind;

typedef struct {
  const shed_alloc *alloc;
  shed_take_kind    kind;
  shed_frame       *frames;
  size_t            n_frames;
  /// Row i, SHED_TAKE_BANDS bytes from i * SHED_TAKE_BANDS on: the spectrum of frame i as engine/dsp/bands.h has it. NULL: none,
  /// where the take is not sound or was heard by an ear that kept none. 12 kB a second of sound.
  uint8_t          *bands;
  shed_heard_onset *onsets;
  size_t            n_onsets;
  shed_heard_note  *notes; ///< in order of onset
  size_t            n_notes;
  shed_heard_tempo  tempo; ///< of the whole
  shed_heard_beat  *beats; ///< in order of time; none without a steady beat
  size_t            n_beats;
  double            duration_s;
  int               rate_hz;  ///< of the stored form; 0 when not sound
  float             snr_db;   ///< level of the voiced frames over the noise floor; NaN when it cannot be told
  int               clipped;  ///< moments (runs) at full scale
  float             noise_db; ///< noise floor, dBFS
  shed_take_playing playing;
  double            latency_s; ///< taken off already; NaN when unknown (a file)
  shed_take_gap    *gaps;      ///< in order: what was played then is not judged
  size_t            n_gaps;
  bool no_rhythm; ///< how late the sound comes is not known, or not steady: when notes came is not judged
  shed_sha256  sha256;  ///< of the stored form
  char         ear[16]; ///< version of the ear that heard it
  shed_message warnings[SHED_TAKE_WARNINGS];
  int          n_warnings;
} shed_take;

void shed_take_free(shed_take *take);                 ///< a zeroed one is legal
void shed_take_warn(shed_take *take, shed_message m); ///< drops what does not fit
/// The share of [from_s, to_s) that lies in gaps, 0..1; of no length: 1 inside a gap, else 0.
double shed_take_missing(const shed_take *take, double from_s, double to_s);

/// What was heard, to be stored and judged again without listening again: compact binary (version byte, little endian,
/// deflated by nobody: about 40 bytes a frame and, where there are bands, 120 more). Bit-exact round trip of everything but alloc, tempo,
/// beats and playing, which are not stored: no judge uses them.
///
/// @param[out] out  the caller frees it with shed_free(alloc, ..).
/// @return SHED_OK, SHED_E_NOMEM; SHED_E_RANGE for a take that breaks its contract (a time or level that is no number, an
///         impossible midi, rate or hash), so that nothing is stored that cannot be read back.
SHED_NODISCARD shed_status shed_take_encode(const shed_take *take, const shed_alloc *alloc,
                                            unsigned char **out, size_t *n);
/// @return SHED_OK, SHED_E_FORMAT, SHED_E_VERSION (a newer layout, or a warning that this version does not know),
///         SHED_E_NOMEM. Hostile input is refused; what is returned would be encoded again. The caller frees *out.
SHED_NODISCARD shed_status shed_take_decode(const unsigned char *data, size_t n, const shed_alloc *alloc,
                                            shed_take *out, shed_error *err);

#endif
