/// The second sound font that takes are played with. Inside tests/corpus only.
#ifndef CORPUS_TAKE_FONTS_H
#define CORPUS_TAKE_FONTS_H

#include "tests/corpus/perform.h"

/// Its path. Folder: WOODSHED_SOUNDFONTS in the environment, else where Debian has it. @return SHED_OK; SHED_E_NOTFOUND: err
/// names the Debian package.
SHED_NODISCARD shed_status corpus_second_font(char *path, size_t size, shed_error *err);
/// Of its notes (musescore_cents.def).
corpus_font_mistuning corpus_second_font_cents;

#endif
