#include "tests/support/check.h"

#include "tests/support/sounding.h"

#include <stdlib.h>

enum { ROW_TEXT = 256 };

static const struct {
  unsigned    flag;
  const char *name;
} FLAG_NAMES[] = {
    {SHED_NOTE_GRACE, "grace"},
    {SHED_NOTE_FERMATA, "fermata"},
    {SHED_NOTE_TRILL, "trill"},
    {SHED_NOTE_TREMOLO, "tremolo"},
    {SHED_NOTE_FLAM, "flam"},
    {SHED_NOTE_ARPEGGIO, "arpeggio"},
    {SHED_NOTE_STACCATO, "staccato"},
    {SHED_NOTE_TENUTO, "tenuto"},
    {SHED_NOTE_ACCENT, "accent"},
    {SHED_NOTE_SLURRED, "slurred"},
    {SHED_NOTE_BREATH_AFTER, "breath_after"},
    {SHED_NOTE_RIT, "rit"},
    {SHED_NOTE_NO_ASSESS, "no_assess"},
    {SHED_NOTE_CUE, "cue"},
    {SHED_NOTE_GLISS, "gliss"},
    {SHED_NOTE_GHOST, "ghost"},
    {SHED_NOTE_WAIT, "wait"},
};

static void
fraction(shed_beat b, char *buf, size_t size)
{
  if (b.den == 1) {
    (void)snprintf(buf, size, "%lld", (long long)b.num);
  } else {
    (void)snprintf(buf, size, "%lld/%lld", (long long)b.num, (long long)b.den);
  }
}

static void
row_of(const shed_sounding_note *n, char *row)
{
  char onset[48];
  char length[48];
  char midi[8] = "x";
  char beat[32];
  if (n->pitched) {
    (void)snprintf(midi, sizeof(midi), "%d", n->midi);
  }
  fraction(n->onset_beats, onset, sizeof(onset));
  fraction(n->duration_beats, length, sizeof(length));
  (void)snprintf(beat, sizeof(beat), "%.3f", n->beat);
  int used = snprintf(row, ROW_TEXT, "%d %s %s %s %s %s %d", n->index, midi, onset, length, n->measure, beat,
                      n->pass);
  for (size_t i = 0; i < SHED_COUNTOF(FLAG_NAMES); i++) {
    if (n->flags & FLAG_NAMES[i].flag) {
      used += snprintf(row + used, ROW_TEXT - (size_t)used, " %s", FLAG_NAMES[i].name);
    }
  }
}

void
write_sounding(const shed_line *line, FILE *out)
{
  char row[ROW_TEXT];
  for (size_t i = 0; i < line->n_notes; i++) {
    row_of(&line->notes[i], row);
    (void)fprintf(out, "%s\n", row);
  }
}

typedef struct {
  const char *path;
  int         row;
  shed_score *score;
  shed_line   line;
  bool        open; // a part is being compared
  size_t      next; // note of it
  size_t      warnings;
} comparison;

static void
end_part(comparison *c)
{
  if (!c->open) {
    return;
  }
  if (c->next != c->line.n_notes) {
    fail_msg("%s:%d: %zu notes sound, %zu are expected", c->path, c->row, c->line.n_notes, c->next);
  }
  if (c->line.n_warnings != c->warnings) {
    fail_msg("%s:%d: %zu warnings, expected %zu; the first: %s %s", c->path, c->row, c->line.n_warnings,
             c->warnings, c->line.n_warnings ? c->line.warnings[0].where : "",
             c->line.n_warnings ? c->line.warnings[0].what : "");
  }
  shed_line_free(&c->line);
  c->open = false;
}

static void
begin_part(comparison *c, const char *part)
{
  shed_error     err = {0};
  shed_selection sel = {.part = part};
  end_part(c);
  if (shed_score_perform(c->score, &sel, NULL, &c->line, &err) != SHED_OK) {
    fail_msg("%s:%d: %s: %s", c->path, c->row, err.where, err.what);
  }
  c->open     = true;
  c->next     = 0;
  c->warnings = 0;
}

static void
compare_row(comparison *c, const char *expected)
{
  char row[ROW_TEXT] = "nothing";
  if (c->next < c->line.n_notes) {
    row_of(&c->line.notes[c->next], row);
  }
  c->next++;
  if (strcmp(row, expected) != 0) {
    fail_msg("%s:%d: sounds \"%s\", expected \"%s\"", c->path, c->row, row, expected);
  }
}

static void
obey(comparison *c, const char *text)
{
  if (strncmp(text, "part ", 5) == 0) {
    begin_part(c, text + 5);
  } else if (strncmp(text, "tempo ", 6) == 0) {
    CHECK_NEAR(c->line.tempo_bpm, strtod(text + 6, NULL), 1e-6);
  } else if (strncmp(text, "warnings ", 9) == 0) {
    c->warnings = (size_t)strtoul(text + 9, NULL, 10);
  } else {
    assert_true(c->open);
    compare_row(c, text);
  }
}

void
check_sounding(const char *score_path, const char *expected_path)
{
  char       text[ROW_TEXT];
  shed_error err  = {0};
  comparison c    = {.path = expected_path};
  FILE      *file = fopen(expected_path, "r");
  if (!file) {
    fail_msg("%s: cannot be opened", expected_path);
  }
  if (shed_score_load(score_path, NULL, &c.score, &err) != SHED_OK) {
    (void)fclose(file);
    fail_msg("%s: %s: %s", score_path, err.where, err.what);
  }
  while (fgets(text, sizeof(text), file)) {
    c.row++;
    text[strcspn(text, "#\r\n")] = '\0';
    size_t n                     = strlen(text);
    while (n > 0 && text[n - 1] == ' ') {
      text[--n] = '\0';
    }
    if (n > 0) {
      obey(&c, text);
    }
  }
  end_part(&c);
  if (c.row == 0) {
    fail_msg("%s: says nothing", expected_path);
  }
  (void)fclose(file);
  shed_score_free(c.score);
}
