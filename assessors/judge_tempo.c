// About this file: where the tempo puts each note. A robust line through the onsets around a note, of the same run (runs
// end at jumps and at hesitations), gives its expected place; its slope is free unless a tempo was given. Towards the ends of a run,
// where the beat is known from one side, it bends a little for a player who slows down. The note itself has no
// part in it where there are enough others: one that is judged by a line that it has bent is half excused. Attempts that were played again
// later tell the beat of their own time.
#include "assessors/judge.h"
#include "assessors/onset_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  AROUND       = 6,
  OTHERS_LEAST = 4,
  SIDE_LEAST   = 3,
  ROUNDS       = 8,
  GIVEN_AROUND = 200,
  PACE_NOTES   = 8,
  ENTRY_NOTES  = 5,
  WANDER_NOTES = 2
};
enum { MOST_AROUND = 2 * GIVEN_AROUND + 1, MOST_PAIRS = (2 * AROUND + 1) * AROUND };

static const double HESITATION_S   = .45;
static const double RESIDUAL_LEAST = .015; ///< seconds: an onset is not known better
static const double RESIDUAL_FAR   = .06;
static const double NEAR_S         = 12; ///< of score time: beyond it a player's beat may have moved
static const double SLOPE_PRIOR_S  = .6; ///< weight of the running tempo, as seconds of music
static const double BEND_PRIOR_S4 =
    20000;                                ///< weight of an even tempo: twelve notes within 6 s hardly bend it
static const double STRAIGHT_S4    = 1e9; ///< and of one that is given, or known from both sides
static const double GIVEN_FREEDOM  = .02; ///< a tempo this near to the one given is that tempo
static const double FREE_FREEDOM   = .35;
static const double OFF_BEAT       = .6;  ///< weight of a note between two quarters, where these come uneven
static const double SAME_PLACE_S   = .03; ///< an onset counts by how much of its odds lies so near
static const double DOUBTFUL_LEAST = .05; ///< and so much at least
static const double OWN_OF_FEW     = .5;  ///< weight of the note itself among fewer than OTHERS_LEAST others
static const double OWN_AT_END = .2; ///< and at either end of a run, where the beat is known from one side

typedef struct {
  double a, b, bend, x0; ///< onset = a + b x + bend x^2, x = at - x0
} line;

typedef struct {
  double at_s; ///< score
  double onset_s;
  int    event;
  int    jump, run; ///< runs are broken by jumps and waits
  bool   counts;    ///< false: a later attempt does
  double
      weight; ///< of a surely heard note on its beat 1: where off-beats come uneven, the beat says which are off
  line line;
} point;

/// The onsets [from, to) that a line goes through, but for the one that is judged.
typedef struct {
  int    from, to, own;
  double own_weight;
  double x0;
  double slope, freedom; ///< expected, and how far it may be off as a share
  double even_s4;        ///< weight of a line without a bend
} window;

static double
weight_of(const shed_judged *j, int event, const shed_found *f)
{
  const shed_sounding_note *n    = &j->prompt->line.notes[j->target.notes[j->target.events[event].first]];
  const size_t              m    = (size_t)n->measure_index;
  double                    sure = 1;
  if (f->odds.n > 0) {
    sure =
        fmax(DOUBTFUL_LEAST, shed_judge_onset_share(f, f->onset_s - SAME_PLACE_S, f->onset_s + SAME_PLACE_S));
  }
  if (isnan(j->pair_ratio) || n->measure_index < 0 || m >= j->prompt->line.n_measures) {
    return sure;
  }
  return sure *
         (shed_beat_sub(n->onset_beats, j->prompt->line.measures[m].start_beats).den == 1 ? 1 : OFF_BEAT);
}

static double
weight_in(const point *p, const window *w, int i)
{
  return p[i].weight * (i == w->own ? w->own_weight : 1);
}

/// Does a line end between two notes that follow each other in the take? Where the player jumped, waited or breathed: an echo's phrases
/// were timed by somebody else's breath, so that each has a line of its own.
static bool
is_break(const shed_judged *j, const point *before, const point *after, double period)
{
  const unsigned breath   = strcmp(j->prompt->assessor, "echo") == 0 ? SHED_NOTE_BREATH_AFTER : 0;
  const double   expected = (after->at_s - before->at_s) * period;
  const double   late     = after->onset_s - before->onset_s - expected;
  const bool     waits    = (j->target.events[before->event].flags & (SHED_NOTE_FERMATA | breath)) != 0;
  return before->jump != after->jump || late > HESITATION_S || late < -HESITATION_S * 2 || waits;
}

/// In the order of the take. What was played and then played again tells the beat of its own run.
static int
collect(const shed_judged *j, point *p)
{
  int n = 0, jump = 0;
  for (size_t i = 0; i < j->path.n; i++) {
    const shed_segment *s = &j->path.segments[i];
    const shed_found   *f = &j->found[s->event];
    shed_found          again;
    jump += s->kind == SHED_STEP_JUMP ? 1 : 0;
    if (s->kind == SHED_STEP_EXTRA) {
      continue;
    }
    const bool counts = f->segment == (int)i;
    if (!counts && (s->lane != 0 || !shed_judge_attempt(j, (int)i, &again))) {
      continue;
    }
    f        = counts ? f : &again;
    p[n]     = (point){.at_s    = j->target.events[s->event].at_s,
                       .onset_s = f->onset_s,
                       .event   = s->event,
                       .jump    = jump,
                       .counts  = counts,
                       .weight  = weight_of(j, s->event, f)};
    p[n].run = n > 0 ? p[n - 1].run + (is_break(j, &p[n - 1], &p[n], (double)s->period) ? 1 : 0) : 0;
    n++;
  }
  return n;
}

static double
nearness(double x_s)
{
  return 1 / (1 + x_s * x_s / (NEAR_S * NEAR_S));
}

static double
slope_prior(void)
{
  return SLOPE_PRIOR_S * SLOPE_PRIOR_S / RESIDUAL_LEAST / 4;
}

static double
off_line(const line *l, double x, double onset_s)
{
  return onset_s - l->a - x * (l->b + x * l->bend);
}

/// Weighted sums of powers of x, and of these times y.
typedef struct {
  double x[5], y[3];
} moments;

static moments
moments_of(const point *p, const window *w, const line *l)
{
  moments m = {{0}, {0}};
  for (int i = w->from; i < w->to; i++) {
    double x = p[i].at_s - w->x0, left = fabs(off_line(l, x, p[i].onset_s));
    // what is far off the line is a mistake of time, and shall not bend it
    double k = weight_in(p, w, i) / fmax(RESIDUAL_LEAST, left) * fmin(1, RESIDUAL_FAR / fmax(left, 1e-9));
    k *= nearness(x);
    const double power[] = {1, x, x * x, x * x * x, x * x * x * x};
    for (size_t n = 0; n < SHED_COUNTOF(m.x); n++) {
      m.x[n] += k * power[n];
    }
    for (size_t n = 0; n < SHED_COUNTOF(m.y); n++) {
      m.y[n] += k * power[n] * p[i].onset_s;
    }
  }
  return m;
}

/// The line that fits best by squares. A slope and a bend far from what is expected cost.
static void
solve(const moments *m, const window *w, line *l)
{
  // what is left when the mean is taken out, then the slope
  const double mean = m->x[1] / m->x[0], square = m->x[2] / m->x[0], onset = m->y[0] / m->x[0];
  const double xx = m->x[2] - m->x[1] * mean + slope_prior(), xq = m->x[3] - m->x[1] * square;
  const double qq = m->x[4] - m->x[2] * square + w->even_s4;
  const double xy = m->y[1] - m->x[1] * onset + slope_prior() * w->slope, qy = m->y[2] - m->x[2] * onset;
  l->bend = (qy - xq / xx * xy) / (qq - xq / xx * xq);
  l->b    = (xy - xq * l->bend) / xx;
  l->b    = fmin(fmax(l->b, w->slope * (1 - w->freedom)), w->slope * (1 + w->freedom));
  l->a    = onset - l->b * mean - l->bend * square;
}

/// From a start slope down to the nearest line that fits best by cost_of.
static line
descend(const point *p, const window *w, double start)
{
  line   l = {.b = start, .x0 = w->x0};
  double rest[MOST_AROUND], weight[MOST_AROUND];
  size_t n = 0;
  for (int i = w->from; i < w->to && n < MOST_AROUND; i++, n++) {
    rest[n]   = p[i].onset_s - start * (p[i].at_s - w->x0);
    weight[n] = weight_in(p, w, i);
  }
  l.a = shed_weighted_median(rest, weight, n, .5);
  for (int round = 0; round < ROUNDS; round++) {
    moments m = moments_of(p, w, &l);
    solve(&m, w, &l);
  }
  return l;
}

/// What descend() makes small: squares to RESIDUAL_LEAST, then distances, beyond RESIDUAL_FAR their logarithm.
static double
cost_of(const point *p, const window *w, const line *l)
{
  double cost = (slope_prior() * (l->b - w->slope) * (l->b - w->slope) + w->even_s4 * l->bend * l->bend) / 2;
  for (int i = w->from; i < w->to; i++) {
    double x = p[i].at_s - w->x0, left = fabs(off_line(l, x, p[i].onset_s));
    double part = left <= RESIDUAL_LEAST ? left * left / (2 * RESIDUAL_LEAST)
                                         : fmin(left, RESIDUAL_FAR) - RESIDUAL_LEAST / 2;
    part += RESIDUAL_FAR * log(fmax(left, RESIDUAL_FAR) / RESIDUAL_FAR);
    cost += weight_in(p, w, i) * nearness(x) * part;
  }
  return cost;
}

/// The median slope between any two onsets, by how far they stand apart: a late note is in few of the pairs.
static double
slope_of_pairs(const point *p, const window *w)
{
  double slope[MOST_PAIRS], weight[MOST_PAIRS];
  size_t n = 0;
  for (int i = w->from; i < w->to; i++) {
    for (int k = i + 1; k < w->to && n < MOST_PAIRS; k++) {
      double apart = p[k].at_s - p[i].at_s;
      if (apart > 0) {
        slope[n]    = (p[k].onset_s - p[i].onset_s) / apart;
        weight[n++] = apart * weight_in(p, w, i) * weight_in(p, w, k);
      }
    }
  }
  return n ? shed_weighted_median(slope, weight, n, .5) : w->slope;
}

/// The path's own tempo follows each note, a late one too, so that over a rest it may lead nowhere: where the tempo is
/// free, a second start is made from the onsets alone, and the better line is kept.
static line
fit(const point *p, const window *w)
{
  line l = descend(p, w, w->slope);
  if (w->to - w->from <= 2 * AROUND + 1) {
    line other = descend(p, w, slope_of_pairs(p, w));
    l          = cost_of(p, w, &other) < cost_of(p, w, &l) ? other : l;
  }
  return l;
}

static line
line_around(const shed_judged *j, const point *p, int n, int i)
{
  const bool given  = j->prompt->tempo_bpm > 0;
  const int  around = given ? GIVEN_AROUND : AROUND;
  int        from = i, to = i + 1;
  while (from > 0 && i - from < around && p[from - 1].run == p[i].run) {
    from--;
  }
  while (to < n && to - i <= around && p[to].run == p[i].run) {
    to++;
  }
  // at the ends of a run the window reaches further the other way, so that it keeps its length
  while (from > 0 && to - from < 2 * around + 1 && p[from - 1].run == p[i].run) {
    from--;
  }
  while (to < n && to - from < 2 * around + 1 && p[to].run == p[i].run) {
    to++;
  }
  const int sides = i - from < to - i - 1 ? i - from : to - i - 1; // notes on the side that has fewer
  double    slope = given ? 1 : (double)j->path.segments[j->found[p[i].event].segment].period;
  window    w     = {.from       = from,
                     .to         = to,
                     .own        = i,
                     .own_weight = to - from <= OTHERS_LEAST ? OWN_OF_FEW
                                   : sides > 0               ? 0
                                                             : OWN_AT_END,
                     .x0         = p[i].at_s,
                     .slope      = slope,
                     .freedom    = given ? GIVEN_FREEDOM : FREE_FREEDOM,
                     .even_s4    = given || sides >= SIDE_LEAST ? STRAIGHT_S4 : BEND_PRIOR_S4};
  return fit(p, &w);
}

/// Whole beats by which the run from p[from] to before p[to] came in behind the click, by its first notes. A player who enters a
/// bar late and then goes with the click is late once, and so is one who goes on a beat later after a stop.
static int
beats_behind(const shed_judged *j, const point *p, int from, int to)
{
  const double beat_s = shed_prompt_click_s(j->prompt);
  double       behind[ENTRY_NOTES], weight[ENTRY_NOTES];
  size_t       n = 0;
  for (int i = from; i < to && n < ENTRY_NOTES; i++) {
    behind[n]   = p[i].onset_s - j->prompt->click_start_s - p[i].at_s;
    weight[n++] = 1;
  }
  double beats = beat_s > 0 ? shed_weighted_median(behind, weight, n, .5) / beat_s : 0;
  return fabs(beats) < SHED_BEHIND_BEATS ? 0 : (int)lround(beats);
}

static void
expect_with_click(shed_judged *j, const point *p, int n)
{
  const double beat_s = shed_prompt_click_s(j->prompt);
  int          from   = 0;
  for (int to = 1; to <= n; to++) {
    if (to < n && p[to].run == p[from].run) {
      continue;
    }
    const int beats = beats_behind(j, p, from, to);
    const int first = from ? p[from].event : 0, end = to < n ? p[to].event : j->target.n_events;
    j->behind_click = from ? j->behind_click : beats; // later ones are told as what stopped the player
    for (int e = first; e < end; e++) {
      j->found[e].expected_s = j->prompt->click_start_s + beats * beat_s + j->target.events[e].at_s;
    }
    from = to;
  }
}

/// Notes that were not found stand where the nearest note found puts them, by the tempo that it has there.
static void
expect_others(shed_judged *j, const point *p, int n)
{
  int near = 0;
  for (int i = 0; i < j->target.n_events; i++) {
    while (near + 1 < n && abs(p[near + 1].event - i) <= abs(p[near].event - i)) {
      near++;
    }
    const line *l          = &p[near].line;
    j->found[i].expected_s = l->a + l->b * (j->target.events[i].at_s - l->x0);
  }
}

/// Those that count, in the order of the music.
static int
keep_counting(point *p, int n)
{
  int kept = 0;
  for (int i = 0; i < n; i++) {
    const point counts = p[i];
    int         at     = kept;
    if (!counts.counts) {
      continue;
    }
    for (; at > 0 && p[at - 1].event > counts.event; at--) {
      p[at] = p[at - 1];
    }
    p[at] = counts;
    kept++;
  }
  return kept;
}

/// How far two notes to one side lie off their lines at least, where both lie to the same side of these as @p way; else 0.
static double
off_beside(const double *off_s, const point *p, int n, int i, int step, double way)
{
  double least = INFINITY;
  for (int d = 1; d <= WANDER_NOTES; d++) {
    const int k = i + step * d;
    if (k < 0 || k >= n || p[k].run != p[i].run || off_s[k] * way <= 0) {
      return 0;
    }
    least = fmin(least, fabs(off_s[k]));
  }
  return least;
}

/// A beat that sways within a few notes is swayed with: where those on both sides lie off their lines the same way as the one between
/// them, so far it is in time.
static shed_status
follow_wander(shed_judged *j, const point *p, int n)
{
  double *off_s = shed_calloc(j->alloc, (size_t)n, sizeof(*off_s));
  if (!off_s) {
    return SHED_E_NOMEM;
  }
  for (int i = 0; i < n; i++) {
    off_s[i] = p[i].onset_s - j->found[p[i].event].expected_s;
  }
  for (int i = 0; i < n; i++) {
    const double way = copysign(1, off_s[i]);
    j->found[p[i].event].expected_s +=
        way * fmin(off_beside(off_s, p, n, i, -1, way), off_beside(off_s, p, n, i, 1, way));
  }
  shed_free(j->alloc, off_s);
  return SHED_OK;
}

static void
spread_of_timing(shed_judged *j)
{
  double dev[512], w[512];
  size_t n = 0;
  for (int i = 0; i < j->target.n_events && n < 512; i++) {
    if (j->found[i].segment >= 0) {
      dev[n] = fabs(j->found[i].onset_s - j->found[i].expected_s);
      w[n++] = 1;
    }
  }
  j->timing_sd_s = n ? 1.4826 * shed_weighted_median(dev, w, n, .5) : 0;
}

shed_status
shed_judge_tempo(shed_judged *j)
{
  point      *p = shed_calloc(j->alloc, j->path.n + 1, sizeof(*p));
  double      slope[512], weight[512];
  size_t      n_slopes = 0;
  shed_status st       = SHED_OK;
  j->tempo_bpm         = NAN;
  if (!p) {
    return SHED_E_NOMEM;
  }
  int n = collect(j, p);
  for (int i = 0; i < n; i++) {
    p[i].line = p[i].counts ? line_around(j, p, n, i) : p[i].line;
  }
  n = keep_counting(p, n);
  for (int i = 0; i < n; i++) {
    if (n_slopes < 512) {
      slope[n_slopes]    = p[i].line.b;
      weight[n_slopes++] = 1;
    }
  }
  if (n > 0) {
    double quarters = j->prompt->tempo_bpm > 0 ? j->prompt->tempo_bpm : j->prompt->line.tempo_bpm;
    expect_others(j, p, n);
    st = j->prompt->tempo_bpm > 0 ? SHED_OK : follow_wander(j, p, n);
    if (n > 1 && quarters > 0) {
      j->tempo_bpm = quarters / shed_weighted_median(slope, weight, n_slopes, .5);
    }
    if (j->prompt->a_click && isfinite(j->prompt->click_start_s)) {
      expect_with_click(j, p, n);
    }
    spread_of_timing(j);
  }
  shed_free(j->alloc, p);
  return st;
}

// Take seconds a score second over the events found in [from, to); NaN with fewer than PACE_NOTES of them.
static double
pace_of(const shed_judged *j, int from, int to)
{
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (int e = from; e < to; e++) {
    if (j->found[e].segment >= 0 && j->found[e].run == j->found[from].run) {
      double a = j->target.events[e].at_s, b = j->found[e].onset_s;
      n++;
      x += a;
      y += b;
      xx += a * a;
      xy += a * b;
    }
  }
  double d = n * xx - x * x;
  return n >= PACE_NOTES && d > 0 ? (n * xy - x * y) / d : (double)NAN;
}

bool
shed_judge_pace(const shed_judged *j, double *from, double *to)
{
  enum { FREE = SHED_NOTE_FERMATA | SHED_NOTE_RIT | SHED_NOTE_WAIT };
  int n = j->target.n_events;
  if (j->v.n_hesitations + j->v.n_restarts > 0) {
    return false; // a wait is no slowing down
  }
  for (int e = 0; e < n; e++) {
    if (j->target.events[e].flags & FREE) {
      n = e; // what comes behind stands in another tempo
    }
  }
  *from = pace_of(j, 0, n / 2);
  *to   = pace_of(j, n / 2, n);
  return *from > 0 && *to > 0;
}
