// About this file: walks a tune as a player does, note by note on a beat that wanders, and writes down what was done.
#include "tests/corpus/perform.h"

#include "engine/base/rng.h"

#include <math.h>
#include <string.h>

static const double USUAL_LENGTH = 0.92;
static const double CUT_SD       = 2.5;
static const double GAP_LEAST_S  = 0.030; // between two onsets
static const double TAIL_S       = 0.8;
static const double TEMPO_PULL   = 0.85; // of its distance from 0 a wandering tempo keeps, a quarter
static const int    VELOCITY     = 84;

static const struct {
  bool pitched, of_note;
} NEEDS[] = {
#define CORPUS_MISTAKE(id, name, second, amount, pitched, of_note) {pitched, of_note},
#include "tests/corpus/mistakes.def"
#undef CORPUS_MISTAKE
};

static const corpus_instrument INSTRUMENTS[] = {
#define CORPUS_INSTRUMENT(id, program, low, high, timbre, sustained, sung)                                   \
  {#id, program, low, high, CORPUS_##timbre, sustained, sung},
#include "tests/corpus/instruments.def"
#undef CORPUS_INSTRUMENT
};

typedef struct {
  corpus_performance *p;
  const corpus_human *human;
  shed_rng            rng;
  double              at_s;   // of the steady beat at the note in hand
  double              wander; // logarithm of tempo over bpm
  int                 attempt;
  bool                done[CORPUS_MISTAKES_MAX];
} player;

size_t
corpus_instrument_count(void)
{
  return SHED_COUNTOF(INSTRUMENTS);
}

const corpus_instrument *
corpus_instrument_at(size_t i)
{
  return i < SHED_COUNTOF(INSTRUMENTS) ? &INSTRUMENTS[i] : NULL;
}

const corpus_instrument *
corpus_instrument_find(const char *id)
{
  for (size_t i = 0; i < SHED_COUNTOF(INSTRUMENTS); i++) {
    if (strcmp(INSTRUMENTS[i].id, id) == 0) {
      return &INSTRUMENTS[i];
    }
  }
  return NULL;
}

corpus_human
corpus_human_usual(void)
{
  return (corpus_human){
      .timing_sd_ms = 18, .cents_sd = 8, .tempo_sd = 0.008, .velocity_sd = 8, .length = USUAL_LENGTH};
}

static double
chance(shed_rng *rng, double sd)
{
  double x = shed_rng_normal(rng);
  return sd * (x > CUT_SD ? CUT_SD : x < -CUT_SD ? -CUT_SD : x);
}

static double
quarters_at(const corpus_tune *t, size_t i)
{
  return shed_beat_quarters(i < t->n ? t->notes[i].onset : t->length);
}

static double
quarter_s(const player *w, int index)
{
  double through = w->p->tune.n > 1 ? (double)index / (double)(w->p->tune.n - 1) : 0;
  return 60 / (w->p->bpm * exp(w->wander) * (1 + w->human->tempo_drift * through));
}

// The mistake of a kind at a note that has not been made yet.
static corpus_mistake *
mistake_at(player *w, corpus_mistake_kind kind, int index)
{
  for (size_t i = 0; i < w->p->n_mistakes; i++) {
    corpus_mistake *m = &w->p->mistakes[i];
    if (m->kind == kind && m->index == index && !w->done[i]) {
      w->done[i] = true;
      return m;
    }
  }
  return NULL;
}

static double
amount_at(player *w, corpus_mistake_kind kind, int index)
{
  const corpus_mistake *m = mistake_at(w, kind, index);
  return m ? m->amount : 0;
}

// Two notes that the tune puts at one moment.
static bool
in_chord(const corpus_tune *t, int a, int b)
{
  return a >= 0 && b >= 0 && a != b && shed_beat_cmp(t->notes[a].onset, t->notes[b].onset) == 0;
}

// Sounds come in order of time: none before the one that came last.
static bool
sound(player *w, corpus_played k)
{
  corpus_performance *p = w->p;
  if (p->n == CORPUS_PLAYED_MAX) {
    return false;
  }
  if (p->n > 0) {
    const corpus_played *before = &p->played[p->n - 1];
    k.onset_s =
        fmax(k.onset_s, before->onset_s + (in_chord(&p->tune, before->index, k.index) ? 0 : GAP_LEAST_S));
  }
  k.onset_s         = fmax(k.onset_s, 0);
  k.shift_ms        = k.index >= 0 ? (k.onset_s - w->at_s) * 1000 : 0;
  int velocity      = (int)lrint(VELOCITY + chance(&w->rng, w->human->velocity_sd));
  k.velocity        = velocity < 20 ? 20 : velocity > 127 ? 127 : velocity;
  p->played[p->n++] = k;
  return true;
}

// One note of the tune with the mistakes that belong to it. Chance is drawn alike whether it is played or not, so that a
// mistake changes nothing but itself.
static bool
play_note(player *w, int index)
{
  const corpus_tune_note *note   = &w->p->tune.notes[index];
  const corpus_human     *human  = w->human;
  double                  sd_s   = chance(&w->rng, human->timing_sd_ms) / 1000;
  double                  cents  = chance(&w->rng, human->cents_sd) + human->tuning_cents;
  double                  long_s = shed_beat_quarters(note->duration) * quarter_s(w, index);
  double                  length = human->length > 0 ? human->length : USUAL_LENGTH;
  double whole = shed_beat_quarters(w->p->tune.length), start = quarters_at(&w->p->tune, (size_t)index);
  corpus_played k = {.index = index, .attempt = w->attempt, .midi = note->midi};
  cents -= human->sink_cents * start / whole;
  k.sink_cents                = human->sink_cents * shed_beat_quarters(note->duration) * length / whole;
  w->p->truth[index].steady_s = w->at_s;
  double shift_ms             = amount_at(w, CORPUS_LATE, index) - amount_at(w, CORPUS_EARLY, index);
  k.midi += (int)lrint(amount_at(w, CORPUS_WRONG, index));
  k.cents = note->pitched ? cents + amount_at(w, CORPUS_SHARP, index) - amount_at(w, CORPUS_FLAT, index) : 0;
  k.onset_s    = w->at_s + sd_s + shift_ms / 1000;
  k.duration_s = long_s * length;
  if (mistake_at(w, CORPUS_MISSED, index)) {
    return true;
  }
  const corpus_mistake *extra = mistake_at(w, CORPUS_EXTRA, index);
  if (extra) {
    k.duration_s = long_s / 2 * length;
  }
  if (!sound(w, k)) {
    return false;
  }
  if (extra) {
    k.index = -1;
    k.midi += note->pitched ? (int)lrint(extra->amount) : 0;
    k.onset_s += long_s / 2;
    return sound(w, k);
  }
  return true;
}

static void
wander(player *w, double quarters)
{
  w->wander = w->wander * pow(TEMPO_PULL, quarters) + chance(&w->rng, w->human->tempo_sd) * sqrt(quarters);
}

// The note that follows; -1 at the end.
static int
follow(player *w, int index)
{
  const corpus_tune *t        = &w->p->tune;
  double             quarters = quarters_at(t, (size_t)index + 1) - quarters_at(t, (size_t)index);
  w->at_s += quarters * quarter_s(w, index);
  wander(w, quarters);
  const corpus_mistake *m = mistake_at(w, CORPUS_RESTART, index);
  if (m) {
    w->at_s += m->amount;
    w->attempt++;
    return m->to;
  }
  if ((m = mistake_at(w, CORPUS_SKIP, index)) != NULL) {
    return m->to;
  }
  if (mistake_at(w, CORPUS_EARLY_STOP, index)) {
    return -1;
  }
  return index + 1 < (int)t->n ? index + 1 : -1;
}

// A note that the tune begins while another still lasts.
static bool
together(const corpus_tune *t, int a, int b)
{
  if (a < 0 || b <= a) {
    return false;
  }
  const corpus_tune_note *first = &t->notes[a];
  return shed_beat_cmp(t->notes[b].onset, shed_beat_add(first->onset, first->duration)) < 0;
}

static shed_status
check(const corpus_tune *t, const corpus_mistake *m, shed_error *err)
{
  const char *name = corpus_mistake_name(m->kind);
  if (m->index < 0 || m->index >= (int)t->n) {
    return shed_fail(err, SHED_E_RANGE, name, "there is no note %d in %zu", m->index, t->n);
  }
  if (m->kind == CORPUS_RESTART && (m->to < 0 || m->to > m->index)) {
    return shed_fail(err, SHED_E_RANGE, name, "from note %d to %d is not back", m->index, m->to);
  }
  if (m->kind == CORPUS_SKIP && (m->to <= m->index + 1 || m->to >= (int)t->n)) {
    return shed_fail(err, SHED_E_RANGE, name, "from note %d to %d leaves nothing out", m->index, m->to);
  }
  if (NEEDS[m->kind].pitched && !t->notes[m->index].pitched) {
    return shed_fail(err, SHED_E_RANGE, name, "note %d has no pitch", m->index);
  }
  return SHED_OK;
}

// Of one voice each sound ends before the next begins; what the tune lets sound together with it does not end it. The truth of a
// note is its last sounding.
static void
settle(corpus_performance *p)
{
  for (size_t i = 0; i < p->n; i++) {
    corpus_played *k    = &p->played[i];
    size_t         next = i + 1;
    while (next < p->n && together(&p->tune, k->index, p->played[next].index)) {
      next++;
    }
    if (next < p->n) {
      k->duration_s = fmin(k->duration_s, p->played[next].onset_s - k->onset_s);
    }
    p->length_s = fmax(p->length_s, k->onset_s + k->duration_s + TAIL_S);
    if (k->index >= 0) {
      p->truth[k->index].played = true;
      p->truth[k->index].sound  = (int)i;
    }
  }
}

shed_status
corpus_perform(const corpus_tune *tune, double bpm, double lead_in_s, const corpus_human *human,
               const corpus_mistake *mistakes, size_t n_mistakes, uint64_t seed, corpus_performance *out,
               shed_error *err)
{
  player w = {.p = out, .human = human, .at_s = lead_in_s};
  if (n_mistakes > CORPUS_MISTAKES_MAX || !(bpm >= 10 && bpm <= 400) || !(lead_in_s >= 0) || tune->n == 0) {
    return shed_fail(err, SHED_E_RANGE, tune->id, "%zu mistakes, %g a minute, %zu notes: out of range",
                     n_mistakes, bpm, tune->n);
  }
  *out = (corpus_performance){.tune = *tune, .bpm = bpm, .lead_in_s = lead_in_s, .n_mistakes = n_mistakes};
  for (size_t i = 0; i < n_mistakes; i++) {
    shed_status st = check(tune, &mistakes[i], err);
    if (st != SHED_OK) {
      return st;
    }
    out->mistakes[i] = mistakes[i];
  }
  for (size_t i = 0; i < tune->n; i++) {
    out->truth[i] = (corpus_truth){.sound = -1, .steady_s = NAN};
  }
  shed_rng_seed(&w.rng, seed, 0xf1a7u);
  w.at_s += quarters_at(tune, 0) * quarter_s(&w, 0);
  for (int i = 0; i >= 0;) {
    w.at_s += amount_at(&w, CORPUS_HESITATION, i);
    if (!play_note(&w, i)) {
      return shed_fail(err, SHED_E_RANGE, tune->id, "over %d sounds", CORPUS_PLAYED_MAX);
    }
    i = follow(&w, i);
  }
  for (size_t i = 0; i < n_mistakes; i++) {
    if (!w.done[i]) {
      return shed_fail(err, SHED_E_RANGE, corpus_mistake_name(mistakes[i].kind),
                       "at note %d never happens: another mistake leaves that note out", mistakes[i].index);
    }
  }
  settle(out);
  return SHED_OK;
}
