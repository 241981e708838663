// About this file: reads tunes.def, makes random melodies, and moves tunes into an instrument's range.
#include "tests/corpus/tune.h"

#include "engine/base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *id, *title;
  int         beats, beat_type, fifths;
  double      pickup;
  const char *notes;
} row;

static const row ROWS[] = {
#define CORPUS_TUNE(id, title, beats, beat_type, fifths, pickup, notes)                                      \
  {#id, title, beats, beat_type, fifths, pickup, notes},
#include "tests/corpus/tunes.def"
#undef CORPUS_TUNE
};

// ".75", "2" or "1/3" of a quarter.
static shed_beat
length_of(const char *text)
{
  const char *slash = strchr(text, '/');
  double      value = 0;
  long long   num = 1, den = 1;
  char        whole[16];
  if (slash) {
    (void)snprintf(whole, sizeof(whole), "%.*s", (int)(slash - text), text);
    SHED_ASSERT(shed_parse_int(whole, 1, 99, &num) && shed_parse_int(slash + 1, 1, 99, &den));
    return shed_beat_of(num, den);
  }
  (void)snprintf(whole, sizeof(whole), "%s%s", text[0] == '.' ? "0" : "", text);
  SHED_ASSERT(shed_parse_double(whole, 0, 99, &value));
  return shed_beat_of((int64_t)lrint(value * 96), 96);
}

static void
add(corpus_tune *t, const char *what, shed_beat length)
{
  if (strcmp(what, "R") != 0) {
    SHED_ASSERT(t->n < CORPUS_NOTES_MAX);
    corpus_tune_note *k = &t->notes[t->n++];
    *k                  = (corpus_tune_note){.onset = t->length, .duration = length};
    k->pitched          = strcmp(what, "X") != 0;
    if (k->pitched) {
      SHED_ASSERT(shed_pitch_parse(what, &k->pitch) == SHED_OK);
      k->midi = shed_pitch_midi(k->pitch);
    }
  }
  t->length = shed_beat_add(t->length, length);
}

static corpus_tune
empty(const char *id, const char *title, int beats, int beat_type, int fifths)
{
  corpus_tune t = {.beats     = beats,
                   .beat_type = beat_type,
                   .fifths    = fifths,
                   .pickup    = shed_beat_of(0, 1),
                   .length    = shed_beat_of(0, 1)};
  (void)snprintf(t.id, sizeof(t.id), "%s", id);
  (void)snprintf(t.title, sizeof(t.title), "%s", title);
  return t;
}

size_t
corpus_tune_count(void)
{
  return SHED_COUNTOF(ROWS);
}

corpus_tune
corpus_tune_at(size_t i)
{
  SHED_ASSERT(i < SHED_COUNTOF(ROWS));
  const row  *r = &ROWS[i];
  corpus_tune t = empty(r->id, r->title, r->beats, r->beat_type, r->fifths);
  char        text[4096];
  char       *rest = NULL;
  t.pickup         = shed_beat_of((int64_t)lrint(r->pickup * 96), 96);
  SHED_ASSERT(snprintf(text, sizeof(text), "%s", r->notes) < (int)sizeof(text));
  for (char *what = strtok_r(text, " |", &rest); what; what = strtok_r(NULL, " |", &rest)) {
    const char *length = strtok_r(NULL, " |", &rest);
    SHED_ASSERT(length != NULL);
    add(&t, what, length_of(length));
  }
  return t;
}

shed_status
corpus_tune_find(const char *id, corpus_tune *out)
{
  for (size_t i = 0; i < SHED_COUNTOF(ROWS); i++) {
    if (strcmp(ROWS[i].id, id) == 0) {
      *out = corpus_tune_at(i);
      return SHED_OK;
    }
  }
  return SHED_E_NOTFOUND;
}

// -- made melodies --------------------------------------------------------------------------------------------------

static bool
in_scale(int midi, int tonic)
{
  static const bool major[12] = {true, false, true, false, true, true, false, true, false, true, false, true};
  return major[((midi - tonic) % 12 + 12) % 12];
}

// The next note of the scale from midi in a direction.
static int
scale_step(int midi, int tonic, int direction)
{
  do {
    midi += direction;
  } while (!in_scale(midi, tonic));
  return midi;
}

static int
next_midi(shed_rng *rng, int midi, int tonic, int low, int high)
{
  uint32_t kind      = shed_rng_below(rng, 10);
  int      steps     = kind < 1 ? 0 : kind < 7 ? 1 : kind < 9 ? 2 : 4;
  int      direction = shed_rng_below(rng, 2) ? 1 : -1;
  int      to        = midi;
  for (int i = 0; i < steps; i++) {
    to = scale_step(to, tonic, direction);
  }
  if (to < low || to > high) {
    for (to = midi; steps > 0; steps--) {
      to = scale_step(to, tonic, -direction);
    }
  }
  return to < low || to > high ? midi : to;
}

corpus_tune
corpus_tune_random(uint64_t seed, size_t n, int low, int high)
{
  static const int tonics[] = {0, 7, 2, 5, 10, 9, 3}; // and the fifths of their keys
  static const int fifths[] = {0, 1, 2, -1, -2, 3, -3};
  shed_rng         rng;
  char             id[32];
  SHED_ASSERT(n >= 2 && n <= 200 && high - low >= 12);
  shed_rng_seed(&rng, seed, 0x7u);
  uint32_t key = shed_rng_below(&rng, SHED_COUNTOF(tonics));
  (void)snprintf(id, sizeof(id), "random_%llu", (unsigned long long)seed);
  corpus_tune t    = empty(id, "Made melody", 4, 4, fifths[key]);
  int         midi = (low + high) / 2;
  int         left = 8; // eighths to the barline
  if (!in_scale(midi, tonics[key])) {
    midi = scale_step(midi, tonics[key], -1);
  }
  for (size_t i = 0; i < n; i++) {
    static const int eighths[] = {1, 1, 1, 2, 2, 2, 2, 4};
    int              length    = eighths[shed_rng_below(&rng, SHED_COUNTOF(eighths))];
    length                     = i + 1 == n || length > left ? left : length;
    corpus_tune_note *k        = &t.notes[t.n++];
    *k                         = (corpus_tune_note){.pitched  = true,
                                                    .pitch    = shed_pitch_spell(midi, t.fifths),
                                                    .midi     = midi,
                                                    .onset    = t.length,
                                                    .duration = shed_beat_of(length, 2)};
    t.length                   = shed_beat_add(t.length, k->duration);
    left -= length;
    left = left ? left : 8;
    midi = next_midi(&rng, midi, tonics[key], low, high);
  }
  return t;
}

// -- other keys -----------------------------------------------------------------------------------------------------

corpus_tune
corpus_tune_transposed(const corpus_tune *t, int semitones)
{
  corpus_tune out   = *t;
  int         turns = ((semitones % 12 + 12) % 12) * 7; // a semitone up is seven fifths
  if (semitones % 12 != 0) {
    out.fifths = (t->fifths + turns + 5 + 120) % 12 - 5; // -5..6
  }
  for (size_t i = 0; i < out.n; i++) {
    corpus_tune_note *k = &out.notes[i];
    if (k->pitched) {
      k->midi += semitones;
      if (semitones % 12 == 0) {
        k->pitch.octave = (signed char)(k->pitch.octave + semitones / 12);
      } else {
        k->pitch = shed_pitch_spell(k->midi, out.fifths);
      }
    }
  }
  return out;
}

corpus_tune
corpus_tune_fitted(const corpus_tune *t, int low, int high)
{
  int lowest  = 127;
  int highest = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (t->notes[i].pitched) {
      lowest  = t->notes[i].midi < lowest ? t->notes[i].midi : lowest;
      highest = t->notes[i].midi > highest ? t->notes[i].midi : highest;
    }
  }
  if (lowest > highest) {
    return *t;
  }
  double away    = ((low + high) - (lowest + highest)) / 2.0;
  int    octaves = (int)lrint(away / 12);
  while (lowest + 12 * octaves < low && highest + 12 * (octaves + 1) <= high) {
    octaves++;
  }
  return corpus_tune_transposed(t, 12 * octaves);
}
