// Real sight-singing: onsets and notes against the labels of trained annotators, beside aubio and Praat with aubio in the
// same run; the worst takes; whether the confidences mean what they say.
//
// Without arguments everything. "sample": ours alone, fails below committed thresholds. "own [TAKE]": ours alone, or one take
// in detail, label by label.
#include "engine/hear/hear.h"
#include "tests/accuracy/reliability.h"
#include "tests/accuracy/singing_peers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, HEARD_MAX = 2048, WORST = 10 };

// What must hold over all takes.
static const double ONSET_F50_LEAST = 0.84;
static const double NOTE_F_LEAST    = 0.78;

// One take as we heard it. Pitches are less the take's tuning.
typedef struct {
  int         at; // in the order of names
  int         n_onsets, n_notes;
  double      onsets[HEARD_MAX], sure[HEARD_MAX];
  match_note  notes[HEARD_MAX];
  double      tuning, late_s, spread_s;
  onset_score onset;
  note_score  note, untuned;
} heard;

// Whole milliseconds, without a minus before a nought.
static double
tell_ms(double seconds)
{
  return rint(1000 * seconds) + 0.0;
}

static double
tuning_of(const real_take *t, const shed_take *take)
{
  double *f0 = calloc(take->n_frames + 1, sizeof(*f0));
  if (!f0) {
    abort();
  }
  for (size_t i = 0; i < take->n_frames; i++) {
    f0[i] = (double)take->frames[i].f0_hz;
  }
  double tuning = real_take_tuning(t, f0, (int)take->n_frames);
  free(f0);
  return tuning;
}

static bool
hear(const singing_sound *s, heard *h, number_list *late_s)
{
  shed_take        take = {0};
  shed_error       err  = {0};
  const real_take *t    = s->take;
  number_list      late = {0};
  if (shed_hear_take(s->x, (size_t)s->n, s->rate_hz, NULL, NULL, NULL, &take, &err) != SHED_OK) {
    printf("%s: %s\n", t->name, err.what);
    return false;
  }
  h->n_onsets = match_onsets_of(&take, h->onsets, h->sure, HEARD_MAX);
  h->n_notes  = match_notes_of(&take, h->notes, HEARD_MAX);
  h->tuning   = tuning_of(t, &take);
  h->untuned  = match_score_notes(t->notes, t->n, h->notes, h->n_notes);
  for (int i = 0; i < h->n_notes; i++) {
    h->notes[i].midi -= h->notes[i].midi >= 0 ? h->tuning : 0;
  }
  h->note  = match_score_notes(t->notes, t->n, h->notes, h->n_notes);
  h->onset = match_score_onsets(t->notes, t->n, h->onsets, h->n_onsets);
  match_lateness(t->notes, t->n, h->onsets, h->n_onsets, &late);
  for (int i = 0; i < late.n; i++) {
    numbers_add(late_s, late.v[i]);
  }
  h->late_s   = numbers_quantile(&late, 0.5);
  h->spread_s = numbers_quantile(&late, 0.75) - numbers_quantile(&late, 0.25);
  numbers_free(&late);
  shed_take_free(&take);
  return true;
}

static double
onset_f(const heard *h, match_tolerance k)
{
  return match_f(h->onset.hits[k], h->onset.truth, h->onset.found);
}

static int
worst_first(const void *a, const void *b)
{
  double x = onset_f(a, MATCH_50), y = onset_f(b, MATCH_50);
  return (x > y) - (x < y);
}

static void
print_takes(const heard *all, int n, int most, const real_take *takes)
{
  heard *h = malloc(((size_t)n + 1) * sizeof(*h));
  if (!h) {
    abort();
  }
  memcpy(h, all, (size_t)n * sizeof(*h));
  qsort(h, (size_t)n, sizeof(*h), worst_first);
  printf("the worst first:\n");
  for (int i = 0; i < n && i < most; i++) {
    const onset_score *o = &h[i].onset;
    printf(
        "  %-5s labels %2ld onsets %2ld  F50 %.3f F25 %.3f  late %+3.0f ms, middle half %2.0f ms  repeated "
        "%2ld of %2ld | note F %.3f (untuned %.3f, with ends %.3f)  tuning %+4.0f cents\n",
        takes[h[i].at].name, o->truth, o->found, onset_f(&h[i], MATCH_50), onset_f(&h[i], MATCH_25),
        tell_ms(h[i].late_s), 1000 * h[i].spread_s, o->repeats_hit, o->repeats,
        match_f(h[i].note.hits, h[i].note.truth, h[i].note.found),
        match_f(h[i].untuned.hits, h[i].untuned.truth, h[i].untuned.found),
        match_f(h[i].note.hits_offset, h[i].note.truth, h[i].note.found), 100 * h[i].tuning);
  }
  free(h);
}

// @return whether what must hold does.
static bool
print_sums(const heard *h, int n, number_list *late_s)
{
  static const char *const HALF[] = {"even takes", "odd takes", "all takes"};
  onset_score              onsets[REAL_TAKES_MAX], sum = {0};
  note_score               notes[REAL_TAKES_MAX], untuned[REAL_TAKES_MAX];
  interval                 f50 = {0}, f = {0};
  for (int i = 0; i < n; i++) {
    onsets[i]  = h[i].onset;
    notes[i]   = h[i].note;
    untuned[i] = h[i].untuned;
    match_add_onsets(&sum, &h[i].onset);
  }
  printf("\nWoodshed, 95 %% intervals over takes:\n");
  for (int half = SINGING_EVEN; half <= SINGING_ALL; half++) {
    f50           = singing_onset_f(onsets, n, half, MATCH_50);
    f             = singing_note_f(notes, n, half, false);
    interval f25  = singing_onset_f(onsets, n, half, MATCH_25),
             f10  = singing_onset_f(onsets, n, half, MATCH_10);
    interval ends = singing_note_f(notes, n, half, true), raw = singing_note_f(untuned, n, half, false);
    printf("  %-10s onset F50 %.3f [%.3f, %.3f]  F25 %.3f [%.3f, %.3f]  F10 %.3f | note F %.3f [%.3f, %.3f]  "
           "untuned %.3f  with ends %.3f\n",
           HALF[half], f50.value, f50.low, f50.high, f25.value, f25.low, f25.high, f10.value, f.value, f.low,
           f.high, raw.value, ends.value);
  }
  printf(
      "  onsets: recall %.3f, precision %.3f; repeated notes found %.3f of %ld; late %+.0f ms (middle half "
      "from %+.0f to %+.0f)\n",
      match_share(sum.hits[MATCH_50], sum.truth), match_share(sum.hits[MATCH_50], sum.found),
      match_share(sum.repeats_hit, sum.repeats), sum.repeats, tell_ms(numbers_quantile(late_s, 0.5)),
      tell_ms(numbers_quantile(late_s, 0.25)), tell_ms(numbers_quantile(late_s, 0.75)));
  bool holds = f50.value >= ONSET_F50_LEAST && f.value >= NOTE_F_LEAST;
  printf("  asked: onset F50 %.2f, note F %.2f: %s\n", ONSET_F50_LEAST, NOTE_F_LEAST,
         holds ? "holds" : "does NOT hold");
  return holds;
}

static void
print_reliability(const heard *h, int n, const real_take *takes)
{
  reliability onsets = {0}, notes = {0};
  for (int i = 0; i < n; i++) {
    const real_take *t     = &takes[h[i].at];
    bool            *right = calloc((size_t)HEARD_MAX, sizeof(*right));
    static int       of[REAL_NOTES_MAX];
    double           truth[REAL_NOTES_MAX];
    if (!right) {
      abort();
    }
    for (int k = 0; k < t->n; k++) {
      truth[k] = t->notes[k].onset_s;
    }
    match_times(truth, t->n, h[i].onsets, h[i].n_onsets, MATCH_TOLERANCE_S[MATCH_50], of);
    for (int k = 0; k < t->n; k++) {
      right[of[k] < 0 ? HEARD_MAX - 1 : of[k]] = true;
    }
    for (int k = 0; k < h[i].n_onsets; k++) {
      reliability_add(&onsets, h[i].sure[k], right[k]);
    }
    memset(right, 0, (size_t)HEARD_MAX * sizeof(*right));
    match_notes(t->notes, t->n, h[i].notes, h[i].n_notes, false, of);
    for (int k = 0; k < t->n; k++) {
      right[of[k] < 0 ? HEARD_MAX - 1 : of[k]] = true;
    }
    for (int k = 0; k < h[i].n_notes; k++) {
      reliability_add(&notes, h[i].notes[k].confidence, right[k]);
    }
    free(right);
  }
  reliability_print(&onsets, "confidence of onsets (a label within 50 ms)");
  reliability_print(&notes, "confidence of notes (a label within 50 ms and 50 cents)");
  reliability_free(&onsets);
  reliability_free(&notes);
}

// Label by label: what was heard nearest, how far off; then what was heard and is no label.
static void
print_detail(const heard *h, const real_take *t)
{
  int  of[REAL_NOTES_MAX];
  bool used[HEARD_MAX] = {false};
  printf("\n%s: label (pitch with the take's tuning of %+.0f cents taken off)\n", t->name, 100 * h->tuning);
  match_notes(t->notes, t->n, h->notes, h->n_notes, false, of);
  for (int i = 0; i < t->n; i++) {
    const match_note *l = &t->notes[i];
    int               k = of[i];
    for (int j = 0; j < h->n_notes && k < 0; j++) { // the nearest in time
      if (fabs(h->notes[j].onset_s - l->onset_s) < 0.15) {
        k = j;
      }
    }
    printf("  %2d  %6.2f to %6.2f  %5.2f %s  ", i, l->onset_s, l->offset_s, l->midi,
           l->repeated ? "again" : "     ");
    if (k < 0) {
      printf("nothing within 150 ms\n");
      continue;
    }
    used[k] = true;
    printf("%s heard %6.2f to %6.2f  %5.2f  late %+4.0f ms  %+4.0f cents  sure %.2f\n",
           of[i] >= 0 ? "  " : "**", h->notes[k].onset_s, h->notes[k].offset_s, h->notes[k].midi,
           tell_ms(h->notes[k].onset_s - l->onset_s), 100 * (h->notes[k].midi - l->midi),
           h->notes[k].confidence);
  }
  for (int k = 0; k < h->n_notes; k++) {
    if (!used[k]) {
      printf("  heard and no label: %6.2f to %6.2f  %5.2f  sure %.2f\n", h->notes[k].onset_s,
             h->notes[k].offset_s, h->notes[k].midi, h->notes[k].confidence);
    }
  }
}

static bool
load(const real_take *t, shed_sound *sound)
{
  shed_error err = {0};
  if (shed_sound_load(t->path, NULL, NULL, sound, NULL, &err) != SHED_OK) {
    printf("%s: %s %s\n", t->name, err.where, err.what);
    return false;
  }
  return true;
}

int
main(int argc, char **argv)
{
  static real_take     takes[REAL_TAKES_MAX];
  static shed_sound    loaded[REAL_TAKES_MAX];
  static singing_sound sounds[REAL_TAKES_MAX];
  static heard         all[REAL_TAKES_MAX];
  const bool           sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  const bool           own    = argc > 1 && strcmp(argv[1], "own") == 0;
  const char          *only   = own && argc > 2 ? argv[2] : NULL;
  number_list          late_s = {0};
  int                  n = real_takes_list(takes, REAL_TAKES_MAX), heard_n = 0;
  bool                 ok = true;
  (void)setvbuf(stdout, NULL, _IOLBF, 0);
  if (n == 0) {
    printf("skipped: no data\n");
    return SKIPPED;
  }
  for (int i = 0; i < n && ok; i++) {
    if (only && strcmp(only, takes[i].name) != 0) {
      continue;
    }
    ok              = load(&takes[i], &loaded[i]);
    sounds[i]       = (singing_sound){&takes[i], loaded[i].x, (int)loaded[i].n, loaded[i].rate_hz};
    all[heard_n].at = i;
    ok              = ok && hear(&sounds[i], &all[heard_n++], &late_s);
  }
  if (ok && only && heard_n > 0) {
    print_detail(&all[0], &takes[all[0].at]);
  } else if (ok) {
    print_takes(all, heard_n, sample ? WORST : heard_n, takes);
    ok = print_sums(all, heard_n, &late_s);
    print_reliability(all, heard_n, takes);
    if (!sample && !own) {
      singing_peers_print(sounds, n);
    }
  }
  for (int i = 0; i < n; i++) {
    shed_sound_free(&loaded[i]);
  }
  numbers_free(&late_s);
  return ok ? 0 : 1;
}
