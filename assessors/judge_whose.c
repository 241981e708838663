// About this file: third thoughts about a pitch label, by whose sound it was. The path and the pitch labels ask which pitch is heard;
// here the sound at that pitch is held against the player's own notes (judge_own.h). The end of a note, a talker or another player
// at the place of a note that was left out is no note. And where the ear follows somebody else while the player's note stands
// beside it, as loud as his notes are and beginning there, the note was played.
//
// A note whose pitch is right, and that has nothing else of the player's, may be another's where others sound: not assessed. Fixed lines tell
// it first; of the rest ten features are weighed (judge_whose.def), of loudness, harmonics and beginning, and of time.
//
// And a wrong note that is softer than his, as a whole and harmonic by harmonic, may be somebody else's: unsure. Of rendered
// takes' 10 right notes called wrong these are 4, of 471 wrong ones 1.
//
// Measured on rendered takes with two sound fonts: of 38 notes never played that had another label 24 are called missed then,
// of 14,000 right ones 3 that were not called right before either; 30 of 151 right notes in doubt are right, and no fault is lost.
#include "assessors/judge_whose.h"

#include "assessors/judge_extras.h"
#include "engine/music/pitch.h"

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
// Of 32,000 rendered notes that were called right these hold for 80, and for 17 of the 19 that were another player's.
static const double FAR_BELOW_DB     = 8; ///< than his notes are
static const double FARTHER_BELOW_DB = 11;
static const double LITTLE_CLIMB_DB  = 20;
static const double OVER_SOFTEST_DB  = 2; ///< as a whole, over the level of his softest
static const double NEAR_SOFTEST_DB  = 1;
static const double UNDER_SOFTEST_DB = -1;
static const double SOMEWHAT_DB      = 4;
static const double STILL_DB         = 2;
static const double NO_ATTACK        = .35;
static const double UNLIKE_DB        = 7; ///< in how its harmonics lie to each other
static const double FAR_UNDER_DB     = 10;
static const double SELDOM           = .25; ///< of the sound is his pitch the ear's own
// Somebody else is there at all. Of rendered takes beside another player 182 of 184 have that much sound of others, with talk all;
// without any, 2 of 326.
static const double COMPANY_S   = .2;
static const float  PLAIN_PITCH = .6F; ///< confidence of the ear
static const double EARLY_S     = .05; ///< a note may be heard before the path has it
static const double SAME_PITCH  = .8;  ///< semitones
// Log odds from which on a right pitch is somebody else's (judge_whose.def). Of 172 others' notes that the lines above let pass 121 are held
// there, and 12, 3 and 2 in a thousand of the player's own, beside one at -10, -15 and -20 dB.
static const double ANYONES_ODDS                     = -4.2;
static const double WEIGHTS[SHED_WHOSE_FEATURES + 1] = {
#define SHED_JUDGE_WHOSE(...) __VA_ARGS__
#include "assessors/judge_whose.def"
#undef SHED_JUDGE_WHOSE
};
// Of each feature: beyond these more says nothing more; and what is taken where it is not known.
static const struct {
  double least, most, unknown;
} RANGES[SHED_WHOSE_FEATURES] = {{-15, 3, -2}, {0, 30, 20}, {0, 10, 2}, {-4, 18, 8},  {-12, 3, 0},
                                 {0, 1, 0},    {-5, 10, 0}, {0, 1, 0},  {0, 100, 15}, {0, 1, .9}};
// The player's own, beyond doubt.
static const double OWN_CLIMB_DB  = 12;
static const double SOME_CLIMB_DB = 11; ///< something on the pitch that was asked began here
static const double OWN_SPREAD_DB = 3;
// Of rendered takes' notes that are nobody's at the path's time twelve begin there. Nine of them were played, eight with .98 of the odds of
// their beginning and more, one with .78; three were not, with .84 to .91. The lines were drawn by these.
static const double EARLY_LEAST_S  = .08;
static const double EARLY_MOST_S   = .18; ///< before its time
static const double EARLY_SURE     = .95;
static const double EARLY_CLIMB_DB = 3;
static const double OVER_NEXT_DB   = 6; ///< than the semitones beside it
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

/// It surely came so long before the path's time that there only its end is left; and where it came, something of its pitch begins, as
/// loud as his notes are.
static bool
came_early(const shed_judged *j, const shed_found *f)
{
  const double far_s = f->path_onset_s - EARLY_LEAST_S, ahead_s = f->expected_s - f->onset_s;
  if (shed_judge_onset_share(f, -INFINITY, far_s) < EARLY_SURE || !(ahead_s < EARLY_MOST_S)) {
    return false;
  }
  const int    event = (int)(f - j->found);
  const double midi  = j->target.events[event].pitch +
                      (double)j->centre[(size_t)fmax(0, round(f->onset_s / SHED_FRAME_HOP_S))] / 100;
  const shed_own_sound s = shed_own_compare(&j->own, j->take, midi, f->onset_s, f->offset_s,
                                            shed_judge_pitch_before(j, f->segment, midi), event);
  return s.known && !lies_below(j, &s, SOFTER) && s.climb_db >= EARLY_CLIMB_DB;
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
      asked->spread_db > OWN_SPREAD_DB ||
      (heard->known && heard->level_db > asked->level_db - (asked->lines > 1 ? 0 : OVER_NEXT_DB))) {
    return false;
  }
  shed_own_sound up   = shed_judge_own_sound(j, f, asked_midi + 1),
                 down = shed_judge_own_sound(j, f, asked_midi - 1);
  double next =
      fmax(up.known ? up.level_db : -(double)INFINITY, down.known ? down.level_db : -(double)INFINITY);
  return isfinite(next) && asked->level_db >= next + OVER_NEXT_DB;
}

static double
asked_midi_of(const shed_judged *j, const shed_found *f)
{
  const size_t at = (size_t)fmax(0, round(f->path_onset_s / SHED_FRAME_HOP_S));
  return j->target.events[f - j->found].pitch + (double)j->centre[at] / 100;
}

/// Where the ear has it begun.
static shed_own_sound
settled_sound(const shed_judged *j, const shed_found *f, double asked_midi)
{
  return shed_own_compare(&j->own, j->take, asked_midi, f->onset_s, f->offset_s,
                          shed_judge_pitch_before(j, f->segment, asked_midi), (int)(f - j->found));
}

void
shed_whose_view(const shed_others *o, const shed_found *f, double x[SHED_WHOSE_FEATURES])
{
  const shed_judged   *j          = o->j;
  const double         asked_midi = asked_midi_of(j, f);
  const shed_own_sound asked      = shed_judge_own_sound(j, f, asked_midi);
  const shed_own_sound settled    = settled_sound(j, f, asked_midi);
  const bool           known      = asked.known;
  const double         own[]      = {known ? fmax(asked.level_db, settled.level_db) : (double)NAN,
                        known ? fmax(asked.climb_db, settled.climb_db) : (double)NAN,
                        known ? fmin(asked.spread_db, settled.spread_db) : (double)NAN,
                        f->m.level_db - o->db,
                        f->m.level_db - j->usual_db,
                        known ? 0 : 1,
                        shed_judge_over_player_db(j, f),
                        shed_judge_attack_of(j, f),
                        fabs(f->onset_s - f->expected_s) * 1000,
                        f->m.share};
  for (int i = 0; i < SHED_WHOSE_FEATURES; i++) {
    x[i] = isnan(own[i]) ? RANGES[i].unknown : fmin(fmax(own[i], RANGES[i].least), RANGES[i].most);
  }
}

static double
anyones_odds(const shed_others *o, const shed_found *f)
{
  double x[SHED_WHOSE_FEATURES], sum = WEIGHTS[SHED_WHOSE_FEATURES];
  shed_whose_view(o, f, x);
  for (int i = 0; i < SHED_WHOSE_FEATURES; i++) {
    sum += WEIGHTS[i] * x[i];
  }
  return sum;
}

/// Right by its pitch, and by nothing else the player's: far softer than his notes harmonic by harmonic, and as a whole no louder than his
/// softest, the less so the more of it begins there; or somewhat softer, and nothing begins; or it stands under another pitch that is
/// heard, far softer or with its harmonics elsewhere.
static bool
is_anyones(const shed_judged *j, const shed_found *f, double asked_midi, const shed_own_sound *asked)
{
  if (!asked->known) {
    return false;
  }
  const shed_own_sound settled  = settled_sound(j, f, asked_midi);
  const double         level_db = fmax(asked->level_db, settled.level_db);
  const double         climb_db = fmax(asked->climb_db, settled.climb_db);
  const double         most_db  = climb_db < LITTLE_CLIMB_DB     ? OVER_SOFTEST_DB
                                  : level_db < -FARTHER_BELOW_DB ? NEAR_SOFTEST_DB
                                                                 : UNDER_SOFTEST_DB;
  if (level_db < -FAR_BELOW_DB && shed_judge_over_player_db(j, f) < most_db) {
    return true;
  }
  const double begun_db = shed_judge_began_before(f) ? climb_db : asked->climb_db;
  if (level_db < -SOMEWHAT_DB && begun_db < STILL_DB && shed_judge_attack_of(j, f) < NO_ATTACK) {
    return true;
  }
  const double under_db = f->m.share < SELDOM ? SOMEWHAT_DB : FAR_UNDER_DB;
  return f->m.other_midi != (int)lround(asked_midi) && (asked->spread_db > UNLIKE_DB || level_db < -under_db);
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

/// A pitch, but not what sounded last, nor octaves from that.
static bool
is_another(const shed_judged *j, const shed_frame *f, double before)
{
  if (!f->voiced || f->f0_hz <= 0 || f->level_db < j->levels.silent_db || f->confidence < PLAIN_PITCH) {
    return false;
  }
  const double off = fabs(remainder(shed_hz_to_midi((double)f->f0_hz, 440) - before, 12));
  return isnan(before) || off > SAME_PITCH;
}

/// Somebody else sounds: for so long there are pitches where the player has none, before he begins, in his rests, after his end. A
/// singer's own slides are pitches too: of voices nothing is told.
static bool
has_company(const shed_judged *j)
{
  const shed_segment *s = j->path.segments, *last = s + j->path.n;
  double              before = NAN, sum_s = 0;
  for (size_t i = 0; i < j->take->n_frames; i++) {
    const double at = (double)i * SHED_FRAME_HOP_S;
    while (s < last && at >= shed_segment_end_s(j, s)) {
      before = shed_segment_pitch(j, s++);
    }
    const bool his = s < last && at >= shed_segment_start_s(j, s) - EARLY_S;
    sum_s += !his && is_another(j, &j->take->frames[i], before) ? SHED_FRAME_HOP_S : 0;
  }
  return sum_s >= COMPANY_S;
}

static void
think(shed_judged *j, int event, const shed_others *others)
{
  shed_found        *f = &j->found[event];
  shed_note_verdict *v = &j->v.notes[j->target.notes[j->target.events[event].first]];
  if (f->segment < 0 || v->pitch == SHED_PITCH_MISSED || v->pitch == SHED_PITCH_NONE ||
      j->target.events[event].count > 1) {
    return;
  }
  const double         asked_midi = asked_midi_of(j, f);
  const shed_own_sound asked      = shed_judge_own_sound(j, f, asked_midi);
  const shed_own_sound heard      = shed_judge_own_sound(j, f, pitch_of_heard(&f->m, asked_midi));
  const bool           other      = f->m.other_midi != (int)lround(asked_midi);
  if (is_nobodys(j, f, v->pitch, &asked, &heard) && !came_early(j, f)) {
    shed_judge_call_missed(v);
  } else if ((v->pitch == SHED_PITCH_WRONG ||
              (v->pitch == SHED_PITCH_UNSURE && (other || j->prompt->fixed_pitch))) &&
             stands_there(j, f, asked_midi, &asked, &heard)) {
    call_played(j, f, asked_midi, v);
  } else if (v->pitch == SHED_PITCH_WRONG && lies_below(j, &heard, ANOTHERS) &&
             f->m.level_db < j->usual_db - QUIET_DB) {
    v->pitch = SHED_PITCH_UNSURE;
  } else if (others->any && v->pitch == SHED_PITCH_CORRECT) {
    f->withheld   = is_anyones(j, f, asked_midi, &asked);
    f->uncredited = !f->withheld && anyones_odds(others, f) >= ANYONES_ODDS; // its time is told all the same
    v->pitch      = f->withheld || f->uncredited ? SHED_PITCH_UNSURE : SHED_PITCH_CORRECT;
  }
}

shed_others
shed_whose_begin(const shed_judged *j)
{
  const bool any = j->own.n > 0 && !j->prompt->sung && has_company(j);
  return (shed_others){.j = j, .any = any, .db = any ? shed_extras_others_db(j) : (double)NAN};
}

void
shed_judge_whose(shed_judged *j)
{
  const shed_others others = shed_whose_begin(j);
  for (int e = 0; e < j->target.n_events && j->own.n > 0; e++) {
    think(j, e, &others);
  }
}
