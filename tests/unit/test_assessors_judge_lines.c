// The lines of a pitch in a take's spectrum: where they stand, whose they are, and what they say where the ear heard another pitch or
// found no note.
#include "assessors/judge.h"

#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"
#include "tests/support/check.h"

#include <math.h>
#include <string.h>

enum { FRAMES = 60, LINES = 8 };

static const double BIN_HZ   = 22050.0 / SHED_BANDS_WINDOW;
static const double NOISE_DB = -90;

typedef struct {
  shed_take   take;
  shed_frame  frames[FRAMES];
  uint8_t     bands[FRAMES * SHED_TAKE_BANDS];
  float       centre[FRAMES + 1];
  shed_prompt prompt;
  shed_found  found;
  shed_judged j;
} scene;

static uint8_t
byte_of(double db)
{
  return (uint8_t)lround(fmin(fmax(2 * (db + 120), 0), 255));
}

/// A tone's lines in all frames: each a parabola in dB, as a raised cosine's is near its top.
static void
add_tone(scene *s, double midi, double db)
{
  const double hz = shed_midi_to_hz(midi, 440);
  for (int i = 0; i < FRAMES; i++) {
    for (int k = 1; k <= LINES; k++) {
      for (int b = 0; b < SHED_BANDS_LINEAR; b++) {
        double   off   = k * hz / BIN_HZ - (b + 1);
        uint8_t  level = byte_of(db - 6 * off * off);
        uint8_t *to    = &s->bands[i * SHED_TAKE_BANDS + b];
        *to            = fabs(off) < 3 && level > *to ? level : *to;
      }
    }
  }
}

static void
empty(scene *s)
{
  memset(s, 0, sizeof(*s));
  memset(s->bands, byte_of(NOISE_DB), sizeof(s->bands));
  for (int i = 0; i < FRAMES; i++) {
    s->frames[i] = (shed_frame){.level_db = -20, .voiced = true, .confidence = .8F};
  }
  s->take  = (shed_take){.frames = s->frames, .n_frames = FRAMES, .bands = s->bands, .snr_db = 40};
  s->found = (shed_found){.segment = 0, .path_onset_s = 0, .offset_s = FRAMES * SHED_FRAME_HOP_S};
  s->j     = (shed_judged){
          .prompt = &s->prompt, .take = &s->take, .found = &s->found, .centre = s->centre, .own = {.sd_db = NAN}};
  s->j.levels         = (shed_levels){.floor_db = -90, .peak_db = -20, .silent_db = -60};
  s->j.usual_lines_db = -30;
  s->j.line_cents     = SHED_LINE_CENTS;
  s->j.far_cents      = SHED_FAR_CENTS;
}

static shed_lines
lines_of(const scene *s, double midi, double other)
{
  return shed_measure_lines(&s->take, &s->j.levels, 0, FRAMES * SHED_FRAME_HOP_S, midi, other);
}

static void
a_histogram_of_nothing_has_no_median(void **state)
{
  (void)state;
  shed_cents_histogram h = {.total = 0};
  assert_true(isnan(shed_cents_quantile(&h, .5)));
  shed_cents_add(&h, -1000, 1); // counts at the end of the range
  CHECK_NEAR(shed_cents_quantile(&h, .5), -SHED_CENTS_RANGE, 1);
  shed_cents_add(&h, 12, 3);
  CHECK_NEAR(shed_cents_quantile(&h, .5), 12, 1);
}

static void
lines_tell_cents_between_the_bins(void **state)
{
  (void)state;
  static const double off[] = {-60, -35, -8, 0, 21, 44, 70};
  for (size_t i = 0; i < SHED_COUNTOF(off); i++) {
    scene s;
    empty(&s);
    add_tone(&s, 57 + off[i] / 100, -30);
    shed_lines l = lines_of(&s, 57, (double)NAN);
    CHECK_LT(FRAMES, l.n);
    CHECK_NEAR(shed_cents_quantile(&l.cents, .5), off[i], 4);
    CHECK_NEAR(l.level_db / l.weight, -30, 2);
  }
}

static void
another_tones_lines_are_kept_out(void **state)
{
  (void)state;
  scene s;
  empty(&s);
  add_tone(&s, 60, -40);
  add_tone(&s, 67, -25); // 15 dB louder, and it shares every third line
  shed_lines l = lines_of(&s, 60, 67);
  CHECK_NEAR(shed_cents_quantile(&l.cents, .5), 0, 4);
  CHECK_NEAR(l.level_db / l.weight, -40, 2);
}

static void
without_a_spectrum_or_so_low_there_are_none(void **state)
{
  (void)state;
  scene s;
  empty(&s);
  add_tone(&s, 57, -30);
  assert_int_equal(lines_of(&s, 30, (double)NAN).n, 0);
  s.take.bands   = NULL;
  shed_measure m = {.other_midi = 60};
  double       cents;
  assert_int_equal(lines_of(&s, 57, (double)NAN).n, 0);
  assert_true(isnan(shed_judge_odds(&s.j, &s.found, &m, 57, &cents)));
  assert_false(shed_judge_stands_in_slot(&s.j, 0));
}

/// Log odds that 60 was played where the ear heard @p heard.
static double
odds(double own_db, double other_db, int heard, double sure)
{
  scene  s;
  double cents;
  empty(&s);
  add_tone(&s, 60, own_db);
  add_tone(&s, heard, other_db);
  shed_measure m = {.other_midi = heard, .confidence = sure, .sound_s = .2};
  return shed_judge_odds(&s.j, &s.found, &m, 60, &cents);
}

static void
the_louder_lines_are_the_players(void **state)
{
  (void)state;
  CHECK_LT(2, odds(-30, -50, 62, .8));
  CHECK_LT(odds(-70, -30, 62, .95), -2);
  CHECK_LT(odds(-40, -40, 64, .8), odds(-30, -50, 64, .8));
  CHECK_LT(odds(-40, -40, 64, .95), odds(-40, -40, 64, .6));
  CHECK_LT(0, odds(-30, -30, 72, .8)); // a harmonic of 60, whose other lines stand there
  assert_true(isnan(odds(-30, -30, 60, .8)));
}

static void
a_note_is_not_missing_while_its_lines_stand(void **state)
{
  (void)state;
  scene            s;
  shed_align_event event = {.pitch = 60, .length_s = .3};
  for (int loud = 0; loud < 2; loud++) {
    empty(&s);
    add_tone(&s, 60, loud ? -32 : -45); // the player's usual lines: -30
    s.j.target       = (shed_align_target){.events = &event, .n_events = 1};
    s.j.guess.period = 1;
    s.found          = (shed_found){.segment = -1, .expected_s = .2};
    assert_int_equal(shed_judge_stands_in_slot(&s.j, 0), loud);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_histogram_of_nothing_has_no_median),
      cmocka_unit_test(lines_tell_cents_between_the_bins),
      cmocka_unit_test(another_tones_lines_are_kept_out),
      cmocka_unit_test(without_a_spectrum_or_so_low_there_are_none),
      cmocka_unit_test(the_louder_lines_are_the_players),
      cmocka_unit_test(a_note_is_not_missing_while_its_lines_stand),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
