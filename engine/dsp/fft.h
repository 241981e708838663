/// The real Fourier transform, over FFTW in single precision.
///
/// Plans are FFTW_ESTIMATE and the arrays are the object's own, 64-byte aligned, so that the codelet that runs never
/// depends on an address or on the machine's mood: the same input gives the same bits.
#ifndef SHED_DSP_FFT_H
#define SHED_DSP_FFT_H

#include "engine/base/alloc.h"

typedef struct shed_fft shed_fft;

/// @param size of the real array, even, 2..1048576. The arrays come from @p alloc; FFTW's plans from FFTW itself.
/// @return SHED_OK, SHED_E_RANGE, SHED_E_NOMEM.
/// Thread: any, also several at once (FFTW's planner is made thread safe at the first call).
SHED_NODISCARD shed_status shed_fft_new(shed_fft **out, const shed_alloc *alloc, int size);
void                       shed_fft_free(shed_fft *f);

/// The real side: size samples, owned by @p f, written and read by the caller.
SHED_RT float *shed_fft_time(shed_fft *f);
/// The other side: size / 2 + 1 complex values, real and imaginary part in turn.
SHED_RT float *shed_fft_bins(shed_fft *f);
/// time -> bins, X[k] = sum x[n] exp(-2 pi i k n / size). Keeps time.
SHED_RT void shed_fft_forward(shed_fft *f);
/// bins -> time, not divided by size. Destroys bins.
SHED_RT void shed_fft_inverse(shed_fft *f);

#endif
