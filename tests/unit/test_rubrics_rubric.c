// Rubrics against examples that were worked out by hand: tests/rubrics/*.yaml, each with what was played, the marks given, the
// working in words and what comes out. Every rubric of content/rubrics has two at least.
#include "rubrics/rubric.h"

#include "drills/arena.h"
#include "drills/yaml.h"
#include "engine/base/file.h"
#include "rubrics/round.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"

#include <dirent.h>
#include <stdlib.h>

#define EXAMPLES SHED_SOURCE_DIR "/tests/rubrics"
#define RUBRICS  SHED_SOURCE_DIR "/content/rubrics"

static const double START_S = 1;

typedef struct {
  const char        *name;
  shed_arena        *arena;
  shed_yaml         *tree;
  shed_rubric       *rubric;
  shed_prompt        prompt;
  shed_verdict       verdict;
  bool               played;
  shed_rubric_mark   marks[32];
  size_t             n_marks;
  shed_rubric_result result;
} example;

static double
number_of(const shed_yaml *node, const char *key, double otherwise)
{
  const shed_yaml *v     = shed_yaml_get(node, key);
  double           value = otherwise;
  if (v && !shed_parse_double(v->text, -1e6, 1e6, &value)) {
    fail_msg("line %d: %s is no number", v->line, v->text);
  }
  return value;
}

static const char *
text_of(const shed_yaml *node, const char *key)
{
  const shed_yaml *v = shed_yaml_get(node, key);
  return v ? v->text : "";
}

static shed_rubric *
load_rubric(const char *file, shed_arena *arena)
{
  char         path[600];
  shed_rubric *r      = NULL;
  shed_faults  faults = {0};
  shed_error   err    = {0};
  (void)snprintf(path, sizeof(path), "%s/%s.yaml", RUBRICS, file);
  if (shed_rubric_load(path, arena, &r, &faults, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  shed_faults_free(&faults);
  return r;
}

// -- what was played --------------------------------------------------------------------------------------------------------

static void
play_right(example *e)
{
  const shed_line *line   = &e->prompt.line;
  double           beat_s = 60 / line->tempo_bpm;
  e->verdict =
      (shed_verdict){.n_notes = line->n_notes, .tempo_bpm = line->tempo_bpm, .passed = -1, .assessed = 1};
  e->verdict.notes = calloc(line->n_notes, sizeof(*e->verdict.notes));
  assert_non_null(e->verdict.notes);
  for (size_t i = 0; i < line->n_notes; i++) {
    double at           = START_S + shed_beat_quarters(line->notes[i].onset_beats) * beat_s;
    e->verdict.notes[i] = (shed_note_verdict){.index            = (int)i,
                                              .pitch            = SHED_PITCH_CORRECT,
                                              .timing           = SHED_TIMING_ON_TIME,
                                              .length           = SHED_LENGTH_OK,
                                              .credit           = 1,
                                              .expected_onset_s = at,
                                              .onset_s          = at,
                                              .played_midi      = line->notes[i].midi,
                                              .confidence       = .99};
  }
}

static int
label_named(const char *text, const char *(*name)(int), int otherwise)
{
  for (int i = 1; *text && i < 8; i++) {
    if (name(i) && strcmp(name(i), text) == 0) {
      return i;
    }
  }
  if (*text) {
    fail_msg("%s is no label", text);
  }
  return otherwise;
}

static const char *
pitch_name(int i)
{
  return i <= SHED_PITCH_UNSURE ? shed_pitch_label_name((shed_pitch_label)i) : NULL;
}

static const char *
timing_name(int i)
{
  return i <= SHED_TIMING_UNSURE ? shed_timing_label_name((shed_timing_label)i) : NULL;
}

static void
change_note(example *e, const shed_yaml *y)
{
  size_t             at = (size_t)number_of(y, "n", 0) - 1;
  shed_note_verdict *n  = &e->verdict.notes[at];
  assert_true(at < e->verdict.n_notes);
  n->pitch          = (shed_pitch_label)label_named(text_of(y, "pitch"), pitch_name, (int)n->pitch);
  n->timing         = (shed_timing_label)label_named(text_of(y, "timing"), timing_name, (int)n->timing);
  n->cents          = number_of(y, "cents", 0);
  n->onset_error_ms = number_of(y, "ms", 0);
  n->onset_s += n->onset_error_ms / 1000;
  if (n->pitch == SHED_PITCH_MISSED) {
    n->onset_s = n->onset_error_ms = (double)NAN;
    n->timing                      = SHED_TIMING_NONE;
  }
}

static void
hesitate(example *e, const shed_yaml *y)
{
  shed_hesitation *h = &e->verdict.hesitations[e->verdict.n_hesitations++];
  h->before_index    = (int)number_of(y, "before", 0) - 1;
  h->length_s        = number_of(y, "s", 0);
  for (size_t i = (size_t)h->before_index; i < e->verdict.n_notes; i++) {
    e->verdict.notes[i].onset_s += h->length_s;
    e->verdict.notes[i].expected_onset_s += h->length_s;
  }
}

static void
play(example *e)
{
  const shed_yaml *music = shed_yaml_get(e->tree, "music");
  const shed_yaml *list;
  if (!music) {
    return;
  }
  e->played      = true;
  e->prompt.line = line_of(music->text, number_of(e->tree, "bpm", 60), 4, 4);
  play_right(e);
  list = shed_yaml_get(e->tree, "notes");
  for (size_t i = 0; list && i < list->n; i++) {
    change_note(e, list->items[i]);
  }
  list                   = shed_yaml_get(e->tree, "hesitations");
  e->verdict.hesitations = calloc(list ? list->n : 1, sizeof(*e->verdict.hesitations));
  for (size_t i = 0; list && i < list->n; i++) {
    hesitate(e, list->items[i]);
  }
  list              = shed_yaml_get(e->tree, "extras");
  e->verdict.extras = calloc(list ? list->n : 1, sizeof(*e->verdict.extras));
  for (size_t i = 0; list && i < list->n; i++) {
    e->verdict.extras[e->verdict.n_extras++] =
        (shed_extra_note){.onset_s    = number_of(list->items[i], "at", 0),
                          .confidence = number_of(list->items[i], "confidence", .9)};
  }
  list                 = shed_yaml_get(e->tree, "incidents");
  e->verdict.incidents = calloc(list ? list->n : 1, sizeof(*e->verdict.incidents));
  for (size_t i = 0; list && i < list->n; i++) {
    shed_incident *in = &e->verdict.incidents[e->verdict.n_incidents++];
    (void)snprintf(in->kind, sizeof(in->kind), "%s", list->items[i]->text);
  }
  list = shed_yaml_get(e->tree, "dimensions");
  for (size_t i = 0; list && i < list->n; i++) {
    shed_dimension *d = &e->verdict.dimensions[e->verdict.n_dimensions++];
    *d                = (shed_dimension){
                       .score = number_of(list, list->items[i]->key, 0), .assessed = 1, .value = (double)NAN};
    (void)snprintf(d->name, sizeof(d->name), "%s", list->items[i]->key);
  }
}

// -- what comes out ---------------------------------------------------------------------------------------------------------

static void
expect_text(const example *e, const char *key, const char *is)
{
  const shed_yaml *wanted = shed_yaml_get(shed_yaml_get(e->tree, "expect"), key);
  if (wanted && strcmp(wanted->text, is) != 0) {
    fail_msg("%s: %s is \"%s\", by hand it is \"%s\"", e->name, key, is, wanted->text);
  }
}

static void
points_text(const shed_points *p, char *buf, size_t size)
{
  char range[64];
  shed_rubric_range_text(p->least, p->most, range, sizeof(range));
  bool open = p->state == SHED_POINTS_OPEN || p->state == SHED_POINTS_NOT_ASSESSED;
  (void)snprintf(buf, size, "%s%s%s", shed_points_state_name(p->state), open ? "" : " ", open ? "" : range);
}

static void
expect_criteria(const example *e)
{
  const shed_yaml *wanted = shed_yaml_get(shed_yaml_get(e->tree, "expect"), "criteria");
  for (size_t i = 0; wanted && i < wanted->n; i++) {
    bool found = false;
    for (size_t c = 0; c < e->rubric->n_criteria + e->rubric->n_alternates; c++) {
      const shed_points *p = c < e->rubric->n_criteria ? &e->result.criteria[c]
                                                       : &e->result.alternates[c - e->rubric->n_criteria];
      char               is[80];
      if (strcmp(shed_rubric_short_id(e->rubric, p->criterion->id), wanted->items[i]->key) == 0) {
        found = true;
        points_text(p, is, sizeof(is));
        if (strcmp(is, wanted->items[i]->text) != 0) {
          fail_msg("%s: %s is \"%s\", by hand it is \"%s\"", e->name, wanted->items[i]->key, is,
                   wanted->items[i]->text);
        }
      }
    }
    if (!found) {
      fail_msg("%s: no criterion %s", e->name, wanted->items[i]->key);
    }
  }
}

static void
expect_all(const example *e)
{
  char                      text[64];
  const shed_rubric_result *r = &e->result;
  assert_non_null(shed_yaml_get(e->tree, "expect"));
  assert_true(strlen(text_of(e->tree, "working")) > 20);
  shed_rubric_range_text(r->least, r->most, text, sizeof(text));
  expect_text(e, "total", text);
  shed_rubric_range_text(r->open_least, r->open_most, text, sizeof(text));
  expect_text(e, "possible", text);
  shed_rubric_range_text(r->max, r->max, text, sizeof(text));
  expect_text(e, "max", text);
  (void)snprintf(text, sizeof(text), "%d", r->n_open);
  expect_text(e, "open", text);
  expect_text(e, "label", r->label ? r->label : "none");
  expect_text(e, "label_most", r->label_most ? r->label_most : "none");
  expect_text(e, "passed", r->passed < 0 ? "null" : r->passed ? "true" : "false");
  expect_text(e, "alternate",
              r->alternate < 0 ? "none"
                               : shed_rubric_short_id(e->rubric, e->rubric->alternates[r->alternate].id));
  expect_criteria(e);
}

static void
read_example(const char *file, example *e)
{
  char       path[600];
  char      *text = NULL;
  size_t     n    = 0;
  shed_error err  = {0};
  *e              = (example){.name = file, .arena = shed_arena_new(NULL)};
  assert_non_null(e->arena);
  (void)snprintf(path, sizeof(path), "%s/%s", EXAMPLES, file);
  CHECK_OK(shed_file_read(path, 1 << 20, NULL, &text, &n, NULL));
  if (shed_yaml_parse(text, n, file, e->arena, &e->tree, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  shed_free(NULL, text);
  e->rubric = load_rubric(text_of(e->tree, "rubric"), e->arena);
  play(e);
  const shed_yaml *marks = shed_yaml_get(e->tree, "marks");
  for (size_t i = 0; marks && i < marks->n; i++) {
    e->marks[e->n_marks++] =
        (shed_rubric_mark){marks->items[i]->key, number_of(marks, marks->items[i]->key, -1)};
  }
}

static shed_status
judge(example *e, const shed_alloc *alloc, shed_error *err)
{
  return shed_rubric_judge(e->rubric, e->played ? &e->prompt : NULL, e->played ? &e->verdict : NULL, e->marks,
                           e->n_marks, alloc, &e->result, err);
}

static void
end_example(example *e)
{
  shed_rubric_result_free(&e->result);
  if (e->played) {
    shed_verdict_free(&e->verdict);
    line_free(&e->prompt.line);
  }
  shed_arena_free(e->arena);
}

// Runs @p act on each file of a folder that ends in .yaml. @return how many.
static int
each_file(const char *folder, void (*act)(void *ctx, const char *file), void *ctx)
{
  int            n = 0;
  struct dirent *entry;
  DIR           *d = opendir(folder);
  assert_non_null(d);
  while ((entry = readdir(d))) {
    if (shed_ends_with(entry->d_name, ".yaml")) {
      act(ctx, entry->d_name);
      n++;
    }
  }
  (void)closedir(d);
  return n;
}

static void
check_example(void *ctx, const char *file)
{
  example    e;
  shed_error err = {0};
  (void)ctx;
  read_example(file, &e);
  if (judge(&e, NULL, &err) != SHED_OK) {
    fail_msg("%s: %s: %s", file, err.where, err.what);
  }
  expect_all(&e);
  end_example(&e);
}

static void
every_example_comes_out_as_by_hand(void **state)
{
  (void)state;
  assert_true(each_file(EXAMPLES, check_example, NULL) >= 26);
}

typedef struct {
  const char *file;
  int         n;
} counting;

static void
count_example(void *ctx, const char *file)
{
  counting *c = ctx;
  example   e;
  char      name[200];
  read_example(file, &e);
  (void)snprintf(name, sizeof(name), "%s.yaml", text_of(e.tree, "rubric"));
  c->n += strcmp(name, c->file) == 0;
  end_example(&e);
}

static void
check_counted(void *ctx, const char *file)
{
  counting c = {.file = file};
  (void)ctx;
  (void)each_file(EXAMPLES, count_example, &c);
  if (c.n < 2) {
    fail_msg("%s has %d examples, two are needed", file, c.n);
  }
}

static void
every_rubric_has_two_examples(void **state)
{
  (void)state;
  assert_true(each_file(RUBRICS, check_counted, NULL) >= 12);
}

// -- edges ----------------------------------------------------------------------------------------------------------------

static void
a_mark_that_does_not_fit_is_refused(void **state)
{
  static const struct {
    const char *criterion;
    double      value;
    shed_status st;
    const char *what;
  } rows[] = {
      {"beauty", 3, SHED_E_NOTFOUND, "scales/articulation"}, {"solo/errors", 0.7, SHED_E_RANGE, "0.7"},
      {"scales/articulation", 1.5, SHED_E_RANGE, "1.5"},     {"scales/articulation", -1, SHED_E_RANGE, "-1"},
      {"sight-reading", 20.5, SHED_E_RANGE, "20.5"},         {"sight-reading", 3.14, SHED_E_RANGE, "3.14"},
  };
  example e;
  (void)state;
  read_example("nc-deductions.yaml", &e);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_error err = {0};
    e.n_marks      = 1;
    e.marks[0]     = (shed_rubric_mark){rows[i].criterion, rows[i].value};
    CHECK_STATUS(judge(&e, NULL, &err), rows[i].st);
    if (!strstr(err.what, rows[i].what)) {
      fail_msg("row %zu: \"%s\" does not say %s", i, err.what, rows[i].what);
    }
  }
  end_example(&e);
}

static void
a_person_may_overrule_what_was_counted(void **state)
{
  example e;
  (void)state;
  read_example("ap-2019-one-wrong-note.yaml", &e);
  e.marks[e.n_marks++] = (shed_rubric_mark){"segments", 8};
  CHECK_OK(judge(&e, NULL, NULL));
  CHECK_NEAR(e.result.least, 9, 1e-9);
  assert_int_equal(e.result.criteria[0].state, SHED_POINTS_GIVEN);
  end_example(&e);
}

static void
without_a_take_all_that_is_counted_is_open(void **state)
{
  example e;
  (void)state;
  read_example("ap-2019-all-right.yaml", &e);
  CHECK_OK(shed_rubric_judge(e.rubric, NULL, NULL, NULL, 0, NULL, &e.result, NULL));
  assert_int_equal(e.result.n_open, 2);
  CHECK_NEAR(e.result.open_most, 9, 1e-9);
  CHECK_NEAR(e.result.most, 0, 1e-9);
  end_example(&e);
}

static void
rounding_is_as_named(void **state)
{
  double             up_at[] = {1.5};
  const shed_numbers none    = {0};
  const shed_numbers ups     = {up_at, 1};
  (void)state;
  CHECK_NEAR(shed_round_as(2.5, "half_down", 1, &none), 2, 1e-12);
  CHECK_NEAR(shed_round_as(2.5, "half_up", 1, &none), 3, 1e-12);
  CHECK_NEAR(shed_round_as(2.75, "half_down", 1, &none), 3, 1e-12);
  CHECK_NEAR(shed_round_as(1.5, "half_down", 1, &none), 1, 1e-12);
  CHECK_NEAR(shed_round_as(1.5, "half_down", 1, &ups), 2, 1e-12);
  CHECK_NEAR(shed_round_as(26.95, "down", .1, &none), 26.9, 1e-9);
  CHECK_NEAR(shed_round_as(.1 + .2, "down", .1, &none), .3, 1e-9); // a sum of tenths is not lost
  CHECK_NEAR(shed_round_as(26.91, "up", .1, &none), 27, 1e-9);
  CHECK_NEAR(shed_round_as(2.71, "none", 1, &none), 2.71, 1e-12);
}

static void
a_result_is_the_same_bytes_twice_and_names_its_rubric(void **state)
{
  shed_str text[2] = {{0}, {0}};
  (void)state;
  for (int i = 0; i < 2; i++) {
    example e;
    read_example("ap-2022-unsure-last-note.yaml", &e);
    CHECK_OK(judge(&e, NULL, NULL));
    shed_json *o = shed_rubric_result_to_json(&e.result);
    shed_json_write(o, SHED_JSON_LINE, &text[i]);
    shed_json_free(o);
    end_example(&e);
  }
  assert_string_equal(shed_str_text(&text[0]), shed_str_text(&text[1]));
  assert_non_null(strstr(shed_str_text(&text[0]), "ap/sight-singing-2022"));
  assert_non_null(strstr(shed_str_text(&text[0]), "unconfirmed"));
  shed_str_free(&text[0]);
  shed_str_free(&text[1]);
}

static void
no_memory_is_told(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    example e;
    read_example("ap-2022-unsure-last-note.yaml", &e);
    sweep_status = judge(&e, &a.alloc, NULL);
    end_example(&e);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_example_comes_out_as_by_hand),
      cmocka_unit_test(every_rubric_has_two_examples),
      cmocka_unit_test(a_mark_that_does_not_fit_is_refused),
      cmocka_unit_test(a_person_may_overrule_what_was_counted),
      cmocka_unit_test(without_a_take_all_that_is_counted_is_open),
      cmocka_unit_test(rounding_is_as_named),
      cmocka_unit_test(a_result_is_the_same_bytes_twice_and_names_its_rubric),
      cmocka_unit_test(no_memory_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
