#include "engine/dsp/resample.h"

#include "engine/dsp/resample_internal.h"

shed_status
shed_resample_new(shed_resample **out, const shed_alloc *alloc, int rate_in_hz, int rate_out_hz)
{
  if (rate_in_hz < 1 || rate_out_hz < 1 || !src_is_valid_ratio((double)rate_out_hz / rate_in_hz)) {
    return SHED_E_RANGE;
  }
  shed_resample *r = shed_calloc(alloc, 1, sizeof(*r));
  if (!r) {
    return SHED_E_NOMEM;
  }
  r->alloc = alloc;
  r->ratio = (double)rate_out_hz / rate_in_hz;
  if (rate_in_hz != rate_out_hz) {
    int error = 0;
    // 121 dB, nine tenths of the band: nothing an ear or a tracker here could tell from the best
    r->state = src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error);
    if (!r->state || src_set_ratio(r->state, r->ratio) != 0) {
      shed_resample_free(r);
      return SHED_E_NOMEM;
    }
  }
  *out = r;
  return SHED_OK;
}

void
shed_resample_free(shed_resample *r)
{
  if (!r) {
    return;
  }
  if (r->state) {
    src_delete(r->state);
  }
  shed_free(r->alloc, r);
}
