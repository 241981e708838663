// About this file: rubrics and policies: what they must hold beside their fields, and those that stand in a file of their own,
// outside any course.

#include "drills/content_load.h"

#include "engine/base/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// -- rubrics --------------------------------------------------------------------------------------------------------------

static bool
has(const shed_content_place *place, const char *field)
{
  return shed_yaml_get(place->node, field) != NULL;
}

static const shed_criterion *
criterion_named(const shed_rubric *r, const char *id)
{
  for (size_t i = 0; i < r->n_criteria; i++) {
    if (strcmp(r->criteria[i].id, id) == 0) {
      return &r->criteria[i];
    }
  }
  return NULL;
}

static void
check_human(shed_loader *l, const shed_criterion *c)
{
  double step = has(&c->place, "step") ? c->step : 1;
  if (!has(&c->place, "max") && c->levels.n == 0) {
    shed_fault_of(l, &c->place, "max", "What a person judges needs levels or a most: give levels, or max");
  } else if (has(&c->place, "max") && c->levels.n > 0 &&
             fabs(c->max - c->min - step * (double)(c->levels.n - 1)) > 1e-9) {
    shed_fault_of(l, &c->place, "levels", "%zu levels do not fit %g to %g in steps of %g", c->levels.n,
                  c->min, c->max, step);
  }
}

static void
check_segments(shed_loader *l, const shed_criterion *c)
{
  if (c->needs.n == 0) {
    shed_fault_of(l, &c->place, "needs",
                  "Segments need to know what must be right: pitch, rhythm, tempo, length");
  }
}

static void
check_dimension(shed_loader *l, const shed_criterion *c)
{
  if (!*c->dimension) {
    shed_fault_of(l, &c->place, "dimension", "Which dimension gives the points is not said");
  }
  if (!has(&c->place, "max")) {
    shed_fault_of(l, &c->place, "max", "The most points are not said");
  }
}

static void
check_deductions(shed_loader *l, const shed_criterion *c)
{
  if (c->n_deductions == 0) {
    shed_fault_of(l, &c->place, "deductions", "What is taken off is not said");
  }
  if (!has(&c->place, "max")) {
    shed_fault_of(l, &c->place, "max", "The points that it is taken off are not said");
  }
}

static void
check_nothing(shed_loader *l, const shed_criterion *c)
{
  (void)l;
  (void)c;
}

static void
check_bonus(shed_loader *l, const shed_criterion *c)
{
  if (!*c->requires) {
    shed_fault_of(l, &c->place, "requires", "A bonus needs the criterion that it is given for");
  }
}

static const struct {
  const char *source;
  void (*check)(shed_loader *l, const shed_criterion *c);
} sources[] = {{"", check_human},
               {"human", check_human},
               {"segments", check_segments},
               {"flow", check_nothing},
               {"bonus", check_bonus},
               {"dimension", check_dimension},
               {"deductions", check_deductions}};

static void
check_criterion(shed_loader *l, const shed_rubric *r, const shed_criterion *c)
{
  for (size_t i = 0; i < SHED_COUNTOF(sources); i++) {
    if (strcmp(sources[i].source, c->source) == 0) {
      sources[i].check(l, c);
    }
  }
  if (has(&c->place, "max") && c->max <= c->min) {
    shed_fault_of(l, &c->place, "max", "%g is not more than the fewest points, %g", c->max, c->min);
  }
  if (*c->requires && (!criterion_named(r, c->requires) || criterion_named(r, c->requires) >= c)) {
    shed_fault_of(l, &c->place, "requires", "'%.95s' is no criterion that stands before this one",
                  c->requires);
  }
}

void
shed_rubric_check(shed_loader *l, const shed_rubric *r)
{
  double sum = 0;
  for (size_t c = 0; c < r->n_criteria; c++) {
    sum += r->criteria[c].weight;
    check_criterion(l, r, &r->criteria[c]);
  }
  for (size_t c = 0; c < r->n_alternates; c++) {
    check_criterion(l, r, &r->alternates[c]);
  }
  if (r->n_criteria > 0 && !(sum > 0)) {
    shed_fault_of(l, &r->place, "criteria", "The weights of the criteria add up to %g; something must weigh",
                  sum);
  }
  if (r->n_alternates > 0 && !has(&r->place, "alternates_below")) {
    shed_fault_of(l, &r->place, "alternates_below", "The total under which alternates are tried is not said");
  }
  for (size_t i = 1; i < r->n_labels; i++) {
    if (r->labels[i].from >= r->labels[i - 1].from) {
      shed_fault_of(l, &r->labels[i].place, "from", "%g is not under %g: labels go from the highest down",
                    r->labels[i].from, r->labels[i - 1].from);
    }
  }
}

// -- policies -------------------------------------------------------------------------------------------------------------

void
shed_credit_policy_check(shed_loader *l, const shed_credit_policy *p)
{
  static const char *const weights[] = {"weight_pitch", "weight_rhythm", "weight_intonation",
                                        "weight_continuity"};
  size_t                   zeros     = 0;
  double                   value     = 1;
  for (size_t i = 0; i < SHED_COUNTOF(weights); i++) {
    const shed_yaml *node = shed_yaml_get(p->place.node, weights[i]);
    zeros += node && shed_parse_double(node->text, 0, 0, &value);
  }
  if (zeros == SHED_COUNTOF(weights)) {
    shed_fault_of(l, &p->place, weights[0], "All weights are 0: nothing would make a score");
  }
}

const shed_credit_policy *
shed_course_policy(const shed_course *course, const char *id)
{
  for (size_t i = 0; i < course->n_policies; i++) {
    const char *slash = strrchr(course->policies[i].id, '/');
    if (strcmp(course->policies[i].id, id) == 0 || (slash && strcmp(slash + 1, id) == 0)) {
      return &course->policies[i];
    }
  }
  return NULL;
}

// -- files of their own ---------------------------------------------------------------------------------------------------

typedef shed_status (*checker)(shed_loader *l, const void *object);

static shed_status
check_whole_rubric(shed_loader *l, const void *object)
{
  shed_rubric_check(l, object);
  return shed_rubric_check_ids(l, object);
}

static shed_status
check_whole_policy(shed_loader *l, const void *object)
{
  shed_credit_policy_check(l, object);
  return SHED_OK;
}

// Fills one object of the kind @p name from a text; *out only when there is no fault.
static shed_status
parse(const char *name, checker check, const char *text, size_t n, const char *file, shed_arena *arena,
      void **out, shed_faults *faults, shed_error *err)
{
  const shed_content_object *object = shed_content_object_find(name);
  shed_faults                own    = {.alloc = NULL};
  shed_yaml                 *tree   = NULL;
  shed_loader                l      = {
                          .arena = arena, .folder = "", .faults = faults ? faults : &own, .file = file, .files = {file}};
  l.n_files = 1;
  SHED_ASSERT(object);
  shed_status st = shed_yaml_parse(text, n, file, arena, &tree, err);
  if (st != SHED_OK) {
    return st;
  }
  void *made = shed_arena_get(arena, 1, object->size);
  st         = made ? shed_content_fill(&l, object, tree, "", made) : SHED_E_NOMEM;
  if (st == SHED_OK) {
    st = check(&l, made);
  }
  st = st == SHED_OK && l.out_of_memory ? SHED_E_NOMEM : st;
  st = st == SHED_OK ? shed_faults_tell(l.faults, "", err) : st;
  shed_faults_free(&own);
  if (st == SHED_OK) {
    *out = made;
  }
  return st;
}

static shed_status
load(const char *name, checker check, const char *path, shed_arena *arena, void **out, shed_faults *faults,
     shed_error *err)
{
  char       *text = NULL;
  size_t      n    = 0;
  shed_status st   = shed_file_read(path, SHED_YAML_BYTES, NULL, &text, &n, err);
  char       *file = st == SHED_OK ? shed_arena_text(arena, path, strlen(path)) : NULL;
  if (st == SHED_OK) {
    st = file ? parse(name, check, text, n, file, arena, out, faults, err) : SHED_E_NOMEM;
  }
  shed_free(NULL, text);
  return st;
}

shed_status
shed_rubric_load(const char *path, shed_arena *arena, shed_rubric **out, shed_faults *faults, shed_error *err)
{
  void       *made = NULL;
  shed_status st   = load("rubric", check_whole_rubric, path, arena, &made, faults, err);
  *out             = st == SHED_OK ? made : *out;
  return st;
}

shed_status
shed_credit_policy_load(const char *path, shed_arena *arena, shed_credit_policy **out, shed_faults *faults,
                        shed_error *err)
{
  void       *made = NULL;
  shed_status st   = load("credit_policy", check_whole_policy, path, arena, &made, faults, err);
  *out             = st == SHED_OK ? made : *out;
  return st;
}

shed_status
shed_rubric_parse(const char *text, size_t n, const char *name, shed_arena *arena, shed_rubric **out,
                  shed_faults *faults, shed_error *err)
{
  void       *made = NULL;
  shed_status st   = parse("rubric", check_whole_rubric, text, n, name, arena, &made, faults, err);
  *out             = st == SHED_OK ? made : *out;
  return st;
}

shed_status
shed_credit_policy_parse(const char *text, size_t n, const char *name, shed_arena *arena,
                         shed_credit_policy **out, shed_faults *faults, shed_error *err)
{
  void       *made = NULL;
  shed_status st   = parse("credit_policy", check_whole_policy, text, n, name, arena, &made, faults, err);
  *out             = st == SHED_OK ? made : *out;
  return st;
}
