// What cands.c and cands_rt.c share.
#ifndef SHED_DSP_CANDS_INTERNAL_H
#define SHED_DSP_CANDS_INTERNAL_H

#include "engine/dsp/cands.h"
#include "engine/dsp/comb.h"
#include "engine/dsp/hush.h"
#include "engine/dsp/nsdf.h"

enum { CANDS_REGISTERS = 3, CANDS_RATE_HZ = 44100, CANDS_COMB_WINDOW = 3176 };

// One NSDF register.
typedef struct {
  int   octave; // of the front end it looks at
  int   window; // samples there
  int   max_lag;
  float top_hz;  // candidates up to here
  float best_hz; // the shortest window that suits pitches from here on
} cands_register;

static const cands_register CANDS_REGISTER[CANDS_REGISTERS] = {
    {2, 794, 424, 260.0f, 0.0f},   // 72 ms: 26 Hz up
    {1, 794, 340, 900.0f, 90.0f},  // 36 ms: 65 Hz up
    {0, 706, 250, 4700.0f, 250.0f} // 16 ms: 176 Hz up
};

struct shed_cands {
  // immutable after shed_cands_new()
  const shed_alloc *alloc;
  shed_nsdf        *nsdf[CANDS_REGISTERS];
  shed_comb        *comb;

  // analysis thread only
  shed_hush hush;
};

// NSDF at the period of f_hz in the shortest window that suits it.
float cands_suited_nsdf(const shed_cands *c, float f_hz);
// Fills cand and frame of a set whose f_hz are chosen. best_nsdf: of each register.
void cands_features(const shed_cands *c, const shed_level_frame *level,
                    const float best_nsdf[CANDS_REGISTERS], shed_cand_set *s);

#endif
