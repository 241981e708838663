// About this file: a pitch track of any spacing, brought to the frames' grid. Where it says that nothing sounds, or leaves a
// hole, nothing sounds; between two values of one pitch the pitch is interpolated, elsewhere the nearer value stands.
#include "engine/music/pitch.h"
#include "engine/take/csv.h"
#include "engine/take/f0_notes.h"
#include "engine/take/kinds.h"

#include <math.h>
#include <stdlib.h>

enum { TIME, F0, VOICED, CONFIDENCE, COLUMNS };
static const shed_csv_column columns[COLUMNS] = {
    [TIME]       = {"time_s", 0, SHED_GIVEN_MAX_S, true, false},
    [F0]         = {"f0_hz", 0, 20000, true, true},
    [VOICED]     = {"voiced", 0, 1, false, true},
    [CONFIDENCE] = {"confidence", 0, 1, false, true},
};

static const double LOWEST_HZ   = 10;   // under it nothing is a pitch
static const double HOLE_S      = 0.05; // rows further apart, and HOLE_HOPS, leave a hole
static const double HOLE_HOPS   = 3;
static const double HOLE_MOST_S = 0.25; // and those further apart than this always do
static const double SAME_CENTS  = 80;   // neighbours that are one sound
enum { HOPS_LOOKED_AT = 4096 };

typedef struct {
  double time_s;
  float  f0_hz; // 0 where nothing sounds
  float  confidence;
} point;

typedef struct {
  point *at;
  size_t n, cap;
} track;

static shed_status
add_point(const shed_csv *csv, const double *v, const shed_alloc *alloc, track *t, shed_error *err)
{
  if (t->n && v[TIME] <= t->at[t->n - 1].time_s) {
    return shed_csv_fail(
        csv, err, SHED_E_RANGE,
        "time_s %g does not lie behind that of the row above, %g: rows come in order of time", v[TIME],
        t->at[t->n - 1].time_s);
  }
  shed_status st = shed_grow(alloc, (void **)&t->at, &t->cap, t->n, sizeof(*t->at));
  if (st == SHED_OK) {
    bool sounds   = v[F0] >= LOWEST_HZ && !(v[VOICED] < 0.5);
    t->at[t->n++] = (point){.time_s     = v[TIME],
                            .f0_hz      = sounds ? (float)v[F0] : 0,
                            .confidence = isnan(v[CONFIDENCE]) ? 1 : (float)v[CONFIDENCE]};
  }
  return st;
}

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

// Rows further apart than this leave a hole: a few times their usual distance.
static double
hole_of(const track *t, double *hops)
{
  size_t n = t->n - 1 < HOPS_LOOKED_AT ? t->n - 1 : HOPS_LOOKED_AT;
  for (size_t i = 0; i < n; i++) {
    hops[i] = t->at[i + 1].time_s - t->at[i].time_s;
  }
  qsort(hops, n, sizeof(*hops), rising);
  return n ? fmin(fmax(HOLE_S, HOLE_HOPS * hops[n / 2]), HOLE_MOST_S) : HOLE_S;
}

static void
set_frame(shed_frame *f, double hz, double confidence)
{
  f->level_db = hz > 0 ? SHED_GIVEN_SOUNDS_DB : SHED_GIVEN_SILENT_DB;
  if (hz > 0) {
    f->f0_hz           = (float)hz;
    f->voiced          = true;
    f->confidence      = (float)confidence;
    f->cand[0].f0_hz   = (float)hz;
    f->cand[0].support = 1;
  }
}

// What the track says of one instant between two of its rows.
static void
draw_frame(shed_frame *f, const point *a, const point *b, double at_s, double hole_s)
{
  double share = (at_s - a->time_s) / (b->time_s - a->time_s);
  bool   hole  = b->time_s - a->time_s > hole_s;
  if (a->f0_hz > 0 && b->f0_hz > 0 && !hole &&
      fabs(1200 * log2((double)b->f0_hz / (double)a->f0_hz)) <= SAME_CENTS) {
    set_frame(f, (double)a->f0_hz * pow((double)b->f0_hz / (double)a->f0_hz, share),
              (1 - share) * (double)a->confidence + share * (double)b->confidence);
    return;
  }
  const point *near = share < 0.5 ? a : b;
  bool         far  = hole && fabs(near->time_s - at_s) > hole_s / 2;
  set_frame(f, far ? 0 : (double)near->f0_hz, (double)near->confidence);
}

static shed_status
draw(const track *t, shed_take *take)
{
  take->duration_s = t->at[t->n - 1].time_s;
  take->n_frames   = (size_t)(take->duration_s / SHED_FRAME_HOP_S) + 1;
  take->frames     = shed_calloc(take->alloc, take->n_frames, sizeof(*take->frames));
  double *hops     = shed_calloc(take->alloc, HOPS_LOOKED_AT, sizeof(*hops));
  if (!take->frames || !hops) {
    shed_free(take->alloc, hops);
    return SHED_E_NOMEM;
  }
  double hole_s = hole_of(t, hops);
  size_t next   = 0;
  for (size_t i = 0; i < take->n_frames; i++) {
    double at_s = (double)i * SHED_FRAME_HOP_S;
    while (next < t->n && t->at[next].time_s <= at_s) {
      next++;
    }
    if (next > 0 && next < t->n) {
      draw_frame(&take->frames[i], &t->at[next - 1], &t->at[next], at_s, hole_s);
    } else {
      const point *edge = next ? &t->at[t->n - 1] : &t->at[0];
      bool         near = fabs(edge->time_s - at_s) <= SHED_FRAME_HOP_S;
      set_frame(&take->frames[i], near ? (double)edge->f0_hz : 0, (double)edge->confidence);
    }
  }
  shed_free(take->alloc, hops);
  return SHED_OK;
}

shed_status
shed_given_read_f0(const char *data, size_t n, const char *name, shed_take *take, shed_error *err)
{
  shed_csv    csv;
  track       t = {0};
  double      v[COLUMNS];
  bool        more = true;
  shed_status st   = shed_csv_open(&csv, data, n, name, columns, COLUMNS, err);
  while (st == SHED_OK && (st = shed_csv_row(&csv, v, &more, err)) == SHED_OK && more) {
    st = add_point(&csv, v, take->alloc, &t, err);
  }
  if (st == SHED_OK && t.n > 0 && (st = draw(&t, take)) == SHED_OK) {
    st = shed_f0_notes(take);
  }
  shed_free(take->alloc, t.at);
  return st;
}
