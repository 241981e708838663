// About this file: what happened between the notes: restarts, hesitations, skips, stops, drift; and the extra notes in their order.
#include "assessors/align_cost.h"
#include "assessors/judge_extras.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double HESITATION_S     = .45;
static const double HESITATION_SHARE = .5; ///< of the interval as well
static const double DRIFT_CENTS      = 35;
static const double PACE_CHANGED     = .08; ///< from the first half to the second
static const double IN_TEMPO_S       = .2;  ///< a bar that is played twice goes on without a stop
enum {
  SKIP_LEAST      = 3, ///< events left out in one place are a skip
  STOP_LEAST      = 2,
  CONFIRMED_LEAST = 2 ///< notes after a jump that make it believable
};

typedef struct {
  shed_judged *j;
  shed_extras  extras;
  size_t       cap_restarts, cap_hesitations, cap_incidents;
} lists;

static shed_status
add_incident(lists *l, const char *kind, double at_s, int from, int to, double amount)
{
  shed_verdict *v  = &l->j->v;
  shed_status   st = shed_grow(l->j->alloc, (void **)&v->incidents, &l->cap_incidents, v->n_incidents,
                               sizeof(*v->incidents));
  if (st != SHED_OK) {
    return st;
  }
  shed_incident *in = &v->incidents[v->n_incidents++];
  *in               = (shed_incident){.at_s = at_s, .from_index = from, .to_index = to, .amount = amount};
  snprintf(in->kind, sizeof(in->kind), "%s", kind);
  return SHED_OK;
}

// -- jumps ---------------------------------------------------------------------------------------------------------

static shed_status
add_restart(lists *l, size_t i, int from)
{
  shed_judged        *j = l->j;
  shed_verdict       *v = &j->v;
  const shed_segment *s = &j->path.segments[i];
  shed_status         st =
      shed_grow(j->alloc, (void **)&v->restarts, &l->cap_restarts, v->n_restarts, sizeof(*v->restarts));
  if (st == SHED_OK) {
    v->restarts[v->n_restarts++] = (shed_restart){.at_s       = shed_segment_start_s(j, s),
                                                  .from_index = shed_line_index(j, from),
                                                  .to_index   = shed_line_index(j, s->event)};
  }
  return st;
}

/// Events confirmed by sound from segment @p i on, before the next jump.
static int
confirmed_after(const shed_judged *j, size_t i)
{
  int n = 0;
  for (size_t k = i; k < j->path.n && (k == i || j->path.segments[k].kind != SHED_STEP_JUMP); k++) {
    const shed_segment *s = &j->path.segments[k];
    n += s->kind != SHED_STEP_EXTRA && s->lane == 0 ? 1 : 0;
  }
  return n;
}

/// How long after the moment at which the next note would have come, s.
static double
waited_before(const shed_judged *j, int from, double from_s, double at_s, double period)
{
  const shed_align_event *ev     = &j->target.events[from];
  double                  length = from + 1 < j->target.n_events ? (ev + 1)->at_s - ev->at_s : ev->length_s;
  return at_s - from_s - length * period;
}

/// Whole bars again, without a stop, and not to mend anything: the player's eyes went back to the wrong line. A restart stops
/// first, or begins anew inside a bar.
static bool
is_repeat(const shed_judged *j, int from, double from_s, const shed_segment *s)
{
  const shed_align_event *ev = j->target.events;
  if (from == j->target.n_events - 1 && s->event == 0) {
    return true;
  }
  double waited = waited_before(j, from, from_s, shed_segment_start_s(j, s), (double)s->period);
  return ev[s->event].bar_start && from + 1 < j->target.n_events && ev[from + 1].bar_start &&
         fabs(waited) <= IN_TEMPO_S;
}

static shed_status
judge_jump(lists *l, size_t i, int from, double from_s)
{
  shed_judged        *j  = l->j;
  const shed_segment *s  = &j->path.segments[i];
  double              at = shed_segment_start_s(j, s);
  if (s->event > from) {
    return add_incident(l, "skip", at, shed_line_index(j, from + 1), shed_line_index(j, s->event - 1),
                        s->event - from - 1);
  }
  if (confirmed_after(j, i) < CONFIRMED_LEAST && s->event != from) {
    return SHED_OK;
  }
  // one note again: struck twice, or, after a break, begun anew from there
  bool rested = waited_before(j, from, from_s, at, (double)s->period) >= SHED_BREAK_S;
  if (s->event == from && !(rested && confirmed_after(j, i) >= CONFIRMED_LEAST)) {
    return shed_extras_again(&l->extras, i);
  }
  if (is_repeat(j, from, from_s, s)) {
    return add_incident(l, "repeat", at, shed_line_index(j, from), shed_line_index(j, s->event),
                        from + 1 - s->event);
  }
  return add_restart(l, i, from);
}

static shed_status
judge_step(lists *l, size_t i, int from, double from_s)
{
  shed_judged        *j  = l->j;
  const shed_segment *s  = &j->path.segments[i];
  shed_verdict       *v  = &j->v;
  double              at = shed_segment_start_s(j, s);
  double      expected = (j->target.events[s->event].at_s - j->target.events[from].at_s) * (double)s->period;
  double      waited   = at - from_s - expected;
  shed_status st       = SHED_OK;
  enum { FREE = SHED_NOTE_FERMATA | SHED_NOTE_RIT | SHED_NOTE_WAIT };
  bool free_time = ((j->target.events[from].flags | j->target.events[s->event].flags) & FREE) != 0;
  if (s->event - from - 1 >= SKIP_LEAST) {
    st = add_incident(l, "skip", at, shed_line_index(j, from + 1), shed_line_index(j, s->event - 1),
                      s->event - from - 1);
  }
  if (st != SHED_OK || free_time || waited <= HESITATION_S || waited <= HESITATION_SHARE * expected) {
    return st;
  }
  const int given_up = (s - 1)->kind == SHED_STEP_EXTRA ? shed_extras_attempted(&l->extras, i - 1) : -1;
  if (given_up >= s->event) {
    return add_restart(l, i, given_up);
  }
  st = shed_grow(j->alloc, (void **)&v->hesitations, &l->cap_hesitations, v->n_hesitations,
                 sizeof(*v->hesitations));
  if (st == SHED_OK) {
    v->hesitations[v->n_hesitations++] =
        (shed_hesitation){.at_s = at, .before_index = shed_line_index(j, s->event), .length_s = waited};
  }
  return st;
}

// -- the ends, and the rest ----------------------------------------------------------------------------------------

/// Going to the beginning from a wrong start is that wrong start, told once.
static void
drop_restart_of_start(shed_verdict *v, int start_index)
{
  for (size_t i = 0; i < v->n_restarts; i++) {
    if (v->restarts[i].to_index < start_index) {
      memmove(&v->restarts[i], &v->restarts[i + 1], (v->n_restarts - i - 1) * sizeof(*v->restarts));
      v->n_restarts--;
      return;
    }
  }
}

/// A tempo of one's own that moves; what is marked to move does.
static shed_status
judge_pace(lists *l, int first, int last)
{
  shed_judged *j = l->j;
  double       from, to;
  if (!shed_judge_pace(j, &from, &to) || fabs(log(to / from)) < PACE_CHANGED) {
    return SHED_OK;
  }
  return add_incident(l, "tempo_drift", NAN, shed_line_index(j, first), shed_line_index(j, last),
                      to / from - 1);
}

static shed_status
judge_other_place(lists *l)
{
  const int s = l->j->guess.hint_shift;
  return s ? add_incident(l, s % 12 ? "other_key" : "other_octave", NAN, -1, -1, s) : SHED_OK;
}

static shed_status
judge_ends(lists *l)
{
  shed_judged *j     = l->j;
  int          first = -1, last = -1, n = j->target.n_events;
  shed_status  st = SHED_OK;
  for (int e = 0; e < n; e++) {
    if (j->found[e].segment >= 0) {
      first = first < 0 ? e : first;
      last  = e;
    }
  }
  if (first < 0) {
    return SHED_OK;
  }
  if (first > 0) {
    st = add_incident(l, "late_start", j->found[first].onset_s, shed_line_index(j, 0),
                      shed_line_index(j, first - 1), first);
  } else if (j->path.segments[0].event >= STOP_LEAST) {
    st = add_incident(l, "wrong_start", shed_segment_start_s(j, &j->path.segments[0]),
                      shed_line_index(j, j->path.segments[0].event), 0, j->path.segments[0].event);
    drop_restart_of_start(&j->v, shed_line_index(j, j->path.segments[0].event));
  }
  if (st == SHED_OK && j->behind_click) {
    st = add_incident(l, "behind_click", j->found[first].onset_s, shed_line_index(j, first),
                      shed_line_index(j, last), j->behind_click);
  }
  if (st == SHED_OK && n - 1 - last >= STOP_LEAST) {
    st = add_incident(l, "early_stop", j->found[last].offset_s, shed_line_index(j, last + 1),
                      shed_line_index(j, n - 1), n - 1 - last);
  }
  if (st == SHED_OK && !j->prompt->fixed_pitch && fabs(j->drift_cents) >= DRIFT_CENTS) {
    st = add_incident(l, "drift", NAN, shed_line_index(j, first), shed_line_index(j, last), j->drift_cents);
  }
  if (st == SHED_OK && (st = judge_pace(l, first, last)) == SHED_OK) {
    st = judge_other_place(l);
  }
  return st;
}

shed_status
shed_judge_events(shed_judged *j)
{
  lists       l    = {.j = j, .extras = shed_extras_begin(j)};
  shed_status st   = SHED_OK;
  int         from = -1;
  double      at   = 0;
  for (size_t i = 0; i < j->path.n && st == SHED_OK; i++) {
    const shed_segment *s = &j->path.segments[i];
    if (s->kind == SHED_STEP_EXTRA) {
      st = shed_extras_of_segment(&l.extras, i);
      continue;
    }
    if (s->kind == SHED_STEP_JUMP && from >= 0) {
      st = judge_jump(&l, i, from, at);
    } else if (from >= 0) {
      st = judge_step(&l, i, from, at);
    }
    from = s->event;
    at   = shed_segment_start_s(j, s);
  }
  if (st == SHED_OK && (st = shed_extras_loose(&l.extras)) == SHED_OK) {
    st = judge_ends(&l);
  }
  shed_extras_end(&l.extras);
  return st;
}
