#include "app/session/practice.h"

#include "app/session/library.h"
#include "engine/audio/recorder.h"
#include "engine/audio/render.h"
#include "engine/base/file.h"
#include "mastery/store/people.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/remove_folder.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A room to practise in: a drill, a rendered take of it, a clock driven by hand, a store.
typedef struct {
  char               folder[64], live[96], wav[128], db[128];
  shed_library      *library;
  const shed_course *course;
  shed_profile       flute;
  shed_hand_clock    hand;
  shed_clock         clock;
  shed_sound         good;
  shed_store        *store;
  shed_person        student;
} room;

static const char DRILL[] = "applied-instrumental/first-notes/scales";
enum { SEED = 3, RATE_HZ = 44100, BLOCK = 441 };

static void
ask(const room *r, shed_prompt *prompt, shed_policy *policy)
{
  CHECK_OK(shed_course_prompt(r->course, DRILL, &r->flute, 1, SEED, NULL, prompt, NULL));
  CHECK_OK(shed_policy_preset(prompt->policy, policy, NULL));
}

static int
make_room(void **state)
{
  room             *r = calloc(1, sizeof(*r));
  const shed_unit  *unit;
  const shed_drill *drill;
  shed_prompt       prompt = {0};
  shed_policy       policy;
  shed_render_opts  opts = {.rate_hz = RATE_HZ, .tail_s = 0.5};
  *state                 = r;
  (void)snprintf(r->folder, sizeof(r->folder), "/tmp/shed-practice-XXXXXX");
  if (!mkdtemp(r->folder)) {
    return -1;
  }
  (void)snprintf(r->live, sizeof(r->live), "%s/live", r->folder);
  (void)snprintf(r->wav, sizeof(r->wav), "%s/take.wav", r->folder);
  (void)snprintf(r->db, sizeof(r->db), "%s/store.db", r->folder);
  r->hand  = (shed_hand_clock){.mono_ns = 1, .wall_ms = 1795303800000, .utc_offset_min = 60};
  r->clock = shed_clock_by_hand(&r->hand);
  CHECK_OK(shed_library_open(SHED_SOURCE_DIR "/content", NULL, &r->library, NULL));
  CHECK_OK(shed_library_drill(r->library, DRILL, &r->course, &unit, &drill, NULL));
  CHECK_OK(shed_profile_find("flute", &r->flute, NULL));
  ask(r, &prompt, &policy);
  CHECK_OK(shed_render_line(&prompt.line, r->flute.gm_program, 37, &opts, NULL, &r->good, NULL));
  CHECK_OK(shed_sound_save(r->wav, r->good.x, r->good.n, RATE_HZ, NULL));
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
  shed_sound_free(&r->good);
  shed_library_free(r->library);
  remove_folder(r->folder);
  free(r);
  return 0;
}

// What was told, counted and remembered.
typedef struct {
  size_t                  n[SHED_PRACTICE_EVENTS];
  shed_practice_state     states[32];
  size_t                  n_states;
  shed_practice_cue       cue;
  shed_message_code       messages[32];
  size_t                  n_messages;
  size_t                  state_at_message[32]; // how many states had been told
  shed_practice_foresight foresight;
  double                  mark_s;
  shed_practice_question  asked[8];
  size_t                  n_asked;
  bool                    colour;
  bool                    counts;
} heard;

static void
drain(shed_practice *p, heard *h)
{
  shed_practice_event e;
  while (shed_practice_poll(p, &e)) {
    shed_json *o = shed_practice_event_to_json(&e, shed_practice_prompt(p));
    assert_string_equal(shed_json_text(shed_json_get(o, "event")), shed_practice_event_name(e.kind));
    shed_json_free(o);
    h->n[e.kind]++;
    if (e.kind == SHED_PRACTICE_TELLS_STATE) {
      assert_true(h->n_states < 32);
      h->states[h->n_states++] = e.u.state.now;
      h->colour                = e.u.state.colour;
      h->counts                = e.u.state.counts;
    } else if (e.kind == SHED_PRACTICE_TELLS_CUE) {
      h->cue = e.u.cue;
    } else if (e.kind == SHED_PRACTICE_TELLS_MESSAGE) {
      assert_true(h->n_messages < 32);
      h->state_at_message[h->n_messages] = h->n_states;
      h->messages[h->n_messages++]       = e.u.message.code;
    } else if (e.kind == SHED_PRACTICE_TELLS_RESULT) {
      h->foresight = e.u.result.foresight;
      assert_ptr_equal(e.u.result.verdict, shed_practice_verdict(p));
    } else if (e.kind == SHED_PRACTICE_TELLS_MARK) {
      h->mark_s = e.u.mark.at_s;
    } else if (e.kind == SHED_PRACTICE_TELLS_ASK) {
      h->asked[h->n_asked++ % 8] = e.u.ask.what;
    }
  }
}

static bool
was_said(const heard *h, shed_message_code code)
{
  for (size_t i = 0; i < h->n_messages; i++) {
    if (h->messages[i] == code) {
      return true;
    }
  }
  return false;
}

static shed_practice *
open_session(const room *r)
{
  shed_practice     *p    = NULL;
  shed_practice_opts opts = {.rate_hz    = RATE_HZ,
                             .clock      = &r->clock,
                             .folder     = r->live,
                             .microphone = "Test microphone",
                             .latency_s  = (double)NAN,
                             .lag_free   = true};
  CHECK_OK(shed_practice_new(&p, &opts, NULL, NULL));
  return p;
}

static void
ready(const room *r, shed_practice *p, const shed_practice_settings *how)
{
  shed_prompt prompt = {0};
  shed_policy policy;
  ask(r, &prompt, &policy);
  CHECK_OK(shed_practice_ready(p, &prompt, &policy, how, NULL));
  shed_prompt_free(&prompt);
}

static shed_status
do_it(shed_practice *p, shed_practice_command_kind kind)
{
  shed_practice_command c = {.kind = kind, .score = (double)NAN, .at_frame = UINT64_MAX};
  return shed_practice_do(p, &c, NULL);
}

// Push sound (NULL: silence) from the stream's next frame on.
static void
push(shed_practice *p, const float *x, size_t n, heard *h)
{
  static const float nothing[BLOCK] = {0};
  for (size_t i = 0; i < n; i += BLOCK) {
    const size_t        some  = n - i < BLOCK ? n - i : BLOCK;
    shed_practice_sound where = {.at_frame = shed_practice_now(p)};
    CHECK_OK(shed_practice_push(p, &where, x ? x + i : nothing, NULL, some, NULL));
    drain(p, h);
    while (shed_practice_behind_s(p) > 0.5) {
      (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
  }
}

// Silence until the music begins, the take, and silence until the session has had enough.
static void
play(shed_practice *p, const float *x, size_t n, heard *h)
{
  drain(p, h);
  if (h->cue.music_frame > shed_practice_now(p)) {
    push(p, NULL, (size_t)(h->cue.music_frame - shed_practice_now(p)), h);
  }
  push(p, x, n, h);
  for (int i = 0; i < 3000 && shed_practice_state_of(p) == SHED_PRACTICE_LISTEN; i++) {
    push(p, NULL, BLOCK, h);
  }
  assert_int_equal(shed_practice_state_of(p), SHED_PRACTICE_JUDGE);
}

static void
check_states(const heard *h, const shed_practice_state *expected, size_t n)
{
  assert_int_equal(h->n_states, n);
  for (size_t i = 0; i < n; i++) {
    assert_int_equal(h->states[i], expected[i]);
  }
}

static void
a_good_take_goes_all_the_way(void **state)
{
  room                            *r          = *state;
  static const shed_practice_state expected[] = {SHED_PRACTICE_PREPARE, SHED_PRACTICE_COUNT_IN,
                                                 SHED_PRACTICE_LISTEN, SHED_PRACTICE_JUDGE,
                                                 SHED_PRACTICE_FEEDBACK};
  heard                            h          = {0};
  shed_practice                   *p          = open_session(r);
  ready(r, p, NULL);
  push(p, NULL, RATE_HZ, &h);
  assert_true(h.n[SHED_PRACTICE_TELLS_LEVEL] >= 9);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  play(p, r->good.x, r->good.n, &h);
  assert_true(shed_practice_due(p));
  CHECK_OK(shed_practice_judge(p, NULL));
  drain(p, &h);
  check_states(&h, expected, SHED_COUNTOF(expected));
  assert_int_equal(shed_practice_verdict(p)->passed, 1);
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_RESULT], 1);
  const size_t n_notes = shed_practice_prompt(p)->line.n_notes;
  assert_true(h.n[SHED_PRACTICE_TELLS_NOTE] >= n_notes);
  assert_true(h.n[SHED_PRACTICE_TELLS_POSITION] >= n_notes - 1);
  assert_true(h.n[SHED_PRACTICE_TELLS_BEAT] >= 4);
  assert_true(h.n[SHED_PRACTICE_TELLS_PITCH] > 50);
  assert_true(was_said(&h, SHED_MSG_practice_free));
  shed_practice_free(p);
}

static void
the_verdict_is_that_of_the_same_sound_as_a_file(void **state)
{
  room                  *r    = *state;
  heard                  h    = {0};
  shed_practice         *p    = open_session(r);
  shed_session          *s    = NULL;
  shed_practice_settings how  = {.no_count_in = true, .go_on = true};
  shed_str               live = {0}, file = {0};
  shed_prompt            prompt = {0};
  shed_policy            policy;
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  push(p, r->good.x, r->good.n, &h);
  CHECK_OK(shed_practice_end(p, NULL));
  CHECK_OK(shed_practice_judge(p, NULL));
  ask(r, &prompt, &policy);
  CHECK_OK(shed_session_new(&s, NULL, NULL));
  CHECK_OK(shed_session_ready(s, &prompt, &policy));
  CHECK_OK(shed_session_hear_file(s, r->wav, NULL, NULL, NULL));
  CHECK_OK(shed_session_judge(s, NULL));
  shed_json *a =
      shed_verdict_to_json(shed_practice_verdict(p), shed_practice_prompt(p), shed_practice_take(p));
  shed_json *b = shed_verdict_to_json(shed_session_verdict(s), shed_session_prompt(s), shed_session_take(s));
  shed_json_write(a, SHED_JSON_LINE, &live);
  shed_json_write(b, SHED_JSON_LINE, &file);
  assert_string_equal(shed_str_text(&live), shed_str_text(&file));
  shed_json_free(a);
  shed_json_free(b);
  shed_str_free(&live);
  shed_str_free(&file);
  shed_session_free(s);
  shed_practice_free(p);
}

static void
whether_it_counts_is_said_before_the_count_in_and_takes_the_colours_away(void **state)
{
  room                 *r = *state;
  heard                 h = {0};
  shed_practice        *p = open_session(r);
  shed_practice_command c = {.kind = SHED_PRACTICE_DO_COUNTS, .on = true};
  CHECK_STATUS(shed_practice_do(p, &c, NULL), SHED_E_STATE); // nothing is asked
  ready(r, p, NULL);
  for (int on = 1; on >= 0; on--) { // each choice is answered
    CHECK_OK(shed_practice_do(p, &(shed_practice_command){.kind = SHED_PRACTICE_DO_COUNTS, .on = on}, NULL));
    drain(p, &h);
    assert_int_equal(h.states[h.n_states - 1], SHED_PRACTICE_PREPARE);
    assert_int_equal(h.counts, on);
  }
  CHECK_OK(shed_practice_do(p, &c, NULL));
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  drain(p, &h);
  assert_int_equal(h.messages[h.n_messages - 1], SHED_MSG_practice_counts);
  assert_int_equal(h.state_at_message[h.n_messages - 1], 4); // prepare and three answers
  assert_false(h.colour);
  CHECK_STATUS(shed_practice_do(p, &c, NULL), SHED_E_STATE); // too late
  play(p, r->good.x, r->good.n, &h);
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_NOTE], 0);
  assert_true(h.n[SHED_PRACTICE_TELLS_POSITION] > 0);
  shed_practice_free(p);
}

static void
study_is_timed_by_the_clock_and_not_recorded(void **state)
{
  room                            *r          = *state;
  static const shed_practice_state expected[] = {SHED_PRACTICE_PREPARE, SHED_PRACTICE_STUDY,
                                                 SHED_PRACTICE_COUNT_IN};
  heard                            h          = {0};
  shed_practice                   *p          = open_session(r);
  shed_practice_settings           how        = {.study_s = 30, .study_aloud = true};
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  drain(p, &h);
  assert_true(h.cue.model);
  assert_true(was_said(&h, SHED_MSG_practice_study_aloud));
  push(p, r->good.x, BLOCK, &h);
  r->hand.mono_ns += 29900000000;
  shed_practice_tick(p);
  assert_int_equal(shed_practice_state_of(p), SHED_PRACTICE_STUDY);
  assert_false(shed_file_exists(r->live));
  r->hand.mono_ns += 200000000;
  shed_practice_tick(p);
  drain(p, &h);
  check_states(&h, expected, SHED_COUNTOF(expected));
  assert_false(h.cue.model);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_CANCEL));
  shed_practice_free(p);
}

static void
a_rating_comes_before_the_result(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice         *p   = open_session(r);
  shed_practice_settings how = {.rate_first = true, .required = true};
  shed_practice_command  say = {
       .kind = SHED_PRACTICE_DO_BEFORE, .score = 0.8, .text = {"even eighths", "", "bar 2"}};
  shed_practice_command rate = {.kind = SHED_PRACTICE_DO_RATE, .score = 0.6};
  ready(r, p, &how);
  CHECK_STATUS(do_it(p, SHED_PRACTICE_DO_START), SHED_E_STATE); // first say what you expect
  CHECK_OK(shed_practice_do(p, &say, NULL));
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  play(p, r->good.x, r->good.n, &h);
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_NOTE], 0);
  CHECK_OK(shed_practice_judge(p, NULL));
  drain(p, &h);
  assert_int_equal(shed_practice_state_of(p), SHED_PRACTICE_JUDGE);
  assert_null(shed_practice_verdict(p));
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_RESULT], 0);
  assert_int_equal(h.asked[h.n_asked - 1], SHED_PRACTICE_ASKS_RATING);
  rate.score = 1.5;
  CHECK_STATUS(shed_practice_do(p, &rate, NULL), SHED_E_RANGE);
  rate.score = 0.6;
  CHECK_OK(shed_practice_do(p, &rate, NULL));
  drain(p, &h);
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_RESULT], 1);
  CHECK_NEAR(h.foresight.predicted, 0.8, 0);
  CHECK_NEAR(h.foresight.rated, 0.6, 0);
  assert_int_equal(h.asked[h.n_asked - 1], SHED_PRACTICE_ASKS_AFTER);
  // the second take of the activity is not asked about again, but the rating stays
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  drain(p, &h);
  assert_int_equal(shed_practice_state_of(p), SHED_PRACTICE_PREPARE);
  shed_practice_free(p);
}

static void
questions_are_asked_once_an_activity(void **state)
{
  room          *r = *state;
  heard          h = {0};
  shed_practice *p = open_session(r);
  for (int i = 0; i < 3; i++) {
    ready(r, p, NULL);
    drain(p, &h);
  }
  assert_int_equal(h.n_asked, 1);
  shed_practice_settings other = {.activity = "another"}, each = {.asking = SHED_PRACTICE_ASK_EACH},
                         never = {.activity = "third", .asking = SHED_PRACTICE_ASK_NEVER};
  ready(r, p, &other);
  ready(r, p, &each);
  ready(r, p, &never);
  drain(p, &h);
  assert_int_equal(h.n_asked, 3);
  shed_practice_free(p);
}

static void
a_mark_stands_where_it_was_set(void **state)
{
  room                  *r    = *state;
  heard                  h    = {0};
  shed_practice         *p    = open_session(r);
  shed_practice_settings how  = {.no_count_in = true};
  shed_practice_command  mark = {.kind = SHED_PRACTICE_DO_MARK, .text = {"here"}};
  ready(r, p, &how);
  push(p, NULL, 10 * BLOCK, &h);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  push(p, r->good.x, 2 * RATE_HZ, &h);
  mark.at_frame = 10 * BLOCK + RATE_HZ;
  CHECK_OK(shed_practice_do(p, &mark, NULL));
  drain(p, &h);
  CHECK_NEAR(h.mark_s, 1.0, 1e-9);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_CANCEL));
  assert_int_equal(shed_practice_state_of(p), SHED_PRACTICE_PREPARE);
  shed_practice_free(p);
}

// The take in a faint room, until the session has had enough of it, or @p whole: until two seconds after it. Judged.
// @return seconds from @p end_s of the take until then.
static double
hear_in_room(const room *r, const float *x, size_t n, double end_s, bool whole, shed_practice **out)
{
  shed_practice         *p    = open_session(r);
  shed_practice_settings how  = {.go_on = whole};
  heard                  h    = {0};
  uint32_t               seed = 1;
  float                  some[BLOCK];
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  drain(p, &h);
  const uint64_t music = h.cue.music_frame;
  for (uint64_t at = 0; (shed_practice_state_of(p) == SHED_PRACTICE_COUNT_IN ||
                         shed_practice_state_of(p) == SHED_PRACTICE_LISTEN) &&
                        (!whole || at < music + n + 2 * (uint64_t)RATE_HZ);
       at += BLOCK) {
    for (size_t i = 0; i < BLOCK; i++) {
      const uint64_t place = at + i;
      seed                 = seed * 1664525 + 1013904223;
      some[i]              = ((float)(seed >> 8) / (1 << 24) - 0.5F) * 4e-4F +
                (place >= music && place - music < n ? x[place - music] : 0);
    }
    push(p, some, BLOCK, &h);
  }
  const double over_s = (double)(shed_practice_now(p) - music) / RATE_HZ - end_s;
  CHECK_OK(shed_practice_end(p, NULL));
  CHECK_OK(shed_practice_judge(p, NULL));
  *out = p;
  return over_s;
}

// Where the last note is let go: its level has fallen by 30 dB, and never rises again.
static double
let_go_s(const float *x, size_t n)
{
  const size_t part = RATE_HZ / 100;
  double       most = 0;
  size_t       end  = 0;
  for (int turn = 0; turn < 2; turn++) {
    for (size_t i = 0; i + part <= n; i += part) {
      double sum = 0;
      for (size_t k = 0; k < part; k++) {
        sum += (double)x[i + k] * (double)x[i + k];
      }
      most = turn == 0 && sum > most ? sum : most;
      end  = turn == 1 && sum > 1e-3 * most ? i + part : end;
    }
  }
  return (double)end / RATE_HZ;
}

// The last note with so much of it left away, or put on behind it by going round in its middle.
static float *
with_last_note(const room *r, double more_s, double end_s, size_t *n)
{
  const size_t more = (size_t)llround(fabs(more_s) * RATE_HZ), end = (size_t)llround(end_s * RATE_HZ);
  const size_t fade = RATE_HZ / 50, turn = RATE_HZ / 4;
  float       *x = calloc(end + more + RATE_HZ, sizeof(*x));
  assert_non_null(x);
  *n = more_s < 0 ? end - more : end + more;
  for (size_t i = 0; i < *n; i++) {
    const size_t from = end - RATE_HZ / 8 - turn; // in the middle of the note
    x[i]              = r->good.x[more_s > 0 && i > from ? from + (i - from) % turn : i];
  }
  for (size_t i = 0; i < fade; i++) {
    x[*n - 1 - i] *= (float)i / (float)fade;
  }
  return x;
}

static const shed_note_verdict *
last_of(const shed_practice *p)
{
  const shed_verdict *v = shed_practice_verdict(p);
  return &v->notes[v->n_notes - 1];
}

// Nobody waits longer than it takes to know that the last note has ended, and it is judged as if the room had been listened to for ever.
static void
the_verdict_waits_for_the_last_note_alone(void **state)
{
  static const struct {
    double more_s, within_s;
  } cases[] = {
      {0, .14},   // held as written
      {.8, .14},  // it still sounds when its time is over
      {-.3, .14}, // a little short
      {-.9, .35}, // so short that it may speak again
  };
  room        *r     = *state;
  const double end_s = let_go_s(r->good.x, r->good.n);
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_practice *p = NULL, *whole = NULL;
    size_t         n = 0;
    float         *x = with_last_note(r, cases[i].more_s, end_s, &n);
    const double   s = hear_in_room(r, x, n, end_s + cases[i].more_s, false, &p);
    (void)hear_in_room(r, x, n, 0, true, &whole);
    const shed_note_verdict *a = last_of(p), *b = last_of(whole);
    print_message("%+.1f s: over %.0f ms after its end; it ended at %.3f s, else %.3f s\n", cases[i].more_s,
                  1000 * s, a->offset_s, b->offset_s);
    CHECK_LT(0, s);
    CHECK_LT(s, cases[i].within_s);
    CHECK_NEAR(a->offset_s, b->offset_s, .01);
    assert_int_equal(a->length, b->length);
    assert_int_equal(a->pitch, SHED_PITCH_CORRECT);
    CHECK_NEAR(shed_practice_verdict(p)->score, shed_practice_verdict(whole)->score, 1e-9);
    shed_practice_free(p);
    shed_practice_free(whole);
    free(x);
  }
}

// A reed that speaks again within its last note: that note has not ended there.
static void
a_last_note_that_breaks_off_and_goes_on_is_not_cut(void **state)
{
  room          *r     = *state;
  shed_practice *p     = NULL;
  const double   end_s = let_go_s(r->good.x, r->good.n);
  const size_t   from = (size_t)((end_s - .9) * RATE_HZ), to = from + (size_t)(.15 * RATE_HZ);
  size_t         n = 0;
  float         *x = with_last_note(r, 0, end_s, &n);
  memset(x + from, 0, (to - from) * sizeof(*x));
  CHECK_LT(0, hear_in_room(r, x, n, end_s, false, &p));
  shed_practice_free(p);
  free(x);
}

static void
silence_is_told_while_it_lasts_and_ends_the_take(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice         *p   = open_session(r);
  shed_practice_settings how = {.no_count_in = true};
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  push(p, NULL, 10 * RATE_HZ, &h);
  assert_true(was_said(&h, SHED_MSG_sound_dead));
  assert_true(was_said(&h, SHED_MSG_sound_not_heard));
  for (int i = 0; i < 60 && shed_practice_state_of(p) == SHED_PRACTICE_LISTEN; i++) {
    push(p, NULL, RATE_HZ, &h);
  }
  CHECK_OK(shed_practice_judge(p, NULL));
  assert_true(shed_practice_verdict(p)->passed < 0);
  CHECK_NEAR(shed_practice_verdict(p)->assessed, 0, 0);
  assert_int_equal(shed_practice_verdict(p)->warnings[0].code, SHED_MSG_take_silent);
  shed_practice_free(p);
}

static void
a_gap_is_told_and_what_was_played_in_it_is_not_judged(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice         *p   = open_session(r);
  shed_practice_settings how = {.no_count_in = true, .go_on = true};
  const size_t           at = r->good.n / 2, lost = RATE_HZ;
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  push(p, r->good.x, at, &h);
  shed_practice_sound where = {.at_frame = shed_practice_now(p) + lost, .missing = lost};
  CHECK_OK(shed_practice_push(p, &where, r->good.x + at + lost, NULL, BLOCK, NULL));
  push(p, r->good.x + at + lost + BLOCK, r->good.n - at - lost - BLOCK, &h);
  CHECK_OK(shed_practice_end(p, NULL));
  CHECK_OK(shed_practice_judge(p, NULL));
  assert_true(was_said(&h, SHED_MSG_sound_gap));
  const shed_take    *take = shed_practice_take(p);
  const shed_verdict *v    = shed_practice_verdict(p);
  assert_int_equal(take->n_gaps, 1);
  CHECK_NEAR((double)take->gaps[0].start_s, (double)at / RATE_HZ, 1e-3);
  CHECK_NEAR(take->duration_s, (double)r->good.n / RATE_HZ, 1e-9);
  int unsure = 0;
  for (size_t i = 0; i < v->n_notes; i++) {
    assert_int_not_equal(v->notes[i].pitch, SHED_PITCH_MISSED);
    assert_int_not_equal(v->notes[i].pitch, SHED_PITCH_WRONG);
    unsure += v->notes[i].pitch == SHED_PITCH_UNSURE;
  }
  assert_true(unsure >= 1);
  CHECK_LT(v->assessed, 1);
  assert_int_equal(v->n_hesitations, 0);
  shed_practice_free(p);
}

static void
rhythm_is_withheld_where_the_delay_is_not_known(void **state)
{
  room                  *r    = *state;
  heard                  h    = {0};
  shed_practice_settings how  = {.click = true};
  shed_practice_opts     opts = {.rate_hz    = RATE_HZ,
                                 .clock      = &r->clock,
                                 .folder     = r->live,
                                 .microphone = "Mic",
                                 .latency_s  = (double)NAN};
  shed_practice         *p    = NULL;
  CHECK_OK(shed_practice_new(&p, &opts, NULL, NULL));
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  play(p, r->good.x, r->good.n, &h);
  CHECK_OK(shed_practice_judge(p, NULL));
  const shed_verdict *v = shed_practice_verdict(p);
  assert_true(isnan(shed_verdict_dimension(v, "rhythm")->score));
  CHECK_LT(0.9, shed_verdict_dimension(v, "pitch")->score);
  bool said = false;
  for (int i = 0; i < v->n_warnings; i++) {
    said = said || v->warnings[i].code == SHED_MSG_sound_not_calibrated;
  }
  assert_true(said);
  shed_practice_free(p);
}

static void
no_samples_are_noticed_by_the_clock(void **state)
{
  room          *r = *state;
  heard          h = {0};
  shed_practice *p = open_session(r);
  ready(r, p, NULL);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  push(p, NULL, RATE_HZ / 10, &h);
  shed_practice_tick(p);
  drain(p, &h);
  assert_false(was_said(&h, SHED_MSG_sound_stopped));
  r->hand.mono_ns += 2500000000;
  shed_practice_tick(p);
  shed_practice_tick(p);
  drain(p, &h);
  assert_true(was_said(&h, SHED_MSG_sound_stopped));
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_CANCEL));
  shed_practice_free(p);
}

static void
a_take_is_kept_with_what_was_said(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice         *p   = open_session(r);
  shed_practice_command  say = {.kind = SHED_PRACTICE_DO_BEFORE, .score = 0.7, .text = {"a goal"}};
  shed_practice_settings how = {.student = r->student.id, .course = "applied-instrumental"};
  shed_session_keeping   k   = {.student = {""}};
  shed_uuid              event;
  shed_json             *body = NULL;
  char                   path[512];
  ready(r, p, &how);
  CHECK_OK(shed_practice_do(p, &say, NULL));
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  play(p, r->good.x, r->good.n, &h);
  CHECK_STATUS(shed_practice_keep(p, r->store, &k, &event, NULL), SHED_E_STATE);
  CHECK_OK(shed_practice_judge(p, NULL));
  CHECK_OK(shed_practice_keep(p, r->store, &k, &event, NULL));
  CHECK_STATUS(shed_practice_keep(p, r->store, &k, &event, NULL), SHED_E_STATE); // once
  CHECK_OK(shed_store_take_body(r->store, &event, &body, NULL));
  assert_string_equal(
      shed_json_text(shed_json_get(shed_json_get(shed_json_get(body, "wrap"), "before"), "goal")), "a goal");
  assert_string_equal(shed_json_text(shed_json_get(body, "device")), "Test microphone");
  shed_json_free(body);
  CHECK_STATUS(shed_practice_reflect(p, r->store, NULL), SHED_E_STATE); // nothing was said yet
  shed_practice_command after = {.kind = SHED_PRACTICE_DO_AFTER, .text = {"hurried", "slower"}};
  CHECK_OK(shed_practice_do(p, &after, NULL));
  CHECK_OK(shed_practice_reflect(p, r->store, NULL));
  CHECK_OK(shed_store_take_path(r->store, &shed_practice_take(p)->sha256, path, sizeof(path), NULL));
  assert_true(shed_file_exists(path));
  shed_practice_free(p);
  (void)rmdir(r->live);
  assert_false(shed_file_exists(r->live)); // nothing was left in it
}

typedef struct {
  int                n, kept;
  shed_practice_left last;
} lefts;

static void
count_left(void *ctx, const shed_practice_left *left)
{
  lefts *l = ctx;
  l->n++;
  l->kept += left->kept;
  l->last = *left;
}

static void
a_crash_leaves_a_take_that_is_found(void **state)
{
  room                  *r     = *state;
  shed_practice_settings how   = {.student = r->student.id, .no_count_in = true, .go_on = true};
  lefts                  l     = {0};
  const pid_t            child = fork();
  assert_true(child >= 0);
  if (child == 0) { // plays, and is killed in the middle
    heard          h = {0};
    shed_practice *p = open_session(r);
    ready(r, p, &how);
    if (do_it(p, SHED_PRACTICE_DO_START) == SHED_OK) {
      push(p, r->good.x, r->good.n, &h);
      (void)nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    }
    (void)kill(getpid(), SIGKILL);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  CHECK_OK(shed_practice_recover(r->live, r->store, NULL, count_left, &l, NULL));
  assert_int_equal(l.n, 1);
  assert_int_equal(l.kept, 1);
  CHECK_LT((double)r->good.n / RATE_HZ - 1.0, l.last.seconds);
  assert_int_equal(l.last.message.code, SHED_MSG_practice_recovered);
  l.n = 0;
  CHECK_OK(shed_practice_recover(r->live, r->store, NULL, count_left, &l, NULL));
  assert_int_equal(l.n, 0); // once
}

static void
a_take_that_is_being_recorded_is_left_alone(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  lefts                  l   = {0};
  shed_practice         *p   = open_session(r);
  shed_practice_settings how = {.student = r->student.id, .no_count_in = true};
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  push(p, r->good.x, RATE_HZ, &h);
  CHECK_OK(shed_practice_recover(r->live, r->store, NULL, count_left, &l, NULL));
  assert_int_equal(l.n, 0);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_STOP));
  CHECK_OK(shed_practice_judge(p, NULL));
  shed_practice_free(p);
}

static void
a_take_that_could_not_be_kept_is_kept_later(void **state)
{
  room                *r        = *state;
  heard                h        = {0};
  shed_practice       *p        = open_session(r);
  shed_session_keeping nobody   = {.student = {"01900000-0000-7000-8000-000000000000"}},
                       somebody = {.student = r->student.id};
  shed_uuid event;
  lefts     l = {0};
  ready(r, p, NULL);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  play(p, r->good.x, r->good.n, &h);
  CHECK_OK(shed_practice_judge(p, NULL));
  CHECK_STATUS(shed_practice_keep(p, r->store, &nobody, &event, NULL), SHED_E_NOTFOUND);
  CHECK_OK(shed_practice_keep(p, r->store, &somebody, &event, NULL)); // its sound is still there
  shed_practice_free(p);
  CHECK_OK(shed_practice_recover(r->live, r->store, NULL, count_left, &l, NULL));
  assert_int_equal(l.n, 0);
}

static void
at_the_players_own_tempo_rhythm_needs_no_calibration(void **state)
{
  room              *r    = *state;
  heard              h    = {0};
  shed_practice_opts opts = {.rate_hz    = RATE_HZ,
                             .clock      = &r->clock,
                             .folder     = r->live,
                             .microphone = "Mic",
                             .latency_s  = (double)NAN};
  shed_practice     *p    = NULL;
  CHECK_OK(shed_practice_new(&p, &opts, NULL, NULL));
  ready(r, p, NULL);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  play(p, r->good.x, r->good.n, &h);
  CHECK_OK(shed_practice_judge(p, NULL));
  CHECK_LT(0.9, shed_verdict_dimension(shed_practice_verdict(p), "rhythm")->score);
  shed_practice_free(p);
  opts.microphone = "AirPods"; // its delay moves
  CHECK_OK(shed_practice_new(&p, &opts, NULL, NULL));
  ready(r, p, NULL);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  memset(&h, 0, sizeof(h));
  play(p, r->good.x, r->good.n, &h);
  CHECK_OK(shed_practice_judge(p, NULL));
  assert_true(isnan(shed_verdict_dimension(shed_practice_verdict(p), "rhythm")->score));
  shed_practice_free(p);
}

static shed_practice *
open_keyboard(const room *r)
{
  shed_practice     *p    = NULL;
  shed_practice_opts opts = {
      .rate_hz = 48000, .clock = &r->clock, .folder = r->live, .latency_s = (double)NAN, .keyboard = true};
  CHECK_OK(shed_practice_new(&p, &opts, NULL, NULL));
  return p;
}

static void
let_time_go_by(shed_practice *p, double seconds)
{
  for (int i = 0; i < seconds * 50; i++) {
    shed_practice_sound where = {.at_frame = shed_practice_now(p) + 960};
    CHECK_OK(shed_practice_push(p, &where, NULL, NULL, 0, NULL));
  }
}

// Strikes the first n notes as written, a second after the start.
static void
strike(shed_practice *p, size_t n)
{
  const shed_line *line = &shed_practice_prompt(p)->line;
  const uint64_t   from = shed_practice_now(p) + 48000;
  for (size_t i = 0; i < n; i++) {
    const uint64_t at  = from + (uint64_t)(48000 * line->notes[i].onset_s);
    const uint64_t off = at + (uint64_t)(48000 * 0.9 * line->notes[i].duration_s);
    let_time_go_by(p, (double)(at - shed_practice_now(p)) / 48000);
    CHECK_OK(shed_practice_key(p, at, 0x90, (uint8_t)line->notes[i].midi, 80, NULL));
    CHECK_OK(shed_practice_key(p, off, 0x80, (uint8_t)line->notes[i].midi, 0, NULL));
  }
}

static void
a_keyboard_is_followed_and_judged_by_its_keys(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice_settings how = {.no_count_in = true};
  shed_practice         *p   = open_keyboard(r);
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  const size_t n = shed_practice_prompt(p)->line.n_notes;
  strike(p, n);
  drain(p, &h);
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_NOTE], n); // each at once
  assert_int_equal(h.n[SHED_PRACTICE_TELLS_POSITION], n);
  for (int i = 0; i < 60 && shed_practice_state_of(p) == SHED_PRACTICE_LISTEN; i++) {
    let_time_go_by(p, 1);
  }
  CHECK_OK(shed_practice_judge(p, NULL));
  drain(p, &h);
  assert_false(was_said(&h, SHED_MSG_practice_not_followed));
  assert_int_equal(shed_practice_take(p)->kind, SHED_TAKE_MIDI);
  CHECK_NEAR(shed_verdict_dimension(shed_practice_verdict(p), "pitch")->score, 1, 0);
  CHECK_LT(0.99, shed_verdict_dimension(shed_practice_verdict(p), "rhythm")->score);
  CHECK_STATUS(shed_practice_key(p, 0, 0x90, 60, 80, NULL), SHED_OK); // outside a take: nobody minds
  shed_practice_free(p);
}

static void
a_keyboard_that_says_nothing_is_asked_about(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice_settings how = {.no_count_in = true};
  shed_practice         *p   = open_keyboard(r);
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  let_time_go_by(p, 7);
  drain(p, &h);
  assert_true(was_said(&h, SHED_MSG_keys_not_heard));
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_STOP));
  CHECK_OK(shed_practice_judge(p, NULL));
  assert_true(isnan(shed_practice_verdict(p)->score)); // nothing is not a bad take
  shed_practice_free(p);
}

static void
keys_that_were_lost_are_not_judged(void **state)
{
  room                  *r   = *state;
  heard                  h   = {0};
  shed_practice_settings how = {.no_count_in = true};
  shed_practice         *p   = open_keyboard(r);
  ready(r, p, &how);
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_START));
  const shed_line *line = &shed_practice_prompt(p)->line;
  const size_t     n    = line->n_notes;
  strike(p, n - 1);
  const uint64_t lost = shed_practice_now(p) + 4800;
  let_time_go_by(p, 3);
  CHECK_OK(shed_practice_keys_lost(p, lost, shed_practice_now(p), NULL));
  CHECK_STATUS(shed_practice_keys_lost(p, lost, lost - 1, NULL), SHED_E_RANGE);
  drain(p, &h);
  assert_true(was_said(&h, SHED_MSG_keys_lost));
  CHECK_OK(do_it(p, SHED_PRACTICE_DO_STOP));
  CHECK_OK(shed_practice_judge(p, NULL));
  assert_int_equal(shed_practice_take(p)->n_gaps, 1);
  assert_int_not_equal(shed_practice_verdict(p)->notes[n - 1].pitch, SHED_PITCH_MISSED);
  CHECK_NEAR(shed_verdict_dimension(shed_practice_verdict(p), "pitch")->score, 1, 0);
  shed_practice_free(p);
}

static void
a_crash_leaves_a_keyboards_keys(void **state)
{
  room                  *r     = *state;
  shed_practice_settings how   = {.student = r->student.id, .no_count_in = true, .go_on = true};
  lefts                  l     = {0};
  const pid_t            child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    shed_practice *p = open_keyboard(r);
    ready(r, p, &how);
    if (do_it(p, SHED_PRACTICE_DO_START) == SHED_OK) {
      strike(p, 6);
      let_time_go_by(p, .1);
    }
    (void)kill(getpid(), SIGKILL);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  CHECK_OK(shed_practice_recover(r->live, r->store, NULL, count_left, &l, NULL));
  assert_int_equal(l.n, 1);
  assert_int_equal(l.kept, 1);
  assert_int_equal(l.last.message.code, SHED_MSG_practice_recovered);
  shed_prompt prompt = {0};
  shed_policy policy;
  ask(r, &prompt, &policy);
  CHECK_LT(1 + prompt.line.notes[5].onset_s, l.last.seconds); // all six
  shed_prompt_free(&prompt);
  l.n = 0;
  CHECK_OK(shed_practice_recover(r->live, r->store, NULL, count_left, &l, NULL));
  assert_int_equal(l.n, 0);
}

static void
commands_are_read_from_json(void **state)
{
  static const char *const good[] = {"{\"do\":\"start\"}", "{\"do\":\"counts\",\"on\":true}",
                                     "{\"do\":\"mark\",\"frame\":48000,\"text\":\"x\"}",
                                     "{\"do\":\"before\",\"goal\":\"a\",\"score\":0.5}"};
  static const char *const bad[]  = {"{}",
                                     "{\"do\":\"fly\"}",
                                     "{\"do\":\"rate\",\"score\":2}",
                                     "{\"do\":\"mark\",\"frame\":-1}",
                                     "{\"do\":\"before\",\"goal\":7}",
                                     "[]"};
  shed_practice_command    c;
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(good); i++) {
    shed_json *v = NULL;
    CHECK_OK(shed_json_parse(good[i], strlen(good[i]), "command", &v, NULL));
    CHECK_OK(shed_practice_command_from_json(v, &c, NULL));
    shed_json_free(v);
  }
  assert_string_equal(c.text[0], "a");
  CHECK_NEAR(c.score, 0.5, 0);
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    shed_json *v = NULL;
    CHECK_OK(shed_json_parse(bad[i], strlen(bad[i]), "command", &v, NULL));
    CHECK_STATUS(shed_practice_command_from_json(v, &c, NULL), SHED_E_FORMAT);
    shed_json_free(v);
  }
}

static void
making_one_survives_every_failed_allocation(void **state)
{
  shed_practice_opts opts = {.rate_hz = RATE_HZ, .latency_s = (double)NAN};
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_practice *p = NULL;
    sweep_status     = shed_practice_new(&p, &opts, &a.alloc, NULL);
    shed_practice_free(p);
  });
}

static void
what_is_out_of_range_is_refused(void **state)
{
  room              *r    = *state;
  shed_practice     *p    = NULL;
  shed_practice_opts opts = {.rate_hz = 100};
  static float       x[5000];
  CHECK_STATUS(shed_practice_new(&p, &opts, NULL, NULL), SHED_E_RANGE);
  p                         = open_session(r);
  shed_practice_sound where = {.at_frame = 1000};
  CHECK_OK(shed_practice_push(p, &where, x, NULL, 441, NULL));
  CHECK_STATUS(shed_practice_push(p, &where, x, NULL, 441, NULL), SHED_E_RANGE); // goes back
  where.at_frame = 2000;
  CHECK_STATUS(shed_practice_push(p, &where, x, NULL, 5000, NULL), SHED_E_RANGE);
  CHECK_STATUS(shed_practice_judge(p, NULL), SHED_E_STATE);
  CHECK_STATUS(do_it(p, SHED_PRACTICE_DO_START), SHED_E_STATE);
  shed_practice_free(p);
}

int
main(void)
{
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, make_room, leave_room)
  const struct CMUnitTest tests[] = {
      IN_ROOM(a_good_take_goes_all_the_way),
      IN_ROOM(the_verdict_is_that_of_the_same_sound_as_a_file),
      IN_ROOM(whether_it_counts_is_said_before_the_count_in_and_takes_the_colours_away),
      IN_ROOM(study_is_timed_by_the_clock_and_not_recorded),
      IN_ROOM(a_rating_comes_before_the_result),
      IN_ROOM(questions_are_asked_once_an_activity),
      IN_ROOM(a_mark_stands_where_it_was_set),
      IN_ROOM(the_verdict_waits_for_the_last_note_alone),
      IN_ROOM(a_last_note_that_breaks_off_and_goes_on_is_not_cut),
      IN_ROOM(silence_is_told_while_it_lasts_and_ends_the_take),
      IN_ROOM(a_gap_is_told_and_what_was_played_in_it_is_not_judged),
      IN_ROOM(rhythm_is_withheld_where_the_delay_is_not_known),
      IN_ROOM(no_samples_are_noticed_by_the_clock),
      IN_ROOM(a_take_is_kept_with_what_was_said),
      IN_ROOM(a_crash_leaves_a_take_that_is_found),
      IN_ROOM(a_take_that_is_being_recorded_is_left_alone),
      IN_ROOM(a_take_that_could_not_be_kept_is_kept_later),
      IN_ROOM(at_the_players_own_tempo_rhythm_needs_no_calibration),
      IN_ROOM(a_keyboard_is_followed_and_judged_by_its_keys),
      IN_ROOM(a_keyboard_that_says_nothing_is_asked_about),
      IN_ROOM(keys_that_were_lost_are_not_judged),
      IN_ROOM(a_crash_leaves_a_keyboards_keys),
      IN_ROOM(what_is_out_of_range_is_refused),
      cmocka_unit_test(commands_are_read_from_json),
      cmocka_unit_test(making_one_survives_every_failed_allocation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
