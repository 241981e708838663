// About this file: one step of the best path through silence, attacks and stable notes, and going back along it.
#include "engine/dsp/notes_internal.h"

#include <math.h>
#include <string.h>

// Costs in nats, found by search for the best onsets and notes of real singing (SSVD v2.0, training part: 26 takes) and of
// TimGM6mb's instruments together.
static const float STABLE_SD      = 0.54f; // semitones about a note's pitch: vibrato and unsteadiness
static const float ATTACK_SD      = 1.62f; // scoops and portamento
static const float PITCH_COST_MAX = 0.92f; // a frame that is plainly wrong
static const float ATTACK_COST    = 1.28f; // a frame: an attack does not last
static const float VOICED_COST    = 9.2f;  // to call a voiced frame silence, or the other way round
static const float FROM_SILENCE   = 1.85f;
static const float TO_SILENCE     = 2.2f;
static const float TO_OTHER       = 13.9f;  // a new pitch without a gap
static const float TO_SAME        = 10.6f;  // the same pitch anew without a gap
static const float REWARD_MAX     = 4.0f;   // of a boundary at a plain rise
static const float ONSET_GAIN     = 45.4f;  // what a clear rise takes off
static const float FLUX_LEAST     = 0.074f; // flux under this says nothing
static const float RISE_LEAST_DB  = 2.6f;
static const float RISE_CLEAR_DB  = 7.4f;
enum { OTHER_APART = 2 }; // places: two thirds of a semitone are another pitch

static float
clamp01(float x)
{
  return fminf(fmaxf(x, 0.0f), 1.0f);
}

// 0..1: how plainly the sound rises here.
static float
rise_of(const shed_notes_in *in)
{
  float flux = clamp01((in->flux - FLUX_LEAST) / (1.0f - FLUX_LEAST));
  float rise = clamp01((in->rise_db - RISE_LEAST_DB) / (RISE_CLEAR_DB - RISE_LEAST_DB));
  return fmaxf(flux, rise);
}

static void
price_pitches(notes_path *p, const shed_notes_in *in)
{
  float midi  = in->f0_hz > 0.0f ? 69.0f + 12.0f * log2f(in->f0_hz / 440.0f) : 0.0f;
  float trust = 0.2f + 0.8f * in->confidence;
  for (int i = 0; i < NOTES_PITCHES; i++) {
    float d             = midi - notes_midi_of(i);
    float a             = 0.5f * d * d / (ATTACK_SD * ATTACK_SD);
    float s             = 0.5f * d * d / (STABLE_SD * STABLE_SD);
    p->pitch_cost[0][i] = trust * fminf(a, PITCH_COST_MAX) + ATTACK_COST;
    p->pitch_cost[1][i] = trust * fminf(s, PITCH_COST_MAX);
  }
}

// For each pitch, the cheapest stable pitch that is another: best from below and from above.
static void
cheapest_others(const float *stable, uint16_t *from)
{
  int best = -1;
  for (int i = 0; i < NOTES_PITCHES; i++) {
    int j = i - OTHER_APART;
    if (j >= 0 && (best < 0 || stable[j] < stable[best])) {
      best = j;
    }
    from[i] = (uint16_t)(best < 0 ? 0xffff : best);
  }
  best = -1;
  for (int i = NOTES_PITCHES - 1; i >= 0; i--) {
    int j = i + OTHER_APART;
    if (j < NOTES_PITCHES && (best < 0 || stable[j] < stable[best])) {
      best = j;
    }
    if (best >= 0 && (from[i] == 0xffff || stable[best] < stable[from[i]])) {
      from[i] = (uint16_t)best;
    }
  }
}

static void
offer(float *cost, uint16_t *from, float new_cost, int new_from)
{
  if (new_cost < *cost) {
    *cost = new_cost;
    *from = (uint16_t)new_from;
  }
}

static void
step_silence(notes_path *p, uint16_t *before)
{
  p->next[NOTES_SILENCE] = p->cost[NOTES_SILENCE];
  before[NOTES_SILENCE]  = NOTES_SILENCE;
  for (int i = 0; i < NOTES_PITCHES; i++) {
    offer(&p->next[NOTES_SILENCE], &before[NOTES_SILENCE], p->cost[NOTES_STABLE + i] + TO_SILENCE,
          NOTES_STABLE + i);
  }
}

static void
step_pitches(notes_path *p, uint16_t *before, float rise)
{
  uint16_t other[NOTES_PITCHES];
  float    gain = ONSET_GAIN * rise;
  // a rise makes a note likely, not a stroke without pitch a note
  float from_silence = fmaxf(FROM_SILENCE - 0.5f * gain, 0.0f);
  float to_other     = fmaxf(TO_OTHER - gain, -REWARD_MAX);
  float to_same      = fmaxf(TO_SAME - gain, -REWARD_MAX);
  cheapest_others(p->cost + NOTES_STABLE, other);
  for (int i = 0; i < NOTES_PITCHES; i++) {
    int a = NOTES_ATTACK + i, s = NOTES_STABLE + i;
    p->next[a] = p->cost[a];
    before[a]  = (uint16_t)a;
    offer(&p->next[a], &before[a], p->cost[NOTES_SILENCE] + from_silence, NOTES_SILENCE);
    offer(&p->next[a], &before[a], p->cost[NOTES_STABLE + other[i]] + to_other, NOTES_STABLE + other[i]);
    offer(&p->next[a], &before[a], p->cost[s] + to_same, s);
    p->next[s] = p->cost[s];
    before[s]  = (uint16_t)s;
    offer(&p->next[s], &before[s], p->cost[a], a);
  }
}

void
notes_path_step(notes_path *p, const shed_notes_in *in, int64_t frame)
{
  uint16_t *before = p->before[frame % NOTES_RING];
  float     voiced = in->voiced ? 0.0f : VOICED_COST;
  float     silent = in->voiced ? VOICED_COST * (0.5f + 0.5f * in->confidence) : 0.0f;
  if (frame == 0) {
    for (int i = 1; i < NOTES_STATES; i++) {
      p->cost[i] = FROM_SILENCE;
    }
  }
  price_pitches(p, in);
  step_silence(p, before);
  step_pitches(p, before, rise_of(in));
  p->next[NOTES_SILENCE] += silent;
  float least = p->next[NOTES_SILENCE];
  for (int i = 0; i < NOTES_PITCHES; i++) {
    p->next[NOTES_ATTACK + i] += voiced + p->pitch_cost[0][i];
    p->next[NOTES_STABLE + i] += voiced + p->pitch_cost[1][i];
    least = fminf(least, fminf(p->next[NOTES_ATTACK + i], p->next[NOTES_STABLE + i]));
  }
  for (int i = 0; i < NOTES_STATES; i++) {
    p->cost[i] = p->next[i] - least; // costs never grow
  }
}

void
notes_path_trace(const notes_path *p, int64_t frame, int *states, int n)
{
  int best = 0;
  for (int i = 1; i < NOTES_STATES; i++) {
    best = p->cost[i] < p->cost[best] ? i : best;
  }
  for (int k = 0; k < n; k++) {
    states[k] = best;
    best      = frame - k > 0 ? p->before[(frame - k) % NOTES_RING][best] : NOTES_SILENCE;
  }
}
