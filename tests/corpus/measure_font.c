// corpus_font: measures how far off the usual sound font plays each note, and prints the rows of font_cents.def.
#include "engine/audio/render.h"
#include "tests/corpus/perform.h"

#include <stdio.h>

enum { RATE = 44100, HARMONICS = 4, VELOCITY = 84 };

static int
measure(int program, int midi)
{
  const shed_render_note note = {
      .onset_s = 0, .duration_s = 1.1, .midi = midi, .velocity = VELOCITY, .program = program};
  const shed_render_opts opts = {.rate_hz = RATE, .tail_s = 0};
  shed_sound             s    = {0};
  shed_error             err  = {0};
  if (shed_render_notes(&note, 1, &opts, NULL, &s, &err) != SHED_OK) {
    (void)fprintf(stderr, "corpus_font: %s: %s\n", err.where, err.what);
    return 1;
  }
  (void)printf("CORPUS_FONT_CENTS(%d, %d, %.2fF)\n", program, midi,
               corpus_pitch_cents(&s, 0.15, 1.05, midi, HARMONICS));
  shed_sound_free(&s);
  return 0;
}

int
main(void)
{
  (void)puts("// CORPUS_FONT_CENTS(program, midi, cents): how far off TimGM6mb.sf2 (timgm6mb-soundfont 1.3) "
             "plays a note by\n"
             "// itself, without bend. Measured by corpus_font, which prints this file.");
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
    for (int midi = low; !done && midi <= high; midi++) {
      if (measure(k->program, midi)) {
        return 1;
      }
    }
  }
  return 0;
}
