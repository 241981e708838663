// Our reading of each ABC fixture against abc2midi's: pitch and onset of every note, grace notes and lengths left out.
// Where the two differ stands, with the reason, in abc2midi.txt; a difference that is not there fails.
#include "tests/support/check.h"

#include "engine/base/file.h"
#include "engine/score/score.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXTURES SHED_SOURCE_DIR "/tests/fixtures/score"
#define KNOWN    SHED_SOURCE_DIR "/tests/peer/abc2midi.txt"

enum { MOST_NOTES = 4096, MOST_KNOWN = 64, NAME = 64, PATH = 512 };

// abc2midi's notes begin a tick late, it rounds tuplets to whole ticks, and it strikes the heads of a chord ten ticks of
// 480 after each other.
static const double TOLERANCE_QUARTERS = 0.05;

typedef struct {
  double onset_quarters;
  int    midi;
  bool   found;
} heard;

typedef struct {
  heard  notes[MOST_NOTES];
  size_t n;
} heard_list;

static void
add(heard_list *list, double onset_quarters, int midi)
{
  for (size_t i = 0; i < list->n; i++) {
    if (list->notes[i].midi == midi &&
        fabs(list->notes[i].onset_quarters - onset_quarters) < TOLERANCE_QUARTERS) {
      return; // a unison is one note
    }
  }
  assert_true(list->n < MOST_NOTES);
  list->notes[list->n++] = (heard){onset_quarters, midi, false};
}

// Standard MIDI file 1.0: variable-length number.
static unsigned long
read_number(const unsigned char **p, const unsigned char *end)
{
  unsigned long value = 0;
  while (*p < end) {
    unsigned char byte = *(*p)++;
    value              = value << 7 | (byte & 0x7fU);
    if (!(byte & 0x80U)) {
      break;
    }
  }
  return value;
}

static unsigned long
big_endian(const unsigned char *p, int n)
{
  unsigned long value = 0;
  for (int i = 0; i < n; i++) {
    value = value << 8 | p[i];
  }
  return value;
}

static void
read_track(const unsigned char *p, const unsigned char *end, double ticks_per_quarter, heard_list *list)
{
  unsigned long now    = 0;
  unsigned char status = 0;
  while (p < end) {
    now += read_number(&p, end);
    assert_true(p < end);
    if (*p & 0x80U) {
      status = *p++;
    }
    if (status >= 0xf0) {
      p += status == 0xff;
      p += read_number(&p, end);
      continue;
    }
    unsigned kind = status & 0xf0U;
    assert_true(p + 2 <= end);
    if (kind == 0x90 && p[1] > 0) {
      add(list, (double)now / ticks_per_quarter, p[0]);
    }
    p += kind == 0xc0 || kind == 0xd0 ? 1 : 2;
  }
}

static void
read_midi(const char *path, heard_list *list)
{
  char      *text = NULL;
  size_t     n    = 0;
  shed_error err  = {0};
  CHECK_OK(shed_file_read(path, 1 << 20, NULL, &text, &n, &err));
  const unsigned char *data = (const unsigned char *)text;
  assert_true(n > 14 && memcmp(data, "MThd", 4) == 0);
  double               ticks = (double)big_endian(data + 12, 2);
  const unsigned char *p     = data + 14;
  while (p + 8 <= data + n) {
    unsigned long size = big_endian(p + 4, 4);
    assert_true(p + 8 + size <= data + n && memcmp(p, "MTrk", 4) == 0);
    read_track(p + 8, p + 8 + size, ticks, list);
    p += 8 + size;
  }
  shed_free(NULL, text);
}

// The number of the first tune, which is the one that is read.
static int
first_tune(const char *path)
{
  char  line[256];
  int   number = 1;
  FILE *file   = fopen(path, "r");
  assert_non_null(file);
  while (fgets(line, sizeof(line), file)) {
    if (strncmp(line, "X:", 2) == 0) {
      number = (int)strtol(line + 2, NULL, 10);
      break;
    }
  }
  (void)fclose(file);
  return number;
}

// No grace notes, no holds that lengthen, no chords from chord symbols. @return false when abc2midi is not installed.
static bool
run_abc2midi(const char *score, const char *midi)
{
  char number[16];
  int  status = 0;
  (void)snprintf(number, sizeof(number), "%d", first_tune(score));
  (void)fflush(stdout);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    if (!freopen("/dev/null", "w", stdout)) {
      _exit(126);
    }
    execlp("abc2midi", "abc2midi", score, number, "-o", midi, "-NGRA", "-NFER", "-NGUI", "-silent",
           (char *)NULL);
    _exit(127);
  }
  assert_true(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
  return WEXITSTATUS(status) != 127;
}

static void
read_ours(const char *path, heard_list *list)
{
  shed_score *score = NULL;
  shed_error  err   = {0};
  if (shed_score_load(path, NULL, &score, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  for (size_t p = 0; p < shed_score_parts(score); p++) {
    char           part[16];
    shed_line      line = {0};
    shed_selection sel  = {.part = part};
    (void)snprintf(part, sizeof(part), "%zu", p + 1);
    CHECK_OK(shed_score_perform(score, &sel, NULL, &line, &err));
    for (size_t i = 0; i < line.n_notes; i++) {
      const shed_sounding_note *n = &line.notes[i];
      if (!(n->flags & SHED_NOTE_GRACE)) {
        add(list, shed_beat_quarters(n->onset_beats), n->pitched ? n->midi : shed_pitch_midi(n->written));
      }
    }
    shed_line_free(&line);
  }
  shed_score_free(score);
}

static heard *
find(heard_list *list, const heard *wanted)
{
  for (size_t i = 0; i < list->n; i++) {
    heard *h = &list->notes[i];
    if (!h->found && h->midi == wanted->midi &&
        fabs(h->onset_quarters - wanted->onset_quarters) < TOLERANCE_QUARTERS) {
      return h;
    }
  }
  return NULL;
}

typedef struct {
  char   name[NAME];
  size_t ours_only, theirs_only;
} known_difference;

static size_t
read_known(known_difference *known)
{
  char   line[256];
  size_t n    = 0;
  FILE  *file = fopen(KNOWN, "r");
  assert_non_null(file);
  while (fgets(line, sizeof(line), file)) {
    char *rest = line + strcspn(line, " ");
    if (line[0] == '#' || *rest != ' ' || rest - line >= NAME) {
      continue;
    }
    assert_true(n < MOST_KNOWN);
    memcpy(known[n].name, line, (size_t)(rest - line));
    known[n].name[rest - line] = '\0';
    known[n].ours_only         = strtoul(rest, &rest, 10);
    known[n++].theirs_only     = strtoul(rest, &rest, 10);
  }
  (void)fclose(file);
  return n;
}

static void
print_rest(const char *whose, const heard_list *list)
{
  for (size_t i = 0; i < list->n; i++) {
    if (!list->notes[i].found) {
      print_message("  %s: %d at %.4f\n", whose, list->notes[i].midi, list->notes[i].onset_quarters);
    }
  }
}

// @return whether the two agree, or differ as is known.
static bool
compare(const char *name, const char *path, const char *midi, const known_difference *known, size_t n_known)
{
  static const heard_list empty;
  static heard_list       ours;
  static heard_list       theirs;
  known_difference        is     = {.ours_only = 0};
  known_difference        should = {.ours_only = 0};
  ours = theirs = empty;
  read_ours(path, &ours);
  read_midi(midi, &theirs);
  for (size_t i = 0; i < ours.n; i++) {
    heard *match = find(&theirs, &ours.notes[i]);
    if (match) {
      match->found = ours.notes[i].found = true;
    }
    is.ours_only += !match;
  }
  for (size_t i = 0; i < theirs.n; i++) {
    is.theirs_only += !theirs.notes[i].found;
  }
  for (size_t i = 0; i < n_known; i++) {
    if (strcmp(known[i].name, name) == 0) {
      should = known[i];
    }
  }
  bool good = is.ours_only == should.ours_only && is.theirs_only == should.theirs_only;
  print_message("%-24s %4zu notes, %zu only ours, %zu only abc2midi's%s\n", name, ours.n, is.ours_only,
                is.theirs_only, good ? "" : "  NOT AS KNOWN");
  if (!good) {
    print_rest("only ours", &ours);
    print_rest("only abc2midi's", &theirs);
  }
  return good;
}

static void
the_fixtures_sound_as_abc2midi_plays_them(void **state)
{
  known_difference known[MOST_KNOWN];
  size_t           n_known = read_known(known);
  int              n       = 0;
  int              bad     = 0;
  char             midi[]  = "/tmp/woodshed-abc2midi-XXXXXX";
  DIR             *folder  = opendir(FIXTURES);
  (void)state;
  assert_non_null(folder);
  int file = mkstemp(midi);
  assert_true(file >= 0);
  (void)close(file);
  for (const struct dirent *e = readdir(folder); e; e = readdir(folder)) {
    char   path[PATH];
    size_t len = strlen(e->d_name);
    if (strncmp(e->d_name, "abc_", 4) != 0 || strcmp(e->d_name + len - 4, ".abc") != 0) {
      continue;
    }
    (void)snprintf(path, sizeof(path), "%s/%s", FIXTURES, e->d_name);
    if (!run_abc2midi(path, midi)) {
      (void)closedir(folder);
      (void)unlink(midi);
      print_message("skipped: abc2midi is not installed (Debian: abcmidi)\n");
      skip();
    }
    bad += !compare(e->d_name, path, midi, known, n_known);
    n++;
  }
  (void)closedir(folder);
  (void)unlink(midi);
  assert_true(n >= 20);
  assert_int_equal(bad, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_fixtures_sound_as_abc2midi_plays_them)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
