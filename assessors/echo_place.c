// About this file: where in pitch and how fast the take is, before and after the first searches. Histograms of pitch say
// which shifts are likely; the search itself chooses among them, since a tune has more than its pitches.
#include "assessors/echo_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  BINS_A_SEMITONE = 4,
  PITCHES         = 128 * BINS_A_SEMITONE,
  MOST_SHIFT      = 40 * BINS_A_SEMITONE,
  SHIFTS          = 2 * MOST_SHIFT + 1,
  TRIED           = 4,
  COARSE_HOP      = 4,
  FINE_HOP        = 2,
  ROUNDS          = 2,
  SEEDS           = 3,
  BLUR            = 2 // bins
};

static const double TIME_COST[] = {[SHED_ECHO_BY_TIME] = .8, [SHED_ECHO_BY_SOUND] = .05};
static const double APART       = .75; // semitones between shifts worth trying both
static const double SEED_APART  = .5,
                    SEED_PACE   = .06; // semitones, logarithm: nearer places lead to one another
static const double LEAST_SCALE = .4, MOST_SCALE = 2.5;
static const double HUBER_S    = .12;
static const double OWN_SHIFT  = 1.5; // semitones: a note farther off says nothing about the shift
static const double EDGE_SHARE = .2;  // of a note's start is on its way to the pitch

static void
add_blurred(double *hist, double midi, double weight)
{
  int at = (int)lround(midi * BINS_A_SEMITONE);
  for (int k = -BLUR; k <= BLUR; k++) {
    if (at + k >= 0 && at + k < PITCHES) {
      hist[at + k] += weight * (1 - fabs((double)k) / (BLUR + 1));
    }
  }
}

typedef struct {
  double shift, weight;
} guess;

static int
by_weight(const void *a, const void *b)
{
  const guess *x = a, *y = b;
  return x->weight > y->weight   ? -1
         : x->weight < y->weight ? 1
         : x->shift < y->shift   ? -1
                                 : x->shift > y->shift;
}

// The likeliest shifts, APART at least. @return how many.
static int
guess_shifts(const shed_echo_asked *asked, size_t n, const shed_echo_track *t, double *out)
{
  double heard[PITCHES] = {0};
  guess  all[SHIFTS];
  int    count = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (!isnan(t->midi[i])) {
      add_blurred(heard, (double)t->midi[i], 1);
    }
  }
  for (int s = 0; s < SHIFTS; s++) {
    double sum = 0, shift = (double)(s - MOST_SHIFT) / BINS_A_SEMITONE;
    for (size_t i = 0; i < n; i++) {
      int at = (int)lround((asked[i].midi + shift) * BINS_A_SEMITONE);
      // the square root: a held note shall not count for all
      sum += at >= 0 && at < PITCHES ? sqrt(fmax(heard[at], 0)) * sqrt(fmax(asked[i].sound_s, 0)) : 0;
    }
    all[s] = (guess){shift, sum};
  }
  qsort(all, SHIFTS, sizeof(all[0]), by_weight);
  for (int s = 0; s < SHIFTS && count < TRIED && all[s].weight > 0; s++) {
    bool apart = true;
    for (int k = 0; k < count; k++) {
      apart = apart && fabs(out[k] - all[s].shift) >= APART;
    }
    if (apart) {
      out[count++] = all[s].shift;
    }
  }
  return count;
}

static double
span_scale(const shed_echo_asked *asked, size_t n, const shed_echo_track *t)
{
  size_t first = t->n, last = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (!isnan(t->midi[i])) {
      first = first == t->n ? i : first;
      last  = i;
    }
  }
  double asked_s = asked[n - 1].onset_s + asked[n - 1].sound_s;
  double scale   = (double)(last - first + 1) * SHED_FRAME_HOP_S / asked_s;
  return fmin(fmax(scale, LEAST_SCALE), MOST_SCALE);
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void
measure_pitch(const shed_echo_track *t, shed_echo_found *f, double *room)
{
  size_t from = (size_t)lround(f->onset_s / SHED_FRAME_HOP_S),
         to   = (size_t)lround(f->offset_s / SHED_FRAME_HOP_S);
  size_t n    = 0;
  from += (size_t)((double)(to - from) * EDGE_SHARE);
  for (size_t i = from; i < to && i < t->n; i++) {
    if (!isnan(t->midi[i])) {
      room[n++] = (double)t->midi[i];
    }
  }
  qsort(room, n, sizeof(*room), by_value);
  f->midi     = n ? room[n / 2] : (double)NAN;
  f->voiced_s = (double)n * SHED_FRAME_HOP_S / (1 - EDGE_SHARE);
}

static double
measured_shift(const shed_echo_asked *asked, size_t n, const shed_echo_found *found, double shift,
               double *room)
{
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    double d = found[i].found ? found[i].midi - asked[i].midi : (double)NAN;
    if (fabs(d - shift) <= OWN_SHIFT) {
      room[k++] = d;
    }
  }
  qsort(room, k, sizeof(*room), by_value);
  return k ? (room[(k - 1) / 2] + room[k / 2]) / 2 : shift;
}

// Slope of the onsets: least squares with Huber's weights.
static double
measured_scale(const shed_echo_asked *asked, size_t n, const shed_echo_found *found, double scale)
{
  double offset = 0;
  bool   first  = true;
  for (int round = 0; round < 12; round++) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
      if (!found[i].found) {
        continue;
      }
      double e = fabs(found[i].onset_s - scale * asked[i].onset_s - offset);
      double k = first || e <= HUBER_S ? 1 : HUBER_S / e;
      w += k;
      x += k * asked[i].onset_s;
      y += k * found[i].onset_s;
      xx += k * asked[i].onset_s * asked[i].onset_s;
      xy += k * asked[i].onset_s * found[i].onset_s;
    }
    double d = w * xx - x * x;
    if (d <= 1e-9) {
      return scale;
    }
    scale  = fmin(fmax((w * xy - x * y) / d, LEAST_SCALE), MOST_SCALE);
    offset = (y - scale * x) / w;
    first  = false;
  }
  return scale;
}

static shed_status
look(const shed_echo_asked *asked, size_t n, const shed_echo_track *t, shed_echo_place at,
     const shed_alloc *alloc, double *room, shed_echo_path *p)
{
  shed_status st = shed_echo_path_run(asked, n, t, at, alloc, p->found, &p->cost);
  for (size_t i = 0; st == SHED_OK && i < n; i++) {
    p->found[i].midi = (double)NAN;
    if (p->found[i].found) {
      measure_pitch(t, &p->found[i], room);
    }
  }
  p->shift = at.shift;
  p->scale = at.scale;
  return st;
}

typedef struct {
  double shift, scale, cost;
} seed;

// Keep the SEEDS best places that are not one another.
static void
keep_seed(seed *seeds, int *n, seed one)
{
  int at = *n;
  for (int k = 0; k < *n; k++) {
    bool same =
        fabs(seeds[k].shift - one.shift) < SEED_APART && fabs(log(seeds[k].scale / one.scale)) < SEED_PACE;
    if (same && seeds[k].cost <= one.cost) {
      return;
    }
    at = same && at == *n ? k : at;
  }
  if (at == SEEDS) {
    at = SEEDS - 1;
    if (seeds[at].cost <= one.cost) {
      return;
    }
  }
  seeds[at] = one;
  *n        = at == *n ? *n + 1 : *n;
  for (int k = at; k > 0 && seeds[k].cost < seeds[k - 1].cost; k--) {
    seed s       = seeds[k];
    seeds[k]     = seeds[k - 1];
    seeds[k - 1] = s;
  }
}

// Finer from one place on; what comes out is kept in best when it costs less.
static shed_status
refine(const shed_echo_asked *asked, size_t n, const shed_echo_track *t, shed_echo_place at,
       const shed_alloc *alloc, double *room, shed_echo_path *p, shed_echo_path *best)
{
  at.hop = FINE_HOP;
  for (int k = 0; k < ROUNDS; k++) {
    shed_status st = look(asked, n, t, at, alloc, room, p);
    if (st != SHED_OK) {
      return st;
    }
    at.shift = measured_shift(asked, n, p->found, at.shift, room);
    at.scale = measured_scale(asked, n, p->found, at.scale);
  }
  if (p->cost < best->cost) {
    memcpy(best->found, p->found, n * sizeof(*p->found));
    best->cost  = p->cost;
    best->shift = at.shift;
    best->scale = at.scale;
  }
  return SHED_OK;
}

static shed_status
search(const shed_echo_asked *asked, size_t n, const shed_echo_track *t, shed_echo_lean lean,
       const shed_echo_path *near, const shed_alloc *alloc, double *room, shed_echo_path *p,
       shed_echo_path *best)
{
  double shifts[TRIED];
  seed   seeds[SEEDS];
  int    tried = guess_shifts(asked, n, t, shifts), n_seeds = 0;
  if (tried == 0) {
    return SHED_E_RANGE;
  }
  if (near) {
    tried     = 1;
    shifts[0] = near->shift;
  }
  for (int k = 0; k < 2 * tried; k++) {
    double          pace = k % 2 ? 1 : span_scale(asked, n, t);
    shed_echo_place one  = {shifts[k / 2], pace, TIME_COST[lean], COARSE_HOP};
    shed_status     st   = look(asked, n, t, one, alloc, room, p);
    if (st != SHED_OK) {
      return st;
    }
    keep_seed(seeds, &n_seeds,
              (seed){measured_shift(asked, n, p->found, one.shift, room),
                     measured_scale(asked, n, p->found, one.scale), p->cost});
  }
  best->cost = (double)INFINITY;
  for (int k = 0; k < n_seeds; k++) {
    shed_echo_place at = {seeds[k].shift, seeds[k].scale, TIME_COST[lean], FINE_HOP};
    shed_status     st = refine(asked, n, t, at, alloc, room, p, best);
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

shed_status
shed_echo_path_find(const shed_echo_asked *asked, size_t n, const shed_echo_track *track, shed_echo_lean lean,
                    const shed_echo_path *near, const shed_alloc *alloc, shed_echo_path *out)
{
  if (track->n > SHED_ECHO_CELLS / n) {
    return SHED_E_LIMIT;
  }
  shed_echo_path p    = {.found = shed_calloc(alloc, n, sizeof(*p.found))};
  shed_echo_path best = {.found = shed_calloc(alloc, n, sizeof(*best.found))};
  double        *room = shed_malloc(alloc, (track->n + n) * sizeof(*room));
  shed_status    st   = SHED_E_NOMEM;
  if (p.found && best.found && room) {
    st = search(asked, n, track, lean, near, alloc, room, &p, &best);
  }
  shed_free(alloc, room);
  shed_free(alloc, p.found);
  if (st != SHED_OK) {
    shed_free(alloc, best.found);
    return st;
  }
  *out = best;
  return SHED_OK;
}
