// What resample.c, resample_table.c and resample_rt.c share.
#ifndef SHED_DSP_RESAMPLE_INTERNAL_H
#define SHED_DSP_RESAMPLE_INTERNAL_H

#include "engine/dsp/resample.h"

#include <samplerate.h>
#include <stdbool.h>
#include <stdint.h>

// libsamplerate's medium sinc, as far as it must be known to do the same sums: its filter is one side of a sinc, RESAMPLE_STEP values a
// sample; places on it are whole numbers of 1 / RESAMPLE_ONE. Where its window of the input begins shows in the rounding of the end.
enum {
  RESAMPLE_FILTER = 22436, // values; two more stand behind them
  RESAMPLE_STEP   = 491,
  RESAMPLE_BITS   = 12,
  RESAMPLE_ONE    = 1 << RESAMPLE_BITS,
  RESAMPLE_WINDOW = 35101,
  RESAMPLE_BEHIND = 5,   // silence behind the end, beside half a filter
  RESAMPLE_TAPS   = 208, // of a side, at most: 192 kHz
  RESAMPLE_CYCLE  = 441, // outputs until the filter falls on the same places again, at most
  RESAMPLE_INPUT  = 1024 // samples kept
};

// The weights of one output, the farthest samples first: of those up to the output's place, and of those behind it, in pairs.
typedef struct {
  int           start; // place of the filter; -1: none yet
  const double *pairs;
} resample_phase;

// What two rates need. Made once a process, and shared.
typedef struct {
  const float   *filter;
  int            rate_in_hz, rate_out_hz;
  double         ratio, step, scale; // step: on the filter, a sample
  int            increment;          // the same in places
  int            half;               // samples that must stand behind an output's
  int            taps;               // of a side
  int            cycle;
  resample_phase phase[RESAMPLE_CYCLE];
  bool           same; // bit for bit what libsamplerate does here
} resample_table;

struct shed_resample {
  // immutable after shed_resample_new()
  const shed_alloc     *alloc;
  SRC_STATE            *state; // NULL: equal rates, or the table
  const resample_table *table;
  double                ratio;

  // one thread
  float block[SHED_RESAMPLE_BLOCK];
  int   at, n; // of block: not yet taken
  int   ending;

  // with the table
  double input[RESAMPLE_INPUT];
  int    now, end; // of input: the sample at or before the next output; behind the newest
  int    window;   // libsamplerate's count of `now`; 0: nothing came yet
  int    real_end; // and of the end; -1: not yet
  double place;    // of the next output behind `now`, 0..1
  int    turn;     // of the cycle
};

// The table of two rates. @return NULL: there is none, and the library is asked for each sample.
const resample_table *resample_table_for(int rate_in_hz, int rate_out_hz);
// The weights at a place of the filter into 2 * table->taps doubles.
SHED_RT void resample_weights(const resample_table *t, int start, double *pairs);
// Begin with the table.
void resample_begin(shed_resample *r, const resample_table *t);

#endif
