// Cost of the ear per second of sound, pitch, onsets and notes together, against aubio's parts in the same run; and of
// judging a 60 s take after it was heard. CPU seconds of this process, median of five.
#include "assessors/assessor.h"
#include "engine/audio/render.h"
#include "engine/hear/hear.h"

#include <aubio/aubio.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE_HZ = 44100, HOP = 441, RUNS = 5, SECONDS = 60, NOTES = 120 };

static double
cpu_s(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

typedef void (*work)(const shed_sound *s);

static double
median_cost(work run, const shed_sound *s)
{
  double costs[RUNS];
  for (int i = 0; i < RUNS; i++) {
    double start = cpu_s();
    run(s);
    costs[i] = (cpu_s() - start) / ((double)s->n / s->rate_hz);
  }
  qsort(costs, RUNS, sizeof(costs[0]), by_value);
  return costs[RUNS / 2];
}

static void
run_ear(const shed_sound *s)
{
  shed_take take = {0};
  if (shed_hear_take(s->x, s->n, s->rate_hz, NULL, NULL, NULL, &take, NULL) != SHED_OK) {
    exit(1);
  }
  shed_take_free(&take);
}

static void
run_pitch(const shed_sound *s, const char *method, uint_t window)
{
  aubio_pitch_t *pitch = new_aubio_pitch(method, window, HOP, RATE_HZ);
  fvec_t        *in    = new_fvec(HOP);
  fvec_t        *out   = new_fvec(1);
  for (size_t at = 0; at + HOP <= s->n; at += HOP) {
    memcpy(in->data, s->x + at, HOP * sizeof(float));
    aubio_pitch_do(pitch, in, out);
  }
  del_fvec(out);
  del_fvec(in);
  del_aubio_pitch(pitch);
}

static void
run_yinfft4096(const shed_sound *s)
{
  run_pitch(s, "yinfft", 4096);
}

static void
run_yinfft2048(const shed_sound *s)
{
  run_pitch(s, "yinfft", 2048);
}

static void
run_yinfast2048(const shed_sound *s)
{
  run_pitch(s, "yinfast", 2048);
}

static void
run_onset(const shed_sound *s)
{
  aubio_onset_t *onset = new_aubio_onset("hfc", 1024, 256, RATE_HZ);
  fvec_t        *in    = new_fvec(256);
  fvec_t        *out   = new_fvec(1);
  for (size_t at = 0; at + 256 <= s->n; at += 256) {
    memcpy(in->data, s->x + at, 256 * sizeof(float));
    aubio_onset_do(onset, in, out);
  }
  del_fvec(out);
  del_fvec(in);
  del_aubio_onset(onset);
}

// Two notes a second, up and down a scale, as sampled flute and with a little noise.
static void
make_take(shed_sound *s, shed_prompt *p)
{
  static const int steps[] = {0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2};
  shed_render_note notes[NOTES];
  shed_render_opts opts = {.rate_hz = RATE_HZ, .tail_s = 0.5};
  shed_error       err  = {0};
  p->line.notes         = calloc(NOTES, sizeof(p->line.notes[0]));
  p->line.n_notes       = NOTES;
  for (int i = 0; i < NOTES; i++) {
    int midi = 72 + steps[i % (int)SHED_COUNTOF(steps)];
    notes[i] = (shed_render_note){
        .onset_s = 0.5 * i, .duration_s = 0.45, .midi = midi, .velocity = 90, .program = 73};
    p->line.notes[i] = (shed_sounding_note){
        .index          = i,
        .pass           = 1,
        .pitched        = true,
        .midi           = midi,
        .sounding       = shed_pitch_spell(midi, 0),
        .beat           = 1 + i % 4,
        .onset_beats    = shed_beat_of(i, 1),
        .duration_beats = shed_beat_of(1, 1),
        .onset_s        = 0.5 * i,
        .duration_s     = 0.5,
        .staff          = 1,
    };
    (void)snprintf(p->line.notes[i].measure, sizeof(p->line.notes[i].measure), "%d", 1 + i / 4);
  }
  p->line.tempo_bpm    = 120;
  p->line.length_s     = SECONDS;
  p->line.length_beats = shed_beat_of(NOTES, 1);
  p->click_start_s     = NAN;
  p->a4_hz             = 440;
  (void)snprintf(p->assessor, sizeof(p->assessor), "melody");
  if (shed_render_notes(notes, NOTES, &opts, NULL, s, &err) != SHED_OK) {
    (void)fprintf(stderr, "%s: %s\n", err.where, err.what);
    exit(1);
  }
}

static double
judge_cost(const shed_prompt *p, const shed_sound *s)
{
  shed_take            take   = {0};
  const shed_assessor *melody = shed_assessor_find("melody");
  shed_policy          policy;
  double               costs[RUNS];
  if (!melody || shed_policy_preset("", &policy, NULL) != SHED_OK ||
      shed_hear_take(s->x, s->n, s->rate_hz, NULL, NULL, NULL, &take, NULL) != SHED_OK) {
    exit(1);
  }
  for (int i = 0; i < RUNS; i++) {
    shed_verdict v     = {0};
    double       start = cpu_s();
    if (melody->judge(p, &take, &policy, NULL, &v, NULL) != SHED_OK) {
      exit(1);
    }
    costs[i] = cpu_s() - start;
    shed_verdict_free(&v);
  }
  shed_take_free(&take);
  qsort(costs, RUNS, sizeof(costs[0]), by_value);
  return costs[RUNS / 2];
}

int
main(void)
{
  static const struct {
    const char *name;
    work        run;
  } rows[] = {
      {"woodshed: pitch, onsets, notes", run_ear}, {"aubio pitch yinfft 4096", run_yinfft4096},
      {"aubio pitch yinfft 2048", run_yinfft2048}, {"aubio pitch yinfast 2048", run_yinfast2048},
      {"aubio onset hfc 1024/256", run_onset},
  };
  shed_sound  s = {0};
  shed_prompt p = {0};
  double      cost[SHED_COUNTOF(rows)];
  make_take(&s, &p);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    cost[i] = median_cost(rows[i].run, &s);
  }
  (void)printf("%-34s %12s %22s\n", "analysis, hop 10 ms", "CPU s per s", "ratio to yinfft 4096");
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    (void)printf("%-34s %12.5f %22.2f\n", rows[i].name, cost[i], cost[i] / cost[1]);
  }
  double judge = judge_cost(&p, &s);
  (void)printf("\njudging a %d s take of %d notes, once heard: %.1f ms of CPU; %.2f of aubio yinfft 4096 on "
               "the same take\n",
               SECONDS, NOTES, 1000 * judge, judge / (cost[1] * SECONDS));
  (void)printf("hearing and judging it: %.2f s of CPU, %.0f times faster than it was played\n",
               cost[0] * SECONDS + judge, SECONDS / (cost[0] * SECONDS + judge));
  shed_prompt_free(&p);
  shed_sound_free(&s);
  return 0;
}
