// Our reading of MIDI files against mftext's (abcmidi): every note's tick, channel and key, every tempo, metre and key. The
// files are those that abc2midi writes of the ABC fixtures.
#include "tests/support/check.h"

#include "engine/base/file.h"
#include "engine/score/smf.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXTURES SHED_SOURCE_DIR "/tests/fixtures/score"

enum { PATH = 512, MOST = 20000 };

typedef struct {
  unsigned long tick;
  int           kind; // 0 note, 1 tempo, 2 metre, 3 key
  int           a, b;
} mark;

typedef struct {
  mark   at[MOST];
  size_t n;
} marks;

static void
add(marks *m, unsigned long tick, int kind, int a, int b)
{
  assert_true(m->n < MOST);
  m->at[m->n++] = (mark){tick, kind, a, b};
}

static int
by_all(const void *a, const void *b)
{
  const mark *x = a, *y = b;
  int         c = (x->tick > y->tick) - (x->tick < y->tick);
  c             = c ? c : x->kind - y->kind;
  c             = c ? c : x->a - y->a;
  return c ? c : x->b - y->b;
}

// Run a program with its output in a file. @return false when it is not installed.
static bool
run(const char *program, const char *const argv[], const char *out)
{
  int status = 0;
  (void)fflush(stdout);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    char *args[8] = {NULL};
    for (size_t i = 0; argv[i] && i + 1 < sizeof(args) / sizeof(args[0]); i++) {
      args[i] = strdup(argv[i]);
    }
    if (!freopen(out, "w", stdout)) {
      _exit(126);
    }
    execvp(program, args);
    _exit(127);
  }
  assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
  return WEXITSTATUS(status) != 127;
}

static void
read_theirs(const char *path, marks *m)
{
  char  line[512];
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  while (fgets(line, sizeof(line), f)) {
    unsigned long tick;
    int           a, b, volume;
    const char   *rest = strchr(line, ' ');
    if (sscanf(line, "Time=%lu", &tick) != 1 || !rest) {
      continue;
    }
    rest += strspn(rest, " ");
    if (sscanf(rest, "Note on, chan=%d pitch=%d vol=%d", &a, &b, &volume) == 3 && volume > 0) {
      add(m, tick, 0, a - 1, b);
    } else if (sscanf(rest, "Tempo, microseconds-per-MIDI-quarter-note=%d", &a) == 1) {
      add(m, tick, 1, a, 0);
    } else if (sscanf(rest, "Time signature=%d/%d", &a, &b) == 2) {
      add(m, tick, 2, a, b);
    } else if (sscanf(rest, "Key signature, sharp/flats=%d minor=%d", &a, &b) == 2) {
      add(m, tick, 3, a, b);
    }
  }
  (void)fclose(f);
}

static void
read_ours(const char *path, marks *m)
{
  char      *data = NULL;
  size_t     n    = 0;
  shed_smf   smf  = {0};
  shed_error err  = {0};
  CHECK_OK(shed_file_read(path, 1 << 20, NULL, &data, &n, &err));
  if (shed_smf_parse(data, n, path, NULL, &smf, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  assert_int_equal(smf.n_warnings, 0);
  for (size_t i = 0; i < smf.n_notes; i++) {
    add(m, (unsigned long)smf.notes[i].on, 0, smf.notes[i].channel, smf.notes[i].key);
  }
  for (size_t i = 0; i < smf.n_changes; i++) {
    const shed_smf_change *c = &smf.changes[i];
    add(m, (unsigned long)c->tick,
        c->kind == SHED_SMF_TEMPO  ? 1
        : c->kind == SHED_SMF_TIME ? 2
                                   : 3,
        c->a, c->b);
  }
  shed_smf_free(&smf);
  shed_free(NULL, data);
}

// Two strokes of one key at one moment are one note to us: theirs are counted once.
static void
settle(marks *m)
{
  size_t kept = 0;
  qsort(m->at, m->n, sizeof(*m->at), by_all);
  for (size_t i = 0; i < m->n; i++) {
    if (kept == 0 || m->at[i].kind != 0 || by_all(&m->at[kept - 1], &m->at[i]) != 0) {
      m->at[kept++] = m->at[i];
    }
  }
  m->n = kept;
}

static size_t
compare(const char *name, const char *midi, const char *text)
{
  static marks ours, theirs;
  size_t       other = 0;
  ours.n = theirs.n = 0;
  read_ours(midi, &ours);
  read_theirs(text, &theirs);
  settle(&ours);
  settle(&theirs);
  for (size_t i = 0; i < ours.n || i < theirs.n; i++) {
    other += i >= ours.n || i >= theirs.n || by_all(&ours.at[i], &theirs.at[i]) != 0;
  }
  print_message("%-28s %4zu ours, %4zu mftext's, %zu differ\n", name, ours.n, theirs.n, other);
  return other + (theirs.n == 0);
}

static void
mftext_reads_the_same(void **state)
{
  char           folder[] = "/tmp/woodshed_mftext_XXXXXX";
  char           midi[PATH], text[PATH], abc[PATH];
  size_t         wrong = 0, files = 0;
  DIR           *dir = opendir(FIXTURES);
  struct dirent *d;
  (void)state;
  assert_non_null(dir);
  assert_non_null(mkdtemp(folder));
  (void)snprintf(midi, sizeof(midi), "%s/a.mid", folder);
  (void)snprintf(text, sizeof(text), "%s/a.txt", folder);
  while ((d = readdir(dir)) != NULL) {
    const char *end = strrchr(d->d_name, '.');
    if (!end || strcmp(end, ".abc") != 0) {
      continue;
    }
    (void)snprintf(abc, sizeof(abc), "%s/%s", FIXTURES, d->d_name);
    const char *write[] = {"abc2midi", abc, "-o", midi, "-silent", NULL};
    const char *read[]  = {"mftext", midi, NULL};
    (void)unlink(midi);
    if (!run("abc2midi", write, text) || !run("mftext", read, text)) {
      print_message("skipped: abc2midi or mftext is not installed\n");
      break;
    }
    if (access(midi, R_OK) == 0) {
      wrong += compare(d->d_name, midi, text) > 0;
      files++;
    }
  }
  (void)closedir(dir);
  (void)unlink(midi);
  (void)unlink(text);
  (void)rmdir(folder);
  print_message("%zu files\n", files);
  assert_int_equal(wrong, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(mftext_reads_the_same)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
