// About this file: the search for the way of the notes through the take. echo_shift.c says where in pitch to look.
//
// Costs are in notes: a note that is wrong for all its length costs about .7, one left out 1.2. The sound decides where notes
// are; time decides where the sound cannot: a wrong note in its place is a wrong note, not a note left out and another
// too many.
#include "assessors/echo_path.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BIN        .25 // semitones between the pitches that a note may have
#define MOST_OFF   16  // bins either way: four semitones
#define LANES      (2 * MOST_OFF)
#define NEAR       .45 // semitones: standard deviation of steady singing with its vibrato
#define SILENT     .35 // a frame without pitch inside a note
#define GAP_SOUND  .75 // a frame with pitch between notes
#define GAP_SILENT .05
#define LEAD_SOUND .5  // sound before the first note or behind the last
#define OCTAVE     .15 // a frame an octave off is a fault of the track more often than of the player
#define MISS_COST  1.2
#define TIME_SPAN  .55 // natural logarithm of a gap's ratio that is all wrong
#define BEAM       3.0
#define LEAST_S    .06 // shortest note
#define REACH      2.0 // how far behind its place the next note is looked for: so many times the gap, and
#define REACH_S    .8

enum { MOST_SKIP = 3, NONE = -1 };

typedef struct {
  const shed_echo_asked *asked;
  size_t                 n;
  const shed_echo_track *track;
  int                    hop; // frames a step
  int                    steps;
  double                 unit; // cost of one step that is all wrong
  double                 shift, scale;
  float                  time; // cost of a gap that is all wrong
  int                    low_bin, n_bins;
  float                 *sound; // [step + 1][bin]: sums of what a note of that pitch costs up to a step
  float                 *gap;   // [step + 1]
  float                 *lead;
  float                 *cost; // [note][step]: the best way in which the note begins there
  int32_t               *from_step;
  int8_t                *from_skip;
  float                  off[LANES]; // cost of each pitch off the one asked
  float                 *seg;        // [step]
  float                 *logs;
} lattice;

static double
frame_cost(float midi, double pitch)
{
  if (isnan(midi)) {
    return SILENT;
  }
  double d    = (double)midi - pitch;
  double fold = fabs(fabs(d) - 12);
  double near = 1 - exp(-d * d / (2 * NEAR * NEAR));
  double far  = OCTAVE + 1 - exp(-fold * fold / (2 * NEAR * NEAR));
  return fmin(near, fmin(far, 1));
}

// What a pitch off the one asked costs, in notes.
static double
off_cost(int bins)
{
  double d = fabs(bins * BIN);
  return d <= .5 ? .16 * d : d <= 1 ? .08 + .7 * (d - .5) : fmin(.43 + .12 * (d - 1), .65);
}

static int
bin_of(const lattice *l, size_t i)
{
  return (int)lround((l->asked[i].midi + l->shift) / BIN) - l->low_bin;
}

static void
fill_sums(lattice *l)
{
  const float *midi = l->track->midi;
  const double each = l->unit / l->hop;
  for (int b = 0; b < l->n_bins; b++) {
    double sum  = 0;
    l->sound[b] = 0;
    for (int t = 0; t < l->steps; t++) {
      for (int k = 0; k < l->hop; k++) {
        sum += frame_cost(midi[t * l->hop + k], (l->low_bin + b) * BIN) * each;
      }
      l->sound[(size_t)(t + 1) * (size_t)l->n_bins + (size_t)b] = (float)sum;
    }
  }
  double gap = 0, lead = 0;
  l->gap[0] = l->lead[0] = 0;
  for (int t = 0; t < l->steps; t++) {
    for (int k = 0; k < l->hop; k++) {
      bool silent = isnan(midi[t * l->hop + k]);
      gap += (silent ? GAP_SILENT : GAP_SOUND) * each;
      lead += (silent ? 0 : LEAD_SOUND) * each;
    }
    l->gap[t + 1]  = (float)gap;
    l->lead[t + 1] = (float)lead;
  }
}

static inline float
lower(float a, float b)
{
  return a < b ? a : b;
}

// The least of LANES values; halves are compared so that the compiler can take four at once.
static float
least_of(const float *x)
{
  float m[LANES / 2];
  for (int k = 0; k < LANES / 2; k++) {
    m[k] = lower(x[k], x[k + LANES / 2]);
  }
  for (int width = LANES / 4; width > 0; width /= 2) {
    for (int k = 0; k < width; k++) {
      m[k] = lower(m[k], m[k + width]);
    }
  }
  return m[0];
}

// seg[t]: the cheapest note i from start that has ended, with the gap behind it, by step t; from start + least on.
static void
fill_segments(const lattice *l, size_t i, int start, int end, int least, const float *behind)
{
  const float *first = l->sound + (size_t)start * (size_t)l->n_bins + (bin_of(l, i) - MOST_OFF);
  float        begun[LANES], ended[LANES], all[LANES];
  for (int k = 0; k < LANES; k++) {
    begun[k] = l->off[k] - first[k];
    ended[k] = INFINITY;
  }
  for (int t = start + least; t <= end; t++) {
    const float *row = first + (size_t)(t - start) * (size_t)l->n_bins;
    const float  gap = behind[t];
    for (int k = 0; k < LANES; k++) {
      ended[k] = lower(ended[k], row[k] - gap);
      all[k]   = begun[k] + ended[k];
    }
    l->seg[t] = least_of(all) + gap;
  }
}

static double
gap_between(const lattice *l, size_t i, size_t k)
{
  return l->scale * (l->asked[k].onset_s - l->asked[i].onset_s) / (SHED_FRAME_HOP_S * l->hop);
}

static void
extend(lattice *l, size_t i, int start, int least)
{
  const size_t width = (size_t)l->steps + 1;
  const size_t last  = i + 1 + MOST_SKIP < l->n ? i + 1 + MOST_SKIP : l->n - 1;
  const float  here  = l->cost[i * width + (size_t)start];
  double       reach = REACH * gap_between(l, i, last) + REACH_S / (SHED_FRAME_HOP_S * l->hop);
  int          end   = (int)fmin(l->steps, start + reach);
  fill_segments(l, i, start, end, least, l->gap);
  for (size_t k = i + 1; k <= last; k++) {
    int    skip   = (int)(k - i - 1);
    float  wanted = (float)log(fmax(gap_between(l, i, k), 1));
    float *cost   = l->cost + k * width;
    float  base   = here + (float)(MISS_COST * skip);
    for (int t = start + least; t <= end; t++) {
      float d = (l->logs[t - start] - wanted) / (float)TIME_SPAN;
      float c = base + l->seg[t] + l->time * lower(d * d, 1);
      if (c < cost[t]) {
        cost[t]                             = c;
        l->from_step[k * width + (size_t)t] = start;
        l->from_skip[k * width + (size_t)t] = (int8_t)skip;
      }
    }
  }
}

typedef struct {
  double cost;
  size_t note;
  int    step;
} finish;

static finish
run(lattice *l)
{
  const size_t width = (size_t)l->steps + 1;
  const int    least = (int)fmax(1, round(LEAST_S / (SHED_FRAME_HOP_S * l->hop)));
  finish       best  = {.cost = (double)INFINITY, .note = 0, .step = 0};
  for (size_t i = 0; i < l->n * width; i++) {
    l->cost[i]      = INFINITY;
    l->from_step[i] = NONE;
    l->from_skip[i] = 0;
  }
  for (size_t i = 0; i < l->n; i++) {
    float *cost = l->cost + i * width;
    float  low  = INFINITY;
    for (int t = 0; t < l->steps; t++) {
      if (i <= MOST_SKIP && (float)(MISS_COST * (double)i) + l->lead[t] < cost[t]) {
        cost[t]                             = (float)(MISS_COST * (double)i) + l->lead[t];
        l->from_step[i * width + (size_t)t] = NONE;
      }
      low = lower(low, cost[t]);
    }
    for (int t = 0; t + least <= l->steps; t++) {
      if (cost[t] > low + (float)BEAM) {
        continue;
      }
      double unplayed = (double)cost[t] + MISS_COST * (double)(l->n - 1 - i);
      if (unplayed < best.cost) {
        fill_segments(l, i, t, l->steps, least, l->lead);
        double whole = unplayed + (double)l->seg[l->steps];
        best         = whole < best.cost ? (finish){whole, i, t} : best;
      }
      if (i + 1 < l->n) {
        extend(l, i, t, least);
      }
    }
  }
  return best;
}

// Where note i, from start to the next one's start, stops sounding.
static int
end_of(const lattice *l, size_t i, int start, int next, int least, const float *behind)
{
  const float *first = l->sound + (size_t)start * (size_t)l->n_bins + (bin_of(l, i) - MOST_OFF);
  float        best  = INFINITY;
  int          end   = next;
  for (int t = start + least; t <= next; t++) {
    const float *row = first + (size_t)(t - start) * (size_t)l->n_bins;
    for (int k = 0; k < LANES; k++) {
      float c = l->off[k] + row[k] - first[k] + behind[next] - behind[t];
      if (c < best) {
        best = c;
        end  = t;
      }
    }
  }
  return end;
}

static void
trace(const lattice *l, finish f, shed_echo_found *found)
{
  const size_t width = (size_t)l->steps + 1;
  const double step  = SHED_FRAME_HOP_S * l->hop;
  const int    least = (int)fmax(1, round(LEAST_S / step));
  int          next  = l->steps;
  size_t       i     = f.note;
  memset(found, 0, l->n * sizeof(*found));
  for (int t = f.step; t >= 0;) {
    int end           = end_of(l, i, t, next, least, next == l->steps ? l->lead : l->gap);
    found[i].found    = true;
    found[i].onset_s  = t * step;
    found[i].offset_s = end * step;
    int    from       = l->from_step[i * width + (size_t)t];
    size_t skip       = (size_t)l->from_skip[i * width + (size_t)t];
    next              = t;
    t                 = from;
    i                 = from >= 0 ? i - skip - 1 : i;
  }
}

static void
lattice_free(lattice *l, const shed_alloc *alloc)
{
  shed_free(alloc, l->sound);
  shed_free(alloc, l->gap);
  shed_free(alloc, l->lead);
  shed_free(alloc, l->cost);
  shed_free(alloc, l->from_step);
  shed_free(alloc, l->from_skip);
  shed_free(alloc, l->seg);
  shed_free(alloc, l->logs);
}

static shed_status
lattice_make(lattice *l, const shed_alloc *alloc)
{
  double low = l->asked[0].midi, high = low, gaps = 0;
  for (size_t i = 0; i < l->n; i++) {
    low  = fmin(low, l->asked[i].midi);
    high = fmax(high, l->asked[i].midi);
    gaps += l->asked[i].gap_s;
  }
  l->low_bin   = (int)lround((low + l->shift) / BIN) - MOST_OFF;
  l->n_bins    = (int)lround((high + l->shift) / BIN) + MOST_OFF - l->low_bin;
  l->steps     = (int)(l->track->n / (size_t)l->hop);
  l->unit      = SHED_FRAME_HOP_S * l->hop / (l->scale * gaps / (double)l->n);
  size_t width = (size_t)l->steps + 1;
  l->sound     = shed_malloc(alloc, (size_t)l->n_bins * width * sizeof(float));
  l->gap       = shed_malloc(alloc, width * sizeof(float));
  l->lead      = shed_malloc(alloc, width * sizeof(float));
  l->cost      = shed_malloc(alloc, l->n * width * sizeof(float));
  l->from_step = shed_malloc(alloc, l->n * width * sizeof(int32_t));
  l->from_skip = shed_malloc(alloc, l->n * width);
  l->seg       = shed_malloc(alloc, width * sizeof(float));
  l->logs      = shed_malloc(alloc, width * sizeof(float));
  if (!l->sound || !l->gap || !l->lead || !l->cost || !l->from_step || !l->from_skip || !l->seg || !l->logs) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < width; i++) {
    l->logs[i] = (float)log(fmax((double)i, .5));
  }
  for (int k = 0; k < LANES; k++) {
    l->off[k] = (float)off_cost(k - MOST_OFF);
  }
  fill_sums(l);
  return SHED_OK;
}

shed_status
shed_echo_path_run(const shed_echo_asked *asked, size_t n, const shed_echo_track *track, shed_echo_place at,
                   const shed_alloc *alloc, shed_echo_found *found, double *cost)
{
  lattice     l  = {.asked = asked,
                    .n     = n,
                    .track = track,
                    .hop   = at.hop,
                    .shift = at.shift,
                    .scale = at.scale,
                    .time  = (float)at.time};
  shed_status st = lattice_make(&l, alloc);
  if (st == SHED_OK) {
    finish f = run(&l);
    trace(&l, f, found);
    *cost = f.cost / (double)n;
  }
  lattice_free(&l, alloc);
  return st;
}
