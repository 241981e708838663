// What the loudspeaker is given, sample by sample.
#include "engine/audio/mixer.h"

#include "engine/base/rng.h"
#include "engine/score/score.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE = 48000, N = 3 * RATE };

static shed_mixer *
new_mixer(void)
{
  shed_mixer *m = NULL;
  CHECK_OK(shed_mixer_new(&m, RATE, NULL));
  return m;
}

static void
tracks_stand_where_they_were_put(void **state)
{
  (void)state;
  shed_mixer *m   = new_mixer();
  const float a[] = {0.1F, 0.2F, 0.3F};
  const float b[] = {0.01F, 0.02F, 0.03F, 0.04F};
  float       out[16], all[16];
  CHECK_OK(shed_mixer_add(m, a, 3, 4, 0.0F, NULL));
  CHECK_OK(shed_mixer_add(m, b, 4, 6, 0.0F, NULL));
  assert_int_equal(shed_mixer_end(m), 10);
  const float want[16] = {0, 0, 0, 0, 0.1F, 0.2F, 0.3F + 0.01F, 0.02F, 0.03F, 0.04F};
  shed_mixer_run(m, 0, out, 16);
  for (int i = 0; i < 16; i++) {
    assert_true(out[i] == want[i]);
  }
  for (int i = 0; i < 16; i++) { // one at a time, backwards: it is a function of the frame
    shed_mixer_run(m, (uint64_t)(15 - i), &all[15 - i], 1);
  }
  assert_memory_equal(out, all, sizeof(out));
  shed_mixer_run(m, 5, out, 3);
  assert_true(out[0] == want[5] && out[1] == want[6] && out[2] == want[7]);
  shed_mixer_run(m, 1000000000000, out, 16);
  assert_true(out[0] == 0.0F && out[15] == 0.0F);
  shed_mixer_free(m);
}

static void
a_gain_moves_in_ten_milliseconds(void **state)
{
  (void)state;
  shed_mixer *m = new_mixer();
  float       one[2000], out[2000];
  int         track = 9;
  for (int i = 0; i < 2000; i++) {
    one[i] = 1.0F;
  }
  CHECK_OK(shed_mixer_add(m, one, 2000, 0, -6.0206F, &track));
  assert_int_equal(track, 0);
  shed_mixer_run(m, 0, out, 100);
  CHECK_NEAR(out[0], 0.5, 1e-4); // a gain to begin with is there at once
  shed_mixer_gain(m, track, 0.0F);
  shed_mixer_run(m, 100, out, 480);
  for (int i = 1; i < 480; i++) {
    assert_true(out[i] >= out[i - 1] && out[i] - out[i - 1] <= 1.0F / 479.0F);
  }
  CHECK_NEAR(out[479], 1.0, 1e-6);
  shed_mixer_gain(m, track, SHED_MIXER_OFF_DB);
  shed_mixer_run(m, 580, out, 1000);
  assert_true(out[480] == 0.0F && out[999] == 0.0F);
  shed_mixer_free(m);
}

// A click of each kind begins at its very frame, whatever the blocks, and sounds as it should.
static void
clicks_are_exact_to_the_sample(void **state)
{
  (void)state;
  static float   whole[N], cut[N], want[N], click[SHED_CLICK_FRAMES_MOST];
  shed_mixer    *m  = new_mixer();
  shed_metronome mt = shed_metronome_of((shed_metre){7, 8}, 133.7);
  shed_rng       rng;
  mt.parts   = 2;
  mt.accents = 2;
  CHECK_OK(shed_mixer_metronome(m, &mt, 0.0F));
  for (uint64_t k = 0;; k++) {
    shed_click c = shed_metronome_click(&mt, RATE, k);
    if (c.frame >= N) {
      break;
    }
    size_t n = shed_click_sound(c.kind, RATE, click);
    for (size_t i = 0; i < n && c.frame + i < N; i++) {
      want[c.frame + i] += click[i];
    }
  }
  shed_mixer_run(m, 0, whole, N);
  assert_memory_equal(whole, want, sizeof(want));
  shed_rng_seed(&rng, 2, 2);
  for (size_t at = 0; at < N;) {
    size_t n = 1 + (size_t)(700.0 * shed_rng_unit(&rng));
    n        = n < N - at ? n : N - at;
    shed_mixer_run(m, at, cut + at, n);
    at += n;
  }
  assert_memory_equal(cut, whole, sizeof(whole));
  shed_mixer_gain(m, SHED_MIXER_CLICKS, SHED_MIXER_OFF_DB);
  shed_mixer_run(m, 0, cut, RATE);
  shed_mixer_run(m, 0, cut, RATE);
  for (int i = 0; i < RATE; i++) {
    assert_true(cut[i] == 0.0F);
  }
  shed_mixer_free(m);
}

// Only those that sound, sound.
static void
a_silent_metronome_gives_no_sound(void **state)
{
  (void)state;
  static float   out[N];
  shed_mixer    *m  = new_mixer();
  shed_metronome mt = shed_metronome_of((shed_metre){4, 4}, 240);
  mt.count_in_only  = true;
  CHECK_OK(shed_mixer_metronome(m, &mt, 0.0F));
  shed_mixer_run(m, 0, out, N);
  assert_true(out[1] != 0.0F);
  for (int i = RATE; i < N; i++) { // the bar of count-in lasts a second
    assert_true(out[i] == 0.0F);
  }
  mt.silent = true;
  CHECK_OK(shed_mixer_metronome(m, &mt, 0.0F));
  shed_mixer_run(m, 0, out, N);
  for (int i = 0; i < N; i++) {
    assert_true(out[i] == 0.0F);
  }
  mt.beats = 0;
  CHECK_STATUS(shed_mixer_metronome(m, &mt, 0.0F), SHED_E_RANGE);
  shed_mixer_free(m);
}

static double
power(const float *x, size_t n)
{
  double p = 0;
  for (size_t i = 0; i < n; i++) {
    p += (double)x[i] * (double)x[i];
  }
  return p;
}

// Two parts of a score: mine loud, the other soft; then mine alone.
static void
parts_are_mixed_as_asked(void **state)
{
  (void)state;
  shed_sounding_note notes[2] = {{.onset_s = 0, .duration_s = 1, .midi = 60, .pitched = true},
                                 {.onset_s = 1, .duration_s = 1, .midi = 67, .pitched = true}};
  shed_line          mine = {.notes = notes, .n_notes = 1}, other = {.notes = notes + 1, .n_notes = 1};
  static float       out[N];
  shed_error         err = {0};
  int                a, b;
  shed_mixer        *m  = new_mixer();
  shed_status        st = shed_mixer_add_line(m, &mine, 0, 0, 0, 0.0F, &a, &err);
  if (st == SHED_E_NOTFOUND) {
    print_message("skipped: %s\n", err.what);
    shed_mixer_free(m);
    skip();
  }
  CHECK_OK(st);
  CHECK_OK(shed_mixer_add_line(m, &other, 0, 0, 0, -20.0F, &b, &err));
  assert_true(a == 0 && b == 1);
  shed_mixer_run(m, 0, out, N);
  double loud = power(out, RATE / 2), soft = power(out + RATE, RATE / 2);
  double tail = power(out + RATE + RATE / 2, RATE / 2);
  print_message("mine %.1f dB over the other\n", 10.0 * log10(loud / soft));
  assert_true(loud > 10.0 * soft && soft > 0 && tail > 0);
  shed_mixer_gain(m, b, SHED_MIXER_OFF_DB);
  shed_mixer_run(m, 0, out, N); // on the way
  shed_mixer_run(m, 0, out, N);
  CHECK_LT(power(out + 2 * RATE, RATE / 2), 1e-4 * loud);
  shed_mixer_free(m);
}

static void
there_is_an_end_to_tracks(void **state)
{
  (void)state;
  shed_mixer *m = new_mixer();
  float       x = 0.5F;
  for (int i = 0; i < SHED_MIXER_TRACKS; i++) {
    CHECK_OK(shed_mixer_add(m, &x, 1, 0, 0.0F, NULL));
  }
  CHECK_STATUS(shed_mixer_add(m, &x, 1, 0, 0.0F, NULL), SHED_E_LIMIT);
  shed_mixer_free(m);
  shed_mixer_free(NULL);
  CHECK_STATUS(shed_mixer_new(&m, 7000, NULL), SHED_E_RANGE);
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  shed_metronome mt = shed_metronome_of((shed_metre){4, 4}, 100);
  SWEEP_ALLOCATIONS(a, {
    shed_mixer *m = NULL;
    sweep_status  = shed_mixer_new(&m, RATE, &a.alloc);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_mixer_metronome(m, &mt, 0.0F);
    }
    shed_mixer_free(m);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tracks_stand_where_they_were_put),
      cmocka_unit_test(a_gain_moves_in_ten_milliseconds),
      cmocka_unit_test(clicks_are_exact_to_the_sample),
      cmocka_unit_test(a_silent_metronome_gives_no_sound),
      cmocka_unit_test(parts_are_mixed_as_asked),
      cmocka_unit_test(there_is_an_end_to_tracks),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
