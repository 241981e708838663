#include "app/session/session.h"

#include "app/session/library.h"
#include "app/session/progress.h"
#include "app/session/target.h"
#include "engine/audio/render.h"
#include "engine/base/file.h"
#include "mastery/store/progress.h"

#include "tests/support/check.h"
#include "tests/support/remove_folder.h"

#include <stdlib.h>
#include <unistd.h>

// A folder with a take in it, a course and a store: what a lesson needs.
typedef struct {
  char               folder[64], wav[128], db[128];
  shed_library      *library;
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *drill;
  shed_profile       flute;
  shed_store        *store;
  shed_person        student;
} room;

static const char DRILL[] = "applied-instrumental/first-notes/scales";

static int
make_room(void **state)
{
  room *r = calloc(1, sizeof(*r));
  if (!r) {
    return -1;
  }
  *state = r;
  (void)snprintf(r->folder, sizeof(r->folder), "/tmp/shed-session-XXXXXX");
  if (!mkdtemp(r->folder)) {
    return -1;
  }
  (void)snprintf(r->wav, sizeof(r->wav), "%s/take.wav", r->folder);
  (void)snprintf(r->db, sizeof(r->db), "%s/store.db", r->folder);
  shed_prompt      prompt = {0};
  shed_sound       sound  = {0};
  shed_render_opts opts   = {.rate_hz = 44100, .tail_s = 0.5};
  CHECK_OK(shed_library_open(SHED_SOURCE_DIR "/content", NULL, &r->library, NULL));
  CHECK_OK(shed_library_drill(r->library, DRILL, &r->course, &r->unit, &r->drill, NULL));
  CHECK_OK(shed_profile_find("flute", &r->flute, NULL));
  CHECK_OK(shed_course_prompt(r->course, DRILL, &r->flute, 1, 3, NULL, &prompt, NULL));
  CHECK_OK(shed_render_line(&prompt.line, r->flute.gm_program, 37, &opts, NULL, &sound, NULL));
  CHECK_OK(shed_sound_save(r->wav, sound.x, sound.n, sound.rate_hz, NULL));
  shed_sound_free(&sound);
  shed_prompt_free(&prompt);
  CHECK_OK(shed_store_open(&r->store, r->db, NULL, NULL));
  CHECK_OK(shed_store_add_person(r->store, SHED_ROLE_STUDENT, "Tester", &r->student, NULL));
  return 0;
}

static int
leave_room(void **state)
{
  room *r = *state;
  shed_store_close(r->store);
  shed_library_free(r->library);
  remove_folder(r->folder);
  free(r);
  return 0;
}

static void
ready(room *r, shed_session *s, uint64_t seed)
{
  shed_prompt prompt = {0};
  shed_policy policy;
  CHECK_OK(shed_course_prompt(r->course, DRILL, &r->flute, 1, seed, NULL, &prompt, NULL));
  CHECK_OK(shed_policy_preset(prompt.policy, &policy, NULL));
  CHECK_OK(shed_session_ready(s, &prompt, &policy));
  shed_prompt_free(&prompt); // taken: empty, and legal to free
}

static size_t
files_in_takes(const room *r)
{
  size_t n = 0;
  DIR   *d = opendir(shed_store_takes_folder(r->store));
  for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
    n += strstr(e->d_name, ".flac") != NULL;
  }
  if (d) {
    (void)closedir(d);
  }
  return n;
}

static void
a_take_goes_all_the_way(void **state)
{
  room                *r    = *state;
  shed_session        *s    = NULL;
  shed_session_keeping how  = {.student         = r->student.id,
                               .course          = "applied-instrumental",
                               .unit            = r->unit->id,
                               .performed_at_ms = 1795303800000};
  shed_gate_rule       rule = shed_progress_rule(r->course, r->unit, &r->flute);
  shed_gate            gate;
  shed_uuid            event;
  CHECK_OK(shed_session_new(&s, r->store, NULL));
  assert_int_equal(shed_session_state_of(s), SHED_SESSION_IDLE);
  ready(r, s, 3);
  CHECK_OK(shed_session_count(s, true, NULL));
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  CHECK_OK(shed_session_judge(s, NULL));
  assert_int_equal(shed_session_verdict(s)->passed, 1);
  CHECK_OK(shed_session_keep(s, &how, &event, NULL));
  assert_int_equal(shed_session_state_of(s), SHED_SESSION_IDLE);
  assert_int_equal(files_in_takes(r), 1);
  CHECK_OK(shed_store_gate(r->store, &r->student.id, &rule, &gate, NULL));
  assert_int_equal(gate.counted, 1);
  assert_true(gate.dimensions[0].cells[0].reached);
  shed_session_free(s);
}

static void
nothing_happens_out_of_turn(void **state)
{
  room                *r   = *state;
  shed_session        *s   = NULL;
  shed_error           err = {0};
  shed_session_keeping how = {.student = r->student.id, .performed_at_ms = 1795303800000};
  CHECK_OK(shed_session_new(&s, r->store, NULL));
  CHECK_STATUS(shed_session_hear_file(s, r->wav, NULL, NULL, &err), SHED_E_STATE);
  CHECK_STATUS(shed_session_judge(s, &err), SHED_E_STATE);
  CHECK_STATUS(shed_session_keep(s, &how, NULL, &err), SHED_E_STATE);
  assert_null(shed_session_verdict(s));
  ready(r, s, 3);
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  // counting is said before the take is played, never after it was heard
  CHECK_STATUS(shed_session_count(s, true, &err), SHED_E_STATE);
  assert_non_null(strstr(err.what, "before"));
  shed_session_free(s);
}

static void
a_file_that_is_none_leaves_the_prompt_standing(void **state)
{
  room         *r   = *state;
  shed_session *s   = NULL;
  shed_error    err = {0};
  char          bad[160];
  (void)snprintf(bad, sizeof(bad), "%s/bad.wav", r->folder);
  CHECK_OK(shed_file_write_atomic(bad, "no sound", 8, NULL));
  CHECK_OK(shed_session_new(&s, r->store, NULL));
  ready(r, s, 3);
  CHECK_STATUS(shed_session_hear_file(s, bad, NULL, NULL, &err), SHED_E_FORMAT);
  assert_int_equal(shed_session_state_of(s), SHED_SESSION_READY);
  CHECK_STATUS(shed_session_hear_file(s, "take.mid", NULL, NULL, &err), SHED_E_NOTFOUND);
  assert_int_equal(shed_session_state_of(s), SHED_SESSION_READY);
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  shed_session_free(s);
}

static void
a_take_that_is_not_kept_leaves_nothing(void **state)
{
  room         *r = *state;
  shed_session *s = NULL;
  CHECK_OK(shed_session_new(&s, r->store, NULL));
  ready(r, s, 3);
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  CHECK_OK(shed_session_judge(s, NULL));
  ready(r, s, 4); // changed their mind
  assert_int_equal(files_in_takes(r), 0);
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  shed_session_free(s);
  assert_int_equal(files_in_takes(r), 0);
}

static void
without_a_store_nothing_is_kept(void **state)
{
  room                *r   = *state;
  shed_session        *s   = NULL;
  shed_error           err = {0};
  shed_session_keeping how = {.student = r->student.id, .performed_at_ms = 1795303800000};
  CHECK_OK(shed_session_new(&s, NULL, NULL));
  ready(r, s, 3);
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  CHECK_OK(shed_session_judge(s, NULL));
  CHECK_STATUS(shed_session_keep(s, &how, NULL, &err), SHED_E_STATE);
  shed_session_free(s);
}

static void
problems_find_their_drills(void **state)
{
  static const struct {
    const char *words;
    const char *part_of_id; ///< of one of the best three
  } rows[] = {{"rushes", "/rhythm/"}, {"long note wobbles", "/long-tones/"}};
  room *r  = *state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_library_match found[3];
    size_t             n   = shed_library_find(r->library, rows[i].words, found, 3);
    bool               hit = false;
    for (size_t k = 0; k < n; k++) {
      hit = hit || strstr(found[k].drill->id, rows[i].part_of_id);
    }
    if (!hit) {
      fail_msg("\"%s\" finds no drill of %s among %zu", rows[i].words, rows[i].part_of_id, n);
    }
  }
}

static void
the_next_item_is_one_not_played_yet(void **state)
{
  room             *r = *state;
  const shed_drill *drill;
  uint64_t          seed = 0;
  CHECK_OK(
      shed_progress_next_drill(r->store, &r->student.id, r->course, r->unit, &r->flute, &drill, &seed, NULL));
  assert_int_equal(seed, 1);
  shed_take_record  rec   = {.student         = r->student.id,
                             .course          = r->course->id,
                             .unit            = r->unit->id,
                             .drill           = drill->id,
                             .seed            = 1,
                             .performed_at_ms = 1795303800000,
                             .instrument      = "flute",
                             .score           = 1,
                             .assessed        = 1};
  const shed_drill *first = drill;
  CHECK_OK(shed_store_record_take(r->store, &rec, NULL, NULL));
  CHECK_OK(
      shed_progress_next_drill(r->store, &r->student.id, r->course, r->unit, &r->flute, &drill, &seed, NULL));
  assert_true(drill != first || seed == 2);
  shed_profile instrument;
  CHECK_OK(shed_progress_instrument(r->store, &r->student.id, &instrument, NULL));
  assert_string_equal(instrument.id, "flute");
}

static void
the_score_tells_the_instrument(void **state)
{
  static const struct {
    const char *part, *said, *profile;
    bool        sung;
  } rows[] = {
      {"Flute", NULL, "flute", false},
      {"Voice", NULL, "voice", true},
      {"Flute", "soprano", "soprano", true}, // what the player says goes first
      {"Kazoo", NULL, "", false},
  };
  room *r = *state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    char             xml[600];
    char             path[160];
    shed_prompt      prompt = {0};
    shed_target_opts opts   = {.path = path, .instrument = rows[i].said};
    (void)snprintf(path, sizeof(path), "%s/score.musicxml", r->folder);
    (void)snprintf(
        xml, sizeof(xml),
        "<score-partwise><part-list><score-part id='P1'><part-name>%s</part-name></score-part></part-list>"
        "<part id='P1'><measure number='1'><note><pitch><step>C</step><octave>5</octave></pitch>"
        "<duration>1</duration></note></measure></part></score-partwise>",
        rows[i].part);
    CHECK_OK(shed_file_write_atomic(path, xml, strlen(xml), NULL));
    CHECK_OK(shed_target_from_score(&opts, NULL, &prompt, NULL));
    assert_string_equal(prompt.profile, rows[i].profile);
    assert_int_equal(prompt.sung, rows[i].sung);
    assert_int_equal(prompt.octave, rows[i].sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN);
    shed_prompt_free(&prompt);
  }
}

static void
selections_are_read_as_typed(void **state)
{
  static const struct {
    const char *part, *measures;
    bool        ok;
    const char *name, *voice, *first, *last;
    int         staff;
  } rows[] = {
      {"2", "5-12", true, "2", NULL, "5", "12", 0},
      {"Alto Sax:1:2", "X1", true, "Alto Sax", "2", "X1", "X1", 1},
      {":2", NULL, true, NULL, NULL, NULL, NULL, 2},
      {"1:x", NULL, false, NULL, NULL, NULL, NULL, 0},
      {"1:1:", NULL, false, NULL, NULL, NULL, NULL, 0},
      {NULL, "5-", false, NULL, NULL, NULL, NULL, 0},
      {NULL, "-5", false, NULL, NULL, NULL, NULL, 0},
      {NULL, "1-2-3", false, NULL, NULL, NULL, NULL, 0},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_selection_text text;
    shed_selection      sel = {0};
    shed_status         st  = shed_selection_read(rows[i].part, rows[i].measures, &text, &sel, NULL);
    if ((st == SHED_OK) != rows[i].ok) {
      fail_msg("row %zu: %s", i, shed_status_text(st));
    }
    if (rows[i].ok) {
      assert_int_equal(sel.staff, rows[i].staff);
      assert_true(rows[i].name ? sel.part && strcmp(sel.part, rows[i].name) == 0 : !sel.part);
      assert_true(rows[i].voice ? sel.voice && strcmp(sel.voice, rows[i].voice) == 0 : !sel.voice);
      assert_true(rows[i].first ? sel.first_measure && strcmp(sel.first_measure, rows[i].first) == 0
                                : !sel.first_measure);
      assert_true(rows[i].last ? sel.last_measure && strcmp(sel.last_measure, rows[i].last) == 0
                               : !sel.last_measure);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_take_goes_all_the_way, make_room, leave_room),
      cmocka_unit_test_setup_teardown(nothing_happens_out_of_turn, make_room, leave_room),
      cmocka_unit_test_setup_teardown(a_file_that_is_none_leaves_the_prompt_standing, make_room, leave_room),
      cmocka_unit_test_setup_teardown(a_take_that_is_not_kept_leaves_nothing, make_room, leave_room),
      cmocka_unit_test_setup_teardown(without_a_store_nothing_is_kept, make_room, leave_room),
      cmocka_unit_test_setup_teardown(problems_find_their_drills, make_room, leave_room),
      cmocka_unit_test_setup_teardown(the_next_item_is_one_not_played_yet, make_room, leave_room),
      cmocka_unit_test_setup_teardown(the_score_tells_the_instrument, make_room, leave_room),
      cmocka_unit_test(selections_are_read_as_typed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
