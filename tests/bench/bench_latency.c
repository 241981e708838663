// How long after a note physically begins the ear tells what, in samples of input: plucked and blown tones of exact
// synthesis, and sampled instruments.
#include "engine/audio/render.h"
#include "engine/base/rng.h"
#include "engine/music/pitch.h"
#include "tests/bench/measure.h"
#include "tests/corpus/synth.h"
#include "tests/support/latency.h"

#include <stdio.h>
#include <string.h>

enum { NOTES_MAX = 400, LOW_MIDI = 33, HIGH_MIDI = 96, STEP = 3, ROUNDS = 2 };
static const double NOTE_S    = 0.40;
static const double REST_S    = 0.15; // every other note follows the last at once
static const double NOISE_RMS = 0.0002;

typedef struct {
  const char   *name;
  corpus_timbre timbre;
  double        attack_s;
} tone_kind;

static const tone_kind TONES[] = {
    {"plucked, exact", CORPUS_PLUCKED, 0},    {"struck, exact", CORPUS_PIANO, 0},
    {"reed, tongued, exact", CORPUS_REED, 0}, {"flute, exact", CORPUS_FLUTE, 0},
    {"sung, exact", CORPUS_SUNG_A, 0},
};

typedef struct {
  const char *name;
  int         program;
  int         low_midi, high_midi;
} sampled_kind;

static const sampled_kind SAMPLED[] = {
    {"sampled bass", 32, 28, 55},    {"sampled guitar", 24, 40, 76},   {"sampled piano", 0, 33, 96},
    {"sampled trumpet", 56, 55, 82}, {"sampled clarinet", 71, 50, 89}, {"sampled flute", 73, 60, 96},
};

typedef struct {
  latency_note note[NOTES_MAX];
  latency_told told[NOTES_MAX];
  size_t       n;
} set;

static void
must(shed_status st, const char *what)
{
  if (st != SHED_OK) {
    (void)fprintf(stderr, "%s: %s\n", what, shed_status_text(st));
    exit(1);
  }
}

// Pitches from low to high in a random order, twice, at all places within a hop.
static void
place_notes(set *s, int low_midi, int high_midi, uint64_t seed)
{
  shed_rng rng;
  double   at = 0.5;
  shed_rng_seed(&rng, seed, 5);
  s->n = 0;
  for (int round = 0; round < ROUNDS; round++) {
    size_t first = s->n;
    for (int midi = low_midi; midi <= high_midi && s->n < NOTES_MAX; midi += STEP) {
      s->note[s->n++].hz = shed_midi_to_hz(midi, 440);
    }
    for (size_t i = s->n - 1; i > first; i--) {
      size_t j      = first + (size_t)(shed_rng_unit(&rng) * (double)(i - first + 1));
      double hz     = s->note[i].hz;
      s->note[i].hz = s->note[j].hz;
      s->note[j].hz = hz;
    }
  }
  for (size_t i = 0; i < s->n; i++) {
    at += (i % 2 == 0 ? REST_S : 0.0) + 0.010 * shed_rng_unit(&rng);
    s->note[i].onset_s  = at;
    s->note[i].offset_s = at + NOTE_S;
    at += NOTE_S;
  }
}

static double
midi_of(double hz)
{
  return 69.0 + 12.0 * log2(hz / 440.0);
}

static void
add_noise(shed_sound *x)
{
  shed_rng rng;
  shed_rng_seed(&rng, 11, 11);
  for (size_t i = 0; i < x->n; i++) {
    x->x[i] += (float)(NOISE_RMS * shed_rng_normal(&rng));
  }
}

static void
hear_tones(const tone_kind *k, set *s)
{
  static corpus_tone tones[NOTES_MAX];
  shed_sound         x = {0};
  place_notes(s, LOW_MIDI, HIGH_MIDI, (uint64_t)k->timbre + 1);
  for (size_t i = 0; i < s->n; i++) {
    tones[i] = (corpus_tone){.timbre     = k->timbre,
                             .onset_s    = s->note[i].onset_s,
                             .duration_s = NOTE_S - 0.03,
                             .midi       = midi_of(s->note[i].hz),
                             .attack_s   = k->attack_s,
                             .level_db   = -20};
  }
  must(corpus_synth(tones, s->n, BENCH_RATE_HZ, s->note[s->n - 1].offset_s + 0.5, 1, NULL, &x), k->name);
  add_noise(&x);
  must(latency_measure(x.x, x.n, x.rate_hz, s->note, s->n, s->told), k->name);
  shed_sound_free(&x);
}

// The first moment of each note alone that stands 40 dB under its loudest or higher: samples of a font speak late.
static void
find_physical_onsets(const sampled_kind *k, set *s)
{
  enum { BLOCK = 44 };
  for (size_t i = 0; i < s->n; i++) {
    shed_render_note note = {.onset_s    = 0,
                             .duration_s = NOTE_S,
                             .midi       = (int)lrint(midi_of(s->note[i].hz)),
                             .velocity   = 90,
                             .program    = k->program};
    shed_sound       x    = {0};
    double           peak = 0;
    size_t           at   = 0;
    must(shed_render_notes(&note, 1, &(shed_render_opts){.rate_hz = BENCH_RATE_HZ}, NULL, &x, NULL), k->name);
    for (size_t j = 0; j < x.n && j < BENCH_RATE_HZ / 5; j++) {
      peak = fmax(peak, fabs((double)x.x[j]));
    }
    while (at < x.n && fabs((double)x.x[at]) < 0.01 * peak) {
      at++;
    }
    s->note[i].onset_s += (double)at / BENCH_RATE_HZ;
    shed_sound_free(&x);
  }
}

static void
hear_sampled(const sampled_kind *k, set *s)
{
  static shed_render_note notes[NOTES_MAX];
  shed_sound              x   = {0};
  shed_error              err = {0};
  place_notes(s, k->low_midi, k->high_midi, (uint64_t)k->program + 1);
  for (size_t i = 0; i < s->n; i++) {
    // where the synthesiser can begin
    s->note[i].onset_s = round(s->note[i].onset_s * BENCH_RATE_HZ / 64) * 64.0 / BENCH_RATE_HZ;
    notes[i]           = (shed_render_note){.onset_s    = s->note[i].onset_s,
                                            .duration_s = NOTE_S - 0.03,
                                            .midi       = (int)lrint(midi_of(s->note[i].hz)),
                                            .velocity   = 90,
                                            .program    = k->program};
  }
  must(shed_render_notes(notes, s->n, &(shed_render_opts){.rate_hz = BENCH_RATE_HZ, .tail_s = 0.5}, NULL, &x,
                         &err),
       err.what);
  find_physical_onsets(k, s);
  add_noise(&x);
  must(latency_measure(x.x, x.n, x.rate_hz, s->note, s->n, s->told), k->name);
  shed_sound_free(&x);
}

// Median and 90th percentile in ms of a member of latency_told; those that were never told stand last.
static void
print_member(const set *s, size_t offset)
{
  double v[NOTES_MAX];
  size_t told = 0;
  for (size_t i = 0; i < s->n; i++) {
    double x;
    memcpy(&x, (const char *)&s->told[i] + offset, sizeof(x));
    told += isnan(x) ? 0 : 1;
    v[i] = isnan(x) ? (double)INFINITY : 1e3 * x;
  }
  bench_sort(v, s->n);
  (void)printf(" |%5.0f%5.0f%5.0f%%", bench_quantile(v, s->n, 0.5), bench_quantile(v, s->n, 0.9),
               100.0 * (double)told / (double)s->n);
}

static void
print_set(const char *name, const set *s)
{
  size_t in_time = 0;
  long   looks = 0, wrong = 0;
  for (size_t i = 0; i < s->n; i++) {
    in_time += s->told[i].provisional <= latency_target_s(s->note[i].hz);
    looks += s->told[i].looks;
    wrong += s->told[i].wrong;
  }
  (void)printf("%-22s", name);
  print_member(s, offsetof(latency_told, provisional));
  (void)printf(" %4.0f%% %5.1f%%", 100.0 * (double)in_time / (double)s->n,
               looks > 0 ? 100.0 * (double)wrong / (double)looks : 0.0);
  print_member(s, offsetof(latency_told, note_on));
  print_member(s, offsetof(latency_told, frame));
  print_member(s, offsetof(latency_told, onset));
  print_member(s, offsetof(latency_told, note));
  (void)printf("\n");
}

static void
add_to(set *all, const set *s)
{
  for (size_t i = 0; i < s->n && all->n < NOTES_MAX; i++) {
    all->note[all->n]   = s->note[i];
    all->told[all->n++] = s->told[i];
  }
}

static void
print_by_pitch(const set *all)
{
  static const double EDGE_HZ[] = {40, 80, 110, 220, 440, 880, 2200};
  static set          part;
  for (size_t b = 0; b + 1 < SHED_COUNTOF(EDGE_HZ); b++) {
    char name[40];
    part.n = 0;
    for (size_t i = 0; i < all->n; i++) {
      if (all->note[i].hz >= EDGE_HZ[b] && all->note[i].hz < EDGE_HZ[b + 1]) {
        part.note[part.n]   = all->note[i];
        part.told[part.n++] = all->told[i];
      }
    }
    (void)snprintf(name, sizeof(name), "%.0f to %.0f Hz", EDGE_HZ[b], EDGE_HZ[b + 1]);
    if (part.n > 0) {
      print_set(name, &part);
    }
  }
}

int
main(void)
{
  static set s, exact, sampled;
  (void)printf("ms of sound after the physical onset (the note: after its end): median, 90th percentile, "
               "share told\n");
  (void)printf(
      "in time: provisional pitch within max(25 ms, 2 periods + 5 ms); wrong: provisional frames after the "
      "first right one\n\n");
  (void)printf(
      "%-22s | provisional pitch in time wrong| note on       | settled frame | settled onset | settled "
      "note\n",
      "");
  for (size_t i = 0; i < SHED_COUNTOF(TONES); i++) {
    hear_tones(&TONES[i], &s);
    print_set(TONES[i].name, &s);
    add_to(&exact, &s);
  }
  print_by_pitch(&exact);
  for (size_t i = 0; i < SHED_COUNTOF(SAMPLED); i++) {
    hear_sampled(&SAMPLED[i], &s);
    print_set(SAMPLED[i].name, &s);
    add_to(&sampled, &s);
  }
  print_by_pitch(&sampled);
  return 0;
}
