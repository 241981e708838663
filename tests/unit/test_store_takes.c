#include "mastery/store/takes.h"

#include "engine/base/str.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/temp_store.h"

#include <dirent.h>

static int
files_in(const char *folder)
{
  int  n = 0;
  DIR *d = opendir(folder);
  for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
    n += e->d_name[0] != '.';
  }
  if (d) {
    (void)closedir(d);
  }
  return n;
}

typedef struct {
  int              n;
  shed_stored_take last;
  char             drill[SHED_ID];
} seen;

static bool
see(void *ctx, const shed_stored_take *t)
{
  seen *s = ctx;
  s->n++;
  s->last = *t;
  (void)snprintf(s->drill, sizeof(s->drill), "%s", t->drill);
  return true;
}

static void
a_take_is_kept_whole(void **state)
{
  static const unsigned char heard[] = {1, 2, 3, 0, 255};
  temp_store                 t;
  char                       temp[600];
  char                       path[600];
  unsigned char             *back = NULL;
  size_t                     n    = 0;
  shed_uuid                  id;
  shed_json                 *body = NULL;
  seen                       s    = {0};
  (void)state;
  temp_store_begin(&t);
  shed_json       *prompt = shed_json_object();
  shed_take_record r      = temp_store_record(&t, .9);
  shed_json_set_str(prompt, "kind", "scale");
  temp_store_sound(&t, &r, temp, sizeof(temp), 7, 5000);
  r.heard          = heard;
  r.n_heard        = sizeof(heard);
  r.ear            = "1";
  r.prompt         = prompt;
  r.seed           = UINT64_MAX;
  r.accommodations = "slower tempo";
  STORE_OK(shed_store_record_take(t.store, &r, &id, &t.err), t.err);
  shed_json_free(prompt);

  assert_false(shed_file_exists(temp));
  STORE_OK(shed_store_take_path(t.store, &r.sha256, path, sizeof(path), &t.err), t.err);
  shed_sha256 real;
  STORE_OK(shed_sha256_of_file(path, &real, &t.err), t.err);
  assert_string_equal(real.text, r.sha256.text);
  STORE_OK(shed_store_read_heard(t.store, &r.sha256, "1", &back, &n, &t.err), t.err);
  assert_int_equal(n, sizeof(heard));
  assert_memory_equal(back, heard, sizeof(heard));
  shed_free(NULL, back);
  CHECK_STATUS(shed_store_read_heard(t.store, &r.sha256, "2", &back, &n, &t.err), SHED_E_NOTFOUND);

  STORE_OK(shed_store_take_body(t.store, &id, &body, &t.err), t.err);
  assert_string_equal(shed_json_text(shed_json_get(shed_json_get(body, "prompt"), "kind")), "scale");
  assert_string_equal(shed_json_text(shed_json_get(body, "seed")), "18446744073709551615");
  assert_string_equal(shed_json_text(shed_json_get(body, "accommodations")), "slower tempo");
  shed_json_free(body);

  STORE_OK(shed_store_each_take(t.store, &t.student.id, NULL, see, &s, &t.err), t.err);
  assert_int_equal(s.n, 1);
  assert_string_equal(s.last.event.text, id.text);
  assert_string_equal(s.last.sha256.text, r.sha256.text);
  assert_string_equal(s.drill, "test:drill");
  assert_true(s.last.seed == UINT64_MAX);
  assert_true(s.last.counted);
  CHECK_NEAR(s.last.score, .9, 0);
  temp_store_check(&t);
  temp_store_end(&t);
}

static size_t
files_that_end_in(const temp_store *t, const char *ending)
{
  size_t n      = 0;
  DIR   *folder = opendir(shed_store_takes_folder(t->store));
  for (struct dirent *d = folder ? readdir(folder) : NULL; d; d = readdir(folder)) {
    n += shed_ends_with(d->d_name, ending);
  }
  if (folder) {
    (void)closedir(folder);
  }
  return n;
}

// What is not sound is named by its kind; in stores of before everything ended in .flac.
static void
a_take_is_named_by_its_kind(void **state)
{
  static const char *const endings[] = {".mid", ".f0.csv", ".notes.csv", ".onsets.csv", ".flac", NULL};
  temp_store               t;
  char                     temp[600], path[600], old[700];
  (void)state;
  temp_store_begin(&t);
  for (size_t i = 0; i < SHED_COUNTOF(endings); i++) {
    shed_take_record r = temp_store_record(&t, .9);
    temp_store_sound(&t, &r, temp, sizeof(temp), (unsigned)i, 100);
    r.ending = endings[i];
    STORE_OK(shed_store_record_take(t.store, &r, NULL, &t.err), t.err);
    STORE_OK(shed_store_take_path(t.store, &r.sha256, path, sizeof(path), &t.err), t.err);
    assert_true(shed_ends_with(path, endings[i] ? endings[i] : ".flac"));
    assert_false(shed_file_exists(temp));
  }
  assert_int_equal(files_that_end_in(&t, ".flac"), 2);
  temp_store_check(&t); // neither missing nor left over

  // the old name is found, and the same bytes do not get a second one
  shed_take_record r = temp_store_record(&t, .9);
  temp_store_sound(&t, &r, temp, sizeof(temp), 0, 100);
  STORE_OK(shed_store_take_path(t.store, &r.sha256, path, sizeof(path), &t.err), t.err);
  (void)snprintf(old, sizeof(old), "%.*s.flac", (int)(strlen(path) - strlen(".mid")), path);
  assert_int_equal(rename(path, old), 0);
  STORE_OK(shed_store_take_path(t.store, &r.sha256, path, sizeof(path), &t.err), t.err);
  assert_string_equal(path, old);
  r.ending = ".mid";
  STORE_OK(shed_store_record_take(t.store, &r, NULL, &t.err), t.err);
  assert_int_equal(files_that_end_in(&t, ".mid"), 0);
  assert_int_equal(files_that_end_in(&t, ".flac"), 3);
  temp_store_check(&t);

  r = temp_store_record(&t, .9);
  temp_store_sound(&t, &r, temp, sizeof(temp), 77, 100);
  r.ending = "/../x";
  CHECK_STATUS(shed_store_record_take(t.store, &r, NULL, &t.err), SHED_E_RANGE);
  assert_false(shed_file_exists(temp));
  temp_store_end(&t);
}

static void
a_second_student_may_hand_in_the_same_sound(void **state)
{
  temp_store        t;
  char              temp[600];
  shed_store_report report;
  shed_person       ben;
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ben", &ben, &t.err), t.err);
  shed_take_record r = temp_store_record(&t, .9);
  temp_store_sound(&t, &r, temp, sizeof(temp), 7, 100);
  STORE_OK(shed_store_record_take(t.store, &r, NULL, &t.err), t.err);
  r.student = ben.id;
  temp_store_sound(&t, &r, temp, sizeof(temp), 7, 100);
  STORE_OK(shed_store_record_take(t.store, &r, NULL, &t.err), t.err);
  assert_int_equal(files_in(shed_store_takes_folder(t.store)), 1);
  STORE_OK(shed_store_erase(t.store, NULL, &ben.id, &report, &t.err), t.err);
  assert_int_equal(files_in(shed_store_takes_folder(t.store)), 1); // Ada's still
  temp_store_check(&t);
  STORE_OK(shed_store_erase(t.store, NULL, &t.student.id, &report, &t.err), t.err);
  assert_int_equal(files_in(shed_store_takes_folder(t.store)), 0);
  temp_store_end(&t);
}

static void
what_is_refused_leaves_nothing(void **state)
{
  temp_store t;
  char       temp[600];
  shed_uuid  id;
  (void)state;
  temp_store_begin(&t);
  for (int i = 0; i < 9; i++) {
    static const shed_status expected[] = {SHED_E_NOTFOUND, SHED_E_CORRUPT, SHED_E_RANGE,
                                           SHED_E_RANGE,    SHED_E_RANGE,   SHED_E_RANGE,
                                           SHED_E_RANGE,    SHED_E_RANGE,   SHED_E_RANGE};
    static const char        long_id[] =
        "a name that is much too long for the id of a unit and would not fit where ids of "
        "units are kept at all";
    shed_take_record r = temp_store_record(&t, .9);
    temp_store_sound(&t, &r, temp, sizeof(temp), 9, 100);
    r.student = i == 0 ? shed_uuid_new(&t.clock) : r.student;
    if (i == 1) {
      r.sha256 = shed_sha256_of("other", 5);
    }
    r.drill           = i == 2 ? NULL : r.drill;
    r.marks[0].score  = i == 3 ? 1.5 : r.marks[0].score;
    r.assessed        = i == 4 ? -.1 : r.assessed;
    r.unit            = i == 5 ? long_id : r.unit;
    r.heard           = i == 6 ? (const unsigned char *)"x" : NULL; // without the ear's version
    r.performed_at_ms = i == 7 ? -1 : r.performed_at_ms;
    r.utc_offset_min  = i == 8 ? 9999 : r.utc_offset_min;
    CHECK_STATUS(shed_store_record_take(t.store, &r, &id, &t.err), expected[i]);
    assert_true(t.err.what[0] != '\0');
    assert_int_equal(files_in(shed_store_takes_folder(t.store)), 0);
  }
  assert_int_equal(temp_store_gate(&t).takes, 0);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
a_draft_counts_once_handed_in(void **state)
{
  temp_store t;
  shed_uuid  id;
  (void)state;
  temp_store_begin(&t);
  shed_take_record r = temp_store_record(&t, .9);
  r.draft            = true;
  STORE_OK(shed_store_record_take(t.store, &r, &id, &t.err), t.err);
  assert_int_equal(temp_store_gate(&t).takes, 0);
  STORE_OK(shed_store_submit_take(t.store, NULL, &id, &t.err), t.err);
  assert_int_equal(temp_store_gate(&t).takes, 1);
  CHECK_STATUS(shed_store_submit_take(t.store, NULL, &t.student.id, &t.err), SHED_E_NOTFOUND);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
allocations_that_fail_store_nothing(void **state)
{
  temp_store t;
  char       temp[600];
  (void)state;
  temp_store_begin(&t);
  SWEEP_ALLOCATIONS(a, {
    shed_store      *s = NULL;
    shed_store_opts  o = t.opts;
    shed_take_record r = temp_store_record(&t, .9);
    temp_store_sound(&t, &r, temp, sizeof(temp), 3, 50);
    r.heard      = (const unsigned char *)"heard";
    r.n_heard    = 5;
    r.ear        = "1";
    o.alloc      = &a.alloc;
    sweep_status = shed_store_open(&s, t.path, &o, NULL);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_store_record_take(s, &r, NULL, NULL);
    }
    shed_store_close(s);
    (void)unlink(temp);
    assert_int_equal(files_in(shed_store_takes_folder(t.store)), sweep_status == SHED_OK);
  });
  assert_int_equal(temp_store_gate(&t).takes, 1);
  temp_store_check(&t);
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_take_is_kept_whole),
      cmocka_unit_test(a_take_is_named_by_its_kind),
      cmocka_unit_test(a_second_student_may_hand_in_the_same_sound),
      cmocka_unit_test(what_is_refused_leaves_nothing),
      cmocka_unit_test(a_draft_counts_once_handed_in),
      cmocka_unit_test(allocations_that_fail_store_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
