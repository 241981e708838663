// What comb.c and comb_rt.c share.
#ifndef SHED_DSP_COMB_INTERNAL_H
#define SHED_DSP_COMB_INTERNAL_H

#include "engine/dsp/comb.h"
#include "engine/dsp/fft.h"

enum {
  COMB_FFT     = 4096,
  COMB_PLACES  = SHED_COMB_PLACES,
  COMB_PITCHES = 724 // 26 Hz to 4.84 kHz
};
static const double COMB_LOW_HZ = 26.0;

// Where a place of the axis looks in the spectrum.
typedef struct {
  int   bin;   // first
  int   n;     // bins to take the highest of; 0: between bin and bin + 1
  float share; // of bin + 1, where n is 0
} comb_place;

struct shed_comb {
  // immutable after shed_comb_new()
  const shed_alloc *alloc;
  shed_fft         *fft;
  int               window;
  float            *taper;
  comb_place        places[COMB_PLACES];
  // distance in places and weight of the comb's teeth and valleys; valleys are k - 1/2, k = 1..PARTIALS + 1
  int   tooth[SHED_COMB_PARTIALS];
  int   valley[SHED_COMB_PARTIALS + 1];
  float weight[SHED_COMB_PARTIALS];
  float half[SHED_COMB_BETWEEN]; // distances in places, not rounded
  float third[SHED_COMB_BETWEEN];
  float partial[SHED_COMB_PARTIALS];
  float norm[COMB_PITCHES]; // 1 / sqrt of the weights in reach

  // one thread
  float magnitude[COMB_PLACES];
  float pooled[COMB_PLACES]; // highest of three neighbours
  float q[SHED_COMB_KINDS][COMB_PLACES];
  float salience[SHED_COMB_KINDS][COMB_PITCHES];
  float best[SHED_COMB_KINDS];
  float running[COMB_PLACES + 1];
  float lines;
  float flatness;
};

#endif
