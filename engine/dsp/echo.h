/// Accompaniment that we play ourselves is taken out of the sound of the microphone before anything listens to it.
///
/// What the loudspeaker was given is known; how loudspeaker, room and microphone change it is learned. The delay is found
/// by cross-correlation (smoothed coherence transform; Knapp and Carter 1976); then a linear filter of a quarter of a
/// second follows, in blocks in the frequency domain (Soo and Pang 1990), each of its values with its own doubt: it learns
/// where the accompaniment sounds alone and holds still where the player is louder (a Kalman filter; Enzner and Vary 2006,
/// "Frequency-domain adaptive Kalman filter for acoustic echo control"; in parts, Kuech, Mabande and Enzner 2014). The
/// same doubt tells how much of the accompaniment may be left in each band: the leak.
///
/// Nothing is changed, bit for bit, before the accompaniment is found in the sound: with headphones never.
#ifndef SHED_DSP_ECHO_H
#define SHED_DSP_ECHO_H

#include "engine/base/alloc.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  SHED_ECHO_BLOCK    = 441,  ///< samples a time, 10 ms at 44.1 kHz
  SHED_ECHO_BINS     = 442,  ///< bands of 50 Hz
  SHED_ECHO_LATE_MAX = 15435 ///< samples: 350 ms
};

typedef struct {
  double late_s; ///< it is heard so much later at most: through buffers, loudspeaker and room; up to .35
  /// Found before, in the same place: then it is taken out from the first sample on. delay_s 0: not known.
  double delay_s;
  double gain_db; ///< power of the microphone over that of the given sound, while it is not learned
} shed_echo_opts;

typedef struct {
  bool   found;    ///< the accompaniment is heard in the sound
  double delay_s;  ///< by so much later than it was given; NaN before it is found
  double gain_db;  ///< at most so much louder than it was given; NaN before it is found
  double taken_db; ///< power of all blocks since, over what is left of it, the player included; 0 before
} shed_echo_state;

/// About 0.8 MB.
typedef struct shed_echo shed_echo;

/// @return SHED_OK, SHED_E_RANGE (a time outside 0..late_s or .35 s, a gain that is no number), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_echo_new(shed_echo **out, const shed_alloc *alloc,
                                         const shed_echo_opts *opts);
void                       shed_echo_free(shed_echo *e);

/// The next SHED_ECHO_BLOCK samples of both; the accompaniment is taken out of @p mic in place.
/// Thread: analysis. Real-time: yes.
SHED_RT void shed_echo_run(shed_echo *e, float *mic, const float *given);
/// Power that may be left of the accompaniment in each band of the last block; zeros while it is not found. Any measure,
/// but the same as shed_echo_left's. SHED_ECHO_BINS values, borrowed until the next block.
SHED_RT const float *shed_echo_leak(const shed_echo *e);
/// What stands in the block after the taking out.
SHED_RT const float    *shed_echo_left(const shed_echo *e);
SHED_RT shed_echo_state shed_echo_now(const shed_echo *e);

#endif
