#include "tests/corpus/synth.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE = 44100 };
static const double PI = 3.14159265358979323846;

static shed_sound
made(const corpus_tone *tones, size_t n)
{
  shed_sound s = {0};
  CHECK_OK(corpus_synth(tones, n, RATE, 0, 7, NULL, &s));
  return s;
}

// Rising zero crossings of a sine, to a fraction of a sample. @return how many.
static size_t
crossings(const shed_sound *s, double *at, size_t cap)
{
  size_t n = 0;
  for (size_t i = 1; i < s->n && n < cap; i++) {
    double a = (double)s->x[i - 1];
    double b = (double)s->x[i];
    if (a < 0 && b >= 0) {
      at[n++] = ((double)i - 1 + a / (a - b)) / s->rate_hz;
    }
  }
  return n;
}

// Between two crossings the truth must have gone through exactly one period: its phase increment is one turn.
static void
check_truth_by_phase(corpus_tone k)
{
  static double at[20000];
  shed_sound    s    = made(&k, 1);
  size_t        n    = crossings(&s, at, SHED_COUNTOF(at));
  double        most = 0;
  assert_true(n > 100);
  for (size_t i = 4; i + 8 < n; i++) {
    double turns = 0;
    double step  = (at[i + 1] - at[i]) / 64;
    if (at[i + 1] > k.onset_s + k.duration_s) {
      break;
    }
    for (int j = 0; j < 64; j++) {
      turns += corpus_tone_hz(&k, at[i] + (j + 0.5) * step - k.onset_s) * step;
    }
    most = fmax(most, fabs(1200 * log2(turns)));
  }
  print_message("worst %.3f cents over %zu periods\n", most, n);
  CHECK_LT(most, 1.0); // linear interpolation of a float sample is worth that much
  shed_sound_free(&s);
}

static void
the_truth_is_what_sounds(void **state)
{
  (void)state;
  check_truth_by_phase((corpus_tone){CORPUS_SINE, 0.1, 2, 69.37, -12, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  check_truth_by_phase((corpus_tone){
      .timbre = CORPUS_SINE, .duration_s = 2, .midi = 57, .level_db = -12, .glide_semitones = 12});
  check_truth_by_phase((corpus_tone){.timbre          = CORPUS_SINE,
                                     .onset_s         = 0.0123,
                                     .duration_s      = 2,
                                     .midi            = 64,
                                     .level_db        = -12,
                                     .vibrato_hz      = 5.5,
                                     .vibrato_cents   = 50,
                                     .vibrato_delay_s = 0.3});
  check_truth_by_phase((corpus_tone){.timbre       = CORPUS_SINE,
                                     .duration_s   = 1,
                                     .midi         = 72,
                                     .level_db     = -12,
                                     .from_midi    = 67,
                                     .portamento_s = 0.1});
}

static double
amplitude(const shed_sound *s, double hz, double from_s, double to_s)
{
  double re   = 0;
  double im   = 0;
  size_t from = (size_t)(from_s * s->rate_hz);
  size_t to   = (size_t)(to_s * s->rate_hz);
  for (size_t i = from; i < to; i++) {
    double w = 2 * PI * hz * (double)i / s->rate_hz;
    double h = 1 - cos(2 * PI * (double)(i - from) / (double)(to - from));
    re += h * (double)s->x[i] * cos(w);
    im += h * (double)s->x[i] * sin(w);
  }
  return 2 * sqrt(re * re + im * im) / (double)(to - from);
}

static double
rms(const shed_sound *s, double from_s, double to_s)
{
  double sum  = 0;
  size_t from = (size_t)(from_s * s->rate_hz);
  size_t to   = (size_t)(to_s * s->rate_hz);
  for (size_t i = from; i < to; i++) {
    sum += (double)s->x[i] * (double)s->x[i];
  }
  return sqrt(sum / (double)(to - from));
}

static void
levels_are_as_asked(void **state)
{
  (void)state;
  for (int t = 0; t < CORPUS_CLAP; t++) {
    if (t == CORPUS_PIANO || t == CORPUS_PLUCKED) {
      continue; // their level is told at the start only
    }
    corpus_tone k = {.timbre = (corpus_timbre)t, .duration_s = 1, .midi = 60, .level_db = -20};
    shed_sound  s = made(&k, 1);
    CHECK_NEAR(20 * log10(rms(&s, 0.2, 0.9)), -20, 0.2);
    shed_sound_free(&s);
  }
}

static void
a_missing_fundamental_is_missing(void **state)
{
  corpus_tone k = {.timbre = CORPUS_MISSING, .duration_s = 1, .midi = 57, .level_db = -20};
  shed_sound  s = made(&k, 1);
  (void)state;
  CHECK_LT(amplitude(&s, 220, 0.2, 0.9), 1e-5);
  CHECK_LT(amplitude(&s, 440, 0.2, 0.9), 1e-5);
  assert_true(amplitude(&s, 660, 0.2, 0.9) > 0.02);
  shed_sound_free(&s);
}

static void
partials_are_stretched_as_the_formula_says(void **state)
{
  corpus_tone k = {
      .timbre = CORPUS_STRING, .duration_s = 1.5, .midi = 45, .level_db = -20, .inharmonicity = 4e-4};
  shed_sound s = made(&k, 1);
  (void)state;
  for (int h = 2; h <= 12; h += 5) {
    double hz = 110.0 * h * sqrt(1 + 4e-4 * h * h);
    double in = amplitude(&s, hz, 0.2, 1.4);
    assert_true(in > 5 * amplitude(&s, hz + 6, 0.2, 1.4));
    assert_true(in > 5 * amplitude(&s, hz - 6, 0.2, 1.4));
  }
  shed_sound_free(&s);
}

static void
claps_and_clicks_begin_at_their_first_sample(void **state)
{
  const corpus_tone tones[] = {{.timbre = CORPUS_CLAP, .onset_s = 0.5, .level_db = -12},
                               {.timbre = CORPUS_CLICK, .onset_s = 1.0, .midi = 91, .level_db = -12}};
  shed_sound        s       = {0};
  (void)state;
  CHECK_OK(corpus_synth(tones, 2, RATE, 2, 3, NULL, &s));
  for (size_t i = 0; i < s.n; i++) {
    bool inside = (i >= 22050 && i < 22050 + 882) || (i >= 44100 && i < 44100 + 882);
    if (!inside) {
      assert_true(fpclassify(s.x[i]) == FP_ZERO);
    }
  }
  assert_true(rms(&s, 0.5, 0.505) > 0.03);
  assert_true(rms(&s, 1.0, 1.005) > 0.1);
  shed_sound_free(&s);
}

static void
the_same_seed_gives_the_same_bits(void **state)
{
  const corpus_tone tones[] = {{.timbre = CORPUS_FLUTE, .duration_s = 0.3, .midi = 72, .level_db = -20},
                               {.timbre = CORPUS_CLAP, .onset_s = 0.4, .level_db = -20}};
  shed_sound        a       = made(tones, 2);
  shed_sound        b       = made(tones, 2);
  shed_sound        c       = {0};
  (void)state;
  assert_memory_equal(a.x, b.x, a.n * sizeof(float));
  CHECK_OK(corpus_synth(tones, 2, RATE, 0, 8, NULL, &c));
  assert_true(memcmp(a.x, c.x, a.n * sizeof(float)) != 0);
  shed_sound_free(&a);
  shed_sound_free(&b);
  shed_sound_free(&c);
}

static void
nothing_above_the_band_is_made(void **state)
{
  corpus_tone k = {
      .timbre = CORPUS_STRING, .duration_s = 0.5, .midi = 100, .level_db = -20, .breath_db = -100};
  shed_sound s = {0};
  (void)state;
  CHECK_OK(corpus_synth(&k, 1, 8000, 0, 1, NULL, &s)); // 2637 Hz: the second harmonic would fold to 2726
  CHECK_LT(amplitude(&s, 8000 - 2 * corpus_tone_hz(&k, 0), 0.1, 0.4), 2e-3);
  shed_sound_free(&s);
}

static void
nonsense_is_refused_and_memory_may_run_out(void **state)
{
  corpus_tone k = {.timbre = CORPUS_SINE, .duration_s = NAN, .midi = 60};
  shed_sound  s = {0};
  (void)state;
  CHECK_STATUS(corpus_synth(&k, 1, RATE, 1, 1, NULL, &s), SHED_E_RANGE);
  k.duration_s = 0.1;
  CHECK_STATUS(corpus_synth(&k, 1, 100, 1, 1, NULL, &s), SHED_E_RANGE);
  SWEEP_ALLOCATIONS(a, {
    shed_sound made_one = {0};
    sweep_status        = corpus_synth(&k, 1, RATE, 0, 1, &a.alloc, &made_one);
    shed_sound_free(&made_one);
  })
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_truth_is_what_sounds),
      cmocka_unit_test(levels_are_as_asked),
      cmocka_unit_test(a_missing_fundamental_is_missing),
      cmocka_unit_test(partials_are_stretched_as_the_formula_says),
      cmocka_unit_test(claps_and_clicks_begin_at_their_first_sample),
      cmocka_unit_test(the_same_seed_gives_the_same_bits),
      cmocka_unit_test(nothing_above_the_band_is_made),
      cmocka_unit_test(nonsense_is_refused_and_memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
