/// Inside this folder only: how this player's notes sound, learnt from those of the take that surely are his. What else is heard
/// can then be told to be his or somebody else's: by how loud its harmonics are, how they lie to each other, and whether they
/// begin there. A pitch alone says nothing of who played it.
#ifndef SHED_ASSESSORS_JUDGE_OWN_H
#define SHED_ASSESSORS_JUDGE_OWN_H

#include "engine/base/alloc.h"
#include "engine/task/take.h"

enum { SHED_OWN_HARMONICS = 10 };

typedef struct {
  int    event;
  double midi; ///< as it sounds
  double
      level_db[SHED_OWN_HARMONICS]; ///< the highest soon after it began; NaN: beyond what the spectrum shows
} shed_own_note;

typedef struct {
  const shed_alloc *alloc;
  shed_own_note    *notes; ///< in order of the events
  int               n;
  double
      sd_db; ///< how far his own notes lie from each other by shed_own_sound.level_db; NaN: nothing is known
} shed_own;

/// A sound beside what the player's notes of that pitch are like.
typedef struct {
  bool
      known; ///< false: the take has no spectrum, too few notes tell, or what sounded before covers all of it
  double level_db;  ///< of its harmonics over the player's: the lower ones, which no other sound has raised
  double spread_db; ///< how unlike the player's they lie to each other
  double climb_db;  ///< how far they climb where it begins
  int    lines;     ///< harmonics that tell this
} shed_own_sound;

/// @param midi as it sounds. @param before_midi what sounded until then: its harmonics say nothing; NaN: nothing did.
/// @param event of the notes learnt it is left out; -1.
shed_own_sound shed_own_compare(const shed_own *o, const shed_take *take, double midi, double start_s,
                                double end_s, double before_midi, int event);
void           shed_own_free(shed_own *o);

#endif
