// About this file: what is played: scales over a range, walks, sixteenths, trills, repeated and detached notes, from a seed.
#include "tests/corpus/ear_mix.h"

#include <math.h>

static const double SIXTEENTH_S  = 60.0 / 140 / 4;
static const double LEAD_S       = 0.25;
static const double TAIL_S       = 0.35;
static const double CRESCENDO_DB = 45;

double
corpus_ear_hz(double midi)
{
  return 440 * exp2((midi - 69) / 12);
}

double
corpus_ear_between(shed_rng *rng, double low, double high)
{
  return low + (high - low) * shed_rng_unit(rng);
}

double
corpus_ear_gain(double db)
{
  return pow(10, db / 20);
}

// How each style spends time: from onset to onset, how much of it sounds, and what comes next.
typedef struct {
  double beat_s, beat_most_s; // drawn once for a tune
  double sounds, sounds_most; // share of the step, each note
  bool   rhythm;              // steps of half, one and two beats
  int    leap;                // semitones at most to the next
} manner;

static const manner MANNERS[CORPUS_EAR_TUNES] = {
    [CORPUS_EAR_WALK]       = {0.26, 0.42, 0.80, 0.97, true, 7},
    [CORPUS_EAR_SPAN]       = {0.22, 0.30, 0.85, 0.98, false, 0},
    [CORPUS_EAR_LONG]       = {1.10, 1.60, 0.85, 0.95, false, 9},
    [CORPUS_EAR_SIXTEENTHS] = {0, 0, 0.88, 0.98, false, 5},
    [CORPUS_EAR_TRILL]      = {0.085, 0.115, 1, 1, false, 2},
    [CORPUS_EAR_STACCATO]   = {0.19, 0.26, 0.28, 0.40, false, 5},
    [CORPUS_EAR_REPEATED]   = {0.16, 0.30, 0.80, 0.95, false, 0},
    [CORPUS_EAR_SWEEP]      = {1.80, 2.20, 1, 1, false, 0},
    [CORPUS_EAR_CRESCENDO]  = {0.45, 0.60, 0.90, 0.98, false, 4},
};

// Along the range and back in as many steps as there is time for, on a seven-tone scale.
static double
span_midi(const corpus_ear_melody *m, double through, int key)
{
  static const int scale[7] = {0, 2, 4, 5, 7, 9, 11};
  double           place    = through < 0.5 ? 2 * through : 2 - 2 * through;
  double           midi     = m->low + (m->high - m->low) * place;
  int              whole    = (int)lrint(midi) - key;
  int              octave   = (whole + 1200) / 12 - 100;
  int              nearest  = scale[0];
  for (int i = 0; i < 7; i++) {
    if (scale[i] <= whole - 12 * octave) {
      nearest = scale[i];
    }
  }
  midi = key + 12 * octave + nearest;
  return fmin(fmax(midi, ceil(m->low)), floor(m->high));
}

static double
next_midi(const corpus_ear_melody *m, const manner *how, shed_rng *rng, double now, double home, int i)
{
  if (m->style == CORPUS_EAR_TRILL) { // two tones, and a new pair now and then
    return i % 16 == 0 ? corpus_ear_between(rng, m->low, m->high - 2)
           : i % 2     ? now + how->leap
                       : now - how->leap;
  }
  if (m->style == CORPUS_EAR_SWEEP) {
    return i % 2 ? m->high : m->low;
  }
  if (m->style == CORPUS_EAR_REPEATED) {
    return i % 5 ? now : rint(corpus_ear_between(rng, m->low, m->high));
  }
  double next = now + shed_rng_between(rng, -how->leap, how->leap);
  if (next == now) {
    next += shed_rng_below(rng, 2) ? 2 : -1;
  }
  return next < m->low || next > m->high || fabs(next - home) > 14
             ? rint(corpus_ear_between(rng, m->low, m->high))
             : next;
}

int
corpus_ear_compose(const corpus_ear_melody *m, shed_rng *rng, corpus_ear_event events[CORPUS_EAR_EVENTS_MAX])
{
  const manner *how  = &MANNERS[m->style];
  double        beat = how->beat_s > 0 ? corpus_ear_between(rng, how->beat_s, how->beat_most_s) : SIXTEENTH_S;
  double        at   = LEAD_S + 0.1 * shed_rng_unit(rng);
  double        home = rint(corpus_ear_between(rng, m->low, m->high));
  double        now  = home;
  double        end  = m->seconds - TAIL_S;
  int           key  = (int)shed_rng_below(rng, 12);
  int           n    = 0;
  while (at + beat * 0.9 < end && n < CORPUS_EAR_EVENTS_MAX) {
    double step = beat * (how->rhythm ? exp2(shed_rng_between(rng, -1, 1)) : 1);
    step        = fmin(step, end - at);
    if (m->style == CORPUS_EAR_SPAN) {
      now = span_midi(m, (at - LEAD_S) / (end - LEAD_S), key);
    } else {
      now = next_midi(m, how, rng, now, home, n);
    }
    corpus_ear_event *e = &events[n];
    *e                  = (corpus_ear_event){.at_s    = at,
                                             .long_s  = step * corpus_ear_between(rng, how->sounds, how->sounds_most),
                                             .midi    = now + m->detune_cents / 100 * shed_rng_normal(rng),
                                             .gain_db = corpus_ear_between(rng, -5, 0)};
    if (m->style == CORPUS_EAR_CRESCENDO) {
      e->gain_db = CRESCENDO_DB * ((at - LEAD_S) / (end - LEAD_S) - 1);
    }
    e->tied = n > 0 && shed_rng_unit(rng) < m->slurs && fabs(e->midi - events[n - 1].midi) > 0.5;
    if (e->tied) { // the one before reaches up to it
      events[n - 1].long_s = at - events[n - 1].at_s;
    }
    at += step;
    n++;
  }
  return n;
}
