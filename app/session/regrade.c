// About this file: students one after the other, each with a list of takes made before anything else is read; then the gates of the
// units in which something moved; then, if asked, the events of that student.
#include "app/session/regrade.h"

#include "app/session/policies.h"
#include "app/session/progress.h"
#include "app/session/regrade_take.h"
#include "mastery/store/policy.h"
#include "mastery/store/progress.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  shed_store              *store;
  const shed_regrade_opts *opts;
  const shed_regrade_told *told;
  const shed_alloc        *alloc;
  shed_regrade_sum        *sum;
  const shed_person       *student;

  shed_regrade_item *items; // of the student
  size_t             n_items, cap_items;
  shed_take_change  *changes; // of those that moved
  size_t             n_changes, cap_changes;
  char (*units)[SHED_ID]; // in which something moved
  size_t             n_units, cap_units;
  shed_regrade_made *made; // to be written when the student's gates are known
  size_t             n_made, cap_made;
  shed_status        st;
  shed_error        *err;
} run;

// -- lists --------------------------------------------------------------------------------------------------------------------

static bool
add_item(void *ctx, const shed_stored_take *t)
{
  run *r = ctx;
  if (t->withdrawn) {
    return true;
  }
  r->st = shed_grow(r->alloc, (void **)&r->items, &r->cap_items, r->n_items, sizeof(*r->items));
  if (r->st != SHED_OK) {
    return false;
  }
  shed_regrade_item *item = &r->items[r->n_items++];
  *item                   = (shed_regrade_item){.event           = t->event,
                                                .performed_at_ms = t->performed_at_ms,
                                                .utc_offset_min  = t->utc_offset_min,
                                                .sha256          = t->sha256,
                                                .corrected       = t->corrected};
  (void)snprintf(item->unit, sizeof(item->unit), "%s", t->unit);
  (void)snprintf(item->drill, sizeof(item->drill), "%s", t->drill);
  (void)snprintf(item->ear, sizeof(item->ear), "%s", t->ear);
  return true;
}

static shed_status
note_change(run *r, const shed_regraded *t)
{
  shed_status st =
      shed_grow(r->alloc, (void **)&r->changes, &r->cap_changes, r->n_changes, sizeof(*r->changes));
  if (st != SHED_OK) {
    return st;
  }
  r->changes[r->n_changes++] = *t->after;
  for (size_t i = 0; i < r->n_units; i++) {
    if (strcmp(r->units[i], t->unit) == 0) {
      return SHED_OK;
    }
  }
  st = shed_grow(r->alloc, (void **)&r->units, &r->cap_units, r->n_units, sizeof(*r->units));
  if (st == SHED_OK) {
    (void)snprintf(r->units[r->n_units++], SHED_ID, "%s", t->unit);
  }
  return st;
}

// -- writing ------------------------------------------------------------------------------------------------------------------

static shed_status
write_made(run *r)
{
  shed_regrade_record *records = shed_calloc(r->alloc, r->n_made ? r->n_made : 1, sizeof(*records));
  shed_decider         who     = *r->opts->apply;
  who.student                  = r->student->id;
  if (!records) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < r->n_made; i++) {
    const shed_regrade_made *m = &r->made[i];
    records[i]                 = (shed_regrade_record){.change  = m->change,
                                                       .score   = m->score,
                                                       .verdict = m->verdict,
                                                       .policy  = m->policy,
                                                       .rubrics = m->rubrics,
                                                       .ear     = m->ear};
  }
  shed_status st = r->n_made ? shed_store_regrade(r->store, &who, records, r->n_made, r->err) : SHED_OK;
  shed_free(r->alloc, records);
  r->sum->written += st == SHED_OK ? r->n_made : 0;
  for (size_t i = 0; i < r->n_made; i++) {
    shed_regrade_made_free(&r->made[i]);
  }
  r->n_made = 0;
  return st;
}

// -- takes --------------------------------------------------------------------------------------------------------------------

// The policy that a teacher gave the student for this unit, if there is one.
static shed_status
given_policy(run *r, const char *unit, shed_policy *out, bool *is_given)
{
  shed_given_policy g  = {.whole = false};
  shed_status       st = shed_store_policy_of(r->store, &r->student->id, unit[0] ? unit : NULL, &g, NULL);
  *is_given            = st == SHED_OK;
  if (st == SHED_OK) {
    st = shed_policy_from_json(g.policy, out, r->err);
  }
  shed_json_free(g.policy);
  return st == SHED_E_NOTFOUND ? SHED_OK : st;
}

static void
tell_take(run *r, const shed_regraded *t)
{
  size_t *const counts[] = {[SHED_REGRADED_SAME]  = &r->sum->same,
                            [SHED_REGRADED_NEW]   = &r->sum->fresh,
                            [SHED_REGRADED_MOVED] = &r->sum->moved,
                            [SHED_REGRADED_KEPT]  = &r->sum->kept,
                            [SHED_REGRADED_NOT]   = &r->sum->failed};
  ++*counts[t->outcome];
  r->sum->takes++;
  r->sum->given += t->given;
  if (r->told->take) {
    r->told->take(r->told->ctx, t);
  }
}

static shed_status
do_take(run *r, const shed_regrade_item *item)
{
  shed_regraded     t    = {.student = r->student};
  shed_regrade_made made = {.verdict = NULL};
  shed_error        err  = {.status = SHED_OK};
  shed_policy       given;
  bool              is_given = false;
  shed_status       st       = SHED_OK;
  if (item->corrected) {
    t.take    = item->event;
    t.unit    = item->unit;
    t.drill   = item->drill;
    t.outcome = SHED_REGRADED_KEPT;
    tell_take(r, &t);
    return SHED_OK;
  }
  if (r->opts->policy && (st = given_policy(r, item->unit, &given, &is_given)) != SHED_OK) {
    return st;
  }
  st = shed_regrade_take(r->store, r->opts, &r->student->id, item, is_given ? &given : NULL, r->alloc, &t,
                         &made, &err);
  if (st != SHED_OK) {
    shed_regrade_made_free(&made);
    return shed_fail(r->err, st, err.where, "%s", err.what);
  }
  tell_take(r, &t);
  if (t.outcome == SHED_REGRADED_MOVED) {
    st = note_change(r, &t);
  }
  bool writes = r->opts->apply && (t.outcome == SHED_REGRADED_MOVED || t.outcome == SHED_REGRADED_NEW);
  if (!writes || st != SHED_OK) {
    shed_regrade_made_free(&made);
    return st;
  }
  st = shed_grow(r->alloc, (void **)&r->made, &r->cap_made, r->n_made, sizeof(*r->made));
  if (st == SHED_OK) {
    r->made[r->n_made++] = made;
  } else {
    shed_regrade_made_free(&made);
  }
  return st;
}

// -- gates --------------------------------------------------------------------------------------------------------------------

static shed_status
gates_of(run *r, const char *unit_id, shed_gate *before, shed_gate *after, const shed_unit **unit,
         shed_gate_rule *rule)
{
  const shed_course *course = NULL;
  shed_profile       profile;
  shed_status        st = shed_library_unit(r->opts->library, unit_id, &course, unit, NULL);
  if (st != SHED_OK) {
    *unit = NULL; // a course that is not at hand: its takes are judged, its gate is not told
    return SHED_OK;
  }
  if (shed_progress_instrument(r->store, &r->student->id, &profile, NULL) != SHED_OK) {
    profile = shed_profile_at(0);
  }
  *rule = shed_progress_rule(course, *unit, &profile);
  st    = shed_store_gate(r->store, &r->student->id, rule, before, r->err);
  return st == SHED_OK
             ? shed_store_gate_if(r->store, &r->student->id, rule, r->changes, r->n_changes, after, r->err)
             : st;
}

static shed_status
tell_gates(run *r)
{
  shed_status st = SHED_OK;
  for (size_t i = 0; i < r->n_units && st == SHED_OK && r->opts->library; i++) {
    shed_gate        before, after;
    shed_gate_rule   rule;
    const shed_unit *unit = NULL;
    st = r->units[i][0] ? gates_of(r, r->units[i], &before, &after, &unit, &rule) : SHED_OK;
    if (st != SHED_OK || !unit) {
      continue;
    }
    r->sum->opened += after.advance && !before.advance;
    r->sum->closed += before.advance && !after.advance;
    if (r->told->gate) {
      shed_regraded_gate g = {
          .student = r->student, .unit = unit, .rule = &rule, .before = &before, .after = &after};
      r->told->gate(r->told->ctx, &g);
    }
  }
  return st;
}

// -- students -----------------------------------------------------------------------------------------------------------------

static shed_status
do_student(run *r, const shed_person *student)
{
  r->student     = student;
  r->n_items     = 0;
  r->n_changes   = 0;
  r->n_units     = 0;
  r->st          = SHED_OK;
  shed_status st = shed_store_each_take(r->store, &student->id, r->opts->unit, add_item, r, r->err);
  st             = st == SHED_OK ? r->st : st;
  for (size_t i = 0; i < r->n_items && st == SHED_OK; i++) {
    st = do_take(r, &r->items[i]);
  }
  if (st == SHED_OK) {
    st = tell_gates(r); // before anything is written: both answers from one state of the store
  }
  if (st == SHED_OK && r->opts->apply) {
    st = write_made(r);
  }
  r->sum->students += r->n_items > 0;
  return st;
}

typedef struct {
  const shed_alloc *alloc;
  shed_person      *items;
  size_t            n, cap;
  shed_status       st;
} people;

static bool
add_person(void *ctx, const shed_person *p)
{
  people *all = ctx;
  all->st     = shed_grow(all->alloc, (void **)&all->items, &all->cap, all->n, sizeof(*all->items));
  if (all->st == SHED_OK) {
    all->items[all->n++] = *p;
  }
  return all->st == SHED_OK;
}

static shed_status
do_everybody(run *r)
{
  people      all = {.alloc = r->alloc};
  shed_status st  = SHED_OK;
  if (r->opts->student) {
    return do_student(r, r->opts->student);
  }
  st = shed_store_each_person(r->store, SHED_ROLE_STUDENT, add_person, &all, r->err);
  st = st == SHED_OK ? all.st : st;
  for (size_t i = 0; i < all.n && st == SHED_OK; i++) {
    st = do_student(r, &all.items[i]);
  }
  shed_free(r->alloc, all.items);
  return st;
}

shed_status
shed_regrade(shed_store *store, const shed_regrade_opts *opts, const shed_regrade_told *told,
             const shed_alloc *alloc, shed_regrade_sum *sum, shed_error *err)
{
  static const shed_regrade_told nobody = {.ctx = NULL};
  run                            r      = {
                                      .store = store, .opts = opts, .told = told ? told : &nobody, .alloc = alloc, .sum = sum, .err = err};
  *sum           = (shed_regrade_sum){.takes = 0};
  shed_status st = do_everybody(&r);
  for (size_t i = 0; i < r.n_made; i++) {
    shed_regrade_made_free(&r.made[i]);
  }
  shed_free(alloc, r.made);
  shed_free(alloc, r.items);
  shed_free(alloc, r.changes);
  shed_free(alloc, r.units);
  return st;
}
