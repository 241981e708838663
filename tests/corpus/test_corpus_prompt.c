#include "engine/base/file.h"
#include "engine/task/prompt.h"
#include "tests/corpus/make_job.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

// The prompt as a job, by way of its file.
static corpus_job *
job_of(const shed_prompt *p, bool inside)
{
  static corpus_job j;
  char              path[] = "/tmp/woodshed_prompt_XXXXXX";
  int               fd     = mkstemp(path);
  shed_str          text   = {0};
  shed_error        err    = {0};
  shed_json        *v      = shed_prompt_to_json(p);
  assert_true(fd >= 0);
  (void)close(fd);
  if (inside) {
    shed_json *outer = shed_json_object();
    shed_json_set(outer, "prompt", v);
    v = outer;
  }
  shed_json_write(v, SHED_JSON_PRETTY, &text);
  shed_json_free(v);
  CHECK_OK(shed_file_write_atomic(path, shed_str_text(&text), text.len, NULL));
  shed_str_free(&text);
  memset(&j, 0, sizeof(j));
  j.lead_in_s = NAN;
  if (corpus_job_prompt(&j, path, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  (void)unlink(path);
  return &j;
}

static shed_prompt
prompt_of(const char *tune, double bpm)
{
  corpus_tune t;
  shed_prompt p = {.tempo_bpm = bpm, .a4_hz = 440, .click_start_s = NAN};
  CHECK_OK(corpus_tune_find(tune, &t));
  CHECK_OK(corpus_tune_line(&t, bpm, NULL, &p.line));
  (void)snprintf(p.kind, sizeof(p.kind), "piece");
  (void)snprintf(p.id, sizeof(p.id), "test:%s", tune);
  (void)snprintf(p.assessor, sizeof(p.assessor), "melody");
  return p;
}

static void
a_prompt_is_played_as_asked(void **state)
{
  static corpus_performance p;
  shed_prompt               asked = prompt_of("grace", 84);
  (void)state;
  asked.a_click       = true;
  asked.click_start_s = 2.5;
  (void)snprintf(asked.profile, sizeof(asked.profile), "trumpet");
  for (int inside = 0; inside < 2; inside++) {
    corpus_job *j = job_of(&asked, inside != 0);
    assert_string_equal(j->instrument->id, "trumpet");
    CHECK_NEAR(j->bpm, 84, 1e-9);
    CHECK_NEAR(j->lead_in_s, 2.5, 1e-9);
    CHECK_OK(corpus_perform(&j->tune, j->bpm, j->lead_in_s, &j->human, NULL, 0, 1, &p, NULL));
    assert_int_equal(p.n, asked.line.n_notes);
    for (size_t i = 0; i < p.n; i++) {
      assert_int_equal(p.played[i].midi, asked.line.notes[i].midi);
      CHECK_NEAR(p.played[i].onset_s, 2.5 + asked.line.notes[i].onset_s, 1e-3);
    }
  }
  corpus_line_free(&asked.line);
}

static void
strokes_are_clapped_and_songs_sung(void **state)
{
  shed_prompt asked = prompt_of("clap_dotted", 100);
  (void)state;
  const corpus_job *j = job_of(&asked, false);
  assert_string_equal(j->instrument->id, "clap");
  assert_true(j->exact);
  corpus_line_free(&asked.line);
  asked      = prompt_of("frere", 100);
  asked.sung = true;
  j          = job_of(&asked, false);
  assert_string_equal(j->instrument->id, "soprano");
  corpus_line_free(&asked.line);
}

static void
other_profiles_have_their_own_program(void **state)
{
  shed_prompt asked = prompt_of("frere", 100);
  (void)state;
  (void)snprintf(asked.profile, sizeof(asked.profile), "piccolo");
  const corpus_job *j = job_of(&asked, false);
  assert_int_equal(j->instrument->program, 72);
  corpus_line_free(&asked.line);
}

static void
grace_notes_come_before_and_chords_together(void **state)
{
  static corpus_performance p;
  static corpus_tune        t;
  const corpus_human        machine  = {0};
  shed_sounding_note        notes[4] = {
             {.pitched = true, .midi = 62, .onset_s = 1, .flags = SHED_NOTE_GRACE},
             {.pitched = true, .midi = 60, .onset_s = 1, .duration_s = 1, .flags = SHED_NOTE_CHORD},
             {.pitched = true, .midi = 64, .onset_s = 1, .duration_s = 1},
             {.pitched = true, .midi = 65, .onset_s = 2, .duration_s = 0.5}};
  shed_line line = {.notes = notes, .n_notes = 4, .length_s = 2.5};
  (void)state;
  CHECK_OK(corpus_tune_of_line(&line, 77, &t, NULL));
  CHECK_OK(corpus_perform(&t, 77, 0, &machine, NULL, 0, 1, &p, NULL));
  CHECK_NEAR(p.played[0].onset_s, 0.93, 1e-3);
  CHECK_NEAR(p.played[1].onset_s, 1, 1e-3);
  CHECK_NEAR(p.played[2].onset_s, 1, 1e-3);
  CHECK_NEAR(p.played[1].duration_s, 0.92, 2e-3); // not cut by the note beside it
  CHECK_NEAR(p.played[3].onset_s, 2, 1e-3);
  line.n_notes = 0;
  CHECK_STATUS(corpus_tune_of_line(&line, 77, &t, NULL), SHED_E_RANGE);
  line.n_notes = CORPUS_NOTES_MAX + 1;
  CHECK_STATUS(corpus_tune_of_line(&line, 77, &t, NULL), SHED_E_LIMIT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_prompt_is_played_as_asked),
      cmocka_unit_test(strokes_are_clapped_and_songs_sung),
      cmocka_unit_test(other_profiles_have_their_own_program),
      cmocka_unit_test(grace_notes_come_before_and_chords_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
