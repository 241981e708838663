// About this file: the growing take, and the warnings about it as sound. Thread: that of the ear.
#include "engine/hear/collect.h"

#include <math.h>
#include <string.h>

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

struct shed_collect {
  const shed_alloc *alloc;
  list              frames, bands, onsets, notes, beats;
};

shed_status
shed_collect_new(shed_collect **out, const shed_alloc *alloc)
{
  shed_collect *c = shed_calloc(alloc, 1, sizeof(*c));
  if (!c) {
    return SHED_E_NOMEM;
  }
  c->alloc = alloc;
  *out     = c;
  return SHED_OK;
}

void
shed_collect_free(shed_collect *c)
{
  if (c) {
    shed_free(c->alloc, c->frames.items);
    shed_free(c->alloc, c->bands.items);
    shed_free(c->alloc, c->onsets.items);
    shed_free(c->alloc, c->notes.items);
    shed_free(c->alloc, c->beats.items);
    shed_free(c->alloc, c);
  }
}

shed_status
shed_collect_add(shed_collect *c, const shed_hear *hear, const shed_event *e)
{
  if (e->kind == SHED_EVENT_FRAME) {
    shed_status st = list_add(&c->frames, c->alloc, &e->u.frame, sizeof(e->u.frame));
    return st == SHED_OK ? list_add(&c->bands, c->alloc, shed_hear_bands(hear, e), SHED_TAKE_BANDS) : st;
  }
  if (e->kind == SHED_EVENT_ONSET) {
    return list_add(&c->onsets, c->alloc, &e->u.onset, sizeof(e->u.onset));
  }
  if (e->kind == SHED_EVENT_NOTE) {
    return list_add(&c->notes, c->alloc, &e->u.note, sizeof(e->u.note));
  }
  return e->kind == SHED_EVENT_BEAT ? list_add(&c->beats, c->alloc, &e->u.beat, sizeof(e->u.beat)) : SHED_OK;
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

void
shed_collect_take(shed_collect *c, const shed_hear *hear, int rate_hz, shed_take *out)
{
  const shed_hear_stats stats = shed_hear_stats_now(hear);
  *out                        = (shed_take){.alloc      = c->alloc,
                                            .kind       = SHED_TAKE_AUDIO,
                                            .frames     = c->frames.items,
                                            .n_frames   = c->frames.n,
                                            .bands      = c->bands.items,
                                            .onsets     = c->onsets.items,
                                            .n_onsets   = c->onsets.n,
                                            .notes      = c->notes.items,
                                            .n_notes    = c->notes.n,
                                            .beats      = c->beats.items,
                                            .n_beats    = c->beats.n,
                                            .tempo      = shed_hear_tempo_now(hear),
                                            .duration_s = (double)stats.frames_in / rate_hz,
                                            .rate_hz    = rate_hz,
                                            .snr_db     = stats.snr_db,
                                            .clipped    = stats.clipped_runs > INT32_MAX ? INT32_MAX : (int)stats.clipped_runs,
                                            .noise_db   = stats.noise_db,
                                            .latency_s  = NAN,
                                            .playing    = {.found    = stats.playing_found,
                                                           .delay_s  = stats.playing_delay_s,
                                                           .taken_db = stats.playing_taken_db},
                                            .ear        = SHED_EAR_VERSION};
  memset(&c->frames, 0, sizeof(c->frames));
  memset(&c->bands, 0, sizeof(c->bands));
  memset(&c->onsets, 0, sizeof(c->onsets));
  memset(&c->notes, 0, sizeof(c->notes));
  memset(&c->beats, 0, sizeof(c->beats));
  warn(out, &stats, rate_hz);
}
