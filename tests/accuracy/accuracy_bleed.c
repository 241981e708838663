// About this file: a click that bleeds into the microphone. The same take is heard without it, with it and untold, with it
// and told of it: onsets that were made up, lost and moved. Without arguments the whole table; "sample" a part of it,
// against thresholds.
#include "engine/hear/hear.h"
#include "tests/accuracy/hear_sound.h"
#include "tests/accuracy/matching.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_HZ = 44100, CLICKS_MAX = 400 };
static const double LEAD_IN_S = 2.2;
static const double NEAR_S    = 0.050;
static const double DELAY_S   = 0.033; // of loudspeaker and room
static const double START_S   = 0.2;

// Thresholds, with the click told.
static const double FALSE_MOST = 16; // a minute
static const double LOST_MOST  = 0.06;

// Sounds of metronomes.
typedef struct {
  const char   *name;
  corpus_timbre timbre;
  double        midi, accent; // accent: of the first of four
  double        length_s;
  double        level_db; // on its own
  double        attack_s; // 0: its own
} click_sound;
static const click_sound sounds[] = {
    {"blip", CORPUS_CLICK, 91, 96, 0.02, -12, 0},     {"one blip", CORPUS_CLICK, 100, 100, 0.02, -12, 0},
    {"wood", CORPUS_PLUCKED, 88, 93, 0.03, -12, 0},   {"noise", CORPUS_CLAP, 0, 0, 0.02, -12, 0},
    {"beep", CORPUS_FLUTE, 84, 89, 0.06, -12, 0.003},
};

typedef struct {
  const char *instrument, *tune;
  double      bpm;
} played_take;
static const played_take takes[] = {{"clarinet", "ode", 96},     {"violin", "minuet", 112},
                                    {"piano", "twinkle", 88},    {"soprano", "frere", 100},
                                    {"trumpet", "saints", 120},  {"guitar", "sailor", 104},
                                    {"clap", "clap_simple", 92}, {"cello", "largo", 72}};

typedef struct {
  int         notes, lost, extra, pitched_extra;
  double      minutes;
  int         found, clicked;
  number_list shift; // s, of onsets that were heard in both
} tally;

typedef struct {
  tally clean, untold, told;
} tallies;

static shed_status
add_click(shed_sound *s, const click_sound *c, double bpm, double under_db, bool room, uint64_t seed)
{
  static corpus_tone tones[CLICKS_MAX];
  shed_sound         clicks   = {0};
  double             length_s = (double)s->n / s->rate_hz;
  size_t             n        = 0;
  for (; n < CLICKS_MAX && START_S + DELAY_S + (double)n * 60 / bpm < length_s - 0.1; n++) {
    tones[n] = (corpus_tone){.timbre     = c->timbre,
                             .onset_s    = START_S + DELAY_S + (double)n * 60 / bpm,
                             .duration_s = c->length_s,
                             .midi       = n % 4 == 0 ? c->accent : c->midi,
                             .level_db   = c->level_db,
                             .attack_s   = c->attack_s};
  }
  // a metronome plays its two sounds again and again
  shed_sound  one[2] = {{0}, {0}};
  shed_status st     = corpus_synth(tones, 0, s->rate_hz, length_s, 0, s->alloc, &clicks);
  for (int k = 0; k < 2 && st == SHED_OK; k++) {
    tones[k].onset_s = 0;
    st               = corpus_synth(&tones[k], 1, s->rate_hz, 0, seed, s->alloc, &one[k]);
  }
  for (size_t i = 0; st == SHED_OK && i < n; i++) {
    const shed_sound *from = &one[i % 4 != 0];
    size_t            at   = (size_t)lround((START_S + DELAY_S + (double)i * 60 / bpm) * s->rate_hz);
    for (size_t k = 0; k < from->n && at + k < clicks.n; k++) {
      clicks.x[at + k] += from->x[k];
    }
  }
  shed_sound_free(&one[0]);
  shed_sound_free(&one[1]);
  if (st == SHED_OK && room) {
    st = corpus_room(&clicks, 0.4, 3, seed);
  }
  if (st == SHED_OK) {
    float gain = (float)pow(10, (corpus_level_db(s) - under_db - corpus_level_db(&clicks)) / 20);
    for (size_t i = 0; i < s->n && i < clicks.n; i++) {
      s->x[i] += gain * clicks.x[i];
    }
  }
  shed_sound_free(&clicks);
  return st;
}

static shed_status
hear(const shed_sound *s, double click_bpm, shed_take *out)
{
  shed_sound     left = *s;
  shed_error     err  = {0};
  shed_hear_opts opts = {.rate_hz = s->rate_hz};
  if (click_bpm > 0) {
    opts.click = (shed_hear_click){.first_s = START_S, .period_s = 60 / click_bpm};
  }
  return shed_hear_source(hear_sound_pull, &left, &opts, s->n, NULL, NULL, NULL, out, &err);
}

static void
compare(const corpus_performance *p, const shed_take *clean, const shed_take *t, tally *to)
{
  bool *used       = calloc(t->n_onsets + 1, sizeof(*used));
  bool *used_clean = calloc(clean->n_onsets + 1, sizeof(*used_clean));
  int   matched    = 0;
  for (size_t i = 0; i < p->n; i++) {
    int a = hear_sound_nearest(t, used, p->played[i].onset_s, NEAR_S);
    int b = hear_sound_nearest(clean, used_clean, p->played[i].onset_s, NEAR_S);
    if (a >= 0) {
      used[a] = true;
      matched++;
    }
    if (b >= 0) {
      used_clean[b] = true;
    }
    if (a >= 0 && b >= 0) {
      numbers_add(&to->shift, fabs((double)(t->onsets[a].time_s - clean->onsets[b].time_s)));
    }
  }
  for (size_t i = 0; i < t->n_notes; i++) {
    double at      = (double)t->notes[i].onset_s;
    bool   of_note = false;
    for (size_t k = 0; k < p->n; k++) {
      of_note |=
          at > p->played[k].onset_s - 0.08 && at < p->played[k].onset_s + p->played[k].duration_s + 0.1;
    }
    to->pitched_extra += t->notes[i].midi >= 0 && !of_note;
  }
  to->notes += (int)p->n;
  to->lost += (int)p->n - matched;
  to->extra += (int)t->n_onsets - matched;
  to->minutes += t->duration_s / 60;
  free(used);
  free(used_clean);
}

static bool
talked_of(const char *instrument, const char *sound)
{
  const char *only = getenv("SHED_ONLY"); // "clarinet blip"
  char        name[64];
  (void)snprintf(name, sizeof(name), "%s %s", instrument, sound);
  return !only || strcmp(only, name) == 0;
}

static shed_status
one_take(const played_take *what, const click_sound *c, double under_db, bool on_beat, bool room,
         uint64_t seed, tallies *to)
{
  static corpus_performance p;
  corpus_tune               tune;
  corpus_human              human = corpus_human_usual();
  const corpus_instrument  *ins   = corpus_instrument_find(what->instrument);
  shed_sound                s     = {0};
  shed_take                 a = {0}, b = {0}, k = {0};
  shed_error                err = {0};
  double                    bpm = on_beat ? what->bpm : what->bpm * 0.87;
  shed_status               st  = corpus_tune_find(what->tune, &tune);
  tune                          = ins->program >= 0 ? corpus_tune_fitted(&tune, ins->low, ins->high) : tune;
  human.tempo_sd                = 0;
  tune.n                        = tune.n < 28 ? tune.n : 28;
  // the music begins with a click, a few clicks after the first
  double lead_in = START_S + ceil((LEAD_IN_S - START_S) * bpm / 60) * 60 / bpm;
  if (st == SHED_OK &&
      (st = corpus_perform(&tune, what->bpm, lead_in, &human, NULL, 0, seed, &p, &err)) == SHED_OK &&
      (st = ins->program >= 0 ? corpus_render(&p, ins, RATE_HZ, NULL, &s, &err)
                              : corpus_render_exact(&p, ins, RATE_HZ, seed, NULL, &s)) == SHED_OK) {
    corpus_add_noise(&s, CORPUS_PINK, 45, seed);
    st = hear(&s, 0, &a);
  }
  if (st == SHED_OK && (st = add_click(&s, c, bpm, under_db, room, seed)) == SHED_OK &&
      (st = hear(&s, 0, &b)) == SHED_OK && (st = hear(&s, bpm, &k)) == SHED_OK) {
    compare(&p, &a, &a, &to->clean);
    compare(&p, &a, &b, &to->untold);
    compare(&p, &a, &k, &to->told);
    if (getenv("SHED_TALK")) {
      printf("  %s %s %.0f dB: clean %zu, untold %zu, told %zu onsets of %zu\n", what->instrument, c->name,
             under_db, a.n_onsets, b.n_onsets, k.n_onsets, p.n);
    }
  } else if (st != SHED_OK) {
    printf("%s: %s %s\n", what->instrument, shed_status_text(st), err.what);
  }
  shed_take_free(&a);
  shed_take_free(&b);
  shed_take_free(&k);
  shed_sound_free(&s);
  return st;
}

static void
print(const char *name, tally *t)
{
  printf("  %-7s false onsets %6.1f a minute   lost %5.1f %%   notes in rests %5.1f a minute   moved %4.1f "
         "ms (half), "
         "%5.1f ms (19 of 20)\n",
         name, t->extra / t->minutes, 100.0 * t->lost / t->notes, t->pitched_extra / t->minutes,
         1000 * numbers_quantile(&t->shift, 0.5), 1000 * numbers_quantile(&t->shift, 0.95));
}

static void
forget(tallies *t)
{
  numbers_free(&t->clean.shift);
  numbers_free(&t->untold.shift);
  numbers_free(&t->told.shift);
  memset(t, 0, sizeof(*t));
}

int
main(int argc, char **argv)
{
  static const double under_dbs[] = {20, 12, 6, 0};
  static tallies      all, one;
  bool                sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  size_t              count  = 0;
  for (size_t l = 0; l < SHED_COUNTOF(under_dbs); l++) {
    for (int on = 0; on < 2; on++) {
      forget(&one);
      for (size_t c = 0; c < SHED_COUNTOF(sounds); c++) {
        for (size_t k = 0; k < SHED_COUNTOF(takes); k++) {
          for (int room = 0; room < 2; room++) {
            count++;
            // a part of it: each take, sound, level and room several times
            if (!talked_of(takes[k].instrument, sounds[c].name)) {
              continue;
            }
            if (sample && (k + 3 * c + 5 * l + (size_t)on * 2 + (size_t)room * 4) % 8 != 0) {
              continue;
            }
            tallies *t = &one;
            if (one_take(&takes[k], &sounds[c], under_dbs[l], on, room, count, t) != SHED_OK) {
              return 1;
            }
          }
        }
      }
      printf("click %.0f dB under the player, %s\n", under_dbs[l], on ? "on the beat" : "at another speed");
      if (one.clean.notes == 0) {
        continue;
      }
      print("clean", &one.clean);
      print("untold", &one.untold);
      print("told", &one.told);
      (void)fflush(stdout);
      all.clean.extra += one.clean.extra;
      all.clean.lost += one.clean.lost;
      all.clean.notes += one.clean.notes;
      all.clean.minutes += one.clean.minutes;
      all.told.extra += one.told.extra;
      all.told.lost += one.told.lost;
      all.untold.extra += one.untold.extra;
      all.untold.lost += one.untold.lost;
    }
  }
  printf("all: false onsets a minute %.1f clean, %.1f untold, %.1f told; lost %.1f %%, %.1f %%, %.1f %%\n",
         all.clean.extra / all.clean.minutes, all.untold.extra / all.clean.minutes,
         all.told.extra / all.clean.minutes, 100.0 * all.clean.lost / all.clean.notes,
         100.0 * all.untold.lost / all.clean.notes, 100.0 * all.told.lost / all.clean.notes);
  forget(&one);
  bool held = all.told.extra <= FALSE_MOST * all.clean.minutes &&
              all.told.lost - all.clean.lost <= LOST_MOST * all.clean.notes;
  if (!held) {
    printf("  ^ more than %.0f false onsets a minute, or than %.0f %% of the onsets lost by it\n", FALSE_MOST,
           100 * LOST_MOST);
  }
  return held ? 0 : 1;
}
