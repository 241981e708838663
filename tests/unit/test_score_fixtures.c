// Every score in tests/fixtures/score against what a musician says it sounds like (tests/fixtures/score/README.md).
#include "engine/base/file.h"
#include "engine/base/str.h"
#include "engine/score/score.h"

#include "tests/support/check.h"

#include <dirent.h>
#include <stdlib.h>

enum { PATH_TEXT = 1024, MAX_LINES = 400, MIN_FIXTURES = 90 };

static const double SECONDS_TOLERANCE = 0.0001; // as the files are rounded
static const double BEAT_TOLERANCE    = 0.0001;

static const char *const flag_names[] = {"grace",     "fermata", "trill",  "tremolo", "flam",   "arpeggio",
                                         "staccato",  "tenuto",  "accent", "slurred", "breath", "rit",
                                         "no_assess", "cue",     "chord",  "gliss",   "ghost",  "wait"};

// One "select" of an expectation file, and the lines that belong to it.
typedef struct {
  const char *file;
  char       *lines[MAX_LINES];
  int         n_lines;
} block;

static char *
value_of(const char *line, const char *key, char *buf, size_t size)
{
  const char *at = strstr(line, key);
  if (!at) {
    return NULL;
  }
  at += strlen(key);
  (void)snprintf(buf, size, "%.*s", (int)strcspn(at, " "), at);
  return buf;
}

static void
flags_text(unsigned flags, char *buf, size_t size)
{
  buf[0] = '\0';
  for (size_t i = 0; i < SHED_COUNTOF(flag_names); i++) {
    if (flags & (1U << i)) {
      size_t n = strlen(buf);
      (void)snprintf(buf + n, size - n, "%s%s", n ? "," : "", flag_names[i]);
    }
  }
  if (!buf[0]) {
    (void)snprintf(buf, size, "none");
  }
}

static void
beat_text(shed_beat b, char *buf, size_t size)
{
  if (b.den == 1) {
    (void)snprintf(buf, size, "%lld", (long long)b.num);
  } else {
    (void)snprintf(buf, size, "%lld/%lld", (long long)b.num, (long long)b.den);
  }
}

// One row: index midi onset duration measure beat pass seconds flags.
static void
check_row(const block *b, const char *row, const shed_line *line, int index)
{
  char f[9][64];
  char have[9][64];
  if (sscanf(row, "%63s %63s %63s %63s %63s %63s %63s %63s %63s", f[0], f[1], f[2], f[3], f[4], f[5], f[6],
             f[7], f[8]) != 9) {
    fail_msg("%s: \"%s\" is no row", b->file, row);
  }
  if ((size_t)index >= line->n_notes) {
    fail_msg("%s: note %d is expected (\"%s\"), there are %zu", b->file, index, row, line->n_notes);
  }
  const shed_sounding_note *note = &line->notes[index];
  (void)snprintf(have[0], 64, "%d", note->index);
  if (note->pitched) {
    (void)snprintf(have[1], 64, "%d", note->midi);
  } else {
    (void)snprintf(have[1], 64, "-");
  }
  beat_text(note->onset_beats, have[2], 64);
  beat_text(note->duration_beats, have[3], 64);
  (void)snprintf(have[4], 64, "%s", note->measure);
  (void)snprintf(have[5], 64, "%.4f", note->beat);
  (void)snprintf(have[6], 64, "%d", note->pass);
  (void)snprintf(have[7], 64, "%.4f", note->onset_s);
  flags_text(note->flags, have[8], 64);
  for (int i = 0; i < 9; i++) {
    bool same = strcmp(f[i], have[i]) == 0;
    if (i == 5) {
      same = fabs(strtod(f[i], NULL) - note->beat) < BEAT_TOLERANCE;
    }
    if (i == 7) {
      same = strcmp(f[i], "-") == 0 || fabs(strtod(f[i], NULL) - note->onset_s) < SECONDS_TOLERANCE;
    }
    if (!same) {
      fail_msg("%s: expected \"%s\", have %s %s %s %s %s %s %s %s %s", b->file, row, have[0], have[1],
               have[2], have[3], have[4], have[5], have[6], have[7], have[8]);
    }
  }
}

static void
check_number(const block *b, const char *text, const char *key, double have)
{
  char value[64];
  if (value_of(text, key, value, sizeof(value)) && fabs(strtod(value, NULL) - have) > SECONDS_TOLERANCE) {
    fail_msg("%s: %s%s expected, have %g", b->file, key, value, have);
  }
}

static void
check_list(const block *b, const char *text, const char *key, const char *have)
{
  char value[256];
  if (value_of(text, key, value, sizeof(value)) && strcmp(value, have) != 0) {
    fail_msg("%s: %s%s expected, have %s", b->file, key, value, have);
  }
}

// "line tempo=... marks=... length=... swing=... fifths=... spelled=... ids=...": what holds for the line as a whole.
static void
check_line(const block *b, const char *text, const shed_line *line)
{
  char spelled[256] = "";
  char ids[256]     = "";
  for (size_t i = 0; i < line->n_notes; i++) {
    static const char letters[] = "CDEFGAB";
    shed_pitch        p         = line->notes[i].sounding;
    size_t            n         = strlen(spelled);
    const char       *sign      = p.alter > 0 ? "##" : "bb";
    (void)snprintf(spelled + n, sizeof(spelled) - n, "%s%c%.*s%d", n ? "," : "", letters[p.step],
                   abs(p.alter), sign, p.octave);
    n = strlen(ids);
    (void)snprintf(ids + n, sizeof(ids) - n, "%s%s", n ? "," : "", line->notes[i].id);
  }
  check_number(b, text, " tempo=", line->tempo_bpm);
  check_number(b, text, " marks=", line->tempo_marks);
  check_number(b, text, " length=", line->length_s);
  check_number(b, text, " swing=", line->swing);
  check_number(b, text, " fifths=", line->n_measures ? line->measures[0].fifths : 99);
  check_list(b, text, " spelled=", spelled);
  check_list(b, text, " ids=", ids);
}

static void
check_warning(const block *b, const char *text, const shed_line *line)
{
  for (size_t i = 0; i < line->n_warnings; i++) {
    if (strstr(line->warnings[i].what, text)) {
      return;
    }
  }
  fail_msg("%s: no warning says \"%s\"", b->file, text);
}

static shed_line
perform(const block *b, const shed_score *score)
{
  char           part[64], voice[64], from[64], to[64], number[64];
  const char    *text = b->lines[0];
  shed_selection sel  = {.part          = value_of(text, " part=", part, sizeof(part)),
                         .voice         = value_of(text, " voice=", voice, sizeof(voice)),
                         .first_measure = value_of(text, " from=", from, sizeof(from)),
                         .last_measure  = value_of(text, " to=", to, sizeof(to))};
  if (value_of(text, " staff=", number, sizeof(number))) {
    sel.staff = atoi(number);
  }
  if (value_of(text, " tempo=", number, sizeof(number))) {
    sel.tempo_bpm = strtod(number, NULL);
  }
  shed_line  line;
  shed_error err = {0};
  if (shed_score_perform(score, &sel, NULL, &line, &err) != SHED_OK) {
    fail_msg("%s: %s: %s: %s", b->file, text, err.where, err.what);
  }
  return line;
}

static void
check_block(const block *b, const shed_score *score)
{
  int       rows     = 0;
  size_t    warnings = 0;
  shed_line line     = perform(b, score);
  for (int i = 1; i < b->n_lines; i++) {
    if (shed_starts_with(b->lines[i], "warn ")) {
      check_warning(b, b->lines[i] + 5, &line);
      warnings++;
    } else if (shed_starts_with(b->lines[i], "line ")) {
      check_line(b, b->lines[i], &line);
    } else {
      check_row(b, b->lines[i], &line, rows++);
    }
  }
  if (line.n_notes != (size_t)rows) {
    fail_msg("%s: %s: %d notes expected, have %zu", b->file, b->lines[0], rows, line.n_notes);
  }
  if (line.n_warnings != warnings) {
    fail_msg("%s: %zu warnings expected, have %zu: %s", b->file, warnings, line.n_warnings,
             line.n_warnings ? line.warnings[0].what : "");
  }
  shed_line_free(&line);
}

static int
check_file(const char *folder, const char *name, const char *ending)
{
  char        path[PATH_TEXT];
  char       *text  = NULL;
  char       *rest  = NULL;
  size_t      n     = 0;
  int         count = 0;
  shed_score *score = NULL;
  shed_error  err   = {0};
  block       b     = {.file = name};
  (void)snprintf(path, sizeof(path), "%s/%s%s", folder, name, ending);
  if (shed_score_load(path, NULL, &score, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  (void)snprintf(path, sizeof(path), "%s/%s.expect", folder, name);
  CHECK_OK(shed_file_read(path, 1 << 20, NULL, &text, &n, &err));
  for (char *l = strtok_r(text, "\n", &rest); l; l = strtok_r(NULL, "\n", &rest)) {
    if (l[0] == '#' || shed_starts_with(l, "verovio:")) {
      continue;
    }
    if (shed_starts_with(l, "select")) {
      if (b.n_lines) {
        check_block(&b, score);
        count++;
      }
      b.n_lines = 0;
    }
    assert_true(b.n_lines < MAX_LINES);
    b.lines[b.n_lines++] = l;
  }
  assert_true(b.n_lines > 0);
  check_block(&b, score);
  shed_free(NULL, text);
  shed_score_free(score);
  return count + 1;
}

static void
every_fixture_sounds_as_expected(void **state)
{
  const char *folder = SHED_SOURCE_DIR "/tests/fixtures/score";
  DIR        *dir    = opendir(folder);
  int         files  = 0;
  int         blocks = 0;
  (void)state;
  assert_non_null(dir);
  for (const struct dirent *e = readdir(dir); e; e = readdir(dir)) {
    static const char *const endings[] = {".musicxml", ".mxl", ".abc"};
    for (size_t i = 0; i < SHED_COUNTOF(endings); i++) {
      char name[256];
      if (!shed_ends_with(e->d_name, endings[i])) {
        continue;
      }
      (void)snprintf(name, sizeof(name), "%.*s", (int)(strlen(e->d_name) - strlen(endings[i])), e->d_name);
      blocks += check_file(folder, name, endings[i]);
      files++;
    }
  }
  (void)closedir(dir);
  print_message("%d scores, %d selections\n", files, blocks);
  assert_true(files >= MIN_FIXTURES);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_fixture_sounds_as_expected)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
