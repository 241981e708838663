// Broken courses stand in tests/content, one fault or two each, with the messages expected; the course that ships is loaded,
// played through and looked at.

#include "drills/content.h"

#include "engine/base/file.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define SAMPLES SHED_SOURCE_DIR "/tests/content"
#define COURSE  SHED_SOURCE_DIR "/content/applied-instrumental"

static shed_course *
load(const char *folder)
{
  shed_course *c   = NULL;
  shed_error   err = {0};
  if (shed_course_load(folder, NULL, &c, NULL, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return c;
}

static shed_profile
profile(const char *name)
{
  shed_profile p;
  CHECK_OK(shed_profile_find(name, &p, NULL));
  return p;
}

// Each line of expected.txt is how a fault begins, in their order, and there is no other fault.
static void
check_sample(const char *name)
{
  char         folder[600];
  char         file[700];
  char        *expected = NULL;
  size_t       n        = 0;
  size_t       at       = 0;
  shed_course *c        = NULL;
  shed_faults  faults   = {0};
  shed_error   err      = {0};
  (void)snprintf(folder, sizeof(folder), "%s/%s", SAMPLES, name);
  (void)snprintf(file, sizeof(file), "%s/expected.txt", folder);
  CHECK_OK(shed_file_read(file, 1 << 16, NULL, &expected, &n, NULL));
  shed_status st = shed_course_load(folder, NULL, &c, &faults, &err);
  if (st != (n ? SHED_E_FORMAT : SHED_OK)) {
    fail_msg("%s: %s %s %s", name, shed_status_text(st), err.where, err.what);
  }
  for (char *line = expected; *line; at++) {
    size_t length = strcspn(line, "\n");
    char   told[800];
    if (at == faults.n) {
      fail_msg("%s: not found: %.*s", name, (int)length, line);
    }
    (void)snprintf(told, sizeof(told), "%s: %s", faults.items[at].where, faults.items[at].what);
    if (strncmp(told, line, length) != 0) {
      fail_msg("%s:\n  told     %s\n  expected %.*s", name, told, (int)length, line);
    }
    line += length + (line[length] == '\n');
  }
  if (at < faults.n) {
    fail_msg("%s: told besides: %s: %s", name, faults.items[at].where, faults.items[at].what);
  }
  shed_faults_free(&faults);
  shed_course_free(c);
  shed_free(NULL, expected);
}

static void
broken_courses_are_told_what_is_wrong(void **state)
{
  int            n = 0;
  struct dirent *entry;
  DIR           *d = opendir(SAMPLES);
  (void)state;
  assert_non_null(d);
  while ((entry = readdir(d))) {
    char file[600];
    (void)snprintf(file, sizeof(file), "%s/%s/expected.txt", SAMPLES, entry->d_name);
    if (shed_file_exists(file)) {
      check_sample(entry->d_name);
      n++;
    }
  }
  (void)closedir(d);
  assert_true(n >= 30);
}

static void
a_folder_without_a_course_is_said(void **state)
{
  shed_course *c;
  shed_error   err = {0};
  (void)state;
  CHECK_STATUS(shed_course_load(SAMPLES, NULL, &c, NULL, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "course.yaml"));
}

static void
the_course_loads_and_every_player_can_play_it(void **state)
{
  shed_course *c      = load(COURSE);
  shed_faults  faults = {0};
  shed_error   err    = {0};
  (void)state;
  if (shed_course_try(c, &faults, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  assert_int_equal(c->n_units, 4);
  for (size_t i = 0; i < c->n_units; i++) {
    assert_true(c->units[i].n_activities >= 3);
    for (size_t a = 0; a < c->units[i].n_activities; a++) {
      const shed_activity *activity = &c->units[i].activities[a];
      assert_true(activity->before.n + activity->after.n > 0);
    }
  }
  shed_faults_free(&faults);
  shed_course_free(c);
}

static bool
among(const shed_target *targets, size_t n, const char *dimension)
{
  for (size_t i = 0; i < n; i++) {
    if (strcmp(targets[i].dimension, dimension) == 0) {
      return true;
    }
  }
  return false;
}

static void
targets_fit_the_player(void **state)
{
  static const struct {
    const char *profile, *unit;
    bool        pitch, intonation, steadiness, rhythm;
  } rows[] = {
      {"flute", "applied-instrumental/long-tones", false, true, true, false},
      {"snare drum", "applied-instrumental/long-tones", false, false, false, true},
      {"piano", "applied-instrumental/long-tones", false, false, false, true},
      {"changing voice", "applied-instrumental/first-notes", true, true, false, true},
      {"piano", "applied-instrumental/first-notes", true, false, false, true},
      {"snare drum", "applied-instrumental/first-notes", false, false, false, true},
      {"snare drum", "applied-instrumental/first-piece", false, false, false, true},
      {"horn", "applied-instrumental/rhythm", false, false, false, true},
  };
  shed_course *c = load(COURSE);
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_profile p = profile(rows[i].profile);
    shed_target  t[SHED_DIMENSIONS];
    size_t       n = shed_unit_targets(c, shed_course_unit(c, rows[i].unit), &p, t);
    assert_true(n > 0);
    assert_int_equal(among(t, n, "pitch"), rows[i].pitch);
    assert_int_equal(among(t, n, "intonation"), rows[i].intonation);
    assert_int_equal(among(t, n, "steadiness"), rows[i].steadiness);
    assert_int_equal(among(t, n, "rhythm"), rows[i].rhythm);
  }
  shed_course_free(c);
}

static void
a_drill_is_replaced_where_it_cannot_be_played(void **state)
{
  shed_course *c     = load(COURSE);
  shed_profile snare = profile("snare drum");
  shed_prompt  p;
  shed_error   err = {0};
  (void)state;
  CHECK_OK(
      shed_course_prompt(c, "applied-instrumental/long-tones/steady-tone", &snare, 1, 5, NULL, &p, &err));
  assert_string_equal(p.kind, "clap");
  assert_string_equal(p.id, "applied-instrumental/long-tones/steady-strokes");
  assert_string_equal(p.assessor, "rhythm");
  assert_int_equal(p.n_targets, 2);
  assert_int_equal(strlen(p.source_sha256.text), 64);
  shed_prompt_free(&p);
  CHECK_OK(shed_course_prompt(c, "applied-instrumental/first-piece/tunes", &snare, 1, 5, NULL, &p, &err));
  assert_string_equal(p.assessor, "rhythm");
  assert_false(p.line.notes[0].pitched);
  shed_prompt_free(&p);
  CHECK_STATUS(shed_course_prompt(c, "applied-instrumental/none", &snare, 1, 5, NULL, &p, &err),
               SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "steady-tone"));
  shed_course_free(c);
}

static void
write_file(const char *folder, const char *name, const char *text)
{
  char path[600];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  CHECK_OK(shed_file_write_atomic(path, text, strlen(text), NULL));
}

static char *
read_file(const char *path)
{
  char  *text = NULL;
  size_t n;
  CHECK_OK(shed_file_read(path, 1 << 20, NULL, &text, &n, NULL));
  return text;
}

// A copy of the good sample with another text of unit one.
static shed_course *
with_unit_one(const char *folder, const char *unit_one)
{
  static const char *const files[] = {"course.yaml",       "units/two.yaml",       "rubrics/look.yaml",
                                      "rubrics/full.yaml", "policies/gentle.yaml", "scores/walk.abc"};
  for (size_t i = 0; i < SHED_COUNTOF(files); i++) {
    char  path[600];
    char *text;
    (void)snprintf(path, sizeof(path), "%s/good/%s", SAMPLES, files[i]);
    text = read_file(path);
    write_file(folder, files[i], text);
    shed_free(NULL, text);
  }
  write_file(folder, "units/one.yaml", unit_one);
  return load(folder);
}

static void
hashes_follow_the_content_not_the_layout(void **state)
{
  char        folder[] = "content-test-XXXXXX";
  char        sub[64];
  const char *subs[] = {"units", "rubrics", "scores", "policies"};
  (void)state;
  assert_non_null(mkdtemp(folder));
  for (size_t i = 0; i < SHED_COUNTOF(subs); i++) {
    (void)snprintf(sub, sizeof(sub), "%s/%s", folder, subs[i]);
    CHECK_OK(shed_folder_make(sub, NULL));
  }
  char    *one   = read_file(SAMPLES "/good/units/one.yaml");
  char    *title = strstr(one, "title: One\n");
  shed_str moved = {0}; // the title goes to the end, with a comment, and a number is written in another way
  assert_non_null(title);
  shed_str_addn(&moved, one, (size_t)(title - one));
  shed_str_add(&moved, "# a comment\n");
  shed_str_add(&moved, title + strlen("title: One\n"));
  shed_str_add(&moved, "title: \"One\"\n");
  char *number = strstr(moved.text, "0.9\n");
  assert_non_null(number);
  memcpy(number, ".90", 3);

  shed_course *a = with_unit_one(folder, one);
  shed_course *b = with_unit_one(folder, shed_str_text(&moved));
  assert_string_equal(a->units[0].place.sha256.text, b->units[0].place.sha256.text);
  assert_string_equal(a->place.sha256.text, b->place.sha256.text);
  number[1]      = '8';
  shed_course *c = with_unit_one(folder, shed_str_text(&moved));
  assert_string_not_equal(a->units[0].place.sha256.text, c->units[0].place.sha256.text);
  assert_string_not_equal(a->place.sha256.text, c->place.sha256.text);
  assert_string_equal(a->units[1].place.sha256.text, c->units[1].place.sha256.text);
  write_file(folder, "scores/walk.abc", "X:1\nT:W\nM:4/4\nL:1/4\nK:C\nC D E E |]\n");
  shed_course *d = load(folder);
  assert_string_not_equal(c->place.sha256.text, d->place.sha256.text);
  assert_string_not_equal(c->units[1].drills[0].place.sha256.text, d->units[1].drills[0].place.sha256.text);
  shed_course_free(a);
  shed_course_free(b);
  shed_course_free(c);
  shed_course_free(d);
  shed_str_free(&moved);
  shed_free(NULL, one);
  char                     command[128];
  static const char *const left[] = {"units/one.yaml",
                                     "units/two.yaml",
                                     "rubrics/look.yaml",
                                     "rubrics/full.yaml",
                                     "policies/gentle.yaml",
                                     "scores/walk.abc",
                                     "course.yaml",
                                     "units",
                                     "rubrics",
                                     "scores",
                                     "policies",
                                     ""};
  for (size_t i = 0; i < SHED_COUNTOF(left); i++) {
    (void)snprintf(command, sizeof(command), "%s/%s", folder, left[i]);
    assert_int_equal(remove(command), 0);
  }
}

static void
former_ids_keep_working(void **state)
{
  shed_course *c = load(SAMPLES "/good");
  (void)state;
  assert_null(shed_course_unit(c, "demo/zero"));
  assert_ptr_equal(shed_course_unit(c, "demo/first"), &c->units[0]);
  assert_ptr_equal(shed_course_drill(c, "demo/first/tone", NULL), &c->units[0].drills[0]);
  shed_course_free(c);
}

static void
the_map_has_every_objective_and_fits_a_page(void **state)
{
  shed_course *c     = load(COURSE);
  shed_str     map   = {0};
  int          lines = 0;
  (void)state;
  shed_course_map(c, &map);
  for (const char *line = shed_str_text(&map); *line; lines++) {
    char   one[400];
    size_t n = strcspn(line, "\n");
    assert_true(n < sizeof(one));
    (void)snprintf(one, sizeof(one), "%.*s", (int)n, line);
    assert_true(shed_utf8_columns(one) <= 96);
    line += n + 1;
  }
  assert_in_range(lines, 20, 66); // a page of Letter or A4 at ten points
  for (size_t u = 0; u < c->n_units; u++) {
    assert_non_null(strstr(map.text, c->units[u].id));
    assert_non_null(strstr(map.text, c->units[u].title));
  }
  shed_str_free(&map);
  shed_course_free(c);
}

static void
the_folder_is_found(void **state)
{
  char                buf[600];
  shed_error          err    = {0};
  shed_content_places places = {.installed = "/nowhere/share", .source = SHED_SOURCE_DIR "/content"};
  shed_texts          list;
  (void)state;
  CHECK_OK(shed_content_find(&places, buf, sizeof(buf), &err));
  assert_string_equal(buf, SHED_SOURCE_DIR "/content");
  places.env = SAMPLES;
  CHECK_OK(shed_content_find(&places, buf, sizeof(buf), &err));
  assert_string_equal(buf, SAMPLES);
  places.option = "/nowhere";
  CHECK_STATUS(shed_content_find(&places, buf, sizeof(buf), &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "--content"));
  CHECK_OK(shed_content_list(SHED_SOURCE_DIR "/content", NULL, &list, &err));
  assert_int_equal(list.n, 1);
  assert_string_equal(list.items[0], "applied-instrumental");
  shed_texts_free(&list, NULL);
  SWEEP_ALLOCATIONS(a, {
    sweep_status = shed_content_list(SAMPLES, &a.alloc, &list, NULL);
    if (sweep_status == SHED_OK) {
      shed_texts_free(&list, &a.alloc);
    }
  });
}

static void
nothing_is_left_when_memory_runs_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_course *c      = NULL;
    shed_faults  faults = {.alloc = &a.alloc};
    sweep_status        = shed_course_load(SAMPLES "/good", &a.alloc, &c, &faults, NULL);
    shed_course_free(c);
    shed_faults_free(&faults);
  });
  SWEEP_ALLOCATIONS(a, {
    shed_course *c      = NULL;
    shed_faults  faults = {.alloc = &a.alloc};
    sweep_status        = shed_course_load(SAMPLES "/bad-ranges", &a.alloc, &c, &faults, NULL);
    sweep_status        = sweep_status == SHED_E_FORMAT ? SHED_OK : sweep_status;
    shed_faults_free(&faults);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(broken_courses_are_told_what_is_wrong),
      cmocka_unit_test(a_folder_without_a_course_is_said),
      cmocka_unit_test(the_course_loads_and_every_player_can_play_it),
      cmocka_unit_test(targets_fit_the_player),
      cmocka_unit_test(a_drill_is_replaced_where_it_cannot_be_played),
      cmocka_unit_test(hashes_follow_the_content_not_the_layout),
      cmocka_unit_test(former_ids_keep_working),
      cmocka_unit_test(the_map_has_every_objective_and_fits_a_page),
      cmocka_unit_test(the_folder_is_found),
      cmocka_unit_test(nothing_is_left_when_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
