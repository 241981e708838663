// About this file: one step of the best path through silence, attacks and stable notes, and going back along it.
#include "engine/dsp/notes_internal.h"

#include <math.h>
#include <string.h>

enum { OTHER_APART = 2 }; // places: two thirds of a semitone are another pitch
static const float SHARE_LEAST = 1e-4f;

static float
clamp01(float x)
{
  return fminf(fmaxf(x, 0.0f), 1.0f);
}

// 0..1: how plainly the sound rises here, by our own flux or level, with what aubio's functions add.
static float
rise_of(const notes_costs *c, const shed_notes_in *in)
{
  float flux  = clamp01((in->flux - c->flux_least) / (1.0f - c->flux_least));
  float rise  = clamp01((in->rise_db - c->rise_least_db) / (c->rise_clear_db - c->rise_least_db));
  float aubio = c->mkl_share * clamp01((in->mkl - 1.0f) / c->mkl_clear) +
                c->hfc_share * clamp01((in->hfc - 1.0f) / c->hfc_clear);
  return clamp01(fmaxf(flux, rise) + aubio);
}

static float
midi_of(float f0_hz)
{
  return f0_hz > 0.0f ? 69.0f + 12.0f * log2f(f0_hz / 440.0f) : 0.0f;
}

// Places about a pitch, where it costs less than the most.
static void
price_near(float *price, float midi, float extra, float sd, float most)
{
  float reach = sd * sqrtf(2.0f * fmaxf(most - extra, 0.0f)) * (float)NOTES_PER_SEMITONE;
  float place = (midi - (float)NOTES_LOW_MIDI) * (float)NOTES_PER_SEMITONE;
  int   first = (int)ceilf(fmaxf(place - reach, 0.0f));
  int   last  = (int)floorf(fminf(place + reach, (float)(NOTES_PITCHES - 1)));
  for (int i = first; i <= last; i++) {
    float d  = midi - notes_midi_of(i);
    price[i] = fminf(price[i], extra + 0.5f * d * d / (sd * sd));
  }
}

// By the pitch that the frame was given, and by the others that it could have: in a room the tail of the old note has the
// word for some frames longer.
static void
price_pitches(const notes_costs *c, notes_path *p, const shed_notes_in *in)
{
  float most = c->pitch_cost_max, trust = 0.2f + 0.8f * in->confidence;
  for (int i = 0; i < NOTES_PITCHES; i++) {
    p->pitch_cost[0][i] = p->pitch_cost[1][i] = most;
  }
  price_near(p->pitch_cost[0], midi_of(in->f0_hz), 0.0f, c->attack_sd, most);
  price_near(p->pitch_cost[1], midi_of(in->f0_hz), 0.0f, c->stable_sd, most);
  for (int i = 0; i < SHED_NOTES_CANDS && in->cand[i].f0_hz > 0.0f; i++) {
    float extra = -c->cand_cost * logf(fminf(fmaxf(in->cand[i].share, SHARE_LEAST), 1.0f));
    if (extra < most) {
      price_near(p->pitch_cost[0], midi_of(in->cand[i].f0_hz), extra, c->attack_sd, most);
      price_near(p->pitch_cost[1], midi_of(in->cand[i].f0_hz), extra, c->stable_sd, most);
    }
  }
  for (int i = 0; i < NOTES_PITCHES; i++) {
    p->pitch_cost[0][i] = trust * p->pitch_cost[0][i] + c->attack_cost;
    p->pitch_cost[1][i] *= trust;
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
step_silence(const notes_costs *c, notes_path *p, uint16_t *before)
{
  p->next[NOTES_SILENCE] = p->cost[NOTES_SILENCE];
  before[NOTES_SILENCE]  = NOTES_SILENCE;
  for (int i = 0; i < NOTES_PITCHES; i++) {
    offer(&p->next[NOTES_SILENCE], &before[NOTES_SILENCE], p->cost[NOTES_STABLE + i] + c->to_silence,
          NOTES_STABLE + i);
  }
}

static void
step_pitches(const notes_costs *c, notes_path *p, uint16_t *before, float rise, float doubt)
{
  uint16_t other[NOTES_PITCHES];
  float    gain = c->onset_gain * rise;
  // a rise makes a note likely, not a stroke without pitch a note
  float from_silence = fmaxf(c->from_silence - 0.5f * gain, 0.0f);
  float to_other     = fmaxf(c->to_other - gain - c->doubt_gain * doubt, -c->reward_max);
  float to_same      = fmaxf(c->to_same - gain, -c->reward_max);
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

// Does the way from one state to another begin a note or a silence?
static bool
is_boundary(int from, int to)
{
  return from != to && to < NOTES_STABLE;
}

static void
step_first(notes_path *p, const uint16_t *before, int64_t frame)
{
  for (int i = 0; i < NOTES_STATES; i++) {
    int from         = before[i];
    p->next_first[i] = p->first[from] != NOTES_NONE ? p->first[from]
                       : is_boundary(from, i)       ? 2 * frame + (i != NOTES_SILENCE)
                                                    : NOTES_NONE;
  }
}

void
notes_path_step(const notes_costs *c, notes_path *p, const shed_notes_in *in, float doubt, int64_t frame)
{
  uint16_t *before = p->before[frame % NOTES_RING];
  float     voiced = in->voiced ? 0.0f : c->voiced_cost;
  float     silent = in->voiced ? c->voiced_cost * (0.5f + 0.5f * in->confidence) : 0.0f;
  if (frame == 0) {
    // nothing was before: only silence has no price, and only from there notes come
    for (int i = 0; i < NOTES_STATES; i++) {
      p->cost[i]  = i == NOTES_SILENCE ? 0.0f : NOTES_FAR;
      p->first[i] = NOTES_NONE;
    }
  }
  price_pitches(c, p, in);
  step_silence(c, p, before);
  step_pitches(c, p, before, rise_of(c, in), doubt);
  step_first(p, before, frame);
  p->next[NOTES_SILENCE] += silent;
  float least = p->next[NOTES_SILENCE];
  for (int i = 0; i < NOTES_PITCHES; i++) {
    p->next[NOTES_ATTACK + i] += voiced + p->pitch_cost[0][i];
    p->next[NOTES_STABLE + i] += voiced + p->pitch_cost[1][i];
    least = fminf(least, fminf(p->next[NOTES_ATTACK + i], p->next[NOTES_STABLE + i]));
  }
  for (int i = 0; i < NOTES_STATES; i++) {
    p->cost[i]  = fminf(p->next[i] - least, NOTES_FAR); // costs never grow
    p->first[i] = p->next_first[i];
  }
}

int
notes_path_best(const notes_path *p)
{
  int best = 0;
  for (int i = 1; i < NOTES_STATES; i++) {
    best = p->cost[i] < p->cost[best] ? i : best;
  }
  return best;
}

void
notes_path_trace(const notes_path *p, int64_t frame, int *states, int n)
{
  int at = notes_path_best(p);
  for (int k = 0; k < n; k++) {
    states[k] = at;
    at        = frame - k >= 0 ? p->before[(frame - k) % NOTES_RING][at] : NOTES_SILENCE;
  }
}
