// Half an hour of one figure of two and a half seconds, over and over, at a rate that is resampled: each time it comes it
// must be heard as the first times, at its own place, with nothing lost and nothing more taken.
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/heard.h"

#include <stdlib.h>

#ifdef SHED_SANITIZED
enum { MINUTES = 2 };
#else
enum { MINUTES = 30 };
#endif
enum {
  RATE_HZ = 48000,
  FIGURE  = RATE_HZ * 5 / 2,
  FIGURES = MINUTES * 24,
  BLOCK   = 1000,
  FIRST   = 8,
  MOST    = 64
};
static const double FIGURE_S = 2.5;
// Times of single precision are told to .06 ms after half an hour, and 10 ms are not a whole binary fraction.
static const double TIME_S = 2e-4, CENTS = 0.1;

typedef struct {
  double onset_s, offset_s, cents;
  int    midi;
} figure_note;

typedef struct {
  figure_note notes[MOST];
  int         n, onsets;
} figure;

typedef struct {
  figure *of;
  long    frames, provisional;
  double  next_s;
} record;

static void
keep(record *r, const shed_event *e)
{
  int     k = (int)((e->time_s + 0.05) / FIGURE_S); // the figure begins with a rest
  figure *f = &r->of[k < FIGURES ? k : FIGURES - 1];
  switch (e->kind) {
  case SHED_EVENT_FRAME_PROVISIONAL:
    r->provisional++;
    break;
  case SHED_EVENT_FRAME:
    CHECK_NEAR(e->time_s, (double)r->frames * 0.01, 1e-6);
    r->frames++;
    break;
  case SHED_EVENT_ONSET:
    f->onsets++;
    break;
  case SHED_EVENT_NOTE:
    assert_true(f->n < MOST);
    f->notes[f->n++] =
        (figure_note){(double)e->u.note.onset_s - k * FIGURE_S, (double)e->u.note.offset_s - k * FIGURE_S,
                      (double)e->u.note.cents, e->u.note.midi};
    break;
  case SHED_EVENT_NOTE_ON:
  case SHED_EVENT_BEAT:
    break;
  }
}

// A tenth of silence, then what ear_sound() makes, faded in and out.
static float *
make_figure(void)
{
  float *x    = ear_sound(RATE_HZ, FIGURE, 7);
  int    rest = RATE_HZ / 10;
  for (int i = 0; i < rest; i++) {
    x[i]              = 0.0f;
    x[FIGURE - 1 - i] = 0.0f;
  }
  for (int i = 0; i < RATE_HZ / 50; i++) {
    float gain = (float)i / (float)(RATE_HZ / 50);
    x[rest + i] *= gain;
    x[FIGURE - 1 - rest - i] *= gain;
  }
  return x;
}

static void
drain(shed_hear *h, record *r)
{
  shed_event e;
  while (shed_hear_poll(h, &e)) {
    keep(r, &e);
  }
}

static void
check_figures(const figure *of, int n)
{
  double time_s = 0.0, cents = 0.0;
  for (int k = FIRST; k < n; k++) {
    if (of[k].n != of[FIRST].n || of[k].onsets != of[FIRST].onsets) {
      fail_msg("figure %d has %d notes and %d onsets, the %dth had %d and %d", k, of[k].n, of[k].onsets,
               FIRST, of[FIRST].n, of[FIRST].onsets);
    }
    for (int i = 0; i < of[k].n; i++) {
      const figure_note *a = &of[FIRST].notes[i], *b = &of[k].notes[i];
      assert_int_equal(a->midi, b->midi);
      time_s = fmax(time_s, fmax(fabs(a->onset_s - b->onset_s), fabs(a->offset_s - b->offset_s)));
      cents  = fmax(cents, fabs(a->cents - b->cents));
    }
  }
  print_message("%d figures of %d notes: worst difference %.3f ms, %.4f cents\n", n, of[FIRST].n,
                1e3 * time_s, cents);
  CHECK_LT(time_s, TIME_S);
  CHECK_LT(cents, CENTS);
}

static void
half_an_hour_does_not_drift_lose_or_grow(void **state)
{
  (void)state;
  fake_alloc a;
  shed_hear *h = NULL;
  float     *x = make_figure();
  record     r = {.of = calloc(FIGURES, sizeof(*r.of))};
  assert_non_null(r.of);
  fake_alloc_init(&a, -1);
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = RATE_HZ}, &a.alloc));
  long calls = a.calls;
  for (int k = 0; k < FIGURES; k++) {
    for (int at = 0; at < FIGURE; at += BLOCK) {
      shed_hear_push(h, x + at, BLOCK);
      drain(h, &r);
    }
  }
  shed_hear_finish(h);
  drain(h, &r);
  assert_int_equal(a.calls, calls);
  shed_hear_stats s = shed_hear_stats_now(h);
  assert_int_equal(s.frames_in, (uint64_t)FIGURES * FIGURE);
  assert_int_equal(s.events_dropped, 0);
  assert_int_equal(r.frames, FIGURES * 250L);
  assert_true(r.of[FIRST].n >= 4);
  check_figures(r.of, FIGURES);
  shed_hear_free(h);
  assert_int_equal(a.live, 0);
  free(r.of);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(half_an_hour_does_not_drift_lose_or_grow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
