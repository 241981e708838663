// About this file: where a note began, once the path has told which notes there are. What spectrum and frames show around
// the path's time (onset_view) is weighed by a small net, place by place, as one who knows both pitches would: soft attacks
// show in the new pitch's own harmonics 20 to 60 ms before loudness or periodicity do, a slur in the harmonics of the two
// pitches crossing, a repeated note in a dip, however little. It answers with how likely each place is.
//
// Where the spectrum shows nothing of the note the ear's own onset stays, brought to the same clock: by the take's median of how
// far the two lie apart, since each has a delay of its own.
#include "assessors/onset_view.h"
#include "engine/dsp/net.h"

#include <math.h>

enum { PEAK = 2, MEDIAN_LEAST = 5, MEDIAN_MOST = 512 };

static const double DOUBT_FROM = .02; ///< seconds: a spread of the odds that is none
static const double PLAIN_S    = .03; ///< within it
static const double PLAIN      = .9;  ///< lie so much of the odds: noise is no doubt
static const double MOSTLY     = .75; ///< lie so much of them: it is the likelier by far
static const double BEFORE_S   = .08; ///< the path's time is good to some 60 ms

#define SHED_UNITS(...)                                                                                      \
  {                                                                                                          \
    __VA_ARGS__                                                                                              \
  }
#define SHED_ONSET_INPUT(mean, scale, straight, ...) {mean, scale, straight, {__VA_ARGS__}},
static const shed_net_input INPUTS[] = {
#include "assessors/onset_weights.def"
};
#define SHED_ONSET_UNITS(b, h, o) .base = (b), .bias = h, .out = o,
static const shed_net NET = {
    .input = INPUTS,
#include "assessors/onset_weights.def"
};
_Static_assert(SHED_COUNTOF(INPUTS) == SHED_ONSET_INPUTS, "weights of all inputs");

static void
weigh(const shed_onset_view *v, shed_onset_odds *o)
{
  shed_net_sum common;
  float        most = -INFINITY;
  double       sum  = 0;
  o->first          = v->first;
  o->n              = v->n;
  shed_net_begin(&NET, &common);
  shed_net_add(&NET, 0, v->shared, SHED_ONSET_SHARED, &common);
  for (int i = 0; i < v->n; i++) {
    shed_net_sum s = common;
    shed_net_add(&NET, SHED_ONSET_SHARED, v->own[i], SHED_ONSET_OWN, &s);
    o->share[i] = shed_net_end(&NET, &s);
    most        = fmaxf(most, o->share[i]);
  }
  for (int i = 0; i < v->n; i++) {
    o->share[i] = (float)exp((double)(o->share[i] - most));
    sum += (double)o->share[i];
  }
  for (int i = 0; i < v->n; i++) {
    o->share[i] = (float)((double)o->share[i] / sum);
  }
}

static double
share_at(const shed_onset_odds *o, int i)
{
  return i >= 0 && i < o->n ? (double)o->share[i] : 0;
}

/// The middle of the likeliest three places and what lies beside them, seconds.
static double
likeliest(const shed_onset_odds *o)
{
  int    best = 0;
  double top = -1, sum = 0, x = 0;
  for (int i = 0; i < o->n; i++) {
    double three = share_at(o, i - 1) + share_at(o, i) + share_at(o, i + 1);
    if (three > top) {
      top  = three;
      best = i;
    }
  }
  for (int i = best - PEAK; i <= best + PEAK; i++) {
    sum += share_at(o, i);
    x += share_at(o, i) * i;
  }
  return (o->first + x / sum) * SHED_FRAME_HOP_S;
}

double
shed_judge_onset_share(const shed_found *f, double from_s, double to_s)
{
  double sum = 0;
  for (int i = 0; i < f->odds.n; i++) {
    double at = (f->odds.first + i) * SHED_FRAME_HOP_S;
    sum += at > from_s && at <= to_s ? (double)f->odds.share[i] : 0;
  }
  return sum;
}

bool
shed_judge_began_before(const shed_found *f)
{
  return shed_judge_onset_share(f, -INFINITY, f->path_onset_s - BEFORE_S) >= MOSTLY;
}

static double
spread(const shed_found *f)
{
  double sum = 0;
  for (int i = 0; i < f->odds.n; i++) {
    double off = (f->odds.first + i) * SHED_FRAME_HOP_S - f->onset_s;
    sum += (double)f->odds.share[i] * off * off;
  }
  return sqrt(sum);
}

/// @return NaN where the spectrum shows nothing.
static double
estimate(const shed_judged *j, shed_found *f)
{
  shed_onset_view v;
  f->odds.n = 0;
  if (f->segment < 0 || j->path.segments[f->segment].row >= 0 || !shed_onset_view_of(j, f, &v)) {
    return NAN;
  }
  weigh(&v, &f->odds);
  return likeliest(&f->odds);
}

static double
median_apart(const shed_judged *j, const double *at_s)
{
  double x[MEDIAN_MOST], w[MEDIAN_MOST];
  size_t n = 0;
  for (int i = 0; i < j->target.n_events && n < MEDIAN_MOST; i++) {
    if (!isnan(at_s[i])) {
      x[n]   = at_s[i] - j->found[i].onset_s;
      w[n++] = 1;
    }
  }
  return n >= MEDIAN_LEAST ? shed_weighted_median(x, w, n, .5) : 0;
}

shed_status
shed_judge_onsets(shed_judged *j)
{
  if (!j->take->bands) {
    return SHED_OK;
  }
  double *at_s = shed_calloc(j->alloc, (size_t)j->target.n_events, sizeof(*at_s));
  if (!at_s) {
    return SHED_E_NOMEM;
  }
  for (int i = 0; i < j->target.n_events; i++) {
    at_s[i] = estimate(j, &j->found[i]);
  }
  const double clock = median_apart(j, at_s);
  for (int i = 0; i < j->target.n_events; i++) {
    shed_found *f = &j->found[i];
    if (f->segment < 0) {
      continue;
    }
    if (isnan(at_s[i])) {
      f->onset_s += clock;
    } else {
      f->onset_s       = at_s[i];
      f->onset_doubt_s = fmax(0, spread(f) - DOUBT_FROM);
      f->onset_plain   = shed_judge_onset_share(f, at_s[i] - PLAIN_S, at_s[i] + PLAIN_S) >= PLAIN;
    }
    f->offset_s = fmax(f->offset_s, f->onset_s + SHED_FRAME_HOP_S);
  }
  shed_free(j->alloc, at_s);
  return SHED_OK;
}

bool
shed_judge_attempt(const shed_judged *j, int segment, shed_found *out)
{
  *out = shed_judge_place(j, segment, 0, -1);
  if (!j->take->bands || j->path.segments[segment].row >= 0) {
    return true;
  }
  const double at_s = estimate(j, out);
  out->onset_s      = isnan(at_s) ? out->onset_s : at_s;
  return !isnan(at_s);
}
