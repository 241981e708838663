// About this file: other people in the room: talk, another player, a metronome. And degradations by name.
#include "engine/base/rng.h"
#include "engine/base/str.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TONES_A_TALKER = 2048, CLICKS_MAX = 4096 };

static const double FULL = 0.94; // -0.5 dBFS

// Add b to a so that a lies snr_db over it; levels as in degrade.h.
static void
mix(shed_sound *a, shed_sound *b, double snr_db)
{
  corpus_set_level(b, corpus_level_db(a) - snr_db);
  for (size_t i = 0; i < a->n && i < b->n; i++) {
    a->x[i] += b->x[i];
  }
}

// One person: phrases of syllables, each a vowel that falls a little after a short hiss.
static size_t
speak(corpus_tone *tones, size_t cap, double until_s, uint64_t seed, uint64_t person)
{
  static const corpus_timbre vowels[] = {CORPUS_SUNG_A, CORPUS_SUNG_E, CORPUS_SUNG_I, CORPUS_SUNG_O,
                                         CORPUS_SUNG_U};
  shed_rng                   rng;
  size_t                     n = 0;
  shed_rng_seed(&rng, seed, 0x7a1cu + person);
  double voice = 43 + 12 * shed_rng_unit(&rng); // about 100 to 200 Hz
  for (double t = 0.5 * shed_rng_unit(&rng); t < until_s;) {
    int    syllables = shed_rng_between(&rng, 4, 14);
    double pitch     = voice + 4;
    for (int i = 0; i < syllables && n + 2 <= cap; i++) {
      double long_s = 0.09 + 0.13 * shed_rng_unit(&rng);
      if (shed_rng_below(&rng, 3) > 0) {
        tones[n++] = (corpus_tone){.timbre = CORPUS_CLAP, .onset_s = t, .level_db = -34};
        t += 0.03;
      }
      tones[n++] = (corpus_tone){.timbre          = vowels[shed_rng_below(&rng, SHED_COUNTOF(vowels))],
                                 .onset_s         = t,
                                 .duration_s      = long_s,
                                 .midi            = pitch + 2 * shed_rng_normal(&rng),
                                 .glide_semitones = -1.5 - shed_rng_unit(&rng),
                                 .level_db        = -26 + 3 * shed_rng_normal(&rng),
                                 .breath_db       = -22};
      t += long_s + 0.03;
      pitch -= 4.0 / syllables;
    }
    if (n + 2 > cap) {
      break;
    }
    t += 0.25 + 0.8 * shed_rng_unit(&rng);
  }
  return n;
}

shed_status
corpus_add_talk(shed_sound *s, int people, double snr_db, uint64_t seed)
{
  double       length_s = (double)s->n / s->rate_hz;
  shed_sound   talk     = {0};
  corpus_tone *tones    = shed_malloc(s->alloc, TONES_A_TALKER * sizeof(*tones));
  shed_status  st       = SHED_E_NOMEM;
  if (tones && (st = corpus_synth(NULL, 0, s->rate_hz, length_s + 1, seed, s->alloc, &talk)) == SHED_OK) {
    for (int i = 0; i < people && st == SHED_OK; i++) {
      size_t n = speak(tones, TONES_A_TALKER, length_s, seed, (uint64_t)i);
      st       = corpus_synth_add(tones, n, seed + (uint64_t)i, &talk);
    }
    mix(s, &talk, snr_db);
  }
  shed_sound_free(&talk);
  shed_free(s->alloc, tones);
  return st;
}

shed_status
corpus_add_player(shed_sound *s, const char *instrument, double snr_db, uint64_t seed, shed_error *err)
{
  const corpus_instrument *ins   = corpus_instrument_find(instrument);
  corpus_human             human = corpus_human_usual();
  shed_sound               other = {0};
  if (!ins || ins->program < 0) {
    return shed_fail(err, SHED_E_NOTFOUND, instrument, "no pitched instrument has this name");
  }
  size_t              notes = (size_t)((double)s->n / s->rate_hz * 2.2) + 2; // at 110 a minute
  corpus_tune         tune  = corpus_tune_random(seed, notes < 200 ? notes : 200, ins->low, ins->high);
  corpus_performance *p     = shed_malloc(s->alloc, sizeof(*p));
  if (!p) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  shed_status st = corpus_perform(&tune, 110, 0.1, &human, NULL, 0, seed, p, err);
  if (st == SHED_OK && (st = corpus_render(p, ins, s->rate_hz, s->alloc, &other, err)) == SHED_OK) {
    other.n = other.n < s->n ? other.n : s->n;
    mix(s, &other, snr_db);
  }
  shed_sound_free(&other);
  shed_free(s->alloc, p);
  return st;
}

shed_status
corpus_add_clicks(shed_sound *s, double bpm, double start_s, int beats, double snr_db)
{
  double       length_s = (double)s->n / s->rate_hz;
  shed_sound   clicks   = {0};
  corpus_tone *tones    = shed_malloc(s->alloc, CLICKS_MAX * sizeof(*tones));
  size_t       n        = 0;
  shed_status  st       = tones ? SHED_OK : SHED_E_NOMEM;
  if (st == SHED_OK && !(bpm >= 10 && bpm <= 400 && beats > 0)) {
    st = SHED_E_RANGE;
  }
  for (; st == SHED_OK && n < CLICKS_MAX && start_s + (double)n * 60 / bpm < length_s; n++) {
    tones[n] = (corpus_tone){.timbre   = CORPUS_CLICK,
                             .onset_s  = start_s + (double)n * 60 / bpm,
                             .midi     = n % (size_t)beats == 0 ? 96 : 91,
                             .level_db = -12};
  }
  if (st == SHED_OK && (st = corpus_synth(tones, n, s->rate_hz, length_s, 0, s->alloc, &clicks)) == SHED_OK) {
    mix(s, &clicks, snr_db);
  }
  shed_sound_free(&clicks);
  shed_free(s->alloc, tones);
  return st;
}

// -- by name --------------------------------------------------------------------------------------------------------

enum { NUMBERS_MAX = 3 };

typedef struct {
  double      number[NUMBERS_MAX];
  const char *word;
  uint64_t    seed;
} request;

static shed_status
do_white(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_add_noise(s, CORPUS_WHITE, r->number[0], r->seed);
  return SHED_OK;
}

static shed_status
do_pink(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_add_noise(s, CORPUS_PINK, r->number[0], r->seed);
  return SHED_OK;
}

static shed_status
do_brown(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_add_noise(s, CORPUS_BROWN, r->number[0], r->seed);
  return SHED_OK;
}

static shed_status
do_hum(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_add_hum(s, r->number[0]);
  return SHED_OK;
}

static shed_status
do_talk(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  return corpus_add_talk(s, 1, r->number[0], r->seed);
}

static shed_status
do_babble(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  return corpus_add_talk(s, 6, r->number[0], r->seed);
}

static shed_status
do_player(shed_sound *s, const request *r, shed_error *err)
{
  return corpus_add_player(s, r->word, r->number[0], r->seed, err);
}

static shed_status
do_clicks(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  return corpus_add_clicks(s, r->number[1], r->number[2], 4, r->number[0]);
}

static shed_status
do_room(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  return corpus_room(s, r->number[0], r->number[1], r->seed);
}

static shed_status
do_laptop(shed_sound *s, const request *r, shed_error *err)
{
  (void)r;
  (void)err;
  corpus_laptop(s);
  return SHED_OK;
}

static shed_status
do_tone(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_tone_control(s, r->number[0], r->number[1]);
  return SHED_OK;
}

static shed_status
do_clip(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_clip(s, r->number[0]);
  return SHED_OK;
}

static shed_status
do_agc(shed_sound *s, const request *r, shed_error *err)
{
  (void)r;
  (void)err;
  corpus_agc(s);
  return SHED_OK;
}

static shed_status
do_level(shed_sound *s, const request *r, shed_error *err)
{
  (void)err;
  corpus_set_level(s, r->number[0]);
  return SHED_OK;
}

static const struct {
  const char *name;
  int         numbers;
  bool        word;
  const char *usage;
  shed_status (*run)(shed_sound *s, const request *r, shed_error *err);
} ROWS[] = {
    {"noise", 1, false, "noise:SNR_DB", do_white},
    {"pink", 1, false, "pink:SNR_DB", do_pink},
    {"brown", 1, false, "brown:SNR_DB", do_brown},
    {"hum", 1, false, "hum:SNR_DB", do_hum},
    {"talk", 1, false, "talk:SNR_DB", do_talk},
    {"babble", 1, false, "babble:SNR_DB", do_babble},
    {"player", 1, true, "player:SNR_DB:INSTRUMENT", do_player},
    {"clicks", 3, false, "clicks:SNR_DB:BPM:START_S", do_clicks},
    {"room", 2, false, "room:RT60_S:DIRECT_DB", do_room},
    {"laptop", 0, false, "laptop", do_laptop},
    {"tone", 2, false, "tone:CORNER_HZ:HIGH_DB", do_tone},
    {"clip", 1, false, "clip:OVER_DB", do_clip},
    {"agc", 0, false, "agc", do_agc},
    {"level", 1, false, "level:DBFS", do_level},
};

// What was added must not be clipped by the file: that is a degradation of its own.
static void
keep_in_scale(shed_sound *s)
{
  float most = 0;
  for (size_t i = 0; i < s->n; i++) {
    most = fmaxf(most, fabsf(s->x[i]));
  }
  if (most > 1) {
    corpus_normalise(s, FULL);
  }
}

shed_status
corpus_degrade(shed_sound *s, const char *spec, uint64_t seed, shed_error *err)
{
  char    text[128];
  char   *rest = NULL;
  request r    = {.seed = seed};
  (void)snprintf(text, sizeof(text), "%s", spec);
  const char *name = strtok_r(text, ":", &rest);
  for (size_t i = 0; name && i < SHED_COUNTOF(ROWS); i++) {
    if (strcmp(ROWS[i].name, name) != 0) {
      continue;
    }
    bool good = true;
    for (int k = 0; k < ROWS[i].numbers; k++) {
      const char *number = strtok_r(NULL, ":", &rest);
      good               = good && number && shed_parse_double(number, -200, 1000, &r.number[k]);
    }
    r.word = ROWS[i].word ? strtok_r(NULL, ":", &rest) : NULL;
    if (!good || (ROWS[i].word && !r.word) || strtok_r(NULL, ":", &rest)) {
      return shed_fail(err, SHED_E_FORMAT, spec, "expected %s", ROWS[i].usage);
    }
    shed_status st = ROWS[i].run(s, &r, err);
    keep_in_scale(s);
    return st == SHED_OK || (err && err->status == st) ? st
                                                       : shed_fail(err, st, spec, "%s", shed_status_text(st));
  }
  return shed_fail(err, SHED_E_FORMAT, spec, "no degradation has this name");
}
