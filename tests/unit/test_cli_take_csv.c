#include "app/cli/take_csv.h"

#include "tests/support/check.h"

#include <locale.h>

static shed_frame frames[] = {
    {.f0_hz = 440.12345F, .confidence = 0.98765F, .level_db = -20.123F, .voiced = true},
    {.f0_hz = 0, .confidence = 0, .level_db = -120, .voiced = false},
};
static shed_heard_note notes[] = {
    {.onset_s = 0.25F, .offset_s = 1.5F, .midi = 69, .cents = -3.456F, .confidence = 1},
    {.onset_s = 2, .offset_s = 2.1F, .midi = -1, .cents = 0, .confidence = 0.5F},
};
static shed_heard_onset onsets[] = {{0.25F, 1.25F, 0.9F}};

static shed_take
sample(void)
{
  return (shed_take){
      .frames = frames, .n_frames = 2, .notes = notes, .n_notes = 2, .onsets = onsets, .n_onsets = 1};
}

static void
check_text(void (*write)(const shed_take *take, shed_str *out), const char *expected)
{
  shed_take take = sample();
  shed_str  out  = {0};
  write(&take, &out);
  assert_string_equal(shed_str_text(&out), expected);
  shed_str_free(&out);
}

static void
rows_have_the_columns_promised(void **state)
{
  (void)state;
  check_text(shed_take_csv_frames, "time_s,f0_hz,voiced,confidence,level_db\n"
                                   "0,440.123,1,0.988,-20.12\n"
                                   "0.01,0,0,0,-120\n");
  check_text(shed_take_csv_notes, "onset_s,offset_s,midi,cents,confidence\n"
                                  "0.25,1.5,69,-3.46,1\n"
                                  "2,2.1,,,0.5\n");
  check_text(shed_take_csv_onsets, "onset_s,strength,confidence\n"
                                   "0.25,1.25,0.9\n");
}

static void
another_locale_changes_nothing(void **state)
{
  (void)state;
  const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"};
  for (size_t i = 0; i < SHED_COUNTOF(locales); i++) {
    if (setlocale(LC_ALL, locales[i])) {
      rows_have_the_columns_promised(state);
    }
  }
  assert_non_null(setlocale(LC_ALL, "C"));
}

static void
events_say_whether_they_are_settled(void **state)
{
  static const struct {
    shed_event  event;
    const char *line;
  } rows[] = {
      {{.kind     = SHED_EVENT_FRAME_PROVISIONAL,
        .at_frame = 441,
        .time_s   = 0.01,
        .u.frame  = {.f0_hz = 100, .voiced = true}},
       "{\"at_frame\": 441, \"state\": \"provisional\", \"kind\": \"frame\", \"time_s\": 0.01, \"f0_hz\": "
       "100.0, "
       "\"voiced\": true, \"confidence\": 0.0, \"level_db\": 0.0}\n"},
      {{.kind = SHED_EVENT_FRAME, .at_frame = 882, .time_s = 0.01},
       "{\"at_frame\": 882, \"state\": \"settled\", \"kind\": \"frame\", \"time_s\": 0.01, \"f0_hz\": 0.0, "
       "\"voiced\": false, \"confidence\": 0.0, \"level_db\": 0.0}\n"},
      {{.kind = SHED_EVENT_ONSET, .at_frame = 900, .time_s = 0.02, .u.onset = {0.02F, 2, 0.5F}},
       "{\"at_frame\": 900, \"state\": \"settled\", \"kind\": \"onset\", \"time_s\": 0.02, \"strength\": "
       "2.0, "
       "\"confidence\": 0.5}\n"},
      {{.kind = SHED_EVENT_NOTE_ON, .at_frame = 1000, .time_s = 0.5, .u.note = {.onset_s = 0.5F, .midi = 60}},
       "{\"at_frame\": 1000, \"state\": \"provisional\", \"kind\": \"note_on\", \"time_s\": 0.5, "
       "\"onset_s\": 0.5, "
       "\"midi\": 60}\n"},
      {{.kind     = SHED_EVENT_NOTE,
        .at_frame = 1001,
        .time_s   = 0.5,
        .u.note   = {.onset_s = 0.5F, .offset_s = 1, .midi = -1}},
       "{\"at_frame\": 1001, \"state\": \"settled\", \"kind\": \"note\", \"time_s\": 0.5, \"onset_s\": 0.5, "
       "\"offset_s\": 1.0, \"midi\": null, \"cents\": null, \"confidence\": 0.0}\n"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_str out = {0};
    shed_event_line(&rows[i].event, &out);
    assert_string_equal(shed_str_text(&out), rows[i].line);
    shed_str_free(&out);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_have_the_columns_promised),
      cmocka_unit_test(another_locale_changes_nothing),
      cmocka_unit_test(events_say_whether_they_are_settled),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
