// About this file: the judge of held tones: how long, how still, how near. Several notes are held one after the other.

#include "assessors/assessor.h"
#include "assessors/long_tone_measure.h"
#include "assessors/long_tone_task.h"
#include "assessors/targets.h"
#include "assessors/verdict_start.h"

#include <math.h>
#include <stdio.h>

#define OTHER_NOTE    0.5 // a tone on another note is worth so much less as a match, second for second
#define NEAR_CENTS    100.0
#define CORRECT_CENTS 30.0 // the lines of the labels, the same under every policy
#define WRONG_CENTS   70.0
#define DOUBT_CENTS   2.0 // of a held tone's median
#define TUNING_MOST   40.0
#define HELD_SHARE    0.95 // of the seconds asked: held long enough
#define STILL_SHARE   0.25 // of the policy's tuning tolerance: an sd within this loses nothing,
#define SHAKY_SHARE   1.25 // and beyond this loses all
#define EVEN_DB       2.0
#define UNEVEN_DB     8.0
#define SHARE_SURE    0.5  // less of a tone heard surely, and its pitch is not judged
#define LENGTH_SHARE  0.25 // less than this heard surely is not a tone at all

enum { TAKE_TUNING_NOTES = 5 };

static double
falling(double x, double full, double none)
{
  double over = (x - full) / (none - full);
  return over <= 0 ? 1 : over >= 1 ? 0 : 1 - over;
}

static double
asked_s(const shed_prompt *p, const shed_sounding_note *n)
{
  return p->hold_s > 0 ? p->hold_s : n->duration_s;
}

// Cents from the note asked; whole octaves taken off where the policy allows, told in *octaves.
static double
cents_from(const shed_prompt *p, const shed_sounding_note *n, double midi, int *octaves)
{
  double a4    = p->a4_hz > 0 ? p->a4_hz : 440;
  double cents = 100 * (midi - n->midi) - 1200 * log2(a4 / 440);
  *octaves     = p->octave == SHED_OCTAVE_ANY ? (int)lround(cents / 1200) : 0;
  if (p->key == SHED_KEY_ANY) {
    *octaves = 0;
    return cents - 100 * round(cents / 100);
  }
  return cents - 1200.0 * *octaves;
}

static double
match_value(const shed_tone_task *t, size_t i, size_t k)
{
  const shed_held *h = &t->held[k];
  int              octaves;
  double           cents = cents_from(t->prompt, &t->prompt->line.notes[i], h->midi, &octaves);
  double           worth = fabs(cents) <= NEAR_CENTS ? 1 : OTHER_NOTE;
  return h->assessed < LENGTH_SHARE ? 0 : worth * (h->offset_s - h->onset_s);
}

// Which tone is which note: in order, the most seconds on the right notes.
static shed_status
match(shed_tone_task *t)
{
  size_t  n = t->prompt->line.n_notes, m = t->n_held, wide = m + 1;
  double *best = shed_calloc(t->alloc, (n + 1) * wide, sizeof(double));
  if (!best) {
    return SHED_E_NOMEM;
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = m; k-- > 0;) {
      double take        = t->prompt->line.notes[i].pitched ? match_value(t, i, k) : 0;
      double with        = take > 0 ? take + best[(i + 1) * wide + k + 1] : 0;
      best[i * wide + k] = fmax(with, fmax(best[(i + 1) * wide + k], best[i * wide + k + 1]));
    }
  }
  for (size_t i = 0, k = 0; i < n; i++) {
    t->tone_of[i] = -1;
    while (k < m && best[i * wide + k + 1] >= best[i * wide + k]) {
      k++; // nothing is lost without this tone
    }
    if (k < m && best[(i + 1) * wide + k] < best[i * wide + k]) {
      t->tone_of[i] = (int)k++;
    }
  }
  shed_free(t->alloc, best);
  return SHED_OK;
}

static shed_pitch_label
pitch_label(double cents)
{
  double line = fabs(cents) < (CORRECT_CENTS + WRONG_CENTS) / 2 ? CORRECT_CENTS : WRONG_CENTS;
  if (fabs(fabs(cents) - line) < DOUBT_CENTS) {
    return SHED_PITCH_UNSURE;
  }
  if (fabs(cents) <= CORRECT_CENTS) {
    return SHED_PITCH_CORRECT;
  }
  return fabs(cents) > WRONG_CENTS ? SHED_PITCH_WRONG : cents > 0 ? SHED_PITCH_SHARP : SHED_PITCH_FLAT;
}

// The offset of the whole take, and whether the policy takes it off.
static double
find_tuning(const shed_tone_task *t, bool *off)
{
  double sum = 0;
  int    n   = 0, octaves;
  for (size_t i = 0; i < t->prompt->line.n_notes; i++) {
    if (t->tone_of[i] >= 0) {
      double cents = cents_from(t->prompt, &t->prompt->line.notes[i], t->held[t->tone_of[i]].midi, &octaves);
      if (fabs(cents) <= WRONG_CENTS) {
        sum += cents;
        n++;
      }
    }
  }
  *off = t->prompt->tuning == SHED_TUNING_TAKE ||
         (t->prompt->tuning == SHED_TUNING_AUTO && n >= TAKE_TUNING_NOTES);
  return n ? sum / n : (double)NAN;
}

static void
label_tone(shed_tone_task *t, size_t i, shed_verdict *v)
{
  const shed_held   *h    = &t->held[t->tone_of[i]];
  shed_note_verdict *nv   = &v->notes[i];
  double             held = h->offset_s - h->onset_s;
  double             asks = asked_s(t->prompt, &t->prompt->line.notes[i]);
  int                octaves;
  bool               tuning_off;
  double             tuning = find_tuning(t, &tuning_off);
  nv->cents                 = cents_from(t->prompt, &t->prompt->line.notes[i], h->midi, &octaves);
  if (tuning_off && !isnan(tuning)) {
    nv->cents -= fmax(-TUNING_MOST, fmin(TUNING_MOST, tuning));
  }
  v->octave_shift         = octaves;
  nv->take_index          = h->take_index;
  nv->onset_s             = h->onset_s;
  nv->offset_s            = h->offset_s;
  nv->expected_duration_s = asks;
  nv->confidence          = h->confidence * h->assessed;
  nv->played_midi         = (int)lround(h->midi);
  nv->length              = held >= HELD_SHARE * asks ? SHED_LENGTH_OK : SHED_LENGTH_SHORT;
  if (h->assessed >= SHARE_SURE) {
    double full = t->policy->pitch_cents;
    nv->pitch   = pitch_label(nv->cents);
    nv->credit  = falling(fabs(nv->cents), full, 2 * full) * fmin(1, held / asks);
  } else {
    nv->pitch = SHED_PITCH_UNSURE;
  }
}

// Sums of one dimension over the notes.
typedef struct {
  double score, value, assessed;
  int    n, values;
} tally;

static void
count(tally *s, double score, double value, double assessed)
{
  if (!isnan(score)) {
    s->score += score;
    s->assessed += assessed;
    s->n++;
  }
  if (!isnan(value)) {
    s->value += value;
    s->values++;
  }
}

static void
add_dimension(shed_verdict *v, const char *name, const tally *s, size_t notes, const char *unit)
{
  shed_dimension *d = &v->dimensions[v->n_dimensions++];
  *d                = (shed_dimension){.score    = s->n ? s->score / s->n : (double)NAN,
                                       .assessed = notes ? s->assessed / (double)notes : 0,
                                       .value    = s->values ? s->value / s->values : (double)NAN};
  (void)snprintf(d->name, sizeof(d->name), "%s", name);
  (void)snprintf(d->unit, sizeof(d->unit), "%s", unit);
}

// One note's share of each dimension. A missing one was asked for and not held: it counts where that is a fact.
static void
count_note(const shed_tone_task *t, size_t i, const shed_verdict *v, tally *sums)
{
  const shed_note_verdict *nv = &v->notes[i];
  if (t->tone_of[i] < 0) {
    if (nv->pitch == SHED_PITCH_MISSED) {
      count(&sums[SHED_TONE_SUSTAIN], 0, 0, 1);
      count(&sums[SHED_TONE_PITCH], 0, (double)NAN, 1);
    }
    return;
  }
  const shed_held *h     = &t->held[t->tone_of[i]];
  double           full  = t->policy->pitch_cents;
  double           near  = t->policy->intonation_cents;
  double           held  = h->offset_s - h->onset_s;
  double           ratio = held / asked_s(t->prompt, &t->prompt->line.notes[i]);
  bool             sure  = h->assessed >= SHARE_SURE;
  double           away  = fabs(nv->cents);
  count(&sums[SHED_TONE_SUSTAIN], ratio >= HELD_SHARE ? 1 : ratio, held, 1);
  if (!isnan(h->level_sd_db)) {
    count(&sums[SHED_TONE_LEVEL], falling(h->level_sd_db, EVEN_DB, UNEVEN_DB), h->level_sd_db, 1);
  }
  if (!sure) {
    return;
  }
  count(&sums[SHED_TONE_PITCH], falling(away, full, 2 * full), (double)NAN, h->assessed);
  if (!isnan(h->cents_sd)) {
    count(&sums[SHED_TONE_STEADINESS], falling(h->cents_sd, STILL_SHARE * near, SHAKY_SHARE * near),
          h->cents_sd, h->assessed);
  }
  // how well another note was in tune says nothing; a voice in its own key is in tune with itself
  if (away <= NEAR_CENTS && t->prompt->key != SHED_KEY_ANY) {
    count(&sums[SHED_TONE_INTONATION], falling(away, near, 2 * near), nv->cents, h->assessed);
  }
}

static void
score(const shed_tone_task *t, shed_verdict *v)
{
  static const struct {
    const char *name, *unit;
  } names[SHED_TONE_DIMENSIONS] = {
      {"sustain", "s"},        {"steadiness", "cents sd"}, {"pitch", ""},
      {"intonation", "cents"}, {"level", "dB sd"},
  };
  tally  sums[SHED_TONE_DIMENSIONS] = {0};
  size_t asked                      = 0;
  double total = 0, assessed = 0;
  int    parts = 0, counted = 0;
  for (size_t i = 0; i < t->prompt->line.n_notes; i++) {
    asked += t->prompt->line.notes[i].pitched;
    count_note(t, i, v, sums);
  }
  for (size_t d = 0; d < SHED_TONE_DIMENSIONS; d++) {
    bool tuned = d == SHED_TONE_INTONATION || d == SHED_TONE_STEADINESS;
    if (tuned && t->prompt->fixed_pitch) {
      continue; // its player cannot tune a note
    }
    add_dimension(v, names[d].name, &sums[d], asked, names[d].unit);
    // the level is shown; it is part of no score, because some tones are asked to grow or to fade
    if (d != SHED_TONE_LEVEL) {
      assessed += v->dimensions[v->n_dimensions - 1].assessed;
      counted++;
      if (sums[d].n) {
        total += sums[d].score / sums[d].n;
        parts++;
      }
    }
  }
  v->score    = parts ? total / parts : (double)NAN;
  v->assessed = counted ? assessed / counted : 0;
  v->passed   = shed_targets_passed(t->prompt, v, 0);
}

static void
label(shed_tone_task *t, shed_verdict *v)
{
  bool off, any = false;
  for (size_t i = 0; i < v->n_notes; i++) {
    any = any || t->tone_of[i] >= 0;
  }
  for (size_t i = 0; i < v->n_notes; i++) {
    if (t->tone_of[i] >= 0) {
      label_tone(t, i, v);
    } else if (any && t->prompt->line.notes[i].pitched) {
      v->notes[i].pitch      = SHED_PITCH_MISSED;
      v->notes[i].credit     = 0;
      v->notes[i].confidence = 0.9;
    }
  }
  v->tuning_cents = find_tuning(t, &off);
  if (!any) {
    shed_verdict_warn(v, t->take->kind == SHED_TAKE_ONSETS ? SHED_MSG_long_tone_no_pitch
                                                           : SHED_MSG_long_tone_nothing_heard);
  }
}

static shed_status
judge_tones(shed_tone_task *t, shed_verdict *v)
{
  shed_status st = shed_verdict_start(v, t->prompt, t->take, t->policy, t->alloc);
  if (st == SHED_OK) {
    st = shed_held_find(t->take, t->alloc, &t->held, &t->n_held);
  }
  if (st != SHED_OK) {
    return st;
  }
  t->tone_of = shed_calloc(t->alloc, v->n_notes, sizeof(*t->tone_of));
  if (!t->tone_of) {
    return SHED_E_NOMEM;
  }
  if (v->n_notes > SHED_TONE_CELLS / (t->n_held + 1)) {
    for (size_t i = 0; i < v->n_notes; i++) {
      t->tone_of[i] = -1;
    }
    shed_verdict_warn(v, SHED_MSG_long_tone_too_many);
    score(t, v);
    return SHED_OK;
  }
  if ((st = match(t)) == SHED_OK) {
    label(t, v);
    score(t, v);
    shed_tone_advise(t, v);
  }
  return st;
}

static shed_status
judge(const shed_prompt *prompt, const shed_take *take, const shed_policy *policy, const shed_alloc *alloc,
      shed_verdict *out, shed_error *err)
{
  shed_tone_task t       = {.prompt = prompt, .take = take, .policy = policy, .alloc = alloc};
  shed_verdict   v       = {.alloc = alloc};
  bool           pitched = false;
  for (size_t i = 0; i < prompt->line.n_notes; i++) {
    pitched = pitched || prompt->line.notes[i].pitched;
  }
  if (!pitched) {
    return shed_fail(err, SHED_E_RANGE, prompt->id, "there is no note to hold");
  }
  shed_status st = judge_tones(&t, &v);
  shed_free(alloc, t.held);
  shed_free(alloc, t.tone_of);
  if (st != SHED_OK) {
    shed_verdict_free(&v);
    return st;
  }
  *out = v;
  return SHED_OK;
}

const shed_assessor shed_assessor_long_tone = {
    .name = "long_tone", .what = "held tones: how long, how still, how near", .judge = judge};
