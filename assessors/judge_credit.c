// About this file: credit is policy. A note's pitch earns full credit within the policy's cents and none at twice as far;
// its time within the policy's milliseconds likewise. A dimension's score is the mean credit of the notes that it could
// judge; the take's score is the mean of its dimensions by the policy's weights, so that it can be worked out by hand.
#include "assessors/judge.h"
#include "assessors/targets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double INTERRUPTION_IN_NOTES = 4; ///< a restart, hesitation or skip weighs as this many notes

typedef struct {
  double sum;
  int    judged, asked;
} tally;

static void
count(tally *t, double credit)
{
  t->asked++;
  if (!isnan(credit)) {
    t->sum += credit;
    t->judged++;
  }
}

static const double SAME_CREDIT = 1e-9;

/// 1 within @p full, 0 from twice as far, a straight line between.
static double
falling(double distance, double full)
{
  return fmin(fmax(2 - fabs(distance) / full, 0), 1);
}

/// Unsure only because it lies near a line of the labels: where either side of the ear's doubt earns the same, that is earned.
static double
credit_near_line(const shed_judged *j, const shed_found *f, double cents)
{
  const double low  = falling(fmax(fabs(cents) - f->cents_doubt, 0), j->policy->pitch_cents);
  const double high = falling(fabs(cents) + f->cents_doubt, j->policy->pitch_cents);
  return low - high <= SAME_CREDIT ? high : (double)NAN;
}

static double
pitch_credit(const shed_judged *j, const shed_found *f, const shed_note_verdict *v)
{
  switch (v->pitch) {
  case SHED_PITCH_CORRECT:
    if (isnan(v->cents)) {
      return 1; // a key that cannot be out of tune, told by its sound alone
    }
    return falling(v->cents, j->policy->pitch_cents);
  case SHED_PITCH_SHARP:
  case SHED_PITCH_FLAT:
    return falling(v->cents, j->policy->pitch_cents);
  case SHED_PITCH_WRONG:
    return fabs(v->cents) < 100 ? falling(v->cents, j->policy->pitch_cents) : 0;
  case SHED_PITCH_MISSED:
    return 0;
  case SHED_PITCH_UNSURE:
    if (f->cents_doubt > 0 && !f->withheld && !isnan(v->cents)) {
      return credit_near_line(j, f, v->cents);
    }
    break;
  case SHED_PITCH_NONE:
    break;
  }
  return NAN;
}

static double
neighbour_interval_s(const shed_judged *j, int event)
{
  const shed_align_event *ev     = j->target.events;
  double                  before = event > 0 ? ev[event].at_s - ev[event - 1].at_s : (double)INFINITY;
  double after = event + 1 < j->target.n_events ? ev[event + 1].at_s - ev[event].at_s : (double)INFINITY;
  return fmin(before, after) * (double)j->guess.period;
}

static double
timing_credit(const shed_judged *j, int event, const shed_note_verdict *v)
{
  if (v->pitch == SHED_PITCH_MISSED) {
    return 0; // nothing sounded on its beat
  }
  if (v->timing == SHED_TIMING_NONE || j->found[event].uncredited) {
    return NAN;
  }
  double full =
      fmin(j->policy->timing_ms, j->policy->timing_ioi_share * neighbour_interval_s(j, event) * 1000);
  full += j->prompt->sung ? j->policy->sung_extra_ms : 0;
  if (v->timing == SHED_TIMING_UNSURE) {
    const shed_found *f    = &j->found[event];
    const bool        sure = f->segment >= 0 && !f->withheld;
    return sure && shed_judge_is_surely_within(j, f, v->onset_error_ms, full) ? 1 : (double)NAN;
  }
  return shed_judge_time_credit(j, event, v->onset_error_ms, full);
}

static double
intonation_credit(const shed_judged *j, const shed_note_verdict *v)
{
  bool near = v->pitch == SHED_PITCH_CORRECT || v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT;
  return near ? falling(v->cents, j->policy->intonation_cents) : (double)NAN;
}

static void
add_dimension(shed_judged *j, const char *name, const tally *t, double value, const char *unit)
{
  shed_dimension *d = &j->v.dimensions[j->v.n_dimensions++];
  *d                = (shed_dimension){.score    = t->judged ? t->sum / t->judged : (double)NAN,
                                       .assessed = t->asked ? (double)t->judged / t->asked : 0,
                                       .value    = value};
  snprintf(d->name, sizeof(d->name), "%s", name);
  snprintf(d->unit, sizeof(d->unit), "%s", isnan(value) ? "" : unit);
}

/// What no single note shows is charged in the dimension that it belongs to, once, as so many notes. A late start is charged by its
/// notes, which are missed; so is another key by its notes, which are wrong.
static const struct {
  const char *kind, *dimension;
  bool        sung_only; ///< elsewhere each note shows it: an instrument has no tonal centre that moves
  bool        free_only; ///< with a tempo that is given each note shows it
  double      whole;     ///< of the amount: what is charged in full; 0: whatever the amount
} charges[] = {
    {"skip", "continuity", false, false, 0},         {"early_stop", "continuity", false, false, 0},
    {"wrong_start", "continuity", false, false, 0},  {"repeat", "continuity", false, false, 0},
    {"behind_click", "continuity", false, false, 0}, {"drift", "intonation", true, false, 100},
    {"tempo_drift", "rhythm", false, true, .2},
};

static double
charged(const shed_judged *j, const char *dimension)
{
  double notes = 0;
  for (size_t i = 0; i < j->v.n_incidents; i++) {
    const shed_incident *in = &j->v.incidents[i];
    for (size_t k = 0; k < SHED_COUNTOF(charges); k++) {
      bool here = strcmp(charges[k].kind, in->kind) == 0 && strcmp(charges[k].dimension, dimension) == 0 &&
                  (!charges[k].sung_only || j->prompt->sung) &&
                  (!charges[k].free_only || j->prompt->tempo_bpm <= 0);
      double share = charges[k].whole > 0 ? fmin(1, fabs(in->amount) / charges[k].whole) : 1;
      notes += here ? INTERRUPTION_IN_NOTES * share : 0;
    }
  }
  return notes;
}

/// Taken off a mean of credits: short music is not lost by one incident.
static void
charge(const shed_judged *j, const char *dimension, tally *t)
{
  double of = fmax(t->judged, 2 * INTERRUPTION_IN_NOTES);
  t->sum    = fmax(0, t->sum - charged(j, dimension) * t->judged / of);
}

static void
credit_notes(shed_judged *j, tally *pitch, tally *rhythm, tally *intonation)
{
  for (int e = 0; e < j->target.n_events; e++) {
    for (int k = 0; k < j->target.events[e].count; k++) {
      shed_note_verdict *v = &j->v.notes[j->target.notes[j->target.events[e].first + k]];
      if (v->pitch == SHED_PITCH_NONE) {
        continue;
      }
      double p = pitch_credit(j, &j->found[e], v), t = timing_credit(j, e, v), wp = j->policy->weight_pitch,
             wt = j->policy->weight_rhythm;
      count(pitch, p);
      t = j->take->no_rhythm ? (double)NAN : t;
      if (v->timing != SHED_TIMING_NONE || v->pitch == SHED_PITCH_MISSED) {
        count(rhythm, t);
      }
      if (v->pitch != SHED_PITCH_MISSED) {
        count(intonation, intonation_credit(j, v));
      }
      wp        = isnan(p) ? 0 : wp;
      wt        = isnan(t) ? 0 : wt;
      v->credit = wp + wt > 0 ? ((wp > 0 ? wp * p : 0) + (wt > 0 ? wt * t : 0)) / (wp + wt) : (double)NAN;
    }
  }
}

static void
overall(shed_judged *j)
{
  const struct {
    const char *name;
    double      weight;
  } parts[]  = {{"pitch", j->policy->weight_pitch},
                {"rhythm", j->policy->weight_rhythm},
                {"intonation", j->policy->intonation_gates ? j->policy->weight_intonation : 0},
                {"continuity", j->policy->weight_continuity}};
  double sum = 0, weights = 0;
  for (size_t i = 0; i < SHED_COUNTOF(parts); i++) {
    const shed_dimension *d = shed_verdict_dimension(&j->v, parts[i].name);
    if (d && !isnan(d->score)) {
      sum += parts[i].weight * d->score;
      weights += parts[i].weight;
    }
  }
  j->v.score = weights > 0 ? sum / weights : (double)NAN;
}

void
shed_judge_credit(shed_judged *j)
{
  tally         pitch = {0}, rhythm = {0}, intonation = {0}, continuity = {0};
  shed_verdict *v = &j->v;
  credit_notes(j, &pitch, &rhythm, &intonation);
  charge(j, "rhythm", &rhythm);
  charge(j, "intonation", &intonation);
  add_dimension(j, "pitch", &pitch, NAN, "");
  add_dimension(j, "rhythm", &rhythm, j->timing_sd_s > 0 ? j->timing_sd_s * 1000 : (double)NAN, "ms");
  if (!j->prompt->fixed_pitch) {
    add_dimension(j, "intonation", &intonation, NAN, "");
  }
  if (pitch.judged > 0) {
    double stops = (double)(v->n_restarts + v->n_hesitations);
    double lost  = INTERRUPTION_IN_NOTES * stops + charged(j, "continuity") + (double)v->n_extras;
    count(&continuity, fmax(0, 1 - lost / fmax(pitch.asked, 2 * INTERRUPTION_IN_NOTES)));
  }
  add_dimension(j, "continuity", &continuity, NAN, "");
  if (j->prompt->tempo_bpm > 0) {
    tally tempo = {0};
    if (!isnan(j->tempo_bpm)) {
      // 3 % is heard as the same tempo, 15 % as another
      double off = fabs(j->tempo_bpm / j->prompt->tempo_bpm - 1);
      count(&tempo, fmin(fmax(1 - (off - .03) / .12, 0), 1));
    }
    add_dimension(j, "tempo", &tempo, j->tempo_bpm, "bpm");
  }
  v->assessed = pitch.asked ? (double)pitch.judged / pitch.asked : 0;
  overall(j);
  v->passed = shed_targets_passed(j->prompt, v, pitch.asked);
}
