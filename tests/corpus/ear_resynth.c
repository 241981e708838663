// About this file: phrases of sampled instruments, taken apart and put together again along a pitch curve of our own. The samples
// come from notes a few semitones away, so that the phrase is nowhere a copy.
#include "engine/base/alloc.h"
#include "tests/corpus/ear_fonts.h"
#include "tests/corpus/ear_kinds.h"
#include "tests/corpus/ear_partials.h"

#include <math.h>

enum { RATE = CORPUS_EAR_RATE_HZ, STEP = CORPUS_EAR_STEP, SHIFT_MOST = 3 };

static const double PEAK_DB      = -4;
static const double DETUNE_CENTS = 12;
static const double EARLY_S      = 0.25;
static const double FADE_S       = 0.03;
static const double KEPT_S       = 0.3; // of a sample after it is let go
static const double FLOOR_DB     = -28;

typedef struct {
  int              n;
  corpus_ear_event events[CORPUS_EAR_EVENTS_MAX];
  corpus_ear_event source[CORPUS_EAR_EVENTS_MAX]; // what is rendered to be taken apart
  corpus_ear_slots slots;
  corpus_ear_track tracks[CORPUS_EAR_EVENTS_MAX];
} phrase;

static const corpus_ear_kind KIND_OF[CORPUS_EAR_CLASSES] = {
    [CORPUS_EAR_PERCUSSION]      = CORPUS_EAR_AGAIN_PLUCKED,
    [CORPUS_EAR_STRUCK]          = CORPUS_EAR_AGAIN_PLUCKED,
    [CORPUS_EAR_PLUCKED]         = CORPUS_EAR_AGAIN_PLUCKED,
    [CORPUS_EAR_WIND_TONGUED]    = CORPUS_EAR_AGAIN_BLOWN,
    [CORPUS_EAR_WIND_SLURRED]    = CORPUS_EAR_AGAIN_BLOWN,
    [CORPUS_EAR_STRING_DETACHED] = CORPUS_EAR_AGAIN_BOWED,
    [CORPUS_EAR_STRING_SLURRED]  = CORPUS_EAR_AGAIN_BOWED,
    [CORPUS_EAR_VOICE]           = CORPUS_EAR_AGAIN_SUNG,
    [CORPUS_EAR_VOICE_SLURRED]   = CORPUS_EAR_AGAIN_SUNG};

static void
heights(const void *ctx, const corpus_ear_event *tied, int n, double t_s, double *high, double *noise)
{
  const phrase *p   = ctx;
  int           now = 0;
  while (now + 1 < n && t_s >= tied[now + 1].at_s - FADE_S / 2) {
    now++;
  }
  double share = now > 0 ? fmin(1, (t_s - tied[now].at_s + FADE_S / 2) / FADE_S) : 1;
  for (int k = now; k >= 0 && k >= now - 1; k--) {
    double at     = (t_s - tied[k].at_s + (tied[k].tied ? EARLY_S : 0)) * RATE / CORPUS_EAR_RENEWAL;
    double weight = k == now ? share : 1 - share;
    corpus_ear_track_at(&p->tracks[tied - p->events + k], at, weight, high, noise);
  }
}

static bool
take_apart(phrase *p, int i, int partials)
{
  double keyed = p->source[i].long_s + (p->source[i].tied ? EARLY_S : 0);
  int    n     = (int)((keyed + KEPT_S) * RATE);
  n            = n < p->slots.n[i] ? n : p->slots.n[i];
  float *hz    = shed_malloc(NULL, ((size_t)(n / STEP) + 1) * sizeof(float));
  for (int k = 0; hz && k <= n / STEP; k++) {
    hz[k] = (float)corpus_ear_hz(p->source[i].midi);
  }
  bool good = hz && corpus_ear_take_apart(p->slots.x + p->slots.at[i], n, hz, partials, &p->tracks[i]);
  shed_free(NULL, hz);
  return good;
}

static shed_status
play(phrase *p, const corpus_ear_item *item, const corpus_ear_row *row, shed_rng *rng, corpus_ear_sound *out,
     shed_error *err)
{
  corpus_ear_stage  stage  = {0};
  corpus_ear_player player = corpus_ear_player_draw(KIND_OF[row->kind], rng);
  shed_status       st =
      corpus_ear_slots_render(item->half, row->made, p->source, p->n, EARLY_S, rng, &p->slots, err);
  for (int i = 0; st == SHED_OK && i < p->n; i++) {
    st = take_apart(p, i, player.r.partials) ? SHED_OK : SHED_E_NOMEM;
  }
  if (st != SHED_OK) {
    return st;
  }
  player.heights  = heights;
  player.ctx      = p;
  player.floor_db = FLOOR_DB;
  corpus_ear_play(&player, p->events, p->n, &stage);
  return corpus_ear_mix(&stage, row->seconds, PEAK_DB, out);
}

shed_status
corpus_ear_resynth(const corpus_ear_item *item, const corpus_ear_row *row, corpus_ear_sound *out,
                   shed_error *err)
{
  if (row->made <= CORPUS_EAR_SINGER) {
    return corpus_ear_sung(item, row, out, err);
  }
  phrase           *p = shed_calloc(NULL, 1, sizeof(*p));
  corpus_ear_melody m = {row->style, row->low, row->high, row->slurs, DETUNE_CENTS, row->seconds};
  shed_rng          rng;
  if (!p) {
    return shed_fail(err, SHED_E_NOMEM, item->name, "%s", shed_status_text(SHED_E_NOMEM));
  }
  shed_rng_seed(&rng, item->seed, 0x4e5u);
  p->n      = corpus_ear_compose(&m, &rng, p->events);
  int shift = shed_rng_between(&rng, -SHIFT_MOST, SHIFT_MOST);
  for (int i = 0; i < p->n; i++) {
    p->source[i]      = p->events[i];
    p->source[i].midi = fmin(fmax(p->events[i].midi + shift, row->low), row->high);
  }
  shed_status st = play(p, item, row, &rng, out, err);
  for (int i = 0; i < p->n; i++) {
    corpus_ear_track_free(&p->tracks[i]);
  }
  shed_free(NULL, p->slots.x);
  shed_free(NULL, p);
  return st == SHED_OK || st == SHED_E_NOTFOUND ? st
                                                : shed_fail(err, st, item->name, "%s", shed_status_text(st));
}
