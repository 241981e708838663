// About this file: whether a sound that is no note of the music was the player's. How loud it is beside the player's notes and beside
// what others sound where he rests, how its harmonics lie beside his, whether they begin there, how surely and how long it
// was heard, how steadily and how near to a pitch in tune, and how far it lies from what is asked: weighed together
// (judge_extras.def), because no one of them tells it.
#include "assessors/judge_extras.h"

#include <math.h>

static const double RINGS_ON_S    = .35; ///< a note's end in a room
static const double BEFORE_NOTE_S = .06;
static const float  OTHERS_SURE   = .6F;
static const double OTHERS_TOP    = .1; ///< of what others sound is louder
enum {
  OTHERS_BINS  = 120,
  OTHERS_LEAST = 20, ///< frames of somebody else
  FREE_LEAST   = 40, ///< frames without the player, to say that there is nobody
  RISE_BEFORE  = 4,  ///< frames
  RISE_AFTER   = 12
};

static const double EDGE_S = .03;
// Beyond these more says nothing more.
static const double SOFTEST_DB = -14, LOUDEST_DB = 4, USUAL_DB = -6;
static const double OVER_LEAST = -4, OVER_ALONE = 18, OVER_UNKNOWN = 8;
static const double OWN_LEAST = -12, OWN_UNKNOWN = -1;
static const double UNLIKE_MOST = 8, UNLIKE_UNKNOWN = 2;
static const double CLIMB_MOST = 30, CLIMB_UNKNOWN = 20;
static const double RISE_LEAST = -1, RISE_MOST = 10;
static const double LONG_UNIT_S = .1, LONG_LEAST = -1, LONG_MOST = 1.2;
static const double OUTSIDE_MOST = 12;
static const double SPREAD_MOST = 100, OFF_MOST = 50; ///< cents

static const double WEIGHTS[SHED_EXTRA_FEATURES + 1] = {
#define SHED_JUDGE_EXTRAS(...) __VA_ARGS__
#include "assessors/judge_extras.def"
#undef SHED_JUDGE_EXTRAS
};

/// Cents from a pitch, with the take's tuning there taken off.
static double
cents_off(const shed_judged *j, double at_s, double cents)
{
  const size_t i = (size_t)fmax(0, round(at_s / SHED_FRAME_HOP_S));
  return cents - (double)j->centre[i < j->take->n_frames ? i : j->take->n_frames - 1];
}

static double
clip(double x, double least, double most)
{
  return fmin(fmax(x, least), most);
}

double
shed_extras_rise_db(const shed_judged *j, double at_s)
{
  long   at   = lround(at_s / SHED_FRAME_HOP_S);
  double from = 0, to = -120;
  for (long i = at - RISE_BEFORE; i < at + RISE_AFTER; i++) {
    if (i >= 0 && i < (long)j->take->n_frames) {
      double level = (double)j->take->frames[i].level_db;
      from         = i < at ? fmin(from, level) : from;
      to           = i >= at ? fmax(to, level) : to;
    }
  }
  return to - from;
}

/// What sounds where the path has nothing, and no note rings on: the level of other people, learnt where the player rests.
double
shed_extras_others_db(const shed_judged *j)
{
  int    bins[OTHERS_BINS] = {0}, n = 0, free_frames = 0;
  size_t at     = 0;
  double rested = -1; // s from where on the note before has died away
  for (int t = 0; t < j->evidence.n; t++) {
    const shed_frame *f = &j->take->frames[j->evidence.first + t * j->evidence.step];
    const double      s = shed_judge_grid_s(j, t);
    for (; at < j->path.n && j->path.segments[at].start <= t; at++) {
      rested = s + (j->path.segments[at].end - j->path.segments[at].start) * j->evidence.hop_s + RINGS_ON_S;
    }
    bool soon = at < j->path.n && (j->path.segments[at].start - t) * j->evidence.hop_s < BEFORE_NOTE_S;
    if (s < rested || soon) {
      continue;
    }
    free_frames += j->evidence.step;
    if (f->voiced && f->confidence >= OTHERS_SURE && f->level_db >= j->levels.silent_db) {
      int bin = (int)fmin(fmax(-(double)f->level_db, 0), OTHERS_BINS - 1);
      bins[bin] += j->evidence.step;
      n += j->evidence.step;
    }
  }
  if (n < OTHERS_LEAST) {
    return free_frames >= FREE_LEAST ? -(double)INFINITY : (double)NAN;
  }
  int seen = 0, bin = 0;
  while (seen + bins[bin] <= OTHERS_TOP * n) {
    seen += bins[bin++];
  }
  return -(double)bin;
}

/// How loud it is where neither what came before nor what comes next is heard with it.
static double
core_db(const shed_judged *j, const shed_extra_sound *h)
{
  const double edge = fmin(EDGE_S, (h->end_s - h->onset_s) / 3);
  double       core = -120;
  for (long i = lround((h->onset_s + edge) / SHED_FRAME_HOP_S);
       i <= lround((h->end_s - edge) / SHED_FRAME_HOP_S); i++) {
    core = i >= 0 && i < (long)j->take->n_frames ? fmax(core, (double)j->take->frames[i].level_db) : core;
  }
  return core;
}

void
shed_extras_view(const shed_extras *l, const shed_extra_sound *h, double x[SHED_EXTRA_FEATURES])
{
  const shed_judged *j = l->j;
  const double       outside =
      fmax(j->target.lowest + j->target.shift - h->midi, h->midi - j->target.highest - j->target.shift);
  const shed_own_sound s =
      shed_own_compare(&j->own, j->take, h->midi, h->onset_s, h->end_s, h->before_midi, -1);
  const shed_measure m =
      shed_measure_pitch(j->take, &j->levels, h->onset_s, h->end_s, round(h->midi), j->centre);
  const double level_db = core_db(j, h);
  const double usual    = clip(level_db - j->usual_db, SOFTEST_DB, LOUDEST_DB);
  const double over =
      isnan(l->others_db) ? OVER_UNKNOWN : clip(level_db - l->others_db, OVER_LEAST, OVER_ALONE);
  const double own   = s.known ? clip(s.level_db, OWN_LEAST, LOUDEST_DB) : OWN_UNKNOWN;
  const double rise  = clip(shed_extras_rise_db(j, h->onset_s), RISE_LEAST, RISE_MOST);
  const double lasts = clip(log(fmax(h->length_s, SHED_FRAME_HOP_S) / LONG_UNIT_S), LONG_LEAST, LONG_MOST);
  int          n     = 0;
  x[n++]             = usual;
  x[n++]             = over;
  x[n++]             = own;
  x[n++]             = s.known ? fmin(s.spread_db, UNLIKE_MOST) : UNLIKE_UNKNOWN;
  x[n++]             = s.known ? clip(s.climb_db, 0, CLIMB_MOST) : CLIMB_UNKNOWN;
  x[n++]             = rise;
  x[n++]             = h->heard;
  x[n++]             = lasts;
  x[n++]             = clip(outside, 0, OUTSIDE_MOST);
  x[n++]             = s.known ? 0 : 1;
  x[n++]             = isnan(m.spread) ? SPREAD_MOST : fmin(m.spread, SPREAD_MOST);
  x[n++]             = isnan(m.cents) ? OFF_MOST : fmin(fabs(cents_off(j, h->onset_s, m.cents)), OFF_MOST);
  x[n++]             = h->by_ear ? 1 : 0;
  x[n++]             = h->by_ear ? h->heard : 0;
  x[n++]             = own * lasts;
  x[n++]             = over * rise;
  x[n++]             = fmax(usual - USUAL_DB, 0);
  x[n++]             = usual * h->heard;
}

double
shed_extras_odds(const shed_extras *l, const shed_extra_sound *h)
{
  double x[SHED_EXTRA_FEATURES], sum = WEIGHTS[SHED_EXTRA_FEATURES];
  shed_extras_view(l, h, x);
  for (int i = 0; i < SHED_EXTRA_FEATURES; i++) {
    sum += WEIGHTS[i] * x[i];
  }
  return sum;
}
