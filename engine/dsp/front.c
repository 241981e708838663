// About this file: making the front end and its decimation filters.
#include "engine/dsp/front.h"

#include "engine/dsp/front_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>

// Below every note there is: the lowest C of a contrabassoon or a piano's A0 stands at 27.5 Hz.
static const double HIGHPASS_HZ = 15.0;
// Share of the new Nyquist rate that passes: the windowed sinc is -6 dB there.
static const double DECIMATION_EDGE = 0.86;

// Windowed sinc with a Blackman window, gain 1 at 0 Hz.
static void
design(float *taps, int n, int factor)
{
  double sum  = 0.0;
  double edge = DECIMATION_EDGE / factor; // of the Nyquist rate before
  double h[FRONT_TAPS_MAX];
  for (int i = 0; i < n; i++) {
    double at     = i - (n - 1) / 2.0;
    double phase  = 2.0 * SHED_PI * (i + 1) / (n + 1);
    double window = 0.42 - 0.5 * cos(phase) + 0.08 * cos(2.0 * phase);
    double sinc   = at == 0.0 ? edge : sin(SHED_PI * edge * at) / (SHED_PI * at);
    h[i]          = window * sinc;
    sum += h[i];
  }
  for (int i = 0; i < n; i++) {
    taps[i] = (float)(h[i] / sum);
  }
}

shed_status
shed_front_new(shed_front **out, const shed_alloc *alloc, int rate_hz)
{
  shed_front *f = shed_calloc(alloc, 1, sizeof(*f));
  if (!f) {
    return SHED_E_NOMEM;
  }
  f->alloc = alloc;
  f->pole  = (float)exp(-2.0 * SHED_PI * HIGHPASS_HZ / rate_hz);
  design(f->taps[1], 33, 2);
  design(f->taps[2], FRONT_TAPS_MAX, 4);
  for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
    f->at[o].capacity = FRONT_CAPACITY >> o;
    f->at[o].x        = shed_calloc(alloc, (size_t)f->at[o].capacity, sizeof(float));
    if (!f->at[o].x) {
      shed_front_free(f);
      return SHED_E_NOMEM;
    }
    f->at[o].n     = SHED_FRONT_PAST >> o; // silence before the start
    f->at[o].first = -f->at[o].n;
  }
  *out = f;
  return SHED_OK;
}

void
shed_front_free(shed_front *f)
{
  if (!f) {
    return;
  }
  for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
    shed_free(f->alloc, f->at[o].x);
  }
  shed_free(f->alloc, f);
}
