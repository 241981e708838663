// What the store costs: takes stored a second, beside what the disk itself does in the same run, and the gate's time for a
// student with 1,000 takes of a unit while the store grows around them.
#include "engine/base/file.h"
#include "mastery/store/care.h"
#include "mastery/store/inside.h"
#include "mastery/store/people.h"
#include "mastery/store/progress.h"
#include "mastery/store/takes.h"
#include "tests/support/remove_folder.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
  APPENDS     = 300,
  SYNCS       = 300,
  TAKES       = 1000,
  GATES       = 2000,
  SMALL       = 10000,
  LARGE       = 1000000,
  SOUND_BYTES = 1500000
};

static const int64_t START_MS = 1793000000000;

static void
must(shed_status st, const shed_error *err)
{
  if (st != SHED_OK) {
    (void)fprintf(stderr, "%s: %s: %s\n", shed_status_text(st), err->where, err->what);
    exit(1);
  }
}

static double
now_s(void)
{
  return (double)shed_clock_system()->mono_ns(NULL) * 1e-9;
}

// Of this thread alone: what others on the machine do is not in it.
static double
cpu_s(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
print_times(const char *what, double *wall, double *cpu, size_t n)
{
  double first = wall[0];
  qsort(wall, n, sizeof(*wall), compare);
  qsort(cpu, n, sizeof(*cpu), compare);
  printf("%-44s median %.3f ms, p99 %.3f ms, first %.3f ms; of the processor median %.3f ms, p99 %.3f ms\n",
         what, wall[n / 2] * 1e3, wall[n * 99 / 100] * 1e3, first * 1e3, cpu[n / 2] * 1e3,
         cpu[n * 99 / 100] * 1e3);
}

static shed_take_record
a_take(const shed_uuid *student, int i)
{
  shed_take_record r = {.student         = *student,
                        .unit            = "bench:unit",
                        .drill           = "bench:drill",
                        .seed            = (uint64_t)i,
                        .counted         = i % 5 != 0,
                        .performed_at_ms = START_MS + i * 60000LL,
                        .utc_offset_min  = 60,
                        .latency_s       = (double)NAN,
                        .score           = .5 + (i % 50) * .01,
                        .passed          = -1,
                        .assessed        = 1,
                        .n_marks         = 3};
  r.marks[0]         = (shed_gate_mark){"pitch", .5 + (i % 50) * .01, 1, 20};
  r.marks[1]         = (shed_gate_mark){"rhythm", .5 + (i % 47) * .01, 1, 20};
  r.marks[2]         = (shed_gate_mark){"intonation", .4 + (i % 43) * .01, .9, 20};
  return r;
}

// -- storing -------------------------------------------------------------------------------------------------------------

static double
disk_syncs_a_second(const char *folder)
{
  char path[600];
  char block[4096] = {0};
  (void)snprintf(path, sizeof(path), "%s/sync", folder);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) {
    return 0;
  }
  double start = now_s();
  for (int i = 0; i < SYNCS; i++) {
    if (write(fd, block, sizeof(block)) != sizeof(block) || fdatasync(fd) != 0) {
      break;
    }
  }
  double seconds = now_s() - start;
  (void)close(fd);
  (void)unlink(path);
  return SYNCS / seconds;
}

static double
appends_a_second(shed_store *s, const shed_uuid *student, bool with_sound)
{
  static unsigned char sound[SOUND_BYTES];
  char                 temp[700];
  shed_error           err     = {.status = SHED_OK};
  double               seconds = 0;
  int                  n       = with_sound ? APPENDS / 5 : APPENDS;
  for (int i = 0; i < n; i++) {
    shed_take_record r = a_take(student, i);
    r.unit             = "bench:other";
    if (with_sound) {
      memcpy(sound, &i, sizeof(i));
      must(shed_store_take_temp(s, temp, sizeof(temp), &err), &err);
      must(shed_file_write_atomic(temp, sound, sizeof(sound), &err), &err);
      r.temp_path = temp;
      r.sha256    = shed_sha256_of(sound, sizeof(sound));
    }
    double start = now_s();
    must(shed_store_record_take(s, &r, NULL, &err), &err);
    seconds += now_s() - start;
  }
  return n / seconds;
}

// -- the gate ------------------------------------------------------------------------------------------------------------

// Takes of 1,000 other students in 20 units, straight into the tables: the same schema, without a transaction each.
static void
fill(shed_store *s, int from, int to)
{
  char sql[3000];
  (void)snprintf(
      sql, sizeof(sql),
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN;"
      "INSERT INTO event WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
      "SELECT CAST(printf('%%016d', i) AS BLOB), 1, 'take.scored', 1793000000000 + i * 1000, 60, "
      "1793000000000 + i, "
      "CAST('bench-origin-016' AS BLOB), i, NULL, CAST(printf('student-%%08d', i %% 1000) AS BLOB), "
      "'{\"counted\":true,\"dimensions\":[{\"assessed\":1,\"name\":\"pitch\",\"notes\":20,\"score\":0.9}],"
      "\"drill\":\"bench:drill\",\"unit\":\"bench:unit\",\"words\":\"' || printf('%%0200d', i) || '\"}', "
      "randomblob(16), randomblob(32), randomblob(32), randomblob(32) FROM n;"
      "INSERT INTO take WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
      "SELECT CAST(printf('student-%%08d', i %% 1000) AS BLOB), 'bench:unit' || CASE WHEN i %% 20 THEN i %% "
      "20 ELSE '' END, "
      "1793000000000 + i * 1000, CAST(printf('%%016d', i) AS BLOB), 60, 1, 1.0, i, x'', NULL, 0.9, i, NULL, "
      "'bench:drill', '', 'flute', 'practice', '' FROM n; COMMIT; PRAGMA synchronous = FULL; PRAGMA "
      "foreign_keys = ON",
      from, to - 1, from, to - 1);
  shed_status st = shed_db_exec(&s->db, sql);
  must(st, &s->db.fault);
}

// 1,000 takes of one student through the journal, in one act.
static void
add_takes(shed_store *s, const shed_uuid *student)
{
  shed_error err = {.status = SHED_OK};
  must(shed_db_exec(&s->db, "PRAGMA synchronous = OFF"), &s->db.fault);
  for (int i = 0; i < TAKES; i++) {
    shed_take_record r = a_take(student, i);
    must(shed_store_record_take(s, &r, NULL, &err), &err);
  }
  must(shed_db_exec(&s->db, "PRAGMA synchronous = FULL"), &s->db.fault);
}

static void
time_gate(shed_store *s, const shed_uuid *student, const char *what)
{
  static double  wall[GATES];
  static double  cpu[GATES];
  shed_error     err  = {.status = SHED_OK};
  shed_gate_rule rule = {
      .id = "bench:unit", .targets = {{"pitch", .85}, {"rhythm", .80}, {"intonation", .70}}, .n_targets = 3};
  for (int i = 0; i < GATES; i++) {
    shed_gate gate;
    double    start     = now_s();
    double    start_cpu = cpu_s();
    must(shed_store_gate(s, student, &rule, &gate, &err), &err);
    cpu[i]  = cpu_s() - start_cpu;
    wall[i] = now_s() - start;
    if (gate.takes != TAKES) {
      (void)fprintf(stderr, "the gate saw %d takes instead of %d\n", gate.takes, TAKES);
      exit(1);
    }
  }
  print_times(what, wall, cpu, GATES);
}

int
main(void)
{
  char        folder[] = "bench-store-XXXXXX";
  char        path[300];
  shed_store *s   = NULL;
  shed_error  err = {.status = SHED_OK};
  shed_person ada;
  if (!mkdtemp(folder)) {
    perror(folder);
    return 1;
  }
  (void)snprintf(path, sizeof(path), "%s/store.db", folder);
  must(shed_store_open(&s, path, NULL, &err), &err);
  must(shed_store_add_person(s, SHED_ROLE_STUDENT, "Ada", &ada, &err), &err);

  double disk  = disk_syncs_a_second(folder);
  double plain = appends_a_second(s, &ada.id, false);
  double sound = appends_a_second(s, &ada.id, true);
  printf("%-44s %8.1f a second\n", "the disk: 4 kB written and synced", disk);
  printf("%-44s %8.1f a second   %.2f of the disk\n", "takes stored, synchronous FULL", plain, plain / disk);
  printf("%-44s %8.1f a second   %.2f of the disk\n", "takes stored with 1.5 MB of sound", sound,
         sound / disk);

  add_takes(s, &ada.id);
  fill(s, 1, SMALL);
  time_gate(s, &ada.id, "gate, 1,000 takes of the unit in 10,000");
  double start = now_s();
  fill(s, SMALL, LARGE);
  double seconds = now_s() - start;
  time_gate(s, &ada.id, "gate, 1,000 takes of the unit in 1,000,000");
  printf("(filled with %d events in %.1f s)\n", LARGE, seconds);
  shed_store_close(s);
  must(shed_store_open(&s, path, NULL, &err), &err);
  time_gate(s, &ada.id, "the same in a store just opened");
  shed_store_close(s);
  remove_folder(folder);
  return 0;
}
