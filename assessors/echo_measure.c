// About this file: from the found notes to the shares of the overall score. The take is read twice: by sound, which shows
// when the notes came, and by time, which shows what came when a note was due. A player's own tempo, octave and key cost
// nothing; a pitch track that jumps by octaves costs nothing either.
#include "assessors/echo.h"
#include "assessors/overall.h"

#include <math.h>
#include <stdlib.h>

enum { NOTES_LEAST = 3 };

static const double RIGHT_CENTS =
    50; // the tolerances that follow the graders best (jointly 50 cents, 120 ms)
static const double RIGHT_S        = .12;
static const double INTERVAL_CENTS = 60;
static const double HALT_S = .8; // waited by so much, and by more than the gap was to be: the player stopped
static const double HALT_PLAIN_S = 1.5; // however long the gap was to be

shed_status
shed_echo_track_of(const shed_take *take, const shed_alloc *alloc, shed_echo_track *t)
{
  float *midi = shed_malloc(alloc, take->n_frames * sizeof(*midi));
  if (!midi) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < take->n_frames; i++) {
    const shed_frame *f  = &take->frames[i];
    bool              on = f->voiced && f->f0_hz > 0;
    midi[i]              = on ? (float)(69 + 12 * log2((double)f->f0_hz / 440)) : (float)NAN;
  }
  *t = (shed_echo_track){.midi = midi, .n = take->n_frames};
  return SHED_OK;
}

// Semitones off the pitch asked, octaves forgiven; NaN where nothing sounds.
static double
off_pitch(const shed_echo_asked *asked, const shed_echo_path *p, size_t i)
{
  double d = p->found[i].found ? p->found[i].midi - asked[i].midi - p->shift : (double)NAN;
  return d - 12 * round(d / 12);
}

static double
share_of_intervals(const shed_echo_asked *asked, size_t n, const shed_echo_path *by_time)
{
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++) {
    double off = off_pitch(asked, by_time, i + 1) - off_pitch(asked, by_time, i);
    sum += shed_overall_credit(100 * off, INTERVAL_CENTS);
  }
  return sum / (double)(n - 1);
}

// Right pitch at the right time, both at once.
static double
share_right(const shed_echo_asked *asked, size_t n, const shed_echo_path *by_sound, const double *late_s)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += shed_overall_credit(100 * off_pitch(asked, by_sound, i), RIGHT_CENTS) *
           shed_overall_credit(late_s[i], RIGHT_S);
  }
  return sum / (double)n;
}

// When each note was heard. Where the player stopped or went back, what comes behind is counted from there: the halt is charged
// as one gap, not as the lateness of all that follows.
static void
moments_of(const shed_echo_asked *asked, size_t n, const shed_echo_path *p, shed_overall_moment *m)
{
  double waited_s = 0;
  size_t last     = n;
  for (size_t i = 0; i < n; i++) {
    const shed_echo_found *f = &p->found[i];
    m[i]                     = (shed_overall_moment){.asked_s = asked[i].onset_s, .heard_s = (double)NAN};
    if (!f->found) {
      continue;
    }
    double gap_s  = last < n ? p->scale * (asked[i].onset_s - asked[last].onset_s) : 0;
    double more_s = last < n ? f->onset_s - p->found[last].onset_s - gap_s : 0;
    m[i].broken   = more_s > HALT_S && more_s > fmin(gap_s, HALT_PLAIN_S);
    waited_s += m[i].broken ? more_s : 0;
    m[i].heard_s = f->onset_s - waited_s;
    last         = i;
  }
}

shed_status
shed_echo_measure(const shed_echo_asked *asked, size_t n, const shed_echo_track *track,
                  const shed_alloc *alloc, shed_verdict *v)
{
  shed_echo_path       by_time = {0}, by_sound = {0};
  shed_overall_moment *m    = NULL;
  double              *room = NULL;
  if (n < NOTES_LEAST) {
    return SHED_E_RANGE;
  }
  shed_status st = shed_echo_path_find(asked, n, track, SHED_ECHO_BY_TIME, alloc, &by_time);
  if (st == SHED_OK) {
    st = shed_echo_path_find(asked, n, track, SHED_ECHO_BY_SOUND, alloc, &by_sound);
  }
  if (st == SHED_OK) {
    m    = shed_calloc(alloc, n, sizeof(*m));
    room = shed_calloc(alloc, 2 * n, sizeof(*room));
    st   = m && room ? SHED_OK : SHED_E_NOMEM;
  }
  if (st == SHED_OK) {
    moments_of(asked, n, &by_sound, m);
    shed_overall_time t       = shed_overall_time_of(m, n, 0, room);
    shed_overall_part parts[] = {{.name = "place", .share = t.place},
                                 {.name = "pattern", .share = t.pattern},
                                 {.name = "flow", .share = t.flow},
                                 {.name = "intervals", .share = share_of_intervals(asked, n, &by_time)},
                                 {.name = "right", .share = 0}};
    shed_overall_late(m, n, room);
    parts[4].share = share_right(asked, n, &by_sound, room);
    shed_overall_fill(v, SHED_OVERALL_MELODY, parts, (int)SHED_COUNTOF(parts));
  }
  shed_free(alloc, m);
  shed_free(alloc, room);
  shed_free(alloc, by_time.found);
  shed_free(alloc, by_sound.found);
  return st;
}
