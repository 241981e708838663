// About this file: when each note of an echo was heard, and which notes nobody can judge. A bare pitch track has holes: its tracker
// gives up on a soft, high or hoarse note, and what it gave up on looks like silence. One note whose place is such a hole, with
// sound before it and behind it, counts neither for nor against; two in a row were not sung. A note that is late behind a hole
// may have begun in it.
#include "assessors/echo.h"

#include <math.h>

static const double HALT_S = .8; // waited by so much, and by more than the gap was to be: the player stopped
static const double HALT_PLAIN_S = 1.5; // however long the gap was to be
static const double HOLE_SHARE   = .3;  // a place that sounds for less of its time is a hole
static const double HOLE_S       = .2;  // so much of a lateness may be the hole's

// Where the player stopped or went back, what comes behind is counted from there: the halt is charged as one gap, not as the
// lateness of all that follows. @param[out] waited_s  n: how much was waited before each.
static void
fill(const shed_echo_asked *asked, size_t n, const shed_echo_path *p, shed_overall_moment *m,
     double *waited_s)
{
  double waited = 0;
  size_t last   = n;
  for (size_t i = 0; i < n; i++) {
    const shed_echo_found *f = &p->found[i];
    m[i]                     = (shed_overall_moment){.asked_s = asked[i].onset_s, .heard_s = (double)NAN};
    waited_s[i]              = waited;
    if (!f->found) {
      continue;
    }
    double gap_s  = last < n ? p->scale * (asked[i].onset_s - asked[last].onset_s) : 0;
    double more_s = last < n ? f->onset_s - p->found[last].onset_s - gap_s : 0;
    m[i].broken   = more_s > HALT_S && more_s > fmin(gap_s, HALT_PLAIN_S);
    waited += m[i].broken ? more_s : 0;
    m[i].heard_s = f->onset_s - waited;
    waited_s[i]  = waited;
    last         = i;
  }
}

// How much of a stretch of the track sounds; none of what lies outside it.
static double
sounding(const shed_echo_track *t, double from_s, double to_s)
{
  long   from = lround(from_s / SHED_FRAME_HOP_S), to = lround(to_s / SHED_FRAME_HOP_S);
  size_t sounds = 0;
  for (long i = from > 0 ? from : 0; i < to && i < (long)t->n; i++) {
    if (!isnan(t->midi[i])) {
      sounds++;
    }
  }
  return to > from ? (double)sounds / (double)(to - from) : 0;
}

// How long no pitch was heard before a note, as far as that explains its lateness; before the track nothing was heard either.
static double
hole_before(const shed_echo_track *t, double onset_s, double late_s)
{
  const double most = fmin(HOLE_S, late_s);
  double       hole = 0;
  for (long i = lround(onset_s / SHED_FRAME_HOP_S); i <= (long)t->n && (i <= 0 || isnan(t->midi[i - 1]));
       i--) {
    hole += SHED_FRAME_HOP_S;
    if (hole >= most) {
      return most;
    }
  }
  return hole;
}

size_t
shed_echo_moments_of(const shed_echo_asked *asked, size_t n, const shed_echo_path *p,
                     const shed_echo_track *track, double *room, shed_overall_moment *m, size_t *which)
{
  double *waited_s = room, *sounds = room + n;
  fill(asked, n, p, m, waited_s);
  const shed_overall_line line  = shed_overall_line_of(m, n);
  size_t                  holes = 0, kept = 0;
  for (size_t i = 0; i < n; i++) {
    double due_s  = line.pace * m[i].asked_s + line.offset_s;
    double late_s = m[i].heard_s - due_s;
    sounds[i]     = sounding(track, due_s + waited_s[i], due_s + waited_s[i] + line.pace * asked[i].gap_s);
    if (track->bare && late_s > 0) {
      m[i].heard_s -= hole_before(track, p->found[i].onset_s, late_s);
    }
  }
  for (size_t i = 0; i < n; i++) {
    bool hole = track->bare && i > 0 && i + 1 < n && sounds[i] < HOLE_SHARE &&
                fmin(sounds[i - 1], sounds[i + 1]) >= HOLE_SHARE;
    which[i] = hole ? n : i;
    holes += hole;
  }
  bool whole = n - holes < SHED_ECHO_NOTES_LEAST, broken = false;
  for (size_t i = 0; i < n; i++) {
    broken = broken || m[i].broken;
    if (which[i] < n || whole) {
      m[kept]        = m[i];
      m[kept].broken = broken;
      which[kept++]  = i;
      broken         = false;
    }
  }
  return kept;
}
