/// Periodicity of one window: the normalised square difference function of McLeod and Wyvill 2005, "A Smarter Way to
/// Find Pitch", by FFT.
///
///     n(lag) = 2 sum y[j] y[j + lag] / sum (y[j]^2 + y[j + lag]^2)
///
/// over the samples of the window that have a partner. The window is tapered so that what stands in its middle counts
/// most, its mean is removed, and the taper's own effect is divided out: a steady periodic sound reaches 1 at its
/// period, within .2 up to half the window, with what is left of the beat between window and period.
#ifndef SHED_DSP_NSDF_H
#define SHED_DSP_NSDF_H

#include "engine/base/alloc.h"

typedef struct shed_nsdf shed_nsdf;

/// @param window samples, 16..16384; @param max_lag under @p window - 8. @return SHED_OK, SHED_E_RANGE, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_nsdf_new(shed_nsdf **out, const shed_alloc *alloc, int window, int max_lag);
void                       shed_nsdf_free(shed_nsdf *s);

/// @param x window samples. Thread: one at a time. Real-time: yes.
SHED_RT void shed_nsdf_run(shed_nsdf *s, const float *x);
/// max_lag + 1 values, about -1..1, of the last run; all 0 for a silent window.
SHED_RT const float *shed_nsdf_values(const shed_nsdf *s);
SHED_RT int          shed_nsdf_max_lag(const shed_nsdf *s);
/// Between the whole lags by a cubic; 0 outside 0..max_lag - 2.
SHED_RT float shed_nsdf_value_at(const shed_nsdf *s, float lag);

/// A maximum. lag 0 where there is none.
typedef struct {
  float lag;
  float value;
} shed_nsdf_peak;

/// The maxima that may be the period: after the lobe at lag 0, the highest, and the first that reaches each of some
/// shares of it. In rising order of lag, none twice. @return how many, at most @p max.
SHED_RT int shed_nsdf_peaks(const shed_nsdf *s, float lag_min, shed_nsdf_peak *out, int max);

#endif
