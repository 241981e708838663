/// Another tempo, and a loop of some measures, of what is asked. Pure.
#ifndef SHED_SERVE_LIVE_ITEM_H
#define SHED_SERVE_LIVE_ITEM_H

#include "engine/task/prompt.h"

/// The same item at another tempo: seconds move, beats stay. A prompt at the player's own tempo gets this one.
void shed_item_tempo(shed_prompt *p, double tempo_bpm);
/// Only the measures from @p first to @p last, as printed ("3", "X1"), beginning at second 0.
/// @return SHED_OK; SHED_E_RANGE when there are no such measures, or nothing sounds in them; the prompt is as it was then.
SHED_NODISCARD shed_status shed_item_measures(shed_prompt *p, const char *measures, shed_error *err);

#endif
