// Held tones of known length and pitch, made exactly, spoiled by rooms and noise, heard by the ear and judged: how far the
// seconds and the cents are from the truth, and whether a still tone is called still and a shaking one shaky.
//
//     accuracy_tones [sample]
#include "assessors/assessor.h"
#include "engine/hear/hear.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RATE_HZ = 44100, SPECS = 2, STILL = 0, GLIDE = 1, SHAPES = 2 };

static const double HELD_S      = 6;
static const double START_S     = 1;
static const double GLIDE_CENTS = 60; // over the tone: nobody would call it still

typedef struct {
  const char *name;
  const char *specs[SPECS];
  double      seconds_most; // worst error of the seconds held
  double      cents_most;   // worst error of the pitch
} spoiled;

static const spoiled conditions[] = {
    {"clean", {0}, 0.15, 2},
    {"room, 20 dB pink noise", {"room:0.5:6", "pink:20"}, 0.4, 4},
    {"laptop, 15 dB noise", {"laptop", "noise:15"}, 0.3, 4},
    {"hum, quiet", {"hum:25", "level:-45"}, 0.3, 4},
    {"talk at 15 dB", {"talk:15"}, 0.5, 4},
};

typedef struct {
  int    takes, assessed, right_note;
  double worst_s, worst_cents, still_sd, glide_drift;
} tally;

static shed_status
judge_one(const corpus_instrument *inst, int midi, double cents, int shape, const spoiled *c, tally *t,
          shed_error *err)
{
  corpus_tone        tone  = {.timbre     = inst->timbre,
                              .onset_s    = START_S,
                              .duration_s = HELD_S,
                              .midi       = midi + cents / 100,
                              .level_db   = -20};
  shed_sound         sound = {0};
  shed_take          take  = {0};
  shed_verdict       v     = {0};
  shed_policy        policy;
  shed_sounding_note note = {.pitched        = true,
                             .midi           = midi,
                             .pass           = 1,
                             .measure        = "1",
                             .beat           = 1,
                             .onset_beats    = {0, 1},
                             .duration_beats = {8, 1},
                             .duration_s     = HELD_S};
  note.sounding           = shed_pitch_spell(midi, 0);
  note.written            = note.sounding;
  shed_prompt prompt      = {.id     = "tone",
                             .line   = {.notes = &note, .n_notes = 1, .tempo_bpm = 80},
                             .hold_s = HELD_S,
                             .tuning = SHED_TUNING_A4,
                             .a4_hz  = 440};
  if (shape == GLIDE) {
    tone.midi -= GLIDE_CENTS / 200;
    tone.glide_semitones = GLIDE_CENTS / 100;
  }
  shed_status st = corpus_synth(&tone, 1, RATE_HZ, START_S + HELD_S + 1.5, 1, NULL, &sound);
  for (int i = 0; st == SHED_OK && i < SPECS && c->specs[i]; i++) {
    st = corpus_degrade(&sound, c->specs[i], 3, err);
  }
  if (st == SHED_OK) {
    st = shed_hear_take(sound.x, sound.n, sound.rate_hz, NULL, NULL, NULL, &take, err);
  }
  if (st == SHED_OK && (st = shed_policy_preset("", &policy, err)) == SHED_OK &&
      (st = shed_assessor_find("long_tone")->judge(&prompt, &take, &policy, NULL, &v, err)) == SHED_OK) {
    t->takes++;
    if (!isnan(v.score)) {
      const shed_dimension *sustain = shed_verdict_dimension(&v, "sustain");
      const shed_dimension *still   = shed_verdict_dimension(&v, "steadiness");
      t->assessed++;
      t->worst_s = fmax(t->worst_s, fabs(sustain->value - HELD_S));
      if (shape == STILL) {
        t->worst_cents = fmax(t->worst_cents, fabs(v.notes[0].cents - cents));
        t->right_note += v.notes[0].pitch == SHED_PITCH_CORRECT;
        t->still_sd = fmax(t->still_sd, still->value);
      } else {
        t->glide_drift = fmin(t->glide_drift, still->value);
      }
    }
  }
  shed_verdict_free(&v);
  shed_take_free(&take);
  shed_sound_free(&sound);
  return st;
}

int
main(int argc, char **argv)
{
  static const char *const instruments[] = {"flute", "clarinet", "trombone", "viola", "alto"};
  bool                     sample        = argc > 1 && strcmp(argv[1], "sample") == 0;
  int                      bad           = 0;
  printf("%-24s %5s %9s %12s %12s %10s %9s %9s\n", "held tones", "takes", "assessed", "worst s off",
         "worst cents", "correct", "still sd", "glide sd");
  for (size_t c = 0; c < SHED_COUNTOF(conditions); c++) {
    tally t      = {.glide_drift = INFINITY};
    int   stills = 0;
    for (size_t i = 0; i < SHED_COUNTOF(instruments); i++) {
      const corpus_instrument *inst = corpus_instrument_find(instruments[i]);
      if (!inst) {
        continue;
      }
      for (int k = 0; k < (sample ? 2 : 4); k++) {
        shed_error err   = {0};
        int        midi  = inst->low + (inst->high - inst->low) * (2 * k + 1) / 8;
        double     cents = -20 + 13 * k;
        stills++;
        shed_status st = judge_one(inst, midi, cents, STILL, &conditions[c], &t, &err);
        if (st == SHED_OK && k == 0) {
          st = judge_one(inst, midi, 0, GLIDE, &conditions[c], &t, &err);
        }
        if (st != SHED_OK) {
          printf("%s: %s %s\n", instruments[i], shed_status_text(st), err.what);
          return 1;
        }
      }
    }
    printf("%-24s %5d %9d %12.2f %12.1f %7d/%-3d %8.1f %9.1f\n", conditions[c].name, t.takes, t.assessed,
           t.worst_s, t.worst_cents, t.right_note, stills, t.still_sd, t.glide_drift);
    if (t.takes == 0 || t.assessed < t.takes || t.worst_s > conditions[c].seconds_most ||
        t.worst_cents > conditions[c].cents_most || t.still_sd >= t.glide_drift) {
      printf("  ^ under what is asked\n");
      bad = 1;
    }
  }
  return bad;
}
