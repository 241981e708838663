// What is played on a keyboard becomes a file, and the file a take: each key of each chord at its own moment.
#include "engine/take/keys.h"

#include "engine/base/rng.h"
#include "engine/take/given.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

static shed_take
take_of(shed_keys *k, double end_s)
{
  unsigned char *data = NULL;
  size_t         n    = 0;
  shed_take      take = {0};
  shed_error     err  = {0};
  CHECK_OK(shed_keys_finish(k, end_s, &data, &n));
  if (shed_given_parse(data, n, "keys.mid", NULL, &take, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  assert_int_equal(take.n_warnings, 0); // nothing had to be mended
  free(data);
  return take;
}

static shed_keys *
new_keys(void)
{
  shed_keys *k = NULL;
  CHECK_OK(shed_keys_new(&k, NULL));
  return k;
}

static void
chords_come_through_whole(void **state)
{
  (void)state;
  shed_keys    *k       = new_keys();
  const uint8_t chord[] = {60, 64, 67, 72};
  double        at[3]   = {0.5, 1.25, 2.0};
  for (int c = 0; c < 3; c++) {
    for (int i = 0; i < 4; i++) { // fingers come a few milliseconds apart
      CHECK_OK(shed_keys_push(k, at[c] + 0.003 * i, 0x90, (uint8_t)(chord[i] + c), 80));
    }
    assert_int_equal(shed_keys_down(k), 4);
    for (int i = 0; i < 4; i++) {
      CHECK_OK(shed_keys_push(k, at[c] + 0.6, i % 2 ? 0x80 : 0x90, (uint8_t)(chord[i] + c),
                              0)); // off in both ways
    }
    assert_int_equal(shed_keys_down(k), 0);
  }
  assert_int_equal(shed_keys_struck(k), 12);
  shed_take take = take_of(k, 3.0);
  assert_int_equal(take.kind, SHED_TAKE_MIDI);
  assert_int_equal(take.n_notes, 12);
  for (size_t n = 0; n < 12; n++) {
    size_t c = n / 4, i = n % 4;
    assert_int_equal(take.notes[n].midi, chord[i] + c);
    CHECK_NEAR((double)take.notes[n].onset_s, at[c] + 0.003 * (double)i, 3e-5);
    CHECK_NEAR((double)take.notes[n].offset_s, at[c] + 0.6, 3e-5);
  }
  shed_take_free(&take);
  shed_keys_free(k);
}

static void
what_keyboards_do_is_borne(void **state)
{
  (void)state;
  shed_keys *k = new_keys();
  CHECK_OK(shed_keys_push(k, -0.2, 0x90, 50, 80)); // struck before the take began
  CHECK_OK(shed_keys_push(k, 0.1, 0x80, 50, 0));
  CHECK_OK(shed_keys_push(k, 0.2, 0x90, 60, 80));
  CHECK_OK(shed_keys_push(k, 0.4, 0x90, 60, 80)); // struck again while down
  CHECK_OK(shed_keys_push(k, 0.3, 0x91, 62, 80)); // a little late: as at the last
  CHECK_OK(shed_keys_push(k, 0.5, 0xB0, 64, 127));
  CHECK_OK(shed_keys_push(k, 0.5, 0xE0, 1, 2)); // bender, pressure, program: nothing of ours
  CHECK_OK(shed_keys_push(k, 0.5, 0xA0, 1, 2));
  CHECK_OK(shed_keys_push(k, 0.5, 0xFE, 0, 0));
  CHECK_OK(shed_keys_push(k, 0.6, 0xB0, 123, 0)); // all notes off, of channel 0
  assert_int_equal(shed_keys_down(k), 1);
  CHECK_OK(shed_keys_lost(k, 0.7));
  assert_int_equal(shed_keys_down(k), 0);
  CHECK_OK(shed_keys_push(k, 6000.0, 0x90, 65, 1)); // after a pause that the file's numbers do not hold
  CHECK_STATUS(shed_keys_push(k, (double)NAN, 0x90, 60, 80), SHED_E_RANGE);
  CHECK_STATUS(shed_keys_push(k, 1.0, 0x90, 128, 80), SHED_E_RANGE);
  CHECK_STATUS(shed_keys_push(k, 20000.0, 0x90, 60, 80), SHED_E_LIMIT);
  shed_take take = take_of(k, 6001.0); // the last is still down
  assert_int_equal(take.n_notes, 4);
  const struct {
    int    midi;
    double on, off;
  } want[] = {{60, 0.2, 0.4}, {60, 0.4, 0.6}, {62, 0.4, 0.7}, {65, 6000, 6001}};
  for (int i = 0; i < 4; i++) {
    assert_int_equal(take.notes[i].midi, want[i].midi);
    CHECK_NEAR((double)take.notes[i].onset_s, want[i].on, 5e-4);
    CHECK_NEAR((double)take.notes[i].offset_s, want[i].off, 5e-4);
  }
  unsigned char *data;
  size_t         n;
  CHECK_STATUS(shed_keys_finish(k, 6002, &data, &n), SHED_E_STATE);
  CHECK_STATUS(shed_keys_push(k, 6002, 0x90, 60, 80), SHED_E_STATE);
  shed_take_free(&take);
  shed_keys_free(k);
  shed_keys_free(NULL);
}

// Whatever comes, in whatever order: the file is read without a warning, and holds what was struck.
static void
any_messages_make_a_file_that_can_be_read(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 40; seed++) {
    shed_keys *k = new_keys();
    shed_rng   rng;
    double     t = 0.001; // an empty file is not a take
    shed_rng_seed(&rng, seed, 2);
    CHECK_OK(shed_keys_push(k, t, 0x90, 60, 1));
    for (int i = 0; i < 500; i++) {
      t += shed_rng_unit(&rng) < 0.3 ? 0 : 0.1 * shed_rng_unit(&rng) - 0.01;
      CHECK_OK(shed_keys_push(k, t, (uint8_t)(0x80 + shed_rng_below(&rng, 0x70)),
                              (uint8_t)shed_rng_below(&rng, 128), (uint8_t)shed_rng_below(&rng, 128)));
    }
    size_t    struck = shed_keys_struck(k);
    shed_take take   = take_of(k, t + 1);
    assert_true(take.n_notes <= struck &&
                take.n_notes + 20 > struck); // of no length at all are left out by the reader
    shed_take_free(&take);
    shed_keys_free(k);
  }
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_keys     *k    = NULL;
    unsigned char *data = NULL;
    size_t         n    = 0;
    sweep_status        = shed_keys_new(&k, &a.alloc);
    for (int i = 0; i < 2000 && sweep_status == SHED_OK; i++) {
      sweep_status = shed_keys_push(k, 0.01 * i, 0x90, 60, 80);
    }
    sweep_status = sweep_status == SHED_OK ? shed_keys_finish(k, 30, &data, &n) : sweep_status;
    shed_free(&a.alloc, data);
    shed_keys_free(k);
  });
}

// Cut at any byte it is a take of what stands before the cut.
static void
the_beginning_of_a_file_becomes_a_whole_one(void **state)
{
  (void)state;
  shed_keys *k = new_keys();
  size_t     n = 0, whole = 0;
  for (int i = 0; i < 40; i++) {
    CHECK_OK(shed_keys_push(k, 0.2 * i + 0.1, 0x90, (uint8_t)(40 + i), 80));
    CHECK_OK(shed_keys_push(k, 0.2 * i + 0.1, 0xB0, 64, i % 2 ? 127 : 0));
    CHECK_OK(shed_keys_push(k, 0.2 * i + 0.35, 0x80, (uint8_t)(40 + i), 0)); // over the next one's start
  }
  const unsigned char *all = shed_keys_so_far(k, &n);
  for (size_t cut = 0; cut <= n; cut++) {
    unsigned char *data    = NULL;
    size_t         data_n  = 0;
    double         seconds = 0;
    shed_take      take    = {0};
    shed_status    st      = shed_keys_recover(all, cut, NULL, &data, &data_n, &seconds);
    if (st == SHED_E_FORMAT) {
      assert_int_equal(whole, 0); // once a key is there, it stays
      continue;
    }
    CHECK_OK(st);
    CHECK_OK(shed_given_parse(data, data_n, "keys.mid", NULL, &take, NULL));
    assert_int_equal(take.n_warnings, 0);
    assert_true(take.n_notes + 1 >= whole); // one that was struck with the cut has no length, and is left out
    whole = take.n_notes > whole ? take.n_notes : whole;
    shed_take_free(&take);
    free(data);
  }
  assert_int_equal(whole, 40);
  shed_keys_free(k);
}

static void
what_is_no_beginning_of_ours_is_refused(void **state)
{
  (void)state;
  shed_keys     *k = new_keys();
  shed_rng       rng;
  size_t         n    = 0;
  unsigned char *data = NULL, bytes[64];
  double         s;
  CHECK_OK(shed_keys_push(k, 0.1, 0x90, 60, 80));
  CHECK_OK(shed_keys_push(k, 0.6, 0x80, 60, 0));
  const unsigned char *all = shed_keys_so_far(k, &n);
  assert_true(n <= sizeof(bytes));
  shed_rng_seed(&rng, 5, 5);
  for (int i = 0; i < 3000; i++) { // any byte damaged: refused, or a file that can be read
    memcpy(bytes, all, n);
    bytes[shed_rng_below(&rng, (uint32_t)n)] = (unsigned char)shed_rng_below(&rng, 256);
    size_t      out_n                        = 0;
    shed_take   take                         = {0};
    shed_status st                           = shed_keys_recover(bytes, n, NULL, &data, &out_n, &s);
    if (st == SHED_OK) {
      st = shed_given_parse(data, out_n, "keys.mid", NULL, &take, NULL);
      assert_true(st == SHED_OK || st == SHED_E_LIMIT || st == SHED_E_FORMAT || st == SHED_E_RANGE);
      shed_take_free(&take);
      free(data);
    } else {
      assert_int_equal(st, SHED_E_FORMAT);
    }
  }
  shed_keys_free(k);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(chords_come_through_whole),
      cmocka_unit_test(what_keyboards_do_is_borne),
      cmocka_unit_test(any_messages_make_a_file_that_can_be_read),
      cmocka_unit_test(the_beginning_of_a_file_becomes_a_whole_one),
      cmocka_unit_test(what_is_no_beginning_of_ours_is_refused),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
