// About this file: the tuning offset of a take, and for voices the slow way of the tonal centre. Both are robust: a wrong
// note pulls neither. Neither is ever more than 40 cents, so that no real fault is explained away.
#include "assessors/judge.h"

#include <math.h>
#include <string.h>

enum { NOTES_FOR_TUNING = 5, WINDOW_EVENTS = 9, MOST_NOTES = 512 };

static const double MOST_CENTS   = 40;  ///< taken off at most
static const double USABLE_CENTS = 100; ///< a deviation beyond this is another note
static const double CORE_CENTS   = 45;  ///< around the first median
// Labels: 30 and 70 cents. A voice's own scatter tells how exactly it means a pitch: from 15 cents of it on the lines move
// out, to 50 and 100 at most, where a pitch is no longer nearest to the note that was asked for. Amateurs' sight-singing
// scatters by 20 to 30 cents; a held or trained voice keeps the lines of the instruments.
static const double LINE_CENTS      = 30;
static const double FAR_CENTS       = 70;
static const double LINE_SUNG_MOST  = 50;
static const double FAR_SUNG_MOST   = 100;
static const double LINE_IN_SCATTER = 2;
static const double SHARE_LEAST     = .5;

static bool
tells_tuning(const shed_found *f)
{
  return f->segment >= 0 && f->m.read >= SHARE_LEAST && fabs(f->m.cents) <= USABLE_CENTS;
}

/// Robust middle of the deviations of events [from, to) around @p start (NaN: unknown). @return NaN without enough.
static double
middle(const shed_judged *j, int from, int to, double start, int least)
{
  double x[MOST_NOTES], w[MOST_NOTES];
  size_t n = 0;
  int step = (to - from + MOST_NOTES - 1) / MOST_NOTES; // of very long music every so many notes are enough
  for (int i = from; i < to && n<MOST_NOTES; i += step> 1 ? step : 1) {
    const shed_found *f = &j->found[i];
    if (tells_tuning(f) && (isnan(start) || fabs(f->m.cents - start) <= CORE_CENTS)) {
      x[n]   = f->m.cents;
      w[n++] = fmin(f->m.sound_s, .5) * (.2 + f->m.confidence);
    }
  }
  return n >= (size_t)least ? shed_weighted_median(x, w, n, .5) : (double)NAN;
}

static double
clip_cents(double x)
{
  return fmin(fmax(x, -MOST_CENTS), MOST_CENTS);
}

static bool
wants_taking_off(const shed_prompt *p, int n)
{
  static const bool fixed[] = {[SHED_TUNING_AUTO]      = false,
                               [SHED_TUNING_TAKE]      = true,
                               [SHED_TUNING_A4]        = false,
                               [SHED_TUNING_REFERENCE] = true};
  return fixed[p->tuning] || (p->tuning == SHED_TUNING_AUTO && n >= NOTES_FOR_TUNING);
}

/// A voice without accompaniment carries its own reference, which wanders: each note is judged by the notes around it.
static double
local_centre(const shed_judged *j, int event, double whole)
{
  int    n    = j->target.n_events;
  int    from = event - WINDOW_EVENTS > 0 ? event - WINDOW_EVENTS : 0;
  int    to   = event + WINDOW_EVENTS + 1 < n ? event + WINDOW_EVENTS + 1 : n;
  double here = middle(j, from, to, whole, NOTES_FOR_TUNING);
  return isnan(here) ? whole : clip_cents(here);
}

static void
draw_centre(shed_judged *j, double whole)
{
  size_t at   = 0;
  double last = whole;
  for (int i = 0; i < j->target.n_events; i++) {
    if (j->found[i].segment < 0) {
      continue;
    }
    double here = j->prompt->sung ? local_centre(j, i, whole) : whole;
    size_t to   = (size_t)fmax(0, round(j->found[i].path_onset_s / SHED_FRAME_HOP_S));
    to          = to < j->take->n_frames ? to : j->take->n_frames;
    for (; at < to; at++) {
      j->centre[at] = (float)last;
    }
    last = here;
  }
  for (; at < j->take->n_frames; at++) {
    j->centre[at] = (float)last;
  }
}

static void
draw_lines(shed_judged *j)
{
  double x[MOST_NOTES], w[MOST_NOTES];
  size_t n      = 0;
  j->line_cents = LINE_CENTS;
  j->far_cents  = FAR_CENTS;
  for (int i = 0; i < j->target.n_events && n < MOST_NOTES && j->prompt->sung; i++) {
    const shed_found *f = &j->found[i];
    if (tells_tuning(f)) {
      x[n]   = fabs(shed_judge_deviation(j, f, f->m.cents));
      w[n++] = 1;
    }
  }
  if (n >= 2 * NOTES_FOR_TUNING) {
    double scatter = 1.4826 * shed_weighted_median(x, w, n, .5);
    double line    = fmin(fmax(LINE_IN_SCATTER * scatter, LINE_CENTS), LINE_SUNG_MOST);
    double out     = (line - LINE_CENTS) / (LINE_SUNG_MOST - LINE_CENTS);
    j->line_cents  = line;
    j->far_cents   = FAR_CENTS + out * (FAR_SUNG_MOST - FAR_CENTS);
  }
}

double
shed_judge_deviation(const shed_judged *j, const shed_found *f, double cents)
{
  size_t i = (size_t)fmax(0, round((f->path_onset_s + f->offset_s) / 2 / SHED_FRAME_HOP_S));
  i        = i < j->take->n_frames ? i : j->take->n_frames - 1;
  return cents - (double)j->centre[i];
}

void
shed_judge_tuning(shed_judged *j)
{
  int n = j->target.n_events, n_pitched = 0;
  for (int i = 0; i < n; i++) {
    n_pitched += tells_tuning(&j->found[i]) ? 1 : 0;
  }
  double whole    = middle(j, 0, n, NAN, 1);
  whole           = isnan(whole) ? whole : middle(j, 0, n, whole, 1);
  j->tuning_cents = whole;
  j->tuning_off   = !isnan(whole) && wants_taking_off(j->prompt, n_pitched);
  memset(j->centre, 0, j->take->n_frames * sizeof(*j->centre));
  j->drift_cents = NAN;
  if (!isnan(whole) && n_pitched >= 2 * NOTES_FOR_TUNING) {
    int    third = n / 3 > NOTES_FOR_TUNING ? n / 3 : NOTES_FOR_TUNING;
    double first = middle(j, 0, third, whole, 3), end = middle(j, n - third, n, whole, 3);
    j->drift_cents = end - first;
  }
  if (j->tuning_off) {
    draw_centre(j, clip_cents(whole));
  }
  draw_lines(j);
}
