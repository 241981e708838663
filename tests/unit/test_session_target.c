#include "app/session/target.h"

#include "engine/base/file.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct {
  char folder[64];
  char notes[96], onsets[96], none[96];
} room;

static void
write_file(char *path, size_t size, const char *folder, const char *name, const char *text)
{
  (void)snprintf(path, size, "%s/%s", folder, name);
  CHECK_OK(shed_file_write_atomic(path, text, strlen(text), NULL));
}

static int
set_up(void **state)
{
  room *r = calloc(1, sizeof(*r));
  assert_non_null(r);
  (void)snprintf(r->folder, sizeof(r->folder), "/tmp/woodshed_target_XXXXXX");
  assert_non_null(mkdtemp(r->folder));
  write_file(r->notes, sizeof(r->notes), r->folder, "ref.notes.csv",
             "onset_s,offset_s,midi,cents\n1,1.5,60,3\n1.5,2,62,5\n2,3,64,4\n");
  write_file(r->onsets, sizeof(r->onsets), r->folder, "ref.onsets.csv", "onset_s\n0.5\n1\n1.25\n");
  write_file(r->none, sizeof(r->none), r->folder, "none.onsets.csv", "onset_s\n");
  *state = r;
  return 0;
}

static int
tear_down(void **state)
{
  room *r = *state;
  (void)unlink(r->notes);
  (void)unlink(r->onsets);
  (void)unlink(r->none);
  (void)rmdir(r->folder);
  free(r);
  return 0;
}

static shed_prompt
asked(const char *path, shed_take_kind kind, const char *instrument)
{
  shed_reference_opts opts = {.path = path, .take_kind = kind, .instrument = instrument};
  shed_prompt         p    = {0};
  shed_error          err  = {0};
  if (shed_target_from_reference(&opts, NULL, NULL, NULL, &p, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return p;
}

static void
an_echo_may_be_in_any_key_and_a_pitch_track_is_sung(void **state)
{
  room       *r = *state;
  shed_prompt p = asked(r->notes, SHED_TAKE_F0, NULL);
  assert_string_equal(p.kind, "reference");
  assert_string_equal(p.id, "file:ref.notes.csv");
  assert_string_equal(p.assessor, "echo");
  assert_true(p.sung);
  assert_int_equal(p.key, SHED_KEY_ANY);
  assert_int_equal(p.octave, SHED_OCTAVE_ANY);
  assert_int_equal(p.line.n_notes, 3);
  CHECK_NEAR(p.line.notes[2].onset_s, 1, 1e-6);
  assert_int_equal(strlen(p.source_sha256.text), 64);
  shed_prompt_free(&p);
}

static void
a_named_instrument_plays_it_as_it_stands(void **state)
{
  room       *r = *state;
  shed_prompt p = asked(r->notes, SHED_TAKE_AUDIO, "clarinet");
  assert_int_equal(p.key, SHED_KEY_WRITTEN);
  assert_int_equal(p.octave, SHED_OCTAVE_WRITTEN);
  assert_false(p.sung);
  assert_string_equal(p.profile, "clarinet");
  shed_prompt_free(&p);
}

static void
without_pitches_on_either_side_the_rhythm_is_judged(void **state)
{
  room       *r = *state;
  shed_prompt p = asked(r->onsets, SHED_TAKE_AUDIO, NULL);
  assert_string_equal(p.assessor, "rhythm");
  shed_prompt_free(&p);
  p = asked(r->notes, SHED_TAKE_ONSETS, NULL);
  assert_string_equal(p.assessor, "rhythm");
  shed_prompt_free(&p);
}

static void
chords_are_no_one_line(void **state)
{
  room *r = *state;
  char  path[96];
  write_file(path, sizeof(path), r->folder, "chord.notes.csv",
             "onset_s,offset_s,midi,cents\n1,2,60,0\n1,2,64,0\n");
  shed_prompt p = asked(path, SHED_TAKE_MIDI, NULL);
  assert_string_equal(p.assessor, "melody");
  shed_prompt_free(&p);
  (void)unlink(path);
}

static void
what_cannot_be_asked_is_refused(void **state)
{
  room               *r    = *state;
  shed_reference_opts opts = {.path = r->none};
  shed_prompt         p    = {0};
  shed_error          err  = {0};
  CHECK_STATUS(shed_target_from_reference(&opts, NULL, NULL, NULL, &p, &err), SHED_E_RANGE);
  assert_non_null(strstr(err.what, "nothing is played in it"));
  opts.path       = r->notes;
  opts.instrument = "kazoo";
  CHECK_STATUS(shed_target_from_reference(&opts, NULL, NULL, NULL, &p, &err), SHED_E_NOTFOUND);
  opts.path = "nowhere.f0.csv";
  CHECK_STATUS(shed_target_from_reference(&opts, NULL, NULL, NULL, &p, &err), SHED_E_NOTFOUND);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_echo_may_be_in_any_key_and_a_pitch_track_is_sung),
      cmocka_unit_test(a_named_instrument_plays_it_as_it_stands),
      cmocka_unit_test(without_pitches_on_either_side_the_rhythm_is_judged),
      cmocka_unit_test(chords_are_no_one_line),
      cmocka_unit_test(what_cannot_be_asked_is_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
