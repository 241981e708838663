/// Following a player on line: where in the music they are, and what each note was, as far as it can be told so early.
///
/// What the ear tells is pushed as it comes, events come out. It keeps the same score of evidence and costs as the judge of
/// whole takes (align.h), forward only: a beam over (event, moment at which it began, how far transposed), with the length of
/// each note explicit (Cont 2010, "A coupled duration-focused architecture for real-time music-to-score alignment", IEEE
/// PAMI 32(6)) and with going back and leaping ahead as steps of their own (Nakamura, Nakamura and Sagayama 2016, "Real-time
/// audio-to-score alignment of music performances containing errors and arbitrary repeats and skips", IEEE/ACM TASLP 24(2)).
/// A note is told once all ways that may still win hold it.
///
/// A state machine like the ear: no clock, no file, nothing allocated after shed_follow_new(), the same events however the
/// sound was cut. What it says of a note is provisional; the whole-take judge has the last word.
#ifndef SHED_ASSESSORS_FOLLOW_H
#define SHED_ASSESSORS_FOLLOW_H

#include "engine/hear/hear.h"
#include "engine/task/prompt.h"
#include "engine/task/verdict.h"

typedef struct shed_follow shed_follow;

typedef enum {
  SHED_FOLLOW_POSITION,    ///< another note of the music is being played: index, beat, tempo_bpm, onset_s
  SHED_FOLLOW_PROVISIONAL, ///< what a note was, told while it sounds or soon after: all fields of a note
  SHED_FOLLOW_REVISED,     ///< the same note looked at again when it had ended: it is something else now
  SHED_FOLLOW_CONFIRMED,   ///< the same note looked at again when it had ended: it stays what was told
  SHED_FOLLOW_JUMP,        ///< the player went back or left music out: from_index, index, onset_s
  SHED_FOLLOW_LOST,        ///< what sounds fits nowhere: no note gets a colour until found again
  SHED_FOLLOW_FOUND
} shed_follow_kind;

/// "position", "note_provisional", "note_revised", "note_confirmed", "jump", "lost", "found".
const char *shed_follow_kind_name(shed_follow_kind kind);

/// NaN where a kind does not have a number.
typedef struct {
  shed_follow_kind kind;
  double           at_s;       ///< input consumed when it was told
  int              index;      ///< into prompt->line.notes; of a chord its highest note; -1 none
  int              pass;       ///< of the line's note
  int              attempt;    ///< 1 the first time this note is played in this take, 2 after a restart ...
  int              from_index; ///< of a jump: the note played before it; -1 none
  shed_pitch_label pitch;      ///< NONE: heard, and it is not clear enough for a colour
  shed_timing_label
         timing;         ///< against the running tempo; NONE while there is none, and where it is not clear
  double cents;          ///< from the pitch asked for, running tuning taken off
  double onset_s;        ///< in the sound
  double onset_error_ms; ///< after the running tempo; NaN while there is none
  double confidence;     ///< 0..1 that the labels are those of the judge in the end
  double beat;           ///< quarters from the start of the line
  double tempo_bpm;      ///< running, quarters a minute; NaN while it is not known
  double tuning_cents;   ///< running
  int    shift;          ///< semitones that the player is off the written pitches, as the prompt allows
} shed_follow_event;

typedef struct {
  int rate_hz; ///< of the sound that the ear hears: its events count in it
  double
      click_start_s; ///< where in the sound the first beat of the music stands; NaN: not known, or no click
} shed_follow_opts;

/// @param prompt borrowed until shed_follow_free().
/// @return SHED_OK; SHED_E_RANGE without a pitched note that may be judged, or for a rate that is none; SHED_E_LIMIT;
///         SHED_E_NOMEM. The caller frees *out with shed_follow_free().
SHED_NODISCARD shed_status shed_follow_new(shed_follow **out, const shed_prompt *prompt,
                                           const shed_follow_opts *opts, const shed_alloc *alloc,
                                           shed_error *err);
void                       shed_follow_free(shed_follow *f);

/// The next event of the ear, of any kind, in the order in which the ear told them. Thread: one at a time, a worker's.
/// Allocates nothing and waits for nothing; some 30 microseconds a settled frame.
void shed_follow_push(shed_follow *f, const shed_event *event);
/// The sound has ended: what still waits is told.
void shed_follow_finish(shed_follow *f);
/// Take the next event. @return 1 and *out, or 0 when there is none now. Draining after each push never loses one; when nobody
/// drains, the oldest are dropped.
int shed_follow_poll(shed_follow *f, shed_follow_event *out);

#endif
