// About this file: what a course must hold beside its fields: ids that are its own and unique, references that lead
// somewhere, prerequisites without a cycle, a measure for each objective, a drill for each player.

#include "drills/content_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// -- ids ------------------------------------------------------------------------------------------------------------------

typedef struct {
  const char               *id;
  const shed_content_place *place;
  const char               *field; // "id" or "aliases"
} named;

typedef struct {
  shed_arena *arena;
  named      *items;
  size_t      n, cap;
  bool        failed;
} registry;

static void
enter(registry *r, const char *id, const shed_content_place *place, const char *field)
{
  if (!*id || r->failed) {
    return;
  }
  if (r->n == r->cap) {
    size_t cap  = r->cap ? 2 * r->cap : 64;
    named *more = shed_arena_get(r->arena, cap, sizeof(*more));
    if (!more) {
      r->failed = true;
      return;
    }
    if (r->n > 0) {
      memcpy(more, r->items, r->n * sizeof(*more));
    }
    r->items = more;
    r->cap   = cap;
  }
  r->items[r->n++] = (named){id, place, field};
}

static void
enter_all(registry *r, const char *id, const shed_texts *aliases, const shed_content_place *place)
{
  enter(r, id, place, "id");
  for (size_t i = 0; aliases && i < aliases->n; i++) {
    enter(r, aliases->items[i], place, "aliases");
  }
}

static int
by_id(const void *a, const void *b)
{
  const named *x    = a;
  const named *y    = b;
  int          same = strcmp(x->id, y->id);
  if (same == 0 && x->place != y->place) { // where the course comes first to it
    same = strcmp(x->place->file, y->place->file);
    same = same ? same : x->place->line - y->place->line;
  }
  return same ? same : strcmp(x->field, y->field);
}

static void
must_begin(shed_loader *l, const char *id, const char *parent, const shed_content_place *place)
{
  size_t n = strlen(parent);
  if (*id && n && (strncmp(id, parent, n) != 0 || id[n] != '/')) {
    shed_fault_of(l, place, "id", "'%.95s' must begin with '%.95s/'", id, parent);
  }
}

static void
register_unit(shed_loader *l, registry *r, const shed_course *course, const shed_unit *u)
{
  enter_all(r, u->id, &u->aliases, &u->place);
  must_begin(l, u->id, course->id, &u->place);
  for (size_t i = 0; i < u->n_objectives; i++) {
    enter_all(r, u->objectives[i].id, NULL, &u->objectives[i].place);
    must_begin(l, u->objectives[i].id, u->id, &u->objectives[i].place);
  }
  for (size_t i = 0; i < u->n_drills; i++) {
    enter_all(r, u->drills[i].id, &u->drills[i].aliases, &u->drills[i].place);
    must_begin(l, u->drills[i].id, u->id, &u->drills[i].place);
  }
  for (size_t i = 0; i < u->n_activities; i++) {
    enter_all(r, u->activities[i].id, NULL, &u->activities[i].place);
    must_begin(l, u->activities[i].id, u->id, &u->activities[i].place);
  }
}

static void
register_criterion(shed_loader *l, registry *r, const shed_rubric *rubric, const shed_criterion *c)
{
  enter_all(r, c->id, NULL, &c->place);
  must_begin(l, c->id, rubric->id, &c->place);
  for (size_t i = 0; i < c->n_deductions; i++) {
    enter_all(r, c->deductions[i].id, NULL, &c->deductions[i].place);
    must_begin(l, c->deductions[i].id, c->id, &c->deductions[i].place);
  }
}

// What is in a rubric; the rubric of a course is the course's.
static void
register_rubric(shed_loader *l, registry *r, const shed_course *course, const shed_rubric *rubric)
{
  enter_all(r, rubric->id, &rubric->aliases, &rubric->place);
  if (course) {
    must_begin(l, rubric->id, course->id, &rubric->place);
  }
  for (size_t c = 0; c < rubric->n_criteria; c++) {
    register_criterion(l, r, rubric, &rubric->criteria[c]);
  }
  for (size_t c = 0; c < rubric->n_alternates; c++) {
    register_criterion(l, r, rubric, &rubric->alternates[c]);
  }
}

static shed_status
twice(shed_loader *l, registry *r)
{
  if (r->failed) {
    return SHED_E_NOMEM;
  }
  if (r->n > 0) {
    qsort(r->items, r->n, sizeof(*r->items), by_id);
  }
  for (size_t i = 1; i < r->n; i++) {
    const named *first = &r->items[i - 1];
    if (strcmp(first->id, r->items[i].id) == 0) {
      shed_fault_of(l, r->items[i].place, r->items[i].field, "The id '%.95s' is taken already, in %s:%d",
                    first->id, first->place->file, first->place->line);
    }
  }
  return SHED_OK;
}

shed_status
shed_rubric_check_ids(shed_loader *l, const shed_rubric *rubric)
{
  registry r = {.arena = l->arena};
  register_rubric(l, &r, NULL, rubric);
  return twice(l, &r);
}

static shed_status
check_ids(shed_loader *l, const shed_course *course)
{
  registry r = {.arena = l->arena};
  enter_all(&r, course->id, &course->aliases, &course->place);
  for (size_t i = 0; i < course->n_units; i++) {
    register_unit(l, &r, course, &course->units[i]);
  }
  for (size_t i = 0; i < course->n_rubrics; i++) {
    register_rubric(l, &r, course, &course->rubrics[i]);
  }
  for (size_t i = 0; i < course->n_policies; i++) {
    enter_all(&r, course->policies[i].id, NULL, &course->policies[i].place);
    must_begin(l, course->policies[i].id, course->id, &course->policies[i].place);
  }
  return twice(l, &r);
}

// -- prerequisites --------------------------------------------------------------------------------------------------------

typedef enum { UNSEEN, OPEN, DONE } colour;

typedef struct {
  shed_loader       *l;
  const shed_course *course;
  colour            *colours; // one a unit
  size_t            *trail;   // units from the root of the search to here
  size_t             depth;
} search;

static void
fault_cycle(const search *s, size_t back_to)
{
  char   text[300];
  size_t used = 0;
  size_t from = 0;
  while (s->trail[from] != back_to) {
    from++;
  }
  for (size_t i = from; i < s->depth && used < sizeof(text); i++) {
    used += (size_t)snprintf(text + used, sizeof(text) - used, "%s -> ", s->course->units[s->trail[i]].id);
  }
  const shed_unit *last = &s->course->units[s->trail[s->depth - 1]];
  shed_fault_of(s->l, &last->place, "prerequisites", "The prerequisites go in a circle: %s%s", text,
                s->course->units[back_to].id);
}

static void
visit(search *s, size_t at)
{
  const shed_unit *u   = &s->course->units[at];
  s->colours[at]       = OPEN;
  s->trail[s->depth++] = at;
  for (size_t i = 0; i < u->prerequisites.n; i++) {
    const shed_unit *before = shed_course_unit(s->course, u->prerequisites.items[i]);
    if (!before) {
      shed_fault_of(s->l, &u->place, "prerequisites", "There is no unit '%.95s'", u->prerequisites.items[i]);
      continue;
    }
    size_t to = (size_t)(before - s->course->units);
    if (s->colours[to] == OPEN) {
      fault_cycle(s, to);
    } else if (s->colours[to] == UNSEEN) {
      visit(s, to);
    }
  }
  s->depth--;
  s->colours[at] = DONE;
}

static shed_status
check_prerequisites(shed_loader *l, const shed_course *course)
{
  search s = {.l       = l,
              .course  = course,
              .colours = shed_arena_get(l->arena, course->n_units, sizeof(colour)),
              .trail   = shed_arena_get(l->arena, course->n_units, sizeof(size_t))};
  if (!s.colours || !s.trail) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < course->n_units; i++) {
    if (s.colours[i] == UNSEEN) {
      visit(&s, i); // as deep as there are units, 200 at most
    }
  }
  return SHED_OK;
}

// -- measures -------------------------------------------------------------------------------------------------------------

static const char *
last_part(const char *id)
{
  const char *slash = strrchr(id, '/');
  return slash ? slash + 1 : id;
}

static bool
drills_measure(const shed_unit *u, const char *dimension, bool otherwise)
{
  for (size_t i = 0; i < u->n_drills; i++) {
    const shed_drill_kind *kind = shed_drill_find(u->drills[i].kind);
    if (!kind) {
      return true; // an unknown kind is told already, and might
    }
    if ((otherwise || !u->drills[i].only_otherwise) && shed_drill_measures(kind, dimension)) {
      return true;
    }
  }
  return false;
}

// A rubric scores a dimension that bears its name.
static bool
rubric_measures(const shed_course *course, const char *dimension)
{
  for (size_t i = 0; i < course->n_rubrics; i++) {
    if (strcmp(last_part(course->rubrics[i].id), dimension) == 0) {
      return true;
    }
  }
  return false;
}

static bool
has_target(const shed_unit *u, const char *dimension)
{
  for (size_t i = 0; i < u->n_targets; i++) {
    if (strcmp(u->targets[i].dimension, dimension) == 0) {
      return true;
    }
  }
  return false;
}

static void
check_targets(shed_loader *l, const shed_course *course, const shed_unit *u)
{
  for (size_t i = 0; i < u->n_targets; i++) {
    const char *d = u->targets[i].dimension;
    if (!drills_measure(u, d, false) && !rubric_measures(course, d)) {
      shed_fault_of(l, &u->place, "targets",
                    "Nothing measures '%s': no drill of the unit, no rubric of that name", d);
    }
  }
  for (size_t i = 0; i < u->n_targets_otherwise; i++) {
    const char *d = u->targets_otherwise[i].dimension;
    if (!drills_measure(u, d, true) && !rubric_measures(course, d)) {
      shed_fault_of(l, &u->place, "targets_otherwise",
                    "Nothing measures '%s': no drill of the unit, no rubric of that name", d);
    }
  }
}

static bool
served(const shed_unit *u, const char *objective)
{
  for (size_t a = 0; a < u->n_activities; a++) {
    for (size_t i = 0; i < u->activities[a].objectives.n; i++) {
      if (strcmp(u->activities[a].objectives.items[i], objective) == 0) {
        return true;
      }
    }
  }
  return false;
}

static void
check_objectives(shed_loader *l, const shed_course *course, const shed_unit *u)
{
  for (size_t i = 0; i < u->n_objectives; i++) {
    const shed_objective *o = &u->objectives[i];
    if (!*o->dimension && !*o->rubric) {
      shed_fault_of(
          l, &o->place, "dimension",
          "The objective '%.95s' has no measure: give it a dimension of the unit's targets or a rubric",
          o->id);
    }
    if (*o->dimension && !has_target(u, o->dimension)) {
      shed_fault_of(l, &o->place, "dimension", "'%s' is not among the unit's targets", o->dimension);
    }
    if (*o->rubric && !shed_course_rubric(course, o->rubric)) {
      shed_fault_of(l, &o->place, "rubric", "There is no rubric '%.95s'", o->rubric);
    }
    if (*o->id && !served(u, o->id)) {
      shed_fault_of(l, &o->place, "id", "No activity of the unit serves the objective '%.95s'", o->id);
    }
  }
}

// -- activities and drills ------------------------------------------------------------------------------------------------

static bool
is_objective(const shed_unit *u, const char *id)
{
  for (size_t i = 0; i < u->n_objectives; i++) {
    if (strcmp(u->objectives[i].id, id) == 0) {
      return true;
    }
  }
  return false;
}

static void
check_activities(shed_loader *l, const shed_course *course, const shed_unit *u)
{
  bool several = false;
  for (size_t i = 0; i < u->n_activities; i++) {
    const shed_activity *a = &u->activities[i];
    several |= strcmp(a->kind, u->activities[0].kind) != 0;
    if (!*a->text && !*a->drill && !*a->file) {
      shed_fault_of(l, &a->place, "text",
                    "The activity '%.95s' has nothing to do: give it a text, a drill or a file", a->id);
    }
    if (*a->drill && !shed_course_drill(course, a->drill, NULL)) {
      shed_fault_of(l, &a->place, "drill", "There is no drill '%.95s'", a->drill);
    }
    for (size_t o = 0; o < a->objectives.n; o++) {
      if (!is_objective(u, a->objectives.items[o])) {
        shed_fault_of(l, &a->place, "objectives", "The unit has no objective '%.95s'",
                      a->objectives.items[o]);
      }
    }
  }
  if (u->n_activities > 1 && !several) {
    shed_fault_of(l, &u->place, "activities", "All activities are of kind '%s'; a unit needs several kinds",
                  u->activities[0].kind);
  }
}

static bool
has_score(const shed_course *course, const char *file)
{
  for (size_t i = 0; i < course->n_scores; i++) {
    if (strcmp(course->scores[i].file, file) == 0) {
      return true;
    }
  }
  return false;
}

static void
check_params(shed_loader *l, const shed_course *course, const shed_drill *d, const shed_drill_kind *kind)
{
  shed_error       err = {0};
  char             field[64];
  const shed_json *files = shed_json_get(d->params, "scores");
  if (shed_drill_check(kind, d->params, &err) != SHED_OK) {
    const shed_yaml *member = shed_yaml_get(shed_yaml_get(d->place.node, "params"), err.where);
    (void)snprintf(field, sizeof(field), "params.%.50s", err.where);
    const char *was = l->file;
    l->file         = d->place.file;
    shed_fault_add(l, member ? member->line : d->place.line, d->place.path, field, "%s", err.what);
    l->file = was;
    return;
  }
  for (size_t i = 0; i < shed_json_size(files); i++) {
    const char *file = shed_json_text(shed_json_at(files, i));
    if (!has_score(course, file)) {
      shed_fault_of(l, &d->place, "params", "The score '%.80s' is not among the course's scores", file);
    }
  }
}

// Each player of the course can play the drill or the one that stands in for it.
static void
check_players(shed_loader *l, const shed_course *course, const shed_unit *u, const shed_drill *d)
{
  size_t n = course->profiles.n ? course->profiles.n : shed_profile_count();
  for (size_t i = 0; i < n; i++) {
    shed_profile p = {0};
    if (course->profiles.n && shed_profile_find(course->profiles.items[i], &p, NULL) != SHED_OK) {
      continue;
    }
    p                      = course->profiles.n ? p : shed_profile_at(i);
    const shed_drill *real = shed_course_drill_for(course, d, &p);
    if (!real) {
      shed_fault_of(l, &d->place, "otherwise",
                    "A %s cannot be played on: %s. Name a drill that stands in for it", d->kind, p.name);
      return;
    }
    if (real != d && u->n_targets_otherwise == 0) {
      shed_fault_of(l, &u->place, "targets_otherwise",
                    "'%.60s' is replaced for %s, but the unit says no targets for that", d->id, p.name);
      return;
    }
  }
}

static void
check_drills(shed_loader *l, const shed_course *course, const shed_unit *u)
{
  for (size_t i = 0; i < u->n_drills; i++) {
    const shed_drill      *d      = &u->drills[i];
    const shed_drill_kind *kind   = shed_drill_find(d->kind);
    const shed_unit       *within = NULL;
    if (!kind) {
      continue; // told when it was filled
    }
    check_params(l, course, d, kind);
    if (*d->otherwise && (!shed_course_drill(course, d->otherwise, &within) || within != u)) {
      shed_fault_of(l, &d->place, "otherwise", "There is no drill '%.95s' in this unit", d->otherwise);
    } else if (!d->only_otherwise) {
      check_players(l, course, u, d);
    }
  }
}

// A policy that is named is a preset or one of the course's.
static void
check_policy(shed_loader *l, const shed_course *course, const char *id, const shed_content_place *place)
{
  if (*id && !shed_is_preset(id) && !shed_course_policy(course, id)) {
    shed_fault_of(l, place, "policy",
                  "There is no policy '%.95s': neither among the presets (%s) nor in this course", id,
                  SHED_PRESETS);
  }
}

static void
check_policies(shed_loader *l, const shed_course *course)
{
  check_policy(l, course, course->policy, &course->place);
  for (size_t u = 0; u < course->n_units; u++) {
    for (size_t d = 0; d < course->units[u].n_drills; d++) {
      check_policy(l, course, course->units[u].drills[d].policy, &course->units[u].drills[d].place);
    }
  }
  for (size_t i = 0; i < course->n_policies; i++) {
    shed_credit_policy_check(l, &course->policies[i]);
  }
}

static void
check_rubrics(shed_loader *l, const shed_course *course)
{
  for (size_t i = 0; i < course->n_rubrics; i++) {
    const shed_rubric *r = &course->rubrics[i];
    shed_rubric_check(l, r);
    if (!shed_yaml_get(r->place.node, "pass") && r->n_labels == 0) {
      shed_fault_of(l, &r->place, "pass", "Nothing says what the points mean: give pass, or labels");
    }
  }
}

shed_status
shed_content_check(shed_loader *l, const shed_course *course)
{
  shed_status st = check_ids(l, course);
  if (st == SHED_OK) {
    st = check_prerequisites(l, course);
  }
  for (size_t i = 0; i < course->n_units && st == SHED_OK; i++) {
    check_targets(l, course, &course->units[i]);
    check_objectives(l, course, &course->units[i]);
    check_activities(l, course, &course->units[i]);
    check_drills(l, course, &course->units[i]);
  }
  check_rubrics(l, course);
  check_policies(l, course);
  return st;
}
