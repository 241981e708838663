// The round trip found again: exactly where nothing but time lies between, within a millisecond through a room.
#include "engine/audio/probe.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE = 48000 };
static const shed_probe_opts opts = {RATE, SHED_PROBES, -12};

typedef struct {
  double delay_s; // of the straight way
  double gain_db;
  double noise_db; // over the loud chirps as they come back; -200: none
  double bleed_db; // other music, the same way
  double t60_s;    // of a room's reverberation; 0: none
  double agc;      // 0..1: how much of loudness differences is taken away
  double suppress_db,
      cancel_db;   // steady noise is turned down by so much; the last chirp is softer by so much
  double wander_s; // the delay of each probe is off by up to so much
  bool   inverted;
} way;

// An echo's density and decay: direct sound, then noise that falls 60 dB in t60, its energy that of the direct sound.
static size_t
room(const way *w, shed_rng *rng, float *ir)
{
  size_t n = w->t60_s > 0 ? (size_t)(w->t60_s * RATE) : 1;
  double e = 0;
  for (size_t i = 1; i < n; i++) {
    double t = (double)i / RATE;
    ir[i]    = t < 0.003 ? 0.0F : (float)(shed_rng_normal(rng) * exp(-6.9 * t / w->t60_s));
    e += (double)ir[i] * (double)ir[i];
  }
  for (size_t i = 1; i < n && e > 0; i++) {
    ir[i] = (float)((double)ir[i] / sqrt(e));
  }
  ir[0] = 1.0F;
  return n;
}

static void
add_shifted(float *out, size_t n, const float *x, double delay_s, double gain)
{
  double d    = delay_s * RATE;
  size_t base = (size_t)d;
  double part = d - (double)base;
  for (size_t i = base + 1; i < n; i++) { // straight line between samples: a chirp under 9 kHz bears it
    out[i] += (float)(gain * ((1.0 - part) * (double)x[i - base] + part * (double)x[i - base - 1]));
  }
}

// What comes back of the probes.
static float *
through(const way *w, const shed_sound *s, uint64_t seed)
{
  shed_rng rng;
  float   *out = calloc(s->n, sizeof(float)), *wet = calloc(s->n, sizeof(float));
  float   *ir  = calloc(2 * RATE, sizeof(float));
  double   amp = pow(10.0, w->gain_db / 20.0) * (w->inverted ? -1.0 : 1.0);
  assert_true(out && wet && ir);
  shed_rng_seed(&rng, seed, 4);
  size_t n_ir = room(w, &rng, ir);
  for (size_t i = 0; i < s->n; i++) { // most of the sound is silence: only what is not is spread
    for (size_t k = 0; k < n_ir && s->x[i] != 0.0F && i + k<s->n; k += k> 1200 ? 16 : 1) {
      wet[i + k] += ir[k] * s->x[i];
    }
  }
  size_t second = (size_t)(0.9 * RATE);
  for (size_t from = 0; from < s->n; from += second) { // each probe has its own piece
    size_t n     = from + 2 * second < s->n ? 2 * second : s->n - from;
    double off   = w->wander_s * (2.0 * shed_rng_unit(&rng) - 1.0);
    float *piece = calloc(s->n, sizeof(float));
    double fade  = pow(10.0, -w->cancel_db / 20.0 * (double)from / (double)s->n);
    assert_non_null(piece);
    memcpy(piece, wet + from, (n < second ? n : second) * sizeof(float));
    add_shifted(out + from, n, piece, w->delay_s + off, amp * fade);
    free(piece);
  }
  double chirp = amp * pow(10.0, (opts.level_db - 3.0) / 20.0);
  double hiss  = w->noise_db > -200 ? fabs(chirp) * pow(10.0, w->noise_db / 20.0) : 0;
  double tune  = w->bleed_db > -200 ? fabs(chirp) * pow(10.0, w->bleed_db / 20.0) : 0;
  for (size_t i = 0; i < s->n; i++) {
    double t = (double)i / RATE, f = 220.0 * pow(2.0, floor(fmod(t * 3.0, 8.0)) / 6.0);
    out[i] += (float)(hiss * shed_rng_normal(&rng));
    out[i] += (float)(tune * (sin(6.2831853 * f * t) + 0.5 * sin(2 * 6.2831853 * f * t) +
                              0.4 * sin(5 * 6.2831853 * f * t)));
  }
  free(wet);
  free(ir);
  return out;
}

static shed_probe_result
measure(const way *w, uint64_t seed)
{
  shed_sound        s = {0};
  shed_probe_result r;
  CHECK_OK(shed_probe_sound(&opts, NULL, &s));
  float *heard = through(w, &s, seed);
  CHECK_OK(shed_probe_measure(&opts, heard, s.n, NULL, &r));
  free(heard);
  shed_sound_free(&s);
  return r;
}

static void
a_pure_delay_is_found_to_the_frame(void **state)
{
  (void)state;
  const int delays[] = {0, 1, 255, 256, 736, 4801, 30000};
  for (size_t i = 0; i < SHED_COUNTOF(delays); i++) {
    shed_sound        s = {0};
    shed_probe_result r;
    CHECK_OK(shed_probe_sound(&opts, NULL, &s));
    float *heard = calloc(s.n, sizeof(float));
    assert_non_null(heard);
    memcpy(heard + delays[i], s.x, (s.n - (size_t)delays[i]) * sizeof(float));
    CHECK_OK(shed_probe_measure(&opts, heard, s.n, NULL, &r));
    assert_int_equal(r.heard, SHED_PROBES);
    CHECK_NEAR(r.latency_s * RATE, delays[i], 0.02);
    CHECK_LT(r.spread_s * RATE, 0.02);
    CHECK_NEAR(r.gain_db, 0, 0.01);
    CHECK_NEAR(r.squeeze_db, 0, 0.01);
    CHECK_NEAR(r.fade_db, 0, 1.0);
    CHECK_NEAR(r.drift_db, 0, 0.01);
    free(heard);
    shed_sound_free(&s);
  }
}

// Noise and other music 20 dB under the chirps, reverberation as strong as the straight way, any room.
static void
through_a_room_it_is_within_a_millisecond(void **state)
{
  (void)state;
  double worst = 0;
  for (uint64_t seed = 0; seed < 5; seed++) {
    way               w = {.delay_s  = 0.00413 + 0.0301 * (double)seed,
                           .gain_db  = -30,
                           .noise_db = -20,
                           .bleed_db = -20,
                           .t60_s    = 0.2 + 0.12 * (double)seed,
                           .inverted = seed % 2};
    shed_probe_result r = measure(&w, seed);
    assert_int_equal(r.heard, SHED_PROBES);
    worst = fmax(worst, fabs(r.latency_s - w.delay_s));
    CHECK_LT(fabs(r.latency_s - w.delay_s), 0.001);
    CHECK_LT(r.spread_s, 0.001);
    CHECK_NEAR(r.gain_db, -30, 3);
  }
  print_message("5 rooms: worst error %.4f ms\n", 1000 * worst);
}

static void
a_delay_that_moves_is_told(void **state)
{
  (void)state;
  shed_probe_result r =
      measure(&(way){.delay_s = 0.2, .gain_db = -20, .noise_db = -30, .bleed_db = -200, .wander_s = 0.02}, 3);
  print_message("spread %.1f ms\n", 1000 * r.spread_s);
  assert_int_equal(r.heard, SHED_PROBES);
  assert_true(r.spread_s > 0.012 && r.spread_s <= 0.04);
  CHECK_NEAR(r.latency_s, 0.2, 0.02);
}

// Headphones, a mute switch, a microphone in another room: nothing is made up.
static void
what_is_not_there_is_not_found(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4; seed++) {
    shed_probe_result r = measure(
        &(way){.delay_s = 0.01, .gain_db = -200, .noise_db = 190, .bleed_db = seed % 2 ? 190 : -200}, seed);
    assert_int_equal(r.heard, 0);
    assert_true(isnan(r.latency_s) && isnan(r.spread_s) && isnan(r.gain_db));
  }
  shed_sound        s = {0};
  shed_probe_result r;
  CHECK_OK(shed_probe_sound(&opts, NULL, &s));
  memset(s.x, 0, s.n * sizeof(float));
  CHECK_OK(shed_probe_measure(&opts, s.x, s.n, NULL, &r)); // silence
  assert_int_equal(r.heard, 0);
  for (size_t i = 0; i < s.n; i++) {
    s.x[i] = (float)NAN;
  }
  CHECK_OK(shed_probe_measure(&opts, s.x, s.n, NULL, &r));
  assert_int_equal(r.heard, 0);
  shed_sound_free(&s);
}

// A gain that follows the loudness: fast up and down, so that soft chirps come back as loud as loud ones.
static void
automatic_gain_and_suppression_are_seen(void **state)
{
  (void)state;
  shed_sound        s = {0};
  shed_probe_result r;
  CHECK_OK(shed_probe_sound(&opts, NULL, &s));
  float *heard = calloc(s.n, sizeof(float));
  assert_non_null(heard);
  double level = 1e-3;
  for (size_t i = 480; i < s.n; i++) {
    double v = 0.1 * (double)s.x[i - 480];
    level    = fmax(fabs(v), level * (1.0 - 1.0 / (0.1 * RATE)));
    heard[i] = (float)(v * pow(level / 0.025, -0.6));
  }
  CHECK_OK(shed_probe_measure(&opts, heard, s.n, NULL, &r));
  print_message("gain that squeezes: %.1f dB of 12\n", r.squeeze_db);
  assert_true(r.heard == SHED_PROBES && r.squeeze_db > 4 && r.squeeze_db < 9);

  // suppression: learns steady noise and turns it down by 15 dB within a second
  double noise = 0;
  for (size_t i = 480; i < s.n; i++) {
    double v      = 0.1 * (double)s.x[i - 480];
    bool   steady = i > (size_t)((1.0 + 0.9 * (SHED_PROBES + 0.2)) * RATE);
    noise         = steady ? fmin(1.0, noise + 1.0 / (0.7 * RATE)) : 0;
    heard[i]      = (float)(v * pow(10.0, -15.0 / 20.0 * noise));
  }
  CHECK_OK(shed_probe_measure(&opts, heard, s.n, NULL, &r));
  print_message("suppression: %.1f dB of 15; squeeze %.1f\n", r.fade_db, r.squeeze_db);
  assert_true(r.fade_db > 8 && fabs(r.squeeze_db) < 0.5);
  free(heard);
  shed_sound_free(&s);
  r = measure(&(way){.delay_s = 0.02, .gain_db = -20, .noise_db = -40, .bleed_db = -200, .cancel_db = 20}, 7);
  print_message("cancellation: %.1f dB of 20 over all\n", r.drift_db);
  assert_true(r.drift_db > 8);
}

static void
wrong_wishes_are_refused(void **state)
{
  (void)state;
  shed_sound            s     = {0};
  shed_probe_result     r     = {0};
  const shed_probe_opts bad[] = {{8000, 8, -12},  {192001, 8, -12}, {RATE, 2, -12},
                                 {RATE, 17, -12}, {RATE, 8, 1},     {RATE, 8, NAN}};
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    CHECK_STATUS(shed_probe_sound(&bad[i], NULL, &s), SHED_E_RANGE);
    CHECK_STATUS(shed_probe_measure(&bad[i], NULL, 1 << 30, NULL, &r), SHED_E_RANGE);
  }
  CHECK_STATUS(shed_probe_measure(&opts, NULL, RATE, NULL, &r), SHED_E_RANGE);
  const int rates[] = {16000, 44100, 96000, 192000};
  for (size_t i = 0; i < SHED_COUNTOF(rates); i++) {
    shed_probe_opts o = {rates[i], 3, -20};
    CHECK_OK(shed_probe_sound(&o, NULL, &s));
    CHECK_OK(shed_probe_measure(&o, s.x, s.n, NULL, &r));
    assert_int_equal(r.heard, 3);
    CHECK_NEAR(r.latency_s * rates[i], 0, 0.02);
    shed_sound_free(&s);
  }
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  shed_sound      whole = {0};
  shed_probe_opts o     = {16000, 3, -12};
  CHECK_OK(shed_probe_sound(&o, NULL, &whole));
  SWEEP_ALLOCATIONS(a, {
    shed_sound        s = {0};
    shed_probe_result r;
    sweep_status = shed_probe_sound(&o, &a.alloc, &s);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_probe_measure(&o, whole.x, whole.n, &a.alloc, &r);
    }
    shed_sound_free(&s);
  });
  shed_sound_free(&whole);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pure_delay_is_found_to_the_frame),
      cmocka_unit_test(through_a_room_it_is_within_a_millisecond),
      cmocka_unit_test(a_delay_that_moves_is_told),
      cmocka_unit_test(what_is_not_there_is_not_found),
      cmocka_unit_test(automatic_gain_and_suppression_are_seen),
      cmocka_unit_test(wrong_wishes_are_refused),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
