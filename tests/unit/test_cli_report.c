// Reports against texts that were read by a person. SHED_WRITE_FIXTURES=1 writes them anew: read the difference then.
#include "app/cli/report.h"
#include "assessors/assessor.h"

#include "tests/support/check.h"
#include "tests/support/line.h"
#include "tests/support/strokes.h"

#include <stdlib.h>

static const shed_report_opts usual = {.columns = 80, .utf8 = true};

static void
check_fixture(const char *name, const shed_verdict *v, const shed_prompt *p, const shed_take *take,
              const shed_report_opts *opts)
{
  shed_str out = {0};
  shed_str was = {0};
  char     path[300];
  shed_report_write(v, p, take, opts, &out);
  (void)snprintf(path, sizeof(path), "%s/tests/fixtures/report/%s.txt", SHED_SOURCE_DIR, name);
  if (getenv("SHED_WRITE_FIXTURES")) {
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(out.text, 1, out.len, f), out.len);
    assert_int_equal(fclose(f), 0);
  }
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  char   piece[4096];
  size_t n;
  while ((n = fread(piece, 1, sizeof(piece), f)) > 0) {
    shed_str_addn(&was, piece, n);
  }
  (void)fclose(f);
  assert_string_equal(shed_str_text(&out), shed_str_text(&was));
  // no line is wider than asked, none ends in a blank
  for (const char *line = out.text; *line;) {
    size_t len = strcspn(line, "\n");
    char   copy[1200];
    (void)snprintf(copy, sizeof(copy), "%.*s", (int)len, line);
    if (!opts->colour && shed_utf8_columns(copy) > (size_t)opts->columns) {
      fail_msg("wider than %d: %s", opts->columns, copy);
    }
    assert_true(len == 0 || line[len - 1] != ' ');
    line += len + (line[len] == '\n');
  }
  shed_str_free(&out);
  shed_str_free(&was);
}

enum { MELODY_NOTES = 13 };

typedef struct {
  shed_line         line;
  shed_prompt       prompt;
  shed_note_verdict notes[MELODY_NOTES];
  shed_extra_note   extras[2];
  shed_restart      restarts[1];
  shed_hesitation   hesitations[1];
  shed_incident     incidents[2];
  shed_verdict      v;
} melody;

static shed_note_verdict
right(int index)
{
  return (shed_note_verdict){.index          = index,
                             .take_index     = index,
                             .pitch          = SHED_PITCH_CORRECT,
                             .timing         = SHED_TIMING_ON_TIME,
                             .length         = SHED_LENGTH_OK,
                             .credit         = 1,
                             .played_midi    = -1,
                             .cents          = 3,
                             .onset_s        = index * 0.6,
                             .onset_error_ms = 8,
                             .confidence     = 0.98};
}

static void
fill(melody *m)
{
  *m      = (melody){0};
  m->line = line_of("Bb3:1 C4:1 D4:1 Eb4:1 | F4:2 D4:1/2 Eb4:1/2 F4:1 | G4:1 A4:1/3 Bb4:1/3 C5:1/3 Bb4:2", 96,
                    4, 4);
  for (size_t i = 0; i < m->line.n_notes; i++) {
    m->line.notes[i].written = shed_pitch_transpose(m->line.notes[i].sounding, 1, 2);
    m->notes[i]              = right((int)i);
  }
  m->notes[2].pitch          = SHED_PITCH_SHARP;
  m->notes[2].cents          = 41.3;
  m->notes[3].pitch          = SHED_PITCH_WRONG;
  m->notes[3].played_midi    = 64;
  m->notes[3].timing         = SHED_TIMING_LATE;
  m->notes[3].onset_error_ms = 94;
  m->notes[5].pitch          = SHED_PITCH_MISSED;
  m->notes[5].timing         = SHED_TIMING_NONE;
  m->notes[5].length         = SHED_LENGTH_NONE;
  m->notes[6].timing         = SHED_TIMING_EARLY;
  m->notes[6].onset_error_ms = -85;
  m->notes[7].length         = SHED_LENGTH_SHORT;
  m->notes[8].pitch          = SHED_PITCH_UNSURE;
  m->notes[8].timing         = SHED_TIMING_UNSURE;
  m->notes[11].pitch         = SHED_PITCH_NONE;
  m->notes[11].timing        = SHED_TIMING_NONE;
  m->notes[11].length        = SHED_LENGTH_NONE;
  m->notes[12].pitch         = SHED_PITCH_FLAT;
  m->notes[12].cents         = -36;
  m->extras[0]               = (shed_extra_note){2.92, 64, 9, 0.9};
  m->extras[1]               = (shed_extra_note){6.4, -1, 14, 0.8};
  m->restarts[0]             = (shed_restart){4.21, 7, 4};
  m->hesitations[0]          = (shed_hesitation){5.5, 8, 0.84};
  m->incidents[0]            = (shed_incident){"skip", 3.0, 5, 5, 1};
  m->incidents[1]            = (shed_incident){"drift", NAN, 0, 12, -22};
  m->prompt                  = (shed_prompt){.kind      = "piece",
                                             .id        = "wind/first-piece",
                                             .title     = "A first piece in B♭",
                                             .profile   = "clarinet",
                                             .line      = m->line,
                                             .tempo_bpm = 96,
                                             .a4_hz     = 440};
  m->prompt.targets[0]       = (shed_target){"pitch", 0.9};
  m->prompt.targets[1]       = (shed_target){"rhythm", 0.8};
  m->prompt.n_targets        = 2;
  m->v                       = (shed_verdict){.score         = 0.784,
                                              .passed        = 0,
                                              .assessed      = 0.92,
                                              .tempo_bpm     = 91.6,
                                              .tuning_cents  = -7.6,
                                              .octave_shift  = 0,
                                              .n_dimensions  = 4,
                                              .notes         = m->notes,
                                              .n_notes       = m->line.n_notes,
                                              .extras        = m->extras,
                                              .n_extras      = 2,
                                              .restarts      = m->restarts,
                                              .n_restarts    = 1,
                                              .hesitations   = m->hesitations,
                                              .n_hesitations = 1,
                                              .incidents     = m->incidents,
                                              .n_incidents   = 2,
                                              .n_advice      = 2,
                                              .n_warnings    = 1,
                                              .policy_id     = "year-2"};
  m->v.dimensions[0]         = (shed_dimension){"pitch", 0.82, 0.92, NAN, ""};
  m->v.dimensions[1]         = (shed_dimension){"rhythm", 0.86, 1, NAN, ""};
  m->v.dimensions[2]         = (shed_dimension){"intonation", 0.7, 0.85, 16.2, "cents"};
  m->v.dimensions[3]         = (shed_dimension){"continuity", NAN, 0, NAN, ""};
  m->v.advice[0]             = shed_message_of(SHED_MSG_long_tone_high);
  shed_message_str(&m->v.advice[0], "note", "E4");
  shed_message_num(&m->v.advice[0], "cents", 41, 0);
  m->v.advice[1]   = shed_message_of(SHED_MSG_take_noisy);
  m->v.warnings[0] = shed_message_of(SHED_MSG_take_clipped);
  shed_message_num(&m->v.warnings[0], "n", 1, 0);
  assert_int_equal(m->line.n_notes, MELODY_NOTES);
}

static void
a_melody_as_its_player_reads_it(void **state)
{
  melody m;
  (void)state;
  fill(&m);
  check_fixture("melody", &m.v, &m.prompt, NULL, &usual);
  check_fixture("melody-concert", &m.v, &m.prompt, NULL,
                &(shed_report_opts){.columns = 80, .utf8 = true, .concert = true});
  check_fixture("melody-narrow", &m.v, &m.prompt, NULL, &(shed_report_opts){.columns = 46, .utf8 = true});
  check_fixture("melody-ascii", &m.v, &m.prompt, NULL, &(shed_report_opts){.columns = 80});
  check_fixture("melody-colour", &m.v, &m.prompt, NULL,
                &(shed_report_opts){.columns = 80, .utf8 = true, .colour = true});
  line_free(&m.line);
}

static void
ascii_means_ascii(void **state)
{
  melody   m;
  shed_str out = {0};
  (void)state;
  fill(&m);
  shed_report_write(&m.v, &m.prompt, NULL, &(shed_report_opts){.columns = 80}, &out);
  for (size_t i = 0; i < out.len; i++) {
    if ((unsigned char)out.text[i] >= 0x80 || out.text[i] == '\033') {
      fail_msg("byte %zu is 0x%02x", i, (unsigned char)out.text[i]);
    }
  }
  shed_str_free(&out);
  line_free(&m.line);
}

static void
colour_adds_nothing_but_colour(void **state)
{
  melody   m;
  shed_str with = {0}, without = {0}, stripped = {0};
  (void)state;
  fill(&m);
  shed_report_write(&m.v, &m.prompt, NULL, &usual, &without);
  shed_report_write(&m.v, &m.prompt, NULL, &(shed_report_opts){.columns = 80, .utf8 = true, .colour = true},
                    &with);
  for (const char *p = with.text; *p;) {
    if (*p == '\033') {
      p += strcspn(p, "m") + 1;
    } else {
      shed_str_addn(&stripped, p++, 1);
    }
  }
  assert_string_equal(stripped.text, without.text);
  shed_str_free(&with);
  shed_str_free(&without);
  shed_str_free(&stripped);
  line_free(&m.line);
}

static void
claps_are_named_by_their_beats(void **state)
{
  static const char text[] = "x:3/4 x:1/4 x:1 x:1/2 x:1/2 x:1 | x:1 r:1 x:1/2 x:1/2 x:1";
  shed_line         line   = line_of(text, 80, 4, 4);
  shed_prompt       prompt = strokes_prompt(&line);
  static strokes    played;
  shed_policy       policy;
  shed_verdict      v = {0};
  (void)state;
  (void)snprintf(prompt.title, sizeof(prompt.title), "Rhythm in 4/4");
  prompt.targets[0] = (shed_target){"rhythm", 0.85};
  prompt.n_targets  = 1;
  strokes_play(&played, &line, 1.05, 0.4);
  played.at_s[1] -= 0.18;
  strokes_add(&played, played.at_s[6] + 0.8, 1);
  strokes_remove(&played, 8);
  shed_take take = strokes_take(&played, SHED_TAKE_ONSETS);
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  CHECK_OK(shed_assessor_find("rhythm")->judge(&prompt, &take, &policy, NULL, &v, NULL));
  check_fixture("clap", &v, &prompt, &take, &usual);
  shed_verdict_free(&v);
  line_free(&line);
}

static void
an_allowed_slip_is_said(void **state)
{
  melody m;
  (void)state;
  fill(&m);
  m.v.n_notes             = 9;
  m.v.dimensions[0].score = 8.0 / 9;
  m.v.passed              = 0; // for the other dimension
  check_fixture("slip", &m.v, &m.prompt, NULL, &usual);
  line_free(&m.line);
}

static void
silence_is_not_assessed(void **state)
{
  shed_line    line   = line_of("G4:4 | A4:4", 80, 4, 4);
  shed_prompt  prompt = {.id = "file:x.musicxml", .line = line, .a4_hz = 440};
  shed_take    take   = {.kind = SHED_TAKE_AUDIO, .snr_db = NAN};
  shed_policy  policy;
  shed_verdict v = {0};
  (void)state;
  shed_take_warn(&take, shed_message_of(SHED_MSG_take_silent));
  prompt.targets[0] = (shed_target){"sustain", 0.85};
  prompt.n_targets  = 1;
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  CHECK_OK(shed_assessor_find("long_tone")->judge(&prompt, &take, &policy, NULL, &v, NULL));
  check_fixture("silence", &v, &prompt, &take, &usual);
  shed_verdict_free(&v);
  line_free(&line);
}

static void
quiet_bars_of_a_long_piece_share_a_line(void **state)
{
  static const char bar[] = "C4:1 E4:1 G4:2 | ";
  shed_str          text  = {0};
  shed_verdict      v = {.score = 0.97, .passed = -1, .assessed = 1, .tempo_bpm = NAN, .tuning_cents = 0.4};
  (void)state;
  for (int i = 0; i < 20; i++) {
    shed_str_add(&text, bar);
  }
  shed_line   line   = line_of(shed_str_text(&text), 80, 4, 4);
  shed_prompt prompt = {.title = "Twenty bars", .line = line};
  v.n_notes          = line.n_notes;
  v.notes            = calloc(v.n_notes, sizeof(*v.notes));
  assert_non_null(v.notes);
  for (size_t i = 0; i < v.n_notes; i++) {
    v.notes[i] = right((int)i);
    if (i >= 30) {
      line.notes[i].pass = 2; // the second half is the repeat of the first
      (void)snprintf(line.notes[i].measure, sizeof(line.notes[i].measure), "%zu", i / 3 - 9);
    }
  }
  for (size_t i = 13; i < 60; i += 11) {
    v.notes[i].pitch       = SHED_PITCH_WRONG;
    v.notes[i].played_midi = 65;
  }
  check_fixture("long", &v, &prompt, NULL, &usual);
  free(v.notes);
  line_free(&line);
  shed_str_free(&text);
}

static void
a_verdict_of_another_prompt_does_no_harm(void **state)
{
  melody      m;
  shed_str    out   = {0};
  shed_prompt empty = {.id = "other"};
  (void)state;
  fill(&m);
  shed_report_write(&m.v, &empty, NULL, &usual, &out);
  assert_non_null(strstr(out.text, "Pitch"));
  m.notes[4].index = 1000;
  m.notes[0].index = 999999;
  shed_report_write(&m.v, &m.prompt, NULL, &usual, &out);
  shed_str_free(&out);
  line_free(&m.line);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_melody_as_its_player_reads_it),
      cmocka_unit_test(ascii_means_ascii),
      cmocka_unit_test(colour_adds_nothing_but_colour),
      cmocka_unit_test(claps_are_named_by_their_beats),
      cmocka_unit_test(an_allowed_slip_is_said),
      cmocka_unit_test(silence_is_not_assessed),
      cmocka_unit_test(quiet_bars_of_a_long_piece_share_a_line),
      cmocka_unit_test(a_verdict_of_another_prompt_does_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
