// Real sight-singing by amateurs, on phones, against the notes that trained annotators gave (SSVD): how many of the notes
// are called correct, and, with every seventh note of the target moved by a semitone, how many of those are caught.
//
// The target is the labels as they are given, in semitones and cents: a score can ask for these, as quarter tones. Rounded
// to semitones they would stand up to 50 cents from what was sung, and no judge could call such a note
// correct and a fault of 40 cents a fault; these figures are printed for information. The labels are pitches on a grid of
// 5.4 Hz (.1 to .9 semitones), and lie about 4 Hz above the sung pitch in all takes but one; the tuning of the take covers
// most of that.
//
// "sample" says less; a name behind "free" takes only that one; "given" judges by the labels' own tempo, not the player's.
#include "assessors/assessor.h"
#include "engine/audio/file.h"
#include "engine/base/rng.h"
#include "engine/hear/hear.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, MOST_TAKES = 64, MOST_NOTES = 256, PATH = 600, MOVED_EVERY = 7, WORST = 10 };

// What must hold, in percent of the labelled notes.
static const double CORRECT_LEAST = 90;
static const double WRONG_MOST    = 1;
static const double CAUGHT_LEAST  = 85;

typedef struct {
  double onset_s, offset_s, midi;
} label;

// How the labels are made into a target.
typedef struct {
  bool given, rounded;
} how;

typedef struct {
  char   name[64];
  label  labels[MOST_NOTES];
  size_t n;
  int    by_label[SHED_PITCH_UNSURE + 1];
  int    moved, caught, near; // near: labels within 30 cents of themselves rounded
  double tuning, score, onset_ms;
  double side_ms, about_ms; // median of the onset errors, and of how far they lie from that
  size_t extras, restarts, hesitations;
  int    late, early, timing_unsure;
} take_row;

static bool
read_labels(const char *path, take_row *t)
{
  FILE *f = fopen(path, "r");
  t->n    = 0;
  while (f && t->n < MOST_NOTES &&
         fscanf(f, "%lf %lf %lf", &t->labels[t->n].onset_s, &t->labels[t->n].offset_s,
                &t->labels[t->n].midi) == 3) {
    t->n++;
  }
  if (f) {
    (void)fclose(f);
  }
  return t->n > 0;
}

static void
fill_prompt(const take_row *t, bool moved, how h, shed_prompt *p, shed_sounding_note *notes,
            shed_sounding_measure *measure)
{
  *measure = (shed_sounding_measure){.number = "1", .pass = 1, .start_beats = {0, 1}, .length_beats = {4, 1}};
  *p       = (shed_prompt){.kind          = "score",
                           .id            = "file:labels",
                           .assessor      = "melody",
                           .octave        = SHED_OCTAVE_ANY,
                           .key           = SHED_KEY_ANY,
                           .a4_hz         = 440,
                           .sung          = true,
                           .click_start_s = (double)NAN};
  for (size_t i = 0; i < t->n; i++) {
    const label *l    = &t->labels[i];
    int          midi = (int)lround(l->midi);
    if (moved && i % MOVED_EVERY == MOVED_EVERY - 1) {
      midi += i / MOVED_EVERY % 2 ? 1 : -1;
    }
    double from   = l->onset_s - t->labels[0].onset_s;
    double length = (i + 1 < t->n ? fmin(l->offset_s, t->labels[i + 1].onset_s) : l->offset_s) - l->onset_s;
    notes[i]      = (shed_sounding_note){.index       = (int)i,
                                         .pass        = 1,
                                         .measure     = "1",
                                         .pitched     = true,
                                         .midi        = midi,
                                         .cents       = h.rounded ? 0 : 100 * (l->midi - (double)lround(l->midi)),
                                         .sounding    = shed_pitch_spell(midi, 0),
                                         .written     = shed_pitch_spell(midi, 0),
                                         .onset_beats = shed_beat_of((int64_t)lround(1000 * from), 1000),
                                         .duration_beats = shed_beat_of((int64_t)lround(1000 * length), 1000),
                                         .onset_s        = from,
                                         .duration_s     = length,
                                         .staff          = 1};
  }
  p->line = (shed_line){
      .notes = notes, .n_notes = t->n, .measures = measure, .n_measures = 1, .tempo_bpm = 60, .swing = 1};
  p->tempo_bpm = h.given ? 60 : 0;
}

static bool
judge(const take_row *t, const shed_take *take, bool moved, how h, shed_verdict *v)
{
  static shed_sounding_note    notes[MOST_NOTES];
  static shed_sounding_measure measure;
  shed_prompt                  prompt;
  shed_policy                  policy;
  shed_error                   err = {0};
  fill_prompt(t, moved, h, &prompt, notes, &measure);
  if (shed_policy_preset("", &policy, NULL) != SHED_OK ||
      shed_assessor_find("melody")->judge(&prompt, take, &policy, NULL, v, &err) != SHED_OK) {
    printf("%s: %s\n", t->name, err.what);
    return false;
  }
  return true;
}

static int
by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median(double *x, size_t n)
{
  qsort(x, n, sizeof(*x), by_size);
  return n ? x[n / 2] : 0;
}

static void
count(take_row *t, const shed_verdict *v, bool talk)
{
  double errors[MOST_NOTES];
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++) {
    const shed_note_verdict *nv  = &v->notes[i];
    double                   off = (t->labels[i].midi - (double)lround(t->labels[i].midi)) * 100;
    t->by_label[nv->pitch]++;
    t->near += fabs(off) <= 30 ? 1 : 0;
    t->early += nv->timing == SHED_TIMING_EARLY;
    t->late += nv->timing == SHED_TIMING_LATE;
    t->timing_unsure += nv->timing == SHED_TIMING_UNSURE || nv->timing == SHED_TIMING_NONE;
    if (!isnan(nv->onset_s)) {
      errors[n++] = nv->onset_s - t->labels[i].onset_s;
    }
    if (talk && nv->pitch != SHED_PITCH_CORRECT) {
      const char *name = shed_pitch_label_name(nv->pitch);
      printf("    %s note %zu at %.2f s: %s, asked %ld (sung %.2f), played %d %+.0f cents, found at %.2f to "
             "%.2f, sure %.2f\n",
             t->name, i, t->labels[i].onset_s, name ? name : "null", lround(t->labels[i].midi),
             t->labels[i].midi, nv->played_midi, nv->cents, nv->onset_s, nv->offset_s, nv->confidence);
    }
  }
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += fmin(fabs(errors[i]), .3);
  }
  t->side_ms = 1000 * median(errors, n);
  for (size_t i = 0; i < n; i++) {
    errors[i] = fabs(errors[i] - t->side_ms / 1000);
  }
  t->about_ms    = 1000 * median(errors, n);
  t->onset_ms    = n ? sum / (double)n * 1000 : 0;
  t->tuning      = v->tuning_cents;
  t->score       = v->score;
  t->extras      = v->n_extras;
  t->restarts    = v->n_restarts;
  t->hesitations = v->n_hesitations;
}

static void
count_moved(take_row *t, const shed_verdict *v, bool talk)
{
  for (size_t i = MOVED_EVERY - 1; i < t->n; i += MOVED_EVERY) {
    shed_pitch_label l = v->notes[i].pitch;
    bool             is_caught =
        l == SHED_PITCH_WRONG || l == SHED_PITCH_SHARP || l == SHED_PITCH_FLAT || l == SHED_PITCH_MISSED;
    t->moved++;
    t->caught += is_caught ? 1 : 0;
    if (talk && !is_caught) {
      const char *name = shed_pitch_label_name(l);
      printf("    %s moved note %zu at %.2f s: %s, sung %.2f, %+.0f cents\n", t->name, i,
             t->labels[i].onset_s, name ? name : "null", t->labels[i].midi, v->notes[i].cents);
    }
  }
}

/// Judge one take against the labels and, in @p rounded, against the labels rounded to semitones.
static bool
run_take(const char *dir, take_row *t, take_row *rounded, bool given, bool talk)
{
  char         path[PATH];
  shed_sound   sound = {0};
  shed_take    take  = {0};
  shed_verdict v     = {0};
  shed_error   err   = {0};
  (void)snprintf(path, sizeof(path), "%s/%s.notes.txt", dir, t->name);
  bool ok  = read_labels(path, t);
  *rounded = *t;
  (void)snprintf(path, sizeof(path), "%s/%s.flac", dir, t->name);
  ok = ok && shed_sound_load(path, NULL, NULL, &sound, NULL, &err) == SHED_OK &&
       shed_hear_take(sound.x, sound.n, sound.rate_hz, NULL, NULL, NULL, &take, &err) == SHED_OK;
  for (int i = 0; i < 4 && ok; i++) {
    take_row *row = i < 2 ? t : rounded;
    how       h   = {.given = given, .rounded = i >= 2};
    ok            = judge(t, &take, i % 2 == 1, h, &v);
    if (ok && i % 2 == 1) {
      count_moved(row, &v, talk && i < 2);
    } else if (ok) {
      count(row, &v, talk && i < 2);
    }
    shed_verdict_free(&v);
  }
  if (!ok) {
    printf("%s: %s %s\n", t->name, err.where, err.what);
  }
  shed_take_free(&take);
  shed_sound_free(&sound);
  return ok;
}

static double
percent(int part, int whole)
{
  return whole ? 100. * part / whole : 0;
}

static void
print_row(const take_row *t)
{
  const int n = (int)t->n;
  printf("%-8s %3d notes: correct %5.1f  sharp+flat %5.1f  wrong %4.1f  missed %4.1f  unsure %4.1f | moved "
         "caught %d of %d | "
         "labels near %5.1f | tuning %+3.0f  onset %3.0f ms, in the middle %+.0f and %.0f about it  early %d "
         "late %d unsure %d  extras %zu restarts "
         "%zu hesitations %zu score %.2f\n",
         t->name, n, percent(t->by_label[SHED_PITCH_CORRECT], n),
         percent(t->by_label[SHED_PITCH_SHARP] + t->by_label[SHED_PITCH_FLAT], n),
         percent(t->by_label[SHED_PITCH_WRONG], n), percent(t->by_label[SHED_PITCH_MISSED], n),
         percent(t->by_label[SHED_PITCH_UNSURE] + t->by_label[SHED_PITCH_NONE], n), t->caught, t->moved,
         percent(t->near, n), t->tuning, t->onset_ms, t->side_ms, t->about_ms, t->early, t->late,
         t->timing_unsure, t->extras, t->restarts, t->hesitations, t->score);
}

static int
compare_names(const void *a, const void *b)
{
  return strcmp(((const take_row *)a)->name, ((const take_row *)b)->name);
}

static int
compare_worst(const void *a, const void *b)
{
  const take_row *x = a, *y = b;
  double          p = percent(x->by_label[SHED_PITCH_CORRECT], (int)x->n),
         q          = percent(y->by_label[SHED_PITCH_CORRECT], (int)y->n);
  return (p > q) - (p < q);
}

static size_t
list_takes(const char *dir, take_row *rows)
{
  DIR   *d = opendir(dir);
  size_t n = 0;
  for (struct dirent *e = d ? readdir(d) : NULL; e && n < MOST_TAKES; e = readdir(d)) {
    size_t len = strlen(e->d_name);
    if (len > 5 && len < 60 && strcmp(e->d_name + len - 5, ".flac") == 0) {
      memcpy(rows[n].name, e->d_name, len - 5);
      rows[n++].name[len - 5] = '\0';
    }
  }
  if (d) {
    (void)closedir(d);
  }
  qsort(rows, n, sizeof(*rows), compare_names);
  return n;
}

static bool
summary(const take_row *rows, size_t n)
{
  take_row all = {.name = "all"};
  for (size_t i = 0; i < n; i++) {
    all.n += rows[i].n;
    for (int k = 0; k <= SHED_PITCH_UNSURE; k++) {
      all.by_label[k] += rows[i].by_label[k];
    }
    all.moved += rows[i].moved;
    all.caught += rows[i].caught;
    all.near += rows[i].near;
    all.early += rows[i].early;
    all.late += rows[i].late;
    all.timing_unsure += rows[i].timing_unsure;
    all.extras += rows[i].extras;
    all.restarts += rows[i].restarts;
    all.hesitations += rows[i].hesitations;
    all.onset_ms += rows[i].onset_ms / (double)n;
    all.side_ms += rows[i].side_ms / (double)n;
    all.about_ms += rows[i].about_ms / (double)n;
  }
  print_row(&all);
  double correct = percent(all.by_label[SHED_PITCH_CORRECT], (int)all.n);
  double wrong   = percent(all.by_label[SHED_PITCH_WRONG], (int)all.n);
  double caught  = percent(all.caught, all.moved);
  printf("correct %.1f %% (at least %.0f), wrong %.2f %% (at most %.0f), moved notes caught %.1f %% (at "
         "least %.0f)\n",
         correct, CORRECT_LEAST, wrong, WRONG_MOST, caught, CAUGHT_LEAST);
  return correct >= CORRECT_LEAST && wrong <= WRONG_MOST && caught >= CAUGHT_LEAST;
}

int
main(int argc, char **argv)
{
  static take_row rows[MOST_TAKES], rounded[MOST_TAKES];
  const char     *root   = getenv("WOODSHED_DATA");
  const bool      sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  const bool      given  = argc > 1 && strcmp(argv[1], "given") == 0;
  char            dir[PATH / 2];
  (void)snprintf(dir, sizeof(dir), "%s/ssvd-dev", root ? root : "../shared/data");
  size_t n = list_takes(dir, rows), kept = 0;
  if (n == 0) {
    printf("skipped: no data\n");
    return SKIPPED;
  }
  for (size_t i = 0; i < n; i++) {
    if (argc > 2 && strcmp(argv[2], rows[i].name) != 0) {
      continue;
    }
    take_row one = {0};
    memcpy(one.name, rows[i].name, sizeof(one.name));
    if (!run_take(dir, &one, &rounded[kept], given, !sample)) {
      return 1;
    }
    rows[kept++] = one;
  }
  qsort(rows, kept, sizeof(*rows), compare_worst);
  printf("the worst first:\n");
  for (size_t i = 0; i < kept && (!sample || i < WORST); i++) {
    print_row(&rows[i]);
  }
  bool holds = summary(rows, kept);
  printf("for information, against the labels rounded to semitones:\n");
  (void)summary(rounded, kept);
  return holds ? 0 : 1;
}
