// About this file: the command line of corpus_make.
#include "engine/base/str.h"
#include "tests/corpus/make_job.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char CORPUS_MAKE_USAGE[] =
    "usage: corpus_make TAKE.wav|TAKE.mid [--tune ID | --random SEED:NOTES | --prompt PROMPT.json |\n"
    "                   --score FILE [--part PART] [--measures A-B]]\n"
    "                   [--instrument ID | --program N] [--bpm N] [--rate HZ] [--seed N] [--lead-in S] "
    "[--exact]\n"
    "                   [--human | --machine] [--timing-sd MS] [--cents-sd CENTS] [--tuning CENTS] "
    "[--tempo-sd SHARE] [--drift "
    "SHARE]\n"
    "                   [--sink CENTS] [--length SHARE] [--squeaks SHARE] [--breaths SHARE]\n"
    "                   [--mistake KIND@NOTE...]... [--mistakes SHARE]\n"
    "                   [--noise [COLOUR:]SNR_DB] [--room RT60_S] [--degrade WHAT]...\n"
    "                   [--truth FILE.json] [--abc FILE.abc]\n"
    "       corpus_make --list\n"
    "       corpus_make --ear-list\n"
    "       corpus_make --ear NAME PREFIX     (PREFIX.wav, PREFIX.truth-f0.csv, PREFIX.truth-notes.csv; in "
    "the first 0: no "
    "pitch,\n"
    "                                          -1: it may be argued about)\n"
    "Mistakes: wrong@3:2 missed@5 extra@4:1 early@6:120 late@7:120 sharp@2:50 flat@2:50 restart@7>2:1.5 "
    "skip@3>9\n"
    "          hesitation@4:1.2 early_stop@10. Notes count from 0.\n"
    "Degradations: noise:20 pink:15 brown:20 hum:25 talk:15 babble:10 player:12:trumpet clicks:20:96:0.5 "
    "room:0.5:6\n"
    "          laptop clip:6 agc level:-45, in the order given.\n";

static shed_status
take_tune(corpus_job *j, const char *value, shed_error *err)
{
  shed_status st = corpus_tune_find(value, &j->tune);
  return st == SHED_OK ? st : shed_fail(err, st, value, "no such tune; see --list");
}

static shed_status
take_random(corpus_job *j, const char *value, shed_error *err)
{
  char        seed[32];
  long long   number = 0;
  long long   notes  = 0;
  const char *colon  = strchr(value, ':');
  (void)snprintf(seed, sizeof(seed), "%.*s", colon ? (int)(colon - value) : 0, value);
  if (!colon || !shed_parse_int(seed, 0, INT64_MAX, &number) || !shed_parse_int(colon + 1, 2, 200, &notes)) {
    return shed_fail(err, SHED_E_FORMAT, value, "expected SEED:NOTES, 2 to 200 notes");
  }
  j->tune = corpus_tune_random((uint64_t)number, (size_t)notes, 60, 77);
  return SHED_OK;
}

static shed_status
take_instrument(corpus_job *j, const char *value, shed_error *err)
{
  j->instrument = corpus_instrument_find(value);
  return j->instrument ? SHED_OK : shed_fail(err, SHED_E_NOTFOUND, value, "no such instrument; see --list");
}

static shed_status
take_program(corpus_job *j, const char *value, shed_error *err)
{
  long long program = 0;
  if (!shed_parse_int(value, 0, 127, &program)) {
    return shed_fail(err, SHED_E_RANGE, value, "a General MIDI program from 0 to 127 is expected");
  }
  j->own = (corpus_instrument){
      .id = "program", .program = (int)program, .high = 127, .timbre = CORPUS_REED, .sustained = true};
  j->instrument = &j->own;
  return SHED_OK;
}

static shed_status
take_mistake(corpus_job *j, const char *value, shed_error *err)
{
  if (j->n_mistakes == CORPUS_MISTAKES_MAX) {
    return shed_fail(err, SHED_E_LIMIT, value, "more than %d mistakes", CORPUS_MISTAKES_MAX);
  }
  return corpus_mistake_parse(value, &j->mistakes[j->n_mistakes++], err);
}

static shed_status
add_degradation(corpus_job *j, const char *before, const char *value, const char *after, shed_error *err)
{
  char  *text = j->degrade[j->n_degrade];
  size_t size = sizeof(j->degrade[0]);
  if (j->n_degrade == CORPUS_DEGRADATIONS_MAX) {
    return shed_fail(err, SHED_E_LIMIT, value, "more than %d degradations", CORPUS_DEGRADATIONS_MAX);
  }
  if ((size_t)snprintf(text, size, "%s%s%s", before, value, after) >= size) {
    return shed_fail(err, SHED_E_FORMAT, value, "is too long");
  }
  j->n_degrade++;
  return SHED_OK;
}

static shed_status
take_degrade(corpus_job *j, const char *value, shed_error *err)
{
  return add_degradation(j, "", value, "", err);
}

static shed_status
take_noise(corpus_job *j, const char *value, shed_error *err)
{
  return add_degradation(j, strchr(value, ':') ? "" : "noise:", value, "", err);
}

static shed_status
take_room(corpus_job *j, const char *value, shed_error *err)
{
  return add_degradation(j, "room:", value, strchr(value, ':') ? "" : ":6", err);
}

static shed_status
take_out(corpus_job *j, const char *value, shed_error *err)
{
  (void)err;
  j->path = value;
  return SHED_OK;
}

static shed_status
take_truth(corpus_job *j, const char *value, shed_error *err)
{
  (void)err;
  j->truth = value;
  return SHED_OK;
}

static shed_status
take_abc(corpus_job *j, const char *value, shed_error *err)
{
  (void)err;
  j->abc = value;
  return SHED_OK;
}

static shed_status
take_score(corpus_job *j, const char *value, shed_error *err)
{
  (void)err;
  j->score = value;
  return SHED_OK;
}

static shed_status
take_part(corpus_job *j, const char *value, shed_error *err)
{
  (void)err;
  j->part = value;
  return SHED_OK;
}

static shed_status
take_measures(corpus_job *j, const char *value, shed_error *err)
{
  (void)err;
  j->measures = value;
  return SHED_OK;
}

static shed_status
take_number(corpus_job *j, const char *name, const char *value, shed_error *err)
{
  double rate = j->rate_hz;
  double seed = (double)j->seed;
  struct {
    const char *name;
    double      low, high;
    double     *out;
  } rows[] = {{"--bpm", 10, 400, &j->bpm},
              {"--lead-in", 0, 60, &j->lead_in_s},
              {"--tuning", -100, 100, &j->human.tuning_cents},
              {"--timing-sd", 0, 500, &j->human.timing_sd_ms},
              {"--cents-sd", 0, 60, &j->human.cents_sd},
              {"--drift", -0.5, 1, &j->human.tempo_drift},
              {"--tempo-sd", 0, 0.1, &j->human.tempo_sd},
              {"--sink", -200, 200, &j->human.sink_cents},
              {"--length", 0.1, 2, &j->human.length},
              {"--squeaks", 0, 1, &j->squeaks},
              {"--breaths", 0, 1, &j->breaths},
              {"--mistakes", 0, 1, &j->share},
              {"--rate", 8000, 96000, &rate},
              {"--seed", 0, 1e15, &seed}};
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (strcmp(rows[i].name, name) == 0) {
      if (!shed_parse_double(value, rows[i].low, rows[i].high, rows[i].out)) {
        return shed_fail(err, SHED_E_RANGE, name, "\"%s\" is no number from %g to %g", value, rows[i].low,
                         rows[i].high);
      }
      j->rate_hz = (int)rate;
      j->seed    = (uint64_t)seed;
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_FORMAT, name, "is no option");
}

static shed_status
take_option(corpus_job *j, const char *name, const char *value, shed_error *err)
{
  static const struct {
    const char *name;
    shed_status (*take)(corpus_job *j, const char *value, shed_error *err);
  } rows[] = {{"--tune", take_tune},       {"--random", take_random},   {"--prompt", corpus_job_prompt},
              {"--program", take_program}, {"--mistake", take_mistake}, {"--instrument", take_instrument},
              {"--noise", take_noise},     {"--room", take_room},       {"--degrade", take_degrade},
              {"--out", take_out},         {"--truth", take_truth},     {"--abc", take_abc},
              {"--score", take_score},     {"--part", take_part},       {"--measures", take_measures}};
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (strcmp(rows[i].name, name) == 0) {
      return rows[i].take(j, value, err);
    }
  }
  return take_number(j, name, value, err);
}

// Options without a value.
static bool
take_flag(corpus_job *j, const char *name)
{
  double tuning = j->human.tuning_cents;
  if (strcmp(name, "--machine") == 0) {
    j->human = (corpus_human){0};
  } else if (strcmp(name, "--human") == 0) {
    j->human = corpus_human_usual();
  } else if (strcmp(name, "--exact") == 0) {
    j->exact = true;
    return true;
  } else {
    return false;
  }
  j->human.tuning_cents = tuning;
  return true;
}

shed_status
corpus_job_read(corpus_job *j, int argc, char **argv, shed_error *err)
{
  for (int i = 1; i < argc; i++) {
    if (argv[i][0] != '-' && !j->path) {
      j->path = argv[i];
    } else if (!take_flag(j, argv[i])) {
      if (argv[i][0] != '-' || i + 1 == argc) {
        return SHED_E_FORMAT;
      }
      shed_status st = take_option(j, argv[i], argv[i + 1], err);
      if (st != SHED_OK) {
        return st;
      }
      i++;
    }
  }
  if (!j->path || (!j->score && (j->part || j->measures))) {
    return SHED_E_FORMAT;
  }
  if (j->score) {
    shed_status st = corpus_job_score(j, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  j->instrument = j->instrument ? j->instrument : corpus_instrument_find("flute");
  j->bpm        = j->bpm > 0 ? j->bpm : 96;
  j->lead_in_s  = isnan(j->lead_in_s) ? 0.5 : j->lead_in_s;
  return SHED_OK;
}
