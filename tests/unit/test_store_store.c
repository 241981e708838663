#include "mastery/store/store.h"

#include "tests/support/fake_alloc.h"
#include "tests/support/temp_store.h"

#include <sqlite3.h>

static void
sql(const char *path, const char *text)
{
  sqlite3 *db = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  char *why = NULL;
  if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) {
    fail_msg("%s: %s", text, why);
  }
  assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
a_store_is_made_and_opened_again(void **state)
{
  temp_store  t;
  struct stat s;
  (void)state;
  temp_store_prepare(&t);
  (void)snprintf(t.path, sizeof(t.path), "%s/deep/er/store.db", t.folder);
  temp_store_open(&t);
  assert_string_equal(shed_store_path(t.store), t.path);
  assert_int_equal(stat(t.path, &s), 0);
  assert_int_equal(s.st_mode & 0777, 0600);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ada", &t.student, &t.err), t.err);
  shed_store_close(t.store);
  temp_store_open(&t);
  shed_person p;
  STORE_OK(shed_store_find_person(t.store, SHED_ROLE_STUDENT, "ada", &p, &t.err), t.err);
  assert_string_equal(p.id.text, t.student.id.text);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
urls(void **state)
{
  char       path[4096];
  shed_error err = {0};
  (void)state;
  CHECK_OK(shed_store_url_path("sqlite:/a/b.db", path, sizeof(path), &err));
  assert_string_equal(path, "/a/b.db");
  CHECK_OK(shed_store_url_path("x:y.db", path, sizeof(path), &err)); // one letter is a file's name
  assert_string_equal(path, "x:y.db");
  CHECK_STATUS(shed_store_url_path("postgresql://school/db", path, sizeof(path), &err), SHED_E_UNSUPPORTED);
  assert_int_equal(setenv("XDG_DATA_HOME", "/data", 1), 0);
  CHECK_OK(shed_store_url_path(NULL, path, sizeof(path), &err));
  assert_string_equal(path, "/data/woodshed/store.db");
  assert_int_equal(setenv("XDG_DATA_HOME", "relative", 1), 0); // the standard says: to be ignored
  assert_int_equal(setenv("HOME", "/home/ada", 1), 0);
  CHECK_OK(shed_store_url_path("", path, sizeof(path), &err));
  assert_string_equal(path, "/home/ada/.local/share/woodshed/store.db");
  assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
  assert_int_equal(unsetenv("HOME"), 0);
  CHECK_STATUS(shed_store_url_path(NULL, path, sizeof(path), &err), SHED_E_NOTFOUND);
}

static void
what_is_no_store_is_refused(void **state)
{
  temp_store t;
  (void)state;
  temp_store_prepare(&t);
  t.opts.existing = true;
  CHECK_STATUS(shed_store_open(&t.store, t.path, &t.opts, &t.err), SHED_E_NOTFOUND);
  assert_false(shed_file_exists(t.path));
  t.opts.existing = false;

  sql(t.path, "CREATE TABLE theirs(x)");
  CHECK_STATUS(shed_store_open(&t.store, t.path, &t.opts, &t.err), SHED_E_FORMAT);
  assert_int_equal(unlink(t.path), 0);

  STORE_OK(shed_file_write_atomic(t.path,
                                  "not a database at all, only words, for sure, and long enough: ........"
                                  "................................................................",
                                  130, &t.err),
           t.err);
  CHECK_STATUS(shed_store_open(&t.store, t.path, &t.opts, &t.err), SHED_E_CORRUPT);
  assert_non_null(strstr(t.err.what, "woodshed store merge"));
  assert_int_equal(unlink(t.path), 0);
  CHECK_STATUS(shed_store_open(&t.store, t.folder, &t.opts, &t.err), SHED_E_IO);
  temp_store_end(&t);
}

static void
a_newer_schema_is_refused_and_left_alone(void **state)
{
  temp_store  t;
  shed_sha256 before;
  shed_sha256 after;
  (void)state;
  temp_store_begin(&t);
  shed_store_close(t.store);
  t.store = NULL;
  sql(t.path, "PRAGMA user_version = 9999; PRAGMA wal_checkpoint(TRUNCATE)");
  STORE_OK(shed_sha256_of_file(t.path, &before, &t.err), t.err);
  CHECK_STATUS(shed_store_open(&t.store, t.path, &t.opts, &t.err), SHED_E_VERSION);
  assert_non_null(strstr(t.err.what, "9999"));
  STORE_OK(shed_sha256_of_file(t.path, &after, &t.err), t.err);
  assert_string_equal(before.text, after.text);
  temp_store_end(&t);
}

static void
a_damaged_file_says_the_way_out(void **state)
{
  temp_store        t;
  shed_store_report report;
  char             *data = NULL;
  size_t            n    = 0;
  (void)state;
  temp_store_begin(&t);
  for (int i = 0; i < 200; i++) {
    (void)temp_store_play(&t, .9);
  }
  shed_store_close(t.store);
  t.store = NULL;
  STORE_OK(shed_file_read(t.path, 1 << 28, NULL, &data, &n, &t.err), t.err);
  for (size_t i = 4096; i < n; i += 64) {
    memset(data + i, 0x5a, 16); // the header stays, the rest is holes
  }
  STORE_OK(shed_file_write_atomic(t.path, data, n, &t.err), t.err);
  shed_free(NULL, data);
  shed_status st = shed_store_open(&t.store, t.path, &t.opts, &t.err);
  if (st == SHED_OK) {
    st = shed_store_check(t.store, NULL, NULL, &report, &t.err);
  }
  CHECK_STATUS(st, SHED_E_CORRUPT);
  assert_non_null(strstr(t.err.what, "woodshed store merge"));
  temp_store_end(&t);
}

static void
another_writer_is_waited_for_and_then_named(void **state)
{
  temp_store t;
  sqlite3   *other = NULL;
  (void)state;
  temp_store_prepare(&t);
  t.opts.busy_ms = 50;
  temp_store_open(&t);
  assert_int_equal(sqlite3_open(t.path, &other), SQLITE_OK);
  assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  CHECK_STATUS(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ada", &t.student, &t.err), SHED_E_BUSY);
  assert_non_null(strstr(t.err.what, "another program is writing"));
  assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_close(other), SQLITE_OK);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ada", &t.student, &t.err), t.err);
  temp_store_end(&t);
}

static void
what_a_crash_left_is_cleared_only_when_alone(void **state)
{
  temp_store  t;
  shed_store *second = NULL;
  shed_store *third  = NULL;
  char        temp[600];
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_take_temp(t.store, temp, sizeof(temp), &t.err), t.err);
  STORE_OK(shed_file_write_atomic(temp, "half", 4, &t.err), t.err);
  STORE_OK(shed_store_open(&second, t.path, &t.opts, &t.err), t.err);
  assert_true(shed_file_exists(temp)); // the first may be about to store it
  shed_store_close(second);
  shed_store_close(t.store);
  t.store = NULL;
  STORE_OK(shed_store_open(&third, t.path, &t.opts, &t.err), t.err);
  assert_false(shed_file_exists(temp));
  shed_store_close(third);
  temp_store_end(&t);
}

static void
allocations_that_fail(void **state)
{
  temp_store t;
  (void)state;
  temp_store_prepare(&t);
  SWEEP_ALLOCATIONS(a, {
    shed_store *s = NULL;
    t.opts.alloc  = &a.alloc;
    sweep_status  = shed_store_open(&s, t.path, &t.opts, NULL);
    shed_store_close(s);
  });
  t.opts.alloc = NULL;
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_store_is_made_and_opened_again),
      cmocka_unit_test(urls),
      cmocka_unit_test(what_is_no_store_is_refused),
      cmocka_unit_test(a_newer_schema_is_refused_and_left_alone),
      cmocka_unit_test(a_damaged_file_says_the_way_out),
      cmocka_unit_test(another_writer_is_waited_for_and_then_named),
      cmocka_unit_test(what_a_crash_left_is_cleared_only_when_alone),
      cmocka_unit_test(allocations_that_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
