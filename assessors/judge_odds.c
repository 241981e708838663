// About this file: whose sound it was, by the lines of the spectrum. Where the ear heard another pitch than the one asked for, either the player played that one, or
// somebody else sounds too, or noise. Each of the two pitches has lines of its own in the spectrum; how much louder the one asked for is
// in its lines, how well these agree on one place, how either's lines lie beside those of the player's notes of that pitch, how sure the
// ear was of the other, for how long it heard it and how often it thought of the one asked for are weighed (judge_odds.def), by kinds of
// interval: of a pitch and its harmonic only the lower one has lines of its own.
#include "assessors/judge.h"

#include <math.h>

enum { LINES_LEAST = 3, SLOT_STEPS = 5 };

static const double FAINT_DB     = -30; ///< under the player's usual line: none
static const double LOUD_DB      = 5;
static const double APART_CENTS  = 60;
static const double NEAR         = 2.5; ///< semitones: a slip to the next tone
static const double LONG_S       = .5;
static const double OWN_LEAST_DB = -20, OWN_MOST_DB = 5, OWN_UNKNOWN_DB = -5;
static const double SAME_PITCH = .6; ///< semitones
static const double SAME_RATIO = .8; ///< semitones from a harmonic

// Of rendered takes' missing notes one in a hundred has lines of its pitch in its place within 6 dB of the player's usual ones; of
// notes that were played, and not found, two in three.
static const double SLOT_BELOW_DB = 6;
static const double SLOT_STEP_S   = .02;
static const double SLOT_LEAST_S  = .08;
static const double SLOT_MOST_S   = .18;
static const double SLOT_SHARE    = .8; ///< of the written length
static const double SLOT_APART    = 30; ///< cents
static const double SLOT_CENTS    = 40; ///< from the pitch
static const double ODD_BELOW_DB  = 10; ///< lines of the octave below that are its alone: it has ended

static const double WEIGHTS[SHED_ODDS_INTERVALS][SHED_ODDS_FEATURES + 1] = {
#define SHED_JUDGE_ODDS(interval, ...) [SHED_ODDS_##interval] = {__VA_ARGS__},
#include "assessors/judge_odds.def"
#undef SHED_JUDGE_ODDS
};

shed_odds_interval
shed_odds_interval_of(double semitones)
{
  static const double related[] = {12, 19, 24, 28, 31};
  if (isnan(semitones)) {
    return SHED_ODDS_FAR;
  }
  for (size_t i = 0; i < SHED_COUNTOF(related); i++) {
    if (fabs(fabs(semitones) - related[i]) < SAME_RATIO) {
      return semitones > 0 ? SHED_ODDS_ABOVE : SHED_ODDS_BELOW;
    }
  }
  return fabs(semitones) <= NEAR ? SHED_ODDS_SLIP : SHED_ODDS_FAR;
}

static double
level_of(const shed_judged *j, const shed_lines *l)
{
  double level = l->n >= LINES_LEAST && l->weight > 0 ? l->level_db / l->weight : -120;
  return fmin(fmax(level - j->usual_lines_db, FAINT_DB), LOUD_DB);
}

/// A sound beside what the player's notes of that pitch are like, dB; where no note has told that, beside his usual one.
static double
beside_own(const shed_judged *j, const shed_own_sound *s, const shed_lines *l)
{
  const double db = s->known ? s->level_db : isnan(j->own.sd_db) ? level_of(j, l) : OWN_UNKNOWN_DB;
  return fmin(fmax(db, OWN_LEAST_DB), OWN_MOST_DB);
}

bool
shed_judge_odds_view_of(const shed_judged *j, const shed_found *f, const shed_measure *m, double expected,
                        shed_odds_view *out)
{
  if (!j->take->bands || isnan(j->usual_lines_db) || m->other_midi < 0) {
    return false;
  }
  const double             own   = expected - shed_judge_deviation(j, f, 0) / 100;
  const double             other = m->other_midi + m->other_cents / 100;
  const shed_odds_interval kind  = shed_odds_interval_of(other - own);
  if (fabs(other - own) < SAME_PITCH) {
    return false;
  }
  // of a tone and its harmonic the lower one alone has lines of its own
  const double         not_of_other = kind == SHED_ODDS_BELOW ? (double)NAN : other;
  const double         not_of_own   = kind == SHED_ODDS_ABOVE ? (double)NAN : own;
  const double         from = f->path_onset_s, to = f->offset_s;
  const int            event = (int)(f - j->found);
  const shed_lines     a     = shed_measure_lines(j->take, &j->levels, from, to, own, not_of_other);
  const shed_lines     b     = shed_measure_lines(j->take, &j->levels, from, to, other, not_of_own);
  const shed_own_sound asked = shed_own_compare(&j->own, j->take, own, from, to, not_of_other, event);
  const shed_own_sound heard = shed_own_compare(&j->own, j->take, other, from, to, not_of_own, event);
  double               apart = APART_CENTS, cents = NAN;
  if (a.n >= LINES_LEAST) {
    cents = shed_cents_quantile(&a.cents, .5);
    apart = shed_cents_quantile(&a.cents, .75) - shed_cents_quantile(&a.cents, .25);
  }
  *out = (shed_odds_view){.interval = kind,
                          .x = {level_of(j, &a) - level_of(j, &b), fmin(apart, APART_CENTS), m->confidence,
                                fmin(m->sound_s, LONG_S), beside_own(j, &asked, &a),
                                beside_own(j, &heard, &b), m->among},
                          .cents = cents};
  return true;
}

double
shed_judge_odds(const shed_judged *j, const shed_found *f, const shed_measure *m, double expected,
                double *cents)
{
  shed_odds_view v;
  *cents = NAN;
  if (!shed_judge_odds_view_of(j, f, m, expected, &v)) {
    return NAN;
  }
  *cents     = v.cents;
  double sum = WEIGHTS[v.interval][SHED_ODDS_FEATURES];
  for (int i = 0; i < SHED_ODDS_FEATURES; i++) {
    sum += WEIGHTS[v.interval][i] * v.x[i];
  }
  return sum;
}

/// Do lines of this pitch stand in a part of the take as loud as the player's?
static bool
stand_at(const shed_judged *j, double start_s, double end_s, double own, double before)
{
  const bool       harmonic = shed_odds_interval_of(before - own) == SHED_ODDS_BELOW;
  const shed_lines a =
      shed_measure_lines(j->take, &j->levels, start_s, end_s, own, harmonic ? (double)NAN : before);
  if (a.n <= LINES_LEAST || level_of(j, &a) < -SLOT_BELOW_DB ||
      fabs(shed_cents_quantile(&a.cents, .5)) > SLOT_CENTS ||
      shed_cents_quantile(&a.cents, .75) - shed_cents_quantile(&a.cents, .25) > SLOT_APART) {
    return false;
  }
  if (!harmonic) {
    return true;
  }
  const shed_lines b = shed_measure_lines(j->take, &j->levels, start_s, end_s, before, own);
  return level_of(j, &b) < level_of(j, &a) - ODD_BELOW_DB;
}

bool
shed_judge_stands_in_slot(const shed_judged *j, int event)
{
  const shed_align_event *ev = &j->target.events[event];
  const double            at = j->found[event].expected_s;
  if (!j->take->bands || isnan(at) || isnan(j->usual_lines_db)) {
    return false;
  }
  const size_t here   = (size_t)fmax(0, round(at / SHED_FRAME_HOP_S));
  const double tuning = (double)j->centre[here < j->take->n_frames ? here : j->take->n_frames - 1];
  const double own    = ev->pitch + tuning / 100;
  const double long_s =
      fmin(fmax(SLOT_SHARE * ev->length_s * (double)j->guess.period, SLOT_LEAST_S), SLOT_MOST_S);
  double before = NAN;
  for (int e = event - 1; e >= 0 && isnan(before); e--) {
    const shed_measure *m = &j->found[e].m;
    before =
        j->found[e].segment >= 0 && m->other_midi >= 0 ? m->other_midi + m->other_cents / 100 : (double)NAN;
  }
  before = fabs(before - own) < SAME_PITCH ? (double)NAN : before;
  for (int d = -SLOT_STEPS; d <= SLOT_STEPS; d++) {
    const double start = at + d * SLOT_STEP_S;
    if (stand_at(j, start, start + long_s, own, before)) {
      return true;
    }
  }
  return false;
}
