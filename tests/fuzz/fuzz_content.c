// covers: drills/yaml.c drills/content_fill.c drills/content_check.c drills/content_faults.c drills/content_table.c
// covers: drills/content_rules.c app/session/policies.c rubrics/rubric.c rubrics/round.c rubrics/sources.c
// covers: rubrics/source_deductions.c rubrics/spans.c rubrics/result.c
// Courses: the first byte says which object the rest is ('c' a course, 'r' a rubric, 'p' a policy, 'j' a rubric to judge by, else a unit). It is filled and, as part of a
// course, checked; whatever is wrong must be told as faults, in bounds, and nothing may be left.
#include "app/session/policies.h"
#include "drills/content_load.h"
#include "rubrics/rubric.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
free_params(shed_unit *unit)
{
  for (size_t d = 0; d < unit->n_drills; d++) {
    shed_json_free(unit->drills[d].params);
  }
}

static shed_status
fill(shed_loader *l, const char *object, const shed_yaml *tree, void *out)
{
  return shed_content_fill(l, shed_content_object_find(object), tree, "", out);
}

static void
run(shed_loader *l, char kind, const shed_yaml *tree)
{
  shed_unit   unit   = {0};
  shed_rubric rubric = {0};
  shed_course course = {.id     = "demo",
                        .policy = "",
                        .folder = l->folder,
                        .place  = {.file = "course.yaml", .line = 1, .path = ""}};
  shed_status st     = SHED_OK;
  if (kind == 'c') {
    st = fill(l, "course", tree, &course);
  } else if (kind == 'r') {
    st               = fill(l, "rubric", tree, &rubric);
    course.rubrics   = &rubric;
    course.n_rubrics = 1;
  } else {
    st             = fill(l, "unit", tree, &unit);
    course.units   = &unit;
    course.n_units = 1;
  }
  if (st == SHED_OK) {
    st = shed_content_check(l, &course);
  }
  if (st != SHED_OK || l->faults->n > SHED_FAULTS_MAX) {
    abort();
  }
  free_params(&unit);
}

// A policy's file that has no fault is a policy, and one that has is told at least once.
static void
run_policy(const char *text, size_t n)
{
  shed_faults         faults = {0};
  shed_credit_policy *file   = NULL;
  shed_policy         policy;
  shed_arena         *arena = shed_arena_new(NULL);
  shed_status         st =
      arena ? shed_credit_policy_parse(text, n, "p.yaml", arena, &file, &faults, NULL) : SHED_E_NOMEM;
  if (st == SHED_OK) {
    st = shed_policy_of_file(file, &policy, NULL);
    if (st != SHED_OK && st != SHED_E_RANGE) {
      abort(); // the preset was checked, the numbers were checked
    }
  }
  shed_faults_free(&faults);
  shed_arena_free(arena);
}

// Four notes in two bars: one right, one wrong, one missed, one that nobody can tell.
static void
judge(const shed_rubric *rubric)
{
  enum { NOTES = 4, BARS = 2 };
  static const shed_pitch_label labels[NOTES] = {SHED_PITCH_CORRECT, SHED_PITCH_WRONG, SHED_PITCH_MISSED,
                                                 SHED_PITCH_UNSURE};
  shed_sounding_note            notes[NOTES]  = {{.index = 0}};
  shed_sounding_measure         bars[BARS]    = {{.number = "1"}};
  shed_note_verdict             told[NOTES]   = {{.index = 0}};
  shed_prompt  prompt = {.line = {.notes = notes, .n_notes = NOTES, .measures = bars, .n_measures = BARS}};
  shed_verdict v      = {.notes = told, .n_notes = NOTES, .tempo_bpm = 90};
  shed_rubric_result result = {.rubric = NULL};
  for (int i = 0; i < BARS; i++) {
    bars[i] = (shed_sounding_measure){.number       = "1",
                                      .start_beats  = shed_beat_of(4 * i, 1),
                                      .length_beats = shed_beat_of(4, 1),
                                      .beats        = 4,
                                      .beat_type    = 4};
  }
  for (int i = 0; i < NOTES; i++) {
    notes[i] = (shed_sounding_note){
        .pitched = true, .onset_beats = shed_beat_of(2 * i, 1), .duration_beats = shed_beat_of(2, 1)};
    told[i] = (shed_note_verdict){
        .index = i, .pitch = labels[i], .expected_onset_s = 1 + i, .onset_s = 1.01 * i + 1};
  }
  if (shed_rubric_judge(rubric, &prompt, &v, NULL, 0, NULL, &result, NULL) != SHED_OK) {
    abort();
  }
  if (!(result.least <= result.most) || !(result.open_least <= result.open_most)) {
    abort();
  }
  shed_json_free(shed_rubric_result_to_json(&result));
  shed_rubric_result_free(&result);
}

// A rubric without a fault can be judged by.
static void
run_rubric(const char *text, size_t n)
{
  shed_faults  faults = {0};
  shed_rubric *rubric = NULL;
  shed_arena  *arena  = shed_arena_new(NULL);
  if (arena && shed_rubric_parse(text, n, "r.yaml", arena, &rubric, &faults, NULL) == SHED_OK) {
    judge(rubric);
  }
  shed_faults_free(&faults);
  shed_arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0) {
    return 0;
  }
  if (data[0] == 'p' || data[0] == 'j') {
    (data[0] == 'p' ? run_policy : run_rubric)((const char *)data + 1, size - 1);
    return 0;
  }
  shed_faults faults = {0};
  shed_yaml  *tree   = NULL;
  shed_arena *arena  = shed_arena_new(NULL);
  shed_loader l      = {.arena = arena, .folder = "nowhere", .faults = &faults, .file = "x.yaml"};
  if (!arena) {
    return 0;
  }
  if (shed_yaml_parse((const char *)data + 1, size - 1, "x.yaml", arena, &tree, NULL) == SHED_OK) {
    run(&l, (char)data[0], tree);
  }
  shed_faults_free(&faults);
  shed_arena_free(arena);
  return 0;
}
