// About this file: MuseScore General as Debian packs it, and how far off it and FluidR3 play each note.
#include "tests/corpus/take_fonts.h"

#include "engine/base/file.h"
#include "tests/corpus/ear_fonts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char FILE_NAME[] = "MuseScore_General_Lite.sf3";
static const char PACKAGE[]   = "musescore-general-soundfont-small";

static const struct {
  short program, midi;
  float cents;
} CENTS[] = {
#define CORPUS_FONT_CENTS(program, midi, cents) {program, midi, cents},
#include "tests/corpus/musescore_cents.def"
#undef CORPUS_FONT_CENTS
    {-1, -1, 0}};

// Shorter than this a note is heard by its first quarter of a second, or by its first half.
static const double SHORT_S = .35, MIDDLE_S = .7;

static const struct {
  corpus_take_font font;
  short            program, midi;
  float            short_cents, middle_cents;
} SHORT_NOTES[] = {
#define CORPUS_SHORT_NOTE_CENTS(font, program, midi, short_cents, middle_cents)                              \
  {CORPUS_TAKE_##font, program, midi, short_cents, middle_cents},
#include "tests/corpus/take_cents.def"
#undef CORPUS_SHORT_NOTE_CENTS
};

shed_status
corpus_second_font(char *path, size_t size, shed_error *err)
{
  const char *own = getenv("WOODSHED_SOUNDFONTS");
  (void)snprintf(path, size, "%s/%s", own && own[0] ? own : "/usr/share/sounds/sf3", FILE_NAME);
  return shed_file_exists(path) ? SHED_OK
                                : shed_fail(err, SHED_E_NOTFOUND, path,
                                            "this sound font is not installed: apt-get install %s", PACKAGE);
}

double
corpus_steady_font_cents(corpus_take_font font, int program, int midi)
{
  if (font == CORPUS_TAKE_FLUID) {
    return corpus_ear_font_cents(CORPUS_EAR_REPORT, program, midi);
  }
  for (size_t i = 0; font == CORPUS_TAKE_MUSESCORE && i < SHED_COUNTOF(CENTS); i++) {
    if (CENTS[i].program == program && CENTS[i].midi == midi) {
      return (double)CENTS[i].cents;
    }
  }
  return 0;
}

double
corpus_short_note_cents(corpus_take_font font, int program, int midi, double long_s)
{
  for (size_t i = 0; long_s < MIDDLE_S && i < SHED_COUNTOF(SHORT_NOTES); i++) {
    if (SHORT_NOTES[i].font == font && SHORT_NOTES[i].program == program && SHORT_NOTES[i].midi == midi) {
      return (double)(long_s < SHORT_S ? SHORT_NOTES[i].short_cents : SHORT_NOTES[i].middle_cents);
    }
  }
  return NAN;
}

static double
cents_of(corpus_take_font font, int program, int midi, double long_s)
{
  double cents = corpus_short_note_cents(font, program, midi, long_s);
  return isnan(cents) ? corpus_steady_font_cents(font, program, midi) : cents;
}

double
corpus_second_font_cents(int program, int midi, double long_s)
{
  return cents_of(CORPUS_TAKE_MUSESCORE, program, midi, long_s);
}

double
corpus_fluid_font_cents(int program, int midi, double long_s)
{
  return cents_of(CORPUS_TAKE_FLUID, program, midi, long_s);
}
