// The course that ships, item by item: a hundred seeds of each drill for each player on each level are a hundred different
// items inside the player's range. And docs/courses/applied-instrumental.md is what the course makes today: run this program
// with WOODSHED_WRITE=1 to write the page anew.

#include "drills/content.h"
#include "drills/text.h"

#include "engine/base/file.h"
#include "tests/support/check.h"

#include <stdlib.h>

#define COURSE SHED_SOURCE_DIR "/content/applied-instrumental"
#define PAGE   SHED_SOURCE_DIR "/docs/courses/applied-instrumental.md"

enum { SEEDS = 100 };

static shed_course *
load(void)
{
  shed_course *c   = NULL;
  shed_error   err = {0};
  if (shed_course_load(COURSE, NULL, &c, NULL, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return c;
}

static shed_prompt
make(const shed_course *c, const char *id, const shed_profile *p, int level, uint64_t seed)
{
  shed_prompt prompt;
  shed_error  err = {0};
  if (shed_course_prompt(c, id, p, level, seed, NULL, &prompt, &err) != SHED_OK) {
    fail_msg("%s for %s, level %d, seed %llu: %s", id, p->id, level, (unsigned long long)seed, err.what);
  }
  return prompt;
}

static void
check_range(const shed_prompt *prompt, const shed_profile *p, int level)
{
  const shed_range *r = &p->range[level - 1];
  for (size_t i = 0; i < prompt->line.n_notes; i++) {
    const shed_sounding_note *n = &prompt->line.notes[i];
    if (n->pitched && (n->midi < shed_pitch_midi(r->low) + p->semitones ||
                       n->midi > shed_pitch_midi(r->high) + p->semitones)) {
      fail_msg("%s for %s, level %d: MIDI %d is out of range", prompt->id, p->id, level, n->midi);
    }
  }
}

static shed_sha256
item(const shed_prompt *prompt)
{
  shed_str text = {0};
  shed_str_addf(&text, "%s %g %g %s ", prompt->instruction, prompt->tempo_bpm, prompt->hold_s, prompt->part);
  shed_prompt_notes(prompt, SHED_TEXT_WRITTEN, &text);
  for (size_t i = 0; i < prompt->line.n_notes; i++) {
    shed_str_addf(&text, " %u", prompt->line.notes[i].flags);
  }
  shed_sha256 sha256 = shed_sha256_of(shed_str_text(&text), text.len);
  shed_str_free(&text);
  return sha256;
}

static int
by_text(const void *a, const void *b)
{
  return strcmp(((const shed_sha256 *)a)->text, ((const shed_sha256 *)b)->text);
}

static void
check_drill(const shed_course *c, const shed_drill *d, const shed_profile *p, int level)
{
  shed_sha256 items[SEEDS];
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    shed_prompt prompt = make(c, d->id, p, level, seed);
    check_range(&prompt, p, level);
    assert_true(prompt.n_targets > 0);
    items[seed] = item(&prompt);
    shed_prompt_free(&prompt);
  }
  qsort(items, SEEDS, sizeof(*items), by_text);
  for (int i = 1; i < SEEDS; i++) {
    if (strcmp(items[i - 1].text, items[i].text) == 0) {
      fail_msg("%s for %s, level %d: an item comes twice in %d seeds", d->id, p->id, level, SEEDS);
    }
  }
}

static void
hundred_seeds_of_every_drill(void **state)
{
  shed_course *c = load();
  (void)state;
  for (size_t u = 0; u < c->n_units; u++) {
    for (size_t d = 0; d < c->units[u].n_drills; d++) {
      for (size_t i = 0; i < shed_profile_count(); i++) {
        shed_profile p = shed_profile_at(i);
        // a piece reads all its scores for each prompt: every other level is enough for it
        int step = strcmp(c->units[u].drills[d].kind, "piece") == 0 ? 2 : 1;
        for (int level = 1; level <= SHED_LEVELS; level += step) {
          check_drill(c, &c->units[u].drills[d], &p, level);
        }
      }
    }
  }
  shed_course_free(c);
}

// -- the page -------------------------------------------------------------------------------------------------------------

static const char *const players[] = {"flute",    "clarinet", "horn",       "alto_sax",
                                      "trombone", "viola",    "snare_drum", "changing_voice"};

static void
add_player(shed_str *out, const shed_profile *p)
{
  char low[16];
  char high[16];
  char name[16];
  shed_str_addf(out, "| %s | %s | ", p->name, shed_clef_name(p->clef));
  if (p->unpitched) {
    shed_str_addf(out, "no pitch | | | %g s |\n", p->breath_s[0]);
    return;
  }
  shed_str_add(out, p->semitones ? "" : "as written");
  if (p->semitones) {
    shed_pitch c5 = {0, 0, 5};
    shed_pitch_name(shed_profile_sounding(p, c5), name, sizeof(name));
    shed_str_addf(out, "C5 sounds %s", name);
  }
  shed_str_add(out, " | ");
  for (int i = 0; i < p->n_first; i++) {
    shed_pitch_name(p->first[i], name, sizeof(name));
    shed_str_addf(out, "%s%s", i ? " " : "", name);
  }
  shed_pitch_name(p->range[1].low, low, sizeof(low));
  shed_pitch_name(p->range[1].high, high, sizeof(high));
  shed_str_addf(out, " | %s to %s | %g s |\n", low, high, p->breath_s[0]);
}

// Notes in a cell of a table, where '|' would part columns: measures are parted by '/'.
static void
add_notes(shed_str *out, const shed_prompt *prompt, shed_text_pitch pitch)
{
  shed_str notes = {0};
  shed_prompt_notes(prompt, pitch, &notes);
  for (char *bar = notes.text; bar && (bar = strchr(bar, '|'));) {
    *bar = '/';
  }
  shed_str_add(out, shed_str_text(&notes));
  shed_str_free(&notes);
}

static void
add_item(shed_str *out, const shed_course *c, const shed_drill *d, const shed_profile *p, int level)
{
  const uint64_t seed = 7;
  shed_prompt    made = make(c, d->id, p, level, seed);
  char           tempo[16];
  shed_format_double(tempo, sizeof(tempo), made.tempo_bpm, 1);
  shed_str_addf(out, "| %s, level %d | %s | ", p->name, level, made.instruction);
  add_notes(out, &made, SHED_TEXT_WRITTEN);
  shed_str_add(out, " | ");
  if (made.line.notes[0].pitched) {
    add_notes(out, &made, SHED_TEXT_SOUNDING);
  }
  shed_str_addf(out, " | %d/%d, %s |\n", made.line.measures[0].beats, made.line.measures[0].beat_type, tempo);
  shed_prompt_free(&made);
}

static void
add_unit(shed_str *out, const shed_course *c, const shed_unit *u)
{
  shed_str_addf(out, "\n## %s\n\n%s\n", u->title, u->purpose);
  for (size_t d = 0; d < u->n_drills; d++) {
    if (u->drills[d].only_otherwise) {
      continue;
    }
    shed_str_addf(out,
                  "\n### %s\n\n| player | asked | written | sounding | metre, quarters a minute |\n"
                  "| --- | --- | --- | --- | --- |\n",
                  u->drills[d].title);
    for (size_t i = 0; i < SHED_COUNTOF(players); i++) {
      shed_profile p;
      CHECK_OK(shed_profile_find(players[i], &p, NULL));
      add_item(out, c, &u->drills[d], &p, 1);
      add_item(out, c, &u->drills[d], &p, 2);
    }
  }
}

static void
write_page(shed_str *out, const shed_course *c)
{
  shed_str_addf(out, "# %s\n\n%s\n", c->title, c->purpose);
  shed_str_add(out, "\nThis page is written by the course itself (tests/content) so that a teacher can check "
                    "it: one item of each "
                    "drill for each of\neight players, on level 1 (first notes) and level 2 (about an "
                    "octave). Lengths are in "
                    "quarter notes, measures are parted by `/`,\n`x` is a stroke, a clap or a note without "
                    "pitch. Any other "
                    "profile is asked in the same way; `woodshed drill show` shows its items.\n");
  shed_str_add(
      out,
      "\nA player whose instrument cannot hold a tone (drums, keyboards, mallets, guitar) gets even strokes "
      "in place "
      "of long tones; a\ndrum gets a scale of note values in place of scales, and the rhythm of a piece.\n");
  shed_str_add(out, "\n| player | clef | pitch | first notes | range on level 2 | breath on level 1 |\n"
                    "| --- | --- | --- | --- | --- | --- |\n");
  for (size_t i = 0; i < SHED_COUNTOF(players); i++) {
    shed_profile p;
    CHECK_OK(shed_profile_find(players[i], &p, NULL));
    add_player(out, &p);
  }
  for (size_t u = 0; u < c->n_units; u++) {
    add_unit(out, c, &c->units[u]);
  }
}

static void
the_page_is_what_the_course_makes(void **state)
{
  shed_course *c    = load();
  shed_str     page = {0};
  char        *kept = NULL;
  size_t       n    = 0;
  (void)state;
  write_page(&page, c);
  if (getenv("WOODSHED_WRITE")) {
    CHECK_OK(shed_file_write_atomic(PAGE, page.text, page.len, NULL));
  }
  CHECK_OK(shed_file_read(PAGE, 1 << 20, NULL, &kept, &n, NULL));
  if (n != page.len || memcmp(kept, page.text, n) != 0) {
    size_t at = 0;
    while (kept[at] && kept[at] == page.text[at]) {
      at++;
    }
    fail_msg("docs/courses/applied-instrumental.md differs from byte %zu on: run this test with "
             "WOODSHED_WRITE=1\n  page   %.80s\n"
             "  course %.80s",
             at, kept + at, page.text + at);
  }
  shed_free(NULL, kept);
  shed_str_free(&page);
  shed_course_free(c);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_page_is_what_the_course_makes),
      cmocka_unit_test(hundred_seeds_of_every_drill),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
