// Clapped imitations of rhythm patterns against the grades that three people gave (MAST rhythm): how well the rhythm score
// ranks them. Information, not a threshold: the judge is not fitted to these takes.
//
// The onsets are those that people corrected, so this measures the judge alone, without the ear.
#include "assessors/assessor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, MOST_TAKES = 400, MOST_ONSETS = 400, PATH = 600 };

static const double PASS_GRADE = 2.5; // of 1..4, mean of the three

typedef struct {
  char   name[64];
  double grade;
  double score, rhythm;
} graded;

static size_t
read_onsets(const char *dir, const char *name, double *out)
{
  char path[PATH];
  char row[128];
  (void)snprintf(path, sizeof(path), "%s/%s.onsets.csv", dir, name);
  FILE  *f = fopen(path, "r");
  size_t n = 0;
  if (!f) {
    return 0;
  }
  while (fgets(row, sizeof(row), f) && n < MOST_ONSETS) {
    row[strcspn(row, "\r\n")] = '\0';
    n += shed_parse_double(row, -1e4, 1e4, &out[n]);
  }
  (void)fclose(f);
  return n;
}

// The pattern as a line: its own onsets are what is asked for.
static void
line_from(const double *onsets, size_t n, shed_sounding_note *notes, shed_sounding_measure *measure,
          shed_line *out)
{
  *measure = (shed_sounding_measure){.number = "1", .pass = 1, .start_beats = {0, 1}, .length_beats = {4, 1}};
  for (size_t i = 0; i < n; i++) {
    double length = i + 1 < n ? onsets[i + 1] - onsets[i] : 0.3;
    notes[i] =
        (shed_sounding_note){.index          = (int)i,
                             .pass           = 1,
                             .measure        = "1",
                             .onset_beats    = shed_beat_of((int64_t)(1000 * (onsets[i] - onsets[0])), 1000),
                             .duration_beats = shed_beat_of((int64_t)(1000 * length), 1000),
                             .onset_s        = onsets[i] - onsets[0],
                             .duration_s     = length,
                             .staff          = 1};
  }
  *out = (shed_line){.notes = notes, .n_notes = n, .measures = measure, .n_measures = 1, .tempo_bpm = 60};
}

static bool
judge(const char *dir, graded *g, bool talk)
{
  static double                onsets[MOST_ONSETS];
  static shed_sounding_note    notes[MOST_ONSETS];
  static shed_heard_onset      heard[MOST_ONSETS];
  static shed_sounding_measure measure;
  char                         reference[96];
  shed_policy                  policy;
  shed_verdict                 v      = {0};
  shed_prompt                  prompt = {.id = "pattern", .a4_hz = 440, .click_start_s = (double)NAN};
  const char                  *cut    = strstr(g->name, "_per");
  (void)snprintf(reference, sizeof(reference), "%.*s.reference", cut ? (int)(cut - g->name) : 0, g->name);
  size_t n = read_onsets(dir, reference, onsets);
  line_from(onsets, n, notes, &measure, &prompt.line);
  size_t m = read_onsets(dir, g->name, onsets);
  if (n == 0 || m == 0) {
    return false;
  }
  for (size_t i = 0; i < m; i++) {
    heard[i] = (shed_heard_onset){(float)onsets[i], 1, 1};
  }
  shed_take take = {
      .kind = SHED_TAKE_ONSETS, .onsets = heard, .n_onsets = m, .duration_s = onsets[m - 1] + 1};
  if (shed_policy_preset("", &policy, NULL) != SHED_OK ||
      shed_assessor_find("rhythm")->judge(&prompt, &take, &policy, NULL, &v, NULL) != SHED_OK) {
    return false;
  }
  const shed_dimension *rhythm = shed_verdict_dimension(&v, "rhythm");
  g->score                     = isnan(v.score) ? 0 : v.score;
  g->rhythm                    = rhythm && !isnan(rhythm->score) ? rhythm->score : 0;
  if (talk) {
    int missed = 0;
    for (size_t i = 0; i < v.n_notes; i++) {
      missed += v.notes[i].pitch == SHED_PITCH_MISSED;
    }
    printf(
        "%-22s grade %.2f  score %.3f  rhythm %.3f  asked %2zu heard %2zu missed %d extra %zu restarts %zu "
        "hesitations %zu\n",
        g->name, g->grade, g->score, g->rhythm, n, m, missed, v.n_extras, v.n_restarts, v.n_hesitations);
  }
  shed_verdict_free(&v);
  return true;
}

static size_t
read_grades(const char *dir, graded *out)
{
  char path[PATH];
  char row[256];
  (void)snprintf(path, sizeof(path), "%s/grades.csv", dir);
  FILE  *f = fopen(path, "r");
  size_t n = 0;
  if (!f) {
    return 0;
  }
  while (fgets(row, sizeof(row), f) && n < MOST_TAKES) {
    double a, b, c;
    if (sscanf(row, "%63[^,],%lf,%lf,%lf", out[n].name, &a, &b, &c) == 4) {
      out[n++].grade = (a + b + c) / 3;
    }
  }
  (void)fclose(f);
  return n;
}

// Share of pairs (passed, not passed) in the right order.
static double
auc(const graded *g, size_t n)
{
  double right = 0, pairs = 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < n; k++) {
      if (g[i].grade >= PASS_GRADE && g[k].grade < PASS_GRADE) {
        right += g[i].rhythm > g[k].rhythm ? 1 : g[i].rhythm < g[k].rhythm ? 0 : 0.5;
        pairs++;
      }
    }
  }
  return pairs > 0 ? right / pairs : (double)NAN;
}

static double
correlation(const graded *g, size_t n)
{
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0, k = (double)n;
  for (size_t i = 0; i < n; i++) {
    x += g[i].rhythm;
    y += g[i].grade;
    xx += g[i].rhythm * g[i].rhythm;
    yy += g[i].grade * g[i].grade;
    xy += g[i].rhythm * g[i].grade;
  }
  return (k * xy - x * y) / sqrt((k * xx - x * x) * (k * yy - y * y));
}

int
main(int argc, char **argv)
{
  static graded g[MOST_TAKES];
  const char   *root = getenv("WOODSHED_DATA");
  bool          talk = argc < 2 || strcmp(argv[1], "sample") != 0;
  char          dir[PATH / 2];
  (void)snprintf(dir, sizeof(dir), "%s/mast-rhythm-dev", root ? root : "../shared/data");
  size_t n = read_grades(dir, g);
  if (n == 0) {
    printf("skipped: no data\n");
    return SKIPPED;
  }
  size_t judged = 0;
  size_t passed = 0;
  for (size_t i = 0; i < n; i++) {
    graded one = g[i];
    if (judge(dir, &one, talk)) {
      g[judged++] = one;
      passed += one.grade >= PASS_GRADE;
    }
  }
  printf("%zu takes judged (%zu of mean grade %.1f or more): rhythm score AUC %.3f, r with the mean grade "
         "%.3f\n",
         judged, passed, PASS_GRADE, auc(g, judged), correlation(g, judged));
  return judged == n ? 0 : 1;
}
