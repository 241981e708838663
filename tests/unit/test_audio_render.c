#include "engine/audio/render.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE = 44100 };
static const shed_render_opts OPTS = {.rate_hz = RATE, .tail_s = 0.3};

static shed_sound
rendered(const shed_render_note *notes, size_t n)
{
  shed_sound s   = {0};
  shed_error err = {0};
  if (shed_render_notes(notes, n, &OPTS, NULL, &s, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return s;
}

static double
rms(const shed_sound *s, double from_s, double to_s)
{
  double sum  = 0;
  size_t from = (size_t)(from_s * s->rate_hz);
  size_t to   = (size_t)(to_s * s->rate_hz);
  for (size_t i = from; i < to && i < s->n; i++) {
    sum += (double)s->x[i] * (double)s->x[i];
  }
  return sqrt(sum / (double)(to - from));
}

// Frequency near `hz` where the sound correlates best with a complex tone of half a second: a fine comb around it.
static double
pitch_near(const shed_sound *s, double from_s, double hz)
{
  double best    = 0;
  double best_hz = 0;
  size_t from    = (size_t)(from_s * s->rate_hz);
  size_t n       = (size_t)(0.5 * s->rate_hz);
  for (double cents = -150; cents <= 150; cents += 1) {
    double f  = hz * pow(2, cents / 1200);
    double re = 0;
    double im = 0;
    for (size_t i = 0; i < n; i++) {
      double w      = 2 * 3.14159265358979 * f * (double)i / s->rate_hz;
      double window = sin(3.14159265358979 * (double)i / (double)n);
      re += (double)s->x[from + i] * window * cos(w);
      im += (double)s->x[from + i] * window * sin(w);
    }
    if (re * re + im * im > best) {
      best    = re * re + im * im;
      best_hz = f;
    }
  }
  return best_hz;
}

static void
the_same_notes_give_the_same_bits(void **state)
{
  const shed_render_note notes[] = {{0.1, 0.5, 60, 90, 0, 0, false},    {0.3, 0.5, 64, 80, -13, 40, false},
                                    {0.5, 0.2, 38, 100, 0, 0, true},    {0.6, 0.4, 67, 70, 25, 73, false},
                                    {0.6, 0.4, 72, 70, -25, 73, false}, {0.9, 0.1, 42, 70, 0, 0, true}};
  shed_sound             a       = rendered(notes, SHED_COUNTOF(notes));
  shed_sound             b       = rendered(notes, SHED_COUNTOF(notes));
  (void)state;
  assert_int_equal(a.n, b.n);
  assert_memory_equal(a.x, b.x, a.n * sizeof(float));
  CHECK_NEAR((double)a.n / RATE, 1.0 + 0.3, 1e-3);
  shed_sound_free(&a);
  shed_sound_free(&b);
}

static void
a_note_sounds_when_and_where_it_is_asked(void **state)
{
  const shed_render_note note = {0.5, 0.5, 69, 100, 0, 0, false};
  shed_sound             s    = rendered(&note, 1);
  (void)state;
  CHECK_LT(rms(&s, 0, 0.498), 1e-6);
  if (rms(&s, 0.52, 0.6) < 0.005) {
    fail_msg("the note is not heard: rms %g", rms(&s, 0.52, 0.6));
  }
  shed_sound_free(&s);
}

static void
cents_bend_each_note_alone(void **state)
{
  const shed_render_note notes[] = {{0, 1.0, 69, 100, 0, 73, false},
                                    {1.0, 1.0, 69, 100, 40, 73, false},
                                    {2.0, 1.0, 69, 100, -75, 73, false}};
  shed_sound             s       = rendered(notes, 3);
  double                 base    = pitch_near(&s, 0.3, 440);
  (void)state;
  print_message("flute A4 of the font: %.1f cents\n", 1200 * log2(base / 440));
  CHECK_NEAR(1200 * log2(base / 440), 0, 15);
  CHECK_NEAR(1200 * log2(pitch_near(&s, 1.3, 440) / base), 40, 3);
  CHECK_NEAR(1200 * log2(pitch_near(&s, 2.3, 440) / base), -75, 3);
  shed_sound_free(&s);
}

static void
percussion_sounds_without_a_program(void **state)
{
  const shed_render_note note = {0.1, 0.1, 76, 110, 0, -1, true};
  shed_sound             s    = rendered(&note, 1);
  (void)state;
  if (rms(&s, 0.1, 0.15) < 0.005) {
    fail_msg("the woodblock is not heard: rms %g", rms(&s, 0.1, 0.15));
  }
  shed_sound_free(&s);
}

static void
nothing_is_silence(void **state)
{
  shed_sound s = rendered(NULL, 0);
  (void)state;
  CHECK_NEAR((double)s.n, 0.3 * RATE, 1);
  CHECK_NEAR(rms(&s, 0, 0.3), 0, 1e-9);
  shed_sound_free(&s);
}

static void
a_line_is_played_as_written(void **state)
{
  shed_sounding_note notes[3] = {
      {.pitched = true, .midi = 60, .onset_s = 0, .duration_s = 0.5, .flags = SHED_NOTE_STACCATO},
      {.pitched = true, .midi = 62, .onset_s = 0.5, .duration_s = 0, .flags = SHED_NOTE_GRACE},
      {.pitched = false, .onset_s = 1.0, .duration_s = 0.5, .flags = SHED_NOTE_ACCENT}};
  shed_line  line = {.notes = notes, .n_notes = 3};
  shed_sound s    = {0};
  (void)state;
  CHECK_OK(shed_render_line(&line, 16, 76, &OPTS, NULL, &s, NULL));
  assert_true(rms(&s, 0.05, 0.25) > 0.003); // organ: dead after its key is let go
  CHECK_LT(rms(&s, 0.36, 0.41), 0.1 * rms(&s, 0.05, 0.25));
  assert_true(rms(&s, 0.44, 0.49) > 0.001);
  assert_true(rms(&s, 1.0, 1.05) > 0.003);
  shed_sound_free(&s);
}

static void
nonsense_is_refused(void **state)
{
  const shed_render_note good = {0, 1, 60, 90, 0, 0, false};
  shed_sound             s    = {0};
  shed_error             err  = {0};
  (void)state;
  const shed_render_note bad[] = {{-1, 1, 60, 90, 0, 0, false},      {NAN, 1, 60, 90, 0, 0, false},
                                  {0, 1, 128, 90, 0, 0, false},      {0, 1, 60, 0, 0, 0, false},
                                  {0, 1, 60, 90, 300, 0, false},     {0, 1, 60, 90, 0, 128, false},
                                  {0, INFINITY, 60, 90, 0, 0, false}};
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    CHECK_STATUS(shed_render_notes(&bad[i], 1, &OPTS, NULL, &s, &err), SHED_E_RANGE);
    assert_string_equal(err.where, "note 0");
  }
  const shed_render_note long_note = {0, 1e6, 60, 90, 0, 0, false};
  CHECK_STATUS(shed_render_notes(&long_note, 1, &OPTS, NULL, &s, &err), SHED_E_LIMIT);
  shed_render_opts opts = {.rate_hz = 1000};
  CHECK_STATUS(shed_render_notes(&good, 1, &opts, NULL, &s, &err), SHED_E_RANGE);
  opts = (shed_render_opts){.rate_hz = RATE, .soundfont = "/no/such/font.sf2"};
  CHECK_STATUS(shed_render_notes(&good, 1, &opts, NULL, &s, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "timgm6mb-soundfont"));
  opts.soundfont = SHED_SOURCE_DIR "/LICENSE";
  CHECK_STATUS(shed_render_notes(&good, 1, &opts, NULL, &s, &err), SHED_E_FORMAT);
  opts.soundfont = SHED_SOURCE_DIR;
  CHECK_STATUS(shed_render_notes(&good, 1, &opts, NULL, &s, &err), SHED_E_FORMAT);
}

static void
memory_may_run_out_anywhere(void **state)
{
  const shed_render_note note = {0, 0.05, 60, 90, 0, 0, false};
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_sound s = {0};
    sweep_status = shed_render_notes(&note, 1, &OPTS, &a.alloc, &s, NULL);
    shed_sound_free(&s);
  })
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_notes_give_the_same_bits),
      cmocka_unit_test(a_note_sounds_when_and_where_it_is_asked),
      cmocka_unit_test(cents_bend_each_note_alone),
      cmocka_unit_test(percussion_sounds_without_a_program),
      cmocka_unit_test(nothing_is_silence),
      cmocka_unit_test(a_line_is_played_as_written),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(memory_may_run_out_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
