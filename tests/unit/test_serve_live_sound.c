#include "app/serve/live_sound.h"

#include "tests/support/check.h"

#include <math.h>
#include <string.h>

// A message of 16 bytes and @p n more. @return its length.
static size_t
message(unsigned char *out, unsigned char version, unsigned char kind, uint32_t rate, uint64_t frame,
        size_t n)
{
  memset(out, 0, SHED_SEAT_HEADER + n);
  out[0] = version;
  out[1] = kind;
  for (int i = 0; i < 4; i++) {
    out[4 + i] = (unsigned char)(rate >> (8 * i));
  }
  for (int i = 0; i < 8; i++) {
    out[8 + i] = (unsigned char)(frame >> (8 * i));
  }
  return SHED_SEAT_HEADER + n;
}

static void
samples_of_both_kinds_come_out_as_they_went_in(void **state)
{
  static const unsigned char ints[]   = {0, 0, 0xff, 0x7f, 0, 0x80, 0, 0x40};
  static const float         floats[] = {0.25f, -1, NAN, INFINITY};
  unsigned char              data[64];
  float                      x[4];
  shed_error                 err;
  shed_seat_sound            s;
  (void)state;
  size_t n = message(data, 1, 1, 48000, 960, sizeof(ints));
  memcpy(data + SHED_SEAT_HEADER, ints, sizeof(ints));
  CHECK_STATUS(shed_seat_sound_read(data, n, &s, &err), SHED_OK);
  assert_int_equal(s.rate_hz, 48000);
  assert_int_equal(s.at_frame, 960);
  assert_int_equal(s.n, 4);
  shed_seat_sound_copy(&s, 0, 4, x);
  CHECK_NEAR((double)x[0], 0, 0);
  CHECK_NEAR((double)x[1], 1, 1e-4);
  CHECK_NEAR((double)x[2], -1, 0);
  CHECK_NEAR((double)x[3], .5, 0);
  n = message(data, 1, 2, 44100, 0, sizeof(floats));
  memcpy(data + SHED_SEAT_HEADER, floats, sizeof(floats));
  CHECK_STATUS(shed_seat_sound_read(data, n, &s, &err), SHED_OK);
  shed_seat_sound_copy(&s, 1, 3, x); // from the second on
  CHECK_NEAR((double)x[0], -1, 0);
  CHECK_NEAR((double)x[1], 0, 0); // what is no number is silence
  CHECK_NEAR((double)x[2], 0, 0);
}

static void
messages_that_are_refused(void **state)
{
  static const struct {
    unsigned char version, kind;
    uint32_t      rate;
    uint64_t      frame;
    size_t        n;
    shed_status   st;
  } cases[] = {
      {1, 1, 48000, 0, 2, SHED_OK},
      {1, 1, 48000, 0, 0, SHED_OK}, // nothing in it
      {2, 1, 48000, 0, 2, SHED_E_FORMAT},
      {1, 0, 48000, 0, 2, SHED_E_FORMAT},
      {1, 3, 48000, 0, 2, SHED_E_FORMAT},
      {1, 1, 7999, 0, 2, SHED_E_FORMAT},
      {1, 1, 192001, 0, 2, SHED_E_FORMAT},
      {1, 1, 48000, UINT64_MAX, 2, SHED_E_FORMAT},
      {1, 1, 48000, 0, 3, SHED_E_FORMAT},
      {1, 2, 48000, 0, 6, SHED_E_FORMAT},
      {1, 1, 48000, 0, SHED_SEAT_MESSAGE, SHED_E_LIMIT},
  };
  static unsigned char data[SHED_SEAT_HEADER + SHED_SEAT_MESSAGE];
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_error      err;
    shed_seat_sound s;
    size_t n = message(data, cases[i].version, cases[i].kind, cases[i].rate, cases[i].frame, cases[i].n);
    CHECK_STATUS(shed_seat_sound_read(data, n, &s, &err), cases[i].st);
  }
  shed_error      err;
  shed_seat_sound s;
  for (size_t n = 0; n < SHED_SEAT_HEADER; n++) {
    CHECK_STATUS(shed_seat_sound_read(data, n, &s, &err), SHED_E_FORMAT);
  }
}

// @return the status with which a document is read, err->where in @p where.
static shed_status
read(const char *text, shed_seat_open *out, char *where, size_t size)
{
  shed_json  *v   = NULL;
  shed_error  err = {0};
  shed_status st;
  CHECK_STATUS(shed_json_parse(text, strlen(text), "test", &v, &err), SHED_OK);
  st = shed_seat_open_read(v, out, &err);
  (void)snprintf(where, size, "%s", err.where);
  shed_json_free(v);
  return st;
}

static void
what_is_opened_is_read_whole_or_refused(void **state)
{
  static const struct {
    const char *text, *where; ///< where "" means it is right
  } cases[] = {
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a/b\"}", ""},
      {"{\"do\":\"check\",\"rate_hz\":48000}", ""},
      {"{\"do\":\"open\",\"rate_hz\":48000}", "drill"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"again\":\"b\"}", "drill"},
      {"{\"do\":\"open\",\"drill\":\"a\"}", "rate_hz"},
      {"{\"do\":\"open\",\"rate_hz\":1e9,\"drill\":\"a\"}", "rate_hz"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":7}", "drill"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"level\":5}", "level"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"seed\":-1}", "seed"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"tempo_bpm\":1}", "tempo_bpm"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"settings\":[]}", "settings"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"settings\":{\"asking\":\"often\"}}", "asking"},
      {"{\"do\":\"open\",\"rate_hz\":48000,\"drill\":\"a\",\"settings\":{\"study_s\":1e9}}", "study_s"},
      {"{\"do\":\"open\",\"card\":{},\"drill\":\"a\"}", ""},
      {"{\"do\":\"check\",\"card\":{\"input\":\"x\",\"output\":\"y\",\"api\":\"z\",\"silent\":true}}", ""},
      {"{\"do\":\"open\",\"card\":null,\"drill\":\"a\"}", "rate_hz"},
      {"{\"do\":\"open\",\"card\":\"yes\",\"drill\":\"a\"}", "card"},
      {"{\"do\":\"open\",\"card\":{\"input\":7},\"drill\":\"a\"}", "input"},
      {"{\"do\":\"open\",\"card\":{\"silent\":1},\"drill\":\"a\"}", "silent"},
      {"[]", "do"},
  };
  shed_seat_open o;
  char           where[320];
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_status st = read(cases[i].text, &o, where, sizeof(where));
    if ((st == SHED_OK) != (cases[i].where[0] == '\0') ||
        (st != SHED_OK && strcmp(where, cases[i].where) != 0)) {
      fail_msg("%s: %s at \"%s\"", cases[i].text, shed_status_text(st), where);
    }
  }
  CHECK_STATUS(read("{\"do\":\"open\",\"rate_hz\":44100,\"drill\":\"a\",\"noise_suppression\":true,"
                    "\"settings\":{\"click\":true,"
                    "\"asking\":\"never\"}}",
                    &o, where, sizeof(where)),
               SHED_OK);
  assert_true(o.treated);
  assert_true(o.click);
  assert_int_equal(o.asking, SHED_SEAT_ASKING_NEVER);
  assert_int_equal(o.seed, -1);
  assert_int_equal(o.level, 0);
  assert_true(isnan(o.latency_s));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(samples_of_both_kinds_come_out_as_they_went_in),
      cmocka_unit_test(messages_that_are_refused),
      cmocka_unit_test(what_is_opened_is_read_whole_or_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
