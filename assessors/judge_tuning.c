// About this file: the tuning offset of a take, and for voices the slow way of the tonal centre. Both are robust: a wrong
// note pulls neither. The offset is never more than 40 cents, so that no real fault is explained away; a voice that sinks or
// rises by and by may go further, since it is one fault and not one of each note.
#include "assessors/judge.h"

#include <math.h>
#include <string.h>

enum { NOTES_FOR_TUNING = 5, WINDOW_EVENTS = 9, MOST_NOTES = 512 };

static const double MOST_CENTS   = 40;  ///< taken off at most
static const double USABLE_CENTS = 100; ///< a deviation beyond this is another note
static const double CORE_CENTS   = 45;  ///< around the first median
static const double DRIFT_MOST   = 180; ///< of a voice, from where it began
static const double DRIFT_WALKS = 50; ///< a voice that moves by less is judged around the whole take's centre
static const double DRIFT_STEP  = 8;  ///< a note; who leaves his key faster sings wrong notes
// Labels: 30 and 70 cents. A voice's own scatter tells how exactly it means a pitch: from 15 cents of it on the lines move
// out, to 50 and 100 at most, where a pitch is no longer nearest to the note that was asked for. Amateurs' sight-singing
// scatters by 20 to 30 cents; a held or trained voice keeps the lines of the instruments.
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
    const shed_found *f     = &j->found[i];
    bool              known = !isnan(start) && f->segment >= 0 && f->m.read >= SHARE_LEAST;
    if (known ? fabs(f->m.cents - start) <= CORE_CENTS : isnan(start) && tells_tuning(f)) {
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
local_centre(const shed_judged *j, int event, double near)
{
  int    n    = j->target.n_events;
  int    from = event - WINDOW_EVENTS > 0 ? event - WINDOW_EVENTS : 0;
  int    to   = event + WINDOW_EVENTS + 1 < n ? event + WINDOW_EVENTS + 1 : n;
  double here = middle(j, from, to, near, NOTES_FOR_TUNING);
  return isnan(here) ? near : here;
}

/// Of a voice that moves, on a line through the halves of the notes around, so that the first and the last are not behind. From
/// @p last by no more than a step.
static double
step_from(const shed_judged *j, int event, double last)
{
  int    n    = j->target.n_events;
  int    from = event - WINDOW_EVENTS > 0 ? event - WINDOW_EVENTS : 0;
  int    to   = event + WINDOW_EVENTS + 1 < n ? event + WINDOW_EVENTS + 1 : n;
  int    mid  = (from + to) / 2;
  double a    = middle(j, from, mid, last, NOTES_FOR_TUNING / 2),
         b    = middle(j, mid, to, last, NOTES_FOR_TUNING / 2);
  double here = local_centre(j, event, last);
  if (!isnan(a) && !isnan(b)) {
    here = a + (b - a) * (event + .5 - .5 * (from + mid)) / (.5 * (to - from));
  }
  here = fmin(fmax(here, last - DRIFT_STEP), last + DRIFT_STEP);
  return fmin(fmax(here, -DRIFT_MOST), DRIFT_MOST);
}

/// Where a voice that moves begins: on the line of its first notes.
static double
first_of(const shed_judged *j, double whole)
{
  double last = clip_cents(local_centre(j, 0, whole));
  for (int i = 0; i < WINDOW_EVENTS; i++) {
    last = step_from(j, 0, last);
  }
  return last;
}

/// @param walks the centre goes on from note to note; else it stays near the whole take's.
/// @return by how much it moves from the first note found to the last.
static double
draw_centre(shed_judged *j, double whole, bool walks)
{
  size_t at   = 0;
  double last = walks ? first_of(j, whole) : whole, first = last;
  for (int i = 0; i < j->target.n_events; i++) {
    if (j->found[i].segment < 0) {
      continue;
    }
    double here = walks             ? step_from(j, i, last)
                  : j->prompt->sung ? clip_cents(local_centre(j, i, whole))
                                    : whole;
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
  return last - first;
}

static void
draw_lines(shed_judged *j)
{
  double x[MOST_NOTES], w[MOST_NOTES];
  size_t n      = 0;
  j->line_cents = SHED_LINE_CENTS;
  j->far_cents  = SHED_FAR_CENTS;
  for (int i = 0; i < j->target.n_events && n < MOST_NOTES && j->prompt->sung; i++) {
    const shed_found *f = &j->found[i];
    if (tells_tuning(f)) {
      x[n]   = fabs(shed_judge_deviation(j, f, f->m.cents));
      w[n++] = 1;
    }
  }
  if (n >= 2 * NOTES_FOR_TUNING) {
    double scatter = 1.4826 * shed_weighted_median(x, w, n, .5);
    double line    = fmin(fmax(LINE_IN_SCATTER * scatter, SHED_LINE_CENTS), SHED_LINE_SUNG_CENTS);
    double out     = (line - SHED_LINE_CENTS) / (SHED_LINE_SUNG_CENTS - SHED_LINE_CENTS);
    j->line_cents  = line;
    j->far_cents   = SHED_FAR_CENTS + out * (SHED_FAR_SUNG_CENTS - SHED_FAR_CENTS);
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
    double moved = j->prompt->sung ? draw_centre(j, clip_cents(whole), true) : 0;
    if (fabs(moved) >= DRIFT_WALKS) {
      j->drift_cents = moved;
    } else {
      (void)draw_centre(j, clip_cents(whole), false);
    }
  }
  draw_lines(j);
}
