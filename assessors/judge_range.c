// About this file: what no player of this instrument can have played. A talker, a chair, another instrument far below the lowest note
// of a flute is somebody else's, however clearly it is heard.
#include "assessors/judge.h"
#include "engine/music/profile.h"

enum { BELOW_SEMITONES = 2 }; // under the lowest note of the instrument: loose lips, a string tuned down

void
shed_judge_drop_unplayable(shed_judged *j)
{
  shed_profile p;
  size_t       kept = 0;
  if (!j->prompt->profile[0] || shed_profile_find(j->prompt->profile, &p, NULL) != SHED_OK || p.sung ||
      p.unpitched) {
    return;
  }
  const int lowest = shed_pitch_midi(shed_profile_sounding(&p, p.full.low)) - BELOW_SEMITONES;
  for (size_t i = 0; i < j->v.n_extras; i++) {
    if (j->v.extras[i].midi < 0 || j->v.extras[i].midi >= lowest) {
      j->v.extras[kept++] = j->v.extras[i];
    }
  }
  j->v.n_extras = kept;
}
