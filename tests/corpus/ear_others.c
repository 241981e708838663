// About this file: other people in the room of the ear's corpus: some who talk, and one who practises.
#include "engine/base/alloc.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/ear_harm.h"

#include <math.h>

enum { RATE = CORPUS_EAR_RATE_HZ, TALK_PARTIALS = 28 };

static const double PHRASE_FALL      = 5; // semitones from a phrase's beginning to its end
static const double PAUSE_S[]        = {0.2, 0.9};
static const double SYLLABLE_S[]     = {0.11, 0.26};
static const double ACROSS_ROOM_S    = 0.4;
static const double ACROSS_DIRECT_DB = -2;

static int
phrase(shed_rng *rng, double at, double until_s, double home, corpus_ear_event *events)
{
  int syllables = shed_rng_between(rng, 3, 12);
  int n         = 0;
  for (int i = 0; i < syllables && at < until_s && n < CORPUS_EAR_EVENTS_MAX; i++) {
    double long_s = corpus_ear_between(rng, SYLLABLE_S[0], SYLLABLE_S[1]);
    bool   tied   = i > 0 && shed_rng_below(rng, 3) > 0;
    events[n++]   = (corpus_ear_event){.at_s   = at,
                                       .long_s = long_s,
                                       .midi = home - PHRASE_FALL * i / syllables + 1.2 * shed_rng_normal(rng),
                                       .gain_db = corpus_ear_between(rng, -9, 0),
                                       .tied    = tied};
    at += long_s;
    if (shed_rng_below(rng, 2)) { // a consonant cuts the voice
      events[n - 1].long_s *= 0.7;
      at += 0.02;
    }
    if (tied) {
      events[n - 2].long_s = events[n - 1].at_s - events[n - 2].at_s;
    }
  }
  return n;
}

static void
speak(shed_rng *rng, double seconds, corpus_ear_stage *stage)
{
  static const struct {
    corpus_ear_kind kind;
    double          low, high; // midi of the speaking voice
  } people[]            = {{CORPUS_EAR_MAN, 41, 50}, {CORPUS_EAR_WOMAN, 53, 60}, {CORPUS_EAR_CHILD, 58, 64}};
  size_t            who = shed_rng_below(rng, SHED_COUNTOF(people));
  corpus_ear_player p   = corpus_ear_player_draw(people[who].kind, rng);
  corpus_ear_event  events[CORPUS_EAR_EVENTS_MAX];
  double            home = corpus_ear_between(rng, people[who].low, people[who].high);
  double            near = corpus_ear_between(rng, -8, 0);
  double            at   = corpus_ear_between(rng, 0, 0.5);
  p.r.partials           = TALK_PARTIALS;
  p.r.attack_s[0]        = 0.015;
  p.r.attack_s[1]        = 0.04;
  p.r.hiss               = 0.7;
  while (at < seconds - 0.3 && !stage->failed) {
    int n = phrase(rng, at, seconds - 0.2, home + 3, events);
    for (int i = 0; i < n; i++) {
      events[i].gain_db += near;
    }
    corpus_ear_play(&p, events, n, stage);
    at = events[n - 1].at_s + events[n - 1].long_s + corpus_ear_between(rng, PAUSE_S[0], PAUSE_S[1]);
  }
}

shed_status
corpus_ear_talk(int people, double seconds, uint64_t seed, corpus_ear_sound *out)
{
  corpus_ear_stage stage = {0};
  shed_rng         rng;
  for (int i = 0; i < people; i++) {
    shed_rng_seed(&rng, seed, 0x7a1u + (uint64_t)i);
    speak(&rng, seconds, &stage);
  }
  return corpus_ear_mix(&stage, seconds, -6, out);
}

shed_status
corpus_ear_somebody(const corpus_ear_item *item, uint64_t seed, corpus_ear_sound *out, shed_error *err)
{
  size_t                n;
  shed_rng              rng;
  const corpus_ear_row *rows  = corpus_ear_rows(&n);
  corpus_ear_item       other = *item;
  shed_rng_seed(&rng, seed, 0x0be5u);
  corpus_ear_row row = rows[shed_rng_below(&rng, (uint32_t)n)];
  while (row.group != CORPUS_EAR_SAMPLED || row.made < 0) {
    row = rows[shed_rng_below(&rng, (uint32_t)n)];
  }
  other.seed     = seed;
  row.seconds    = corpus_ear_row_of(item)->seconds;
  shed_status st = corpus_ear_sampled(&other, &row, out, err);
  if (st != SHED_OK) {
    return st;
  }
  shed_sound wave = {.x = out->x, .n = (size_t)out->n, .rate_hz = RATE};
  st              = corpus_room(&wave, ACROSS_ROOM_S, ACROSS_DIRECT_DB, seed);
  if (st != SHED_OK) {
    corpus_ear_free(out);
    return shed_fail(err, st, item->name, "%s", shed_status_text(st));
  }
  return SHED_OK;
}
