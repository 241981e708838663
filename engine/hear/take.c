// About this file: a whole take at once, by the same machine, and the warnings about it as sound.
#include "engine/hear/hear.h"

#include "engine/hear/ahead.h"

#include <math.h>
#include <string.h>

enum { PUSH = 4096, PROGRESS_EVERY = 64 };
// What makes a judgement unfair.
static const float SILENT_DB    = -70.0f; // the loudest frame
static const float QUIET_DB     = -48.0f; // the loudest frame
static const float NOISY_SNR_DB = 12.0f;
static const int   CLIPPED_MIN  = 3; // one or two moments harm nothing
static const int   LOW_RATE_HZ  = 16000;
static const float VOICED_MIN_S = 0.15f;

// A growing copy of one kind of event.
typedef struct {
  void  *items;
  size_t n, cap;
} list;

static shed_status
list_add(list *l, const shed_alloc *alloc, const void *item, size_t size)
{
  shed_status st = shed_grow(alloc, &l->items, &l->cap, l->n, size);
  if (st == SHED_OK) {
    memcpy((char *)l->items + l->n * size, item, size);
    l->n++;
  }
  return st;
}

typedef struct {
  list frames, bands, onsets, notes, beats;
} lists;

static shed_status
collect(shed_hear *h, const shed_alloc *alloc, lists *to)
{
  shed_event  e;
  shed_status st = SHED_OK;
  while (st == SHED_OK && shed_hear_poll(h, &e)) {
    if (e.kind == SHED_EVENT_FRAME) {
      st = list_add(&to->frames, alloc, &e.u.frame, sizeof(e.u.frame));
      st = st == SHED_OK ? list_add(&to->bands, alloc, shed_hear_bands(h, &e), SHED_TAKE_BANDS) : st;
    } else if (e.kind == SHED_EVENT_ONSET) {
      st = list_add(&to->onsets, alloc, &e.u.onset, sizeof(e.u.onset));
    } else if (e.kind == SHED_EVENT_NOTE) {
      st = list_add(&to->notes, alloc, &e.u.note, sizeof(e.u.note));
    } else if (e.kind == SHED_EVENT_BEAT) {
      st = list_add(&to->beats, alloc, &e.u.beat, sizeof(e.u.beat));
    }
  }
  return st;
}

static void
warn_num(shed_take *take, shed_message_code code, const char *key, double value, int decimals)
{
  shed_message m = shed_message_of(code);
  shed_message_num(&m, key, value, decimals);
  shed_take_warn(take, m);
}

static void
warn(shed_take *take, const shed_hear_stats *stats, int rate_hz)
{
  float  loudest = -120.0f;
  size_t voiced  = 0;
  for (size_t i = 0; i < take->n_frames; i++) {
    loudest = take->frames[i].level_db > loudest ? take->frames[i].level_db : loudest;
    voiced += take->frames[i].voiced;
  }
  if (stats->not_finite > 0) {
    warn_num(take, SHED_MSG_take_nan, "n", (double)stats->not_finite, 0);
  }
  if (loudest < SILENT_DB) {
    shed_take_warn(take, shed_message_of(SHED_MSG_take_silent));
    return;
  }
  if (loudest < QUIET_DB) {
    warn_num(take, SHED_MSG_take_too_quiet, "db", (double)loudest, 0);
  }
  if (stats->clipped_runs >= (uint64_t)CLIPPED_MIN) {
    warn_num(take, SHED_MSG_take_clipped, "n", (double)stats->clipped_runs, 0);
  }
  if ((double)voiced * SHED_FRAME_HOP_S < (double)VOICED_MIN_S) {
    shed_take_warn(take, shed_message_of(SHED_MSG_take_no_pitch));
  } else if (stats->snr_db < NOISY_SNR_DB) {
    warn_num(take, SHED_MSG_take_noisy, "db", (double)stats->snr_db, 0);
  }
  if (rate_hz < LOW_RATE_HZ) {
    warn_num(take, SHED_MSG_take_low_rate, "rate", rate_hz, 0);
  }
}

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
hear_all(shed_hear *h, source *s, const shed_alloc *alloc, lists *to, uint64_t *total, shed_error *err)
{
  float       x[PUSH], given[PUSH];
  shed_status st = SHED_OK;
  *total         = 0;
  for (size_t turn = 0; st == SHED_OK; turn++) {
    size_t n = 0;
    if ((st = hear_ahead_read(&s->ahead, x, given, PUSH, &n, err)) != SHED_OK) {
      return st;
    }
    if (n == 0) {
      break;
    }
    shed_hear_push_with(h, x, given, n);
    *total += n;
    st = collect(h, alloc, to);
    if (turn % PROGRESS_EVERY == 0) {
      tell_progress(s, *total);
    }
  }
  if (st == SHED_OK) {
    shed_hear_finish(h);
    st = collect(h, alloc, to);
  }
  if (st != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  tell_progress(s, s->expected);
  return SHED_OK;
}

static void
fill(shed_take *take, const shed_alloc *alloc, const lists *l, uint64_t n, int rate_hz,
     const shed_hear_stats *stats)
{
  *take = (shed_take){.alloc      = alloc,
                      .kind       = SHED_TAKE_AUDIO,
                      .frames     = l->frames.items,
                      .n_frames   = l->frames.n,
                      .bands      = l->bands.items,
                      .onsets     = l->onsets.items,
                      .n_onsets   = l->onsets.n,
                      .notes      = l->notes.items,
                      .n_notes    = l->notes.n,
                      .beats      = l->beats.items,
                      .n_beats    = l->beats.n,
                      .duration_s = (double)n / rate_hz,
                      .rate_hz    = rate_hz,
                      .snr_db     = stats->snr_db,
                      .clipped    = stats->clipped_runs > INT32_MAX ? INT32_MAX : (int)stats->clipped_runs,
                      .noise_db   = stats->noise_db,
                      .latency_s  = NAN,
                      .playing    = {.found    = stats->playing_found,
                                     .delay_s  = stats->playing_delay_s,
                                     .taken_db = stats->playing_taken_db},
                      .ear        = SHED_EAR_VERSION};
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
  shed_hear  *h     = NULL;
  source      from  = {{pull, pull_ctx, &opts->playing, alloc, NULL, NULL, 0, 0}, expected, progress, ctx};
  lists       l     = {{0}, {0}, {0}, {0}, {0}};
  uint64_t    total = 0;
  shed_status st    = shed_hear_new(&h, opts, alloc);
  if (st == SHED_E_RANGE) {
    return shed_fail(
        err, st, NULL,
        "%d samples a second and a click each %g s: between 8000 and 192000, and from %g s on, can be heard",
        opts->rate_hz, opts->click.period_s, SHED_HEAR_CLICK_PERIOD_MIN_S);
  }
  if (st != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  if ((st = look_ahead(&h, &from, opts, err)) == SHED_OK) {
    st = hear_all(h, &from, alloc, &l, &total, err);
  }
  hear_ahead_free(&from.ahead);
  if (st != SHED_OK) {
    shed_free(alloc, l.frames.items);
    shed_free(alloc, l.bands.items);
    shed_free(alloc, l.onsets.items);
    shed_free(alloc, l.notes.items);
    shed_free(alloc, l.beats.items);
    shed_hear_free(h);
    return st;
  }
  shed_hear_stats stats = shed_hear_stats_now(h);
  fill(out, alloc, &l, total, opts->rate_hz, &stats);
  out->tempo        = shed_hear_tempo_now(h);
  out->playing.told = opts->playing.sounds;
  warn(out, &stats, opts->rate_hz);
  shed_hear_free(h);
  return SHED_OK;
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
