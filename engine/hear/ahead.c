#include "engine/hear/ahead.h"

#include <string.h>

enum { PUSH = 4096 };
static const double LOOK_S = 12.0; // an introduction, or some bars of both together

// Exactly @p n samples of the accompaniment, silence after its end.
static shed_status
pull_given(const hear_ahead *a, float *x, size_t n, shed_error *err)
{
  const shed_hear_playing *p  = a->playing;
  size_t                   at = 0, got = 1;
  while (p->sounds && p->pull && at < n && got > 0) {
    shed_status st = p->pull(p->pull_ctx, x + at, n - at, &got, err);
    if (st != SHED_OK) {
      return st;
    }
    at += got;
  }
  memset(x + at, 0, (n - at) * sizeof(*x));
  return SHED_OK;
}

static shed_status
pull_both(const hear_ahead *a, float *x, float *given, size_t cap, size_t *n, shed_error *err)
{
  *n             = 0;
  shed_status st = a->pull(a->pull_ctx, x, cap, n, err);
  return st == SHED_OK ? pull_given(a, given, *n, err) : st;
}

static shed_status
read_ahead(hear_ahead *a, size_t most, shed_error *err)
{
  size_t n = 1;
  a->x     = shed_malloc(a->alloc, most * sizeof(float));
  a->given = shed_malloc(a->alloc, most * sizeof(float));
  if (!a->x || !a->given) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  while (a->n < most && n > 0) {
    size_t      cap = most - a->n < PUSH ? most - a->n : PUSH;
    shed_status st  = pull_both(a, a->x + a->n, a->given + a->n, cap, &n, err);
    if (st != SHED_OK) {
      return st;
    }
    a->n += n;
  }
  return SHED_OK;
}

shed_status
hear_ahead_look(hear_ahead *a, shed_hear_opts *opts, shed_error *err)
{
  shed_hear *scout = NULL;
  if (!opts->playing.sounds || opts->playing.delay_s > 0.0) {
    return SHED_OK;
  }
  shed_status st = shed_hear_new(&scout, opts, a->alloc);
  if (st == SHED_OK) {
    st = read_ahead(a, (size_t)(LOOK_S * opts->rate_hz), err);
  }
  shed_hear_stats stats = {.playing_found = false};
  for (size_t at = 0; st == SHED_OK && at < a->n && !stats.playing_found; at += PUSH) {
    shed_hear_push_with(scout, a->x + at, a->given + at, a->n - at < PUSH ? a->n - at : PUSH);
    stats = shed_hear_stats_now(scout);
  }
  if (stats.playing_found) {
    opts->playing.delay_s = stats.playing_delay_s;
    opts->playing.gain_db = stats.playing_gain_db;
  }
  shed_hear_free(scout);
  return st;
}

shed_status
hear_ahead_read(hear_ahead *a, float *x, float *given, size_t cap, size_t *n, shed_error *err)
{
  if (a->at == a->n) {
    return pull_both(a, x, given, cap, n, err);
  }
  *n = a->n - a->at < cap ? a->n - a->at : cap;
  memcpy(x, a->x + a->at, *n * sizeof(*x));
  memcpy(given, a->given + a->at, *n * sizeof(*given));
  a->at += *n;
  return SHED_OK;
}

void
hear_ahead_free(hear_ahead *a)
{
  shed_free(a->alloc, a->x);
  shed_free(a->alloc, a->given);
  a->x = a->given = NULL;
}
