#include "mastery/store/event.h"

#include "tests/support/check.h"

static shed_store_event
example(void)
{
  shed_store_event e = {
      .v = 1, .kind = "take.scored", .performed_at_ms = 1793000000123, .utc_offset_min = -90};
  CHECK_OK(shed_uuid_parse("01890a5d-ac96-774b-bcce-b302099a8057", &e.id));
  CHECK_OK(shed_uuid_parse("01890a5d-ac96-774b-bcce-b302099a8058", &e.origin));
  CHECK_OK(shed_uuid_parse("01890a5d-ac96-774b-bcce-b302099a8059", &e.subject));
  e.recorded_at_ms = 1793000001000;
  e.seq            = 1;
  e.body           = "{\"drill\":\"x\",\"words\":\"é \\\" \\\\ \\u0001\"}";
  e.n_body         = strlen(e.body);
  memcpy(e.salt, "0123456789abcdef", sizeof(e.salt));
  e.prev_hash = shed_store_event_first_prev();
  e.body_hash = shed_store_event_body_hash(&e);
  e.hash      = shed_store_event_hash(&e);
  return e;
}

static void
the_hash_is_what_the_header_says(void **state)
{
  // the same text, written out by hand
  static const char text[] =
      "woodshed-event/1\n01890a5d-ac96-774b-bcce-b302099a8057\n1\ntake.scored\n1793000000123\n-90\n"
      "1793000001000\n01890a5d-ac96-774b-bcce-b302099a8058\n1\n\n"
      "01890a5d-ac96-774b-bcce-b302099a8059\n";
  shed_store_event e = example();
  char             whole[700];
  (void)state;
  (void)snprintf(whole, sizeof(whole), "%s%s\n%s\n", text, e.body_hash.text, e.prev_hash.text);
  shed_sha256 hash = shed_sha256_of(whole, strlen(whole));
  assert_string_equal(hash.text, e.hash.text);
  (void)snprintf(whole, sizeof(whole), "0123456789abcdef%s", e.body);
  hash = shed_sha256_of(whole, strlen(whole));
  assert_string_equal(hash.text, e.body_hash.text);
}

static void
a_line_reads_back(void **state)
{
  (void)state;
  for (int erased = 0; erased < 2; erased++) {
    shed_store_event e    = example();
    shed_store_event back = {.v = 0};
    shed_str         line = {0};
    shed_error       err  = {0};
    shed_json       *v    = NULL;
    if (erased) {
      e.body   = NULL;
      e.n_body = 0;
      memset(e.salt, 0, sizeof(e.salt));
    }
    shed_json *out = shed_store_event_to_json(&e);
    shed_json_write(out, SHED_JSON_LINE, &line);
    CHECK_OK(shed_json_parse(line.text, line.len, "line", &v, &err));
    CHECK_OK(shed_store_event_from_json(v, &back, &err));
    CHECK_OK(shed_store_event_check(&back, &err));
    assert_int_equal(back.utc_offset_min, -90);
    assert_true(back.performed_at_ms == e.performed_at_ms);
    assert_string_equal(back.actor.text, "");
    if (erased) {
      assert_null(back.body);
    } else {
      assert_string_equal(back.body, e.body);
    }
    shed_json_free(v);
    shed_json_free(out);
    shed_str_free(&line);
  }
}

static void
every_change_is_seen(void **state)
{
  (void)state;
  for (int i = 0; i < 10; i++) {
    shed_store_event e   = example();
    shed_error       err = {0};
    CHECK_OK(shed_store_event_check(&e, &err));
    e.v += i == 0;
    e.kind[0] = i == 1 ? 'x' : e.kind[0];
    e.performed_at_ms += i == 2;
    e.utc_offset_min += i == 3;
    e.recorded_at_ms += i == 4;
    e.seq += i == 5;
    e.actor   = i == 6 ? e.id : e.actor;
    e.subject = i == 7 ? e.id : e.subject;
    e.salt[3] = (unsigned char)(i == 8 ? 0 : e.salt[3]);
    e.n_body  = i == 9 ? e.n_body - 1 : e.n_body;
    CHECK_STATUS(shed_store_event_check(&e, &err), SHED_E_CORRUPT);
    assert_non_null(strstr(err.what, i < 8 ? "its hash does not fit" : "body was changed"));
  }
}

static void
nonsense_is_refused(void **state)
{
  static const struct {
    const char *key;
    const char *value; // JSON
  } rows[] = {
      {"id", "\"01890a5d\""},
      {"id", "null"},
      {"v", "0"},
      {"kind", "\"Take Scored\""},
      {"kind", "\"\""},
      {"performed_at", "\"2026-01-01T00:00:00\""},
      {"performed_at", "1"},
      {"seq", "0"},
      {"seq", "1.5"},
      {"salt", "null"},
      {"salt", "\"zz\""},
      {"body", "{}"},
      {"body", "null"},
      {"hash", "\"abc\""},
      {"body_hash", "null"},
      {"actor", "\"me\""},
      {"origin", "\"here\""},
      {"recorded_at", "\"yesterday\""},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_store_event e     = example();
    shed_store_event back  = {.v = 0};
    shed_error       err   = {0};
    shed_json       *value = NULL;
    shed_json       *v     = shed_store_event_to_json(&e);
    char             wrapped[100];
    (void)snprintf(wrapped, sizeof(wrapped), "{\"x\":%s}", rows[i].value);
    CHECK_OK(shed_json_parse(wrapped, strlen(wrapped), "row", &value, &err));
    shed_json_set(v, rows[i].key, shed_json_copy(shed_json_get(value, "x")));
    if (shed_store_event_from_json(v, &back, &err) != SHED_E_FORMAT) {
      fail_msg("%s: %s was taken", rows[i].key, rows[i].value);
    }
    shed_json_free(value);
    shed_json_free(v);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hash_is_what_the_header_says),
      cmocka_unit_test(a_line_reads_back),
      cmocka_unit_test(every_change_is_seen),
      cmocka_unit_test(nonsense_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
