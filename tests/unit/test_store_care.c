#include "mastery/store/care.h"

#include "engine/base/str.h"
#include "mastery/store/event.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/temp_store.h"

#include <sqlite3.h>
#include <sys/mount.h>

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

static shed_sha256
digest(temp_store *t)
{
  shed_sha256 d;
  STORE_OK(shed_store_digest(t->store, &d, &t->err), t->err);
  return d;
}

static shed_sha256
play_with_sound(temp_store *t, double pitch, unsigned seed)
{
  char             temp[600];
  shed_take_record r = temp_store_record(t, pitch);
  temp_store_sound(t, &r, temp, sizeof(temp), seed, 300);
  r.heard   = (const unsigned char *)"what was heard";
  r.n_heard = 14;
  r.ear     = "1";
  STORE_OK(shed_store_record_take(t->store, &r, NULL, &t->err), t->err);
  return r.sha256;
}

static void
collect(void *ctx, const char *sentence)
{
  shed_str_addf(ctx, "%s\n", sentence);
}

// Check the store; the sentences must hold expected, NULL: there is no fault.
static void
check_says(temp_store *t, const char *expected)
{
  shed_str          said = {0};
  shed_store_report report;
  STORE_OK(shed_store_check(t->store, collect, &said, &report, &t->err), t->err);
  if ((report.faults > 0) != (expected != NULL) || (expected && !strstr(shed_str_text(&said), expected))) {
    fail_msg("%zu faults: \"%s\", expected \"%s\"", report.faults, shed_str_text(&said),
             expected ? expected : "none");
  }
  shed_str_free(&said);
}

static void
check_finds_each_kind_of_damage(void **state)
{
  static const struct {
    const char *damage;
    const char *said;
  } rows[] = {
      {"UPDATE event SET body = replace(body, '0.9', '1.0') WHERE seq = 3", "event 3 ("},
      {"UPDATE event SET performed_at = performed_at + 1 WHERE seq = 2", "its hash does not fit its fields"},
      {"UPDATE event SET actor = randomblob(16) WHERE seq = 4", "event 4 ("},
      {"UPDATE event SET body = NULL, salt = NULL WHERE seq = 5", "its body is gone, and nobody erased it"},
      {"UPDATE take SET assessed = 0.5", "woodshed store rebuild"},
      {"DELETE FROM decision", "woodshed store rebuild"},
      {"UPDATE heard SET data = x'00'", "what was heard in take file"},
      {"DELETE FROM heard", "what was heard in it is missing"},
      {"DELETE FROM take; DELETE FROM link; DELETE FROM decision; DELETE FROM event WHERE seq = 3",
       "event 3 of this origin is missing before it"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    temp_store t;
    temp_store_begin(&t);
    (void)play_with_sound(&t, .9, 1);
    (void)temp_store_play(&t, .9);
    shed_decider who = temp_store_decider(&t);
    STORE_OK(shed_store_waive(t.store, &who, "test:unit", "days", NULL, &t.err), t.err);
    check_says(&t, NULL);
    sql(t.path, rows[i].damage);
    check_says(&t, rows[i].said);
    temp_store_end(&t);
  }
}

static void
check_finds_missing_and_changed_sound(void **state)
{
  temp_store  t;
  char        path[600];
  shed_sha256 sha256;
  (void)state;
  temp_store_begin(&t);
  sha256 = play_with_sound(&t, .9, 1);
  STORE_OK(shed_store_take_path(t.store, &sha256, path, sizeof(path), &t.err), t.err);
  STORE_OK(shed_file_write_atomic(path, "other", 5, &t.err), t.err);
  check_says(&t, "the sound was changed");
  assert_int_equal(unlink(path), 0);
  check_says(&t, "the sound of a take is missing");
  temp_store_end(&t);
}

static void
orphans_are_told_and_cleaned(void **state)
{
  temp_store        t;
  shed_store       *second = NULL;
  shed_store_report report;
  char              path[600];
  (void)state;
  temp_store_begin(&t);
  shed_sha256 kept = play_with_sound(&t, .9, 1);
  (void)snprintf(path, sizeof(path), "%s/%064d.flac", shed_store_takes_folder(t.store), 7);
  STORE_OK(shed_file_write_atomic(path, "orphan", 6, &t.err), t.err);
  STORE_OK(shed_store_check(t.store, NULL, NULL, &report, &t.err), t.err);
  assert_int_equal(report.orphans, 1);
  assert_int_equal(report.faults, 0);
  STORE_OK(shed_store_open(&second, t.path, &t.opts, &t.err), t.err);
  CHECK_STATUS(shed_store_clean(t.store, NULL, NULL, &report, &t.err), SHED_E_BUSY);
  shed_store_close(second);
  STORE_OK(shed_store_clean(t.store, NULL, NULL, &report, &t.err), t.err);
  assert_int_equal(report.files, 1);
  assert_false(shed_file_exists(path));
  STORE_OK(shed_store_take_path(t.store, &kept, path, sizeof(path), &t.err), t.err);
  check_says(&t, NULL);
  temp_store_end(&t);
}

static void
rebuild_mends_derived_tables(void **state)
{
  temp_store        t;
  shed_store_report report;
  (void)state;
  temp_store_begin(&t);
  for (int i = 0; i < 3; i++) {
    (void)temp_store_play(&t, .9);
  }
  shed_sha256 before = digest(&t);
  sql(t.path, "DELETE FROM take; DELETE FROM decision; DELETE FROM link");
  assert_false(temp_store_gate(&t).advance);
  STORE_OK(shed_store_rebuild(t.store, &report, &t.err), t.err);
  assert_int_equal(report.events, 5);
  assert_true(temp_store_gate(&t).advance);
  shed_sha256 after = digest(&t);
  assert_string_equal(before.text, after.text);
  temp_store_end(&t);
}

// -- merging -------------------------------------------------------------------------------------------------------------

static void
merge_is_a_union(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  char              path[600];
  (void)state;
  temp_store_begin(&a);
  temp_store_prepare(&b);
  temp_store_open(&b);
  shed_sha256 sound = play_with_sound(&a, .9, 1);
  STORE_OK(shed_store_merge(b.store, a.path, &report, &b.err), b.err);
  assert_int_equal(report.events, 3);
  assert_int_equal(report.files, 1);
  assert_int_equal(report.people, 2);
  STORE_OK(shed_store_take_path(b.store, &sound, path, sizeof(path), &b.err), b.err);
  // Ada plays on the other machine
  b.student = a.student;
  b.teacher = a.teacher;
  (void)play_with_sound(&b, .9, 2);
  (void)temp_store_play(&b, .9);
  STORE_OK(shed_store_merge(a.store, b.path, &report, &a.err), a.err);
  assert_int_equal(report.events, 2);
  assert_int_equal(report.known, 3);
  assert_int_equal(temp_store_gate(&a).counted, 3);
  STORE_OK(shed_store_merge(a.store, b.path, &report, &a.err), a.err);
  assert_int_equal(report.events, 0);
  STORE_OK(shed_store_merge(a.store, a.path, &report, &a.err), a.err); // itself: nothing new
  assert_int_equal(report.events, 0);
  shed_sha256 da = digest(&a);
  shed_sha256 db = digest(&b);
  assert_string_equal(da.text, db.text);
  check_says(&a, NULL);
  check_says(&b, NULL);
  temp_store_end(&a);
  temp_store_end(&b);
}

static void
a_copy_begins_a_chain_of_its_own(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  char             *data = NULL;
  size_t            n    = 0;
  (void)state;
  temp_store_begin(&a);
  (void)temp_store_play(&a, .9);
  shed_store_close(a.store);
  temp_store_prepare(&b);
  STORE_OK(shed_file_read(a.path, 1 << 28, NULL, &data, &n, &a.err), a.err);
  STORE_OK(shed_file_write_atomic(b.path, data, n, &a.err), a.err);
  shed_free(NULL, data);
  temp_store_open(&a);
  temp_store_open(&b);
  b.student = a.student;
  (void)temp_store_play(&a, .9); // both go on writing
  (void)temp_store_play(&b, .9);
  STORE_OK(shed_store_merge(a.store, b.path, &report, &a.err), a.err);
  assert_int_equal(temp_store_gate(&a).counted, 3);
  check_says(&a, NULL);
  temp_store_end(&a);
  temp_store_end(&b);
}

static void
damage_is_refused_with_its_place_and_adds_nothing(void **state)
{
  static const struct {
    const char *damage;
    shed_status status;
    const char *said;
  } rows[] = {
      {"UPDATE event SET body = replace(body, '0.9', '1.0') WHERE seq = 3", SHED_E_CORRUPT, "event 3"},
      {"UPDATE event SET prev_hash = zeroblob(32) WHERE seq = 2", SHED_E_CORRUPT, "event 2"},
      {"DELETE FROM event WHERE seq = 1", SHED_E_CORRUPT, "event 2"},
      {"UPDATE event SET body = NULL, salt = NULL WHERE seq = 3", SHED_E_CORRUPT, "event 3"},
      {"PRAGMA user_version = 77", SHED_E_VERSION, ""},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    temp_store        a;
    temp_store        b;
    shed_store_report report;
    temp_store_begin(&a);
    temp_store_begin(&b);
    (void)play_with_sound(&b, .9, 1);
    sql(b.path, rows[i].damage);
    shed_sha256 before = digest(&a);
    CHECK_STATUS(shed_store_merge(a.store, b.path, &report, &a.err), rows[i].status);
    if (!strstr(a.err.where, rows[i].said) && !strstr(a.err.what, rows[i].said)) {
      fail_msg("row %zu: \"%s\" \"%s\" does not name \"%s\"", i, a.err.where, a.err.what, rows[i].said);
    }
    shed_sha256 after = digest(&a);
    assert_string_equal(before.text, after.text);
    check_says(&a, NULL);
    temp_store_end(&a);
    temp_store_end(&b);
  }
}

static void
other_things_are_refused(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  char              path[600];
  (void)state;
  temp_store_begin(&a);
  temp_store_begin(&b);
  (void)snprintf(path, sizeof(path), "%s/none.db", a.folder);
  CHECK_STATUS(shed_store_merge(a.store, path, &report, &a.err), SHED_E_NOTFOUND);
  assert_false(shed_file_exists(path));
  STORE_OK(shed_file_write_atomic(path, "", 0, &a.err), a.err);
  CHECK_STATUS(shed_store_merge(a.store, path, &report, &a.err), SHED_E_FORMAT);
  // a take without its file adds nothing
  shed_sha256 sound = play_with_sound(&b, .9, 1);
  STORE_OK(shed_store_take_path(b.store, &sound, path, sizeof(path), &b.err), b.err);
  assert_int_equal(unlink(path), 0);
  shed_sha256 before = digest(&a);
  CHECK_STATUS(shed_store_merge(a.store, b.path, &report, &a.err), SHED_E_NOTFOUND);
  assert_non_null(strstr(a.err.where, sound.text));
  shed_sha256 after = digest(&a);
  assert_string_equal(before.text, after.text);
  temp_store_end(&a);
  temp_store_end(&b);
}

static void
a_store_on_a_read_only_medium_is_merged(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  (void)state;
  temp_store_begin(&a);
  temp_store_prepare(&b);
  if (mount("woodshed-test", b.folder, "tmpfs", 0, "size=4m") != 0) {
    print_message("skipped: no tmpfs can be mounted here\n");
    temp_folder_remove(b.folder);
    temp_store_end(&a);
    skip();
  }
  (void)snprintf(b.path, sizeof(b.path), "%s/a stick? 50%% full#1.db", b.folder);
  temp_store_open(&b);
  b.student = a.student;
  STORE_OK(shed_store_merge(b.store, a.path, &report, &b.err), b.err);
  (void)play_with_sound(&b, .9, 1);
  shed_store_close(b.store);
  b.store = NULL;
  assert_int_equal(mount(NULL, b.folder, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
  STORE_OK(shed_store_merge(a.store, b.path, &report, &a.err), a.err);
  assert_int_equal(report.events, 1);
  assert_int_equal(report.files, 1);
  check_says(&a, NULL);
  assert_int_equal(umount(b.folder), 0);
  temp_folder_remove(b.folder);
  temp_store_end(&a);
}

static void
one_number_with_two_events_is_refused(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  char             *old = NULL;
  size_t            n   = 0;
  (void)state;
  temp_store_begin(&a);
  temp_store_prepare(&b);
  temp_store_open(&b);
  shed_store_close(a.store);
  STORE_OK(shed_file_read(a.path, 1 << 28, NULL, &old, &n, &a.err), a.err);
  temp_store_open(&a);
  (void)temp_store_play(&a, .9);
  STORE_OK(shed_store_merge(b.store, a.path, &report, &b.err), b.err);
  shed_store_close(a.store);
  FILE *f = fopen(a.path, "r+b"); // the older copy is put back into the same file
  assert_non_null(f);
  assert_int_equal(fwrite(old, 1, n, f), n);
  assert_int_equal(fclose(f), 0);
  assert_int_equal(truncate(a.path, (off_t)n), 0);
  shed_free(NULL, old);
  temp_store_open(&a);
  (void)temp_store_play(&a, .5);
  CHECK_STATUS(shed_store_merge(b.store, a.path, &report, &b.err), SHED_E_STATE);
  assert_non_null(strstr(b.err.what, "event 3"));
  temp_store_end(&a);
  temp_store_end(&b);
}

// -- erasing -------------------------------------------------------------------------------------------------------------

static int
files_with(const char *folder, const char *needle)
{
  int  n = 0;
  DIR *d = opendir(folder);
  for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
    char        path[800];
    struct stat s;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
    if (e->d_name[0] == '.' || stat(path, &s) != 0) {
      continue;
    }
    n += S_ISDIR(s.st_mode) ? files_with(path, needle) : temp_file_contains(path, needle);
  }
  if (d) {
    (void)closedir(d);
  }
  return n;
}

static void
what_is_erased_is_gone_from_the_disk(void **state)
{
  temp_store        t;
  shed_store_report report;
  shed_person       p;
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_rename_person(t.store, &t.student.id, "Wilhelmina Quux", &t.err), t.err);
  shed_person other;
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ben", &other, &t.err), t.err);
  for (int i = 0; i < 120;
       i++) { // every fourth is hers: erased rows lie between others that stay and move about
    char             temp[600];
    shed_take_record r = temp_store_record(&t, .9);
    temp_store_sound(&t, &r, temp, sizeof(temp), (unsigned)i, 300);
    bool hers        = i % 4 == 0;
    r.student        = hers ? r.student : other.id;
    r.heard          = (const unsigned char *)(hers ? "whatwasheardhere" : "other");
    r.n_heard        = hers ? 16 : 5;
    r.ear            = "1";
    r.accommodations = hers ? "secretneed" : "none";
    STORE_OK(shed_store_record_take(t.store, &r, NULL, &t.err), t.err);
  }
  assert_true(files_with(t.folder, "Wilhelmina") > 0);
  assert_true(files_with(t.folder, "secretneed") > 0);
  assert_true(files_with(t.folder, "whatwasheard") > 0);
  shed_uuid id = t.student.id;
  STORE_OK(shed_store_erase(t.store, &t.teacher.id, &id, &report, &t.err), t.err);
  assert_int_equal(report.erased, 31);
  assert_int_equal(report.files, 30);
  assert_int_equal(files_with(t.folder, "Wilhelmina"), 0);
  assert_int_equal(files_with(t.folder, "secretneed"), 0);
  assert_int_equal(files_with(t.folder, "whatwasheard"), 0);
  check_says(&t, NULL);
  CHECK_STATUS(shed_store_find_person(t.store, SHED_ROLE_ANY, id.text, &p, &t.err), SHED_E_NOTFOUND);
  assert_int_equal(temp_store_gate(&t).takes, 0);
  shed_take_record r = temp_store_record(&t, .9);
  CHECK_STATUS(shed_store_record_take(t.store, &r, NULL, &t.err), SHED_E_STATE);
  STORE_OK(shed_store_erase(t.store, NULL, &id, &report, &t.err), t.err); // again: nothing is left
  assert_int_equal(report.erased, 0);
  shed_uuid nobody = shed_uuid_new(&t.clock);
  CHECK_STATUS(shed_store_erase(t.store, NULL, &nobody, &report, &t.err), SHED_E_NOTFOUND);
  temp_store_end(&t);
}

static void
the_erased_do_not_come_back(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  char              path[600];
  (void)state;
  temp_store_begin(&a);
  temp_store_prepare(&b);
  temp_store_open(&b);
  shed_sha256 sound = play_with_sound(&a, .9, 1);
  STORE_OK(shed_store_merge(b.store, a.path, &report, &b.err), b.err);
  b.student = a.student;
  STORE_OK(shed_store_erase(a.store, NULL, &a.student.id, &report, &a.err), a.err);
  (void)play_with_sound(&b, .9, 2); // meanwhile, where nobody knows of it
  STORE_OK(shed_store_merge(a.store, b.path, &report, &a.err), a.err);
  assert_int_equal(temp_store_gate(&a).takes, 0);
  CHECK_STATUS(shed_store_take_path(a.store, &sound, path, sizeof(path), &a.err), SHED_E_NOTFOUND);
  check_says(&a, NULL);
  STORE_OK(shed_store_merge(b.store, a.path, &report, &b.err), b.err);
  assert_int_equal(report.erased, 3); // added, two takes
  assert_int_equal(temp_store_gate(&b).takes, 0);
  CHECK_STATUS(shed_store_take_path(b.store, &sound, path, sizeof(path), &b.err), SHED_E_NOTFOUND);
  check_says(&b, NULL);
  shed_sha256 da = digest(&a);
  shed_sha256 db = digest(&b);
  assert_string_equal(da.text, db.text);
  temp_store_end(&a);
  temp_store_end(&b);
}

// Names are kept by kind where a store goes: into another store and out of it.
static void
a_take_that_is_not_sound_keeps_its_ending(void **state)
{
  temp_store        a, b;
  shed_store_report report;
  char              temp[600], path[600], out[300];
  (void)state;
  temp_store_begin(&a);
  temp_store_begin(&b);
  shed_take_record r = temp_store_record(&a, .9);
  temp_store_sound(&a, &r, temp, sizeof(temp), 3, 80);
  r.ending = ".notes.csv";
  STORE_OK(shed_store_record_take(a.store, &r, NULL, &a.err), a.err);
  STORE_OK(shed_store_merge(b.store, a.path, &report, &b.err), b.err);
  STORE_OK(shed_store_take_path(b.store, &r.sha256, path, sizeof(path), &b.err), b.err);
  assert_true(shed_ends_with(path, ".notes.csv"));
  check_says(&b, NULL);
  (void)snprintf(out, sizeof(out), "%s/out", b.folder);
  STORE_OK(shed_store_export(b.store, NULL, out, &report, &b.err), b.err);
  (void)snprintf(path, sizeof(path), "%s/takes/%s.notes.csv", out, r.sha256.text);
  assert_true(shed_file_exists(path));
  temp_store_end(&a);
  temp_store_end(&b);
}

// -- exporting -----------------------------------------------------------------------------------------------------------

static void
an_export_can_be_checked_without_the_store(void **state)
{
  temp_store        t;
  shed_store_report report;
  shed_person       ben;
  char              out[300];
  char              path[500];
  char             *lines = NULL;
  size_t            n     = 0;
  int               count = 0;
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ben", &ben, &t.err), t.err);
  shed_sha256 sound = play_with_sound(&t, .9, 1);
  (void)snprintf(out, sizeof(out), "%s/all", t.folder);
  STORE_OK(shed_store_export(t.store, NULL, out, &report, &t.err), t.err);
  assert_int_equal(report.events, 4);
  assert_int_equal(report.people, 3);
  assert_int_equal(report.files, 1);
  CHECK_STATUS(shed_store_export(t.store, NULL, out, &report, &t.err), SHED_E_EXISTS);
  (void)snprintf(path, sizeof(path), "%s/takes/%s.flac", out, sound.text);
  assert_true(shed_file_exists(path));
  (void)snprintf(path, sizeof(path), "%s/heard/%s.1.bin", out, sound.text);
  assert_true(shed_file_exists(path));
  (void)snprintf(path, sizeof(path), "%s/events.jsonl", out);
  STORE_OK(shed_file_read(path, 1 << 28, NULL, &lines, &n, &t.err), t.err);
  for (char *line = lines; *line; count++) {
    char            *end = strchr(line, '\n');
    shed_json       *v   = NULL;
    shed_store_event e;
    STORE_OK(shed_json_parse(line, (size_t)(end - line), "events.jsonl", &v, &t.err), t.err);
    STORE_OK(shed_store_event_from_json(v, &e, &t.err), t.err);
    STORE_OK(shed_store_event_check(&e, &t.err), t.err);
    shed_json_free(v);
    line = end + 1;
  }
  assert_int_equal(count, 4);
  shed_free(NULL, lines);
  (void)snprintf(out, sizeof(out), "%s/ben", t.folder);
  STORE_OK(shed_store_export(t.store, &ben.id, out, &report, &t.err), t.err);
  assert_int_equal(report.events, 1);
  assert_int_equal(report.people, 1);
  assert_int_equal(report.files, 0);
  temp_store_end(&t);
}

static void
allocations_that_fail_change_nothing(void **state)
{
  temp_store        b;
  shed_store_report report;
  (void)state;
  temp_store_begin(&b);
  (void)play_with_sound(&b, .9, 1);
  STORE_OK(shed_store_erase(b.store, NULL, &b.student.id, &report, &b.err), b.err);
  STORE_OK(shed_store_add_person(b.store, SHED_ROLE_STUDENT, "Ben", &b.student, &b.err), b.err);
  (void)play_with_sound(&b, .9, 2);
  SWEEP_ALLOCATIONS(a, {
    temp_store t;
    temp_store_prepare(&t);
    t.opts.alloc = &a.alloc;
    sweep_status = shed_store_open(&t.store, t.path, &t.opts, NULL);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_store_merge(t.store, b.path, &report, NULL);
    }
    if (sweep_status == SHED_OK) {
      sweep_status = shed_store_rebuild(t.store, &report, NULL);
    }
    if (sweep_status == SHED_OK) {
      sweep_status = shed_store_erase(t.store, NULL, &b.student.id, &report, NULL);
    }
    shed_store_close(t.store);
    t.store      = NULL;
    t.opts.alloc = NULL;
    temp_store_open(&t);
    temp_store_check(&t);
    temp_store_end(&t);
  });
  temp_store_end(&b);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(check_finds_each_kind_of_damage),
      cmocka_unit_test(check_finds_missing_and_changed_sound),
      cmocka_unit_test(orphans_are_told_and_cleaned),
      cmocka_unit_test(rebuild_mends_derived_tables),
      cmocka_unit_test(merge_is_a_union),
      cmocka_unit_test(a_copy_begins_a_chain_of_its_own),
      cmocka_unit_test(damage_is_refused_with_its_place_and_adds_nothing),
      cmocka_unit_test(other_things_are_refused),
      cmocka_unit_test(a_store_on_a_read_only_medium_is_merged),
      cmocka_unit_test(one_number_with_two_events_is_refused),
      cmocka_unit_test(what_is_erased_is_gone_from_the_disk),
      cmocka_unit_test(the_erased_do_not_come_back),
      cmocka_unit_test(a_take_that_is_not_sound_keeps_its_ending),
      cmocka_unit_test(an_export_can_be_checked_without_the_store),
      cmocka_unit_test(allocations_that_fail_change_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
