// About this file: notes of the two sound fonts, one by one, in tune.
#include "tests/corpus/ear_fonts.h"

#include "engine/audio/render.h"
#include "engine/base/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  RATE         = CORPUS_EAR_RATE_HZ,
  BLOCK        = 64 /* FluidSynth's; a note begins on a multiple */,
  PROGRAMS_LOW = 21,
  NOTES        = 88
};

static const double RELEASE_S       = 1.0; // what is kept after the key is let go
static const double DB_A_VELOCITY   = 0.25;
static const double VELOCITY        = 104; // of gain 0 dB
static const double VELOCITY_LEAST  = 40;
static const double VELOCITY_MOST   = 120;
static const double BEND_MOST_CENTS = 200;

static const struct {
  const char *file, *package;
} FONTS[CORPUS_EAR_HALVES] = {{"TimGM6mb.sf2", "timgm6mb-soundfont"},
                              {"FluidR3_GM.sf2", "fluid-soundfont-gm"}};

static const struct {
  int   font, program;
  float cents[NOTES]; // from midi 21 on
} CENTS[] = {
#define CORPUS_EAR_FONT_CENTS(font, program, ...) {font, program, {__VA_ARGS__}},
#include "tests/corpus/ear_font_cents.def"
#undef CORPUS_EAR_FONT_CENTS
};

// General MIDI drum keys: without a pitch; and with something of one.
static const int NOISY[] = {37, 38, 39, 40, 42, 44, 46, 54, 70, 69, 49};
static const int RINGS[] = {36, 41, 43, 45, 47, 48, 50, 56, 60, 62, 76};

shed_status
corpus_ear_font(corpus_ear_half half, char *path, size_t size, shed_error *err)
{
  const char *own = getenv("WOODSHED_SOUNDFONTS");
  (void)snprintf(path, size, "%s/%s", own && own[0] ? own : "/usr/share/sounds/sf2", FONTS[half].file);
  return shed_file_exists(path)
             ? SHED_OK
             : shed_fail(err, SHED_E_NOTFOUND, path, "this sound font is not installed: apt-get install %s",
                         FONTS[half].package);
}

double
corpus_ear_font_cents(corpus_ear_half font, int program, int midi)
{
  for (size_t i = 0; i < SHED_COUNTOF(CENTS); i++) {
    if (CENTS[i].font == (int)font && CENTS[i].program == program && midi >= PROGRAMS_LOW &&
        midi < PROGRAMS_LOW + NOTES) {
      return (double)CENTS[i].cents[midi - PROGRAMS_LOW];
    }
  }
  return 0;
}

static shed_render_note
key_of(corpus_ear_half font, int program, const corpus_ear_event *e, shed_rng *rng, bool *rings)
{
  shed_render_note k = {.program = program, .percussion = program < 0};
  double           v = fmin(fmax(VELOCITY + e->gain_db / DB_A_VELOCITY, VELOCITY_LEAST), VELOCITY_MOST);
  k.velocity         = (int)lrint(v);
  *rings             = program == CORPUS_EAR_KIT && shed_rng_below(rng, 2) > 0;
  if (program < 0) {
    k.midi = *rings ? RINGS[shed_rng_below(rng, SHED_COUNTOF(RINGS))]
                    : NOISY[shed_rng_below(rng, SHED_COUNTOF(NOISY))];
  } else {
    k.midi  = (int)lrint(e->midi);
    k.cents = (e->midi - k.midi) * 100 - corpus_ear_font_cents(font, program, k.midi);
    k.cents = fmin(fmax(k.cents, -BEND_MOST_CENTS), BEND_MOST_CENTS);
  }
  return k;
}

shed_status
corpus_ear_slots_render(corpus_ear_half font, int program, const corpus_ear_event *events, int n,
                        double early_s, shed_rng *rng, corpus_ear_slots *out, shed_error *err)
{
  char              path[320];
  shed_sound        s     = {0};
  shed_render_note *keys  = shed_calloc(NULL, (size_t)n + 1, sizeof(*keys));
  shed_status       st    = keys ? corpus_ear_font(font, path, sizeof(path), err) : SHED_E_NOMEM;
  int64_t           block = 0;
  for (int i = 0; st == SHED_OK && i < n; i++) {
    keys[i]            = key_of(font, program, &events[i], rng, &out->rings[i]);
    keys[i].onset_s    = (double)(block * BLOCK) / RATE;
    keys[i].duration_s = events[i].long_s + (events[i].tied ? early_s : 0);
    out->at[i]         = (int)(block * BLOCK);
    out->n[i]          = (int)((keys[i].duration_s + RELEASE_S) * RATE);
    block += out->n[i] / BLOCK + 2;
  }
  shed_render_opts opts = {.soundfont = path, .rate_hz = RATE, .tail_s = 2 * RELEASE_S};
  if (st == SHED_OK) {
    st = shed_render_notes(keys, (size_t)n, &opts, NULL, &s, err);
  }
  shed_free(NULL, keys);
  if (st == SHED_OK) {
    out->x = s.x;
  }
  return st;
}
