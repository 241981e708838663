#include "engine/task/verdict.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"

#include <stdlib.h>

typedef struct {
  shed_line         line;
  shed_prompt       prompt;
  shed_take         take;
  shed_note_verdict notes[3];
  shed_extra_note   extras[1];
  shed_restart      restarts[1];
  shed_hesitation   hesitations[1];
  shed_incident     incidents[2];
  shed_verdict      verdict;
} fixture;

static void
fill(fixture *f)
{
  *f        = (fixture){0};
  f->line   = line_of("C4:1 F#4:1/3 x:1", 60.0, 4, 4);
  f->prompt = (shed_prompt){.kind = "piece", .id = "file:x.xml", .line = f->line, .part = "1", .seed = 7};
  f->take   = (shed_take){.duration_s = 3.25, .snr_db = NAN, .latency_s = NAN, .ear = "1", .clipped = 2};
  f->take.sha256 = shed_sha256_of("t", 1);
  f->notes[0]    = (shed_note_verdict){0,
                                       3,
                                       SHED_PITCH_SHARP,
                                       SHED_TIMING_EARLY,
                                       SHED_LENGTH_OK,
                                       0.5,
                                       0.1,
                                       1.0,
                                       60,
                                       41.26,
                                       0.0512345,
                                       0.9,
                                       -48.77,
                                       0.98};
  f->notes[1]    = (shed_note_verdict){
         1,   -1, SHED_PITCH_MISSED, SHED_TIMING_NONE, SHED_LENGTH_NONE, 0, 1.1, 0.33, -1, NAN, NAN, NAN,
         NAN, 0.9};
  f->notes[2]       = (shed_note_verdict){2,
                                          1,
                                          SHED_PITCH_NONE,
                                          SHED_TIMING_UNSURE,
                                          SHED_LENGTH_LONG,
                                          NAN,
                                          1.4,
                                          1,
                                          -1,
                                          NAN,
                                          1.39999996,
                                          2,
                                          -0.00001,
                                          0.5};
  f->extras[0]      = (shed_extra_note){2.5, -1, -1, 0.7};
  f->restarts[0]    = (shed_restart){1.0, 1, 0};
  f->hesitations[0] = (shed_hesitation){1.5, 2, 0.75};
  f->incidents[0]   = (shed_incident){"drift", NAN, -1, -1, NAN};
  f->incidents[1]   = (shed_incident){"skip", 2.0, 1, 2, 1};
  f->verdict =
      (shed_verdict){.score        = 0.123456,
                     .passed       = -1,
                     .assessed     = 1,
                     .tempo_bpm    = 96.2,
                     .tuning_cents = NAN,
                     .octave_shift = -1,
                     .overall      = {.start   = -5.5,
                                      .score   = 0.75,
                                      .n_parts = 2,
                                      .parts   = {{"right", 0.9, 1.8}, {"flow", 0.25, 1.5}}},
                     .jury = {.told = true, .grade = 3.25, .low = 2.6, .high = 3.9, .basis = "ten takes"},
                     .n_dimensions   = 2,
                     .notes          = f->notes,
                     .n_notes        = 3,
                     .extras         = f->extras,
                     .n_extras       = 1,
                     .restarts       = f->restarts,
                     .n_restarts     = 1,
                     .hesitations    = f->hesitations,
                     .n_hesitations  = 1,
                     .incidents      = f->incidents,
                     .n_incidents    = 2,
                     .swing          = {true, 2, NAN, 1.75, 4.025, 2},
                     .n_advice       = 1,
                     .n_warnings     = 1,
                     .policy_id      = "year-2",
                     .policy_version = 1};
  f->verdict.dimensions[0] = (shed_dimension){"pitch", 0.5, 1, NAN, ""};
  f->verdict.dimensions[1] = (shed_dimension){"sustain", NAN, 0, 7.25, "s"};
  f->verdict.advice[0]     = shed_message_of(SHED_MSG_take_silent);
  f->verdict.warnings[0]   = shed_message_of(SHED_MSG_take_clipped);
  shed_message_num(&f->verdict.warnings[0], "n", 2, 0);
}

static const char *const expected_document =
    "{\"schema\": \"woodshed/verdict/1\", \"engine\": \"" SHED_VERSION "\", \"ear\": \"1\", "
    "\"target\": {\"kind\": \"piece\", \"id\": \"file:x.xml\", \"sha256\": null, \"part\": \"1\", "
    "\"prompt\": {\"title\": \"\", \"generator\": 0, \"seed\": \"7\", \"sha256\": \"%s\"}}, "
    "\"policy\": {\"id\": \"year-2\", \"version\": 1, \"sha256\": null}, "
    "\"score\": 0.1235, \"passed\": null, \"assessed\": 1.0, \"tempo_bpm\": 96.2, \"tuning_cents\": null, "
    "\"octave_shift\": -1, \"key_shift\": 0, \"dimensions\": {\"pitch\": {\"score\": 0.5, \"assessed\": "
    "1.0}, "
    "\"sustain\": {\"score\": null, \"assessed\": 0.0, \"value\": 7.25, \"unit\": \"s\"}}, "
    "\"overall\": {\"score\": 0.75, \"start\": -5.5, \"parts\": {\"right\": {\"share\": 0.9, \"weight\": "
    "1.8}, "
    "\"flow\": {\"share\": 0.25, \"weight\": 1.5}}}, "
    "\"jury_estimate\": {\"grade\": 3.25, \"low\": 2.6, \"high\": 3.9, \"basis\": \"ten takes\"}, "
    "\"swing\": {\"written\": 2.0, \"played\": null, \"least\": 1.75, \"most\": 4.025, \"credited\": 2.0}, "
    "\"notes\": "
    "["
    "{\"index\": 0, \"id\": \"n1\", \"pass\": 1, \"measure\": \"1\", \"beat\": 1.0, \"take_index\": 3, "
    "\"expected\": {\"midi\": 60, \"step\": \"C\", \"alter\": 0, \"octave\": 4, \"onset_beats\": 0.0, "
    "\"onset_s\": 0.1, \"duration_s\": 1.0}, \"pitch\": \"sharp\", \"timing\": \"early\", \"length\": "
    "\"ok\", "
    "\"credit\": 0.5, \"played_midi\": 60, \"cents\": 41.3, \"onset_s\": 0.0512, \"onset_error_ms\": -48.8, "
    "\"offset_s\": 0.9, \"confidence\": 0.98}, "
    "{\"index\": 1, \"id\": \"n2\", \"pass\": 1, \"measure\": \"1\", \"beat\": 2.0, \"take_index\": null, "
    "\"expected\": {\"midi\": 66, \"step\": \"F\", \"alter\": 1, \"octave\": 4, \"onset_beats\": 1.0, "
    "\"onset_s\": 1.1, \"duration_s\": 0.33}, \"pitch\": \"missed\", \"timing\": null, \"length\": null, "
    "\"credit\": 0.0, \"played_midi\": null, \"cents\": null, \"onset_s\": null, \"onset_error_ms\": null, "
    "\"offset_s\": null, \"confidence\": 0.9}, "
    "{\"index\": 2, \"id\": \"n3\", \"pass\": 1, \"measure\": \"1\", \"beat\": 2.333333, \"take_index\": 1, "
    "\"expected\": {\"midi\": null, \"step\": null, \"alter\": null, \"octave\": null, \"onset_beats\": "
    "1.333333, \"onset_s\": 1.4, \"duration_s\": 1.0}, \"pitch\": null, \"timing\": \"unsure\", \"length\": "
    "\"long\", \"credit\": null, \"played_midi\": null, \"cents\": null, \"onset_s\": 1.4, "
    "\"onset_error_ms\": 0.0, \"offset_s\": 2.0, \"confidence\": 0.5}], "
    "\"extras\": [{\"onset_s\": 2.5, \"midi\": null, \"take_index\": null, \"confidence\": 0.7}], "
    "\"restarts\": [{\"at_s\": 1.0, \"from_index\": 1, \"to_index\": 0}], "
    "\"hesitations\": [{\"at_s\": 1.5, \"before_index\": 2, \"length_s\": 0.75}], "
    "\"incidents\": [{\"kind\": \"drift\", \"at_s\": null, \"from_index\": null, \"to_index\": null, "
    "\"amount\": null}, {\"kind\": \"skip\", \"at_s\": 2.0, \"from_index\": 1, \"to_index\": 2, \"amount\": "
    "1.0}], "
    "\"advice\": [{\"code\": \"take_silent\"}], "
    "\"take\": {\"sha256\": \"e3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec41402bf6273dd8\", "
    "\"duration_s\": 3.25, \"snr_db\": null, \"clipped\": 2, \"latency\": null, \"warnings\": [{\"code\": "
    "\"take_clipped\", \"n\": 2}]}}";

static void
the_document_is_whole_and_in_order(void **state)
{
  fixture  f;
  shed_str text     = {0};
  shed_str hashed   = {0};
  shed_str expected = {0};
  (void)state;
  fill(&f);
  shed_json *prompt = shed_prompt_to_json(&f.prompt);
  shed_json_write(prompt, SHED_JSON_CANONICAL, &hashed);
  shed_sha256 sum  = shed_sha256_of(hashed.text, hashed.len);
  const char *slot = strstr(expected_document, "%s");
  shed_str_addn(&expected, expected_document, (size_t)(slot - expected_document));
  shed_str_add(&expected, sum.text);
  shed_str_add(&expected, slot + 2);
  shed_json *v = shed_verdict_to_json(&f.verdict, &f.prompt, &f.take);
  shed_json_write(v, SHED_JSON_LINE, &text);
  assert_string_equal(shed_str_text(&text), shed_str_text(&expected));
  shed_json_free(v);
  shed_json_free(prompt);
  shed_str_free(&text);
  shed_str_free(&hashed);
  shed_str_free(&expected);
  line_free(&f.line);
}

static void
reading_back_gives_the_same_bytes(void **state)
{
  fixture      f;
  shed_verdict again = {0};
  shed_str     text  = {0};
  shed_str     twice = {0};
  shed_error   err   = {0};
  shed_json   *v     = NULL;
  (void)state;
  fill(&f);
  shed_json *first = shed_verdict_to_json(&f.verdict, &f.prompt, &f.take);
  shed_json_write(first, SHED_JSON_PRETTY, &text);
  CHECK_OK(shed_json_parse(text.text, text.len, "verdict", &v, &err));
  if (shed_verdict_from_json(v, NULL, &again, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  shed_json *second = shed_verdict_to_json(&again, &f.prompt, &f.take);
  shed_json_write(second, SHED_JSON_PRETTY, &twice);
  assert_string_equal(shed_str_text(&twice), shed_str_text(&text));
  assert_int_equal(again.notes[0].pitch, SHED_PITCH_SHARP);
  assert_int_equal(again.notes[2].length, SHED_LENGTH_LONG);
  assert_int_equal(again.notes[1].take_index, -1);
  assert_true(isnan(again.notes[2].credit));
  shed_verdict_free(&again);
  shed_json_free(v);
  shed_json_free(first);
  shed_json_free(second);
  shed_str_free(&text);
  shed_str_free(&twice);
  line_free(&f.line);
}

static void
a_verdict_beside_another_prompt_names_no_place(void **state)
{
  fixture     f;
  shed_prompt other = {0};
  (void)state;
  fill(&f);
  shed_json *v    = shed_verdict_to_json(&f.verdict, &other, &f.take);
  shed_json *note = shed_json_at(shed_json_get(v, "notes"), 0);
  assert_true(shed_json_is_null(shed_json_get(note, "id")));
  assert_true(shed_json_is_null(shed_json_get(note, "expected")));
  shed_json_free(v);
  line_free(&f.line);
}

static void
wrong_members_are_refused_with_their_place(void **state)
{
  static const struct {
    const char *key, *json, *where;
  } rows[] = {
      {"schema", "\"woodshed/verdict/2\"", "schema"},
      {"score", "1.5", "score"},
      {"passed", "\"yes\"", "passed"},
      {"octave_shift", "4000", "octave_shift"},
      {"policy", "null", "version"},
      {"policy", "{\"version\": 1, \"sha256\": \"0\"}", "sha256"},
      {"dimensions", "[]", "dimensions"},
      {"dimensions", "{\"pitch\": 1}", "dimensions"},
      {"dimensions", "{\"a\":{},\"b\":{},\"c\":{},\"d\":{},\"e\":{},\"f\":{},\"g\":{},\"h\":{},\"i\":{}}",
       "dimensions"},
      {"notes", "{}", "notes"},
      {"notes", "[{\"index\": -1}]", "notes[0]: index"},
      {"notes", "[{\"index\": 0, \"pitch\": \"purple\"}]", "notes[0]: pitch"},
      {"notes", "[{\"index\": 0, \"credit\": 2}]", "notes[0]: credit"},
      {"extras", "[{\"take_index\": 1.5}]", "extras[0]: take_index"},
      {"restarts", "[{\"at_s\": \"now\"}]", "restarts[0]: at_s"},
      {"hesitations", "[{\"length_s\": -1}]", "hesitations[0]: length_s"},
      {"incidents", "[{\"kind\": \"a name that is too long\"}]", "incidents[0]: kind"},
      {"advice", "[1]", "code"},
      {"advice", "[{},{},{},{},{}]", "advice"},
      {"take", "{}", "take.warnings"},
  };
  fixture f;
  (void)state;
  fill(&f);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_json   *v     = shed_verdict_to_json(&f.verdict, &f.prompt, &f.take);
    shed_json   *bad   = NULL;
    shed_verdict again = {0};
    shed_error   err   = {0};
    CHECK_OK(shed_json_parse(rows[i].json, strlen(rows[i].json), "row", &bad, NULL));
    shed_json_set(v, rows[i].key, bad);
    if (shed_verdict_from_json(v, NULL, &again, &err) == SHED_OK) {
      fail_msg("%s: %s was taken", rows[i].key, rows[i].json);
    }
    assert_string_equal(err.where, rows[i].where);
    shed_json_free(v);
  }
  line_free(&f.line);
}

static void
advice_of_a_later_version_is_passed_over(void **state)
{
  static const char later[] = "[{\"code\": \"not_yet_known\"}, {\"code\": \"take_silent\"}]";
  fixture           f;
  shed_verdict      again = {0};
  shed_json        *list  = NULL;
  (void)state;
  fill(&f);
  shed_json *v = shed_verdict_to_json(&f.verdict, &f.prompt, &f.take);
  CHECK_OK(shed_json_parse(later, strlen(later), "later", &list, NULL));
  shed_json_set(v, "advice", list);
  shed_json_set_str(v, "mood", "a field of a later version");
  CHECK_OK(shed_verdict_from_json(v, NULL, &again, NULL));
  assert_int_equal(again.n_advice, 1);
  assert_int_equal(again.advice[0].code, SHED_MSG_take_silent);
  shed_verdict_free(&again);
  shed_json_free(v);
  line_free(&f.line);
}

static void
running_out_of_memory_leaves_nothing(void **state)
{
  fixture f;
  (void)state;
  fill(&f);
  shed_json *v = shed_verdict_to_json(&f.verdict, &f.prompt, &f.take);
  SWEEP_ALLOCATIONS(a, {
    shed_verdict again = {0};
    sweep_status       = shed_verdict_from_json(v, &a.alloc, &again, NULL);
    shed_verdict_free(&again);
  });
  shed_json_free(v);
  line_free(&f.line);
}

static void
dimensions_and_labels_are_found_by_name(void **state)
{
  fixture f;
  (void)state;
  fill(&f);
  assert_ptr_equal(shed_verdict_dimension(&f.verdict, "sustain"), &f.verdict.dimensions[1]);
  assert_null(shed_verdict_dimension(&f.verdict, "tone"));
  assert_null(shed_pitch_label_name(SHED_PITCH_NONE));
  assert_string_equal(shed_pitch_label_name(SHED_PITCH_UNSURE), "unsure");
  assert_string_equal(shed_timing_label_name(SHED_TIMING_ON_TIME), "on_time");
  assert_string_equal(shed_length_label_name(SHED_LENGTH_SHORT), "short");
  assert_null(shed_pitch_label_name((shed_pitch_label)99));
  line_free(&f.line);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_document_is_whole_and_in_order),
      cmocka_unit_test(reading_back_gives_the_same_bytes),
      cmocka_unit_test(a_verdict_beside_another_prompt_names_no_place),
      cmocka_unit_test(wrong_members_are_refused_with_their_place),
      cmocka_unit_test(advice_of_a_later_version_is_passed_over),
      cmocka_unit_test(running_out_of_memory_leaves_nothing),
      cmocka_unit_test(dimensions_and_labels_are_found_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
