// What tempo.c, tempo_rt.c (how fast) and tempo_beats_rt.c (where) share.
#ifndef SHED_DSP_TEMPO_INTERNAL_H
#define SHED_DSP_TEMPO_INTERNAL_H

#include "engine/dsp/tempo.h"

#include <stdint.h>

enum {
  TEMPO_PER_OCTAVE = 56,
  TEMPO_BINS       = 5 * TEMPO_PER_OCTAVE + 1, // from TEMPO_LOW_HZ on
  TEMPO_FIRST      = 40,                       // bins that may be the beat: 40 ...
  TEMPO_LAST       = 184,                      // ... to 240 a minute
  TEMPO_RING       = 2048,                     // frames of 10 ms
  TEMPO_QUEUE      = 64
};

// What decides; `accuracy_tempo fit` tries others.
typedef struct {
#define SHED_TEMPO_COST(name, value) float name;
#include "engine/dsp/tempo_costs.def"
} tempo_costs;

struct shed_tempo {
  // immutable after shed_tempo_new()
  const shed_alloc *alloc;
  tempo_costs       costs;
  double            hz[TEMPO_BINS];
  float             memory_s[TEMPO_BINS];
  float             prior[TEMPO_BINS];

  // analysis thread only
  float            re[TEMPO_BINS], im[TEMPO_BINS], weight[TEMPO_BINS];
  double           at_s;    // of the newest onset in the resonators
  double           first_s; // of the first
  int              n;       // onsets in them
  float            rate_sum;
  bool             waiting; // an onset waits for the next, which tells its weight
  double           wait_s;
  float            wait_strength;
  float            strength[TEMPO_BINS]; // 0..1: how regular, now
  float            score[TEMPO_BINS];    // smoothed, of the bins that may be the beat
  float            total[TEMPO_BINS];    // summed over everything
  int              votes[TEMPO_BINS];    // onsets after which it was the best
  int              updates;
  shed_tempo_state now;

  // the path of beats
  float   act[TEMPO_RING];
  float   best[TEMPO_RING];
  int16_t before[TEMPO_RING]; // frames back; 0 none
  int64_t frame;              // next on the path
  int64_t told;               // frame of the last beat told
  int64_t bumped;             // frames up to here may hold onsets
  double  last_onset_s;
  double  spacing_sum; // of told beats, and their number
  int     spacings;

  shed_tempo_beat queue[TEMPO_QUEUE];
  int             queue_first, queue_n;
};

// tempo.c: tables from the costs
void tempo_prepare(struct shed_tempo *t);
// tempo_rt.c
double tempo_of_bin(const struct shed_tempo *t, int bin, const float *by);
// tempo_beats_rt.c
void tempo_beats_onset(struct shed_tempo *t, double time_s, float weight);
void tempo_beats_advance(struct shed_tempo *t, int64_t to_frame, bool end);

#endif
