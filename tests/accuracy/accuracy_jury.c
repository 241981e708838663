// Echoes of melodies that conservatory candidates sang in their entrance exam, judged against the piano's pitch track and
// nothing else, beside the exam jury's pass or fail and the grades of three people (MASTmelody).
//
// Each candidate is judged as `woodshed score X.f0.csv --reference REF.f0.csv` does it, against the piano as this candidate heard it
// where that was recorded, else the melody's first; and once more against the melody's last recording of the piano. `sample`
// judges a part, `takes` tells every take, `written` judges against the melody as it is written: what the pianos' pitch tracks lack.
#include "tests/accuracy/jury_echo.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77, PATH = 900, NAMES_MAX = 3000, SAMPLE_EVERY = 4, TOLD_WORST = 10 };

// Committed: a little under what is reached on the sample.
static const double LEAST_AUC = .92, LEAST_R = .84;

typedef struct {
  char (*names)[64]; // of the folder, in order
  size_t n;
  char   dir[PATH / 2];
} folder;

static int
by_text(const void *a, const void *b)
{
  return strcmp(a, b);
}

static bool
open_folder(folder *f)
{
  static char names[NAMES_MAX][64];
  const char *root = getenv("WOODSHED_DATA");
  *f               = (folder){.names = names};
  (void)snprintf(f->dir, sizeof(f->dir), "%s/mast-melody-dev", root ? root : "../shared/data");
  char path[PATH];
  (void)snprintf(path, sizeof(path), "%s/f0", f->dir);
  DIR *d = opendir(path);
  for (struct dirent *e; d && f->n < NAMES_MAX && (e = readdir(d));) {
    if (strstr(e->d_name, ".f0.csv") && strlen(e->d_name) < sizeof(names[0])) {
      (void)snprintf(names[f->n++], sizeof(names[0]), "%s", e->d_name);
    }
  }
  if (d) {
    (void)closedir(d);
  }
  qsort(names, f->n, sizeof(names[0]), by_text);
  return f->n > 0;
}

// What the candidates are judged against.
typedef enum { OWN_PIANO, LAST_PIANO, WRITTEN } against;

// The piano of a candidate. @return "" when the melody has none.
static const char *
reference_of(const folder *f, const char *take, bool last)
{
  char        own[64];
  const char *found  = "";
  size_t      melody = (size_t)(strstr(take, "_per") - take);
  (void)snprintf(own, sizeof(own), "%.*s_ref%.*s.f0.csv", (int)melody, take,
                 (int)strcspn(take + melody + 4, "_."), take + melody + 4);
  for (size_t i = 0; i < f->n; i++) {
    bool same = strncmp(f->names[i], take, melody) == 0 && strncmp(f->names[i] + melody, "_ref", 4) == 0;
    if (same && !last && strcmp(f->names[i], own) == 0) {
      return f->names[i];
    }
    found = same && (last || !found[0]) ? f->names[i] : found;
  }
  return found;
}

static bool
judge(const folder *f, const char *take, against what, jury_take *out)
{
  char        path[PATH], reference[PATH];
  const char *piano = reference_of(f, take, what == LAST_PIANO);
  (void)snprintf(path, sizeof(path), "%s/f0/%s", f->dir, take);
  (void)snprintf(reference, sizeof(reference), "%s/f0/%s", f->dir, piano);
  if (what == WRITTEN) {
    (void)snprintf(reference, sizeof(reference), "%s/scores/%.*s.mid", f->dir,
                   (int)(strstr(take, "_per") - take), take);
  }
  return piano[0] && access(reference, R_OK) == 0 && jury_echo(path, reference, SHED_TAKE_F0, out);
}

static size_t
judge_all(const folder *f, against what, bool sample, jury_take *out, size_t max)
{
  char   grades[PATH], melody[64] = "";
  size_t n     = 0;
  int    group = -1, seen = 0;
  (void)snprintf(grades, sizeof(grades), "%s/grades.csv", f->dir);
  for (size_t i = 0; i < f->n && n < max; i++) {
    const char *name = f->names[i], *per = strstr(name, "_per");
    if (!per || (sample && seen++ % SAMPLE_EVERY != 0)) {
      continue;
    }
    jury_take t = {.passed = strstr(name, "_pass") != NULL};
    (void)snprintf(t.name, sizeof(t.name), "%.*s", (int)(per - name + 4 + (ptrdiff_t)strcspn(per + 4, "_.")),
                   name);
    t.grade = jury_grade_of(grades, t.name);
    if (strncmp(melody, name, (size_t)(per - name) + 1) != 0) {
      (void)snprintf(melody, sizeof(melody), "%.*s_", (int)(per - name), name);
      group++;
    }
    t.group = group;
    if (!isnan(t.grade) && judge(f, name, what, &t)) {
      out[n++] = t;
    }
  }
  return n;
}

int
main(int argc, char **argv)
{
  static jury_take takes[JURY_TAKES_MAX];
  bool             sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  bool             all    = argc > 1 && strcmp(argv[1], "takes") == 0;
  size_t           told   = all ? JURY_TAKES_MAX : TOLD_WORST;
  folder           f;
  if (!open_folder(&f)) {
    printf("skipped: no data\n");
    return SKIPPED;
  }
  if (argc > 1 && strcmp(argv[1], "written") == 0) {
    const size_t n = judge_all(&f, WRITTEN, false, takes, JURY_TAKES_MAX);
    jury_leave_out(takes, n);
    jury_report("melodies, each against its written notes where they are at hand", takes, n, told);
    return 0;
  }
  // judged twice and fitted on both, as the weights of overall.def are; the melody that is told of is left out of the fit
  const size_t n    = judge_all(&f, OWN_PIANO, sample, takes, JURY_TAKES_MAX);
  const size_t both = n + (sample ? 0 : judge_all(&f, LAST_PIANO, false, takes + n, JURY_TAKES_MAX - n));
  jury_leave_out(takes, both);
  jury_report("melodies, each against the piano as the candidate heard it", takes, n, told);
  if (both > n) {
    jury_report("melodies, all against one other recording of the piano", takes + n, both - n,
                all ? told : 0);
  }
  jury_tell_fit(takes, both);
  return n > 0 && jury_auc(takes, n, false) >= LEAST_AUC && jury_correlation(takes, n, false) >= LEAST_R ? 0
                                                                                                         : 1;
}
