// About this file: scores for singers' labels, pianists' lines, and mistakes planted in both.
#include "tests/accuracy/pairs_takes.h"

#include "engine/base/rng.h"
#include "tests/corpus/take.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const PAIRS_FAMILY_NAMES[PAIRS_FAMILIES] = {"real",  "wrong",   "missing", "extra", "timing",
                                                        "mixed", "restart", "skip",    "drift", "messy"};

static const double SAME_SONG_MIDI =
    1.3;                                 // mean distance of two singers' notes, once their keys are taken off
static const double GRID           = .5; // of a usual note
static const double USUAL_QUARTERS = 1;
enum { SINGERS_MAX = 64, PIANIST_NOTES = 60, JITTER_MS = 15 };

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median(double *x, int n)
{
  qsort(x, (size_t)n, sizeof(*x), rising);
  return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

// -- singers -------------------------------------------------------------------------------------------------------

// By how much b is sung higher than a.
static double
key_between(const real_take *a, const real_take *b)
{
  double d[REAL_NOTES_MAX];
  for (int i = 0; i < a->n; i++) {
    d[i] = b->notes[i].midi - a->notes[i].midi;
  }
  return median(d, a->n);
}

static bool
is_same_song(const real_take *a, const real_take *b)
{
  if (a->n != b->n) {
    return false;
  }
  double key = key_between(a, b), sum = 0;
  for (int i = 0; i < a->n; i++) {
    sum += fabs(b->notes[i].midi - a->notes[i].midi - key);
  }
  return sum / a->n < SAME_SONG_MIDI;
}

static double
usual_interval(const real_take *t)
{
  double d[REAL_NOTES_MAX];
  for (int i = 0; i + 1 < t->n; i++) {
    d[i] = t->notes[i + 1].onset_s - t->notes[i].onset_s;
  }
  return median(d, t->n - 1);
}

// The score of a song from those who sang it, in the key of the first.
static void
write_song(const real_take *const *who, int n, corpus_tune *out)
{
  double x[SINGERS_MAX], beats = 0;
  for (int i = 0; i < who[0]->n; i++) {
    corpus_tune_note *note = &out->notes[i];
    for (int k = 0; k < n; k++) {
      x[k] = who[k]->notes[i].midi - key_between(who[0], who[k]);
    }
    *note = (corpus_tune_note){.pitched = true, .midi = (int)lround(median(x, n))};
    for (int k = 0; k < n; k++) {
      double to = i + 1 < who[k]->n ? who[k]->notes[i + 1].onset_s : who[k]->notes[i].offset_s;
      x[k]      = (to - who[k]->notes[i].onset_s) / usual_interval(who[k]);
    }
    double length  = fmax(GRID, GRID * round(median(x, n) / GRID)) * USUAL_QUARTERS;
    note->pitch    = shed_pitch_spell(note->midi, 0);
    note->onset    = shed_beat_of((int64_t)lround(beats * 4), 4);
    note->duration = shed_beat_of((int64_t)lround(length * 4), 4);
    beats += length;
  }
  out->n         = (size_t)who[0]->n;
  out->beats     = 4;
  out->beat_type = 4;
  out->length    = shed_beat_of((int64_t)lround(beats * 4), 4);
}

int
pairs_singers(pairs_base *out, int max)
{
  static real_take takes[SINGERS_MAX];
  int              n = real_takes_list(takes, SINGERS_MAX), kept = 0;
  for (int i = 0; i < n && kept < max; i++) {
    const real_take *who[SINGERS_MAX] = {&takes[i]};
    int              singers          = 1;
    for (int k = 0; k < n; k++) {
      if (k != i && is_same_song(&takes[i], &takes[k])) {
        who[singers++] = &takes[k];
      }
    }
    pairs_base *b = &out[kept++];
    memset(b, 0, sizeof(*b));
    (void)snprintf(b->name, sizeof(b->name), "%s", takes[i].name);
    b->sung    = true;
    b->several = singers > 1;
    write_song(who, singers, &b->tune);
    for (int k = 0; k < takes[i].n; k++) {
      const match_note *m = &takes[i].notes[k];
      b->rows[k]          = (pairs_row){m->onset_s, m->offset_s, m->midi, k, true};
    }
  }
  return kept;
}

// -- pianists ------------------------------------------------------------------------------------------------------

void
pairs_pianist(uint64_t seed, pairs_base *out)
{
  shed_rng rng;
  shed_rng_seed(&rng, seed, 71);
  memset(out, 0, sizeof(*out));
  (void)snprintf(out->name, sizeof(out->name), "pianist %d", (int)seed);
  out->tune     = corpus_tune_part(seed, PIANIST_NOTES, 60, 84, true);
  double bpm    = shed_rng_between(&rng, 56, 132);
  double sway   = .05 + .15 * shed_rng_unit(&rng); // of the tempo, over a phrase
  double phrase = shed_rng_between(&rng, 8, 16);   // quarters
  double legato = .55 + .6 * shed_rng_unit(&rng);  // of the distance to the next note
  double at = .5, last = 0, end = shed_beat_quarters(out->tune.length);
  for (size_t i = 0; i < out->tune.n; i++) {
    double beat = shed_beat_quarters(out->tune.notes[i].onset);
    for (double q = last; q < beat; q += 1. / 16) {
      double slow = 1 + sway * cos(2 * 3.14159265358979 * q / phrase);
      slow *= end - q < 4 ? 1 + .4 * (1 - (end - q) / 4) : 1; // the last bar is held back
      at += 60 / bpm * slow * fmin(1. / 16, beat - q);
    }
    last          = beat;
    double length = shed_beat_quarters(out->tune.notes[i].duration) * 60 / bpm * legato;
    double onset  = at + fmax(-2.5, fmin(2.5, shed_rng_normal(&rng))) * JITTER_MS / 1000;
    onset         = i > 0 ? fmax(onset, out->rows[i - 1].onset_s + .01) : onset;
    out->rows[i]  = (pairs_row){onset, onset + fmax(length, .04), out->tune.notes[i].midi, (int)i, true};
  }
}

// -- mistakes ------------------------------------------------------------------------------------------------------

typedef struct {
  shed_rng   rng;
  pairs_row *rows;
  int        n;
} planting;

static bool
one_in(planting *p, int n)
{
  return shed_rng_below(&p->rng, (uint32_t)n) == 0;
}

static int
other_by(planting *p, int most)
{
  int by = shed_rng_between(&p->rng, 1, most);
  return shed_rng_below(&p->rng, 2) ? by : -by;
}

static void
drop_row(planting *p, int at, int n)
{
  memmove(&p->rows[at], &p->rows[at + n], (size_t)(p->n - at - n) * sizeof(*p->rows));
  p->n -= n;
}

static void
insert_row(planting *p, int at, pairs_row row)
{
  if (p->n < PAIRS_ROWS_MAX) {
    memmove(&p->rows[at + 1], &p->rows[at], (size_t)(p->n - at) * sizeof(*p->rows));
    p->rows[at] = row;
    p->n++;
  }
}

static void
plant_wrong(planting *p, int every)
{
  for (int i = 0; i < p->n; i++) {
    p->rows[i].midi += one_in(p, every) ? other_by(p, 4) : 0;
  }
}

static void
plant_missing(planting *p, int every)
{
  for (int i = p->n - 1; i >= 0; i--) {
    if (one_in(p, every)) {
      drop_row(p, i, 1);
    }
  }
}

// A short note takes the last part of the one before it, or the silence behind it.
static void
plant_extra(planting *p, int every)
{
  for (int i = p->n - 2; i >= 0; i--) {
    if (one_in(p, every)) {
      pairs_row *r  = &p->rows[i];
      double     to = p->rows[i + 1].onset_s, at = r->onset_s + .6 * (to - r->onset_s);
      pairs_row  x = {at, to - .01, r->midi + other_by(p, 4), -1, true};
      r->offset_s  = fmin(r->offset_s, at);
      insert_row(p, i + 1, x);
    }
  }
}

static void
plant_timing(planting *p, int every)
{
  for (int i = 1; i + 1 < p->n; i++) {
    if (one_in(p, every)) {
      double by = (.1 + .15 * shed_rng_unit(&p->rng)) * (shed_rng_below(&p->rng, 2) ? 1 : -1);
      double lo = p->rows[i - 1].onset_s + .05, hi = fmin(p->rows[i + 1].onset_s, p->rows[i].offset_s) - .05;
      double to               = fmin(fmax(p->rows[i].onset_s + by, lo), fmax(lo, hi));
      p->rows[i].onset_s      = to;
      p->rows[i - 1].offset_s = fmin(p->rows[i - 1].offset_s, to);
    }
  }
}

static void
delay_from(planting *p, int from, double by_s)
{
  for (int i = from; i < p->n; i++) {
    p->rows[i].onset_s += by_s;
    p->rows[i].offset_s += by_s;
  }
}

static void
plant_restart(planting *p)
{
  int at      = shed_rng_between(&p->rng, p->n / 4, p->n - 4);
  int back    = shed_rng_between(&p->rng, 2, 8);
  back        = back < at ? back : at;
  double wait = .2 + .8 * shed_rng_unit(&p->rng), from = p->rows[at - back].onset_s;
  double by = p->rows[at].onset_s - from + wait;
  delay_from(p, at, by);
  for (int k = 0; k < back; k++) {
    pairs_row again = p->rows[at - back + k];
    again.onset_s += by;
    again.offset_s += by;
    insert_row(p, at + k, again);
  }
}

static void
plant_skip(planting *p)
{
  int    n   = shed_rng_between(&p->rng, 4, 8);
  int    at  = shed_rng_between(&p->rng, 4, p->n - n - 5);
  double by  = p->rows[at + n].onset_s - p->rows[at].onset_s;
  bool   gap = shed_rng_below(&p->rng, 2);
  drop_row(p, at, n);
  delay_from(p, at, gap ? .3 - by : -by);
}

static void
plant_waits(planting *p)
{
  for (int k = 0; k < 2; k++) {
    delay_from(p, shed_rng_between(&p->rng, 3, p->n - 3), .5 + shed_rng_unit(&p->rng));
  }
}

static void
plant_tempo(planting *p)
{
  double by   = shed_rng_below(&p->rng, 2) ? .2 : -.2;
  double from = p->rows[0].onset_s, length = p->rows[p->n - 1].offset_s - from;
  for (int i = 0; i < p->n; i++) {
    double *t[2] = {&p->rows[i].onset_s, &p->rows[i].offset_s};
    for (int k = 0; k < 2; k++) {
      double x = *t[k] - from;
      *t[k]    = from + x * (1 + by * x / (2 * length));
    }
  }
}

// Amateurs without accompaniment leave their key, by and by or at the start of a phrase.
static void
plant_drift(planting *p)
{
  double by    = (2 + 3 * shed_rng_unit(&p->rng)) * (shed_rng_below(&p->rng, 2) ? 1 : -1);
  int    steps = (int)shed_rng_below(&p->rng, 3), n = p->n;
  int    at[2] = {shed_rng_between(&p->rng, n / 6, n / 2), shed_rng_between(&p->rng, n / 2, n - n / 6)};
  for (int i = 0; i < n; i++) {
    double share = steps == 0   ? (double)i / n
                   : steps == 1 ? i >= at[1]
                                : .5 * (i >= at[0]) + .5 * (i >= at[1]);
    p->rows[i].midi += by * share;
  }
}

static void
mark_last(planting *p)
{
  for (int i = 0; i < p->n; i++) {
    p->rows[i].last = true;
    for (int k = i + 1; k < p->n; k++) {
      p->rows[i].last = p->rows[i].last && !(p->rows[i].truth >= 0 && p->rows[k].truth == p->rows[i].truth);
    }
  }
}

int
pairs_plant(const pairs_base *b, pairs_family family, uint64_t seed, pairs_row out[PAIRS_ROWS_MAX])
{
  planting p = {.rows = out, .n = (int)b->tune.n};
  shed_rng_seed(&p.rng, seed, 100 + (uint64_t)family);
  memcpy(out, b->rows, (size_t)p.n * sizeof(*out));
  const int  every[PAIRS_FAMILIES] = {[PAIRS_WRONG] = 10, [PAIRS_MISSING] = 10, [PAIRS_EXTRA] = 10,
                                      [PAIRS_MIXED] = 20, [PAIRS_DRIFT] = 20,   [PAIRS_MESSY] = 20};
  const bool mixed                 = family == PAIRS_MIXED || family == PAIRS_DRIFT || family == PAIRS_MESSY;
  if (family == PAIRS_DRIFT) {
    plant_drift(&p);
  }
  if (family == PAIRS_TIMING) {
    plant_timing(&p, 10);
  }
  if (family == PAIRS_WRONG || mixed) {
    plant_wrong(&p, every[family]);
  }
  if (family == PAIRS_MISSING || mixed) {
    plant_missing(&p, every[family]);
  }
  if (family == PAIRS_EXTRA || mixed) {
    plant_extra(&p, every[family]);
  }
  for (int k = family == PAIRS_RESTART ? 1 + (int)shed_rng_below(&p.rng, 2) : family == PAIRS_MESSY; k > 0;
       k--) {
    plant_restart(&p);
  }
  if (family == PAIRS_SKIP) {
    plant_skip(&p);
  }
  if (family == PAIRS_MESSY) {
    plant_waits(&p);
    plant_tempo(&p);
  }
  mark_last(&p);
  return p.n;
}
