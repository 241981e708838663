// Programs that are killed at any moment, two that write at once, and a disk that is full: nothing acknowledged is lost and
// nothing half stored is found.
#include "engine/base/rng.h"
#include "tests/support/temp_store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

enum { KILLS = 100, WRITERS = 3, TAKES_EACH = 40 };

// A child's life: open the store, store takes with sound until killed or n are done, and write each acknowledged id to fd.
static void
live(const temp_store *shared, int fd, unsigned seed, int n)
{
  temp_store t = *shared;
  t.hand.wall_ms += seed * 1000000LL;
  t.clock        = shed_clock_by_hand(&t.hand);
  t.opts.clock   = &t.clock;
  t.opts.busy_ms = 60000;
  if (shed_store_open(&t.store, t.path, &t.opts, &t.err) != SHED_OK) {
    _exit(2);
  }
  for (int i = 0; i < n; i++) {
    char             temp[600];
    shed_uuid        id;
    shed_take_record r = temp_store_record(&t, .9);
    char             bytes[2000];
    memset(bytes, (int)(seed + (unsigned)i), sizeof(bytes));
    (void)snprintf(bytes, sizeof(bytes), "%u %d", seed, i);
    if (shed_store_take_temp(t.store, temp, sizeof(temp), &t.err) != SHED_OK ||
        shed_file_write_atomic(temp, bytes, sizeof(bytes), &t.err) != SHED_OK) {
      _exit(3);
    }
    r.temp_path = temp;
    r.sha256    = shed_sha256_of(bytes, sizeof(bytes));
    r.heard     = (const unsigned char *)bytes;
    r.n_heard   = 100;
    r.ear       = "1";
    if (shed_store_record_take(t.store, &r, &id, &t.err) != SHED_OK) {
      (void)fprintf(stderr, "%s: %s\n", t.err.where, t.err.what);
      _exit(4);
    }
    if (write(fd, id.text, SHED_UUID_TEXT) != SHED_UUID_TEXT) {
      _exit(5);
    }
  }
  shed_store_close(t.store);
  _exit(0);
}

static pid_t
spawn(const temp_store *shared, int fd, unsigned seed, int n)
{
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    live(shared, fd, seed, n);
  }
  return pid;
}

typedef struct {
  shed_uuid *ids;
  size_t     n, cap;
} id_list;

// Every id that children acknowledged so far. fd does not block.
static void
collect(int fd, id_list *list)
{
  char text[SHED_UUID_TEXT];
  while (read(fd, text, sizeof(text)) == SHED_UUID_TEXT) {
    CHECK_OK(shed_grow(NULL, (void **)&list->ids, &list->cap, list->n, sizeof(*list->ids)));
    CHECK_OK(shed_uuid_parse(text, &list->ids[list->n++]));
  }
}

static bool
count_take(void *ctx, const shed_stored_take *take)
{
  assert_string_equal(take->ear, "1");
  assert_true(take->sha256.text[0] != '\0');
  ++*(size_t *)ctx;
  return true;
}

// The store opens, everything is whole, each acknowledged take is there. @return how many takes there are.
static size_t
check_whole(temp_store *t, const id_list *acknowledged)
{
  size_t n = 0;
  temp_store_open(t);
  temp_store_check(t);
  for (size_t i = 0; i < acknowledged->n; i++) {
    shed_json *body = NULL;
    STORE_OK(shed_store_take_body(t->store, &acknowledged->ids[i], &body, &t->err), t->err);
    shed_json_free(body);
  }
  STORE_OK(shed_store_each_take(t->store, &t->student.id, NULL, count_take, &n, &t->err), t->err);
  assert_true(n >= acknowledged->n);
  return n;
}

static void
open_pipe(int fds[2])
{
  assert_int_equal(pipe(fds), 0);
  assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
}

static void
killed_at_any_moment(void **state)
{
  temp_store        t;
  shed_store_report report;
  int               fds[2];
  id_list           acknowledged = {0};
  size_t            n            = 0;
  shed_rng          rng;
  (void)state;
  temp_store_begin(&t);
  shed_store_close(t.store);
  t.store = NULL;
  open_pipe(fds);
  shed_rng_seed(&rng, (uint64_t)getpid(), 3);
  for (unsigned i = 0; i < KILLS; i++) {
    pid_t           pid  = spawn(&t, fds[1], i, 100000);
    struct timespec wait = {.tv_nsec = shed_rng_between(&rng, 0, 20000) * 1000L};
    if (i % 2) { // not before it stored something
      struct pollfd first = {.fd = fds[0], .events = POLLIN};
      assert_int_equal(poll(&first, 1, 60000), 1);
    }
    (void)nanosleep(&wait, NULL);
    assert_int_equal(kill(pid, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    collect(fds[0], &acknowledged);
    if (i % 10 == 9) {
      n = check_whole(&t, &acknowledged);
      shed_store_close(t.store);
      t.store = NULL;
    }
  }
  temp_store_open(&t);
  STORE_OK(shed_store_clean(t.store, NULL, NULL, &report, &t.err), t.err);
  size_t orphans = report.orphans;
  temp_store_check(&t);
  print_message("%d kills: %zu takes acknowledged, %zu stored, %zu files without a take removed\n", KILLS,
                acknowledged.n, n, orphans);
  assert_true(acknowledged.n >= KILLS / 2);
  (void)close(fds[0]);
  (void)close(fds[1]);
  shed_free(NULL, acknowledged.ids);
  temp_store_end(&t);
}

static void
several_writers_at_once(void **state)
{
  temp_store t;
  int        fds[2];
  pid_t      pids[WRITERS];
  id_list    acknowledged = {0};
  (void)state;
  temp_store_begin(&t);
  shed_store_close(t.store);
  t.store = NULL;
  open_pipe(fds);
  for (unsigned i = 0; i < WRITERS; i++) {
    pids[i] = spawn(&t, fds[1], i, TAKES_EACH);
  }
  for (int i = 0; i < WRITERS; i++) {
    int status = 0;
    assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
  }
  collect(fds[0], &acknowledged);
  assert_int_equal(acknowledged.n, WRITERS * TAKES_EACH);
  assert_int_equal(check_whole(&t, &acknowledged), WRITERS * TAKES_EACH);
  (void)close(fds[0]);
  (void)close(fds[1]);
  shed_free(NULL, acknowledged.ids);
  temp_store_end(&t);
}

static void
make_together(void)
{
  temp_store t;
  pid_t      pids[WRITERS];
  temp_store_prepare(&t);
  for (int i = 0; i < WRITERS; i++) {
    pids[i] = fork();
    assert_true(pids[i] >= 0);
    if (pids[i] == 0) {
      shed_store *s = NULL;
      _exit(shed_store_open(&s, t.path, NULL, NULL) == SHED_OK ? 0 : 1);
    }
  }
  for (int i = 0; i < WRITERS; i++) {
    int status = 0;
    assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
    assert_int_equal(status, 0);
  }
  temp_store_open(&t);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
several_make_the_store_at_once(void **state)
{
  enum { ROUNDS = 60 }; // one in some forty met a store half made when its marks were read in the wrong order
  (void)state;
  for (int i = 0; i < ROUNDS; i++) {
    make_together();
  }
}

// -- a full disk -----------------------------------------------------------------------------------------------------------

static int
temps_in(const char *folder)
{
  int  n = 0;
  DIR *d = opendir(folder);
  for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
    n += strncmp(e->d_name, "tmp-", 4) == 0;
  }
  if (d) {
    (void)closedir(d);
  }
  return n;
}

// Store a take with 40 kB of sound. A full disk may show when the sound is written or when the take is stored.
static shed_status
store_a_take(temp_store *t, int i)
{
  static char      bytes[40000];
  char             temp[600];
  shed_take_record r = temp_store_record(t, .9);
  memset(bytes, i, sizeof(bytes));
  STORE_OK(shed_store_take_temp(t->store, temp, sizeof(temp), &t->err), t->err);
  shed_status st = shed_file_write_atomic(temp, bytes, sizeof(bytes), &t->err);
  if (st == SHED_OK) {
    r.temp_path = temp;
    r.sha256    = shed_sha256_of(bytes, sizeof(bytes));
    r.heard     = (const unsigned char *)bytes;
    r.n_heard   = 20000;
    r.ear       = "1";
    st          = shed_store_record_take(t->store, &r, NULL, &t->err);
  }
  return st;
}

static void
fill_the_disk(const char *path)
{
  static const char zeros[512];
  FILE             *f = fopen(path, "wb");
  assert_non_null(f);
  (void)setvbuf(f, NULL, _IONBF, 0);
  while (fwrite(zeros, 1, sizeof(zeros), f) == sizeof(zeros)) {
  }
  (void)fclose(f);
}

static void
a_full_disk_stores_nothing_by_halves(void **state)
{
  static char       zeros[500000];
  temp_store        t;
  shed_store_report report;
  char              filler[300];
  char              reserve[300];
  int               stored = 0;
  shed_status       st     = SHED_OK;
  (void)state;
  temp_store_prepare(&t);
  if (mount("woodshed-test", t.folder, "tmpfs", 0, "size=3m") != 0) {
    print_message("skipped: no tmpfs can be mounted here (%s)\n", strerror(errno));
    temp_folder_remove(t.folder);
    skip();
  }
  temp_store_open(&t);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ada", &t.student, &t.err), t.err);
  (void)snprintf(reserve, sizeof(reserve), "%s/reserve", t.folder);
  STORE_OK(shed_file_write_atomic(reserve, zeros, sizeof(zeros), &t.err), t.err);
  while (stored < 100 && (st = store_a_take(&t, stored)) == SHED_OK) {
    stored++;
  }
  CHECK_STATUS(st, SHED_E_NOSPACE);
  assert_true(stored > 5);
  assert_int_equal(temps_in(shed_store_takes_folder(t.store)), 0);
  // with every last block gone, so that the transaction fails and not only the file
  (void)snprintf(filler, sizeof(filler), "%s/filler", t.folder);
  fill_the_disk(filler);
  for (int i = 0; i < 20; i++) {
    shed_take_record r = temp_store_record(&t, .9);
    shed_json       *v = shed_json_object();
    char             words[5000];
    memset(words, 'w', sizeof(words) - 1);
    words[sizeof(words) - 1] = '\0';
    shed_json_set_str(v, "words", words);
    r.verdict = v;
    st        = shed_store_record_take(t.store, &r, NULL, &t.err);
    shed_json_free(v);
    if (st != SHED_OK) {
      break;
    }
    stored++;
  }
  CHECK_STATUS(st, SHED_E_NOSPACE);
  assert_non_null(strstr(t.err.what, "disk is full"));
  assert_int_equal(temp_store_gate(&t).takes, stored);
  assert_int_equal(unlink(filler), 0);
  assert_int_equal(unlink(reserve), 0);
  temp_store_check(&t);
  STORE_OK(shed_store_check(t.store, NULL, NULL, &report, &t.err), t.err);
  assert_int_equal(report.orphans, 0);
  STORE_OK(store_a_take(&t, 200), t.err);
  assert_int_equal(temp_store_gate(&t).takes, stored + 1);
  shed_store_close(t.store);
  t.store = NULL;
  temp_store_open(&t);
  temp_store_check(&t);
  shed_store_close(t.store);
  t.store = NULL;
  assert_int_equal(umount(t.folder), 0);
  temp_folder_remove(t.folder);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(killed_at_any_moment),
      cmocka_unit_test(several_writers_at_once),
      cmocka_unit_test(several_make_the_store_at_once),
      cmocka_unit_test(a_full_disk_stores_nothing_by_halves),
  };
  if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0) {
    (void)setenv("TMPDIR", "/dev/shm", 1); // a kill asks nothing of the disk; here more happens before each
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
