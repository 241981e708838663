#include "tests/corpus/ear.h"

#include "tests/corpus/ear_tone.h"
#include "tests/corpus/perform.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { RATE = CORPUS_EAR_RATE_HZ };

static corpus_ear_sound
made(const char *name)
{
  corpus_ear_item  item;
  corpus_ear_sound s   = {0};
  shed_error       err = {0};
  CHECK_OK(corpus_ear_find(name, &item));
  if (corpus_ear_make(&item, &s, &err) != SHED_OK) {
    fail_msg("%s: %s: %s", name, err.where, err.what);
  }
  return s;
}

// Cents between the truth and the best lag near it of a window's autocorrelation, which knows nothing of how the sound was made.
static double
off_by_autocorrelation(const corpus_ear_sound *s, int frame)
{
  double f0   = (double)s->f0_hz[frame];
  int    half = (int)(2.5 * RATE / f0);
  int    mid  = frame * CORPUS_EAR_HOP;
  double best = -2;
  double at   = 0;
  if (mid - half - RATE / 20 < 0 || mid + half + RATE / 20 > s->n) {
    return 0;
  }
  for (int cents = -90; cents <= 90; cents++) {
    double lag = RATE / (f0 * exp2(cents / 1200.0));
    double xy = 0, xx = 1e-12, yy = 1e-12;
    for (int i = mid - half; i < mid + half; i++) {
      double a  = i - lag / 2;
      double b  = i + lag / 2;
      int    ia = (int)a;
      int    ib = (int)b;
      double x  = (double)s->x[ia] + (a - ia) * ((double)s->x[ia + 1] - (double)s->x[ia]);
      double y  = (double)s->x[ib] + (b - ib) * ((double)s->x[ib + 1] - (double)s->x[ib]);
      xy += x * y;
      xx += x * x;
      yy += y * y;
    }
    double r = xy / sqrt(xx * yy);
    if (r > best) {
      best = r;
      at   = cents;
    }
  }
  return at;
}

static void
check_by_autocorrelation(const char *name, const corpus_ear_sound *s, double cents)
{
  int    tried = 0;
  int    right = 0;
  double bias  = 0;
  for (int f = 20; f + 20 < s->frames; f += 7) {
    bool steady = true;
    for (int k = -3; k <= 3; k++) {
      steady =
          steady && s->f0_hz[f + k] > 0 && fabs(1200 * log2((double)(s->f0_hz[f + k] / s->f0_hz[f]))) < 30;
    }
    if (steady) {
      double off = off_by_autocorrelation(s, f);
      tried++;
      right += fabs(off) < cents;
      bias += fabs(off) < 2 * cents ? off : 0;
    }
  }
  print_message("%s: %d of %d within %g cents, mean %.2f\n", name, right, tried, cents, bias / tried);
  assert_true(tried > 15);
  CHECK_LT(0.9 * tried, right);
  CHECK_NEAR(bias / tried, 0, 2);
}

static void
the_pitch_told_is_the_pitch_that_sounds(void **state)
{
  static const char *const names[] = {"synth_tenor_fit", "synth_bassoon_report", "synth_clarinet_fit",
                                      "synth_contrabass_report", "synth_no_first_fit"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    corpus_ear_sound s = made(names[i]);
    check_by_autocorrelation(names[i], &s, 12);
    corpus_ear_free(&s);
  }
}

// One part alone at a constant pitch: its period by zero crossings of a sine.
static void
a_steady_tone_crosses_zero_as_often_as_it_says(void **state)
{
  (void)state;
  shed_rng rng;
  shed_rng_seed(&rng, 3, 1);
  corpus_ear_player p = {.r = {.partials = 1}, .rng = &rng};
  corpus_ear_stage  s = {0};
  corpus_ear_sound  o = {0};
  corpus_ear_part  *k = corpus_ear_part_new(&s, 0.1, 1, true);
  static float      envelope[RATE / CORPUS_EAR_STEP + 2];
  for (int i = 0; i <= k->n / CORPUS_EAR_STEP; i++) {
    k->hz[i]    = 441.7F;
    envelope[i] = 1;
  }
  k->n_notes = 1;
  corpus_ear_sound_part(&p, k, envelope, 0);
  CHECK_OK(corpus_ear_mix(&s, 1.3, -6, &o));
  double first = -1;
  double last  = -1;
  int    turns = -1;
  for (int i = RATE / 5; i < RATE; i++) {
    if (o.x[i] < 0 && o.x[i + 1] >= 0) {
      last  = i + (double)(o.x[i] / (o.x[i] - o.x[i + 1]));
      first = first < 0 ? last : first;
      turns++;
    }
  }
  CHECK_NEAR(turns * RATE / (last - first), 441.7, 0.01);
  CHECK_NEAR((double)o.f0_hz[60], 441.7, 0.01);
  CHECK_NEAR((double)o.f0_hz[5], 0, 0);
  CHECK_NEAR((double)o.f0_hz[125], 0, 0);
  CHECK_NEAR(o.notes[0].onset_s, 0.1, 0.002);
  CHECK_NEAR(o.notes[0].offset_s, 1.1, 0.012);
  CHECK_NEAR(o.notes[0].f0_hz, 441.7, 0.01);
  corpus_ear_free(&o);
}

static double
energy(const corpus_ear_sound *s, double from_s, double to_s)
{
  double sum = 1e-12;
  for (int i = (int)fmax(0, from_s * RATE); i < (int)(to_s * RATE) && i < s->n; i++) {
    sum += (double)s->x[i] * (double)s->x[i];
  }
  return sum;
}

static void
notes_begin_where_energy_rises(void **state)
{
  static const char *const names[] = {"synth_trumpet_fit", "synth_guitar_report", "synth_staccato_report"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    corpus_ear_sound s     = made(names[i]);
    int              rises = 0;
    int              fresh = 0;
    for (int k = 0; k < s.n_notes; k++) {
      double t = s.notes[k].onset_s;
      if (!s.notes[k].slurred && (k == 0 || s.notes[k - 1].offset_s < t - 0.01)) {
        fresh++;
        rises += energy(&s, t, t + 0.03) > 4 * energy(&s, t - 0.03, t);
      }
      CHECK_LT(t, s.notes[k].offset_s);
    }
    print_message("%s: %d of %d\n", names[i], rises, fresh);
    assert_true(fresh > 4);
    CHECK_LT(0.95 * fresh, rises);
    corpus_ear_free(&s);
  }
}

static void
every_item_has_a_name_and_a_base_of_its_own_half(void **state)
{
  (void)state;
  size_t n     = corpus_ear_count();
  size_t of[2] = {0, 0};
  for (size_t i = 0; i < n; i++) {
    corpus_ear_item a;
    corpus_ear_item again;
    corpus_ear_item base;
    corpus_ear_at(i, &a);
    CHECK_OK(corpus_ear_find(a.name, &again));
    assert_memory_equal(&a, &again, sizeof(a));
    corpus_ear_at(a.base, &base);
    assert_int_equal(base.half, a.half);
    assert_int_equal(base.harm, CORPUS_EAR_CLEAN);
    assert_true(base.seed == a.seed);
    of[a.half]++;
    for (size_t k = 0; a.harm == CORPUS_EAR_CLEAN && k < i; k++) {
      corpus_ear_item b;
      corpus_ear_at(k, &b);
      assert_true(b.seed != a.seed);
    }
  }
  corpus_ear_item none;
  CHECK_STATUS(corpus_ear_find("synth_nobody_fit", &none), SHED_E_NOTFOUND);
  print_message("%zu items to fit, %zu to report\n", of[0], of[1]);
}

static void
the_halves_share_no_sound(void **state)
{
  (void)state;
  corpus_ear_sound a    = made("synth_guitar_fit");
  corpus_ear_sound b    = made("synth_guitar_report");
  int              same = 0;
  for (int f = 0; f < a.frames && f < b.frames; f++) {
    same += a.f0_hz[f] > 0 && a.f0_hz[f] == b.f0_hz[f];
  }
  assert_int_equal(same, 0);
  corpus_ear_free(&a);
  corpus_ear_free(&b);
}

static void
the_same_item_is_the_same_bytes(void **state)
{
  (void)state;
  corpus_ear_sound a = made("synth_soprano_fit");
  corpus_ear_sound b = made("synth_soprano_fit");
  assert_int_equal(a.n, b.n);
  assert_memory_equal(a.x, b.x, (size_t)a.n * sizeof(float));
  assert_memory_equal(a.f0_hz, b.f0_hz, (size_t)a.frames * sizeof(float));
  assert_int_equal(a.n_notes, b.n_notes);
  corpus_ear_free(&a);
  corpus_ear_free(&b);
}

static void
without_its_font_an_item_says_what_to_install(void **state)
{
  static const char *const packages[] = {"timgm6mb-soundfont", "fluid-soundfont-gm"};
  static const char *const names[]    = {"sampled_flute_fit", "sampled_flute_report"};
  char                     before[320];
  const char              *own = getenv("WOODSHED_SOUNDFONTS");
  (void)state;
  (void)snprintf(before, sizeof(before), "%s", own ? own : "");
  assert_int_equal(setenv("WOODSHED_SOUNDFONTS", "/nonexistent", 1), 0);
  for (int i = 0; i < 2; i++) {
    corpus_ear_item  item;
    corpus_ear_sound s   = {0};
    shed_error       err = {0};
    CHECK_OK(corpus_ear_find(names[i], &item));
    CHECK_STATUS(corpus_ear_make(&item, &s, &err), SHED_E_NOTFOUND);
    assert_non_null(strstr(err.what, packages[i]));
    assert_null(s.x);
  }
  assert_int_equal(own ? setenv("WOODSHED_SOUNDFONTS", before, 1) : unsetenv("WOODSHED_SOUNDFONTS"), 0);
}

// The score's pitch is the font's within a few cents: by the harmonics' energy over whole notes.
static void
sampled_notes_sound_at_the_pitch_told(void **state)
{
  static const char *const names[] = {"sampled_flute_fit", "sampled_cello_slurred_report",
                                      "sampled_alto_sax_fit", "sampled_trombone_report"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    corpus_ear_item  item;
    corpus_ear_sound s   = {0};
    shed_error       err = {0};
    CHECK_OK(corpus_ear_find(names[i], &item));
    shed_status st = corpus_ear_make(&item, &s, &err);
    if (st == SHED_E_NOTFOUND) {
      print_message("%s: skipped: %s\n", names[i], err.what);
      continue;
    }
    CHECK_OK(st);
    shed_sound wave  = {.x = s.x, .n = (size_t)s.n, .rate_hz = RATE};
    int        tried = 0;
    int        right = 0;
    for (int k = 0; k < s.n_notes; k++) {
      double midi = 69 + 12 * log2(s.notes[k].f0_hz / 440);
      double off  = corpus_pitch_cents(&wave, s.notes[k].onset_s + 0.05, s.notes[k].offset_s - 0.05, midi, 4);
      if (!isnan(off)) {
        tried++;
        right += fabs(off) < 15;
      }
    }
    print_message("%s: %d of %d notes within 15 cents\n", names[i], right, tried);
    assert_true(tried > 3);
    CHECK_LT(0.79 * tried, right);
    corpus_ear_free(&s);
  }
}

// What was put together again has the pitch that was chosen for it, by autocorrelation.
static void
resynthesis_sounds_at_the_pitch_chosen(void **state)
{
  static const char *const names[] = {"resynth_cello_report", "resynth_trumpet_fit",
                                      "resynth_singer_2_report"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    corpus_ear_item  item;
    corpus_ear_sound s   = {0};
    shed_error       err = {0};
    CHECK_OK(corpus_ear_find(names[i], &item));
    shed_status st = corpus_ear_make(&item, &s, &err);
    if (st == SHED_E_NOTFOUND) {
      print_message("%s: skipped: %s\n", names[i], err.what);
      continue;
    }
    CHECK_OK(st);
    assert_true(s.n_notes > 3);
    check_by_autocorrelation(names[i], &s, 15);
    corpus_ear_free(&s);
  }
}

static void
a_harm_keeps_the_notes_and_adds_what_it_says(void **state)
{
  (void)state;
  corpus_ear_sound clean = made("synth_trumpet_fit");
  for (int h = 1; h < CORPUS_EAR_HARMS; h++) {
    char             name[80];
    corpus_ear_item  item;
    corpus_ear_sound s   = {0};
    shed_error       err = {0};
    (void)snprintf(name, sizeof(name), "synth_trumpet_fit_%s", CORPUS_EAR_HARM_NAME[h]);
    if (h == CORPUS_EAR_LIVE || corpus_ear_find(name, &item) != SHED_OK) {
      continue;
    }
    shed_status st = corpus_ear_make(&item, &s, &err);
    if (st == SHED_E_NOTFOUND) {
      print_message("%s: skipped: %s\n", name, err.what);
      continue;
    }
    CHECK_OK(st);
    assert_int_equal(s.n, clean.n);
    assert_int_equal(s.n_notes, clean.n_notes);
    assert_memory_equal(s.notes, clean.notes, (size_t)s.n_notes * sizeof(*s.notes));
    for (int f = 0; f < s.frames; f++) {
      assert_true(s.f0_hz[f] == clean.f0_hz[f] || (s.f0_hz[f] < 0 && clean.f0_hz[f] == 0));
    }
    // by projection: what of it is the clean sound, and how much else there is
    double xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < s.n; i++) {
      xx += (double)clean.x[i] * (double)clean.x[i];
      xy += (double)clean.x[i] * (double)s.x[i];
      yy += (double)s.x[i] * (double)s.x[i];
    }
    double snr_db = 10 * log10(xy * xy / xx / (yy - xy * xy / xx));
    print_message("%s: the item is %.1f dB over the rest\n", name, snr_db);
    assert_true(isfinite(snr_db) && snr_db > -12 && snr_db < 40);
    if (h <= CORPUS_EAR_PINK05) { // the noise sounds in the rests, too
      CHECK_NEAR(snr_db, h == CORPUS_EAR_PINK05 ? 5 : 10, 2.5);
    }
    assert_true((h == CORPUS_EAR_CLICK) == (s.click_period_s > 0));
    corpus_ear_free(&s);
  }
  corpus_ear_free(&clean);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_steady_tone_crosses_zero_as_often_as_it_says),
      cmocka_unit_test(the_pitch_told_is_the_pitch_that_sounds),
      cmocka_unit_test(notes_begin_where_energy_rises),
      cmocka_unit_test(every_item_has_a_name_and_a_base_of_its_own_half),
      cmocka_unit_test(the_halves_share_no_sound),
      cmocka_unit_test(the_same_item_is_the_same_bytes),
      cmocka_unit_test(without_its_font_an_item_says_what_to_install),
      cmocka_unit_test(sampled_notes_sound_at_the_pitch_told),
      cmocka_unit_test(resynthesis_sounds_at_the_pitch_chosen),
      cmocka_unit_test(a_harm_keeps_the_notes_and_adds_what_it_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
