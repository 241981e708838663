// About this file: the session's state machine. Thread: whoever owns the session, one at a time. It reads no clock: when a take was
// performed it is told. It never shows a take as kept before the store has said so.
#include "app/session/session.h"

#include "app/session/click.h"
#include "app/session/listen.h"
#include "app/session/marks.h"
#include "engine/take/given.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct shed_session {
  // immutable after shed_session_new()
  const shed_alloc *alloc;
  shed_store       *store;

  shed_session_state state;
  bool               counts;
  bool               has_prompt, has_take, has_verdict;
  shed_prompt        prompt;
  shed_policy        policy;
  shed_take          take;
  shed_verdict       verdict;
  const char        *playing;        // borrowed; NULL: no accompaniment
  char               temp[PATH_MAX]; ///< the stored form of a take that is not kept yet; "" none
  char               ending[16];     ///< what its name ends in once it is kept
};

shed_status
shed_session_new(shed_session **out, shed_store *store, const shed_alloc *alloc)
{
  shed_session *s = shed_calloc(alloc, 1, sizeof(*s));
  if (!s) {
    return SHED_E_NOMEM;
  }
  s->alloc = alloc;
  s->store = store;
  *out     = s;
  return SHED_OK;
}

static void
drop_take(shed_session *s)
{
  if (s->temp[0]) {
    (void)unlink(s->temp);
    s->temp[0] = '\0';
  }
  shed_verdict_free(&s->verdict);
  shed_take_free(&s->take);
  memset(&s->verdict, 0, sizeof(s->verdict));
  memset(&s->take, 0, sizeof(s->take));
  s->has_take    = false;
  s->has_verdict = false;
}

void
shed_session_free(shed_session *s)
{
  if (s) {
    drop_take(s);
    shed_prompt_free(&s->prompt);
    shed_free(s->alloc, s);
  }
}

shed_session_state
shed_session_state_of(const shed_session *s)
{
  return s->state;
}

shed_status
shed_session_ready(shed_session *s, shed_prompt *prompt, const shed_policy *policy)
{
  drop_take(s);
  shed_prompt_free(&s->prompt);
  s->prompt = *prompt;
  memset(prompt, 0, sizeof(*prompt));
  s->policy     = *policy;
  s->has_prompt = true;
  s->counts     = false;
  s->state      = SHED_SESSION_READY;
  return SHED_OK;
}

static shed_status
not_now(const char *what, shed_error *err)
{
  return shed_fail(err, SHED_E_STATE, NULL, "%s", what);
}

shed_status
shed_session_again(shed_session *s, shed_error *err)
{
  if (!s->has_prompt) {
    return not_now("nothing was asked yet", err);
  }
  drop_take(s);
  s->counts = false;
  s->state  = SHED_SESSION_READY;
  return SHED_OK;
}

shed_status
shed_session_count(shed_session *s, bool counts, shed_error *err)
{
  if (s->state != SHED_SESSION_READY) {
    return not_now("whether a take counts is said before it is played", err);
  }
  s->counts = counts;
  return SHED_OK;
}

void
shed_session_playing(shed_session *s, const char *told)
{
  s->playing = told;
}

// What the kind of take cannot show is not asked of it: a keyboard has no tuning, taps have no pitch.
static void
fit_to_kind(shed_session *s)
{
  s->prompt.fixed_pitch = s->prompt.fixed_pitch || s->take.kind == SHED_TAKE_MIDI;
  if (s->take.kind == SHED_TAKE_ONSETS &&
      (strcmp(s->prompt.assessor, "melody") == 0 || strcmp(s->prompt.assessor, "echo") == 0)) {
    (void)snprintf(s->prompt.assessor, sizeof(s->prompt.assessor), "rhythm");
  }
}

shed_status
shed_session_hear_file(shed_session *s, const char *path, void (*progress)(void *ctx, double share),
                       void *ctx, shed_error *err)
{
  if (s->state != SHED_SESSION_READY) {
    return not_now("nothing is asked, so nothing can be heard", err);
  }
  drop_take(s);
  shed_status st = SHED_OK;
  if (s->store && (st = shed_store_take_temp(s->store, s->temp, sizeof(s->temp), err)) != SHED_OK) {
    s->temp[0] = '\0';
    return st;
  }
  shed_listen_beside beside = {.click = shed_click_of_prompt(&s->prompt), .playing = s->playing};
  st = shed_listen_file(path, s->temp[0] ? s->temp : NULL, &beside, s->alloc, progress, ctx, &s->take, err);
  if (st != SHED_OK) {
    drop_take(s);
    return st;
  }
  shed_given_ending(path, s->take.kind, s->ending, sizeof(s->ending));
  fit_to_kind(s);
  s->has_take = true;
  s->state    = SHED_SESSION_HEARD;
  return SHED_OK;
}

shed_status
shed_session_heard(shed_session *s, shed_take *take, shed_error *err)
{
  if (s->state != SHED_SESSION_READY) {
    return not_now("nothing is asked, so nothing can be heard", err);
  }
  drop_take(s);
  s->take = *take;
  memset(take, 0, sizeof(*take));
  fit_to_kind(s);
  s->has_take = true;
  s->state    = SHED_SESSION_HEARD;
  return SHED_OK;
}

shed_status
shed_session_click(shed_session *s, double start_s, shed_error *err)
{
  if (s->state != SHED_SESSION_READY) {
    return not_now("where the click begins is said before a take is heard", err);
  }
  s->prompt.click_start_s = start_s;
  return SHED_OK;
}

shed_status
shed_session_judge(shed_session *s, shed_error *err)
{
  if (s->state != SHED_SESSION_HEARD) {
    return not_now("nothing was heard, so nothing can be judged", err);
  }
  const shed_assessor *assessor = shed_assessor_find(s->prompt.assessor);
  if (!assessor) {
    return shed_fail(err, SHED_E_UNSUPPORTED, s->prompt.id,
                     "asks for a judge \"%s\" that this version does not have", s->prompt.assessor);
  }
  shed_status st = assessor->judge(&s->prompt, &s->take, &s->policy, s->alloc, &s->verdict, err);
  if (st == SHED_OK) {
    s->has_verdict = true;
    s->state       = SHED_SESSION_JUDGED;
  }
  return st;
}

static void
describe(const shed_session *s, const shed_session_keeping *how, shed_take_record *rec)
{
  rec->student         = how->student;
  rec->actor           = how->actor;
  rec->course          = how->course;
  rec->unit            = how->unit;
  rec->drill           = s->prompt.id;
  rec->generator       = s->prompt.generator;
  rec->seed            = s->prompt.seed;
  rec->counted         = s->counts && !how->practice;
  rec->performed_at_ms = how->performed_at_ms;
  rec->utc_offset_min  = how->utc_offset_min;
  rec->device          = how->device;
  rec->latency_s       = s->take.latency_s;
  rec->instrument      = s->prompt.profile[0] ? s->prompt.profile : NULL;
  rec->a4_hz           = s->prompt.a4_hz;
  rec->score           = s->verdict.score;
  rec->passed          = s->verdict.passed;
  rec->assessed        = s->verdict.assessed;
  rec->temp_path       = how->sound ? how->sound : s->temp[0] ? s->temp : NULL;
  rec->ending          = how->sound ? how->ending : s->ending;
  rec->sha256          = s->take.sha256;
  rec->ear             = s->take.ear;
  rec->n_marks         = shed_marks_of_verdict(&s->prompt, &s->verdict, rec->marks);
}

shed_status
shed_session_keep(shed_session *s, const shed_session_keeping *how, shed_uuid *event, shed_error *err)
{
  shed_store *store = how->store ? how->store : s->store;
  if (s->state != SHED_SESSION_JUDGED || !store) {
    return not_now(store ? "only a judged take can be kept" : "there is no store to keep a take in", err);
  }
  shed_take_record rec   = {0};
  unsigned char   *heard = NULL;
  describe(s, how, &rec);
  shed_status st = shed_take_encode(&s->take, s->alloc, &heard, &rec.n_heard);
  if (st != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  shed_json *policy  = shed_policy_to_json(&s->policy);
  shed_json *prompt  = shed_prompt_to_json(&s->prompt);
  shed_json *verdict = shed_verdict_to_json(&s->verdict, &s->prompt, &s->take);
  rec.heard          = heard;
  rec.policy         = policy;
  rec.rubrics        = how->rubrics;
  rec.wrap           = how->wrap;
  rec.prompt         = prompt;
  rec.verdict        = verdict;
  st                 = shed_store_record_take(store, &rec, event, err);
  s->temp[0]         = '\0'; // moved away, or removed by the store
  if (st == SHED_OK) {
    s->state = SHED_SESSION_IDLE;
  }
  shed_json_free(verdict);
  shed_json_free(prompt);
  shed_json_free(policy);
  shed_free(s->alloc, heard);
  return st;
}

const shed_prompt *
shed_session_prompt(const shed_session *s)
{
  return s->has_prompt ? &s->prompt : NULL;
}

const shed_take *
shed_session_take(const shed_session *s)
{
  return s->has_take ? &s->take : NULL;
}

const shed_verdict *
shed_session_verdict(const shed_session *s)
{
  return s->has_verdict ? &s->verdict : NULL;
}

const shed_policy *
shed_session_policy(const shed_session *s)
{
  return s->has_prompt ? &s->policy : NULL;
}
