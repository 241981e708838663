// corpus_make: writes a take of a tune, with the mistakes and the room that are asked for, and the truth about it.
#include "engine/base/file.h"
#include "engine/base/str.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: corpus_make TAKE.wav [--tune ID | --random SEED:NOTES] [--instrument ID] [--bpm N] [--rate HZ]\n"
    "                   [--seed N] [--lead-in S] [--human | --machine] [--exact] [--tuning CENTS]\n"
    "                   [--mistake KIND@NOTE...]... [--mistakes SHARE] [--degrade WHAT]...\n"
    "                   [--truth FILE.json] [--abc FILE.abc]\n"
    "       corpus_make --list\n"
    "Mistakes: wrong@3:2 missed@5 extra@4:1 early@6:120 late@7:120 sharp@2:50 flat@2:50 restart@7>2:1.5 "
    "skip@3>9\n"
    "          hesitation@4:1.2 early_stop@10. Notes count from 0.\n"
    "Degradations: noise:20 pink:15 brown:20 hum:25 talk:15 babble:10 player:12:trumpet clicks:20:96:0.5 "
    "room:0.5:6\n"
    "          laptop clip:6 agc level:-45, in the order given.\n";

enum { DEGRADATIONS_MAX = 16 };

typedef struct {
  const char              *path, *truth, *abc;
  corpus_tune              tune;
  const corpus_instrument *instrument;
  double                   bpm, lead_in_s, share;
  int                      rate_hz;
  uint64_t                 seed;
  corpus_human             human;
  bool                     exact;
  corpus_mistake           mistakes[CORPUS_MISTAKES_MAX];
  size_t                   n_mistakes;
  const char              *degrade[DEGRADATIONS_MAX];
  size_t                   n_degrade;
} job;

static int
fail(const shed_error *err)
{
  (void)fprintf(stderr, "corpus_make: %s: %s\n", err->where, err->what);
  return 3;
}

static int
list(void)
{
  for (size_t i = 0; i < corpus_tune_count(); i++) {
    corpus_tune t = corpus_tune_at(i);
    (void)printf("%-14s %s, %zu notes\n", t.id, t.title, t.n);
  }
  for (size_t i = 0; i < corpus_instrument_count(); i++) {
    const corpus_instrument *k = corpus_instrument_at(i);
    (void)printf("%-14s program %d, midi %d to %d\n", k->id, k->program, k->low, k->high);
  }
  return 0;
}

static bool
take_tune(job *j, const char *value, shed_error *err)
{
  return corpus_tune_find(value, &j->tune) == SHED_OK ||
         shed_fail(err, SHED_E_NOTFOUND, value, "no such tune; see --list") == SHED_OK;
}

static bool
take_random(job *j, const char *value, shed_error *err)
{
  char        seed[32];
  long long   number = 0;
  long long   notes  = 0;
  const char *colon  = strchr(value, ':');
  (void)snprintf(seed, sizeof(seed), "%.*s", colon ? (int)(colon - value) : 0, value);
  if (!colon || !shed_parse_int(seed, 0, INT64_MAX, &number) || !shed_parse_int(colon + 1, 2, 200, &notes)) {
    return shed_fail(err, SHED_E_FORMAT, value, "expected SEED:NOTES, 2 to 200 notes") == SHED_OK;
  }
  j->tune = corpus_tune_random((uint64_t)number, (size_t)notes, 60, 77);
  return true;
}

static bool
take_instrument(job *j, const char *value, shed_error *err)
{
  j->instrument = corpus_instrument_find(value);
  return j->instrument || shed_fail(err, SHED_E_NOTFOUND, value, "no such instrument; see --list") == SHED_OK;
}

static bool
take_mistake(job *j, const char *value, shed_error *err)
{
  if (j->n_mistakes == CORPUS_MISTAKES_MAX) {
    return shed_fail(err, SHED_E_LIMIT, value, "too many mistakes") == SHED_OK;
  }
  return corpus_mistake_parse(value, &j->mistakes[j->n_mistakes++], err) == SHED_OK;
}

static bool
take_degrade(job *j, const char *value, shed_error *err)
{
  if (j->n_degrade == DEGRADATIONS_MAX) {
    return shed_fail(err, SHED_E_LIMIT, value, "too many degradations") == SHED_OK;
  }
  j->degrade[j->n_degrade++] = value;
  return true;
}

static bool
number(const char *value, double low, double high, double *out, shed_error *err)
{
  return shed_parse_double(value, low, high, out) ||
         shed_fail(err, SHED_E_RANGE, value, "a number from %g to %g is expected", low, high) == SHED_OK;
}

// One option with its value.
static bool
take_option(job *j, const char *name, const char *value, shed_error *err)
{
  static const struct {
    const char *name;
    bool (*take)(job *j, const char *value, shed_error *err);
  } rows[] = {{"--tune", take_tune},
              {"--random", take_random},
              {"--instrument", take_instrument},
              {"--mistake", take_mistake},
              {"--degrade", take_degrade}};
  struct {
    const char *name;
    double      low, high;
    double     *out;
  } numbers[]  = {{"--bpm", 10, 400, &j->bpm},
                  {"--lead-in", 0, 60, &j->lead_in_s},
                  {"--tuning", -100, 100, &j->human.tuning_cents},
                  {"--mistakes", 0, 1, &j->share}};
  double whole = 0;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (strcmp(rows[i].name, name) == 0) {
      return rows[i].take(j, value, err);
    }
  }
  for (size_t i = 0; i < SHED_COUNTOF(numbers); i++) {
    if (strcmp(numbers[i].name, name) == 0) {
      return number(value, numbers[i].low, numbers[i].high, numbers[i].out, err);
    }
  }
  if (strcmp(name, "--rate") == 0 && number(value, 8000, 96000, &whole, err)) {
    j->rate_hz = (int)whole;
    return true;
  }
  if (strcmp(name, "--seed") == 0 && number(value, 0, 1e15, &whole, err)) {
    j->seed = (uint64_t)whole;
    return true;
  }
  if (strcmp(name, "--truth") == 0 || strcmp(name, "--abc") == 0) {
    *(name[2] == 't' ? &j->truth : &j->abc) = value;
    return true;
  }
  return err->what[0] == '\0' && shed_fail(err, SHED_E_FORMAT, name, "is no option") == SHED_OK;
}

// Options without a value.
static bool
take_flag(job *j, const char *name)
{
  double tuning = j->human.tuning_cents;
  if (strcmp(name, "--machine") == 0) {
    j->human = (corpus_human){.tuning_cents = tuning};
  } else if (strcmp(name, "--human") == 0) {
    j->human              = corpus_human_usual();
    j->human.tuning_cents = tuning;
  } else if (strcmp(name, "--exact") == 0) {
    j->exact = true;
  } else {
    return false;
  }
  return true;
}

static bool
write_text(const char *path, shed_str *text, shed_error *err)
{
  bool good = !path || shed_file_write_atomic(path, shed_str_text(text), text->len, err) == SHED_OK;
  shed_str_free(text);
  return good;
}

static bool
write_truth(const job *j, const corpus_performance *p, shed_error *err)
{
  shed_str   text = {0};
  shed_json *o    = corpus_truth_json(p);
  shed_json_set_str(o, "instrument", j->instrument->id);
  shed_json_write(o, SHED_JSON_PRETTY, &text);
  shed_str_add(&text, "\n");
  shed_json_free(o);
  return write_text(j->truth, &text, err);
}

static shed_status
make(job *j, corpus_performance *p, shed_error *err)
{
  shed_sound s         = {0};
  shed_str   abc       = {0};
  j->tune              = corpus_tune_fitted(&j->tune, j->instrument->low, j->instrument->high);
  size_t          cap  = CORPUS_MISTAKES_MAX - j->n_mistakes;
  corpus_mistake *more = j->mistakes + j->n_mistakes;
  j->n_mistakes += j->share > 0 ? corpus_mistakes_random(&j->tune, j->share, j->seed, more, cap) : 0;
  shed_status st =
      corpus_perform(&j->tune, j->bpm, j->lead_in_s, &j->human, j->mistakes, j->n_mistakes, j->seed, p, err);
  if (st != SHED_OK) {
    return st;
  }
  st = j->exact ? corpus_render_exact(p, j->instrument, j->rate_hz, j->seed, NULL, &s)
                : corpus_render(p, j->instrument, j->rate_hz, NULL, &s, err);
  for (size_t i = 0; st == SHED_OK && i < j->n_degrade; i++) {
    st = corpus_degrade(&s, j->degrade[i], j->seed + i, err);
  }
  corpus_tune_abc(&j->tune, j->bpm, &abc);
  if (st == SHED_OK && (st = shed_sound_save(j->path, s.x, s.n, s.rate_hz, err)) == SHED_OK) {
    st = write_truth(j, p, err) && write_text(j->abc, &abc, err) ? SHED_OK : err->status;
  }
  shed_str_free(&abc);
  shed_sound_free(&s);
  return st;
}

int
main(int argc, char **argv)
{
  static corpus_performance p; // too large for the stack
  shed_error                err = {0};
  job                       j   = {.bpm        = 96,
                                   .lead_in_s  = 0.5,
                                   .rate_hz    = 44100,
                                   .seed       = 1,
                                   .human      = corpus_human_usual(),
                                   .instrument = corpus_instrument_find("flute")};
  SHED_ASSERT(corpus_tune_find("ode", &j.tune) == SHED_OK);
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--list") == 0) {
      return list();
    }
    if (argv[i][0] != '-' && !j.path) {
      j.path = argv[i];
    } else if (!take_flag(&j, argv[i])) {
      if (argv[i][0] != '-' || i + 1 == argc) {
        (void)fputs(USAGE, stderr);
        return 2;
      }
      if (!take_option(&j, argv[i], argv[i + 1], &err)) {
        return fail(&err);
      }
      i++;
    }
  }
  if (!j.path) {
    (void)fputs(USAGE, stderr);
    return 2;
  }
  return make(&j, &p, &err) == SHED_OK ? 0 : fail(&err);
}
