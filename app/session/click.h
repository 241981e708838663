/// A metronome that bleeds into the microphone, whose beats are known, is not a note.
#ifndef SHED_SESSION_CLICK_H
#define SHED_SESSION_CLICK_H

#include "engine/task/take.h"

typedef struct {
  double bpm;     ///< clicks a minute, 10..400
  double start_s; ///< of the first click, in the take
} shed_click;

/// "96@0.5": BPM@START_S. @return SHED_OK or SHED_E_FORMAT, err says how it is written.
SHED_NODISCARD shed_status shed_click_parse(const char *text, shed_click *out, shed_error *err);

/// Take the click out of what was heard: onsets and unpitched notes that fall on the beats of the click, at a lag that is
/// constant within a few milliseconds, go; what coincides with the beginning of a pitched note stays. Nothing is removed
/// unless half of the clicks at least were heard, for then it does not bleed.
/// @return how many onsets were removed.
size_t shed_click_remove(shed_take *take, const shed_click *click);

#endif
