// Claps, rendered exactly, and a sampled snare drum, with known mistakes, spoiled by rooms and noise, heard by the ear and judged:
// what share of the strokes is found, of the mistakes caught, how often something is held against a player that never was,
// and how many strokes made in time have no credit.
//
//     accuracy_claps [sample]
#include "assessors/assessor.h"
#include "engine/audio/render.h"
#include "engine/base/rng.h"
#include "engine/hear/hear.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_HZ = 44100, SPECS = 3, MOST_MISTAKES = 24 };

static const double FOUND_S      = 0.030; // a stroke judged so near to where it was made is found
static const double CLEARLY_OFF  = 85;    // ms off the player's own beat: must be told
static const double CLEARLY_ON   = 30;    // ms: must not be told
static const double MISTAKE_RATE = 0.12;

typedef struct {
  const char *name;
  const char *specs[SPECS];
  double      caught_least; // per cent of each kind of mistake
  double      no_credit_most;
} spoiled;

static const spoiled conditions[] = {
    {"clean", {0}, 80, 1},
    {"room, 20 dB pink noise", {"room:0.5:6", "pink:20"}, 80, 1},
    {"room 1.2 s across it", {"room:1.2:0"}, 80, 1},
    {"laptop, 15 dB noise", {"laptop", "noise:15"}, 80, 1},
    {"babble at 12 dB", {"babble:12"}, 80, 1},
    {"very quiet, hum", {"hum:25", "level:-48"}, 80, 1},
    {"clipped", {"clip:6"}, 80, 1},
};

// What each condition must reach, in per cent and strokes a take.
#define FOUND_LEAST       90.0
#define FALSE_MISSED_MOST 2.0
#define FALSE_OFF_MOST    1.0
#define FALSE_EXTRAS_MOST 0.1
#define NO_CREDIT_MOST    1.0 // over all conditions together

static const double CREDIT_LEAST = .5;
enum { SNARE_KEY = 38 };

// What a condition came to.
typedef struct {
  int takes, unassessed;
  int played, found, false_missed;
  int missed, caught_missed;
  int extra, caught_extra, false_extra;
  int off, caught_off;
  int on, false_off, no_credit;
} tally;

static size_t
make_mistakes(const corpus_tune *tune, uint64_t seed, corpus_mistake *out)
{
  static const corpus_mistake_kind kinds[] = {CORPUS_MISSED, CORPUS_EXTRA, CORPUS_EARLY, CORPUS_LATE};
  shed_rng                         rng;
  size_t                           n = 0;
  shed_rng_seed(&rng, seed, 77);
  for (size_t i = 1; i + 1 < tune->n && n < MOST_MISTAKES; i++) {
    double   before = shed_beat_quarters(shed_beat_sub(tune->notes[i].onset, tune->notes[i - 1].onset));
    double   after  = shed_beat_quarters(shed_beat_sub(tune->notes[i + 1].onset, tune->notes[i].onset));
    double   chance = shed_rng_unit(&rng);
    uint32_t kind   = shed_rng_below(&rng, SHED_COUNTOF(kinds));
    // a slip of a tenth of a second wants room beside it, and so does a stroke between two others
    if (chance >= MISTAKE_RATE || before < 0.5 || after < 0.5) {
      continue;
    }
    out[n++] = (corpus_mistake){.kind = kinds[kind], .index = (int)i, .amount = kind >= 2 ? 120 : 0};
    i++; // one at a time, so that each is what it is
  }
  return n;
}

static const shed_note_verdict *
verdict_of(const shed_verdict *v, int index)
{
  return index >= 0 && (size_t)index < v->n_notes ? &v->notes[index] : NULL;
}

static void
compare_notes(const corpus_performance *p, const shed_verdict *v, tally *t)
{
  for (size_t i = 0; i < p->tune.n; i++) {
    const shed_note_verdict *nv     = verdict_of(v, (int)i);
    bool                     missed = nv->pitch == SHED_PITCH_MISSED;
    if (!p->truth[i].played) {
      t->missed++;
      t->caught_missed += missed;
      continue;
    }
    const corpus_played *played = &p->played[p->truth[i].sound];
    bool                 told   = nv->timing == SHED_TIMING_EARLY || nv->timing == SHED_TIMING_LATE;
    t->played++;
    t->false_missed += missed;
    t->found += !isnan(nv->onset_s) && fabs(nv->onset_s - played->onset_s) <= FOUND_S;
    if (fabs(played->shift_ms) >= CLEARLY_OFF) {
      t->off++;
      t->caught_off += told && (nv->onset_error_ms > 0) == (played->shift_ms > 0);
    } else if (fabs(played->shift_ms) <= CLEARLY_ON) {
      t->on++;
      t->false_off += told;
      t->no_credit += !(nv->credit >= CREDIT_LEAST);
    }
  }
}

static void
compare_extras(const corpus_performance *p, const shed_verdict *v, tally *t)
{
  int caught = 0;
  for (size_t i = 0; i < p->n; i++) {
    if (p->played[i].index >= 0) {
      continue;
    }
    t->extra++;
    for (size_t k = 0; k < v->n_extras; k++) {
      if (fabs(v->extras[k].onset_s - p->played[i].onset_s) <= FOUND_S) {
        caught++;
        break;
      }
    }
  }
  t->caught_extra += caught;
  t->false_extra += (int)v->n_extras - caught;
}

// @param snare a sampled drum; else claps whose first sample is known.
static shed_status
render(const corpus_performance *p, bool snare, uint64_t seed, shed_sound *out, shed_error *err)
{
  static shed_render_note notes[CORPUS_NOTES_MAX];
  const shed_render_opts  opts = {.rate_hz = RATE_HZ, .tail_s = 1};
  if (!snare) {
    return corpus_render_exact(p, corpus_instrument_find("clap"), RATE_HZ, seed, NULL, out);
  }
  for (size_t i = 0; i < p->n; i++) {
    notes[i] = (shed_render_note){.onset_s    = p->played[i].onset_s,
                                  .duration_s = .1,
                                  .midi       = SNARE_KEY,
                                  .velocity   = p->played[i].velocity,
                                  .percussion = true};
  }
  return shed_render_notes(notes, p->n, &opts, NULL, out, err);
}

static shed_status
judge_one(const corpus_tune *tune, double bpm, const spoiled *condition, uint64_t seed, bool snare, tally *t,
          shed_error *err)
{
  static corpus_performance p;
  corpus_mistake            mistakes[MOST_MISTAKES];
  corpus_human              human = {.timing_sd_ms = 10, .tempo_sd = 0.004, .velocity_sd = 6};
  shed_sound                sound = {0};
  shed_take                 take  = {0};
  shed_verdict              v     = {0};
  shed_policy               policy;
  shed_prompt               prompt = {.id = "claps", .click_start_s = (double)NAN, .a4_hz = 440};
  size_t                    n      = make_mistakes(tune, seed, mistakes);
  shed_status               st     = corpus_perform(tune, bpm, 1.0, &human, mistakes, n, seed, &p, err);
  if (st == SHED_OK) {
    st = render(&p, snare, seed, &sound, err);
  }
  for (int i = 0; st == SHED_OK && i < SPECS && condition->specs[i]; i++) {
    st = corpus_degrade(&sound, condition->specs[i], seed + 100, err);
  }
  if (st == SHED_OK) {
    st = shed_hear_take(sound.x, sound.n, sound.rate_hz, NULL, NULL, NULL, &take, err);
  }
  if (st == SHED_OK && (st = corpus_tune_line(tune, 90, NULL, &prompt.line)) == SHED_OK &&
      (st = shed_policy_preset("", &policy, err)) == SHED_OK &&
      (st = shed_assessor_find("rhythm")->judge(&prompt, &take, &policy, NULL, &v, err)) == SHED_OK) {
    t->takes++;
    t->unassessed += isnan(v.score);
    compare_notes(&p, &v, t);
    compare_extras(&p, &v, t);
    if (getenv("SHED_TALK")) {
      printf("  %s bpm %.0f seed %llu: snr %.1f onsets %zu notes %zu of %zu, judged bpm %.1f, extras %zu, "
             "score %.2f\n",
             tune->id, bpm, (unsigned long long)seed, (double)take.snr_db, take.n_onsets, take.n_notes, p.n,
             v.tempo_bpm, v.n_extras, v.score);
    }
  }
  shed_verdict_free(&v);
  corpus_line_free(&prompt.line);
  shed_take_free(&take);
  shed_sound_free(&sound);
  return st;
}

static double
percent(int part, int whole)
{
  return whole ? 100.0 * part / whole : 100;
}

static void
add_to(tally *all, const tally *t)
{
  all->takes += t->takes;
  all->on += t->on;
  all->no_credit += t->no_credit;
}

// One row. @return whether what is asked holds; -1 when something failed.
static int
run_condition(const spoiled *c, bool snare, uint64_t seeds, tally *all)
{
  static const char *const tunes[]  = {"clap_simple", "clap_dotted", "clap_triplet"};
  static const double      tempos[] = {66, 84, 108};
  tally                    t        = {0};
  for (size_t i = 0; i < SHED_COUNTOF(tunes); i++) {
    for (uint64_t seed = 0; seed < seeds; seed++) {
      corpus_tune tune;
      shed_error  err = {0};
      shed_status st  = corpus_tune_find(tunes[i], &tune);
      if (st == SHED_OK) {
        st = judge_one(&tune, tempos[(seed + i) % SHED_COUNTOF(tempos)], c, 1000 * i + seed, snare, &t, &err);
      }
      if (st != SHED_OK) {
        printf("%s: %s %s\n", tunes[i], shed_status_text(st), err.what);
        return -1;
      }
    }
  }
  add_to(all, &t);
  double no_credit = t.on ? 100.0 * t.no_credit / t.on : 0;
  printf("%-24s %5d  %5.1f%% %6.2f%%  %5.1f%%  %5.1f%%  %5.2f/take  %6.1f%%  %6.2f%%  %6.2f%%", c->name,
         t.takes, percent(t.found, t.played), t.played ? 100.0 * t.false_missed / t.played : 0,
         percent(t.caught_missed, t.missed), percent(t.caught_extra, t.extra),
         (double)t.false_extra / t.takes, percent(t.caught_off, t.off), t.on ? 100.0 * t.false_off / t.on : 0,
         no_credit);
  printf(t.unassessed ? "  (%d not assessed)\n" : "\n", t.unassessed);
  return percent(t.found, t.played) >= FOUND_LEAST &&
         percent(t.played - t.false_missed, t.played) >= 100 - FALSE_MISSED_MOST &&
         percent(t.caught_missed, t.missed) >= c->caught_least &&
         percent(t.caught_extra, t.extra) >= c->caught_least &&
         percent(t.caught_off, t.off) >= c->caught_least &&
         percent(t.on - t.false_off, t.on) >= 100 - FALSE_OFF_MOST &&
         t.false_extra <= FALSE_EXTRAS_MOST * t.takes && no_credit <= c->no_credit_most;
}

int
main(int argc, char **argv)
{
  bool     sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  uint64_t seeds  = sample ? 2 : 8;
  int      bad    = 0;
  for (int snare = 0; snare <= 1; snare++) {
    tally all = {0};
    printf("%-24s %5s  %6s %7s  %6s  %6s  %8s  %8s  %8s  %7s\n", snare ? "snare drum" : "claps", "takes",
           "found", "f.miss", "missed", "extra", "f.extra", "off told", "f.off", "no cr.");
    for (size_t c = 0; c < SHED_COUNTOF(conditions); c++) {
      int held = run_condition(&conditions[c], snare == 1, seeds, &all);
      if (held < 0) {
        return 1;
      }
      if (!held) {
        printf("  ^ under what is asked\n");
        bad = 1;
      }
    }
    printf("%s, %d takes: right strokes without credit %.2f %% of %d (asked %.0f)\n\n",
           snare ? "snare drum" : "claps", all.takes, 100.0 * all.no_credit / all.on, all.on, NO_CREDIT_MOST);
    bad = bad || 100.0 * all.no_credit > NO_CREDIT_MOST * all.on;
  }
  return bad;
}
