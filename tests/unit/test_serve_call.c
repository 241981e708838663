#include "app/serve/call.h"

#include "tests/support/check.h"

#include <string.h>

static void
cookies_among_others(void **state)
{
  static const struct {
    const char *cookies, *value; ///< NULL: none
  } cases[] = {
      {"woodshed=abc", "abc"},
      {"a=1; woodshed=abc; b=2", "abc"},
      {"a=1;woodshed=abc", "abc"},
      {"xwoodshed=abc", NULL},
      {"woodshed", NULL},
      {"woodshed=", ""},
      {"", NULL},
      {";;;", NULL},
      {"woodshed=0123456789", NULL}, // does not fit
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    char out[8] = "";
    bool has    = shed_request_cookie(cases[i].cookies, "woodshed", out, sizeof(out));
    if (has != (cases[i].value != NULL) || (has && strcmp(out, cases[i].value) != 0)) {
      fail_msg("\"%s\" gives \"%s\"", cases[i].cookies, out);
    }
  }
}

static void
origins(void **state)
{
  static const struct {
    const char *host, *origin;
    bool        tls, same;
  } cases[] = {
      {"127.0.0.1:7465", "http://127.0.0.1:7465", false, true},
      {"room:7465", "https://ROOM:7465", true, true},
      {"room:7465", "http://room:7465", true, false},
      {"room:7465", "http://room:7466", false, false},
      {"room:7465", "http://room:7465.evil.example", false, false},
      {"room:7465", "http://evil.example/http://room:7465", false, false},
      {"room:7465", "null", false, false},
      {"room:7465", "", false, false},
      {"", "http://", false, false},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_request r = {.tls = cases[i].tls};
    (void)snprintf(r.host, sizeof(r.host), "%s", cases[i].host);
    (void)snprintf(r.origin, sizeof(r.origin), "%s", cases[i].origin);
    if (shed_request_same_origin(&r) != cases[i].same) {
      fail_msg("host %s, origin %s", r.host, r.origin);
    }
  }
}

static void
hosts(void **state)
{
  static const char *const names[]  = {"room", "room.local"};
  static const char *const known[]  = {"127.0.0.1", "127.0.0.1:80", "localhost:7465",
                                       "LOCALHOST", "[::1]:7465",   "[fe80::2]",
                                       "room",      "Room:7465",    "room.local:1"};
  static const char *const others[] = {
      "", "evil.example", "evil.example:7465", "127.0.0.1.evil.example", "[evil]:1", "roo", "room.", ":7465"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(known); i++) {
    if (!shed_request_host_known(known[i], names, SHED_COUNTOF(names))) {
      fail_msg("%s is not known", known[i]);
    }
  }
  for (size_t i = 0; i < SHED_COUNTOF(others); i++) {
    if (shed_request_host_known(others[i], names, SHED_COUNTOF(names))) {
      fail_msg("%s is known", others[i]);
    }
  }
}

static void
ranges(void **state)
{
  static const struct {
    const char *text;
    size_t      n, first, last;
    bool        fits;
  } cases[] = {
      {"bytes=0-9", 100, 0, 9, true},
      {"bytes=90-", 100, 90, 99, true},
      {"bytes=-10", 100, 90, 99, true},
      {"bytes=-1000", 100, 0, 99, true},
      {"bytes=50-1000", 100, 50, 99, true},
      {"bytes=100-", 100, 0, 0, false},
      {"bytes=9-3", 100, 0, 0, false},
      {"bytes=0-1,5-6", 100, 0, 0, false},
      {"bytes=-", 100, 0, 0, false},
      {"bytes=-0", 100, 0, 0, false},
      {"lines=0-1", 100, 0, 0, false},
      {"bytes=0-0", 0, 0, 0, false},
      {"bytes=99999999999999999999-", 100, 0, 0, false},
      {"", 100, 0, 0, false},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    size_t first = 0;
    size_t last  = 0;
    bool   fits  = shed_request_range(cases[i].text, cases[i].n, &first, &last);
    if (fits != cases[i].fits || (fits && (first != cases[i].first || last != cases[i].last))) {
      fail_msg("\"%s\" of %zu: %d, %zu to %zu", cases[i].text, cases[i].n, fits, first, last);
    }
  }
}

static void
parameters(void **state)
{
  shed_request r     = {.n_query = 3};
  int64_t      value = 7;
  shed_error   err;
  (void)state;
  (void)snprintf(r.query[0], sizeof(r.query[0]), "seeds=1");
  (void)snprintf(r.query[1], sizeof(r.query[1]), "seed=12");
  (void)snprintf(r.query[2], sizeof(r.query[2]), "level=x");
  assert_string_equal(shed_request_param(&r, "seed"), "12");
  assert_string_equal(shed_request_param(&r, "see"), "");
  CHECK_STATUS(shed_request_whole(&r, "nothing", 0, 9, &value, &err), SHED_OK);
  assert_int_equal(value, 7);
  CHECK_STATUS(shed_request_whole(&r, "seed", 0, 99, &value, &err), SHED_OK);
  assert_int_equal(value, 12);
  CHECK_STATUS(shed_request_whole(&r, "seed", 0, 9, &value, &err), SHED_E_FORMAT);
  CHECK_STATUS(shed_request_whole(&r, "level", 0, 9, &value, &err), SHED_E_FORMAT);
  assert_string_equal(err.where, "level");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cookies_among_others),
      cmocka_unit_test(origins),
      cmocka_unit_test(hosts),
      cmocka_unit_test(ranges),
      cmocka_unit_test(parameters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
