#include "engine/dsp/aubio_onset_internal.h"

#include <string.h>

void
shed_aubio_onset_run(shed_aubio_onset *o, const float *magnitude, float *mkl, float *hfc)
{
  // these two look at magnitudes only; the phases stay zero
  memcpy(o->spectrum->norm, magnitude, o->spectrum->length * sizeof(float));
  aubio_specdesc_do(o->mkl, o->spectrum, o->value);
  *mkl = o->value->data[0];
  aubio_specdesc_do(o->hfc, o->spectrum, o->value);
  *hfc = o->value->data[0];
}
