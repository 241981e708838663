#include "app/session/progress.h"

#include "mastery/store/progress.h"
#include "mastery/store/takes.h"

#include <stdio.h>
#include <string.h>

shed_gate_rule
shed_progress_rule(const shed_course *course, const shed_unit *unit, const shed_profile *profile)
{
  shed_gate_rule rule = {0};
  (void)snprintf(rule.id, sizeof(rule.id), "%s", unit->id);
  rule.n_targets = (int)shed_unit_targets(course, unit, profile, rule.targets);
  rule.teacher   = unit->teacher_signs;
  return rule;
}

void
shed_progress_free(shed_progress *p)
{
  shed_free(p->alloc, p->rules);
  shed_free(p->alloc, p->gates);
  shed_free(p->alloc, p->steps);
  memset(p, 0, sizeof(*p));
}

static shed_status
answer_all(shed_store *store, const shed_uuid *student, shed_progress *p, shed_path_unit *units,
           shed_error *err)
{
  for (size_t i = 0; i < p->n; i++) {
    const shed_unit *u = &p->course->units[i];
    p->rules[i]        = shed_progress_rule(p->course, u, &p->profile);
    units[i]           = (shed_path_unit){u->id, u->title, u->prerequisites.items, u->prerequisites.n};
    shed_status st     = shed_store_gate(store, student, &p->rules[i], &p->gates[i], err);
    if (st != SHED_OK) {
      return st;
    }
  }
  return shed_path_answer(units, p->gates, p->n, p->steps, err);
}

shed_status
shed_progress_of(shed_store *store, const shed_uuid *student, const shed_course *course,
                 const shed_profile *profile, const shed_alloc *alloc, shed_progress *out, shed_error *err)
{
  shed_progress   p     = {.alloc = alloc, .course = course, .profile = *profile, .n = course->n_units};
  shed_path_unit *units = shed_calloc(alloc, p.n, sizeof(*units));
  p.rules               = shed_calloc(alloc, p.n, sizeof(*p.rules));
  p.gates               = shed_calloc(alloc, p.n, sizeof(*p.gates));
  p.steps               = shed_calloc(alloc, p.n, sizeof(*p.steps));
  shed_status st        = SHED_E_NOMEM;
  if (units && p.rules && p.gates && p.steps) {
    st = answer_all(store, student, &p, units, err);
  } else {
    st = shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  shed_free(alloc, units);
  if (st != SHED_OK) {
    shed_progress_free(&p);
    return st;
  }
  *out = p;
  return SHED_OK;
}

// The takes come in order of performance: the last one that names an instrument stays.
static bool
remember_instrument(void *ctx, const shed_stored_take *t)
{
  if (t->instrument[0]) {
    (void)snprintf(ctx, sizeof(((shed_prompt *)0)->profile), "%s", t->instrument);
  }
  return true;
}

shed_status
shed_progress_instrument(shed_store *store, const shed_uuid *student, shed_profile *out, shed_error *err)
{
  char        name[sizeof(((shed_prompt *)0)->profile)] = "";
  shed_status st = shed_store_each_take(store, student, NULL, remember_instrument, name, err);
  if (st != SHED_OK) {
    return st;
  }
  if (!name[0]) {
    return shed_fail(err, SHED_E_NOTFOUND, NULL,
                     "no take tells the instrument yet: say it with --instrument");
  }
  return shed_profile_find(name, out, err);
}

typedef struct {
  const char *drill;
  size_t      takes;
  uint64_t    highest; ///< seed
} drill_count;

static bool
count_take(void *ctx, const shed_stored_take *t)
{
  drill_count *count = ctx;
  if (strcmp(t->drill, count->drill) == 0) {
    count->takes++;
    count->highest = t->seed > count->highest ? t->seed : count->highest;
  }
  return true;
}

shed_status
shed_progress_next_drill(shed_store *store, const shed_uuid *student, const shed_course *course,
                         const shed_unit *unit, const shed_profile *profile, const shed_drill **drill,
                         uint64_t *seed, shed_error *err)
{
  const shed_drill *best   = NULL;
  size_t            fewest = 0;
  for (size_t i = 0; i < unit->n_drills; i++) {
    const shed_drill *d = &unit->drills[i];
    if (d->only_otherwise || !(d = shed_course_drill_for(course, d, profile))) {
      continue;
    }
    drill_count count = {.drill = d->id};
    shed_status st    = shed_store_each_take(store, student, unit->id, count_take, &count, err);
    if (st != SHED_OK) {
      return st;
    }
    if (!best || count.takes < fewest) {
      best   = d;
      fewest = count.takes;
      *seed  = count.takes ? count.highest + 1 : 1;
    }
  }
  if (!best) {
    return shed_fail(err, SHED_E_NOTFOUND, unit->id, "has no drill that a %s can play", profile->name);
  }
  *drill = best;
  return SHED_OK;
}
