// About this file: from the found notes to the shares of the overall score. The take is read twice: by sound, which shows
// when the notes came, and by time, which shows what came when a note was due; in one key both times, or a singer between two
// keys is told by each what the other would forgive. A player's own tempo, octave and key cost nothing; a pitch track that jumps
// by octaves costs nothing either.
#include "assessors/echo.h"
#include "assessors/overall.h"

#include <math.h>

static const double RIGHT_CENTS =
    50; // the tolerances that follow the graders best (jointly 50 cents, 120 ms)
static const double RIGHT_S        = .12;
static const double INTERVAL_CENTS = 60;

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
  *t = (shed_echo_track){.midi = midi, .n = take->n_frames, .bare = take->kind == SHED_TAKE_F0};
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
share_of_intervals(const shed_echo_asked *asked, const size_t *which, size_t n, const shed_echo_path *by_time)
{
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++) {
    double off = off_pitch(asked, by_time, which[i + 1]) - off_pitch(asked, by_time, which[i]);
    sum += shed_overall_credit(100 * off, INTERVAL_CENTS);
  }
  return sum / (double)(n - 1);
}

// Right pitch at the right time, both at once.
static double
share_right(const shed_echo_asked *asked, const size_t *which, size_t n, const shed_echo_path *by_sound,
            const double *late_s)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += shed_overall_credit(100 * off_pitch(asked, by_sound, which[i]), RIGHT_CENTS) *
           shed_overall_credit(late_s[i], RIGHT_S);
  }
  return sum / (double)n;
}

// What both ways through the take come to. @param room for 2 * n; @param m, which for n.
static void
tell(const shed_echo_asked *asked, size_t n, const shed_echo_path *by_time, const shed_echo_path *by_sound,
     const shed_echo_track *track, double *room, shed_overall_moment *m, size_t *which, shed_verdict *v)
{
  const size_t            k = shed_echo_moments_of(asked, n, by_sound, track, room, m, which);
  const shed_overall_time t = shed_overall_time_of(m, k, 0, room);
  shed_overall_late(m, k, room);
  const shed_overall_part parts[] = {
      {.name = "place", .share = t.place},
      {.name = "pattern", .share = t.pattern},
      {.name = "flow", .share = t.flow},
      {.name = "intervals", .share = share_of_intervals(asked, which, k, by_time)},
      {.name = "right", .share = share_right(asked, which, k, by_sound, room)}};
  shed_overall_fill(v, SHED_OVERALL_MELODY, parts, (int)SHED_COUNTOF(parts));
}

shed_status
shed_echo_measure(const shed_echo_asked *asked, size_t n, const shed_echo_track *track,
                  const shed_alloc *alloc, shed_verdict *v)
{
  shed_echo_path       by_time = {0}, by_sound = {0};
  shed_overall_moment *m     = NULL;
  size_t              *which = NULL;
  double              *room  = NULL;
  if (n < SHED_ECHO_NOTES_LEAST) {
    return SHED_E_RANGE;
  }
  shed_status st = shed_echo_path_find(asked, n, track, SHED_ECHO_BY_TIME, NULL, alloc, &by_time);
  if (st == SHED_OK) {
    st = shed_echo_path_find(asked, n, track, SHED_ECHO_BY_SOUND, &by_time, alloc, &by_sound);
  }
  if (st == SHED_OK) {
    m     = shed_calloc(alloc, n, sizeof(*m));
    which = shed_calloc(alloc, n, sizeof(*which));
    room  = shed_calloc(alloc, 2 * n, sizeof(*room));
    st    = m && which && room ? SHED_OK : SHED_E_NOMEM;
  }
  if (st == SHED_OK) {
    tell(asked, n, &by_time, &by_sound, track, room, m, which, v);
  }
  shed_free(alloc, m);
  shed_free(alloc, which);
  shed_free(alloc, room);
  shed_free(alloc, by_time.found);
  shed_free(alloc, by_sound.found);
  return st;
}
