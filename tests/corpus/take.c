// About this file: the list of takes. Each row of take_rooms.def comes so often with each instrument in each half; tune,
// tempo, player and mistakes are drawn from the take's own seed, which no two takes share. What cannot be heard at all is not asked: a note is moved
// by no more than half of its way to the next, and no extra note has the pitch that follows.
#include "tests/corpus/take.h"

#include "engine/base/rng.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/ear_fonts.h"
#include "tests/corpus/take_fonts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  RATE_HZ     = 44100,
  NOTES_LEAST = 24,
  NOTES_MOST  = 60,
  ROOM_SEED   = 77,
  SEED        = 90000,
  AGAIN_SEED  = 1000003
};

static const char   LAYOUT[]       = "corpus take 1"; // to be raised when the same words make another sound
static const double PITCH_FAULT    = .075;            // of the notes
static const double TIME_FAULT     = .045;
static const double EXTRA          = .022;
static const double RESTARTS       = .45; // of the takes
static const double HESITATIONS    = .15;
static const double EXTRA_LONG_S   = .34; // the note that it cuts in two
static const double MOVED_SHARE    = .45; // of the way to the next note
static const double MOVED_LEAST_MS = 85;
static const double MOVED_MOST_MS  = 170;
static const double SQUEAKS        = .04;
static const double BREATHS        = .12;
static const double TONE_HZ        = 1000; // of the tone control
static const int    TONE_MOST_DB   = 9;
static const double PEAK           = .7;

enum { BOWED_FIRST = 40, BOWED_LAST = 43 }; // General MIDI programs

typedef struct {
  corpus_take_group group;
  int               each, each_bowed, each_voice;
  corpus_take_room  room;
} room_row;

static const room_row ROOMS[] = {
#define CORPUS_TAKE_ROOM(group, name, each, each_voice, ...)                                                 \
  {CORPUS_TAKES_##group, each, each, each_voice, {name, {__VA_ARGS__}}},
#include "tests/corpus/take_rooms.def"
};
static const room_row OTHER_ROWS[] = {
#define CORPUS_TAKE_OTHER_ROW(group, name, each, each_bowed, each_voice, ...)                                \
  {CORPUS_TAKES_##group, each, each_bowed, each_voice, {name, {__VA_ARGS__}}},
#include "tests/corpus/take_rooms.def"
};

// -- which ----------------------------------------------------------------------------------------------------------

// The first series plays FIT and REPORT in turn, the others FIT alone.
static const struct {
  const room_row  *rows;
  size_t           n_rows;
  int              times;
  corpus_take_font fonts[2];
} SERIES[CORPUS_TAKES_SERIES] = {
    [CORPUS_TAKES_FIRST]      = {ROOMS, SHED_COUNTOF(ROOMS), 2, {CORPUS_TAKE_TIMGM, CORPUS_TAKE_FLUID}},
    [CORPUS_TAKES_AGAIN]      = {ROOMS, SHED_COUNTOF(ROOMS), 1, {CORPUS_TAKE_MUSESCORE}},
    [CORPUS_TAKES_OTHER_ROWS] = {OTHER_ROWS, SHED_COUNTOF(OTHER_ROWS), 1, {CORPUS_TAKE_FLUID}},
};

static int
takes_of(const room_row *r, const corpus_instrument *in)
{
  const bool bowed = in->program >= BOWED_FIRST && in->program <= BOWED_LAST;
  return in->program < 0 ? 0 : in->sung ? r->each_voice : bowed ? r->each_bowed : r->each;
}

/// Take @p i of a series, or with SIZE_MAX how many there are.
static size_t
walk(int series, size_t i, corpus_take *out)
{
  const int times = SERIES[series].times;
  size_t    at    = 0;
  for (size_t r = 0; r < SERIES[series].n_rows; r++) {
    const room_row *row = &SERIES[series].rows[r];
    for (size_t k = 0; k < corpus_instrument_count(); k++) {
      const corpus_instrument *in = corpus_instrument_at(k);
      for (int n = 0; n < times * takes_of(row, in); n++, at++) {
        if (at == i) {
          *out = (corpus_take){.series      = (corpus_take_series)series,
                               .half        = n % times ? CORPUS_EAR_REPORT : CORPUS_EAR_FIT,
                               .font        = SERIES[series].fonts[n % times],
                               .group       = row->group,
                               .instrument  = in,
                               .room        = &row->room,
                               .fixed_pitch = in->program < 24};
          return at;
        }
      }
    }
  }
  return at;
}

size_t
corpus_take_count(void)
{
  size_t n = 0;
  for (int s = 0; s < CORPUS_TAKES_SERIES; s++) {
    n += walk(s, SIZE_MAX, NULL);
  }
  return n;
}

corpus_take
corpus_take_at(size_t i)
{
  corpus_take t    = {0};
  size_t      from = 0;
  int         s    = 0;
  SHED_ASSERT(i < corpus_take_count());
  for (size_t n; (n = walk(s, SIZE_MAX, NULL)) <= i - from; s++) {
    from += n;
  }
  (void)walk(s, i - from, &t);
  t.index = i;
  t.seed  = SEED + i;
  return t;
}

// -- what -----------------------------------------------------------------------------------------------------------

static void
cut(corpus_tune *t, size_t n)
{
  if (t->n > n) {
    t->n      = n;
    t->length = shed_beat_add(t->notes[n - 1].onset, t->notes[n - 1].duration);
  }
}

/// Tunes that somebody wrote belong to one half each.
static bool
written_tune(const corpus_take *k, shed_rng *rng, size_t n, corpus_tune *out)
{
  size_t i = shed_rng_below(rng, (uint32_t)corpus_tune_count());
  i -= i % 2 == (k->half == CORPUS_EAR_FIT ? 0 : 1) ? 0 : 1;
  if (i >= corpus_tune_count()) {
    return false;
  }
  *out = corpus_tune_at(i);
  if (out->n < NOTES_LEAST || !out->notes[0].pitched) {
    return false;
  }
  *out = corpus_tune_fitted(out, k->instrument->low, k->instrument->high);
  cut(out, n);
  for (size_t m = 0; m < out->n; m++) { // some tunes are wider than some voices
    if (out->notes[m].midi < k->instrument->low || out->notes[m].midi > k->instrument->high) {
      return false;
    }
  }
  return true;
}

static corpus_tune
draw_tune(const corpus_take *k, shed_rng *rng)
{
  const corpus_instrument *in   = k->instrument;
  size_t                   n    = (size_t)shed_rng_between(rng, NOTES_LEAST, NOTES_MOST);
  int                      span = in->high - in->low > 22 ? 22 : in->high - in->low;
  int                      low  = in->low + shed_rng_between(rng, 0, in->high - in->low - span);
  corpus_tune              t;
  bool                     own = shed_rng_below(rng, 4) == 0 && written_tune(k, rng, n, &t);
  return own ? t : corpus_tune_part(k->seed, n, low, low + span, shed_rng_below(rng, 2) == 0);
}

static corpus_human
draw_human(const corpus_take *k, shed_rng *rng)
{
  corpus_human h = corpus_human_usual();
  h.timing_sd_ms = shed_rng_between(rng, 10, 25);
  h.tuning_cents = 8 * shed_rng_normal(rng);
  h.tempo_sd     = .004 * shed_rng_between(rng, 0, 2);
  h.tempo_drift  = .01 * shed_rng_between(rng, -4, 4);
  h.length       = .01 * shed_rng_between(rng, 82, 98);
  if (k->group == CORPUS_TAKES_YEAR_ONE) {
    h.timing_sd_ms = 40;
    h.cents_sd     = 25;
    h.velocity_sd  = 12;
  }
  if (k->fixed_pitch) {
    h.cents_sd = h.tuning_cents = 0;
  }
  return h;
}

// -- mistakes -------------------------------------------------------------------------------------------------------

static double
either_way(shed_rng *rng, double amount)
{
  return shed_rng_below(rng, 2) ? amount : -amount;
}

static double
quarters_to_next(const corpus_tune *t, int i)
{
  shed_beat next = i + 1 < (int)t->n ? t->notes[i + 1].onset : t->length;
  return shed_beat_quarters(shed_beat_sub(next, t->notes[i].onset));
}

static bool
draw_pitch_fault(const corpus_take *k, shed_rng *rng, corpus_mistake *m)
{
  int kind = shed_rng_between(rng, 0, k->fixed_pitch ? 4 : 9);
  if (kind < 3) {
    m->kind   = CORPUS_WRONG;
    m->amount = either_way(rng, shed_rng_between(rng, 0, 9) ? shed_rng_between(rng, 1, 5) : 12);
  } else if (kind < 5) {
    m->kind = CORPUS_MISSED;
  } else if (k->group == CORPUS_TAKES_YEAR_ONE) {
    return false; // their notes are off by chance already
  } else {
    m->kind   = kind % 2 ? CORPUS_SHARP : CORPUS_FLAT;
    m->amount = shed_rng_between(rng, 45, 62);
  }
  return true;
}

static bool
draw_time_fault(const corpus_tune *t, double quarter_s, shed_rng *rng, corpus_mistake *m)
{
  double before = m->index > 0 ? quarters_to_next(t, m->index - 1) : 4;
  double after  = quarters_to_next(t, m->index);
  m->kind       = shed_rng_below(rng, 2) ? CORPUS_EARLY : CORPUS_LATE;
  double most   = MOVED_SHARE * quarter_s * 1000 * (m->kind == CORPUS_EARLY ? before : after);
  m->amount     = shed_rng_between(rng, (int)MOVED_LEAST_MS, (int)MOVED_MOST_MS);
  return m->amount <= most;
}

static bool
draw_extra(const corpus_tune *t, double quarter_s, shed_rng *rng, corpus_mistake *m)
{
  int here  = t->notes[m->index].midi;
  int next  = m->index + 1 < (int)t->n ? t->notes[m->index + 1].midi : 0;
  m->kind   = CORPUS_EXTRA;
  m->amount = either_way(rng, shed_rng_between(rng, 1, 5));
  if (here + (int)m->amount == next) {
    m->amount = -m->amount;
  }
  return shed_beat_quarters(t->notes[m->index].duration) * quarter_s >= EXTRA_LONG_S;
}

static size_t
draw_mistakes(const corpus_take *k, const corpus_tune *t, double bpm, shed_rng *rng, corpus_mistake *out)
{
  size_t       n         = 0;
  const double quarter_s = 60 / bpm;
  for (int i = 0; i < (int)t->n && n < CORPUS_MISTAKES_MAX - 2; i++) {
    double         u    = shed_rng_unit(rng);
    corpus_mistake m    = {.index = i};
    bool           made = u < PITCH_FAULT                ? draw_pitch_fault(k, rng, &m)
                          : u < PITCH_FAULT + TIME_FAULT ? i > 0 && draw_time_fault(t, quarter_s, rng, &m)
                          : u < PITCH_FAULT + TIME_FAULT + EXTRA ? draw_extra(t, quarter_s, rng, &m)
                                                                 : false;
    if (made) {
      out[n++] = m;
    }
  }
  int last = (int)t->n - 4;
  if (shed_rng_unit(rng) < RESTARTS) {
    int at   = shed_rng_between(rng, 6, last);
    out[n++] = (corpus_mistake){.kind   = CORPUS_RESTART,
                                .index  = at,
                                .to     = at - shed_rng_between(rng, 1, 6),
                                .amount = .3 + .9 * shed_rng_unit(rng)};
  } else if (shed_rng_unit(rng) < HESITATIONS) {
    out[n++] = (corpus_mistake){.kind   = CORPUS_HESITATION,
                                .index  = shed_rng_between(rng, 4, last),
                                .amount = .6 + .9 * shed_rng_unit(rng)};
  }
  return n;
}

shed_status
corpus_take_make_again(size_t i, uint64_t nth, corpus_take *out, corpus_performance *played, shed_error *err)
{
  static const double slower[] = {1, 1, .9, 1.12};
  corpus_mistake      mistakes[CORPUS_MISTAKES_MAX];
  shed_rng            rng;
  if (i >= corpus_take_count()) {
    return shed_fail(err, SHED_E_RANGE, NULL, "there is no take %zu", i);
  }
  *out = corpus_take_at(i);
  out->seed += nth * AGAIN_SEED;
  shed_rng_seed(&rng, out->seed, 0x7a4eu);
  corpus_tune  tune  = draw_tune(out, &rng);
  corpus_human human = draw_human(out, &rng);
  double       bpm   = shed_rng_between(&rng, 60, 132);
  double       lead  = .3 + 2 * shed_rng_unit(&rng);
  size_t       n     = draw_mistakes(out, &tune, bpm, &rng, mistakes);
  out->written_bpm   = floor(bpm * slower[shed_rng_below(&rng, SHED_COUNTOF(slower))]);
  return corpus_perform(&tune, bpm, lead, &human, mistakes, n, out->seed, played, err);
}

shed_status
corpus_take_make(size_t i, corpus_take *out, corpus_performance *played, shed_error *err)
{
  return corpus_take_make_again(i, 0, out, played, err);
}

const char *
corpus_take_font_name(corpus_take_font font)
{
  static const char *const names[CORPUS_TAKE_FONTS] = {[CORPUS_TAKE_TIMGM]     = "TimGM6mb",
                                                       [CORPUS_TAKE_FLUID]     = "FluidR3",
                                                       [CORPUS_TAKE_MUSESCORE] = "MuseScore General"};
  return names[font];
}

// -- how it sounds --------------------------------------------------------------------------------------------------

static shed_status
font_of(const corpus_take *t, char *path, size_t size, corpus_font_mistuning **own_cents, shed_error *err)
{
  if (t->font == CORPUS_TAKE_TIMGM) {
    *own_cents = corpus_font_cents;
    return corpus_ear_font(CORPUS_EAR_FIT, path, size, err);
  }
  if (t->font == CORPUS_TAKE_FLUID) {
    *own_cents = corpus_fluid_font_cents;
    return corpus_ear_font(CORPUS_EAR_REPORT, path, size, err);
  }
  *own_cents = corpus_second_font_cents;
  return corpus_second_font(path, size, err);
}

static int
tone_of(const corpus_take *t)
{
  shed_rng rng;
  shed_rng_seed(&rng, t->seed, 0x701eu);
  return t->series == CORPUS_TAKES_OTHER_ROWS && t->seed % 2
             ? shed_rng_between(&rng, -TONE_MOST_DB, TONE_MOST_DB)
             : 0;
}

static const char *
neighbour_of(const corpus_take *t)
{
  static const char *const others[] = {"trumpet", "violin", "clarinet", "flute", "alto_sax", "horn", "cello",
                                       // the third series has these too
                                       "oboe", "trombone", "viola", "tenor_sax", "recorder", "bassoon"};
  enum { FIRST = 7 };
  return others[t->seed % (t->series == CORPUS_TAKES_OTHER_ROWS ? SHED_COUNTOF(others) : FIRST)];
}

static shed_status
put_into_room(const corpus_take *t, shed_sound *s, shed_error *err)
{
  shed_status st = SHED_OK;
  if (tone_of(t) != 0) {
    corpus_tone_control(s, TONE_HZ, tone_of(t));
    corpus_normalise(s, PEAK);
  }
  for (int i = 0; i < CORPUS_TAKE_SPECS && t->room->specs[i] && st == SHED_OK; i++) {
    char   spec[64];
    size_t n = strlen(t->room->specs[i]);
    (void)snprintf(spec, sizeof(spec), "%s%s", t->room->specs[i],
                   t->room->specs[i][n - 1] == ':' ? neighbour_of(t) : "");
    st = corpus_degrade(s, spec, t->seed * ROOM_SEED + (uint64_t)i, err);
  }
  return st;
}

shed_status
corpus_take_sound(const corpus_take *t, const corpus_performance *played, shed_sound *out, shed_error *err)
{
  char                   font[320];
  corpus_font_mistuning *own_cents = NULL;
  shed_sound             s         = {0};
  shed_status            st        = font_of(t, font, sizeof(font), &own_cents, err);
  if (st != SHED_OK) {
    return st;
  }
  st = corpus_render_font(played, t->instrument, font, own_cents, RATE_HZ, NULL, &s, err);
  if (st == SHED_OK && t->group == CORPUS_TAKES_YEAR_ONE) {
    corpus_add_breaths(played, BREATHS, t->seed, &s);
    st = corpus_add_squeaks(played, SQUEAKS, t->seed, &s);
    corpus_normalise(&s, PEAK);
  }
  if (st == SHED_OK) {
    st = put_into_room(t, &s, err);
  }
  if (st != SHED_OK) {
    shed_sound_free(&s);
    return st;
  }
  *out = s;
  return SHED_OK;
}

shed_sha256
corpus_take_key(const corpus_take *t, const corpus_performance *played)
{
  char               text[256];
  shed_sha256_stream s;
  shed_sha256_start(&s);
  shed_sha256_add(&s, LAYOUT, sizeof(LAYOUT));
  int n = snprintf(text, sizeof(text), "%d %d %s %s %llu", (int)t->font, (int)t->group, t->instrument->id,
                   t->room->name, (unsigned long long)t->seed);
  shed_sha256_add(&s, text, (size_t)n);
  if (t->series == CORPUS_TAKES_OTHER_ROWS) {
    n = snprintf(text, sizeof(text), "tone %d, beside %s", tone_of(t), neighbour_of(t));
    shed_sha256_add(&s, text, (size_t)n);
  }
  for (int i = 0; i < CORPUS_TAKE_SPECS && t->room->specs[i]; i++) {
    shed_sha256_add(&s, t->room->specs[i], strlen(t->room->specs[i]) + 1);
  }
  for (size_t i = 0; i < played->n; i++) {
    const corpus_played *k = &played->played[i];
    n = snprintf(text, sizeof(text), "%.9f %.9f %d %.6f %d;", k->onset_s, k->duration_s, k->midi, k->cents,
                 k->velocity);
    shed_sha256_add(&s, text, (size_t)n);
    const double own = corpus_short_note_cents(t->font, t->instrument->program, k->midi, k->duration_s);
    if (!isnan(own)) {
      n = snprintf(text, sizeof(text), "%.2f;", own);
      shed_sha256_add(&s, text, (size_t)n);
    }
  }
  return shed_sha256_end(&s);
}
