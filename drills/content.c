// About this file: what the doors ask of a loaded course: things by id, the drill and the targets of a player, prompts.

#include "drills/content_load.h"

#include <stdio.h>
#include <string.h>

static bool
is_called(const char *id, const shed_texts *aliases, const char *wanted)
{
  if (strcmp(id, wanted) == 0) {
    return true;
  }
  for (size_t i = 0; i < aliases->n; i++) {
    if (strcmp(aliases->items[i], wanted) == 0) {
      return true;
    }
  }
  return false;
}

const shed_unit *
shed_course_unit(const shed_course *course, const char *id)
{
  for (size_t i = 0; i < course->n_units; i++) {
    if (is_called(course->units[i].id, &course->units[i].aliases, id)) {
      return &course->units[i];
    }
  }
  return NULL;
}

const shed_rubric *
shed_course_rubric(const shed_course *course, const char *id)
{
  for (size_t i = 0; i < course->n_rubrics; i++) {
    if (is_called(course->rubrics[i].id, &course->rubrics[i].aliases, id)) {
      return &course->rubrics[i];
    }
  }
  return NULL;
}

const shed_drill *
shed_course_drill(const shed_course *course, const char *id, const shed_unit **unit)
{
  for (size_t u = 0; u < course->n_units; u++) {
    for (size_t d = 0; d < course->units[u].n_drills; d++) {
      const shed_drill *drill = &course->units[u].drills[d];
      if (is_called(drill->id, &drill->aliases, id)) {
        if (unit) {
          *unit = &course->units[u];
        }
        return drill;
      }
    }
  }
  return NULL;
}

static bool
can_play(const shed_drill *drill, const shed_profile *profile)
{
  const shed_drill_kind *kind = shed_drill_find(drill->kind);
  return kind && kind->possible(profile);
}

const shed_drill *
shed_course_drill_for(const shed_course *course, const shed_drill *drill, const shed_profile *profile)
{
  if (can_play(drill, profile)) {
    return drill;
  }
  const shed_drill *other = *drill->otherwise ? shed_course_drill(course, drill->otherwise, NULL) : NULL;
  return other && can_play(other, profile) ? other : NULL;
}

static bool
replaces_drills(const shed_course *course, const shed_unit *unit, const shed_profile *profile)
{
  for (size_t i = 0; i < unit->n_drills; i++) {
    const shed_drill *d = &unit->drills[i];
    if (!d->only_otherwise && shed_course_drill_for(course, d, profile) != d) {
      return true;
    }
  }
  return false;
}

static size_t
targets_of(const shed_unit *unit, bool otherwise, const shed_profile *profile, shed_target *out)
{
  const shed_target *targets = otherwise ? unit->targets_otherwise : unit->targets;
  size_t             n       = otherwise ? unit->n_targets_otherwise : unit->n_targets;
  size_t             kept    = 0;
  for (size_t i = 0; i < n; i++) {
    if (shed_profile_shows(profile, targets[i].dimension)) {
      out[kept++] = targets[i];
    }
  }
  return kept;
}

size_t
shed_unit_targets(const shed_course *course, const shed_unit *unit, const shed_profile *profile,
                  shed_target *out)
{
  return targets_of(unit, replaces_drills(course, unit, profile), profile, out);
}

static shed_status
no_drill(const shed_course *course, const char *id, shed_error *err)
{
  char   list[400] = "";
  size_t used      = 0;
  for (size_t u = 0; u < course->n_units; u++) {
    for (size_t d = 0; d < course->units[u].n_drills && used < sizeof(list); d++) {
      used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "",
                               course->units[u].drills[d].id);
    }
  }
  return shed_fail(err, SHED_E_NOTFOUND, course->id, "There is no drill '%.95s'; there are: %s", id, list);
}

enum { REPERTOIRE = 64 };

static size_t
scores_of(const shed_course *course, const shed_drill *drill, shed_drill_score *out)
{
  const shed_json *files = shed_json_get(drill->params, "scores");
  size_t           n     = 0;
  for (size_t i = 0; i < shed_json_size(files) && n < REPERTOIRE; i++) {
    const char *file = shed_json_text(shed_json_at(files, i));
    for (size_t t = 0; t < course->n_scores; t++) {
      const shed_tune *tune = &course->scores[t];
      if (file && strcmp(tune->file, file) == 0) {
        out[n++] = (shed_drill_score){tune->file, tune->title, tune->data, tune->n_data};
      }
    }
  }
  return n;
}

shed_status
shed_course_prompt(const shed_course *course, const char *id, const shed_profile *profile, int level,
                   uint64_t seed, const shed_alloc *alloc, shed_prompt *out, shed_error *err)
{
  shed_target       targets[SHED_DIMENSIONS];
  shed_drill_score  scores[REPERTOIRE];
  const shed_unit  *unit  = NULL;
  const shed_drill *asked = shed_course_drill(course, id, &unit);
  if (!asked) {
    return no_drill(course, id, err);
  }
  const shed_drill *drill = shed_course_drill_for(course, asked, profile);
  if (!drill) {
    return shed_fail(err, SHED_E_UNSUPPORTED, asked->id, "A %s cannot be played on: %s", asked->kind,
                     profile->name);
  }
  // a drill that only stands in for others is held to their stand-in's targets, whoever plays it
  bool   otherwise = drill->only_otherwise || replaces_drills(course, unit, profile);
  size_t n_targets = targets_of(unit, otherwise, profile, targets);

  shed_drill_request r = {.id            = drill->id,
                          .title         = drill->title,
                          .params        = drill->params,
                          .profile       = profile,
                          .level         = level,
                          .seed          = seed,
                          .targets       = targets,
                          .n_targets     = (int)n_targets,
                          .policy        = *drill->policy ? drill->policy : course->policy,
                          .source_sha256 = drill->place.sha256,
                          .scores        = scores,
                          .n_scores      = scores_of(course, drill, scores)};
  return shed_drill_make(shed_drill_find(drill->kind), &r, alloc, out, err);
}

static shed_status
try_player(shed_loader *l, const shed_course *course, const shed_drill *drill, const shed_profile *profile)
{
  for (int level = 1; level <= SHED_LEVELS; level++) {
    shed_prompt p   = {0};
    shed_error  err = {0};
    shed_status st  = shed_course_prompt(course, drill->id, profile, level, 0, NULL, &p, &err);
    shed_prompt_free(&p);
    if (st == SHED_E_NOMEM) {
      return st;
    }
    if (st != SHED_OK) {
      shed_fault_of(l, &drill->place, "params", "For %s on level %d: %s", profile->id, level, err.what);
    }
  }
  return SHED_OK;
}

static shed_status
try_drill(shed_loader *l, const shed_course *course, const shed_drill *drill)
{
  size_t      n  = course->profiles.n ? course->profiles.n : shed_profile_count();
  shed_status st = SHED_OK;
  for (size_t i = 0; i < n && st == SHED_OK; i++) {
    shed_profile p = shed_profile_at(course->profiles.n ? 0 : i);
    if (course->profiles.n) {
      SHED_ASSERT(shed_profile_find(course->profiles.items[i], &p, NULL) == SHED_OK); // checked when loaded
    }
    st = try_player(l, course, drill, &p);
  }
  return st;
}

shed_status
shed_course_try(const shed_course *course, shed_faults *faults, shed_error *err)
{
  shed_loader l      = {.folder = course->folder, .faults = faults, .file = "course.yaml"};
  size_t      before = faults->n;
  for (size_t u = 0; u < course->n_units; u++) {
    for (size_t d = 0; d < course->units[u].n_drills; d++) {
      const shed_drill *drill = &course->units[u].drills[d];
      shed_status       st    = drill->only_otherwise ? SHED_OK : try_drill(&l, course, drill);
      if (st != SHED_OK) {
        return st;
      }
    }
  }
  if (l.out_of_memory) {
    return SHED_E_NOMEM;
  }
  if (faults->n > before) {
    return shed_fail(err, SHED_E_FORMAT, faults->items[before].where, "%s", faults->items[before].what);
  }
  return SHED_OK;
}
