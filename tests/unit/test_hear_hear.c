#include "engine/base/rng.h"
#include "engine/dsp/bands.h"
#include "engine/dsp/pi.h"
#include "engine/hear/hear.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

// A melody of harmonic tones with a rest, in soft noise: n samples at rate_hz.
static float *
melody(int rate_hz, size_t n)
{
  static const double f0[] = {220.0, 246.94, 0.0, 329.63, 440.0};
  float              *x    = malloc(n * sizeof(float));
  shed_rng            rng;
  double              phase = 0.0;
  shed_rng_seed(&rng, 1, 1);
  for (size_t i = 0; i < n; i++) {
    double at = (double)i / rate_hz;
    double f  = f0[(size_t)(at / 0.4) % SHED_COUNTOF(f0)];
    double in = fmod(at, 0.4);
    double e  = f > 0.0 ? fmin(fmin(in / 0.02, (0.4 - in) / 0.03), 1.0) : 0.0;
    phase += 2.0 * SHED_PI * f / rate_hz;
    double y = 0.0;
    for (int k = 1; k <= 8; k++) {
      y += sin(k * phase) / k;
    }
    x[i] = (float)(0.2 * e * y + 0.0005 * shed_rng_normal(&rng));
  }
  return x;
}

// Everything that was emitted, as bytes that can be compared (events are copied field by field into zeroed memory).
typedef struct {
  shed_event *events;
  uint8_t (*bands)[SHED_TAKE_BANDS]; // of settled frames
  size_t n, cap;
} heard;

static void
collect(shed_hear *h, heard *to)
{
  shed_event e;
  while (shed_hear_poll(h, &e)) {
    if (to->n == to->cap) {
      to->cap    = to->cap * 2 + 256;
      to->events = realloc(to->events, to->cap * sizeof(e));
      to->bands  = realloc(to->bands, to->cap * sizeof(*to->bands));
    }
    memset(to->bands[to->n], 0, sizeof(*to->bands));
    if (e.kind == SHED_EVENT_FRAME) {
      memcpy(to->bands[to->n], shed_hear_bands(h, &e), sizeof(*to->bands));
    }
    to->events[to->n++] = e;
  }
}

static heard
hear_in_blocks(const float *x, size_t n, int rate_hz, size_t block)
{
  shed_hear *h  = NULL;
  heard      to = {NULL, NULL, 0, 0};
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = rate_hz}, NULL));
  for (size_t at = 0; at < n; at += block) {
    shed_hear_push(h, x + at, n - at < block ? n - at : block);
    collect(h, &to);
  }
  shed_hear_finish(h);
  collect(h, &to);
  assert_int_equal(shed_hear_stats_now(h).events_dropped, 0);
  shed_hear_free(h);
  return to;
}

static void
check_same_event(const shed_event *a, const shed_event *b, size_t i)
{
  if (a->kind != b->kind || a->at_frame != b->at_frame || a->time_s != b->time_s) {
    fail_msg("event %zu differs: kind %d at %llu, and kind %d at %llu", i, (int)a->kind,
             (unsigned long long)a->at_frame, (int)b->kind, (unsigned long long)b->at_frame);
  }
  if (a->kind == SHED_EVENT_FRAME || a->kind == SHED_EVENT_FRAME_PROVISIONAL) {
    const shed_frame *f = &a->u.frame, *g = &b->u.frame;
    assert_memory_equal(&f->f0_hz, &g->f0_hz, sizeof(float));
    assert_memory_equal(&f->confidence, &g->confidence, sizeof(float));
    assert_memory_equal(&f->level_db, &g->level_db, sizeof(float));
    assert_memory_equal(&f->flux, &g->flux, sizeof(float));
    assert_memory_equal(f->cand, g->cand, sizeof(f->cand));
    assert_int_equal(f->voiced, g->voiced);
  } else if (a->kind == SHED_EVENT_ONSET) {
    assert_memory_equal(&a->u.onset, &b->u.onset, sizeof(a->u.onset));
  } else {
    assert_memory_equal(&a->u.note, &b->u.note, sizeof(a->u.note));
  }
}

static void
check_blocks(int rate_hz)
{
  static const size_t blocks[] = {1, 64, 4096};
  size_t              n        = (size_t)rate_hz * 5 / 2;
  float              *x        = melody(rate_hz, n);
  heard               a        = hear_in_blocks(x, n, rate_hz, 441);
  assert_true(a.n > 400);
  for (size_t k = 0; k < SHED_COUNTOF(blocks); k++) {
    heard b = hear_in_blocks(x, n, rate_hz, blocks[k]);
    assert_int_equal(a.n, b.n);
    // at_frame counts in whole inner blocks, whatever was pushed
    for (size_t i = 0; i < a.n; i++) {
      check_same_event(&a.events[i], &b.events[i], i);
    }
    assert_memory_equal(a.bands, b.bands, a.n * sizeof(*a.bands));
    free(b.events);
    free(b.bands);
  }
  free(a.events);
  free(a.bands);
  free(x);
}

static void
the_cut_into_blocks_changes_nothing(void **state)
{
  (void)state;
  check_blocks(44100);
  check_blocks(48000);
}

static void
a_take_has_the_spectrum_of_each_frame(void **state)
{
  (void)state;
  shed_take take = {0};
  size_t    n    = 44100;
  float    *x    = melody(44100, n);
  heard     a    = hear_in_blocks(x, n, 44100, 500);
  size_t    row  = 0;
  CHECK_OK(shed_hear_take(x, n, 44100, NULL, NULL, NULL, &take, NULL));
  assert_non_null(take.bands);
  for (size_t i = 0; i < a.n; i++) {
    if (a.events[i].kind == SHED_EVENT_FRAME) {
      assert_memory_equal(a.bands[i], take.bands + row++ * SHED_TAKE_BANDS, SHED_TAKE_BANDS);
    }
  }
  assert_int_equal(row, take.n_frames);
  // in the middle of the first note its octave stands high, and what lies between does not
  const uint8_t *b = take.bands + (size_t)20 * SHED_TAKE_BANDS;
  assert_true(b[shed_bands_place(440.0)] > b[shed_bands_place(330.0)] + 2 * 20);
  shed_take_free(&take);
  free(a.events);
  free(a.bands);
  free(x);
}

static void
frames_stand_on_a_grid_of_10_ms_in_order(void **state)
{
  (void)state;
  size_t n    = 44100 + 100; // ends 2.3 ms after frame 100
  float *x    = melody(44100, n);
  heard  a    = hear_in_blocks(x, n, 44100, 1000);
  int    next = 0;
  for (size_t i = 0; i < a.n; i++) {
    if (a.events[i].kind == SHED_EVENT_FRAME) {
      CHECK_NEAR(a.events[i].time_s, next * 0.01, 1e-9);
      next++;
    }
  }
  assert_int_equal(next, 101);
  free(a.events);
  free(a.bands);
  free(x);
}

// Settled frames come by 60 ms after the instant they describe, provisional ones by 40 ms, in samples of the input.
static void
values_come_in_time(void **state)
{
  (void)state;
  size_t n = 44100 * 2;
  float *x = melody(44100, n);
  heard  a = hear_in_blocks(x, n, 44100, 64);
  for (size_t i = 0; i < a.n; i++) {
    double late = (double)a.events[i].at_frame / 44100.0 - a.events[i].time_s;
    if (a.events[i].kind == SHED_EVENT_FRAME_PROVISIONAL) {
      CHECK_LT(late, 0.040);
    } else if (a.events[i].kind == SHED_EVENT_FRAME) {
      CHECK_LT(late, 0.060);
    }
  }
  free(a.events);
  free(a.bands);
  free(x);
}

// Every rate hears the same melody.
static void
rates_from_8_to_192_khz_are_heard(void **state)
{
  (void)state;
  static const int rates[] = {8000, 11025, 22050, 44100, 48000, 96000, 192000};
  for (size_t r = 0; r < SHED_COUNTOF(rates); r++) {
    size_t    n = (size_t)rates[r] * 2;
    float    *x = melody(rates[r], n);
    shed_take take;
    CHECK_OK(shed_hear_take(x, n, rates[r], NULL, NULL, NULL, &take, NULL));
    assert_int_equal(take.n_frames, 200);
    CHECK_NEAR(1200.0 * log2((double)take.frames[20].f0_hz / 220.0), 0.0, 1.0);
    CHECK_NEAR(1200.0 * log2((double)take.frames[60].f0_hz / 246.94), 0.0, 1.0);
    CHECK_NEAR(1200.0 * log2((double)take.frames[180].f0_hz / 440.0), 0.0, 1.0);
    assert_true(take.frames[20].voiced);
    assert_false(take.frames[100].voiced);
    shed_take_free(&take);
    free(x);
  }
}

static bool
warned(const shed_take *take, shed_message_code code)
{
  for (int i = 0; i < take->n_warnings; i++) {
    if (take->warnings[i].code == code) {
      return true;
    }
  }
  return false;
}

static void
silence_noise_and_nothing_are_told(void **state)
{
  (void)state;
  shed_take take;
  size_t    n = 44100 * 2;
  float    *x = calloc(n, sizeof(float));
  CHECK_OK(shed_hear_take(x, 0, 44100, NULL, NULL, NULL, &take, NULL));
  assert_int_equal(take.n_frames, 0);
  assert_true(warned(&take, SHED_MSG_take_silent));
  shed_take_free(&take);
  CHECK_OK(shed_hear_take(x, n, 44100, NULL, NULL, NULL, &take, NULL));
  assert_int_equal(take.n_frames, 200);
  assert_true(warned(&take, SHED_MSG_take_silent));
  CHECK_NEAR((double)take.noise_db, -120.0, 0.5);
  assert_true(isnan(take.snr_db));
  shed_take_free(&take);
  shed_rng rng;
  shed_rng_seed(&rng, 3, 3);
  for (size_t i = 0; i < n; i++) {
    x[i] = (float)(0.05 * shed_rng_normal(&rng));
  }
  CHECK_OK(shed_hear_take(x, n, 44100, NULL, NULL, NULL, &take, NULL));
  assert_true(warned(&take, SHED_MSG_take_no_pitch));
  size_t voiced = 0;
  for (size_t i = 0; i < take.n_frames; i++) {
    voiced += take.frames[i].voiced;
  }
  CHECK_LT((double)voiced, 10.0);
  shed_take_free(&take);
  free(x);
}

static void
clipping_and_missing_numbers_are_counted(void **state)
{
  (void)state;
  shed_take take;
  size_t    n = 44100;
  float    *x = melody(44100, n);
  for (size_t i = 0; i < n; i++) {
    x[i] = fminf(fmaxf(8.0f * x[i], -1.0f), 1.0f);
  }
  x[500]  = NAN;
  x[501]  = INFINITY;
  x[9000] = -INFINITY;
  CHECK_OK(shed_hear_take(x, n, 44100, NULL, NULL, NULL, &take, NULL));
  assert_true(take.clipped > 3);
  assert_true(warned(&take, SHED_MSG_take_clipped));
  assert_true(warned(&take, SHED_MSG_take_nan));
  for (size_t i = 0; i < take.n_frames; i++) {
    assert_true(isfinite(take.frames[i].f0_hz) && isfinite(take.frames[i].level_db));
  }
  shed_take_free(&take);
  free(x);
}

static void
level_is_rms_of_full_scale(void **state)
{
  (void)state;
  shed_take take;
  size_t    n = 44100;
  float    *x = malloc(n * sizeof(float));
  for (size_t i = 0; i < n; i++) {
    x[i] = (float)(0.1 * sin(2.0 * SHED_PI * 500.0 * (double)i / 44100.0));
  }
  CHECK_OK(shed_hear_take(x, n, 44100, NULL, NULL, NULL, &take, NULL));
  CHECK_NEAR((double)take.frames[50].level_db, -23.01, 0.05);
  shed_take_free(&take);
  free(x);
}

static void
wrong_rates_are_refused(void **state)
{
  (void)state;
  shed_hear *h = NULL;
  CHECK_STATUS(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 7999}, NULL), SHED_E_RANGE);
  CHECK_STATUS(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 192001}, NULL), SHED_E_RANGE);
  shed_take  take;
  shed_error err = {.status = SHED_OK};
  CHECK_STATUS(shed_hear_take(NULL, 0, 100, NULL, NULL, NULL, &take, &err), SHED_E_RANGE);
  assert_non_null(strstr(err.what, "100 samples"));
}

// Brings three blocks, then fails.
static shed_status
pull_and_fail(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  int *left = ctx;
  if ((*left)-- == 0) {
    return shed_fail(err, SHED_E_IO, "there", "the disk is gone");
  }
  memset(x, 0, cap * sizeof(float));
  *n = cap;
  return SHED_OK;
}

static void
a_source_that_fails_ends_the_hearing(void **state)
{
  (void)state;
  shed_take  take = {.n_frames = 77};
  shed_error err  = {.status = SHED_OK};
  int        left = 3;
  CHECK_STATUS(shed_hear_source(pull_and_fail, &left, &(shed_hear_opts){.rate_hz = 44100}, 0, NULL, NULL,
                                NULL, &take, &err),
               SHED_E_IO);
  assert_string_equal(err.what, "the disk is gone");
  assert_int_equal(take.n_frames, 77); // not touched
}

static void
undrained_events_are_counted_as_dropped(void **state)
{
  (void)state;
  shed_hear *h = NULL;
  size_t     n = 44100 * 8;
  float     *x = calloc(n, sizeof(float));
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 44100}, NULL));
  shed_hear_push(h, x, n);
  assert_true(shed_hear_stats_now(h).events_dropped > 0);
  shed_event e;
  int        left = 0;
  while (shed_hear_poll(h, &e)) {
    left++;
  }
  assert_int_equal(left, 1024);
  shed_hear_free(h);
  free(x);
}

// Clicks at 120 a minute from .2 s on, heard 30 ms late, in soft noise; from 4 s on a tone on every other one.
static float *
practice(size_t n)
{
  float   *x = malloc(n * sizeof(float));
  shed_rng rng;
  shed_rng_seed(&rng, 5, 5);
  for (size_t i = 0; i < n; i++) {
    double at = (double)i / 44100, since = fmod(at + 1.0 - 0.23, 0.5), tone = fmod(at + 1.0 - 0.23, 1.0);
    double y = at > 0.23 ? 0.1 * exp(-since * 200.0) * sin(2.0 * SHED_PI * 1800.0 * since) : 0.0;
    double e = fmin(fmin(tone / 0.01, (0.7 - tone) / 0.02), 1.0);
    for (int k = 1; k <= 6 && at > 4.0 && e > 0.0; k++) {
      y += 0.2 * e * sin(2.0 * SHED_PI * 330.0 * k * at) / k;
    }
    x[i] = (float)(y + 0.0003 * shed_rng_normal(&rng));
  }
  return x;
}

typedef struct {
  int notes, onsets;
} counted;

static counted
count_with(const shed_hear_click *click, const float *x, size_t n, size_t block)
{
  shed_hear     *h    = NULL;
  shed_hear_opts opts = {.rate_hz = 44100, .click = *click};
  shed_event     e;
  counted        c = {0, 0};
  CHECK_OK(shed_hear_new(&h, &opts, NULL));
  for (size_t at = 0; at <= n; at += block) {
    if (at + block <= n) {
      shed_hear_push(h, x + at, block);
    } else {
      shed_hear_push(h, x + at, n - at);
      shed_hear_finish(h);
    }
    while (shed_hear_poll(h, &e)) {
      c.notes += e.kind == SHED_EVENT_NOTE;
      c.onsets += e.kind == SHED_EVENT_ONSET;
    }
  }
  shed_hear_stats s = shed_hear_stats_now(h);
  assert_int_equal(s.click_found, click->period_s > 0);
  if (s.click_found) {
    CHECK_NEAR(s.click_delay_s, 0.03, 0.0015);
  }
  shed_hear_free(h);
  return c;
}

static void
a_click_that_was_told_is_no_note(void **state)
{
  (void)state;
  size_t  n      = 44100 * 10;
  float  *x      = practice(n);
  counted untold = count_with(&(shed_hear_click){.period_s = 0}, x, n, 441);
  counted told   = count_with(&(shed_hear_click){.first_s = 0.2, .period_s = 0.5}, x, n, 441);
  counted cut    = count_with(&(shed_hear_click){.first_s = 0.2, .period_s = 0.5}, x, n, 64);
  assert_true(untold.onsets > 8); // or this test sees nothing
  assert_int_equal(told.onsets, 6);
  assert_int_equal(told.notes, 6);
  assert_int_equal(cut.onsets, told.onsets);
  free(x);
  shed_hear *h = NULL;
  CHECK_STATUS(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 44100, .click.period_s = 0.1}, NULL),
               SHED_E_RANGE);
  CHECK_STATUS(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 44100, .click.period_s = 61}, NULL),
               SHED_E_RANGE);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_hear     *h          = NULL;
    shed_hear_opts with_click = {.rate_hz = 48000, .click.period_s = 0.5};
    sweep_status              = shed_hear_new(&h, &with_click, &a.alloc);
    shed_hear_free(h);
  });
  float x[4410] = {0};
  SWEEP_ALLOCATIONS(a, {
    shed_take take = {.n_frames = 0};
    sweep_status   = shed_hear_take(x, 4410, 44100, &a.alloc, NULL, NULL, &take, NULL);
    shed_take_free(&take);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cut_into_blocks_changes_nothing),
      cmocka_unit_test(a_take_has_the_spectrum_of_each_frame),
      cmocka_unit_test(frames_stand_on_a_grid_of_10_ms_in_order),
      cmocka_unit_test(values_come_in_time),
      cmocka_unit_test(rates_from_8_to_192_khz_are_heard),
      cmocka_unit_test(silence_noise_and_nothing_are_told),
      cmocka_unit_test(clipping_and_missing_numbers_are_counted),
      cmocka_unit_test(level_is_rms_of_full_scale),
      cmocka_unit_test(wrong_rates_are_refused),
      cmocka_unit_test(a_source_that_fails_ends_the_hearing),
      cmocka_unit_test(undrained_events_are_counted_as_dropped),
      cmocka_unit_test(a_click_that_was_told_is_no_note),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
