// About this file: no note is held to more exactness than the ear has. Where its onset is less sure than the policy's window,
// the moment itself is not judged, only the pattern: whether the note stands nearer to its own place between its neighbours
// than to half or twice the distance.
#include "assessors/judge.h"

#include <math.h>

static const double DOUBT_MS       = 5;  ///< of the onset of a clear note
static const double DOUBT_SUNG_MS  = 20; ///< where a sung note begins is a matter of opinion by that much
static const double DOUBT_NOISY_MS = 40; ///< under noise
static const double NOISY_DB       = 12; ///< the note over the floor
static const double PATTERN_FULL =
    .5; ///< octaves of the ratio of distances: nearer to 1 than to half or twice
static const double PATTERN_NONE  = 1;   ///< twice or half
static const double SURELY        = .9;  ///< of the odds of an onset
static const double PATTERN_DOUBT = .35; ///< of a distance: beyond, not even the pattern can be told

double
shed_judge_onset_doubt_ms(const shed_judged *j, const shed_found *f)
{
  bool noisy = f->m.level_db - (double)j->levels.floor_db < NOISY_DB;
  return DOUBT_MS + (j->prompt->sung ? DOUBT_SUNG_MS : 0) + (noisy ? DOUBT_NOISY_MS : 0) +
         500 * f->onset_doubt_s;
}

// Credit of the distance between two events that were found; NaN when it cannot be told.
static double
distance_credit(const shed_judged *j, int from, int to, double doubt_ms)
{
  const shed_found *a = &j->found[from];
  const shed_found *b = &j->found[to];
  if (a->segment < 0 || b->segment < 0 || a->run != b->run || isnan(a->expected_s) || isnan(b->expected_s)) {
    return NAN;
  }
  double asked  = b->expected_s - a->expected_s;
  double played = b->onset_s - a->onset_s;
  if (asked <= 0 || 1.4142 * doubt_ms / 1000 > PATTERN_DOUBT * asked) {
    return NAN;
  }
  if (played <= 0) {
    return 0;
  }
  double off = fabs(log2(played / asked));
  return fmin(fmax((PATTERN_NONE - off) / (PATTERN_NONE - PATTERN_FULL), 0), 1);
}

static double
pattern_credit(const shed_judged *j, int event, double doubt_ms)
{
  double before = event > 0 ? distance_credit(j, event - 1, event, doubt_ms) : (double)NAN;
  double after =
      event + 1 < j->target.n_events ? distance_credit(j, event, event + 1, doubt_ms) : (double)NAN;
  return fmin(before, after); // fmin passes a NaN over
}

bool
shed_judge_is_surely_within(const shed_judged *j, const shed_found *f, double error_ms, double window_ms)
{
  if (f->odds.n > 0) {
    const double window_s = window_ms / 1000;
    return shed_judge_onset_share(f, f->expected_s - window_s, f->expected_s + window_s) >= SURELY;
  }
  return fabs(error_ms) + shed_judge_onset_doubt_ms(j, f) <= window_ms;
}

double
shed_judge_time_credit(const shed_judged *j, int event, double error_ms, double window_ms)
{
  double doubt_ms = shed_judge_onset_doubt_ms(j, &j->found[event]);
  if (doubt_ms > window_ms) {
    return pattern_credit(j, event, doubt_ms);
  }
  return fmin(fmax(2 - fabs(error_ms) / window_ms, 0), 1);
}
