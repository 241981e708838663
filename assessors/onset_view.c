#include "assessors/onset_view.h"

#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"

#include <math.h>

enum {
  HARMONICS       = 12,
  REACH           = 22, ///< frames to both sides of the path's time
  MARGIN          = 10, ///< frames looked at beyond the first place and the last
  LOOKED          = SHED_ONSET_PLACES + 2 * MARGIN,
  DIP_FRAMES      = 4, ///< a dip against so many before and after
  AFTER_CHANGED   = 5, ///< frames behind the beginning of the note before, which is another pitch
  AFTER_REPEATED  = 9,
  BEFORE_CHANGED  = 3, ///< and ahead of the next one's
  BEFORE_REPEATED = 7
};

static const double HIGHEST_HZ    = 6900;
static const double APART_HZ      = 45;   ///< of two lines that the spectrum tells apart
static const double NEAR_SHARE    = .015; ///< a harmonic is looked for so near
static const float  BELOW_TOP_DB  = 45;   ///< a harmonic that never comes nearer to the strongest is none
static const float  DEEPEST_DB    = 50;
static const double SILENT_S      = .15; ///< after such a rest nothing of the pitch before is in the way
static const float  DIP_FLOOR_DB  = 40;
static const float  DIP_MOST_DB   = 10;  ///< of one harmonic: a neighbour's may come and go
static const float  DIP_FALL      = .4F; ///< what going down counts against coming up
static const float  SUPPORT_CENTS = 74;
static const float  A_DECADE      = .1F;
static const double ONSET_NEAR_S  = .015;

/// What is seen of each frame in view.
typedef enum { OWN, ALL, OLD, CLIMBED, LEVEL, FLUX, SPEAKS, SPOKE, DIP, SERIES } series;

/// Which frames around a place are its inputs.
static const struct {
  series what;
  int    n, at[14];
} TAPS[] = {
    {OWN, 14, {-7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 10}},
    {ALL, 11, {-7, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8}},
    {OLD, 9, {-6, -4, -2, -1, 0, 1, 2, 4, 7}},
    {CLIMBED, 7, {-3, -1, 0, 1, 2, 4, 7}},
    {LEVEL, 9, {-6, -4, -2, -1, 0, 1, 2, 4, 7}},
    {FLUX, 8, {-3, -2, -1, 0, 1, 2, 3, 4}},
    {SPEAKS, 9, {-4, -2, -1, 0, 1, 2, 4, 6, 8}},
    {SPOKE, 4, {-4, 0, 4, 8}},
    {DIP, 4, {-1, 0, 1, 2}},
};
enum { PLACED = 5 }; ///< inputs of where the place lies

/// The harmonics of a pitch, dB a frame.
typedef struct {
  int   n;
  float level[HARMONICS][LOOKED];
  float most[HARMONICS]; ///< over the places
} harmonics;

// -- which pitches ----------------------------------------------------------------------------------------------------

static double
start_of(const shed_judged *j, int segment)
{
  return shed_segment_start_s(j, &j->path.segments[segment]);
}

static double
end_of(const shed_judged *j, int segment)
{
  return shed_segment_end_s(j, &j->path.segments[segment]);
}

static int
row_at(const shed_judged *j, int segment)
{
  return shed_segment_row(j, &j->path.segments[segment]);
}

/// The pitch of a segment as it sounds, Hz.
static double
pitch_of(const shed_judged *j, int segment)
{
  const shed_segment *s    = &j->path.segments[segment];
  const shed_found   *f    = &j->found[s->event];
  const size_t        at   = (size_t)fmax(0, round(start_of(j, segment) / SHED_FRAME_HOP_S));
  double              midi = shed_lane_midi(row_at(j, segment));
  if (s->kind != SHED_STEP_EXTRA && s->lane == 0 && f->segment == segment && !isnan(f->m.cents)) {
    return shed_midi_to_hz(j->target.events[s->event].pitch + f->m.cents / 100, 440);
  }
  return shed_midi_to_hz(midi + (double)j->centre[at < j->take->n_frames ? at : 0] / 100, 440);
}

// -- their harmonics --------------------------------------------------------------------------------------------------

static int
inside(const shed_take *take, int frame)
{
  const int last = (int)take->n_frames - 1;
  return frame < 0 ? 0 : frame > last ? last : frame;
}

static float
level_at(const shed_take *take, int frame, int low, int high)
{
  const uint8_t *row  = take->bands + (size_t)inside(take, frame) * SHED_TAKE_BANDS;
  uint8_t        best = 0;
  for (int b = low; b <= high; b++) {
    best = row[b] > best ? row[b] : best;
  }
  return shed_bands_db(best);
}

static void
drop_weak(harmonics *h)
{
  float top = -10 * DEEPEST_DB;
  int   n   = 0;
  for (int k = 0; k < h->n; k++) {
    top = fmaxf(top, h->most[k]);
  }
  for (int k = 0; k < h->n; k++) {
    if (h->most[k] >= top - BELOW_TOP_DB) {
      if (n < k) {
        h->most[n] = h->most[k];
        for (int i = 0; i < LOOKED; i++) {
          h->level[n][i] = h->level[k][i];
        }
      }
      n++;
    }
  }
  h->n = n;
}

/// Those harmonics of a pitch that are at least APART_HZ from any of another; @p other_hz 0: all.
static void
look(const shed_take *take, double hz, double other_hz, int first, int n, harmonics *h)
{
  h->n = 0;
  for (int k = 1; k <= HARMONICS && k * hz < HIGHEST_HZ; k++) {
    double near = other_hz > 0 ? fmax(1, round(k * hz / other_hz)) * other_hz : -APART_HZ;
    int low = shed_bands_place(k * hz * (1 - NEAR_SHARE)), high = shed_bands_place(k * hz * (1 + NEAR_SHARE));
    if (low < 0 || high < 0 || fabs(k * hz - near) < APART_HZ) {
      continue;
    }
    h->most[h->n] = shed_bands_db(0);
    for (int i = 0; i < n + 2 * MARGIN; i++) {
      float db          = level_at(take, first - MARGIN + i, low, high);
      h->level[h->n][i] = db;
      h->most[h->n]     = i >= MARGIN && i < MARGIN + n ? fmaxf(h->most[h->n], db) : h->most[h->n];
    }
    h->n++;
  }
  drop_weak(h);
}

/// Mean of the harmonics' levels, each under its own greatest; -DEEPEST_DB without any.
static void
mean_level(const harmonics *h, int n, float *out)
{
  for (int i = 0; i < n; i++) {
    float sum = h->n ? 0 : -DEEPEST_DB;
    for (int k = 0; k < h->n; k++) {
      sum += fminf(fmaxf(h->level[k][i] - h->most[k], -DEEPEST_DB), 6) / (float)h->n;
    }
    out[i] = A_DECADE * sum;
  }
}

/// How many of them have come to within some dB of their greatest.
static void
climbed(const harmonics *h, int n, float *out)
{
  for (int i = 0; i < n; i++) {
    float sum = 0;
    for (int k = 0; k < h->n; k++) {
      float under = h->most[k] - h->level[k][i];
      sum += under <= 8 ? 1 : under >= 16 ? 0 : (16 - under) / 8;
    }
    out[i] = h->n ? sum / (float)h->n : 0;
  }
}

static float
dip_at(const harmonics *h, int i)
{
  float sum = 0;
  for (int k = 0; k < h->n; k++) {
    const float *l     = &h->level[k][i];
    const float  least = h->most[k] - DIP_FLOOR_DB, here = fmaxf(l[0], least);
    float        before = least, after = least;
    for (int d = 1; d <= DIP_FRAMES; d++) {
      before = fmaxf(before, l[-d]);
      after  = fmaxf(after, l[d]);
    }
    sum += fminf(fmaxf(0, after - here) + DIP_FALL * fmaxf(0, before - here), DIP_MOST_DB);
  }
  return h->n ? sum / (float)h->n : 0;
}

// -- what is seen -----------------------------------------------------------------------------------------------------

typedef struct {
  float x[SERIES][LOOKED];
} seen;

static void
see_frames(const shed_judged *j, double hz, double before_hz, int first, int n, seen *s)
{
  const double midi = shed_hz_to_midi(hz, 440);
  float        most = -120;
  for (int i = 0; i < n + 2 * MARGIN; i++) {
    const shed_frame *f = &j->take->frames[inside(j->take, first - MARGIN + i)];
    s->x[LEVEL][i]      = fmaxf(f->level_db, -120);
    s->x[FLUX][i]       = fminf(f->flux, 4);
    s->x[SPEAKS][i]     = shed_frame_support(f, midi, SUPPORT_CENTS);
    s->x[SPOKE][i] =
        before_hz > 0 ? shed_frame_support(f, shed_hz_to_midi(before_hz, 440), SUPPORT_CENTS) : 0;
    most = i >= MARGIN && i < MARGIN + n ? fmaxf(most, s->x[LEVEL][i]) : most;
  }
  for (int i = 0; i < n + 2 * MARGIN; i++) {
    s->x[LEVEL][i] = A_DECADE * fmaxf(s->x[LEVEL][i] - most, -DEEPEST_DB);
  }
}

static void
put_places(const shed_judged *j, const shed_found *f, const seen *s, shed_onset_view *v)
{
  const float path = (float)(f->path_onset_s / SHED_FRAME_HOP_S);
  const float ear  = (float)(f->onset_s / SHED_FRAME_HOP_S);
  for (int i = 0; i < v->n; i++) {
    int    m  = 0;
    double at = (v->first + i) * SHED_FRAME_HOP_S;
    for (size_t t = 0; t < SHED_COUNTOF(TAPS); t++) {
      for (int k = 0; k < TAPS[t].n; k++) {
        v->own[i][m++] = s->x[TAPS[t].what][MARGIN + i + TAPS[t].at[k]];
      }
    }
    float from_path = A_DECADE * ((float)(v->first + i) - path),
          from_ear  = A_DECADE * ((float)(v->first + i) - ear);
    float marked    = 0;
    for (size_t k = 0; k < j->take->n_onsets; k++) {
      if (fabs((double)j->take->onsets[k].time_s - at) <= ONSET_NEAR_S) {
        marked = fmaxf(marked, j->take->onsets[k].confidence);
      }
    }
    v->own[i][m++] = from_path;
    v->own[i][m++] = fabsf(from_path);
    v->own[i][m++] = from_ear;
    v->own[i][m++] = fabsf(from_ear);
    v->own[i][m++] = marked;
    SHED_ASSERT(m == SHED_ONSET_OWN);
  }
}

/// The places where the note may have begun: between its neighbours.
static void
put_reach(const shed_judged *j, const shed_found *f, shed_onset_view *v)
{
  const int    s     = f->segment;
  const double path  = f->path_onset_s / SHED_FRAME_HOP_S;
  double       first = path - REACH, last = path + REACH;
  if (s > 0) {
    first = fmax(first, start_of(j, s - 1) / SHED_FRAME_HOP_S + (v->again ? AFTER_REPEATED : AFTER_CHANGED));
  }
  if (s + 1 < (int)j->path.n) {
    last = fmin(last, start_of(j, s + 1) / SHED_FRAME_HOP_S - (v->again ? BEFORE_REPEATED : BEFORE_CHANGED));
  }
  v->first = (int)ceil(first - 1e-6);
  v->n     = (int)floor(last + 1e-6) - v->first + 1;
  v->n     = v->n < SHED_ONSET_PLACES ? v->n : SHED_ONSET_PLACES;
}

bool
shed_onset_view_of(const shed_judged *j, const shed_found *f, shed_onset_view *v)
{
  const int    s = f->segment;
  seen         x;
  harmonics    own, all, old;
  const bool   fresh = s == 0 || end_of(j, s - 1) < f->path_onset_s - SILENT_S;
  const double hz = pitch_of(j, s), before_hz = fresh ? 0 : pitch_of(j, s - 1);
  v->again = !fresh && row_at(j, s) == row_at(j, s - 1);
  put_reach(j, f, v);
  if (v->n < 3) {
    return false;
  }
  const int looked = v->n + 2 * MARGIN;
  look(j->take, hz, v->again ? 0 : before_hz, v->first, v->n, &own);
  look(j->take, hz, 0, v->first, v->n, &all);
  old.n = 0;
  if (!fresh && !v->again) {
    look(j->take, before_hz, hz, v->first, v->n, &old);
  }
  mean_level(&own, looked, x.x[OWN]);
  mean_level(&all, looked, x.x[ALL]);
  mean_level(&old, looked, x.x[OLD]);
  climbed(own.n ? &own : &all, looked, x.x[CLIMBED]);
  for (int i = 0; i < looked; i++) {
    x.x[DIP][i] = i < MARGIN - DIP_FRAMES || i >= looked - DIP_FRAMES ? 0 : dip_at(&all, i);
  }
  see_frames(j, hz, before_hz, v->first, v->n, &x);
  put_places(j, f, &x, v);
  float most = -120, low = 0, high = -DEEPEST_DB;
  for (int k = 0; k < all.n; k++) {
    most = fmaxf(most, all.most[k]);
  }
  for (int i = MARGIN; i < MARGIN + v->n; i++) {
    low  = fminf(low, x.x[OWN][i]);
    high = fmaxf(high, x.x[OWN][i]);
  }
  const float range_db = own.n ? 10 * (high - low) : 0;
  float       shared[] = {v->again ? 1 : 0,
                    fresh ? 1 : 0,
                    j->prompt->sung ? 1 : 0,
                    (float)own.n / HARMONICS,
                    (float)(shed_hz_to_midi(hz, 440) / 12),
                    A_DECADE * fmaxf(most - j->levels.floor_db, 0),
                    A_DECADE * range_db,
                    fresh ? 0 : (float)fmax(-.1, fmin(.2, f->path_onset_s - end_of(j, s - 1))) * 10,
                    (float)fmin(1, end_of(j, s) - f->path_onset_s)};
  for (int i = 0; i < SHED_ONSET_SHARED; i++) {
    v->shared[i] = shared[i];
  }
  return all.n > 0;
}
