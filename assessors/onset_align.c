// About this file: the dynamic programme and the search for the tempo. Where the moments then belong in the take is in
// onset_fit.c.
//
// Costs are in units of about one surely wrong stroke. Tolerances follow the measured agreement with human graders of
// clapped patterns (tolerance about a third of a gap); the costs were set so that two even strokes in place of a dotted
// pair are two strokes out of place, not one missing and one extra.
#include "assessors/onset_align.h"

#include "assessors/onset_fit.h"

#include <math.h>
#include <stdint.h>

#define MISS_COST    1.3
#define EXTRA_COST   1.3
#define GAP_CAP      1.2  // a gap that is all wrong: less than a missing stroke
#define PART_COST    0.02 // a stroke inside a roll, or beside a flam
#define EDGE_COST    0.7  // a stroke before the first or behind the last moment
#define RESTART_COST 3.0
#define RESTART_GAP  1.3  // a restart needs a pause of so many median gaps
#define GAP_BASE_S   0.05 // tolerance of a gap: this and
#define GAP_SHARE    0.20 // this share of it
#define CLICK_TOL_S  0.20 // given a click: tolerance of a moment's own place
#define CLICK_CAP    0.6
#define OTHER_BEAT   0.1  // a stroke whole beats off its place, as all are of a player who came in a bar late
#define FLAM_S       0.12 // two strokes of a flam stand within this
#define ROLL_TAIL_S  0.10 // a roll may end so late
#define PRIOR        0.3  // a tempo far from the written one is less likely: cost per squared log ratio
#define SCALE_LEAST  0.4
#define SCALE_STEP   1.03

enum {
  MOST_SKIP = 4, // moments from one stroke to the next
  MOST_STRAY =
      16, // strokes from one moment to the next: in a room where people talk there is one every .15 s
  MOST_ROLL    = 64,
  SCAN_ASKED   = 64,
  SCAN_STROKES = 160,
  START        = -1,
  SCALE_STEPS  = 62
}; // up to SCALE_LEAST * SCALE_STEP^61 = 2.4

typedef struct {
  const shed_asked  *asked;
  size_t             n;
  const shed_stroke *strokes;
  size_t             m;
  double             scale;
  double             offset_s; // NaN without a click
  double             beat_s;   // of that click; 0: not known
  double             pause_s;  // a restart needs a gap of at least this
  // what all strokes before each cost as too many
  double *stray;
  // [stroke * n + moment]
  double *cost;
  int    *from;
  // for the stroke before: the cheapest moment at or behind each, for restarts
  double *best;
  int    *best_at;
} lattice;

static double
square(double x)
{
  return x * x;
}

// Cost of the strokes strictly between k0 and k1, left over between moments i0 and i1.
static double
skipped_cost(const lattice *l, size_t i0, size_t i1, size_t k0, size_t k1)
{
  if (!l->asked[i0].roll && !l->asked[i0].flam && !l->asked[i1].flam) {
    return l->stray[k1] - l->stray[k0 + 1];
  }
  double cost = 0;
  double end  = l->strokes[k0].at_s + l->scale * l->asked[i0].length_s + ROLL_TAIL_S;
  for (size_t k = k0 + 1; k < k1; k++) {
    double at      = l->strokes[k].at_s;
    bool   in_roll = l->asked[i0].roll && at <= end;
    bool   in_flam = (l->asked[i0].flam && at - l->strokes[k0].at_s < FLAM_S) ||
                   (l->asked[i1].flam && l->strokes[k1].at_s - at < FLAM_S);
    cost += in_roll || in_flam ? PART_COST : l->stray[k + 1] - l->stray[k];
  }
  return cost;
}

static double
gap_cost(const lattice *l, size_t i0, size_t i1, size_t k0, size_t k1)
{
  double asked = l->scale * (l->asked[i1].at_s - l->asked[i0].at_s);
  double heard = l->strokes[k1].at_s - l->strokes[k0].at_s;
  double cost  = square((heard - asked) / (GAP_BASE_S + GAP_SHARE * asked));
  return cost < GAP_CAP ? cost : GAP_CAP;
}

static double
place_cost(const lattice *l, size_t i, size_t k)
{
  if (isnan(l->offset_s)) {
    return 0;
  }
  double off  = l->strokes[k].at_s - (l->offset_s + l->scale * l->asked[i].at_s);
  double cost = square(off / CLICK_TOL_S);
  if (l->beat_s > 0) {
    cost = fmin(cost, OTHER_BEAT + square((off - l->beat_s * round(off / l->beat_s)) / CLICK_TOL_S));
  }
  return cost < CLICK_CAP ? cost : CLICK_CAP;
}

// Best way to the pair (moment i, stroke k).
static void
relax(const lattice *l, size_t i, size_t k)
{
  size_t cell = k * l->n + i;
  double best = MISS_COST * (double)i + EDGE_COST * (double)k;
  int    from = START;
  for (size_t di = 1; di <= MOST_SKIP && di <= i; di++) {
    size_t reach = l->asked[i - di].roll ? MOST_ROLL : MOST_STRAY;
    for (size_t dk = 1; dk <= reach && dk <= k; dk++) {
      size_t i0   = i - di;
      size_t k0   = k - dk;
      double cost = l->cost[k0 * l->n + i0] + MISS_COST * (double)(di - 1);
      if (cost < best) {
        cost += skipped_cost(l, i0, i, k0, k) + gap_cost(l, i0, i, k0, k);
      }
      if (cost < best) {
        best = cost;
        from = (int)(k0 * l->n + i0);
      }
    }
  }
  if (k > 0 && l->asked[i].start && l->best[i] + RESTART_COST < best &&
      l->strokes[k].at_s - l->strokes[k - 1].at_s >= l->pause_s) {
    best = l->best[i] + RESTART_COST;
    from = (int)((k - 1) * l->n) + l->best_at[i];
  }
  l->cost[cell] = best + place_cost(l, i, k);
  l->from[cell] = from;
}

// The cheapest moment at or behind each, at stroke k.
static void
settle_restarts(const lattice *l, size_t k)
{
  double best = INFINITY;
  int    at   = 0;
  for (size_t i = l->n; i-- > 0;) {
    if (l->cost[k * l->n + i] < best) {
      best = l->cost[k * l->n + i];
      at   = (int)i;
    }
    l->best[i]    = best;
    l->best_at[i] = at;
  }
}

// @return the total; *last is the pair where the way ends.
static double
run(const lattice *l, size_t *last)
{
  double best = INFINITY;
  for (size_t k = 0; k < l->m; k++) {
    for (size_t i = 0; i < l->n; i++) {
      relax(l, i, k);
    }
    settle_restarts(l, k);
    for (size_t i = 0; i < l->n; i++) {
      double after = l->asked[i].roll ? PART_COST : EDGE_COST;
      double total =
          l->cost[k * l->n + i] + MISS_COST * (double)(l->n - 1 - i) + after * (double)(l->m - 1 - k);
      if (total < best) {
        best  = total;
        *last = k * l->n + i;
      }
    }
  }
  return best;
}

// The tempo under which the take's first part fits best.
static double
find_scale(lattice *l)
{
  size_t n    = l->n;
  size_t m    = l->m;
  size_t last = 0;
  double best = INFINITY, found = 1;
  l->n = n < SCAN_ASKED ? n : SCAN_ASKED;
  l->m = m < SCAN_STROKES ? m : SCAN_STROKES;
  for (int step = 0; step < SCALE_STEPS; step++) {
    l->scale     = SCALE_LEAST * pow(SCALE_STEP, step);
    double total = run(l, &last) + PRIOR * square(log(l->scale));
    if (total < best) {
      best  = total;
      found = l->scale;
    }
  }
  l->n = n;
  l->m = m;
  return found;
}

static void
trace(const lattice *l, size_t last, shed_onset_alignment *out)
{
  SHED_ASSERT(l->n > 0);
  for (size_t i = 0; i < l->n; i++) {
    out->stroke_of[i] = -1;
    out->restart[i]   = false;
  }
  for (size_t k = 0; k < l->m; k++) {
    out->use[k] = SHED_STROKE_EXTRA;
  }
  // from the end backwards: the last attempt at a moment is the one that counts
  size_t again_from = l->n;
  for (int cell = (int)last; cell != START; cell = l->from[cell]) {
    size_t i    = (size_t)cell % l->n;
    size_t k    = (size_t)cell / l->n;
    int    from = l->from[cell];
    if (i < again_from) {
      out->stroke_of[i] = (int)k;
      out->use[k]       = SHED_STROKE_MATCHED;
    } else {
      out->use[k] = SHED_STROKE_ABANDONED;
    }
    if (from != START && (size_t)from % l->n >= i) {
      out->restart[i]      = true;
      out->restart_from[i] = (int)((size_t)from % l->n);
      again_from           = i < again_from ? i : again_from;
    }
  }
}

// Strokes left over that belong to a roll or a flam, or stand in the middle of an abandoned attempt.
static void
settle_uses(const lattice *l, shed_onset_alignment *out)
{
  for (size_t i = 0; i < l->n; i++) {
    if (out->stroke_of[i] < 0) {
      continue;
    }
    double at  = l->strokes[out->stroke_of[i]].at_s;
    double end = at + l->scale * l->asked[i].length_s + ROLL_TAIL_S;
    for (size_t k = 0; k < l->m; k++) {
      double off = l->strokes[k].at_s - at;
      if (out->use[k] == SHED_STROKE_EXTRA && ((l->asked[i].flam && fabs(off) < FLAM_S) ||
                                               (l->asked[i].roll && off > 0 && l->strokes[k].at_s <= end))) {
        out->use[k] = SHED_STROKE_PART;
      }
    }
  }
  for (size_t k = 1; k + 1 < l->m; k++) {
    if (out->use[k] == SHED_STROKE_EXTRA && out->use[k - 1] == SHED_STROKE_ABANDONED) {
      out->use[k] = SHED_STROKE_ABANDONED;
    }
  }
}

// Half of the gaps asked for are longer than this. @param gaps room for n.
static double
median_gap(const shed_asked *asked, size_t n, double *gaps)
{
  size_t count = 0;
  for (size_t i = 1; i < n; i++) {
    double gap = asked[i].at_s - asked[i - 1].at_s;
    size_t at  = count++;
    for (; at > 0 && gaps[at - 1] > gap && n <= 4096; at--) {
      gaps[at] = gaps[at - 1];
    }
    gaps[at] = gap;
  }
  return count ? gaps[count / 2] : 0;
}

void
shed_onset_alignment_free(shed_onset_alignment *a, const shed_alloc *alloc)
{
  shed_free(alloc, a->stroke_of);
  shed_free(alloc, a->expected_s);
  shed_free(alloc, a->error_s);
  shed_free(alloc, a->break_s);
  shed_free(alloc, a->restart);
  shed_free(alloc, a->restart_from);
  shed_free(alloc, a->use);
  *a = (shed_onset_alignment){0};
}

static shed_status
make_room(shed_onset_alignment *a, size_t n, size_t m, const shed_alloc *alloc)
{
  a->stroke_of    = shed_calloc(alloc, n, sizeof(*a->stroke_of));
  a->expected_s   = shed_calloc(alloc, n, sizeof(*a->expected_s));
  a->error_s      = shed_calloc(alloc, n, sizeof(*a->error_s));
  a->break_s      = shed_calloc(alloc, n, sizeof(*a->break_s));
  a->restart      = shed_calloc(alloc, n, sizeof(*a->restart));
  a->restart_from = shed_calloc(alloc, n, sizeof(*a->restart_from));
  a->use          = shed_calloc(alloc, m, sizeof(*a->use));
  return a->stroke_of && a->expected_s && a->error_s && a->break_s && a->restart && a->restart_from && a->use
             ? SHED_OK
             : SHED_E_NOMEM;
}

static void
find_stray(lattice *l)
{
  for (size_t k = 0; k < l->m; k++) {
    l->stray[k + 1] = l->stray[k] + EXTRA_COST * (0.25 + 0.75 * l->strokes[k].confidence);
  }
}

static shed_status
align(lattice *l, shed_align_given given, const shed_alloc *alloc, shed_onset_alignment *a)
{
  size_t      last = 0;
  shed_status st   = make_room(a, l->n, l->m, alloc);
  if (st != SHED_OK) {
    return st;
  }
  double pause = RESTART_GAP * median_gap(l->asked, l->n, a->expected_s);
  l->pause_s   = given.scale > 0 ? pause * given.scale : pause * SCALE_LEAST;
  l->scale     = given.scale > 0 ? given.scale : find_scale(l);
  // the second round knows the tempo more finely than the search's steps
  for (int round = 0; round < 2; round++) {
    l->pause_s = pause * l->scale;
    (void)run(l, &last);
    trace(l, last, a);
    shed_onset_fit(l->asked, l->n, l->strokes, given, l->scale, a);
    l->scale = a->scale;
  }
  settle_uses(l, a);
  return SHED_OK;
}

shed_status
shed_onset_align(const shed_asked *asked, size_t n_asked, const shed_stroke *strokes, size_t n_strokes,
                 shed_align_given given, const shed_alloc *alloc, shed_onset_alignment *out)
{
  if (n_asked == 0 || n_strokes == 0) {
    return SHED_E_RANGE;
  }
  if (n_asked > SHED_ALIGN_CELLS / n_strokes) {
    return SHED_E_LIMIT;
  }
  size_t               cells = n_asked * n_strokes;
  shed_onset_alignment a     = {0};
  lattice              l     = {.asked    = asked,
                                .n        = n_asked,
                                .strokes  = strokes,
                                .m        = n_strokes,
                                .offset_s = given.offset_s,
                                .beat_s   = given.beat_s,
                                .stray    = shed_calloc(alloc, n_strokes + 1, sizeof(double)),
                                .cost     = shed_calloc(alloc, cells, sizeof(double)),
                                .from     = shed_calloc(alloc, cells, sizeof(int)),
                                .best     = shed_calloc(alloc, n_asked, sizeof(double)),
                                .best_at  = shed_calloc(alloc, n_asked, sizeof(int))};
  shed_status          st    = SHED_E_NOMEM;
  if (l.stray && l.cost && l.from && l.best && l.best_at) {
    find_stray(&l);
    st = align(&l, given, alloc, &a);
  }
  shed_free(alloc, l.stray);
  shed_free(alloc, l.cost);
  shed_free(alloc, l.from);
  shed_free(alloc, l.best);
  shed_free(alloc, l.best_at);
  if (st != SHED_OK) {
    shed_onset_alignment_free(&a, alloc);
    return st;
  }
  *out = a;
  return SHED_OK;
}
