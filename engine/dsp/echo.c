#include "engine/dsp/echo.h"

#include "engine/dsp/echo_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>

static const double RATE_HZ      = 44100.0;
static const double GAIN_MOST_DB = 60.0;

static bool
in_range(const shed_echo_opts *o)
{
  return o->late_s >= 0.0 && o->late_s * RATE_HZ <= (double)SHED_ECHO_LATE_MAX && o->delay_s >= 0.0 &&
         o->delay_s * RATE_HZ <= (double)SHED_ECHO_LATE_MAX && fabs(o->gain_db) <= GAIN_MOST_DB;
}

shed_status
shed_echo_new(shed_echo **out, const shed_alloc *alloc, const shed_echo_opts *opts)
{
  if (!in_range(opts)) {
    return SHED_E_RANGE;
  }
  shed_echo  *e  = shed_calloc(alloc, 1, sizeof(*e));
  shed_status st = SHED_E_NOMEM;
  if (!e) {
    return st;
  }
  e->alloc = alloc;
  if ((st = shed_fft_new(&e->fft, alloc, ECHO_FFT)) != SHED_OK ||
      (st = shed_fft_new(&e->find.fft, alloc, ECHO_FIND_FFT)) != SHED_OK) {
    shed_echo_free(e);
    return st;
  }
  e->find.lag_most = (int)ceil(opts->late_s * RATE_HZ / ECHO_DOWN);
  e->find.lag      = -1;
  for (int i = 0; i < ECHO_FIND_FFT; i++) {
    e->find.taper[i] = (float)(0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / ECHO_FIND_FFT));
  }
  if (opts->delay_s > 0.0) {
    echo_begin(e, (int)lrint(opts->delay_s * RATE_HZ), (float)pow(10.0, opts->gain_db / 10.0));
  }
  *out = e;
  return SHED_OK;
}

void
shed_echo_free(shed_echo *e)
{
  if (!e) {
    return;
  }
  shed_fft_free(e->fft);
  shed_fft_free(e->find.fft);
  shed_free(e->alloc, e);
}
