// About this file: a course from its folder: fields, scores, checks, hashes.

#include "drills/content_load.h"

#include "engine/base/file.h"

#include <stdio.h>
#include <string.h>

enum { SCORE_BYTES = 16 << 20 };

// Whether a score is one: it parses, and something sounds.
static shed_status
check_score(shed_loader *l, const shed_tune *tune)
{
  shed_score    *score = NULL;
  shed_line      line  = {0};
  shed_selection sel   = {0};
  shed_error     err   = {0};
  shed_status    st    = shed_score_parse(tune->data, tune->n_data, tune->file, NULL, &score, &err);
  if (st == SHED_OK) {
    st = shed_score_perform(score, &sel, NULL, &line, &err);
  }
  if (st == SHED_OK && line.n_notes == 0) {
    shed_fault_of(l, &tune->place, "file", "The score '%.80s' has no notes", tune->file);
  } else if (st != SHED_OK && st != SHED_E_NOMEM) {
    shed_fault_of(l, &tune->place, "file", "The score does not read: %s %s", err.where, err.what);
  }
  shed_line_free(&line);
  shed_score_free(score);
  return st == SHED_E_NOMEM ? st : SHED_OK;
}

static shed_status
load_score(shed_loader *l, shed_tune *tune)
{
  char       full[1024];
  char      *data = NULL;
  size_t     n    = 0;
  shed_error err  = {0};
  if (!*tune->file) {
    return SHED_OK; // its fault is told already
  }
  (void)snprintf(full, sizeof(full), "%s/%s", l->folder, tune->file);
  shed_status st = shed_file_read(full, SCORE_BYTES, NULL, &data, &n, &err);
  if (st == SHED_E_NOMEM) {
    return st;
  }
  if (st != SHED_OK) {
    shed_fault_of(l, &tune->place, "file", "The score does not read: %s", err.what);
    return SHED_OK;
  }
  tune->data   = shed_arena_text(l->arena, data, n);
  tune->n_data = n;
  shed_free(NULL, data);
  return tune->data ? check_score(l, tune) : SHED_E_NOMEM;
}

static void
hash_json(shed_json *json, shed_sha256 *out)
{
  shed_str text = {0};
  shed_json_write(json, SHED_JSON_CANONICAL, &text);
  *out = shed_sha256_of(shed_str_text(&text), text.len);
  shed_str_free(&text);
  shed_json_free(json);
}

static void
add_hash(shed_json *list, const char *text)
{
  shed_json_add(list, shed_json_string(text));
}

static const shed_tune *
tune_named(const shed_course *course, const char *file)
{
  for (size_t i = 0; i < course->n_scores; i++) {
    if (file && strcmp(course->scores[i].file, file) == 0) {
      return &course->scores[i];
    }
  }
  return NULL;
}

// A drill is also the scores that it takes its pieces from; a course is everything in it.
static void
hash_all(shed_course *course)
{
  shed_json *all = shed_json_array();
  add_hash(all, course->place.sha256.text);
  for (size_t i = 0; i < course->n_scores; i++) {
    shed_tune *t    = &course->scores[i];
    t->place.sha256 = shed_sha256_of(t->data, t->n_data);
    add_hash(all, t->place.sha256.text);
  }
  for (size_t u = 0; u < course->n_units; u++) {
    add_hash(all, course->units[u].place.sha256.text);
    for (size_t d = 0; d < course->units[u].n_drills; d++) {
      shed_drill      *drill = &course->units[u].drills[d];
      const shed_json *names = shed_json_get(drill->params, "scores");
      shed_json       *parts = shed_json_array();
      add_hash(parts, drill->place.sha256.text);
      for (size_t i = 0; i < shed_json_size(names); i++) {
        const shed_tune *tune = tune_named(course, shed_json_text(shed_json_at(names, i)));
        add_hash(parts, tune ? tune->place.sha256.text : "");
      }
      hash_json(parts, &drill->place.sha256);
    }
  }
  for (size_t r = 0; r < course->n_rubrics; r++) {
    add_hash(all, course->rubrics[r].place.sha256.text);
  }
  for (size_t i = 0; i < course->n_policies; i++) {
    add_hash(all, course->policies[i].place.sha256.text);
  }
  hash_json(all, &course->place.sha256);
}

static shed_status
load(shed_loader *l, shed_course *course)
{
  shed_yaml  *tree = NULL;
  shed_status st   = shed_content_read(l, l->file, 1, "", &tree);
  if (st != SHED_OK || !tree) {
    return st;
  }
  st = shed_content_fill(l, shed_content_object_find("course"), tree, "", course);
  for (size_t i = 0; i < course->n_scores && st == SHED_OK; i++) {
    st = load_score(l, &course->scores[i]);
  }
  if (st == SHED_OK) {
    st = shed_content_check(l, course);
  }
  if (st == SHED_OK && l->faults->n == 0) {
    hash_all(course);
  }
  return st;
}

static shed_status
new_course(const char *folder, const shed_alloc *alloc, shed_course **out)
{
  shed_arena *arena = shed_arena_new(alloc);
  if (!arena) {
    return SHED_E_NOMEM;
  }
  shed_course *course = shed_arena_get(arena, 1, sizeof(*course));
  char        *copy   = course ? shed_arena_text(arena, folder, strlen(folder)) : NULL;
  if (!copy) {
    shed_arena_free(arena);
    return SHED_E_NOMEM;
  }
  course->alloc  = alloc;
  course->arena  = arena;
  course->folder = copy;
  *out           = course;
  return SHED_OK;
}

shed_status
shed_course_load(const char *folder, const shed_alloc *alloc, shed_course **out, shed_faults *faults,
                 shed_error *err)
{
  char         main_file[1024];
  shed_faults  own    = {.alloc = alloc};
  shed_course *course = NULL;
  if ((size_t)snprintf(main_file, sizeof(main_file), "%s/course.yaml", folder) >= sizeof(main_file) ||
      !shed_file_exists(main_file)) {
    return shed_fail(err, SHED_E_NOTFOUND, folder,
                     "There is no course here: a course's folder holds a course.yaml");
  }
  shed_status st = new_course(folder, alloc, &course);
  if (st != SHED_OK) {
    return st;
  }
  shed_loader l = {
      .arena = course->arena, .folder = folder, .faults = faults ? faults : &own, .file = "course.yaml"};
  st = load(&l, course);
  st = st == SHED_OK && l.out_of_memory ? SHED_E_NOMEM : st;
  st = st == SHED_OK ? shed_faults_tell(l.faults, course->folder, err) : st;
  shed_faults_free(&own);
  if (st != SHED_OK) {
    shed_course_free(course);
    return st;
  }
  *out = course;
  return SHED_OK;
}

void
shed_course_free(shed_course *course)
{
  if (!course) {
    return;
  }
  for (size_t u = 0; u < course->n_units; u++) {
    for (size_t d = 0; d < course->units[u].n_drills; d++) {
      shed_json_free(course->units[u].drills[d].params);
    }
  }
  shed_arena_free(course->arena);
}
