// Lists of notes against a melody: which row is which note, worked out by hand.
#include "assessors/assessor.h"
#include "engine/take/given.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"

// Sixteen quarters of half a second.
static const char TUNE[] =
    "C4:1 E4:1 G4:1 E4:1 | D4:1 F4:1 A4:1 F4:1 | B3:1 D4:1 G4:1 F4:1 | E4:1 D4:1 B3:1 C4:1";
static const int MIDI[] = {60, 64, 67, 64, 62, 65, 69, 65, 59, 62, 67, 65, 64, 62, 59, 60};
enum { NOTES = 16, NONE = -1, ROWS = 40 };

typedef struct {
  int    note; ///< what it is an attempt at; NONE an extra
  double at_s;
  double pitch; ///< with its cents
} played;

// A keyboard's, or with cents somebody's who may bend notes.
static shed_take
list_of(const played *rows, size_t n, bool cents)
{
  char       text[4096];
  shed_take  take = {0};
  shed_error err  = {0};
  int        used =
      snprintf(text, sizeof(text), cents ? "onset_s,offset_s,midi,cents\n" : "onset_s,offset_s,midi\n");
  for (size_t i = 0; i < n; i++) {
    double to = rows[i].at_s + .48;
    to        = i + 1 < n && rows[i + 1].at_s < to ? rows[i + 1].at_s : to;
    used += snprintf(text + used, sizeof(text) - (size_t)used,
                     cents ? "%.3f,%.3f,%.0f,%.1f\n" : "%.3f,%.3f,%.0f\n", rows[i].at_s, to,
                     floor(rows[i].pitch), (rows[i].pitch - floor(rows[i].pitch)) * 100);
  }
  if (shed_given_parse(text, (size_t)used, "a.notes.csv", NULL, &take, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return take;
}

static shed_status
judged(const shed_take *take, bool sung, const shed_alloc *alloc, shed_verdict *v)
{
  shed_policy policy;
  shed_prompt p = {.id            = "tune",
                   .a4_hz         = 440,
                   .click_start_s = (double)NAN,
                   .sung          = sung,
                   .fixed_pitch   = !sung,
                   .key           = sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN,
                   .octave        = sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN,
                   .line          = line_of(TUNE, 120, 4, 4)};
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  shed_status st = shed_assessor_find("melody")->judge(&p, take, &policy, alloc, v, NULL);
  line_free(&p.line);
  return st;
}

// As it stands, and then changed by the test.
static size_t
plain(played rows[ROWS])
{
  for (int i = 0; i < NOTES; i++) {
    rows[i] = (played){i, 1 + .5 * i, MIDI[i]};
  }
  return NOTES;
}

static size_t
without(played *rows, size_t n, size_t from, size_t count)
{
  memmove(&rows[from], &rows[from + count], (n - from - count) * sizeof(*rows));
  return n - count;
}

// Each note is found in the last row that is an attempt at it, and nowhere else.
static void
check_pairs(const shed_verdict *v, const played *rows, size_t n)
{
  for (int i = 0; i < NOTES; i++) {
    int row = NONE;
    for (size_t k = 0; k < n; k++) {
      row = rows[k].note == i ? (int)k : row;
    }
    if (v->notes[i].take_index != row) {
      fail_msg("note %d is said to be row %d, it is row %d", i, v->notes[i].take_index, row);
    }
  }
}

static shed_verdict
check(const played *rows, size_t n, bool sung)
{
  shed_take    take = list_of(rows, n, sung);
  shed_verdict v    = {0};
  CHECK_OK(judged(&take, sung, NULL, &v));
  check_pairs(&v, rows, n);
  shed_take_free(&take);
  return v;
}

static void
a_list_as_written_is_paired_row_by_row(void **state)
{
  played       rows[ROWS];
  shed_verdict v = check(rows, plain(rows), false);
  (void)state;
  CHECK_NEAR(v.score, 1, 1e-9);
  assert_int_equal(v.n_extras + v.n_restarts + v.n_hesitations + v.n_incidents, 0);
  shed_verdict_free(&v);
}

static void
a_wrong_an_extra_and_a_missing_note_cost_one_note_each(void **state)
{
  played rows[ROWS];
  size_t n = plain(rows);
  (void)state;
  rows[5].pitch = 66;
  n             = without(rows, n, 12, 1);
  memmove(&rows[9], &rows[8], (n - 8) * sizeof(*rows));
  rows[8]        = (played){NONE, 4.8, 61};
  shed_verdict v = check(rows, n + 1, false);
  assert_int_equal(v.notes[5].pitch, SHED_PITCH_WRONG);
  assert_int_equal(v.notes[12].pitch, SHED_PITCH_MISSED);
  assert_int_equal(v.n_extras, 1);
  assert_int_equal(v.extras[0].take_index, 8);
  assert_int_equal(v.n_restarts + v.n_incidents, 0);
  shed_verdict_free(&v);
}

static void
a_skip_with_the_time_closed_up_keeps_the_notes_behind_it(void **state)
{
  played rows[ROWS];
  size_t n = plain(rows);
  (void)state;
  n = without(rows, n, 3, 5);
  for (size_t i = 3; i < n; i++) {
    rows[i].at_s -= 2.5;
  }
  shed_verdict v = check(rows, n, false);
  assert_int_equal(v.n_incidents, 1);
  assert_string_equal(v.incidents[0].kind, "skip");
  shed_verdict_free(&v);
}

static void
of_two_attempts_the_last_is_the_note(void **state)
{
  played rows[ROWS];
  (void)state;
  size_t n = 0;
  for (int i = 0; i < 8; i++) {
    rows[n++] = (played){i, 1 + .5 * i, MIDI[i]};
  }
  for (int i = 4; i < NOTES; i++) {
    rows[n++] = (played){i, 5.6 + .5 * (i - 4), MIDI[i]};
  }
  shed_verdict v = check(rows, n, false);
  assert_int_equal(v.n_restarts, 1);
  assert_int_equal(v.restarts[0].from_index, 7);
  assert_int_equal(v.restarts[0].to_index, 4);
  assert_int_equal(v.n_extras, 0);
  shed_verdict_free(&v);
}

// A voice a fifth down, that goes on two semitones lower from the second half.
static void
a_voice_may_leave_its_key(void **state)
{
  played rows[ROWS];
  size_t n = plain(rows);
  (void)state;
  for (size_t i = 0; i < n; i++) {
    rows[i].pitch += -7.2 - (i >= 8 ? 2 : 0) + (i % 2 ? .15 : -.15);
  }
  shed_verdict v = check(rows, n, true);
  shed_verdict_free(&v);
}

// A trumpet that reads a part in C: each note is wrong as it is written, and is found all the same.
static void
another_key_than_the_written_one_is_found_and_named(void **state)
{
  played rows[ROWS];
  size_t n = plain(rows);
  (void)state;
  for (size_t i = 0; i < n; i++) {
    rows[i].pitch -= 2;
  }
  shed_verdict v = check(rows, n, false);
  for (size_t i = 0; i < n; i++) {
    assert_int_equal(v.notes[i].pitch, SHED_PITCH_WRONG);
    CHECK_NEAR(v.notes[i].cents, -200, 1e-9);
  }
  bool told = false;
  for (int i = 0; i < v.n_warnings; i++) {
    told = told || v.warnings[i].code == SHED_MSG_judge_other_key;
  }
  assert_true(told);
  shed_verdict_free(&v);
}

static void
every_allocation_may_fail(void **state)
{
  played    rows[ROWS];
  shed_take take = list_of(rows, plain(rows), true);
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_verdict v = {0};
    sweep_status   = judged(&take, true, &a.alloc, &v);
    shed_verdict_free(&v);
  });
  shed_take_free(&take);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_list_as_written_is_paired_row_by_row),
      cmocka_unit_test(a_wrong_an_extra_and_a_missing_note_cost_one_note_each),
      cmocka_unit_test(a_skip_with_the_time_closed_up_keeps_the_notes_behind_it),
      cmocka_unit_test(of_two_attempts_the_last_is_the_note),
      cmocka_unit_test(a_voice_may_leave_its_key),
      cmocka_unit_test(another_key_than_the_written_one_is_found_and_named),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
