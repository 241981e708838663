// The small values of engine/base: clock, ids, rng, hash, message, status.
#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/ids.h"
#include "engine/base/message.h"
#include "engine/base/rng.h"

#include "tests/support/check.h"

static void
pcg32_gives_the_published_numbers(void **state)
{
  // pcg32_srandom_r(&rng, 42, 54) of the author's demonstration program
  static const uint32_t known[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
  shed_rng              rng;
  (void)state;
  shed_rng_seed(&rng, 42, 54);
  for (size_t i = 0; i < SHED_COUNTOF(known); i++) {
    assert_int_equal(shed_rng_u32(&rng), known[i]);
  }
}

static void
bounded_draws_are_in_bounds_and_even(void **state)
{
  int      counts[7] = {0};
  shed_rng rng;
  double   sum     = 0;
  double   squares = 0;
  (void)state;
  shed_rng_seed(&rng, 1, 1);
  for (int i = 0; i < 70000; i++) {
    int d = shed_rng_between(&rng, -3, 3);
    assert_in_range(d + 3, 0, 6);
    counts[d + 3]++;
    double x = shed_rng_normal(&rng);
    sum += x;
    squares += x * x;
  }
  for (int i = 0; i < 7; i++) {
    CHECK_NEAR(counts[i], 10000, 400);
  }
  CHECK_NEAR(sum / 70000, 0, 0.02);
  CHECK_NEAR(squares / 70000, 1, 0.03);
}

static void
times_go_there_and_back(void **state)
{
  static const struct {
    const char *text;
    int64_t     ms;
    int         offset;
    int64_t     day;
  } rows[] = {
      {"1970-01-01T00:00:00.000+00:00", 0, 0, 0},
      {"2024-02-29T23:30:00.250+00:00", 1709249400250, 0, 19782},
      {"2026-11-22T00:30:00.000+01:00", 1795303800000, 60, 20779},
      {"2026-11-21T18:30:00.000-05:00", 1795303800000, -300, 20778},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    int64_t ms;
    int     offset;
    char    text[32];
    CHECK_OK(shed_time_parse(rows[i].text, &ms, &offset));
    CHECK_NEAR((double)ms, (double)rows[i].ms, 0);
    assert_int_equal(offset, rows[i].offset);
    CHECK_NEAR((double)shed_time_local_day(ms, offset), (double)rows[i].day, 0);
    shed_time_format(text, sizeof(text), ms, offset);
    assert_string_equal(text, rows[i].text);
  }
}

static void
times_that_are_none_are_refused(void **state)
{
  static const char *const rows[] = {"",
                                     "2026-11-21",
                                     "2026-11-21T10:00:00",
                                     "2026-13-01T00:00:00Z",
                                     "2026-02-29T00:00:00Z",
                                     "2026-11-21T24:00:00Z",
                                     "2026-11-21T10:00:00+1:00",
                                     "1969-12-31T00:00:00Z",
                                     "2026-11-21T10:00:00Zx",
                                     "2026-11-21T10:00:00.5Z",
                                     "2026-11-21 10:00:00Z"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    int64_t ms;
    int     offset;
    CHECK_STATUS(shed_time_parse(rows[i], &ms, &offset), SHED_E_FORMAT);
  }
}

static void
ids_are_version_7_and_in_order_of_time(void **state)
{
  shed_hand_clock hand  = {.wall_ms = 1795303800000};
  shed_clock      clock = shed_clock_by_hand(&hand);
  shed_uuid       a     = shed_uuid_new(&clock);
  shed_uuid       same  = shed_uuid_new(&clock);
  shed_uuid       b;
  (void)state;
  hand.wall_ms++;
  b = shed_uuid_new(&clock);
  assert_int_equal(a.text[14], '7');
  assert_non_null(strchr("89ab", a.text[19]));
  assert_true(strcmp(a.text, b.text) < 0);
  assert_false(shed_uuid_equal(&a, &same));
  CHECK_OK(shed_uuid_parse("0190ABCD-0000-7000-8000-00000000000F", &b));
  assert_string_equal(b.text, "0190abcd-0000-7000-8000-00000000000f");
  CHECK_STATUS(shed_uuid_parse("0190abcd-0000-7000-8000-00000000000", &b), SHED_E_FORMAT);
  CHECK_STATUS(shed_uuid_parse("0190abcd000070008000-00000000000f---", &b), SHED_E_FORMAT);
}

static void
sha256_gives_the_published_digest(void **state)
{
  shed_sha256_stream s;
  (void)state;
  // FIPS 180-4 examples: "abc"
  assert_string_equal(shed_sha256_of("abc", 3).text,
                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  shed_sha256_start(&s);
  shed_sha256_add(&s, "a", 1);
  shed_sha256_add(&s, "bc", 2);
  assert_string_equal(shed_sha256_end(&s).text, shed_sha256_of("abc", 3).text);
}

static void
every_message_has_sound_slots(void **state)
{
  (void)state;
  for (int code = 0; code < SHED_MSG_COUNT; code++) {
    shed_message      m    = shed_message_of((shed_message_code)code);
    shed_str          text = {0};
    shed_message_code found;
    shed_message_text(&m, &text);
    const char *p = shed_str_text(&text);
    if (strlen(p) < 5) {
      fail_msg("%s has no text", shed_message_id(m.code));
    }
    for (; (p = strchr(p, '{')) != NULL; p++) {
      const char *end = strchr(p, '}');
      if (!end || memchr(p, '\n', (size_t)(end - p))) {
        fail_msg("%s has an open slot", shed_message_id(m.code));
      }
    }
    CHECK_OK(shed_message_find(shed_message_id(m.code), &found));
    assert_int_equal(found, code);
    shed_str_free(&text);
  }
}

static void
messages_speak_and_read_back(void **state)
{
  shed_message m = shed_message_of(SHED_MSG_take_clipped);
  shed_message again;
  shed_str     text = {0};
  (void)state;
  shed_message_num(&m, "n", 1, 0);
  shed_message_text(&m, &text);
  assert_string_equal(shed_str_text(&text),
                      "The take is too loud: 1 moment is distorted. Turn the microphone down.");
  shed_json *v = shed_message_to_json(&m);
  CHECK_OK(shed_message_from_json(v, &again, NULL));
  shed_str_clear(&text);
  shed_message_text(&again, &text);
  assert_string_equal(shed_str_text(&text),
                      "The take is too loud: 1 moment is distorted. Turn the microphone down.");
  m = shed_message_of(SHED_MSG_advice_ends_in); // of a choice without its parameter the second
  shed_message_str(&m, "bar", "3");
  shed_str_clear(&text);
  shed_message_text(&m, &text);
  assert_string_equal(shed_str_text(&text),
                      "The music goes on: the take ends in bar 3. Play it through to the end.");
  shed_message_num(&m, "phrases", 1, 0);
  shed_str_clear(&text);
  shed_message_text(&m, &text);
  assert_string_equal(shed_str_text(&text),
                      "The music goes on: the take ends in phrase 3. Play it through to the end.");
  shed_json_set_str(v, "code", "no_such_message");
  CHECK_STATUS(shed_message_from_json(v, &again, NULL), SHED_E_NOTFOUND);
  shed_json_free(v);
  shed_str_free(&text);
}

static void
errors_keep_their_place(void **state)
{
  shed_error err = {0};
  (void)state;
  CHECK_STATUS(shed_fail(&err, SHED_E_FORMAT, "line 3", "%d beats do not fit", 5), SHED_E_FORMAT);
  shed_error_within(&err, "tune.xml");
  assert_string_equal(err.where, "tune.xml: line 3");
  assert_string_equal(err.what, "5 beats do not fit");
  CHECK_STATUS(shed_fail(NULL, SHED_E_IO, NULL, "unheard"), SHED_E_IO);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pcg32_gives_the_published_numbers),
      cmocka_unit_test(bounded_draws_are_in_bounds_and_even),
      cmocka_unit_test(times_go_there_and_back),
      cmocka_unit_test(times_that_are_none_are_refused),
      cmocka_unit_test(ids_are_version_7_and_in_order_of_time),
      cmocka_unit_test(sha256_gives_the_published_digest),
      cmocka_unit_test(every_message_has_sound_slots),
      cmocka_unit_test(messages_speak_and_read_back),
      cmocka_unit_test(errors_keep_their_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
