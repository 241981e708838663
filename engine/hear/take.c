// About this file: a whole take at once, by the same machine.
#include "engine/hear/hear.h"

#include "engine/hear/ahead.h"
#include "engine/hear/collect.h"

#include <string.h>

enum { PUSH = 4096, PROGRESS_EVERY = 64 };
// What a hearing is made of.
typedef struct {
  hear_ahead ahead;
  uint64_t   expected;
  void (*progress)(void *ctx, double share);
  void *progress_ctx;
} source;

static void
tell_progress(const source *s, uint64_t done)
{
  if (s->progress && s->expected > 0) {
    s->progress(s->progress_ctx, done < s->expected ? (double)done / (double)s->expected : 1.0);
  }
}

static shed_status
collect(shed_hear *h, shed_collect *to)
{
  shed_event  e;
  shed_status st = SHED_OK;
  while (st == SHED_OK && shed_hear_poll(h, &e)) {
    st = shed_collect_add(to, h, &e);
  }
  return st;
}

static shed_status
hear_all(shed_hear *h, source *s, shed_collect *to, shed_error *err)
{
  float       x[PUSH], given[PUSH];
  uint64_t    total = 0;
  shed_status st    = SHED_OK;
  for (size_t turn = 0; st == SHED_OK; turn++) {
    size_t n = 0;
    if ((st = hear_ahead_read(&s->ahead, x, given, PUSH, &n, err)) != SHED_OK) {
      return st;
    }
    if (n == 0) {
      break;
    }
    shed_hear_push_with(h, x, given, n);
    total += n;
    st = collect(h, to);
    if (turn % PROGRESS_EVERY == 0) {
      tell_progress(s, total);
    }
  }
  if (st == SHED_OK) {
    shed_hear_finish(h);
    st = collect(h, to);
  }
  if (st != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  tell_progress(s, s->expected);
  return SHED_OK;
}

// What the take's beginning tells of the accompaniment is known to the ear that hears it.
static shed_status
look_ahead(shed_hear **h, source *from, const shed_hear_opts *opts, shed_error *err)
{
  shed_hear_opts knowing = *opts;
  shed_status    st      = hear_ahead_look(&from->ahead, &knowing, err);
  if (st == SHED_OK && knowing.playing.delay_s != opts->playing.delay_s) {
    shed_hear_free(*h);
    *h = NULL;
    if ((st = shed_hear_new(h, &knowing, from->ahead.alloc)) != SHED_OK) {
      return shed_fail(err, st, NULL, "%s", shed_status_text(st));
    }
  }
  return st;
}

shed_status
shed_hear_source(shed_hear_pull pull, void *pull_ctx, const shed_hear_opts *opts, uint64_t expected,
                 const shed_alloc *alloc, void (*progress)(void *ctx, double share), void *ctx,
                 shed_take *out, shed_error *err)
{
  shed_hear    *h    = NULL;
  source        from = {{pull, pull_ctx, &opts->playing, alloc, NULL, NULL, 0, 0}, expected, progress, ctx};
  shed_collect *c    = NULL;
  shed_status   st   = shed_hear_new(&h, opts, alloc);
  if (st == SHED_E_RANGE) {
    return shed_fail(
        err, st, NULL,
        "%d samples a second and a click each %g s: between 8000 and 192000, and from %g s on, can be heard",
        opts->rate_hz, opts->click.period_s, SHED_HEAR_CLICK_PERIOD_MIN_S);
  }
  if (st != SHED_OK || (st = shed_collect_new(&c, alloc)) != SHED_OK) {
    shed_hear_free(h);
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  if ((st = look_ahead(&h, &from, opts, err)) == SHED_OK && (st = hear_all(h, &from, c, err)) == SHED_OK) {
    shed_collect_take(c, h, opts->rate_hz, out);
    out->playing.told = opts->playing.sounds;
  }
  hear_ahead_free(&from.ahead);
  shed_collect_free(c);
  shed_hear_free(h);
  return st;
}

// Sound in memory as a source.
typedef struct {
  const float *x;
  size_t       n, at;
} memory;

static shed_status
pull_memory(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  memory *m = ctx;
  (void)err;
  *n = m->n - m->at < cap ? m->n - m->at : cap;
  if (*n > 0) {
    memcpy(x, m->x + m->at, *n * sizeof(float));
    m->at += *n;
  }
  return SHED_OK;
}

shed_status
shed_hear_take(const float *x, size_t n, int rate_hz, const shed_alloc *alloc,
               void (*progress)(void *ctx, double share), void *ctx, shed_take *out, shed_error *err)
{
  memory         from = {x, n, 0};
  shed_hear_opts opts = {.rate_hz = rate_hz};
  return shed_hear_source(pull_memory, &from, &opts, n, alloc, progress, ctx, out, err);
}
