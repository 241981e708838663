// The edges of what the ear is for: the lowest and the highest notes, the first and the last moment of a take, sound that
// is no note, and how much memory one ear takes.
#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/heard.h"

enum { RATE_HZ = 44100, LENGTH = 3 * RATE_HZ / 2 };
// What one ear asks its allocator for, at any rate. FFTW's plans, aubio's and libsamplerate's objects are their own: some
// hundred kilobytes.
enum { MEMORY_MOST = 1024 * 1024, MEMORY_CLICK_MOST = 1280 * 1024 };

static float sound[LENGTH];

static void
quiet_room(void)
{
  shed_rng rng;
  shed_rng_seed(&rng, 12, 12);
  for (int i = 0; i < LENGTH; i++) {
    sound[i] = (float)(3e-4 * shed_rng_normal(&rng));
  }
}

// Partials fall by 6 dB an octave; those over 16 kHz are left out.
static void
add_tone(double hz, int from, int to)
{
  for (int i = from; i < to; i++) {
    double y    = 0.0;
    double fade = fmin(fmin((i - from) / 300.0, (to - i) / 300.0), 1.0);
    for (int k = 1; k <= 20 && k * hz < 16000.0; k++) {
      y += sin(2.0 * SHED_PI * k * hz * i / RATE_HZ + k) / k;
    }
    sound[i] += (float)(0.2 * fade * y);
  }
}

typedef struct {
  int frames, voiced, right;
} tally;

// Settled frames from @p from_s to @p to_s.
static tally
tell(const heard *h, double from_s, double to_s, double hz)
{
  tally t = {0, 0, 0};
  for (size_t i = 0; i < h->n; i++) {
    const shed_event *e = &h->events[i];
    if (e->kind == SHED_EVENT_FRAME && e->time_s > from_s && e->time_s < to_s) {
      t.frames++;
      t.voiced += e->u.frame.voiced;
      t.right += e->u.frame.voiced && fabs(1200.0 * log2((double)e->u.frame.f0_hz / hz)) < 10.0;
    }
  }
  return t;
}

static int
count(const heard *h, shed_event_kind kind)
{
  int n = 0;
  for (size_t i = 0; i < h->n; i++) {
    n += h->events[i].kind == kind;
  }
  return n;
}

static void
the_lowest_and_the_highest_notes_are_heard_to_ten_cents(void **state)
{
  (void)state;
  static const double hz[] = {27.5, 30.87, 41.2,   46.2,   51.9,   55.0,   61.7,  65.4,
                              73.4, 110.0, 1046.5, 2093.0, 3520.0, 4186.0, 4400.0};
  for (size_t k = 0; k < SHED_COUNTOF(hz); k++) {
    quiet_room();
    add_tone(hz[k], RATE_HZ / 4, RATE_HZ * 5 / 4);
    heard h = heard_of(sound, LENGTH, RATE_HZ);
    tally t = tell(&h, 0.35, 1.15, hz[k]);
    heard_check_contract(&h);
    print_message("%7.1f Hz: %d of %d frames right\n", hz[k], t.right, t.frames);
    // the longest window, 72 ms, holds two periods of the lowest note and no more
    if (t.right * 100 < t.frames * (hz[k] < 28.0 ? 80 : 95)) {
      fail_msg("%.1f Hz: %d of %d frames right", hz[k], t.right, t.frames);
    }
    assert_int_equal(count(&h, SHED_EVENT_NOTE), 1); // the pulses of a bass are no notes
    heard_free(&h);
  }
}

static void
a_take_that_is_all_one_tone_is_heard_from_its_first_to_its_last_moment(void **state)
{
  (void)state;
  quiet_room();
  add_tone(220.0, 0, LENGTH);
  heard h = heard_of(sound, LENGTH, RATE_HZ);
  tally t = tell(&h, 0.025, 1.475, 220.0);
  heard_check_contract(&h);
  assert_int_equal(t.right, t.frames);
  assert_int_equal(count(&h, SHED_EVENT_NOTE), 1);
  for (size_t i = 0; i < h.n; i++) {
    if (h.events[i].kind == SHED_EVENT_NOTE) {
      CHECK_NEAR((double)h.events[i].u.note.onset_s, 0.0, 0.02);
      CHECK_NEAR((double)h.events[i].u.note.offset_s, 1.5, 0.02);
    }
  }
  heard_free(&h);
}

static void
silence_and_a_constant_are_no_notes(void **state)
{
  (void)state;
  static const float level[] = {0.0f, 1e-30f, 0.5f, -1.0f};
  for (size_t k = 0; k < SHED_COUNTOF(level); k++) {
    for (int i = 0; i < LENGTH; i++) {
      sound[i] = level[k];
    }
    heard h = heard_of(sound, LENGTH, RATE_HZ);
    tally t = tell(&h, -1.0, 2.0, 440.0);
    heard_check_contract(&h);
    assert_int_equal(t.voiced, 0);
    // a constant begins with a step, which is an onset at most
    assert_true(count(&h, SHED_EVENT_ONSET) <= (level[k] > 0.1f || level[k] < -0.1f));
    heard_free(&h);
  }
}

static void
a_single_click_has_no_pitch(void **state)
{
  (void)state;
  quiet_room();
  sound[RATE_HZ / 2] = 1.0f;
  heard h            = heard_of(sound, LENGTH, RATE_HZ);
  heard_check_contract(&h);
  assert_int_equal(tell(&h, -1.0, 2.0, 440.0).voiced, 0);
  for (size_t i = 0; i < h.n; i++) {
    if (h.events[i].kind == SHED_EVENT_NOTE) {
      assert_int_equal(h.events[i].u.note.midi, -1);
    }
  }
  heard_free(&h);
}

static void
a_square_wave_at_full_scale_is_its_pitch_and_clipped(void **state)
{
  (void)state;
  for (int i = 0; i < LENGTH; i++) {
    sound[i] = i / 90 % 2 == 0 ? 1.0f : -1.0f; // 245 Hz
  }
  heard h = heard_of(sound, LENGTH, RATE_HZ);
  tally t = tell(&h, 0.1, 1.4, 245.0);
  heard_check_contract(&h);
  assert_true(t.right * 100 >= t.frames * 95);
  assert_true(h.stats.clipped_runs > 0);
  heard_free(&h);
}

static void
one_ear_takes_a_stated_amount_of_memory(void **state)
{
  (void)state;
  static const int rates[] = {8000, 44100, 192000};
  for (size_t k = 0; k < SHED_COUNTOF(rates); k++) {
    fake_alloc a;
    shed_hear *h = NULL;
    fake_alloc_init(&a, -1);
    CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = rates[k]}, &a.alloc));
    print_message("an ear at %d Hz: %zu KiB in %ld blocks\n", rates[k], a.bytes / 1024, a.live);
    CHECK_LT((double)a.bytes, (double)MEMORY_MOST);
    shed_hear_free(h);
    assert_int_equal(a.live, 0);
    fake_alloc_init(&a, -1);
    shed_hear_opts opts = {.rate_hz = rates[k], .click = {.period_s = 0.5}};
    CHECK_OK(shed_hear_new(&h, &opts, &a.alloc));
    print_message("  with a click: %zu KiB\n", a.bytes / 1024);
    CHECK_LT((double)a.bytes, (double)(MEMORY_MOST + MEMORY_CLICK_MOST));
    shed_hear_free(h);
    assert_int_equal(a.live, 0);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_lowest_and_the_highest_notes_are_heard_to_ten_cents),
      cmocka_unit_test(a_take_that_is_all_one_tone_is_heard_from_its_first_to_its_last_moment),
      cmocka_unit_test(silence_and_a_constant_are_no_notes),
      cmocka_unit_test(a_single_click_has_no_pitch),
      cmocka_unit_test(a_square_wave_at_full_scale_is_its_pitch_and_clipped),
      cmocka_unit_test(one_ear_takes_a_stated_amount_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
