/// Writing a line note by note, as a kind of drill does: measures, moments and seconds follow.
#ifndef SHED_DRILLS_PEN_H
#define SHED_DRILLS_PEN_H

#include "engine/base/alloc.h"
#include "engine/music/metre.h"
#include "engine/music/profile.h"
#include "engine/score/score.h"

/// Zeroed but for what shed_pen_start() sets; the line itself is taken out by shed_pen_end().
typedef struct {
  shed_line           line;
  size_t              cap_notes, cap_measures;
  const shed_profile *profile; ///< NULL: unpitched notes
  shed_metre          metre;
  int                 fifths; ///< signature as it sounds
  shed_beat           now;    ///< where the next note begins
} shed_pen;

/// @param profile borrowed until shed_pen_end(); NULL when all notes are unpitched. @param tempo_bpm quarters a minute.
shed_pen shed_pen_start(const shed_alloc *alloc, const shed_profile *profile, shed_metre metre,
                        int sounding_fifths, double tempo_bpm);
/// A note; @p written is ignored without a profile. @return SHED_OK or SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_pen_note(shed_pen *w, shed_pitch written, shed_beat duration, unsigned flags);
void                       shed_pen_rest(shed_pen *w, shed_beat duration);
/// Close the last measure and hand the line over; on failure everything is freed.
SHED_NODISCARD shed_status shed_pen_end(shed_pen *w, shed_line *out);
void                       shed_pen_drop(shed_pen *w); ///< free what was written; a second time is legal

/// Quarters from @p at to the end of its measure; a whole measure at a barline.
shed_beat shed_pen_left(const shed_pen *w);

#endif
