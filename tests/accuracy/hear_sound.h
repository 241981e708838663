/// A made sound as the ear takes it in, and the onsets that it tells of it.
#ifndef SHED_TEST_HEAR_SOUND_H
#define SHED_TEST_HEAR_SOUND_H

#include "engine/audio/file.h"
#include "engine/task/take.h"

/// For shed_hear_source() and shed_hear_playing: @p ctx is a copy of a shed_sound, which moves on as it is read.
shed_status hear_sound_pull(void *ctx, float *x, size_t cap, size_t *n, shed_error *err);

/// The heard onset nearest to the moment, within @p near_s, that is not @p used; -1 none.
int hear_sound_nearest(const shed_take *t, const bool *used, double at_s, double near_s);

#endif
