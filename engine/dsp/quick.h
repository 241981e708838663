/// The pitch of the newest sound, for the eye: told some 20 ms after a note begins, where the long analysis needs 50.
///
/// One look each 5 ms at the end of the sound. Periodicity is the normalised cross-correlation of the newest samples with
/// those one lag before (Talkin 1995, "A robust algorithm for pitch tracking"), over windows that scale with the lag, so
/// that a pitch is seen as soon as two of its periods have sounded. It divides by the root of both energies, not by their
/// mean as the difference functions do: a note that swells or has just begun is as alike as a steady one. All lags are
/// searched only after something began: an attack, or the end of what went on. In between the pitch that is known, from
/// the long analysis or from the last look, is followed at its own lag and the octave choice is the long analysis's own.
///
/// Where a look is not sure it says nothing.
#ifndef SHED_DSP_QUICK_H
#define SHED_DSP_QUICK_H

#include "engine/dsp/front.h"

#include <stdbool.h>

typedef struct {
  float   f0_hz;
  float   confidence;  ///< P(within 50 cents), 0..1
  float   periodicity; ///< 0..1
  float   level_db;    ///< RMS dBFS of the newest 10 ms
  int64_t centre;      ///< the whole-rate sample described: the middle of the window
} shed_quick_look;

typedef struct shed_quick shed_quick;

/// For sound at 44.1 kHz. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_quick_new(shed_quick **out, const shed_alloc *alloc);
void                       shed_quick_free(shed_quick *q);

/// What the long analysis says of an instant that is some 40 ms old; before the look of the same moment.
/// @param f0_hz 0 where it hears no pitch. @param confidence of it. Thread: analysis. Real-time: yes.
SHED_RT void shed_quick_heard(shed_quick *q, int64_t centre, float f0_hz, float confidence);
/// Look at the newest sound; each 5 ms (220 or 221 samples). @return true when *out was written.
/// Thread: analysis. Real-time: yes.
SHED_RT bool shed_quick_run(shed_quick *q, const shed_front *front, shed_quick_look *out);

#endif
