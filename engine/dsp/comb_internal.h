// What comb.c and comb_rt.c share.
#ifndef SHED_DSP_COMB_INTERNAL_H
#define SHED_DSP_COMB_INTERNAL_H

#include "engine/dsp/comb.h"
#include "engine/dsp/fft.h"
#include "engine/dsp/lanes.h"

enum {
  COMB_FFT     = 4096,
  COMB_PLACES  = SHED_COMB_PLACES,
  COMB_PITCHES = 724, // 26 Hz to 4.84 kHz
  // Arrays over the axis have zeros on both sides, so that a comb may reach over its ends: down half a harmonic, an
  // octave, up 16 harmonics from the highest pitch. Lengths in whole blocks of what is worked on at a time.
  COMB_BLOCK = 16,
  COMB_LOW   = 96, // places before the first
  COMB_SPAN  = (COMB_PITCHES + COMB_BLOCK - 1) / COMB_BLOCK * COMB_BLOCK,
  COMB_AXIS  = COMB_LOW + COMB_SPAN + 4 * SHED_COMB_PER_OCTAVE + 8,
  COMB_TEETH = 2 * SHED_COMB_PARTIALS + 1, // and valleys
  COMB_WHITE = SHED_COMB_PER_OCTAVE / 2    // whitening looks half an octave to each side
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
  // the comb: distance in places, four times the weight; valleys, k - 1/2 with k = 1..PARTIALS + 1, have weights under 0
  struct {
    int   distance;
    float weight[4];
  } tooth[COMB_TEETH];
  float half[SHED_COMB_BETWEEN]; // distances in places, not rounded
  float third[SHED_COMB_BETWEEN];
  float partial[SHED_COMB_PARTIALS];
  float norm[COMB_SPAN];    // 1 / sqrt of the weights in reach
  float share[COMB_PLACES]; // 1 over the places that whitening looks at

  // one thread
  float magnitude[COMB_AXIS];
  float pooled[COMB_PLACES + SHED_LANES]; // highest of three neighbours
  float q[SHED_COMB_KINDS][COMB_AXIS];
  float salience[SHED_COMB_KINDS][COMB_SPAN];
  float best[SHED_COMB_KINDS];
  float running[COMB_WHITE + COMB_PLACES + 1 + COMB_WHITE]; // sums of magnitudes before each place
  float lines;
  float flatness;
};

#endif
