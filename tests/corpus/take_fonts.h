/// The sound fonts that takes are played with besides the usual one. Inside tests/corpus only.
///
/// Samples of bows and winds begin elsewhere than they settle: FluidR3's recorder by up to 30 cents, its violins by 33. A note
/// that has ended before is as far off as its beginning; take_cents.def has those that move by 8 cents and more.
#ifndef CORPUS_TAKE_FONTS_H
#define CORPUS_TAKE_FONTS_H

#include "tests/corpus/take.h"

/// Its path. Folder: WOODSHED_SOUNDFONTS in the environment, else where Debian has it. @return SHED_OK; SHED_E_NOTFOUND: err
/// names the Debian package.
SHED_NODISCARD shed_status corpus_second_font(char *path, size_t size, shed_error *err);
/// Of its notes (musescore_cents.def, take_cents.def).
corpus_font_mistuning corpus_second_font_cents;
/// Of FluidR3's (ear_font_cents.def, take_cents.def).
corpus_font_mistuning corpus_fluid_font_cents;
/// Notes held long, whatever take_cents.def says: what it is measured against.
double corpus_steady_font_cents(corpus_take_font font, int program, int midi);
/// What take_cents.def says of a note of @p long_s; NaN: nothing.
double corpus_short_note_cents(corpus_take_font font, int program, int midi, double long_s);

#endif
