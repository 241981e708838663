// About this file: the small duties of a take as a value, and what its numbers must be. A take that is decoded is
// judged by code that trusts it: so each number that the contract calls a number is checked to be one, on the way in and
// on the way out.
#include "engine/task/take.h"

#include "engine/task/take_layout.h"

#include <math.h>
#include <string.h>

static const double SECONDS_MAX = 1e6; // a take is hours at most: anything beyond is not a time

void
shed_take_free(shed_take *take)
{
  if (!take) {
    return;
  }
  shed_free(take->alloc, take->frames);
  shed_free(take->alloc, take->bands);
  shed_free(take->alloc, take->onsets);
  shed_free(take->alloc, take->notes);
  shed_free(take->alloc, take->beats);
  shed_free(take->alloc, take->gaps);
  memset(take, 0, sizeof(*take));
}

void
shed_take_warn(shed_take *take, shed_message m)
{
  if (take->n_warnings < SHED_TAKE_WARNINGS) {
    take->warnings[take->n_warnings++] = m;
  }
}

double
shed_take_missing(const shed_take *take, double from_s, double to_s)
{
  double lost = 0;
  for (size_t i = 0; i < take->n_gaps; i++) {
    double start = (double)take->gaps[i].start_s, end = (double)take->gaps[i].end_s;
    if (to_s <= from_s && from_s >= start && from_s < end) {
      return 1;
    }
    lost += fmax(0, fmin(end, to_s) - fmax(start, from_s));
  }
  return to_s > from_s ? lost / (to_s - from_s) : 0;
}

static bool
is_time(double s)
{
  return s >= -SECONDS_MAX && s <= SECONDS_MAX;
}

bool
shed_take_frame_valid(const shed_frame *f)
{
  if (!(f->f0_hz >= 0) || !isfinite(f->f0_hz) || !isfinite(f->confidence) || !isfinite(f->level_db) ||
      !isfinite(f->flux)) {
    return false;
  }
  for (int i = 0; i < SHED_FRAME_CANDIDATES; i++) {
    if (!(f->cand[i].f0_hz >= 0) || !isfinite(f->cand[i].f0_hz) || !isfinite(f->cand[i].support)) {
      return false;
    }
  }
  return true;
}

bool
shed_take_onset_valid(const shed_heard_onset *o)
{
  return is_time((double)o->time_s) && isfinite(o->strength) && isfinite(o->confidence);
}

bool
shed_take_note_valid(const shed_heard_note *n)
{
  return is_time((double)n->onset_s) && is_time((double)n->offset_s) && n->midi >= -1 && n->midi <= 127 &&
         isfinite(n->cents) && isfinite(n->confidence) && isfinite(n->level_db) && !isinf(n->cents_sd) &&
         isfinite(n->drift_cents_per_s) && isfinite(n->vibrato_hz) && isfinite(n->vibrato_cents);
}

bool
shed_take_gap_valid(const shed_take_gap *g)
{
  return is_time((double)g->start_s) && is_time((double)g->end_s) && g->start_s <= g->end_s;
}

bool
shed_take_head_valid(const shed_take *t)
{
  size_t digits = strlen(t->sha256.text);
  return (int)t->kind >= SHED_TAKE_AUDIO && (int)t->kind <= SHED_TAKE_ONSETS && t->rate_hz >= 0 &&
         t->rate_hz <= SHED_TAKE_RATE_MAX_HZ && t->clipped >= 0 && t->duration_s >= 0 &&
         t->duration_s <= SECONDS_MAX && !isinf(t->latency_s) && !isinf(t->snr_db) && isfinite(t->noise_db) &&
         (digits == 0 || (digits == SHED_SHA256_TEXT - 1 &&
                          strspn(t->sha256.text, "0123456789abcdef") == SHED_SHA256_TEXT - 1));
}
