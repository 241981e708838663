/// A click whose beat is known is taken out of the sound of the microphone before anything listens to it.
///
/// A loudspeaker, a room and a microphone make the same waveform of the same click each time. Where two clicks of the
/// beat brought the same waveform equally late (count-in, rests), the delay is known and the waveform is learned: an
/// average over clicks, band by band, each weighed by what else sounded then (synchronous averaging; the weights and the
/// gain per band after Wiener). From then on it is subtracted where the next click is due, at a fraction of a sample. So
/// a note that begins with the click is left with its own beginning.
///
/// Accents are other waveforms, learned as such; which one is due is told from the bar that they repeat in.
#ifndef SHED_DSP_TICK_H
#define SHED_DSP_TICK_H

#include "engine/base/alloc.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  double first;  ///< sample (44.1 kHz) of one click; may be negative
  double period; ///< samples, SHED_TICK_PERIOD_MIN and up
  double late;   ///< samples that it is heard late at most, up to SHED_TICK_LATE_MAX
} shed_tick_opts;

enum { SHED_TICK_PERIOD_MIN = 6615, SHED_TICK_LATE_MAX = 8820 }; ///< 150 ms; 200 ms

/// What is known of a moment.
typedef enum {
  SHED_TICK_NOT,      ///< no click sounds here, or somebody plays as well
  SHED_TICK_CLICK,    ///< a click and nothing else begins here
  SHED_TICK_UNDECIDED ///< one may sound here; a few clicks on it will be known
} shed_tick_verdict;

typedef struct {
  bool   found;   ///< the click is heard in the sound
  double delay_s; ///< by so much later than it was told; NaN before it is found
  float  left;    ///< energy that is left of a click after subtraction, 0..1; 1 before it is found
  int    kinds;   ///< waveforms known
} shed_tick_state;

/// About 1 MB.
typedef struct shed_tick shed_tick;

/// @return SHED_OK, SHED_E_RANGE (period, lateness), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_tick_new(shed_tick **out, const shed_alloc *alloc,
                                         const shed_tick_opts *opts);
void                       shed_tick_free(shed_tick *t);

/// The next @p n samples, at most 441; the click is taken out of them in place. What is decided is decided at the ends
/// of these blocks, so a caller who wants the same bits cuts the sound the same way.
/// Thread: analysis. Real-time: yes.
SHED_RT void shed_tick_run(shed_tick *t, float *x, int n);
/// Is what begins at @p sample a click? Asked some 40 ms after it at the earliest.
SHED_RT shed_tick_verdict shed_tick_ask(const shed_tick *t, int64_t sample);
SHED_RT shed_tick_state   shed_tick_now(const shed_tick *t);

#endif
