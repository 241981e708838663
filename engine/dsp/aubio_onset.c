#include "engine/dsp/aubio_onset.h"

#include "engine/dsp/aubio_onset_internal.h"

shed_status
shed_aubio_onset_new(shed_aubio_onset **out, const shed_alloc *alloc, int window)
{
  shed_aubio_onset *o = shed_calloc(alloc, 1, sizeof(*o));
  if (!o) {
    return SHED_E_NOMEM;
  }
  o->alloc    = alloc;
  o->mkl      = new_aubio_specdesc("mkl", (uint_t)window);
  o->hfc      = new_aubio_specdesc("hfc", (uint_t)window);
  o->spectrum = new_cvec((uint_t)window);
  o->value    = new_fvec(1);
  if (!o->mkl || !o->hfc || !o->spectrum || !o->value) {
    shed_aubio_onset_free(o);
    return SHED_E_NOMEM;
  }
  *out = o;
  return SHED_OK;
}

void
shed_aubio_onset_free(shed_aubio_onset *o)
{
  if (!o) {
    return;
  }
  if (o->mkl) {
    del_aubio_specdesc(o->mkl);
  }
  if (o->hfc) {
    del_aubio_specdesc(o->hfc);
  }
  if (o->spectrum) {
    del_cvec(o->spectrum);
  }
  if (o->value) {
    del_fvec(o->value);
  }
  shed_free(o->alloc, o);
}
