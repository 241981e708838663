// About this file: criteria one after the other by their source, a person's marks over them, then the total: alternates, rounding,
// cap, label. A total is a range wherever something in it is one.
#include "rubrics/rubric.h"

#include "rubrics/round.h"
#include "rubrics/sources.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SAME = 1e-9;

static const struct {
  const char *name;
  shed_source count;
} sources[] = {{"", shed_source_human},
               {"human", shed_source_human},
               {"segments", shed_source_segments},
               {"flow", shed_source_flow},
               {"bonus", shed_source_bonus},
               {"dimension", shed_source_dimension},
               {"deductions", shed_source_deductions}};

const char *
shed_points_state_name(shed_points_state s)
{
  static const char *const names[] = {"counted", "given", "open", "proposed", "not_assessed"};
  return names[s];
}

const char *
shed_rubric_short_id(const shed_rubric *rubric, const char *id)
{
  size_t n = strlen(rubric->id);
  return strncmp(id, rubric->id, n) == 0 && id[n] == '/' ? id + n + 1 : id;
}

// -- marks ----------------------------------------------------------------------------------------------------------------

const shed_rubric_mark *
shed_mark_for(const shed_judging *j, const char *id)
{
  for (size_t i = 0; i < j->n_marks; i++) {
    if (strcmp(j->marks[i].criterion, id) == 0 ||
        strcmp(j->marks[i].criterion, shed_rubric_short_id(j->rubric, id)) == 0) {
      return &j->marks[i];
    }
  }
  return NULL;
}

static double
step_of(const shed_criterion *c)
{
  return shed_field_given(&c->place, "step") ? c->step : 1;
}

static bool
is_multiple(double value, double step)
{
  return fabs(value / step - round(value / step)) < 1e-6;
}

// The points that a criterion can give; of segments the number of them tells, once they are counted.
static void
set_bounds(const shed_criterion *c, shed_points *out)
{
  out->min = c->min;
  out->max = 1;
  if (shed_field_given(&c->place, "max")) {
    out->max = c->max;
  } else if (c->levels.n > 0) {
    out->max = c->min + step_of(c) * (double)(c->levels.n - 1);
  }
}

static shed_status
put_mark(const shed_judging *j, const shed_criterion *c, shed_points *out, shed_error *err)
{
  const shed_rubric_mark *mark = shed_mark_for(j, c->id);
  if (!mark) {
    return SHED_OK;
  }
  if (mark->value < out->min - SAME || mark->value > out->max + SAME ||
      !is_multiple(mark->value - out->min, step_of(c))) {
    return shed_fail(err, SHED_E_RANGE, mark->criterion, "%g is not %g to %g in steps of %g", mark->value,
                     out->min, out->max, step_of(c));
  }
  shed_message m = shed_message_of(SHED_MSG_rubric_given);
  if (out->state == SHED_POINTS_COUNTED || out->state == SHED_POINTS_PROPOSED) {
    char counted[32];
    shed_rubric_range_text(out->least, out->most, counted, sizeof(counted));
    m = shed_message_of(SHED_MSG_rubric_given_over);
    shed_message_str(&m, "counted", counted);
  } else {
    out->n_reasons = 0; // "open" and "not assessed" are true no more
  }
  shed_points_say(out, &m);
  out->state = SHED_POINTS_GIVEN;
  out->least = out->most = mark->value;
  return SHED_OK;
}

static void
list_ids(const shed_rubric *r, const shed_criterion *c, size_t n, shed_str *out)
{
  for (size_t i = 0; i < n; i++) {
    shed_str_addf(out, "%s%s", out->len ? ", " : "", shed_rubric_short_id(r, c[i].id));
    for (size_t d = 0; d < c[i].n_deductions; d++) {
      if (strcmp(c[i].deductions[d].event, "human") == 0) {
        shed_str_addf(out, ", %s", shed_rubric_short_id(r, c[i].deductions[d].id));
      }
    }
  }
}

// Whether points can be put together of the amounts that may be taken off.
static bool
is_sum_of(double value, const shed_numbers *choices)
{
  enum { HUNDREDTHS = 10000 };
  bool      can[HUNDREDTHS + 1] = {true};
  long long all                 = llround(value * 100);
  if (all < 0 || all > HUNDREDTHS || fabs(value * 100 - (double)all) > 1e-6) {
    return false;
  }
  for (long long i = 1; i <= all; i++) {
    for (size_t k = 0; k < choices->n && !can[i]; k++) {
      long long one = llround(choices->items[k] * 100);
      can[i]        = one > 0 && one <= i && can[i - one];
    }
  }
  return can[all];
}

static bool
names_criterion(const shed_judging *j, const shed_rubric_mark *m, const shed_criterion *c, size_t n,
                const shed_deduction **deduction)
{
  const shed_judging one = {.rubric = j->rubric, .marks = m, .n_marks = 1};
  for (size_t i = 0; i < n; i++) {
    if (shed_mark_for(&one, c[i].id)) {
      return true;
    }
    for (size_t d = 0; d < c[i].n_deductions; d++) {
      if (shed_mark_for(&one, c[i].deductions[d].id) && strcmp(c[i].deductions[d].event, "human") == 0) {
        *deduction = &c[i].deductions[d];
        return true;
      }
    }
  }
  return false;
}

bool
shed_rubric_takes_mark(const shed_rubric *rubric, const char *criterion)
{
  const shed_judging     j    = {.rubric = rubric};
  const shed_rubric_mark mark = {criterion, 0};
  const shed_deduction  *d    = NULL;
  return names_criterion(&j, &mark, rubric->criteria, rubric->n_criteria, &d) ||
         names_criterion(&j, &mark, rubric->alternates, rubric->n_alternates, &d);
}

// Each mark names something of this rubric; a count of a person's is a whole number, or made of the choices.
static shed_status
check_marks(const shed_judging *j, shed_error *err)
{
  for (size_t i = 0; i < j->n_marks; i++) {
    const shed_rubric_mark *m = &j->marks[i];
    const shed_deduction   *d = NULL;
    if (!names_criterion(j, m, j->rubric->criteria, j->rubric->n_criteria, &d) &&
        !names_criterion(j, m, j->rubric->alternates, j->rubric->n_alternates, &d)) {
      shed_str known = {.alloc = j->alloc};
      list_ids(j->rubric, j->rubric->criteria, j->rubric->n_criteria, &known);
      list_ids(j->rubric, j->rubric->alternates, j->rubric->n_alternates, &known);
      shed_status st = shed_fail(err, SHED_E_NOTFOUND, m->criterion, "is no criterion of %s; there are %s",
                                 j->rubric->id, shed_str_text(&known));
      shed_str_free(&known);
      return st;
    }
    if (d &&
        (m->value < 0 || (d->choices.n ? !is_sum_of(m->value, &d->choices) : !is_multiple(m->value, 1)))) {
      return shed_fail(err, SHED_E_RANGE, m->criterion, "%g is no %s", m->value,
                       d->choices.n ? "sum of what may be taken off at one place" : "number of times");
    }
  }
  return SHED_OK;
}

// -- one criterion --------------------------------------------------------------------------------------------------------

static double
held(double value, const shed_criterion *c, const shed_points *p)
{
  double bounded = fmin(fmax(value, p->min), p->max);
  return shed_round_as(bounded, c->rounding, c->rounding_step, &c->round_up_at);
}

// A criterion that asks for points of another: none where they are not there, a range where they may be.
static void
apply_requirement(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  double wanted = shed_field_given(&c->place, "requires_points") ? c->requires_points : 1;
  for (size_t i = 0; *c->requires && i < j->rubric->n_criteria && &j->rubric->criteria[i] != c; i++) {
    const shed_points *other = &j->done[i];
    if (strcmp(j->rubric->criteria[i].id, c->requires) != 0 || other->least >= wanted - SAME) {
      continue;
    }
    out->least = out->min;
    if (other->most < wanted - SAME) {
      shed_message m = shed_message_of(SHED_MSG_rubric_requires);
      shed_message_str(&m, "what", shed_rubric_short_id(j->rubric, c->requires));
      out->most      = out->min;
      out->n_reasons = 0;
      shed_points_say(out, &m);
    }
  }
}

static shed_status
count_criterion(const shed_judging *j, const shed_criterion *c, shed_points *out, shed_error *err)
{
  shed_status st = SHED_OK;
  *out           = (shed_points){.criterion = c, .state = SHED_POINTS_OPEN};
  set_bounds(c, out);
  out->least = out->min;
  out->most  = out->max;
  for (size_t i = 0; i < SHED_COUNTOF(sources) && st == SHED_OK; i++) {
    if (strcmp(sources[i].name, c->source) == 0) {
      st = sources[i].count(j, c, out);
    }
  }
  if (st != SHED_OK) {
    return st;
  }
  if (out->state == SHED_POINTS_COUNTED) {
    apply_requirement(j, c, out);
    out->least = held(out->least, c, out);
    out->most  = held(out->most, c, out);
    if (c->proposed) {
      shed_message m = shed_message_of(SHED_MSG_rubric_proposed);
      out->state     = SHED_POINTS_PROPOSED;
      shed_points_say(out, &m);
    }
  }
  return put_mark(j, c, out, err);
}

// -- the total ------------------------------------------------------------------------------------------------------------

static bool
is_settled(const shed_points *p)
{
  return p->state == SHED_POINTS_COUNTED || p->state == SHED_POINTS_GIVEN;
}

static void
add_up(shed_rubric_result *r)
{
  for (size_t i = 0; i < r->rubric->n_criteria; i++) {
    const shed_points *p    = &r->criteria[i];
    double             w    = p->criterion->weight;
    bool               open = !is_settled(p);
    r->max += w * p->max;
    r->n_open += open;
    r->least += open ? 0 : w * p->least;
    r->most += open ? 0 : w * p->most;
    // what is only proposed may come to anything that a person could give
    r->open_least += w * (open ? p->min : p->least);
    r->open_most += w * (open ? p->max : p->most);
  }
}

// The better of the criteria and an alternate that stands, where the criteria give less than the line. Of a range each end is
// taken for itself.
static double
with_alternate(const shed_rubric_result *r, double total, bool most, int *which)
{
  double best = total;
  if (total >= r->rubric->alternates_below - SAME) {
    return total;
  }
  for (size_t i = 0; i < r->rubric->n_alternates; i++) {
    const shed_points *p     = &r->alternates[i];
    double             value = p->criterion->weight * (most ? p->most : p->least);
    if (is_settled(p) && value > best + SAME) {
      best   = value;
      *which = (int)i;
    }
  }
  return best;
}

static double
finish(const shed_rubric_result *r, double total)
{
  double cap = shed_field_given(&r->rubric->place, "cap") ? r->rubric->cap : (double)INFINITY;
  return fmin(shed_round_as(total, r->rubric->rounding, r->rubric->rounding_step, &r->rubric->round_up_at),
              cap);
}

static const char *
label_of(const shed_rubric *r, double total)
{
  for (size_t i = 0; i < r->n_labels; i++) {
    if (total >= r->labels[i].from - SAME) {
      return r->labels[i].name;
    }
  }
  return NULL;
}

static void
conclude(shed_rubric_result *r)
{
  int none     = -1;
  r->alternate = -1;
  add_up(r);
  // two ends of one range: where a sure total lies over the line and an unsure one under it, both are told
  double most      = with_alternate(r, r->most, true, &none);
  double least     = with_alternate(r, r->least, false, &r->alternate);
  r->open_most     = finish(r, fmax(with_alternate(r, r->open_most, true, &none), most));
  r->open_least    = finish(r, with_alternate(r, r->open_least, false, &none));
  r->least         = finish(r, least);
  r->most          = finish(r, fmax(most, least));
  r->open_most     = fmax(r->open_most, r->open_least);
  r->max           = finish(r, r->max);
  r->label         = label_of(r->rubric, r->open_least);
  r->label_most    = label_of(r->rubric, r->open_most);
  double line      = r->rubric->pass * r->max;
  bool   says_pass = shed_field_given(&r->rubric->place, "pass");
  r->passed        = !says_pass ? -1 : r->open_least >= line - SAME ? 1 : r->open_most < line - SAME ? 0 : -1;
}

shed_status
shed_rubric_judge(const shed_rubric *rubric, const shed_prompt *prompt, const shed_verdict *v,
                  const shed_rubric_mark *marks, size_t n_marks, const shed_alloc *alloc,
                  shed_rubric_result *out, shed_error *err)
{
  shed_rubric_result r = {.alloc = alloc, .rubric = rubric};
  shed_judging       j = {
            .alloc = alloc, .rubric = rubric, .prompt = prompt, .v = v, .marks = marks, .n_marks = n_marks};
  shed_status st = check_marks(&j, err);
  if (st != SHED_OK) {
    return st;
  }
  r.criteria   = shed_calloc(alloc, rubric->n_criteria, sizeof(*r.criteria));
  r.alternates = shed_calloc(alloc, rubric->n_alternates ? rubric->n_alternates : 1, sizeof(*r.alternates));
  j.done       = r.criteria;
  st           = r.criteria && r.alternates ? SHED_OK : SHED_E_NOMEM;
  for (size_t i = 0; i < rubric->n_criteria && st == SHED_OK; i++) {
    st = count_criterion(&j, &rubric->criteria[i], &r.criteria[i], err);
  }
  for (size_t i = 0; i < rubric->n_alternates && st == SHED_OK; i++) {
    st = count_criterion(&j, &rubric->alternates[i], &r.alternates[i], err);
  }
  if (st != SHED_OK) {
    shed_rubric_result_free(&r);
    return st;
  }
  conclude(&r);
  *out = r;
  return SHED_OK;
}

void
shed_rubric_result_free(shed_rubric_result *r)
{
  shed_free(r->alloc, r->criteria);
  shed_free(r->alloc, r->alternates);
  r->criteria = r->alternates = NULL;
}
