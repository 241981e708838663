/// A store in a folder of its own, with a teacher and students, for tests. Everything is gone with temp_store_end().
#ifndef SHED_TEST_TEMP_STORE_H
#define SHED_TEST_TEMP_STORE_H

#include "engine/base/file.h"
#include "mastery/store/care.h"
#include "mastery/store/decide.h"
#include "mastery/store/people.h"
#include "mastery/store/progress.h"
#include "mastery/store/takes.h"
#include "tests/support/check.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/// An SHED_OK whose error is printed when it is not.
#define STORE_OK(expr, err)                                                                                  \
  do {                                                                                                       \
    shed_status store_st = (expr);                                                                           \
    if (store_st != SHED_OK) {                                                                               \
      fail_msg("%s: %s: %s: %s", #expr, shed_status_text(store_st), (err).where, (err).what);                \
    }                                                                                                        \
  } while (0)

typedef struct {
  char            folder[200];
  char            path[256];
  shed_hand_clock hand;
  shed_clock      clock;
  shed_store_opts opts;
  shed_store     *store;
  shed_person     teacher, student;
  shed_error      err;
} temp_store;

static inline void
temp_folder_remove(const char *folder)
{
  DIR *d = opendir(folder);
  for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
    char        path[600];
    struct stat s;
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
      continue;
    }
    (void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
    if (lstat(path, &s) == 0 && S_ISDIR(s.st_mode)) {
      temp_folder_remove(path);
    } else {
      (void)unlink(path);
    }
  }
  if (d) {
    (void)closedir(d);
  }
  (void)rmdir(folder);
}

/// The folder and the clock; no store yet.
static inline void
temp_store_prepare(temp_store *t)
{
  const char *base = getenv("TMPDIR");
  memset(t, 0, sizeof(*t));
  (void)snprintf(t->folder, sizeof(t->folder), "%s/shed-store-XXXXXX", base ? base : "/tmp");
  assert_non_null(mkdtemp(t->folder));
  (void)snprintf(t->path, sizeof(t->path), "%s/store.db", t->folder);
  t->hand  = (shed_hand_clock){.wall_ms = 1793000000000, .utc_offset_min = 60};
  t->clock = shed_clock_by_hand(&t->hand);
  t->opts  = (shed_store_opts){.clock = &t->clock};
}

static inline void
temp_store_open(temp_store *t)
{
  STORE_OK(shed_store_open(&t->store, t->path, &t->opts, &t->err), t->err);
}

/// With a teacher, Ms Lind, and a student, Ada. Must not be moved afterwards: the store has its clock's address.
static inline void
temp_store_begin(temp_store *t)
{
  temp_store_prepare(t);
  temp_store_open(t);
  STORE_OK(shed_store_add_person(t->store, SHED_ROLE_TEACHER, "Ms Lind", &t->teacher, &t->err), t->err);
  STORE_OK(shed_store_add_person(t->store, SHED_ROLE_STUDENT, "Ada", &t->student, &t->err), t->err);
}

static inline void
temp_store_end(temp_store *t)
{
  shed_store_close(t->store);
  t->store = NULL;
  temp_folder_remove(t->folder);
}

/// The record of a counted take of unit test:unit with pitch at @p pitch, a minute after the one before.
static inline shed_take_record
temp_store_record(temp_store *t, double pitch)
{
  t->hand.wall_ms += 60000;
  shed_take_record r = {.student         = t->student.id,
                        .course          = "test:course",
                        .unit            = "test:unit",
                        .drill           = "test:drill",
                        .generator       = 1,
                        .seed            = (uint64_t)t->hand.wall_ms,
                        .counted         = true,
                        .performed_at_ms = t->hand.wall_ms,
                        .utc_offset_min  = 60,
                        .instrument      = "flute",
                        .latency_s       = (double)NAN,
                        .score           = pitch,
                        .passed          = -1,
                        .assessed        = 1,
                        .n_marks         = 1};
  r.marks[0]         = (shed_gate_mark){"pitch", pitch, 1, 20};
  return r;
}

/// A file of @p n bytes that depend on @p seed alone, under the name that the store gave out; the record names it.
static inline void
temp_store_sound(temp_store *t, shed_take_record *r, char *path, size_t size, unsigned seed, size_t n)
{
  char *data = malloc(n);
  assert_non_null(data);
  for (size_t i = 0; i < n; i++) {
    data[i] = (char)(seed * 31 + i * 7 + (seed >> 8));
  }
  STORE_OK(shed_store_take_temp(t->store, path, size, &t->err), t->err);
  STORE_OK(shed_file_write_atomic(path, data, n, &t->err), t->err);
  r->temp_path = path;
  r->sha256    = shed_sha256_of(data, n);
  free(data);
}

static inline shed_uuid
temp_store_play(temp_store *t, double pitch)
{
  shed_uuid        id;
  shed_take_record r = temp_store_record(t, pitch);
  STORE_OK(shed_store_record_take(t->store, &r, &id, &t->err), t->err);
  return id;
}

static inline shed_gate
temp_store_gate(temp_store *t)
{
  shed_gate      gate;
  shed_gate_rule rule = {.id = "test:unit", .targets = {{"pitch", .85}}, .n_targets = 1};
  STORE_OK(shed_store_gate(t->store, &t->student.id, &rule, &gate, &t->err), t->err);
  return gate;
}

static inline shed_decider
temp_store_decider(temp_store *t)
{
  t->hand.wall_ms += 1000;
  return (shed_decider){.actor = t->teacher.id, .student = t->student.id, .reason = "heard it in class"};
}

static inline void
temp_store_print(void *ctx, const char *sentence)
{
  (void)ctx;
  if (!strstr(sentence, "no take names it")) { // what a crash leaves is no fault
    print_message("%s\n", sentence);
  }
}

/// Everything is well in the store.
static inline void
temp_store_check(temp_store *t)
{
  shed_store_report report;
  STORE_OK(shed_store_check(t->store, temp_store_print, NULL, &report, &t->err), t->err);
  assert_int_equal(report.faults, 0);
}

/// Whether the bytes of @p needle stand anywhere in a file.
static inline bool
temp_file_contains(const char *path, const char *needle)
{
  char       *data  = NULL;
  size_t      n     = 0;
  size_t      len   = strlen(needle);
  bool        found = false;
  shed_status st    = shed_file_read(path, 1 << 30, NULL, &data, &n, NULL);
  for (size_t i = 0; st == SHED_OK && i + len <= n && !found; i++) {
    found = memcmp(data + i, needle, len) == 0;
  }
  shed_free(NULL, data);
  return found;
}

#endif
