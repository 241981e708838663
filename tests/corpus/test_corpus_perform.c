#include "tests/corpus/perform.h"

#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 22050 };
static const corpus_human MACHINE = {0};

static corpus_performance *
played(const char *tune, const corpus_human *human, const char *const *mistakes, size_t n, uint64_t seed)
{
  static corpus_performance p;
  corpus_tune               t;
  corpus_mistake            m[8];
  shed_error                err = {0};
  CHECK_OK(corpus_tune_find(tune, &t));
  for (size_t i = 0; i < n; i++) {
    CHECK_OK(corpus_mistake_parse(mistakes[i], &m[i], NULL));
  }
  if (corpus_perform(&t, 120, 0.5, human, m, n, seed, &p, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return &p;
}

static void
every_tune_fills_its_bars(void **state)
{
  (void)state;
  for (size_t i = 0; i < corpus_tune_count(); i++) {
    corpus_tune t    = corpus_tune_at(i);
    shed_beat   bar  = shed_beat_of(4 * t.beats, t.beat_type);
    shed_beat   bars = shed_beat_div(t.length, bar);
    if (bars.den != 1) {
      fail_msg("%s is %lld/%lld bars long", t.id, (long long)bars.num, (long long)bars.den);
    }
    for (size_t k = 0; k < t.n; k++) { // no note crosses a barline
      shed_beat from = shed_beat_sub(t.notes[k].onset, t.pickup);
      shed_beat to   = shed_beat_add(from, t.notes[k].duration);
      double    a    = floor(shed_beat_quarters(shed_beat_div(from, bar)) + 1e-9);
      double    b    = ceil(shed_beat_quarters(shed_beat_div(to, bar)) - 1e-9);
      if (b - a > 1) {
        fail_msg("%s: note %zu crosses a barline", t.id, k);
      }
    }
  }
}

static void
a_machine_plays_as_written(void **state)
{
  const corpus_performance *p = played("greensleeves", &MACHINE, NULL, 0, 1);
  (void)state;
  assert_int_equal(p->n, p->tune.n);
  for (size_t i = 0; i < p->n; i++) {
    CHECK_NEAR(p->played[i].onset_s, 0.5 + shed_beat_quarters(p->tune.notes[i].onset) * 0.5, 1e-9);
    CHECK_NEAR(p->truth[i].steady_s, p->played[i].onset_s, 1e-9);
    CHECK_NEAR(p->played[i].cents, 0, 0);
    assert_int_equal(p->truth[i].sound, (int)i);
  }
}

static void
chance_has_the_size_asked_for(void **state)
{
  corpus_human human  = {.timing_sd_ms = 20, .cents_sd = 10, .tuning_cents = 15};
  double       ms     = 0;
  double       ms2    = 0;
  double       cents  = 0;
  double       cents2 = 0;
  double       n      = 0;
  (void)state;
  for (uint64_t seed = 0; seed < 40; seed++) {
    const corpus_performance *p = played("ode", &human, NULL, 0, seed);
    for (size_t i = 0; i < p->n; i++, n++) {
      ms += p->played[i].shift_ms;
      ms2 += p->played[i].shift_ms * p->played[i].shift_ms;
      cents += p->played[i].cents;
      cents2 += (p->played[i].cents - 15) * (p->played[i].cents - 15);
    }
  }
  print_message("%.0f notes: timing %.2f sd %.2f ms, cents %.2f sd %.2f\n", n, ms / n, sqrt(ms2 / n),
                cents / n, sqrt(cents2 / n));
  CHECK_NEAR(ms / n, 0, 1.5);
  CHECK_NEAR(sqrt(ms2 / n), 20, 1.5);
  CHECK_NEAR(cents / n, 15, 1);
  CHECK_NEAR(sqrt(cents2 / n), 10, 1);
}

static void
tempo_drifts_as_asked(void **state)
{
  corpus_human              human = {.tempo_drift = 0.2};
  const corpus_performance *p     = played("twinkle", &human, NULL, 0, 1);
  size_t                    last  = p->tune.n - 2;
  (void)state;
  CHECK_NEAR(p->played[1].onset_s - p->played[0].onset_s, 0.5, 1e-3);
  CHECK_NEAR(p->played[last].onset_s - p->played[last - 1].onset_s, 0.5 / 1.2, 0.005);
}

static void
mistakes_stand_where_the_truth_says(void **state)
{
  static const char *const  mistakes[] = {"wrong@2:3",   "missed@5",    "extra@8:-2", "early@10:100",
                                          "late@14:110", "sharp@17:50", "flat@20:45", "hesitation@25:1.5"};
  const corpus_performance *p          = played("ode", &MACHINE, mistakes, SHED_COUNTOF(mistakes), 1);
  const corpus_truth       *t          = p->truth;
  (void)state;
  assert_int_equal(p->n, p->tune.n); // one left out, one too many
  assert_int_equal(p->played[t[2].sound].midi, p->tune.notes[2].midi + 3);
  assert_false(t[5].played);
  assert_int_equal(t[5].sound, -1);
  CHECK_NEAR(t[5].steady_s, 0.5 + 5 * 0.5, 1e-9);
  const corpus_played *extra = &p->played[t[8].sound + 1];
  assert_int_equal(extra->index, -1);
  assert_int_equal(extra->midi, p->tune.notes[8].midi - 2);
  CHECK_NEAR(extra->onset_s - p->played[t[8].sound].onset_s, 0.25, 1e-9);
  CHECK_NEAR(p->played[t[10].sound].shift_ms, -100, 1e-6);
  CHECK_NEAR(p->played[t[14].sound].shift_ms, 110, 1e-6);
  CHECK_NEAR(t[11].steady_s - t[10].steady_s, 0.5, 1e-9); // the others stay
  CHECK_NEAR(p->played[t[17].sound].cents, 50, 1e-9);
  CHECK_NEAR(p->played[t[20].sound].cents, -45, 1e-9);
  CHECK_NEAR(t[25].steady_s - t[24].steady_s, 0.5 * shed_beat_quarters(p->tune.notes[24].duration) + 1.5,
             1e-9);
}

static void
a_restart_comes_back_and_mends(void **state)
{
  static const char *const  mistakes[] = {"wrong@6:1", "restart@7>4:2"};
  const corpus_performance *p          = played("ode", &MACHINE, mistakes, 2, 1);
  (void)state;
  assert_int_equal(p->n, p->tune.n + 4);
  assert_int_equal(p->played[6].midi, p->tune.notes[6].midi + 1);
  assert_int_equal(p->played[8].index, 4);
  assert_int_equal(p->played[8].attempt, 1);
  CHECK_NEAR(p->played[8].onset_s - p->played[7].onset_s, 0.5 + 2, 1e-9);
  assert_int_equal(p->truth[6].sound, 10);
  assert_int_equal(p->played[10].midi, p->tune.notes[6].midi);
}

static void
a_skip_and_an_early_stop_leave_out(void **state)
{
  static const char *const  mistakes[] = {"skip@3>9", "early_stop@20"};
  const corpus_performance *p          = played("ode", &MACHINE, mistakes, 2, 1);
  (void)state;
  for (int i = 0; i < (int)p->tune.n; i++) {
    assert_int_equal(p->truth[i].played, !((i > 3 && i < 9) || i > 20));
    assert_int_equal(isnan(p->truth[i].steady_s) != 0, (i > 3 && i < 9) || i > 20);
  }
  CHECK_NEAR(p->truth[9].steady_s - p->truth[3].steady_s, 0.5, 1e-9);
}

static void
impossible_mistakes_are_refused(void **state)
{
  static const char *const  rows[]  = {"wrong@99:1", "restart@3>5:1", "skip@3>4", "missed@62"};
  static const char *const  texts[] = {"wrong@3", "wrong:3",    "worng@3:1", "restart@3:1",
                                       "skip@1",  "missed@2:1", "missed"};
  static corpus_performance p;
  corpus_tune               t;
  corpus_mistake            m[2];
  shed_error                err;
  (void)state;
  CHECK_OK(corpus_tune_find("ode", &t));
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    CHECK_OK(corpus_mistake_parse(rows[i], &m[0], NULL));
    CHECK_STATUS(corpus_perform(&t, 120, 0, &MACHINE, m, 1, 1, &p, &err), SHED_E_RANGE);
  }
  CHECK_OK(corpus_mistake_parse("early_stop@10", &m[0], NULL)); // hides the other
  CHECK_OK(corpus_mistake_parse("wrong@12:1", &m[1], NULL));
  CHECK_STATUS(corpus_perform(&t, 120, 0, &MACHINE, m, 2, 1, &p, &err), SHED_E_RANGE);
  assert_non_null(strstr(err.what, "never happens"));
  CHECK_OK(corpus_tune_find("clap_simple", &t));
  CHECK_STATUS(corpus_perform(&t, 120, 0, &MACHINE, m + 1, 1, 1, &p, &err), SHED_E_RANGE);
  for (size_t i = 0; i < SHED_COUNTOF(texts); i++) {
    CHECK_STATUS(corpus_mistake_parse(texts[i], &m[0], &err), SHED_E_FORMAT);
  }
}

// Energy at the truth's pitch must be far above that of its neighbours, a quarter-tone away: in both kinds of sound.
static double
power_at(const shed_sound *s, double from_s, double to_s, double midi)
{
  double sum  = 0;
  size_t from = (size_t)(from_s * s->rate_hz);
  size_t to   = (size_t)(to_s * s->rate_hz);
  for (int h = 1; h <= 3; h++) {
    double hz = h * 440 * exp2((midi - 69) / 12);
    double re = 0;
    double im = 0;
    for (size_t i = from; i < to && i < s->n; i++) {
      double w = 2 * 3.14159265358979 * hz * (double)i / s->rate_hz;
      double g = 1 - cos(2 * 3.14159265358979 * (double)(i - from) / (double)(to - from));
      re += g * (double)s->x[i] * cos(w);
      im += g * (double)s->x[i] * sin(w);
    }
    sum += re * re + im * im;
  }
  return sum;
}

static void
what_sounds_is_what_the_truth_says(void **state)
{
  static const char *const names[]    = {"flute", "clarinet", "trumpet", "violin", "piano", "soprano"};
  static const char *const mistakes[] = {"wrong@3:2", "missed@6", "sharp@8:60"};
  (void)state;
  for (size_t i = 0; i < 2 * SHED_COUNTOF(names); i++) {
    const corpus_instrument *ins = corpus_instrument_find(names[i / 2]);
    shed_sound               s   = {0};
    size_t                   bad = 0;
    assert_non_null(ins);
    const corpus_performance *p = played("mary", &MACHINE, mistakes, 3, 1);
    static corpus_performance moved;
    corpus_tune               tune = corpus_tune_fitted(&p->tune, ins->low, ins->high);
    CHECK_OK(corpus_perform(&tune, 90, 0.5, &MACHINE, p->mistakes, 3, 1, &moved, NULL));
    if (i % 2) {
      CHECK_OK(corpus_render_exact(&moved, ins, RATE, 1, NULL, &s));
    } else {
      CHECK_OK(corpus_render(&moved, ins, RATE, NULL, &s, NULL));
    }
    for (size_t k = 0; k < moved.n; k++) {
      const corpus_played *note = &moved.played[k];
      double               a    = note->onset_s + 0.15;
      double               b    = note->onset_s + fmin(note->duration_s, 0.55);
      double               midi = note->midi + note->cents / 100;
      double               at   = power_at(&s, a, b, midi);
      bad += at < 2 * power_at(&s, a, b, midi + 0.6) || at < 2 * power_at(&s, a, b, midi - 0.6);
    }
    if (bad) {
      fail_msg("%s, %s: %zu of %zu notes do not sound where the truth says", names[i / 2],
               i % 2 ? "exact" : "sampled", bad, moved.n);
    }
    shed_sound_free(&s);
  }
}

// The font's own mistuning is off: horn D4 by itself lies 9 cents low, flute E4 13 high.
static void
sampled_notes_have_the_truths_cents(void **state)
{
  static const struct {
    const char *id;
    int         midi;
  } rows[] = {{"horn", 62},    {"flute", 64}, {"flute", 73}, {"alto_sax", 60},
              {"trumpet", 79}, {"cello", 50}, {"piano", 60}};
  static corpus_performance p;
  static corpus_tune        t;
  const corpus_human        human = {.tuning_cents = 7};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_sounding_note note = {.pitched = true, .midi = rows[i].midi, .duration_s = 1.2};
    shed_line          line = {.notes = &note, .n_notes = 1};
    shed_sound         s    = {0};
    CHECK_OK(corpus_tune_of_line(&line, 60, &t, NULL));
    CHECK_OK(corpus_perform(&t, 60, 0, &human, NULL, 0, 1, &p, NULL));
    CHECK_OK(corpus_render(&p, corpus_instrument_find(rows[i].id), 44100, NULL, &s, NULL));
    double cents = corpus_pitch_cents(&s, 0.15, 1.05, rows[i].midi, 4);
    print_message("%s %d: %.2f cents, the truth is 7\n", rows[i].id, rows[i].midi, cents);
    CHECK_NEAR(cents, 7, 2);
    shed_sound_free(&s);
  }
}

static void
tunes_move_into_an_instruments_range(void **state)
{
  (void)state;
  for (size_t i = 0; i < corpus_instrument_count(); i++) {
    const corpus_instrument *ins = corpus_instrument_at(i);
    corpus_tune              ode;
    CHECK_OK(corpus_tune_find("ode", &ode));
    corpus_tune t = corpus_tune_fitted(&ode, ins->low, ins->high);
    for (size_t k = 0; k < t.n; k++) {
      if (t.notes[k].midi < ins->low || t.notes[k].midi > ins->high) {
        fail_msg("%s: note %zu is midi %d", ins->id, k, t.notes[k].midi);
      }
      assert_int_equal(shed_pitch_midi(t.notes[k].pitch), t.notes[k].midi);
      assert_int_equal((t.notes[k].midi - ode.notes[k].midi) % 12, 0);
    }
  }
}

static void
keys_follow_a_transposition(void **state)
{
  static const int fifths[12] = {0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5};
  corpus_tune      ode;
  (void)state;
  CHECK_OK(corpus_tune_find("ode", &ode));
  for (int up = 0; up < 12; up++) {
    corpus_tune t = corpus_tune_transposed(&ode, up);
    assert_int_equal(t.fifths, fifths[up]);
    assert_int_equal(t.notes[0].midi, 64 + up);
  }
}

static void
made_melodies_stay_in_range_and_repeat(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 50; seed++) {
    corpus_tune a = corpus_tune_random(seed, 40, 60, 74);
    corpus_tune b = corpus_tune_random(seed, 40, 60, 74);
    assert_int_equal(a.n, 40);
    assert_memory_equal(a.notes, b.notes, a.n * sizeof(a.notes[0]));
    for (size_t k = 0; k < a.n; k++) {
      assert_in_range(a.notes[k].midi, 60, 74);
    }
    assert_int_equal(shed_beat_div(a.length, shed_beat_of(4, 1)).den, 1);
  }
}

static void
the_line_is_the_tune(void **state)
{
  corpus_tune t;
  shed_line   line = {0};
  (void)state;
  CHECK_OK(corpus_tune_find("grace", &t));
  CHECK_OK(corpus_tune_line(&t, 60, NULL, &line));
  assert_int_equal(line.n_notes, t.n);
  assert_true(line.measures[0].pickup);
  assert_string_equal(line.notes[0].measure, "0");
  CHECK_NEAR(line.notes[0].beat, 3, 1e-9); // a pickup of one beat in three
  assert_string_equal(line.notes[1].measure, "1");
  CHECK_NEAR(line.notes[1].beat, 1, 1e-9);
  CHECK_NEAR(line.notes[1].onset_s, 1, 1e-9);
  assert_string_equal(line.notes[t.n - 1].measure, "15");
  corpus_line_free(&line);
}

static void
abc_says_every_note(void **state)
{
  corpus_tune t;
  shed_str    s = {0};
  (void)state;
  CHECK_OK(corpus_tune_find("grace", &t));
  corpus_tune_abc(&t, 90, &s);
  assert_non_null(
      strstr(shed_str_text(&s), "M:3/4\nL:1/4\nQ:1/4=90\nK:G\n =D1 | =G2 =B1/2 =G1/2 | =B2 =A1 |"));
  assert_non_null(strstr(shed_str_text(&s), "=d3 | z2 =B1 |"));
  shed_str_free(&s);
}

static void
a_pitch_sinks_evenly_and_a_held_note_with_it(void **state)
{
  corpus_human              human = {.sink_cents = 60};
  const corpus_performance *p     = played("ode", &human, NULL, 0, 1);
  double                    whole = shed_beat_quarters(p->tune.length);
  (void)state;
  for (size_t i = 0; i < p->n; i++) {
    double at = shed_beat_quarters(p->tune.notes[i].onset) / whole;
    double to = shed_beat_quarters(p->tune.notes[i].duration) * 0.92 / whole;
    CHECK_NEAR(p->played[i].cents, -60 * at, 1e-9);
    CHECK_NEAR(p->played[i].sink_cents, 60 * to, 1e-9);
  }
}

static void
a_held_note_sounds_under_the_others(void **state)
{
  static corpus_performance p;
  corpus_tune               t;
  (void)state;
  CHECK_OK(corpus_tune_find("ode", &t));
  t.notes[0].duration = shed_beat_of(4, 1);
  CHECK_OK(corpus_perform(&t, 120, 0.5, &MACHINE, NULL, 0, 1, &p, NULL));
  CHECK_NEAR(p.played[0].duration_s, 4 * 0.5 * 0.92, 1e-9);
  CHECK_NEAR(p.played[1].duration_s, 0.5 * 0.92, 1e-9);
}

static void
squeaks_and_breaths_are_added_where_the_notes_are(void **state)
{
  const corpus_performance *p    = played("ode", &MACHINE, NULL, 0, 1);
  shed_sound                s    = {0};
  float                    *dry  = NULL;
  double                    most = 0;
  (void)state;
  CHECK_OK(corpus_render_exact(p, corpus_instrument_find("trumpet"), RATE, 1, NULL, &s));
  dry = malloc(s.n * sizeof(float));
  assert_non_null(dry);
  memcpy(dry, s.x, s.n * sizeof(float));
  CHECK_OK(corpus_add_squeaks(p, 0, 3, &s));
  assert_memory_equal(dry, s.x, s.n * sizeof(float));
  CHECK_OK(corpus_add_squeaks(p, 1, 3, &s));
  for (size_t i = 0; i < s.n; i++) { // nothing is added in the later half of a quarter
    double at   = (double)i / RATE - 0.5;
    double into = at - floor(at / 0.5) * 0.5;
    most = at > 0 && at < 4 && into > 0.25 && into < 0.4 ? fmax(most, fabs((double)(s.x[i] - dry[i]))) : most;
  }
  CHECK_NEAR(most, 0, 1e-6);
  assert_memory_not_equal(dry, s.x, s.n * sizeof(float));
  memcpy(s.x, dry, s.n * sizeof(float));
  corpus_add_breaths(p, 1, 3, &s); // gaps of 40 ms hold no breath
  assert_memory_equal(dry, s.x, RATE * sizeof(float));
  free(dry);
  shed_sound_free(&s);
}

static void
the_truth_reads_as_json(void **state)
{
  static const char *const mistakes[] = {"missed@1", "extra@3:2"};
  shed_json               *o          = corpus_truth_json(played("ode", &MACHINE, mistakes, 2, 1));
  const shed_json         *notes      = shed_json_get(o, "notes");
  (void)state;
  assert_int_equal(shed_json_size(notes), 62);
  assert_true(shed_json_is_null(shed_json_get(shed_json_at(notes, 1), "onset_s")));
  CHECK_NEAR(shed_json_number(shed_json_get(shed_json_at(notes, 2), "onset_s"), 0), 1.5, 1e-9);
  assert_int_equal(shed_json_size(shed_json_get(o, "mistakes")), 2);
  assert_int_equal(shed_json_size(shed_json_get(o, "sounds")), 62);
  shed_json_free(o);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_tune_fills_its_bars),
      cmocka_unit_test(a_machine_plays_as_written),
      cmocka_unit_test(chance_has_the_size_asked_for),
      cmocka_unit_test(tempo_drifts_as_asked),
      cmocka_unit_test(mistakes_stand_where_the_truth_says),
      cmocka_unit_test(a_restart_comes_back_and_mends),
      cmocka_unit_test(a_skip_and_an_early_stop_leave_out),
      cmocka_unit_test(impossible_mistakes_are_refused),
      cmocka_unit_test(what_sounds_is_what_the_truth_says),
      cmocka_unit_test(sampled_notes_have_the_truths_cents),
      cmocka_unit_test(tunes_move_into_an_instruments_range),
      cmocka_unit_test(keys_follow_a_transposition),
      cmocka_unit_test(made_melodies_stay_in_range_and_repeat),
      cmocka_unit_test(the_line_is_the_tune),
      cmocka_unit_test(abc_says_every_note),
      cmocka_unit_test(a_pitch_sinks_evenly_and_a_held_note_with_it),
      cmocka_unit_test(a_held_note_sounds_under_the_others),
      cmocka_unit_test(squeaks_and_breaths_are_added_where_the_notes_are),
      cmocka_unit_test(the_truth_reads_as_json),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
