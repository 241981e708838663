// Judging again: the same to the byte, who moves, what a gate would say, what is written, and what a teacher decided.
#include "app/session/regrade.h"

#include "app/session/progress.h"
#include "mastery/store/inside.h"
#include "mastery/store/policy.h"
#include "mastery/store/progress.h"
#include "tests/support/kept_take.h"
#include "tests/support/strokes.h"
#include "tests/support/temp_store.h"

static const char    DRILL[]  = "applied-instrumental/rhythm/phrases";
static const int64_t DAY_MS   = 86400000;
static const int64_t START_MS = 1795303800000;

typedef struct {
  temp_store         t;
  shed_library      *library;
  const shed_course *course;
  const shed_unit   *unit;
  shed_policy        year_1, college;
  int                n;     // takes kept
  int                again; // judged again
} room;

static void
enter(room *r)
{
  const shed_drill *drill;
  *r = (room){.n = 0};
  temp_store_begin(&r->t);
  CHECK_OK(shed_library_open(SHED_SOURCE_DIR "/content", NULL, &r->library, NULL));
  CHECK_OK(shed_library_drill(r->library, DRILL, &r->course, &r->unit, &drill, NULL));
  CHECK_OK(shed_policy_preset("year-1", &r->year_1, NULL));
  CHECK_OK(shed_policy_preset("college", &r->college, NULL));
}

static void
leave(room *r)
{
  shed_library_free(r->library);
  temp_store_end(&r->t);
}

// A counted take of the student's, each stroke off by @p ms to and fro.
static shed_uuid
play(room *r, double ms, const shed_policy *policy)
{
  shed_prompt  prompt = {0};
  shed_profile flute;
  strokes     *s = calloc(1, sizeof(*s));
  assert_non_null(s);
  CHECK_OK(shed_profile_find("flute", &flute, NULL));
  CHECK_OK(shed_course_prompt(r->course, DRILL, &flute, 1, (uint64_t)r->n + 1, NULL, &prompt, NULL));
  double scale = prompt.tempo_bpm > 0 ? prompt.line.tempo_bpm / prompt.tempo_bpm : 1;
  for (size_t i = 0; i < prompt.line.n_notes; i++) {
    strokes_add(s, 1 + scale * prompt.line.notes[i].onset_s + (i % 2 ? 1 : -1) * ms / 1000, 1);
  }
  shed_take take  = strokes_take(s, SHED_TAKE_ONSETS);
  kept_opts o     = {.student = r->t.student.id,
                     .course  = "applied-instrumental",
                     .unit    = r->unit->id,
                     .at_ms   = START_MS + r->n * DAY_MS,
                     .counted = true,
                     .sound   = r->n};
  shed_uuid event = kept_take(r->t.store, &prompt, &take, policy, &o);
  shed_prompt_free(&prompt);
  free(s);
  r->n++;
  return event;
}

static shed_decider
teacher(const room *r)
{
  return (shed_decider){.actor = r->t.teacher.id, .student = r->t.student.id, .reason = "for the test"};
}

static shed_regrade_sum
again(room *r, const shed_policy *policy, bool apply)
{
  shed_regrade_sum sum;
  shed_error       err   = {0};
  shed_decider     who   = teacher(r);
  who.at_ms              = START_MS + (100 + r->again++) * DAY_MS; // of two at one moment the id would decide
  shed_regrade_opts opts = {.policy = policy, .library = r->library, .apply = apply ? &who : NULL};
  shed_status       st   = shed_regrade(r->t.store, &opts, NULL, NULL, &sum, &err);
  if (st != SHED_OK) {
    fail_msg("%s: %s: %s", shed_status_text(st), err.where, err.what);
  }
  return sum;
}

static bool
gate_is_open(const room *r)
{
  shed_profile flute;
  shed_gate    gate;
  CHECK_OK(shed_profile_find("flute", &flute, NULL));
  shed_gate_rule rule = shed_progress_rule(r->course, r->unit, &flute);
  CHECK_OK(shed_store_gate(r->t.store, &r->t.student.id, &rule, &gate, NULL));
  return gate.advance;
}

static void
nothing_changed_is_the_same_to_the_byte(void **state)
{
  room r;
  (void)state;
  enter(&r);
  for (int i = 0; i < 6; i++) {
    (void)play(&r, 15. * i, i % 2 ? &r.college : &r.year_1);
  }
  shed_regrade_sum sum = again(&r, NULL, false);
  assert_int_equal(sum.takes, 6);
  assert_int_equal(sum.same, 6);
  assert_int_equal(sum.written, 0);
  leave(&r);
}

static void
a_stricter_policy_moves_takes_and_closes_the_gate_only_when_applied(void **state)
{
  room r;
  (void)state;
  enter(&r);
  for (int i = 0; i < 4; i++) {
    (void)play(&r, 70, &r.year_1);
  }
  assert_true(gate_is_open(&r));
  shed_regrade_sum dry = again(&r, &r.college, false);
  assert_int_equal(dry.moved, 4);
  assert_int_equal(dry.closed, 1);
  assert_int_equal(dry.written, 0);
  assert_true(gate_is_open(&r));
  shed_regrade_sum wet = again(&r, &r.college, true);
  assert_int_equal(wet.written, 4);
  assert_false(gate_is_open(&r));
  assert_int_equal(again(&r, NULL, false).same, 4);       // by its own policy: that is college now
  assert_int_equal(again(&r, &r.year_1, true).opened, 1); // and back, by further events
  assert_true(gate_is_open(&r));
  leave(&r);
}

static void
what_a_teacher_corrected_stays(void **state)
{
  room r;
  (void)state;
  enter(&r);
  shed_uuid      take  = play(&r, 70, &r.year_1);
  shed_decider   who   = teacher(&r);
  shed_gate_mark marks = {"rhythm", .9, 1, 20};
  CHECK_OK(shed_store_correct_take(r.t.store, &who, &take, .9, 1, &marks, 1, NULL, NULL));
  shed_regrade_sum sum = again(&r, &r.college, true);
  assert_int_equal(sum.kept, 1);
  assert_int_equal(sum.written, 0);
  leave(&r);
}

static bool
look_at_take(void *ctx, const shed_stored_take *t)
{
  *(shed_stored_take *)ctx = *t;
  return true;
}

// A correction that another store wrote without knowing of the judging again goes before it all the same.
static void
a_correction_goes_before_a_judging_again_whichever_came_later(void **state)
{
  room r;
  (void)state;
  enter(&r);
  shed_stored_take seen;
  shed_decider     who   = teacher(&r);
  shed_gate_mark   marks = {"rhythm", .97, 1, 20};
  shed_uuid        take  = play(&r, 70, &r.year_1);
  (void)again(&r, &r.college, true);
  CHECK_OK(shed_store_each_take(r.t.store, &r.t.student.id, NULL, look_at_take, &seen, NULL));
  assert_true(seen.regraded && !seen.corrected);
  who.at_ms = START_MS; // long before
  CHECK_OK(shed_store_correct_take(r.t.store, &who, &take, .97, 1, &marks, 1, NULL, NULL));
  CHECK_OK(shed_store_each_take(r.t.store, &r.t.student.id, NULL, look_at_take, &seen, NULL));
  assert_true(seen.corrected && !seen.regraded);
  CHECK_NEAR(seen.score, .97, 1e-9);
  leave(&r);
}

static void
an_override_stays(void **state)
{
  room r;
  (void)state;
  enter(&r);
  for (int i = 0; i < 4; i++) {
    (void)play(&r, 70, &r.year_1);
  }
  shed_decider who = teacher(&r);
  CHECK_OK(shed_store_override(r.t.store, &who, r.unit->id, "advance", NULL, NULL));
  assert_int_equal(again(&r, &r.college, true).closed, 0);
  assert_true(gate_is_open(&r));
  leave(&r);
}

static void
a_given_policy_goes_before_the_one_asked_for(void **state)
{
  room r;
  (void)state;
  enter(&r);
  (void)play(&r, 70, &r.year_1);
  shed_decider who = teacher(&r);
  shed_json   *p   = shed_policy_to_json(&r.year_1);
  CHECK_OK(shed_store_give_policy(r.t.store, &who, r.unit->id, p, NULL, NULL));
  shed_json_free(p);
  shed_regrade_sum sum = again(&r, &r.college, false);
  assert_int_equal(sum.given, 1);
  assert_int_equal(sum.same, 1);
  leave(&r);
}

typedef struct {
  int  n;
  char what[300];
} failures;

static void
note_failure(void *ctx, const shed_regraded *t)
{
  failures *f = ctx;
  if (t->outcome == SHED_REGRADED_NOT) {
    f->n++;
    (void)snprintf(f->what, sizeof(f->what), "%s", t->err->what);
  }
}

// A take from before policies were kept whole is judged by the preset of its name; one whose policy nobody has is told.
static void
a_policy_that_nobody_has_any_more_is_told(void **state)
{
  room r;
  (void)state;
  enter(&r);
  shed_policy own = r.year_1;
  (void)snprintf(own.id, sizeof(own.id), "lost/policy");
  shed_prompt  prompt = {0};
  shed_profile flute;
  strokes     *s = calloc(1, sizeof(*s));
  assert_non_null(s);
  CHECK_OK(shed_profile_find("flute", &flute, NULL));
  CHECK_OK(shed_course_prompt(r.course, DRILL, &flute, 1, 1, NULL, &prompt, NULL));
  strokes_play(s, &prompt.line, 1, 1);
  shed_take take = strokes_take(s, SHED_TAKE_ONSETS);
  kept_opts o    = {
         .student = r.t.student.id, .unit = r.unit->id, .at_ms = START_MS, .sound = 1, .without_policy = true};
  (void)kept_take(r.t.store, &prompt, &take, &r.year_1, &o);
  o.sound = 2;
  (void)kept_take(r.t.store, &prompt, &take, &own, &o);
  failures                f    = {0};
  const shed_regrade_told told = {.ctx = &f, .take = note_failure};
  shed_regrade_opts       opts = {.library = r.library};
  shed_regrade_sum        sum;
  CHECK_OK(shed_regrade(r.t.store, &opts, &told, NULL, &sum, NULL));
  assert_int_equal(sum.same, 1);
  assert_int_equal(f.n, 1);
  assert_non_null(strstr(f.what, "--policy"));
  shed_prompt_free(&prompt);
  free(s);
  leave(&r);
}

static void
the_derived_tables_are_made_again_the_same(void **state)
{
  room        r;
  shed_sha256 before, after;
  (void)state;
  enter(&r);
  (void)play(&r, 70, &r.year_1);
  (void)again(&r, &r.college, true);
  shed_decider who = teacher(&r);
  shed_json   *p   = shed_policy_to_json(&r.college);
  CHECK_OK(shed_store_give_policy(r.t.store, &who, NULL, p, NULL, NULL));
  shed_json_free(p);
  CHECK_OK(shed_derive_digest(r.t.store, &before));
  CHECK_OK(shed_derive_all(r.t.store));
  CHECK_OK(shed_derive_digest(r.t.store, &after));
  assert_string_equal(before.text, after.text);
  leave(&r);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_changed_is_the_same_to_the_byte),
      cmocka_unit_test(a_stricter_policy_moves_takes_and_closes_the_gate_only_when_applied),
      cmocka_unit_test(what_a_teacher_corrected_stays),
      cmocka_unit_test(a_correction_goes_before_a_judging_again_whichever_came_later),
      cmocka_unit_test(an_override_stays),
      cmocka_unit_test(a_given_policy_goes_before_the_one_asked_for),
      cmocka_unit_test(a_policy_that_nobody_has_any_more_is_told),
      cmocka_unit_test(the_derived_tables_are_made_again_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
