// corpus_make: writes a take of a tune or a prompt, with the mistakes and the room that are asked for, and the truth of it.
#include "engine/base/file.h"
#include "engine/base/str.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/make_job.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_USAGE = 2, EXIT_INPUT = 3 };
static const double PEAK = 0.7; // of what squeaks have made louder

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

static shed_status
write_text(const char *path, shed_str *text, shed_error *err)
{
  shed_status st = path ? shed_file_write_atomic(path, shed_str_text(text), text->len, err) : SHED_OK;
  shed_str_free(text);
  return st;
}

static shed_status
write_truth(const corpus_job *j, const corpus_performance *p, shed_error *err)
{
  shed_str   text = {0};
  shed_json *o    = corpus_truth_json(p);
  shed_json_set_str(o, "instrument", j->instrument->id);
  shed_json_set_real(o, "sink_cents", j->human.sink_cents, 2);
  shed_json_set_real(o, "length", j->human.length, 3);
  shed_json_write(o, SHED_JSON_PRETTY, &text);
  shed_str_add(&text, "\n");
  shed_json_free(o);
  return write_text(j->truth, &text, err);
}

static shed_status
sound(const corpus_job *j, const corpus_performance *p, shed_error *err)
{
  shed_sound  s  = {0};
  shed_status st = j->exact ? corpus_render_exact(p, j->instrument, j->rate_hz, j->seed, NULL, &s)
                            : corpus_render(p, j->instrument, j->rate_hz, NULL, &s, err);
  if (st == SHED_OK && j->breaths > 0) {
    corpus_add_breaths(p, j->breaths, j->seed, &s);
  }
  if (st == SHED_OK && j->squeaks > 0 && (st = corpus_add_squeaks(p, j->squeaks, j->seed, &s)) == SHED_OK) {
    corpus_normalise(&s, PEAK);
  }
  for (size_t i = 0; st == SHED_OK && i < j->n_degrade; i++) {
    st = corpus_degrade(&s, j->degrade[i], j->seed + i, err);
  }
  if (st == SHED_OK) {
    st = shed_sound_save(j->path, s.x, s.n, s.rate_hz, err);
  }
  shed_sound_free(&s);
  return st;
}

static shed_status
make(corpus_job *j, corpus_performance *p, shed_error *err)
{
  shed_str abc = {0};
  if (!j->as_asked) {
    j->tune = corpus_tune_fitted(&j->tune, j->instrument->low, j->instrument->high);
  }
  if (j->share > 0) {
    j->n_mistakes += corpus_mistakes_random(&j->tune, j->share, j->seed, j->mistakes + j->n_mistakes,
                                            CORPUS_MISTAKES_MAX - j->n_mistakes);
  }
  shed_status st =
      corpus_perform(&j->tune, j->bpm, j->lead_in_s, &j->human, j->mistakes, j->n_mistakes, j->seed, p, err);
  if (st != SHED_OK ||
      (st = shed_ends_with(j->path, ".mid") ? corpus_job_midi(j, p, err) : sound(j, p, err)) != SHED_OK ||
      (st = write_truth(j, p, err)) != SHED_OK) {
    return st;
  }
  corpus_tune_abc(&j->tune, j->bpm, &abc);
  return write_text(j->abc, &abc, err);
}

int
main(int argc, char **argv)
{
  static corpus_performance p; // both are too large for the stack
  static corpus_job         j;
  shed_error                err = {0};
  j.rate_hz                     = 44100;
  j.seed                        = 1;
  j.human                       = corpus_human_usual();
  j.lead_in_s                   = NAN;
  SHED_ASSERT(corpus_tune_find("ode", &j.tune) == SHED_OK);
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    return list();
  }
  if (argc == 2 && strcmp(argv[1], "--ear-list") == 0) {
    return corpus_ear_list();
  }
  if (argc == 4 && strcmp(argv[1], "--ear") == 0) {
    return corpus_ear_write(argv[2], argv[3]);
  }
  shed_status st = corpus_job_read(&j, argc, argv, &err);
  if (st != SHED_OK && err.what[0] == '\0') {
    (void)fputs(CORPUS_MAKE_USAGE, stderr);
    return EXIT_USAGE;
  }
  if (st != SHED_OK || make(&j, &p, &err) != SHED_OK) {
    (void)fprintf(stderr, "corpus_make: %s%s%s\n", err.where, err.where[0] ? ": " : "", err.what);
    return EXIT_INPUT;
  }
  return 0;
}
