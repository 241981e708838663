// About this file: made parts that look like what choirs and quartets play, where tune.c's walk knows eighths to halves
// alone: bars filled with rhythmic cells, a line that steps, leaps, turns and repeats, in major or harmonic minor.
#include "engine/base/rng.h"
#include "tests/corpus/take.h"

#include <stdio.h>

enum { CELL = 6, MINOR_OF_MAJOR = 9 };

/// Sixteenths; below 0 a rest; 0 ends. The first column: how often, of a hundred, in calm parts and in lively ones.
typedef struct {
  int calm, lively;
  int lengths[CELL];
} cell;

static const cell CELLS[] = {
    {46, 18, {4}},        {18, 22, {2, 2}}, {14, 8, {8}},      {8, 6, {6, 2}},
    {5, 2, {12}},         {4, 9, {3, 1}},   {2, 5, {2, 4, 2}}, {0, 8, {2, 1, 1}},
    {0, 9, {1, 1, 1, 1}}, {3, 6, {-4, 4}},  {0, 4, {-2, 2}},   {0, 3, {-8}},
};

typedef struct {
  shed_rng rng;
  int      tonic, low, high, midi;
  bool     minor;
} walker;

static bool
in_scale(const walker *w, int midi)
{
  static const bool major[12] = {1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1};
  static const bool minor[12] = {1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1};
  int               degree    = ((midi - w->tonic) % 12 + 12) % 12;
  return w->minor ? minor[degree] : major[degree];
}

static int
stepped(const walker *w, int midi, int steps, int direction)
{
  for (; steps > 0; steps--) {
    do {
      midi += direction;
    } while (!in_scale(w, midi));
  }
  return midi;
}

static void
move(walker *w)
{
  uint32_t kind  = shed_rng_below(&w->rng, 100);
  int      steps = kind < 14 ? 0 : kind < 68 ? 1 : kind < 84 ? 2 : kind < 92 ? 3 : kind < 97 ? 4 : 7;
  int      way   = shed_rng_below(&w->rng, 2) ? 1 : -1;
  int      to    = stepped(w, w->midi, steps, way);
  if (to < w->low || to > w->high) {
    to = stepped(w, w->midi, steps, -way);
  }
  w->midi = to < w->low || to > w->high ? w->midi : to;
}

static int
length_of(const cell *c)
{
  int sum = 0;
  for (int i = 0; i < CELL; i++) {
    sum += c->lengths[i] < 0 ? -c->lengths[i] : c->lengths[i];
  }
  return sum;
}

/// A cell that fits into what is left of the bar; music does not begin with a rest.
static const cell *
draw_cell(walker *w, int left, bool lively, bool first)
{
  for (;;) {
    int at = shed_rng_between(&w->rng, 0, 99);
    for (size_t i = 0; i < SHED_COUNTOF(CELLS); i++) {
      at -= lively ? CELLS[i].lively : CELLS[i].calm;
      if (at < 0) {
        if (length_of(&CELLS[i]) <= left && !(first && CELLS[i].lengths[0] < 0)) {
          return &CELLS[i];
        }
        break;
      }
    }
  }
}

static void
add(corpus_tune *t, walker *w, int sixteenths)
{
  shed_beat long_beats = shed_beat_of(sixteenths < 0 ? -sixteenths : sixteenths, 4);
  if (sixteenths > 0) {
    if (t->n > 0) {
      move(w);
    }
    t->notes[t->n++] = (corpus_tune_note){.pitched  = true,
                                          .pitch    = shed_pitch_spell(w->midi, t->fifths),
                                          .midi     = w->midi,
                                          .onset    = t->length,
                                          .duration = long_beats};
  }
  t->length = shed_beat_add(t->length, long_beats);
}

corpus_tune
corpus_tune_part(uint64_t seed, size_t n, int low, int high, bool lively)
{
  static const int fifths[] = {0, 1, -1, 2, -2, 3, -3, 4, -4};
  walker           w        = {.low = low, .high = high};
  SHED_ASSERT(n >= 2 && n <= 200 && high - low >= 12);
  shed_rng_seed(&w.rng, seed, 0x9a27u);
  corpus_tune t = {.title     = "Made part",
                   .beats     = shed_rng_below(&w.rng, 3) ? 4 : 3,
                   .beat_type = 4,
                   .fifths    = fifths[shed_rng_below(&w.rng, SHED_COUNTOF(fifths))],
                   .pickup    = shed_beat_of(0, 1),
                   .length    = shed_beat_of(0, 1)};
  (void)snprintf(t.id, sizeof(t.id), "part_%llu", (unsigned long long)seed);
  w.minor = shed_rng_below(&w.rng, 3) == 0;
  w.tonic = ((t.fifths * 7) % 12 + 12) % 12 + (w.minor ? MINOR_OF_MAJOR : 0);
  w.midi  = stepped(&w, (low + high) / 2, 1, -1);
  while (t.n < n) {
    for (int left = t.beats * 4; left > 0;) {
      if (t.n + CELL > n) { // the last note stands to the barline
        add(&t, &w, left);
        n = t.n;
        break;
      }
      const cell *c = draw_cell(&w, left, lively, t.n == 0);
      for (int i = 0; i < CELL && c->lengths[i]; i++) {
        add(&t, &w, c->lengths[i]);
      }
      left -= length_of(c);
    }
  }
  return t;
}
