/// Two of aubio's onset functions on a spectrum that we made. aubio's own transform is not used: what it is given has
/// the same bits each time, and so has what it says.
#ifndef SHED_DSP_AUBIO_ONSET_H
#define SHED_DSP_AUBIO_ONSET_H

#include "engine/base/alloc.h"

typedef struct shed_aubio_onset shed_aubio_onset;

/// @param window of the transform. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_aubio_onset_new(shed_aubio_onset **out, const shed_alloc *alloc, int window);
void                       shed_aubio_onset_free(shed_aubio_onset *o);
/// @param magnitude window / 2 + 1 values of one frame; frames in order. Real-time: yes.
SHED_RT void shed_aubio_onset_run(shed_aubio_onset *o, const float *magnitude, float *mkl, float *hfc);

#endif
