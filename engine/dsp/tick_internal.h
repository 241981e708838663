// What the parts share: tick.c (making), tick_find_rt.c (is it heard, and how late), tick_learn_rt.c (its waveforms),
// tick_rt.c (the stream).
#ifndef SHED_DSP_TICK_INTERNAL_H
#define SHED_DSP_TICK_INTERNAL_H

#include "engine/dsp/fft.h"
#include "engine/dsp/tick.h"

enum {
  TICK_SEG    = 8192, // samples of a click's waveform with its room: 186 ms, less where clicks are faster
  TICK_BINS   = TICK_SEG / 2 + 1,
  TICK_PRE    = 132,                                         // samples of it before the rise: 3 ms
  TICK_BEFORE = 882,                                         // samples of a span before the click's own time
  TICK_SPAN   = TICK_BEFORE + SHED_TICK_LATE_MAX + TICK_SEG, // a click with all its possible delays
  TICK_RING   = 32768,                                       // raw samples kept
  TICK_SPANS  = 6,                                           // past clicks kept
  TICK_KINDS  = 3,
  TICK_BANDS  = 24,
  TICK_PEAKS  = 8,
  TICK_PAST   = 32 // clicks whose kind and verdict are remembered
};

// One waveform.
typedef struct {
  float bins[2 * TICK_BINS];  // its mean spectrum
  float match[2 * TICK_BINS]; // of its first 60 ms, as it is subtracted: others are compared with it
  float weight[TICK_BANDS];   // 1 over the energy that its error has there
  float gain[TICK_BANDS];     // 0..1: what of a band is click
  float energy;               // of match, whitened
  float power;                // of its first 20 ms, per sample
  bool  dies;                 // it does not sound on like a note
  bool  again;                // heard more than once
} tick_kind;

// A rise in a span.
typedef struct {
  int   at; // sample of the span
  float rise_db;
  bool  quiet; // nothing sounded before it
} tick_peak;

typedef struct {
  bool      full;
  int64_t   click;
  int64_t   start; // sample of x[0]
  float     x[TICK_SPAN];
  tick_peak peak[TICK_PEAKS];
  int       n_peaks;
} tick_span;

typedef struct {
  bool              known; // of that click
  int64_t           click;
  int               kind; // -1 not known
  bool              judged;
  shed_tick_verdict verdict;
  float             left; // energy after subtraction over that before; under 0: somebody plays
} tick_past;

struct shed_tick {
  // immutable after shed_tick_new()
  const shed_alloc *alloc;
  shed_tick_opts    opts;
  int               span_length;
  shed_fft         *fft;
  int               band_of[TICK_BINS];
  float             whiten[TICK_BINS]; // power that a bin weighs with
  float             taper[TICK_SEG];
  float             taper_short[TICK_SEG]; // its first 60 ms
  float             taper_power;           // energy in the bins of a sample's power
  int64_t           first_click;           // the first that is due in the sound

  // analysis thread only
  float     raw[TICK_RING];
  float     clean[TICK_RING];
  int64_t   count;
  tick_span span[TICK_SPANS];
  int64_t   next_span; // click whose span is waited for
  int       spans_done;

  bool      locked;    // the delay is known
  bool      confirmed; // and sure enough to subtract
  double    delay;     // samples from a click's own time to its rise
  double    drift;     // samples a click
  int64_t   delay_of;  // the click that the delay was told by
  int       followed;  // clicks that told the delay
  int64_t   locked_at; // the click that it was first known by
  tick_kind kind[TICK_KINDS], trial;
  int       kinds;
  float     heard, heard_weight; // sums of the clicks' gains since: a wrong delay finds none
  int       heard_n;
  float     left;

  int64_t   next_play, next_judge; // clicks
  int64_t   play_at;               // sample where the waveform begins
  float     play[TICK_SEG];
  float     seg[2][2 * TICK_BINS]; // spectra of clicks that are learned from
  tick_past past[TICK_PAST];
};

// The time of a click's rise.
static inline double
tick_arrival(const struct shed_tick *t, int64_t click)
{
  return t->opts.first + (double)click * t->opts.period + t->delay + t->drift * (double)(click - t->delay_of);
}

// tick_find_rt.c
void tick_find_peaks(const struct shed_tick *t, tick_span *s);
// Two spans with the same waveform at the same place: *at of the later one, *lag of the earlier one's place after it.
bool tick_find_pair(const struct shed_tick *t, const tick_span *a, const tick_span *b, int *at, double *lag,
                    bool *quiet);

// tick_learn_rt.c
// Spectrum of the waveform that rises at sample `rise` (a fraction included) of x.
void tick_spectrum(struct shed_tick *t, const float *taper, const float *x, double rise, float *bins);
// Start a kind from two spectra, or from one of a click that sounded alone (b is a).
void tick_kind_start(struct shed_tick *t, tick_kind *k, const float *a, const float *b);
// alone: nothing else sounded.
void tick_kind_add(struct shed_tick *t, tick_kind *k, const float *bins, bool alone);
typedef struct {
  double lag;       // samples that it is late
  float  gain;      // of it in the sound
  float  explained; // correlation, whitened
} tick_match;
// noise: energy of steady sound in it, which explains nothing.
tick_match tick_compare(struct shed_tick *t, const tick_kind *k, const float *bins, int reach, float noise);
// Its samples, the rise `fraction` of a sample behind TICK_PRE.
void tick_waveform(struct shed_tick *t, const tick_kind *k, double fraction, float *x);

#endif
