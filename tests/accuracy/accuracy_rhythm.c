// Clapped echoes of rhythm patterns against the grades that three people gave (MAST rhythm). The onsets are those that
// people corrected, so this measures the judge alone, without the ear: as `woodshed score X.onsets.csv --reference R.onsets.csv`.
#include "tests/accuracy/jury_echo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, PATH = 900 };

static const double PASS_GRADE = 2.5;               // of 1..4, mean of the three
static const double LEAST_AUC = .96, LEAST_R = .85; // committed: a little under what is reached

static bool
judge(const char *dir, jury_take *t)
{
  char        path[PATH], reference[PATH];
  const char *per = strstr(t->name, "_per");
  (void)snprintf(path, sizeof(path), "%s/%s.onsets.csv", dir, t->name);
  (void)snprintf(reference, sizeof(reference), "%s/%.*s.reference.onsets.csv", dir,
                 per ? (int)(per - t->name) : 0, t->name);
  return jury_echo(path, reference, SHED_TAKE_ONSETS, t);
}

int
main(int argc, char **argv)
{
  static jury_take takes[JURY_TAKES_MAX];
  const char      *root = getenv("WOODSHED_DATA");
  size_t           told = argc < 2 || strcmp(argv[1], "sample") != 0 ? 10 : 0;
  char             dir[PATH / 2], grades[PATH], row[256], pattern[64] = "";
  size_t           n = 0, asked = 0;
  int              group = -1;
  (void)snprintf(dir, sizeof(dir), "%s/mast-rhythm-dev", root ? root : "../shared/data");
  (void)snprintf(grades, sizeof(grades), "%s/grades.csv", dir);
  FILE *f = fopen(grades, "r");
  if (!f) {
    printf("skipped: no data\n");
    return SKIPPED;
  }
  while (fgets(row, sizeof(row), f) && n < JURY_TAKES_MAX) {
    jury_take   t   = {0};
    const char *per = strstr(row, "_per");
    if (!per || sscanf(row, "%63[^,]", t.name) != 1) {
      continue;
    }
    asked++;
    t.grade  = jury_grade_of(grades, t.name);
    t.passed = t.grade >= PASS_GRADE;
    if (isnan(t.grade) || !judge(dir, &t)) {
      continue;
    }
    if (strncmp(pattern, row, (size_t)(per - row) + 1) != 0) {
      (void)snprintf(pattern, sizeof(pattern), "%.*s_", (int)(per - row), row);
      group++;
    }
    t.group    = group;
    takes[n++] = t;
  }
  (void)fclose(f);
  jury_leave_out(takes, n);
  jury_report("clapped rhythms; pass: mean grade 2.5 and more", takes, n, told);
  jury_tell_fit(takes, n);
  return n == asked && jury_auc(takes, n, false) >= LEAST_AUC && jury_correlation(takes, n, false) >= LEAST_R
             ? 0
             : 1;
}
