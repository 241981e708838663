// The resampler against the sum that it stands for: each output sample is the band-limited sound at n / rate, summed over
// 400 samples to each side with a Kaiser window, in double.
#include "engine/dsp/resample.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { OUT_HZ = 44100, REACH = 400, LINES = 12 };
// libsamplerate's medium filter keeps aliases 121 dB down, which is 1e-6, and lets nine tenths of the band pass; what is
// compared lies below six tenths.
static const double TOLERANCE = 3e-6;
static const double KAISER    = 12.0;

static double
bessel_i0(double x)
{
  double sum = 1.0, term = 1.0;
  for (int k = 1; k < 60; k++) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

// The sound at time at, in input samples. Downwards, the sinc is as wide as the lower rate asks.
static double
sinc_sum(const float *x, int n, double at, double edge)
{
  double sum = 0.0;
  int    mid = (int)floor(at);
  for (int m = mid - REACH; m <= mid + REACH; m++) {
    double d = at - m, r = d / (REACH + 1.0);
    if (m >= 0 && m < n && fabs(r) < 1.0) {
      double sinc = d == 0.0 ? edge : sin(SHED_PI * edge * d) / (SHED_PI * d);
      sum += (double)x[m] * sinc * bessel_i0(KAISER * sqrt(1.0 - r * r)) / bessel_i0(KAISER);
    }
  }
  return sum;
}

// Lines at random places up to six tenths of the lower of the two bands.
static float *
lines(shed_rng *rng, int rate_hz, int n)
{
  float *x   = malloc((size_t)n * sizeof(*x));
  double top = 0.3 * (rate_hz < OUT_HZ ? rate_hz : OUT_HZ);
  double hz[LINES], phase[LINES];
  assert_non_null(x);
  for (int k = 0; k < LINES; k++) {
    hz[k]    = top * shed_rng_unit(rng);
    phase[k] = 2.0 * SHED_PI * shed_rng_unit(rng);
  }
  for (int i = 0; i < n; i++) {
    double y = 0.0;
    for (int k = 0; k < LINES; k++) {
      y += sin(2.0 * SHED_PI * hz[k] * i / rate_hz + phase[k]);
    }
    x[i] = (float)(y / LINES);
  }
  return x;
}

static void
every_rate_is_the_plain_sum(void **state)
{
  (void)state;
  static const int rates[] = {8000, 11025, 16000, 22050, 32000, 48000, 88200, 96000, 192000};
  for (size_t k = 0; k < SHED_COUNTOF(rates); k++) {
    shed_resample *r = NULL;
    shed_rng       rng;
    int            n = rates[k] / 64 * 64, got_n = 0; // a second
    double         worst = 0.0, edge = rates[k] > OUT_HZ ? 0.9 * OUT_HZ / rates[k] : 0.95;
    shed_rng_seed(&rng, 101, k);
    float *x = lines(&rng, rates[k], n), chunk[SHED_RESAMPLE_OUT_MAX];
    CHECK_OK(shed_resample_new(&r, NULL, rates[k], OUT_HZ));
    for (int at = 0; at < n; at += SHED_RESAMPLE_BLOCK) {
      shed_resample_push(r, x + at);
      for (int m; (m = shed_resample_read(r, chunk)) > 0; got_n += m) {
        for (int i = 0; i < m; i++) {
          double in = (double)(got_n + i) * rates[k] / OUT_HZ;
          if ((got_n + i) % 31 == 0 && in > REACH && in < n - REACH) {
            worst = fmax(worst, fabs((double)chunk[i] - sinc_sum(x, n, in, edge)));
          }
        }
      }
    }
    print_message("%6d Hz: worst difference %.1e\n", rates[k], worst);
    assert_true(got_n > OUT_HZ / 2);
    CHECK_LT(worst, TOLERANCE);
    shed_resample_free(r);
    free(x);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_rate_is_the_plain_sum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
