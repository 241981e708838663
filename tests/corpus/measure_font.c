// corpus_font: measures how far off the usual sound font plays each note, and prints the rows of font_cents.def. With
// --second: the second font of the takes, musescore_cents.def. With --short: short notes of it and of FluidR3, take_cents.def.
// With --ear: both fonts of the ear's corpus, ear_font_cents.def.
#include "engine/audio/render.h"
#include "tests/corpus/ear_fonts.h"
#include "tests/corpus/ear_kinds.h"
#include "tests/corpus/perform.h"
#include "tests/corpus/take_fonts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RATE = 44100, HARMONICS = 4, VELOCITY = 84, SLOT_S = 2, AT_ONCE = 128 };
static const double MOVES_CENTS = 8; // a note that begins as far from where it settles

// Notes low..high of a program, two seconds each.
static shed_status
play(const char *font, int program, int low, int high, shed_sound *out)
{
  shed_render_note notes[128] = {0};
  shed_render_opts opts       = {.soundfont = font, .rate_hz = RATE, .tail_s = SLOT_S};
  shed_error       err        = {0};
  for (int midi = low; midi <= high; midi++) {
    notes[midi - low] = (shed_render_note){.onset_s    = SLOT_S * (midi - low),
                                           .duration_s = 1.1,
                                           .midi       = midi,
                                           .velocity   = VELOCITY,
                                           .program    = program};
  }
  shed_status st = shed_render_notes(notes, (size_t)(high - low + 1), &opts, NULL, out, &err);
  if (st != SHED_OK) {
    (void)fprintf(stderr, "corpus_font: %s: %s\n", err.where, err.what);
  }
  return st;
}

// Notes low..high of a program, one after the other in one rendering: a compressed font takes seconds to be opened.
static int
measure(const char *font, int program, int low, int high)
{
  shed_sound s = {0};
  if (play(font, program, low, high, &s) != SHED_OK) {
    return 1;
  }
  for (int midi = low; midi <= high; midi++) {
    double at = SLOT_S * (midi - low);
    (void)printf("CORPUS_FONT_CENTS(%d, %d, %.2fF)\n", program, midi,
                 corpus_pitch_cents(&s, at + 0.15, at + 1.05, midi, HARMONICS));
  }
  shed_sound_free(&s);
  return 0;
}

// -- the ear's fonts --------------------------------------------------------------------------------------------------

enum { LOW = 21, HIGH = 108, DYING_HARMONICS = 2, A_LINE = 30 };
static const double CENTS_MOST = 55; // of a search that ends at 60: beyond it nothing was found

static bool
asked_for(const corpus_ear_row *rows, size_t n, int program, int midi, bool *dies)
{
  for (size_t i = 0; i < n; i++) {
    if (rows[i].made == program && rows[i].group != CORPUS_EAR_SYNTH && midi >= rows[i].low &&
        midi <= rows[i].high) {
      *dies = rows[i].kind == CORPUS_EAR_STRUCK || rows[i].kind == CORPUS_EAR_PLUCKED;
      return true;
    }
  }
  return false;
}

static int
measure_program(const corpus_ear_row *rows, size_t n, corpus_ear_half font, const char *path, int program)
{
  shed_sound s    = {0};
  bool       dies = false;
  if (play(path, program, LOW, HIGH, &s) != SHED_OK) {
    return 1;
  }
  (void)printf("CORPUS_EAR_FONT_CENTS(%d, %d", (int)font, program);
  for (int midi = LOW; midi <= HIGH; midi++) {
    double cents = 0;
    if (asked_for(rows, n, program, midi, &dies)) {
      double at = SLOT_S * (midi - LOW);
      cents     = corpus_pitch_cents(&s, at + (dies ? 0.03 : 0.15), at + (dies ? 0.44 : 1.05), midi,
                                 dies ? DYING_HARMONICS : HARMONICS);
    }
    (void)printf("%s%ld", (midi - LOW) % A_LINE ? ", " : ",\n  ",
                 fabs(cents) < CENTS_MOST ? lrint(cents) : 0);
  }
  (void)puts(")");
  shed_sound_free(&s);
  return 0;
}

static int
measure_ear(void)
{
  size_t                n;
  const corpus_ear_row *rows = corpus_ear_rows(&n);
  (void)puts("// CORPUS_EAR_FONT_CENTS(half, program, cents): how far off the half's sound font plays midi "
             "21 to 108 by itself,\n"
             "// without bend; 0 where no row of the corpus needs it. Measured by corpus_font --ear, which "
             "prints this file.");
  for (int font = 0; font < CORPUS_EAR_HALVES; font++) {
    char       path[320];
    shed_error err = {0};
    if (corpus_ear_font((corpus_ear_half)font, path, sizeof(path), &err) != SHED_OK) {
      (void)fprintf(stderr, "corpus_font: %s: %s\n", err.where, err.what);
      return 1;
    }
    for (int program = 0; program < 128; program++) {
      bool used = false;
      bool dies;
      for (int midi = LOW; midi <= HIGH; midi++) {
        used = used || asked_for(rows, n, program, midi, &dies);
      }
      if (used && measure_program(rows, n, (corpus_ear_half)font, path, program)) {
        return 1;
      }
    }
  }
  return 0;
}

// Of the notes that move: the first quarter of a second, the first half.
static int
measure_short(corpus_take_font font, const char *name, const char *path, int program, int low, int high)
{
  shed_sound s = {0};
  if (play(path, program, low, high, &s) != SHED_OK) {
    return 1;
  }
  for (int midi = low; midi <= high; midi++) {
    double at = SLOT_S * (midi - low), steady = corpus_steady_font_cents(font, program, midi);
    double early  = corpus_short_pitch_cents(&s, at + .05, at + .27, midi, HARMONICS);
    double middle = corpus_short_pitch_cents(&s, at + .05, at + .5, midi, HARMONICS);
    if (fabs(early - steady) >= MOVES_CENTS || fabs(middle - steady) >= MOVES_CENTS) {
      (void)printf("CORPUS_SHORT_NOTE_CENTS(%s, %d, %d, %.1fF, %.1fF)\n", name, program, midi, early, middle);
    }
  }
  shed_sound_free(&s);
  return 0;
}

static int
measure_takes(const char *font, int at_once, corpus_take_font moving, const char *name)
{
  for (size_t i = 0; corpus_instrument_at(i); i++) {
    const corpus_instrument *k    = corpus_instrument_at(i);
    int                      low  = k->low;
    int                      high = k->high;
    bool                     done = k->program < 0;
    for (size_t j = 0; j < corpus_instrument_count(); j++) { // several voices share one program
      const corpus_instrument *other = corpus_instrument_at(j);
      if (other->program == k->program) {
        done = done || j < i;
        low  = other->low < low ? other->low : low;
        high = other->high > high ? other->high : high;
      }
    }
    for (int midi = low; !done && midi <= high; midi += at_once) {
      const int last = midi + at_once > high ? high : midi + at_once - 1;
      if (name ? measure_short(moving, name, font, k->program, midi, last)
               : measure(font, k->program, midi, last)) {
        return 1;
      }
    }
  }
  return 0;
}

int
main(int argc, char **argv)
{
  char       font[320];
  shed_error err = {0};
  if (argc == 2 && strcmp(argv[1], "--ear") == 0) {
    return measure_ear();
  }
  if (argc == 2 && strcmp(argv[1], "--short") == 0) {
    char second[320];
    if (corpus_second_font(second, sizeof(second), &err) != SHED_OK ||
        corpus_ear_font(CORPUS_EAR_REPORT, font, sizeof(font), &err) != SHED_OK) {
      (void)fprintf(stderr, "corpus_font: %s: %s\n", err.where, err.what);
      return 1;
    }
    (void)puts(
        "// CORPUS_SHORT_NOTE_CENTS(font, program, midi, cents of notes under .35 s, under .7 s): where a "
        "font's note begins 8 cents\n"
        "// and more from where it settles (ear_font_cents.def, musescore_cents.def). Measured by "
        "corpus_font --short, which prints this file.");
    return measure_takes(font, AT_ONCE, CORPUS_TAKE_FLUID, "FLUID") ||
           measure_takes(second, AT_ONCE, CORPUS_TAKE_MUSESCORE, "MUSESCORE");
  }
  if (argc == 2 && strcmp(argv[1], "--second") == 0) {
    if (corpus_second_font(font, sizeof(font), &err) != SHED_OK) {
      (void)fprintf(stderr, "corpus_font: %s: %s\n", err.where, err.what);
      return 1;
    }
    (void)puts("// CORPUS_FONT_CENTS(program, midi, cents): how far off MuseScore_General_Lite.sf3 "
               "(musescore-general-soundfont-small\n"
               "// 0.2.1) plays a note by itself, without bend. Measured by corpus_font --second, which "
               "prints this file.");
    return measure_takes(font, AT_ONCE, CORPUS_TAKE_FONTS, NULL);
  }
  (void)puts("// CORPUS_FONT_CENTS(program, midi, cents): how far off TimGM6mb.sf2 (timgm6mb-soundfont 1.3) "
             "plays a note by\n"
             "// itself, without bend. Measured by corpus_font, which prints this file.");
  return measure_takes(NULL, 1, CORPUS_TAKE_FONTS, NULL);
}
