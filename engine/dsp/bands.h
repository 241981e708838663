/// A compact spectrum of one moment, for a judge that knows the score: how loud each place was, fine enough to tell one
/// harmonic from another's. Bins of 21.5 Hz up to 1.4 kHz, quarter tones from there to 7 kHz, one byte each.
///
/// A raised cosine of 46 ms: lines 45 Hz apart are two, and what begins is seen within 23 ms to both sides.
#ifndef SHED_DSP_BANDS_H
#define SHED_DSP_BANDS_H

#include "engine/dsp/front.h"

#include <stdint.h>

enum {
  SHED_BANDS        = 120,
  SHED_BANDS_LINEAR = 64,  ///< the first are single bins, band b has bin b + 1
  SHED_BANDS_WINDOW = 1024 ///< samples at the half rate
};

typedef struct shed_bands shed_bands;

/// For sound at 44.1 kHz. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_bands_new(shed_bands **out, const shed_alloc *alloc);
void                       shed_bands_free(shed_bands *b);

/// @param centre in whole-rate samples; SHED_BANDS_WINDOW and SHED_FRONT_DELAY of them after it must have been pushed.
/// @param[out] out the highest bin in each band, half decibels over -120 dBFS: 0 (at most that) to 255 (7.5 dBFS and more);
///             a full-scale sine reads 240.
/// Thread: analysis. Real-time: yes.
SHED_RT void shed_bands_run(shed_bands *b, const shed_front *front, int64_t centre, uint8_t out[SHED_BANDS]);

/// The band that a frequency falls in; -1 under 10.8 Hz and from the end of the last (7.05 kHz) on. Thread: any.
int shed_bands_place(double hz);
/// What a byte of a band says. Thread: any.
static inline float
shed_bands_db(uint8_t level)
{
  return 0.5f * (float)level - 120.0f;
}

#endif
