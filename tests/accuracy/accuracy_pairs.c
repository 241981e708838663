// Which note of the take is which note of the score, where the notes are given: real sight-singers and pianists' lines, with
// planted mistakes (pairs_takes.h), as `woodshed score X.notes.csv` has them. Counted are pairs of a note of the score and a row
// of the take, by F; of several attempts the last one is the true pair. Beside the judge stand one global alignment,
// without and with timing, and a Viterbi path with stay, next, skip and jump, whose costs are good ones of a few tried.
//
// "sample" takes every third; "why NAME FAMILY" tells one take row by row.
#include "assessors/assessor.h"
#include "engine/take/given.h"
#include "tests/accuracy/interval.h"
#include "tests/accuracy/pairs_peers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, BASES_MAX = 64, PIANISTS = 32, SAMPLE_EVERY = 3, WHO = 4, CSV_ROW = 80, WORST = 12 };
static const char *const WHO_NAMES[WHO] = {"Woodshed", "global", "global+time", "Viterbi"};
static const double      SINGERS_LEAST = .94, PIANISTS_LEAST = .99; // asked

typedef struct {
  double hits[WHO], both[WHO]; // F = 2 hits / (true + told)
  bool   sung, several;
  int    family;
  char   name[48];
} row;

static bool
prompt_of(const pairs_base *b, shed_prompt *p)
{
  *p = (shed_prompt){.kind          = "score",
                     .id            = "file:pairs",
                     .assessor      = "melody",
                     .octave        = b->sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN,
                     .key           = b->sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN,
                     .a4_hz         = 440,
                     .sung          = b->sung,
                     .fixed_pitch   = !b->sung,
                     .click_start_s = (double)NAN};
  return corpus_tune_line(&b->tune, 96, NULL, &p->line) == SHED_OK;
}

static bool
take_of(const pairs_row *rows, int n, bool sung, shed_take *out)
{
  static char text[PAIRS_ROWS_MAX * CSV_ROW];
  int used = snprintf(text, sizeof(text), sung ? "onset_s,offset_s,midi,cents\n" : "onset_s,offset_s,midi\n");
  for (int i = 0; i < n; i++) {
    int midi = (int)lround(rows[i].midi);
    used += snprintf(text + used, sizeof(text) - (size_t)used, "%.4f,%.4f,%d", rows[i].onset_s,
                     fmax(rows[i].offset_s, rows[i].onset_s), midi);
    used += sung ? snprintf(text + used, sizeof(text) - (size_t)used, ",%.1f\n", (rows[i].midi - midi) * 100)
                 : snprintf(text + used, sizeof(text) - (size_t)used, "\n");
  }
  shed_error err = {0};
  if (shed_given_parse(text, (size_t)used, "pairs.notes.csv", NULL, out, &err) != SHED_OK) {
    printf("%s %s\n", err.where, err.what);
    return false;
  }
  return true;
}

// match[row]: the note of the score.
static bool
judge(const pairs_base *b, const pairs_row *rows, int n, int *match, bool talk)
{
  shed_prompt  prompt;
  shed_take    take   = {0};
  shed_policy  policy = {0};
  shed_verdict v      = {0};
  shed_error   err    = {0};
  bool         ok     = prompt_of(b, &prompt) && take_of(rows, n, b->sung, &take) &&
            shed_policy_preset("", &policy, NULL) == SHED_OK &&
            shed_assessor_find("melody")->judge(&prompt, &take, &policy, NULL, &v, &err) == SHED_OK;
  for (int i = 0; i < n; i++) {
    match[i] = -1;
  }
  for (size_t i = 0; i < v.n_notes && ok; i++) {
    int at = v.notes[i].take_index;
    if (at >= 0 && at < n) {
      match[at] = v.notes[i].index;
    }
  }
  for (int i = 0; i < n && talk; i++) {
    printf("%3d %7.2f to %6.2f  %6.2f  true %3d %s  judge %3d%s\n", i, rows[i].onset_s, rows[i].offset_s,
           rows[i].midi, rows[i].truth, rows[i].last ? "    " : "old ", match[i],
           match[i] != (rows[i].last ? rows[i].truth : -1) ? " <--" : "");
  }
  for (size_t i = 0; i < v.n_notes && talk; i++) {
    const char *label = shed_pitch_label_name(v.notes[i].pitch);
    printf("note %3zu asked %3d at %5.2f: %s row %d %+.0f cents\n", i, b->tune.notes[i].midi,
           shed_beat_quarters(b->tune.notes[i].onset), label ? label : "null", v.notes[i].take_index,
           v.notes[i].cents);
  }
  if (talk) {
    printf("octave %d key %d tempo %.1f restarts %zu extras %zu incidents %zu\n", v.octave_shift, v.key_shift,
           v.tempo_bpm, v.n_restarts, v.n_extras, v.n_incidents);
  }
  shed_verdict_free(&v);
  shed_take_free(&take);
  corpus_line_free(&prompt.line);
  return ok;
}

static void
count(const pairs_row *rows, int n, int *match, double *hits, double *both)
{
  *hits = *both = 0;
  for (int i = 0; i < n; i++) {
    for (int k = i + 1; k < n && match[i] >= 0; k++) {
      match[i] = match[k] == match[i] ? -1 : match[i]; // the last attempt counts
    }
    bool is_true = rows[i].truth >= 0 && rows[i].last;
    *both += (match[i] >= 0 ? 1 : 0) + (is_true ? 1 : 0);
    *hits += is_true && match[i] == rows[i].truth ? 1 : 0;
  }
}

static bool
run(const pairs_base *b, pairs_family family, bool talk, row *out)
{
  static pairs_row rows[PAIRS_ROWS_MAX];
  static int       match[PAIRS_ROWS_MAX];
  uint64_t         seed = 0;
  for (const char *c = b->name; *c; c++) {
    seed = seed * 31 + (unsigned char)*c;
  }
  int n = pairs_plant(b, family, seed, rows);
  *out  = (row){.sung = b->sung, .several = b->several, .family = (int)family};
  memcpy(out->name, b->name, sizeof(out->name));
  for (int w = 0; w < WHO; w++) {
    if (w == 0 && !judge(b, rows, n, match, talk)) {
      return false;
    }
    if (w == 1 || w == 2) {
      pairs_align(&b->tune, rows, n, w == 2, match);
    } else if (w == 3) {
      pairs_viterbi(&b->tune, rows, n, match);
    }
    count(rows, n, match, &out->hits[w], &out->both[w]);
  }
  return true;
}

static double
f_of(const row *r, int who)
{
  return r->both[who] > 0 ? 2 * r->hits[who] / r->both[who] : 1;
}

// @param family PAIRS_FAMILIES: all. @param several -1: both kinds of score.
static interval
f_over(const row *rows, int n, bool sung, int several, int family, int who)
{
  static double part[BASES_MAX * PAIRS_FAMILIES], whole[BASES_MAX * PAIRS_FAMILIES];
  int           k = 0;
  for (int i = 0; i < n; i++) {
    if (rows[i].sung == sung && (several < 0 || rows[i].several == several) &&
        (family == PAIRS_FAMILIES || rows[i].family == family)) {
      part[k]    = 2 * rows[i].hits[who];
      whole[k++] = rows[i].both[who];
    }
  }
  return interval_of_ratio(part, whole, k);
}

static void
print_table(const row *rows, int n, bool sung, int several, const char *title)
{
  printf("\n%s: F of pairs\n%-12s", title, "");
  for (int f = 0; f < PAIRS_FAMILIES; f++) {
    printf(" %7s", PAIRS_FAMILY_NAMES[f]);
  }
  printf("   all\n");
  for (int w = 0; w < WHO; w++) {
    printf("%-12s", WHO_NAMES[w]);
    for (int f = 0; f < PAIRS_FAMILIES; f++) {
      printf(" %7.3f", f_over(rows, n, sung, several, f, w).value);
    }
    interval all = f_over(rows, n, sung, several, PAIRS_FAMILIES, w);
    printf("  %.3f [%.3f, %.3f]\n", all.value, all.low, all.high);
  }
}

static int
worse(const void *a, const void *b)
{
  double x = f_of(a, 0), y = f_of(b, 0);
  return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
  static pairs_base bases[BASES_MAX + PIANISTS];
  static row        rows[(BASES_MAX + PIANISTS) * PAIRS_FAMILIES];
  bool              sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  bool              why    = argc > 3 && strcmp(argv[1], "why") == 0;
  int               n = pairs_singers(bases, BASES_MAX), n_rows = 0;
  const bool        no_data = n == 0;
  for (int i = 0; i < PIANISTS; i++) {
    pairs_pianist((uint64_t)i + 1, &bases[n++]);
  }
  for (int i = 0; i < n; i++) {
    for (int f = 0; f < PAIRS_FAMILIES; f++) {
      bool chosen = why && strcmp(argv[2], bases[i].name) == 0 && strcmp(argv[3], PAIRS_FAMILY_NAMES[f]) == 0;
      bool fits   = bases[i].sung || f != PAIRS_DRIFT; // a piano keeps its key
      if (!fits || (why && !chosen) || (sample && i % SAMPLE_EVERY != 0)) {
        continue;
      }
      if (!run(&bases[i], (pairs_family)f, why, &rows[n_rows++])) {
        return 1;
      }
    }
  }
  if (why) {
    return n_rows ? 0 : 2;
  }
  bool holds = true;
  if (no_data) {
    printf("singers skipped: no data\n");
  } else {
    print_table(rows, n_rows, true, -1, "Real sight-singers");
    print_table(rows, n_rows, true, 1, "- against the song as others sang it too");
    double f = f_over(rows, n_rows, true, -1, PAIRS_FAMILIES, 0).value;
    printf("asked %.2f: %.3f\n", SINGERS_LEAST, f);
    holds = f >= SINGERS_LEAST;
  }
  print_table(rows, n_rows, false, -1, "Pianists' lines");
  double f = f_over(rows, n_rows, false, -1, PAIRS_FAMILIES, 0).value;
  printf("asked %.2f: %.3f\n\nthe worst:\n", PIANISTS_LEAST, f);
  holds = holds && f >= PIANISTS_LEAST;
  qsort(rows, (size_t)n_rows, sizeof(*rows), worse);
  for (int i = 0; i < n_rows && i < WORST; i++) {
    printf("%-12s %-8s %.3f (global %.3f, Viterbi %.3f)\n", rows[i].name, PAIRS_FAMILY_NAMES[rows[i].family],
           f_of(&rows[i], 0), f_of(&rows[i], 2), f_of(&rows[i], 3));
  }
  return !holds ? 1 : 0;
}
