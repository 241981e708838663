// About this file: the list of the ear's corpus, and one item made: clean by its group, then its harm.
#include "tests/corpus/ear.h"

#include "engine/base/alloc.h"
#include "tests/corpus/ear_fonts.h"
#include "tests/corpus/ear_harm.h"

#include <stdio.h>
#include <string.h>

const char *const CORPUS_EAR_GROUP_NAME[CORPUS_EAR_GROUPS] = {"synth", "resynth", "sampled"};
const char *const CORPUS_EAR_HALF_NAME[CORPUS_EAR_HALVES]  = {"fit", "report"};
const char *const CORPUS_EAR_HARM_NAME[CORPUS_EAR_HARMS]   = {
      "clean",     "white10", "pink10", "pink05", "babble10",           "babble05",
      "room",      "clip",    "click",  "laptop", "laptop_room_pink20", "agc",
      "neighbour", "live"};
const char *const CORPUS_EAR_CLASS_NAME[CORPUS_EAR_CLASSES] = {
    "percussion",      "struck",         "plucked", "wind_tongued", "wind_slurred",
    "string_detached", "string_slurred", "voice",   "voice_slurred"};

static const corpus_ear_row ROWS[] = {
#define CORPUS_EAR_ROW(group, name, kind, made, style, low, high, slurs, seconds, trap, fast, spread)        \
  {#name, CORPUS_EAR_##group, CORPUS_EAR_##kind, made, CORPUS_EAR_##style, low, high, slurs, seconds, trap,  \
   fast,  CORPUS_EAR_##spread},
#include "tests/corpus/ear_rows.def"
#undef CORPUS_EAR_ROW
};
enum { ROW_COUNT = SHED_COUNTOF(ROWS), CLEAN = ROW_COUNT * CORPUS_EAR_HALVES };

static shed_status (*const MAKE[CORPUS_EAR_GROUPS])(const corpus_ear_item *item, const corpus_ear_row *row,
                                                    corpus_ear_sound *out, shed_error *err) = {
    corpus_ear_synth, corpus_ear_resynth, corpus_ear_sampled};

static bool
comes_in(const corpus_ear_row *row, corpus_ear_half half, corpus_ear_harm harm)
{
  int need = harm == CORPUS_EAR_LIVE  ? CORPUS_EAR_LIVE_TOO
             : half == CORPUS_EAR_FIT ? CORPUS_EAR_HARM_FIT
                                      : CORPUS_EAR_HARM_REPORT;
  return harm == CORPUS_EAR_CLEAN || (row->spread & need) != 0;
}

// Clean items first, row by row, then harm by harm. @return how many were counted up to stop_at.
static size_t
walk(size_t stop_at, size_t *row, corpus_ear_half *half, corpus_ear_harm *harm)
{
  size_t n = 0;
  for (int h = 0; h < CORPUS_EAR_HARMS; h++) {
    for (size_t r = 0; r < ROW_COUNT; r++) {
      for (int side = 0; side < CORPUS_EAR_HALVES; side++) {
        if (!comes_in(&ROWS[r], (corpus_ear_half)side, (corpus_ear_harm)h)) {
          continue;
        }
        if (n++ == stop_at) {
          *row  = r;
          *half = (corpus_ear_half)side;
          *harm = (corpus_ear_harm)h;
          return n;
        }
      }
    }
  }
  return n;
}

size_t
corpus_ear_count(void)
{
  size_t          row;
  corpus_ear_half half;
  corpus_ear_harm harm;
  return walk(SIZE_MAX, &row, &half, &harm);
}

const corpus_ear_row *
corpus_ear_row_of(const corpus_ear_item *item)
{
  return &ROWS[item->base / CORPUS_EAR_HALVES];
}

const corpus_ear_row *
corpus_ear_rows(size_t *n)
{
  *n = ROW_COUNT;
  return ROWS;
}

void
corpus_ear_at(size_t i, corpus_ear_item *out)
{
  size_t          at   = SIZE_MAX;
  corpus_ear_half half = CORPUS_EAR_FIT;
  corpus_ear_harm harm = CORPUS_EAR_CLEAN;
  (void)walk(i, &at, &half, &harm);
  SHED_ASSERT(at < ROW_COUNT);
  const corpus_ear_row *row = &ROWS[at];
  bool                  bad = harm != CORPUS_EAR_CLEAN;
  *out                      = (corpus_ear_item){.group       = row->group,
                                                .half        = half,
                                                .kind        = row->kind,
                                                .harm        = harm,
                                                .trap        = row->trap,
                                                .fast        = row->fast,
                                                .exact_cents = row->group != CORPUS_EAR_SAMPLED,
                                                .base        = at * CORPUS_EAR_HALVES + (size_t)half};
  (void)snprintf(out->name, sizeof(out->name), "%s_%s_%s%s%s", CORPUS_EAR_GROUP_NAME[row->group], row->name,
                 CORPUS_EAR_HALF_NAME[half], bad ? "_" : "", bad ? CORPUS_EAR_HARM_NAME[harm] : "");
  out->seed = 0xcbf29ce484222325u; // FNV-1a of the clean name: an item stays what it is when rows come and go
  for (const char *c = row->name; *c; c++) {
    out->seed = (out->seed ^ (uint64_t)(unsigned char)*c) * 0x100000001b3u;
  }
  out->seed = (out->seed ^ (uint64_t)(1 + 2 * (int)row->group + 16 * (int)half)) * 0x100000001b3u;
}

shed_status
corpus_ear_find(const char *name, corpus_ear_item *out)
{
  size_t n = corpus_ear_count();
  for (size_t i = 0; i < n; i++) {
    corpus_ear_item item;
    corpus_ear_at(i, &item);
    if (strcmp(item.name, name) == 0) {
      *out = item;
      return SHED_OK;
    }
  }
  return SHED_E_NOTFOUND;
}

shed_status
corpus_ear_make(const corpus_ear_item *item, corpus_ear_sound *out, shed_error *err)
{
  const corpus_ear_row *row = corpus_ear_row_of(item);
  corpus_ear_sound      s   = {0};
  shed_status           st  = MAKE[row->group](item, row, &s, err);
  if (st == SHED_OK && (st = corpus_ear_harm_do(item, &s, err)) != SHED_OK) {
    corpus_ear_free(&s);
    return st == SHED_E_NOTFOUND ? st : shed_fail(err, st, item->name, "%s", shed_status_text(st));
  }
  if (st == SHED_OK) {
    *out = s;
  }
  return st;
}

void
corpus_ear_free(corpus_ear_sound *s)
{
  shed_free(NULL, s->x);
  shed_free(NULL, s->f0_hz);
  shed_free(NULL, s->notes);
  *s = (corpus_ear_sound){0};
}
