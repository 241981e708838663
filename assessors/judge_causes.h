/// Inside this folder only: why something went wrong, one function a cause. Each wrong note is explained by one cause: the first
/// that fits it in the order of shed_wrong_why.
#ifndef SHED_ASSESSORS_JUDGE_CAUSES_H
#define SHED_ASSESSORS_JUDGE_CAUSES_H

#include "assessors/judge.h"

/// @return how many notes it explains, 0 when it is not so; *m is the sentence: where, what, why, and what to do.
typedef double shed_cause(const shed_judged *j, shed_message *m);

/// Why a note is another one than asked.
typedef enum {
  SHED_WHY_NOT_WRONG,
  SHED_WHY_KEY,        ///< its sharp or flat of the key signature left out
  SHED_WHY_ACCIDENTAL, ///< the same of a sign before the note
  SHED_WHY_REGISTER,   ///< clarinets: a twelfth off, by the register key
  SHED_WHY_PARTIAL,    ///< brass: the right valves or slide, another partial
  SHED_WHY_OCTAVE,     ///< woodwinds: overblown, or not
  SHED_WHY_NEIGHBOUR,  ///< a step off
  SHED_WHY_OTHER
} shed_why;

/// What is asked is another take: its bars and its beats a minute are not known, and are not spoken of.
bool shed_is_echo(const shed_judged *j);
/// Of note i of the line.
shed_why shed_wrong_why(const shed_judged *j, size_t i);
/// Put "note" and "played" of a wrong note into a message, as the player reads them.
void shed_wrong_names(const shed_judged *j, size_t i, shed_message *m);

shed_cause shed_cause_key, shed_cause_accidental, shed_cause_register, shed_cause_partial, shed_cause_octave,
    shed_cause_neighbour;
shed_cause shed_cause_dotted, shed_cause_swing, shed_cause_pace, shed_cause_entries, shed_cause_scoop,
    shed_cause_stops, shed_cause_start;
/// The two weakest bars as a loop with a ladder of tempi. Told beside a cause, as what to practise.
shed_cause shed_cause_loop;

#endif
