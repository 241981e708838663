// About this file: when a take is over. A player who was followed to the last note gets the verdict as soon as that note has ended; who
// was not is given time. What still sounds is never cut off.
#include "app/session/practice_internal.h"

#include "engine/audio/input_check.h"

#include <math.h>

static const double TAIL_S        = 1.5; // after the music's end, or after the last sound
static const double QUIET_S       = 2;   // after the last note, at the player's own tempo
static const double DONE_S        = .3;  // after it, where the player was followed all the way
static const double DONE_SHARE    = .8;  // of the music's moments that were reached then
static const double WAITING_S     = 8;   // of silence in the middle
static const double NOTHING_S     = 15;  // of silence from the beginning
static const double OVERTIME      = .5;  // of the music's length, in which a player may still be finishing
static const double LONGEST_S     = 1200;
static const double UNHEARD_SAY_S = 6; // of silence, until it is said

// A last note that was held is over when it was let go: its level falls at once, and stays down; or when nothing but the room is left.
// A reed that speaks again, a bow that turns, a plucked string that rings on do not look like this, and have DONE_S.
static const double HELD_SHARE = .7; // of its written length, to be held at all; or that is over
static const double FULL_SHARE = .9; // of it: nobody begins it once more
static const double LET_GO_DB  = 15; // below what sounded right before: no string rings off so fast
static const double BELOW_DB   = 20; // the loudest of the note, at least
static const double FAR_DB     = 35; // below it: silence whatever the room
static const double ROOM_DB    = 6;  // above the quietest tenth of a second before it
enum {
  FULL_LEVELS  = 5,
  HELD_LEVELS  = 6,
  TENTH_LEVELS = 5
}; // of 20 ms: how long it has to be quiet; a tenth of a second

// Silence since the last sound, by the take's own time; from its beginning where nothing was heard.
static double
quiet_s(const practice_take *t, double at_s)
{
  return isnan(t->sounded_s) ? at_s : at_s - t->sounded_s;
}

static void
say_unheard(shed_practice *p, double since_music_s)
{
  if (isnan(p->take.sounded_s) && since_music_s > UNHEARD_SAY_S) {
    shed_message m = shed_message_of(SHED_MSG_sound_not_heard);
    shed_message_str(&m, "microphone", p->microphone[0] ? p->microphone : "this");
    practice_say_once(p, PRACTICE_SAID_NOTHING, &m);
  }
}

static double
loudest_db(const float *level_db, size_t n)
{
  double most = -(double)INFINITY;
  for (size_t i = 0; i < n; i++) {
    most = fmax(most, (double)level_db[i]);
  }
  return most;
}

static double
room_db(const float *level_db, size_t n)
{
  double room = (double)INFINITY;
  for (size_t i = 0; i + TENTH_LEVELS <= n; i++) {
    room = fmin(room, loudest_db(level_db + i, TENTH_LEVELS));
  }
  return room;
}

// Seconds that the last note has as written, at the tempo of the player; NaN while that is not known.
static double
written_s(const practice_take *t, const shed_line *line)
{
  const shed_sounding_note *last    = &line->notes[line->n_notes - 1];
  double                    longest = 0;
  for (const shed_sounding_note *n = last;
       n >= line->notes && shed_beat_cmp(n->onset_beats, last->onset_beats) == 0; n--) {
    longest = fmax(longest, shed_beat_quarters(n->duration_beats));
  }
  return longest * 60 / t->tempo_bpm;
}

// @param quiet so many levels have to be low. @param from the note's first level.
static bool
is_quiet(const practice_take *t, size_t from, size_t quiet)
{
  const size_t n = t->n_levels;
  if (n < from + quiet + TENTH_LEVELS) {
    return false;
  }
  const double note   = loudest_db(t->level_db + from, n - from);
  const double before = loudest_db(t->level_db + n - quiet - TENTH_LEVELS, TENTH_LEVELS);
  const double now    = loudest_db(t->level_db + n - quiet, quiet);
  const double silent = t->voiced_s < (double)(n - quiet) / SHED_INPUT_LEVELS_HZ
                            ? room_db(t->level_db, from) + ROOM_DB
                            : -(double)INFINITY;
  return now < note - BELOW_DB && (now < before - LET_GO_DB || now < note - FAR_DB || now < silent);
}

static bool
last_note_is_over(const practice_take *t, const shed_line *line, double at_s)
{
  const double length_s = written_s(t, line);
  const double so_far_s = at_s - t->last_from_s;
  if (!isfinite(length_s) || !isfinite(so_far_s) || so_far_s < 0) {
    return false;
  }
  const size_t quiet = so_far_s < FULL_SHARE * length_s ? HELD_LEVELS : FULL_LEVELS;
  const size_t ago = (size_t)(so_far_s * SHED_INPUT_LEVELS_HZ); // from the end: what was missing has no level
  const double held_s = so_far_s - (double)quiet / SHED_INPUT_LEVELS_HZ;
  return ago <= t->n_levels && (held_s > HELD_SHARE * length_s || so_far_s > length_s) &&
         is_quiet(t, t->n_levels - ago, quiet);
}

bool
practice_take_over(shed_practice *p)
{
  const practice_take *t      = &p->take;
  const shed_prompt   *prompt = shed_session_prompt(p->session);
  const double         at_s   = practice_seconds(p, t->n);
  const double         music_s =
      t->music_frame > t->from ? practice_seconds(p, t->music_frame - t->from) : 0; // where it begins
  const double since_s = at_s - music_s;
  const double quiet   = fmin(quiet_s(t, at_s), since_s);
  if (!p->keyboard) {
    say_unheard(p, since_s);
  }
  if (at_s > LONGEST_S) {
    return true;
  }
  if (p->how.go_on) {
    return false;
  }
  if (t->last_told && (double)t->n_reached >= DONE_SHARE * (double)t->n_moments &&
      (quiet > DONE_S || last_note_is_over(t, &prompt->line, at_s))) {
    return true;
  }
  if (quiet >
      (isnan(t->sounded_s) ? NOTHING_S : WAITING_S) + (t->count.counted ? prompt->line.length_s : 0)) {
    return true;
  }
  if (prompt->a_click && t->count.counted) {
    const double over_s = since_s - prompt->line.length_s;
    return over_s > TAIL_S && (quiet > TAIL_S || over_s > OVERTIME * prompt->line.length_s + TAIL_S);
  }
  const bool through = t->follow || t->follow_keys ? t->last_told : t->onsets >= prompt->line.n_notes;
  return (through && quiet > QUIET_S) || (!isnan(t->sounded_s) && quiet > WAITING_S);
}
