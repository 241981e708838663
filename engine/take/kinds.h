/// One reader a kind of take that is not sound. Inside engine/take only.
#ifndef SHED_TAKE_KINDS_H
#define SHED_TAKE_KINDS_H

#include "engine/take/given.h"

/// Fill the frames, notes, onsets and duration of an empty take, whose alloc and kind are set. On failure the caller frees
/// what it holds; err names the place, but for SHED_E_NOMEM.
#define SHED_GIVEN(id, kind, endings, telling)                                                               \
  shed_status shed_given_read_##id(const char *data, size_t n, const char *name, shed_take *take,            \
                                   shed_error *err);
#include "engine/take/given.def"
#undef SHED_GIVEN

/// An onset at each moment where notes of the take begin.
SHED_NODISCARD shed_status shed_given_onsets_of_notes(shed_take *take);

/// What a take that is not sound says of the loudness of a sounding and of a silent moment: they differ, and no more.
static const float SHED_GIVEN_SOUNDS_DB = -20.0f;
static const float SHED_GIVEN_SILENT_DB = -90.0f;

#endif
