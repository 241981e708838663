// About this file: third thoughts about a pitch label, by whose sound it was. The path and the pitch labels ask which pitch is heard;
// here the sound at that pitch is held against the player's own notes (judge_own.h). The end of a note, a talker or another player
// at the place of a note that was left out is no note. And where the ear follows somebody else while the player's note stands
// beside it, as loud as his notes are and beginning there, the note was played.
//
// And a wrong note that is softer than his, as a whole and harmonic by harmonic, may be somebody else's: unsure. Of rendered
// takes' 10 right notes called wrong these are 4, of 471 wrong ones 1.
//
// Measured on rendered takes with two sound fonts: of 38 notes never played that had another label 24 are called missed then,
// of 14,000 right ones 3 that were not called right before either; 30 of 151 right notes in doubt are right, and no fault is lost.
#include "assessors/judge.h"

#include <math.h>

typedef struct {
  double db, spreads; ///< below the player's own by so many dB, and by so many times what his notes differ by
} below;

static const below  SOFTER         = {4, 1.6}; ///< than his notes mostly are
static const below  NOT_HIS        = {6, 2.5};
static const below  NOTHING        = {10, 4}; ///< of the pitch sounds at all
static const below  ANOTHERS       = {8, 2.5};
static const double QUIET_DB       = 5.5; ///< under the player's usual note
static const double NO_CLIMB_DB    = 1.6; ///< it was there before
static const double SMALL_CLIMB_DB = 6;   ///< others beside it come and go
static const double SHORT_S        = .2;  ///< ends ring no longer than this
static const double SHORTEST_S     = .06;
// The player's own, beyond doubt.
static const double OWN_CLIMB_DB  = 12;
static const double SOME_CLIMB_DB = 11; ///< something on the pitch that was asked began here
static const double OWN_SPREAD_DB = 3;
static const double OVER_NEXT_DB  = 6; ///< than the semitones beside it
static const double AMONG_LEAST =
    .25; ///< of the frames that have the pitch among what they heard, to know its cents
static const double RESCUED_SURE = .6;

static bool
lies_below(const shed_judged *j, const shed_own_sound *s, below b)
{
  return s->known && s->level_db < -fmax(b.db, b.spreads * j->own.sd_db);
}

static double
pitch_of_heard(const shed_measure *m, double asked)
{
  return m->other_midi >= 0 ? m->other_midi + m->other_cents / 100 : asked;
}

/// Nothing that the player did: neither at the pitch that was asked nor at the one that was heard.
static bool
is_nobodys(const shed_judged *j, const shed_found *f, shed_pitch_label pitch, const shed_own_sound *asked,
           const shed_own_sound *heard)
{
  const bool right = pitch == SHED_PITCH_CORRECT;
  const bool faint = lies_below(j, heard, NOT_HIS), is_short = f->m.sound_s < SHORT_S;
  if (is_short && lies_below(j, asked, SOFTER) && asked->climb_db < NO_CLIMB_DB &&
      lies_below(j, heard, SOFTER)) {
    return true;
  }
  const double short_s = right ? SHORTEST_S : SHORT_S;
  if (f->m.sound_s < short_s && lies_below(j, asked, NOTHING) && asked->climb_db < SMALL_CLIMB_DB && faint) {
    return true;
  }
  // what is heard right may have been struck earlier or later than the path has it, without a climb there
  if (right || (pitch != SHED_PITCH_WRONG && asked->climb_db >= SOME_CLIMB_DB)) {
    return false;
  }
  if (f->m.sound_s < SHORTEST_S && lies_below(j, asked, NOTHING) && faint) {
    return true;
  }
  return lies_below(j, asked, NOT_HIS) && faint && heard->climb_db < SMALL_CLIMB_DB;
}

/// Stands the player's note there, whatever else is heard? Told apart from its neighbours, and from an octave below, whose every
/// second harmonic it would be.
static bool
stands_there(const shed_judged *j, const shed_found *f, double asked_midi, const shed_own_sound *asked,
             const shed_own_sound *heard)
{
  if (!asked->known || lies_below(j, asked, SOFTER) || asked->climb_db < OWN_CLIMB_DB ||
      asked->spread_db > OWN_SPREAD_DB || (heard->known && heard->level_db > asked->level_db)) {
    return false;
  }
  shed_own_sound up   = shed_judge_own_sound(j, f, asked_midi + 1),
                 down = shed_judge_own_sound(j, f, asked_midi - 1);
  double next =
      fmax(up.known ? up.level_db : -(double)INFINITY, down.known ? down.level_db : -(double)INFINITY);
  return isfinite(next) && asked->level_db >= next + OVER_NEXT_DB;
}

static void
call_missed(shed_note_verdict *v)
{
  v->pitch       = SHED_PITCH_MISSED;
  v->take_index  = -1;
  v->played_midi = -1;
  v->cents = v->onset_s = v->offset_s = NAN;
}

/// Right, where the frames that heard it say how well in tune it was; or where nobody can play it out of tune. Else in doubt.
static void
call_played(const shed_judged *j, const shed_found *f, double asked_midi, shed_note_verdict *v)
{
  const bool told = f->m.among >= AMONG_LEAST && !isnan(f->m.among_cents);
  v->pitch        = SHED_PITCH_UNSURE;
  v->cents        = told ? f->m.among_cents : (double)NAN;
  v->played_midi  = (int)lround(asked_midi);
  v->confidence   = RESCUED_SURE;
  if (told ? fabs(v->cents) <= j->line_cents || j->prompt->fixed_pitch : j->prompt->fixed_pitch) {
    v->pitch = SHED_PITCH_CORRECT;
  }
}

static void
think(shed_judged *j, int event)
{
  const shed_found  *f = &j->found[event];
  shed_note_verdict *v = &j->v.notes[j->target.notes[j->target.events[event].first]];
  if (f->segment < 0 || v->pitch == SHED_PITCH_MISSED || v->pitch == SHED_PITCH_NONE ||
      j->target.events[event].count > 1) {
    return;
  }
  const double asked_midi =
      j->target.events[event].pitch +
      (double)j->centre[(size_t)fmax(0, round(f->path_onset_s / SHED_FRAME_HOP_S))] / 100;
  const shed_own_sound asked = shed_judge_own_sound(j, f, asked_midi);
  const shed_own_sound heard = shed_judge_own_sound(j, f, pitch_of_heard(&f->m, asked_midi));
  const bool           other = f->m.other_midi != (int)lround(asked_midi);
  if (is_nobodys(j, f, v->pitch, &asked, &heard)) {
    call_missed(v);
  } else if ((v->pitch == SHED_PITCH_WRONG ||
              (v->pitch == SHED_PITCH_UNSURE && (other || j->prompt->fixed_pitch))) &&
             stands_there(j, f, asked_midi, &asked, &heard)) {
    call_played(j, f, asked_midi, v);
  } else if (v->pitch == SHED_PITCH_WRONG && lies_below(j, &heard, ANOTHERS) &&
             f->m.level_db < j->usual_db - QUIET_DB) {
    v->pitch = SHED_PITCH_UNSURE;
  }
}

void
shed_judge_whose(shed_judged *j)
{
  for (int e = 0; e < j->target.n_events && j->own.n > 0; e++) {
    think(j, e);
  }
}
