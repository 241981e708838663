// About this file: how fast. Each onset swings the resonators; the scores of the speeds follow.
#include "engine/dsp/pi.h"
#include "engine/dsp/tempo_internal.h"

#include <math.h>

enum {
  ONSETS_MIN = 5,
  TRIPLE     = 89,
  NEAR       = 4
}; // bins from a speed to three times as fast; bins that a tempo is refined in
static const double SPAN_MIN_S   = 2.0;
static const double RATE_S       = 6.0; // memory of how many onsets come
static const double TOO_LATE_S   = 0.3;
static const double LONGEST_S    = 1.5; // an onset waits no longer for the next
static const float  TRIPLE_SHARE = 0.9f;
static const float  WEAK         = 0.6f; // weight of the weakest onset
// P(right) from how far the best reading stands above the next and how much of the time it was the best: a logistic fit on
// the onsets of tunes and of chance.
static const float SURE_BASE = -2.4f, SURE_AHEAD = 3.0f, SURE_KEPT = 3.0f;
static const float CONFIDENCE_MIN = 0.2f; // under it there is no steady beat

static float
regular(const shed_tempo *t, int bin)
{
  return bin >= 0 && bin < TEMPO_BINS ? t->strength[bin] : 0.0f;
}

static float
around(const shed_tempo *t, int bin)
{
  return fmaxf(regular(t, bin), fmaxf(regular(t, bin - 1), regular(t, bin + 1)));
}

static void
swing(shed_tempo *t, double time_s, float weight)
{
  double past = t->n > 0 ? fmax(time_s - t->at_s, 0.0) : 0.0;
  for (int k = 0; k < TEMPO_BINS; k++) {
    float  keep    = expf((float)-past / t->memory_s[k]);
    double turns   = t->hz[k] * time_s;
    double phase   = 2.0 * SHED_PI * (turns - floor(turns));
    t->re[k]       = t->re[k] * keep + weight * (float)cos(phase);
    t->im[k]       = t->im[k] * keep + weight * (float)sin(phase);
    t->weight[k]   = t->weight[k] * keep + weight;
    t->strength[k] = sqrtf(t->re[k] * t->re[k] + t->im[k] * t->im[k]) / (t->weight[k] + 1e-9f);
  }
  t->rate_sum = t->rate_sum * expf((float)(-past / RATE_S)) + 1.0f;
  t->at_s     = fmax(time_s, t->at_s);
  t->first_s  = t->n > 0 ? t->first_s : time_s;
  t->n++;
}

static float
score_of(const shed_tempo *t, int bin, float rate_hz)
{
  const tempo_costs *c     = &t->costs;
  float              twice = fmaxf(around(t, bin + TEMPO_PER_OCTAVE), TRIPLE_SHARE * around(t, bin + TRIPLE));
  float              half  = fmaxf(around(t, bin - TEMPO_PER_OCTAVE), TRIPLE_SHARE * around(t, bin - TRIPLE));
  float              full  = fminf(rate_hz / (float)t->hz[bin], 1.0f);
  return t->prior[bin] * powf(full, c->empty) * (t->strength[bin] + c->twice * twice + c->half * half);
}

static bool
is_peak(const float *by, int bin)
{
  return by[bin] >= by[bin - 1] && by[bin] >= by[bin + 1];
}

static int
best_of(const float *by)
{
  int best = TEMPO_FIRST;
  for (int k = TEMPO_FIRST; k <= TEMPO_LAST; k++) {
    best = by[k] > by[best] ? k : best;
  }
  return best;
}

// The best reading that is at least a fifth away; 0 none.
static int
other_of(const float *by, int best)
{
  int other = 0;
  for (int k = TEMPO_FIRST + 1; k < TEMPO_LAST; k++) {
    int apart = k > best ? k - best : best - k;
    if (apart > TEMPO_PER_OCTAVE / 3 && is_peak(by, k) && (other == 0 || by[k] > by[other])) {
      other = k;
    }
  }
  return other;
}

double
tempo_of_bin(const shed_tempo *t, int bin, const float *by)
{
  double a = (double)by[bin - 1], b = (double)by[bin], c = (double)by[bin + 1];
  double bend = a - 2.0 * b + c;
  double part = bend < 0.0 ? 0.5 * (a - c) / bend : 0.0;
  return 60.0 * t->hz[bin] * exp2(fmax(-0.5, fmin(0.5, part)) / TEMPO_PER_OCTAVE);
}

// How much of the time it was the best reading.
static float
kept(const shed_tempo *t, int bin)
{
  int sum = 0;
  for (int k = bin - NEAR; k <= bin + NEAR; k++) {
    sum += k >= 0 && k < TEMPO_BINS ? t->votes[k] : 0;
  }
  return t->updates > 0 ? (float)sum / (float)t->updates : 0.0f;
}

static shed_tempo_state
read_scores(const shed_tempo *t, const float *by)
{
  int   best  = best_of(by);
  int   other = other_of(by, best);
  float share = other ? by[other] / (by[other] + by[best]) : 0.0f;
  float z     = SURE_BASE + SURE_AHEAD * (1.0f - 2.0f * share) + SURE_KEPT * kept(t, best);
  // the beat is as regular as its own neighbourhood says, not as the prior does
  int fine = best;
  for (int k = best - NEAR; k <= best + NEAR; k++) {
    fine = k > 0 && k < TEMPO_BINS - 1 && t->strength[k] > t->strength[fine] ? k : fine;
  }
  shed_tempo_state s = {.confidence = 1.0f / (1.0f + expf(-z))};
  if (s.confidence >= CONFIDENCE_MIN) {
    s.bpm         = (float)(by == t->total ? tempo_of_bin(t, best, by) : tempo_of_bin(t, fine, t->strength));
    s.other_bpm   = other ? (float)tempo_of_bin(t, other, by) : 0.0f;
    s.other_share = share;
  }
  return s;
}

static void
weigh_speeds(shed_tempo *t)
{
  double span = t->at_s - t->first_s;
  if (t->n < ONSETS_MIN || span < SPAN_MIN_S) {
    return;
  }
  float rate  = t->rate_sum / (float)(RATE_S * (1.0 - exp(-span / RATE_S)));
  bool  first = t->score[TEMPO_FIRST] == 0.0f;
  for (int k = TEMPO_FIRST; k <= TEMPO_LAST; k++) {
    float s = score_of(t, k, rate);
    t->score[k] += (first ? 1.0f : t->costs.smooth) * (s - t->score[k]);
    t->total[k] += s;
  }
  int best = best_of(t->score);
  t->votes[best]++;
  t->updates++;
  t->now = read_scores(t, t->score);
}

static void
take_waiting(shed_tempo *t, double next_s)
{
  float gap    = (float)fmin(next_s - t->wait_s, LONGEST_S);
  float accent = 1.0f - expf(-gap / t->costs.accent_s);
  float weight = accent * (WEAK + (1.0f - WEAK) * fminf(t->wait_strength, 1.0f));
  t->waiting   = false;
  swing(t, t->wait_s, weight);
  tempo_beats_onset(t, t->wait_s, weight);
  weigh_speeds(t);
}

void
shed_tempo_onset(shed_tempo *t, double time_s, float strength)
{
  if (t->n > 0 && time_s < t->at_s - TOO_LATE_S) {
    return;
  }
  if (t->waiting) {
    // two that come in the wrong order are turned round
    double later     = fmax(time_s, t->wait_s);
    float  s         = later > t->wait_s ? strength : t->wait_strength;
    t->wait_strength = later > t->wait_s ? t->wait_strength : strength;
    t->wait_s        = fmin(time_s, t->wait_s);
    take_waiting(t, later);
    time_s   = later;
    strength = s;
  }
  t->waiting       = true;
  t->wait_s        = time_s;
  t->wait_strength = strength;
}

void
shed_tempo_advance(shed_tempo *t, double time_s)
{
  if (t->waiting && time_s > t->wait_s + LONGEST_S) {
    take_waiting(t, time_s);
  }
  // an onset that waits is not on the path yet
  double known_s = t->waiting ? fmin(time_s, t->wait_s) : time_s;
  tempo_beats_advance(t, (int64_t)floor((known_s - 0.05) * 100.0), false);
}

void
shed_tempo_finish(shed_tempo *t)
{
  if (t->waiting) {
    take_waiting(t, t->wait_s + LONGEST_S);
  }
  tempo_beats_advance(t, (int64_t)floor((t->last_onset_s + 0.1) * 100.0), true);
}

int
shed_tempo_poll(shed_tempo *t, shed_tempo_beat *out)
{
  if (t->queue_n == 0) {
    return 0;
  }
  *out           = t->queue[t->queue_first];
  t->queue_first = (t->queue_first + 1) % TEMPO_QUEUE;
  t->queue_n--;
  return 1;
}

shed_tempo_state
shed_tempo_now(const shed_tempo *t)
{
  return t->now;
}

shed_tempo_state
shed_tempo_whole(const shed_tempo *t)
{
  if (t->n < ONSETS_MIN || t->now.confidence == 0.0f) {
    return t->now;
  }
  shed_tempo_state s = read_scores(t, t->total);
  // the beats themselves tell it more finely
  double mean = t->spacings > 0 ? 60.0 * t->spacings / t->spacing_sum : 0.0;
  if (s.bpm > 0.0f && fabs(mean / (double)s.bpm - 1.0) < 0.06) {
    s.bpm = (float)mean;
  }
  return s;
}
