// What the files of the echo share.
#ifndef SHED_DSP_ECHO_INTERNAL_H
#define SHED_DSP_ECHO_INTERNAL_H

#include "engine/dsp/echo.h"
#include "engine/dsp/fft.h"

enum {
  ECHO_FFT    = 2 * SHED_ECHO_BLOCK,
  ECHO_PARTS  = 25,    // of the filter, 10 ms each
  ECHO_STRIDE = 448,   // bins, rounded up
  ECHO_RING   = 32768, // samples: the latest delay and a window
  // the search, at a quarter of the rate
  ECHO_DOWN      = 4,
  ECHO_FIND_FFT  = 16384,
  ECHO_FIND_BINS = ECHO_FIND_FFT / 2 + 1,
  ECHO_FIND_STEP = 1024
};

// Both sounds at a quarter of the rate, and what they have in common.
typedef struct {
  shed_fft *fft;
  float     taper[ECHO_FIND_FFT];
  float     mic[ECHO_FIND_FFT], given[ECHO_FIND_FFT]; // rings
  int64_t   n;                                        // samples so far
  float     sum_mic, sum_given;                       // of the sample that is being made
  int       sum_n;
  float     given_bins[2 * ECHO_FIND_BINS];
  float     cross[2 * ECHO_FIND_BINS], power_mic[ECHO_FIND_BINS], power_given[ECHO_FIND_BINS];
  int       lag_most;
  int       lag;   // likeliest at the last look
  int       again; // looks in a row that found it
} echo_find;

typedef struct {
  float re[ECHO_STRIDE], im[ECHO_STRIDE];
} echo_spectrum;

struct shed_echo {
  // immutable after shed_echo_new()
  const shed_alloc *alloc;
  shed_fft         *fft;

  // analysis thread only
  echo_find find;
  bool      found;
  int       delay;                // samples
  float     ratio;                // of powers, at most
  int64_t   n;                    // samples so far
  float     given[ECHO_RING];     // whitened; sample n stands at n % ECHO_RING
  float     last_given, last_mic; // the samples before, for the whitening
  float     taken;                // and what was taken from the last one

  echo_spectrum x[ECHO_PARTS]; // of the given sound; a ring, newest at `newest`
  int           newest;
  echo_spectrum w[ECHO_PARTS];                  // the filter
  float         doubt[ECHO_PARTS][ECHO_STRIDE]; // variance of each of its values
  float         other[ECHO_STRIDE];             // power of what is not the accompaniment
  float         leak[ECHO_STRIDE], left[ECHO_STRIDE];
  double        power_in, power_out;   // of all blocks
  float         recent_in, recent_out; // of the last second
};

// echo_find_rt.c
// A block of both. @return true when the delay is known: *delay in samples, *ratio of powers.
bool echo_find_run(echo_find *f, const float *mic, const float *given, int *delay, float *ratio);

// echo_rt.c
// Begin to take out. Also at the start, where the delay is told.
void echo_begin(shed_echo *e, int delay, float ratio);

#endif
