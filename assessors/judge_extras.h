/// Inside this folder only: the list of extra notes while it is made. Every call on the thread that judges.
#ifndef SHED_ASSESSORS_JUDGE_EXTRAS_H
#define SHED_ASSESSORS_JUDGE_EXTRAS_H

#include "assessors/judge.h"

typedef struct {
  shed_judged *j;         ///< not owned
  double       others_db; ///< level of what others sound; -inf: there are none; NaN: nothing tells
  size_t       cap;       ///< of j->v.extras
} shed_extras;

/// A sound that is no note of the music, as the path or the ear has it.
typedef struct {
  double onset_s, end_s, midi;
  double before_midi; ///< what sounded until then; NaN
  double level_db;
  double length_s;      ///< of what was loud enough to say something
  double heard;         ///< confidence times the share of it that has this pitch
  double share;         ///< of it that has this pitch
  double taken_midi;    ///< what the path took it for
  int    before, after; ///< segments of the path around it; before: -1 none
  bool   by_ear;        ///< the ear's note; else the path's segment
} shed_extra_sound;
enum { SHED_EXTRA_FEATURES = 18 };

/// Level of other people where the player rests. @return -inf: there are none; NaN: nothing tells.
double shed_extras_others_db(const shed_judged *j);
/// The sound of segment @p i of the path. @return false where it is no extra note, or too little of it is of one pitch.
bool shed_extras_sound_of_segment(const shed_extras *l, size_t i, shed_extra_sound *out);
/// The ear's note @p k, where it lies beside what the path has, or is the end of what the path has as one note of another pitch. @param[in,out] at the segment before it: 0 to begin with, and as it was
/// left for the next note. The path is not empty. @return false where it does not lie there, or is not sure or long enough.
bool shed_extras_sound_of_note(const shed_extras *l, size_t k, size_t *at, shed_extra_sound *out);
/// The ear's note @p k, which it has no pitch for: was it struck as the player's notes are, beside what the path has? What it sounds like
/// is told by the player's own notes. @param at the segment before it. @param[out] out written where it was.
bool shed_extras_is_struck(const shed_extras *l, size_t k, size_t at, shed_extra_sound *out);
/// How far the level climbs from just before a moment to just after it, dB.
double shed_extras_rise_db(const shed_judged *j, double at_s);
/// What tells whether a sound was the player's, as judge_extras.def has it.
void shed_extras_view(const shed_extras *l, const shed_extra_sound *h, double x[SHED_EXTRA_FEATURES]);
/// Log odds that it was the player's.
double shed_extras_odds(const shed_extras *l, const shed_extra_sound *h);

/// The strongest attack of the take around a moment, 0..1. @param reach steps of the evidence to either side.
double shed_extras_attack_near(const shed_judged *j, double at_s, int reach);
/// Has this event, or what it goes on to, an ornament, whose notes are none of their own?
bool shed_extras_near_ornament(const shed_judged *j, int event);
/// Is it how a note of the music begins to speak: an octave, a twelfth or two octaves off, where that note begins?
bool shed_extras_is_speaking(const shed_judged *j, const shed_extra_sound *h);
/// Is it a note of the music all the same? A wrong label that this disproves is unsure then. @param x as it would be told.
bool shed_extras_is_of_music(shed_judged *j, const shed_extra_sound *h, const shed_extra_note *x);
/// A note that is missed, and whose place a sound takes. @return event, or -1.
int shed_extras_missing_here(const shed_judged *j, int around, double at_s);
/// The missed note of an event was this sound.
void shed_extras_take_as_wrong(shed_judged *j, int event, const shed_extra_note *x, double end_s);
/// What the ear took as one note with one of the line's is dropped from the extra notes.
void shed_extras_drop_notes(shed_judged *j);

/// Where an event's first note stands in the line.
static inline int
shed_line_index(const shed_judged *j, int event)
{
  return j->target.notes[j->target.events[event].first];
}

/// Learns how loud other people are where the player rests.
shed_extras shed_extras_begin(shed_judged *j);
/// One that is surely there. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_add(shed_extras *l, const shed_extra_note *x);
/// Segment @p i of the path, of kind SHED_STEP_EXTRA: an extra note, a wrong one where a note is missing, or nothing of the
/// player's. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_of_segment(shed_extras *l, size_t i);
/// Segment @p i of the path, of kind SHED_STEP_EXTRA: the player's, before a long wait, and the pitch of one of the next notes where that
/// was due? The player went on, gave up, and began anew. @return that event, or -1.
int shed_extras_attempted(const shed_extras *l, size_t i);
/// Segment @p i of the path, which begins the event anew that the one before it was: struck twice, where that was the player.
/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_again(shed_extras *l, size_t i);
/// Notes of the ear that no segment covers, between the first and the last note found. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_loose(shed_extras *l);
/// What belongs to a note of the music is dropped; the rest in the order of time.
void shed_extras_end(shed_extras *l);

#endif
