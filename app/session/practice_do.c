// About this file: commands, and how they and the clock move a live session from state to state. A table says which command goes in which
// state; each is one function.
#include "app/session/practice_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double STOPPED_S = 2; // of the clock, without a sample

static int64_t
now_ns(const shed_practice *p)
{
  return p->clock->mono_ns(p->clock->ctx);
}

bool
practice_colours(const shed_practice *p)
{
  return !p->how.no_colour && !p->how.rate_first && !p->counts;
}

bool
practice_follows(const shed_practice *p)
{
  const shed_prompt   *prompt = shed_session_prompt(p->session);
  const shed_assessor *a      = prompt ? shed_assessor_find(prompt->assessor) : NULL;
  return a && a->follows && (!p->take.on || p->take.follow || p->take.follow_keys);
}

static bool
is_taking(shed_practice_state s)
{
  return s == SHED_PRACTICE_COUNT_IN || s == SHED_PRACTICE_LISTEN;
}

static void
say_before(shed_practice *p, shed_practice_state state)
{
  if (state == SHED_PRACTICE_STUDY) {
    shed_message m =
        shed_message_of(p->study_aloud ? SHED_MSG_practice_study_aloud : SHED_MSG_practice_study);
    shed_message_num(&m, "seconds", p->study_s, 0);
    practice_say(p, &m);
  } else if (is_taking(state) && !is_taking(p->state)) {
    practice_say_code(p, p->counts ? SHED_MSG_practice_counts : SHED_MSG_practice_free);
  }
}

static void
tell_state(shed_practice *p, shed_practice_state state)
{
  shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_STATE);
  e->u.state.now         = state;
  e->u.state.before      = p->state;
  e->u.state.counts      = p->counts;
  e->u.state.colour      = practice_colours(p);
  e->u.state.follows     = practice_follows(p);
  e->u.state.study_s     = state == SHED_PRACTICE_STUDY ? p->study_s : 0;
}

void
practice_enter(shed_practice *p, shed_practice_state state)
{
  say_before(p, state);
  tell_state(p, state);
  p->state = state;
}

// -- taking ------------------------------------------------------------------------------------------------------------

static shed_status
begin(shed_practice *p, shed_error *err)
{
  shed_status st = practice_take_begin(p, err);
  if (st != SHED_OK) {
    return st;
  }
  practice_take *t = &p->take;
  practice_enter(p, t->counted_in ? SHED_PRACTICE_COUNT_IN : SHED_PRACTICE_LISTEN);
  shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_CUE);
  e->at_frame            = t->cue_frame;
  e->u.cue               = (shed_practice_cue){.at_frame    = t->cue_frame,
                                               .music_frame = t->music_frame,
                                               .click       = t->has_click,
                                               .metronome   = t->count.metronome,
                                               .accompanied = p->how.accompanied};
  return SHED_OK;
}

static void
study(shed_practice *p)
{
  p->study_end_ns = now_ns(p) + (int64_t)(p->study_s * 1e9);
  practice_enter(p, SHED_PRACTICE_STUDY);
  if (p->study_aloud) {
    shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_CUE);
    e->at_frame            = p->now + (uint64_t)(p->lead_s * p->rate_hz);
    e->u.cue.at_frame      = e->at_frame;
    e->u.cue.music_frame   = e->at_frame;
    e->u.cue.model         = true;
  }
}

// Once more, from the beginning: whether it counts is said anew.
static shed_status
again(shed_practice *p, shed_error *err)
{
  practice_let_go(p);
  shed_status st = shed_session_again(p->session, err);
  if (st == SHED_OK) {
    practice_fresh(p);
  }
  return st;
}

static shed_status
do_start(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  (void)c;
  if (p->state == SHED_PRACTICE_FEEDBACK) {
    return again(p, err);
  }
  if (p->how.required && !p->wrap.before_said) {
    return shed_fail(err, SHED_E_STATE, NULL, "first say what you want to reach, and what you expect");
  }
  if (p->state == SHED_PRACTICE_PREPARE && p->study_s > 0 && !p->studied) {
    study(p);
    return SHED_OK;
  }
  p->studied = p->studied || p->state == SHED_PRACTICE_STUDY;
  return begin(p, err);
}

static shed_status
do_stop(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  (void)c;
  (void)err;
  if (p->state == SHED_PRACTICE_STUDY) {
    practice_enter(p, SHED_PRACTICE_PREPARE);
  } else {
    practice_take_end(p);
  }
  return SHED_OK;
}

static shed_status
do_cancel(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  (void)c;
  (void)err;
  practice_take_drop(p);
  practice_enter(p, SHED_PRACTICE_PREPARE);
  return SHED_OK;
}

static shed_status
do_restart(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  (void)c;
  practice_take_drop(p);
  p->wrap.n_marks = 0;
  practice_enter(p, SHED_PRACTICE_PREPARE);
  return begin(p, err);
}

// -- saying ------------------------------------------------------------------------------------------------------------

static shed_status
do_counts(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  shed_status st = shed_session_count(p->session, c->on, err);
  if (st == SHED_OK) {
    p->counts = c->on;
    tell_state(p, p->state);
  }
  return st;
}

static shed_status
do_colour(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  (void)err;
  p->how.no_colour = !c->on;
  tell_state(p, p->state);
  return SHED_OK;
}

static shed_status
score_valid(double score, shed_error *err)
{
  return isnan(score) || (score >= 0 && score <= 1)
             ? SHED_OK
             : shed_fail(err, SHED_E_RANGE, "score", "%g: between 0 and 1 is possible", score);
}

static shed_status
do_before(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  if (score_valid(c->score, err) != SHED_OK) {
    return SHED_E_RANGE;
  }
  memcpy(p->wrap.before, c->text, sizeof(p->wrap.before));
  p->wrap.predicted   = c->score;
  p->wrap.before_said = true;
  return SHED_OK;
}

static shed_status
do_study(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  if (!(c->seconds >= 0 && c->seconds <= 3600)) {
    return shed_fail(err, SHED_E_RANGE, "seconds", "%g: 0 to 3600 are possible", c->seconds);
  }
  p->study_s     = c->seconds;
  p->study_aloud = c->on;
  p->studied     = false;
  return SHED_OK;
}

static shed_status
do_mark(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  const practice_take *t = &p->take;
  if (p->wrap.n_marks == PRACTICE_MARKS) {
    return shed_fail(err, SHED_E_LIMIT, NULL, "a take has room for %d marks", PRACTICE_MARKS);
  }
  const uint64_t frame = c->at_frame == UINT64_MAX ? p->now : c->at_frame;
  practice_mark *m     = &p->wrap.marks[p->wrap.n_marks++];
  *m                   = (practice_mark){.at_s  = frame > t->from ? practice_seconds(p, frame - t->from) : 0,
                                         .index = t->position};
  memcpy(m->text, c->text[0], sizeof(m->text));
  shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_MARK);
  e->at_frame            = frame;
  e->u.mark.at_s         = m->at_s;
  e->u.mark.index        = m->index;
  memcpy(e->u.mark.text, m->text, sizeof(e->u.mark.text));
  return SHED_OK;
}

static shed_status
do_rate(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  if (score_valid(c->score, err) != SHED_OK) {
    return SHED_E_RANGE;
  }
  p->wrap.rated      = c->score;
  p->wrap.rated_said = true;
  if (p->judged) {
    practice_result(p);
  }
  return SHED_OK;
}

static shed_status
do_after(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  (void)err;
  memcpy(p->wrap.after, c->text, sizeof(p->wrap.after));
  p->wrap.after_said = true;
  return SHED_OK;
}

// -- the table ---------------------------------------------------------------------------------------------------------

#define IN(state) (1U << SHED_PRACTICE_##state)

static const struct {
  unsigned    states;
  const char *when;
  shed_status (*run)(shed_practice *p, const shed_practice_command *c, shed_error *err);
} commands[SHED_PRACTICE_COMMANDS] = {
    [SHED_PRACTICE_DO_COUNTS] = {IN(PREPARE) | IN(STUDY), "is said before the count-in", do_counts},
    [SHED_PRACTICE_DO_COLOUR] = {IN(PREPARE) | IN(STUDY), "is chosen before the count-in", do_colour},
    [SHED_PRACTICE_DO_BEFORE] = {IN(PREPARE) | IN(STUDY), "is said before the take", do_before},
    [SHED_PRACTICE_DO_STUDY]  = {IN(PREPARE), "is chosen before the take", do_study},
    [SHED_PRACTICE_DO_START]  = {IN(PREPARE) | IN(STUDY) | IN(FEEDBACK), "waits until this take is over",
                                 do_start},
    [SHED_PRACTICE_DO_STOP] = {IN(STUDY) | IN(COUNT_IN) | IN(LISTEN), "goes with a take that is being played",
                               do_stop},
    [SHED_PRACTICE_DO_RESTART] = {IN(COUNT_IN) | IN(LISTEN), "goes with a take that is being played",
                                  do_restart},
    [SHED_PRACTICE_DO_CANCEL]  = {IN(STUDY) | IN(COUNT_IN) | IN(LISTEN),
                                  "goes with a take that is being played", do_cancel},
    [SHED_PRACTICE_DO_MARK]  = {IN(COUNT_IN) | IN(LISTEN), "goes with a take that is being played", do_mark},
    [SHED_PRACTICE_DO_RATE]  = {IN(JUDGE), "is said when the take is over, before its result", do_rate},
    [SHED_PRACTICE_DO_AFTER] = {IN(FEEDBACK), "is said when the result is known", do_after},
};

shed_status
shed_practice_do(shed_practice *p, const shed_practice_command *c, shed_error *err)
{
  if ((size_t)c->kind >= SHED_PRACTICE_COMMANDS) {
    return shed_fail(err, SHED_E_RANGE, "do", "%d is no command", (int)c->kind);
  }
  if (!(commands[c->kind].states & (1U << p->state))) {
    return shed_fail(err, SHED_E_STATE, shed_practice_command_name(c->kind), "%s, and this is the state %s",
                     commands[c->kind].when, shed_practice_state_name(p->state));
  }
  return commands[c->kind].run(p, c, err);
}

// -- the clock ---------------------------------------------------------------------------------------------------------

bool
shed_practice_tick_begins(const shed_practice *p)
{
  return p->state == SHED_PRACTICE_STUDY && now_ns(p) >= p->study_end_ns;
}

void
shed_practice_tick(shed_practice *p)
{
  const int64_t now = now_ns(p);
  if (shed_practice_tick_begins(p)) {
    shed_error err = {0};
    p->studied     = true;
    if (begin(p, &err) != SHED_OK) { // no room for the recording: the player may try again
      practice_enter(p, SHED_PRACTICE_PREPARE);
      practice_say_code(p, SHED_MSG_sound_disk_full);
    }
  }
  if (is_taking(p->state) && !p->keyboard && (double)(now - p->pushed_ns) > STOPPED_S * 1e9) {
    shed_message m = shed_message_of(SHED_MSG_sound_stopped);
    shed_message_str(&m, "microphone", p->microphone[0] ? p->microphone : "the microphone");
    practice_say_once(p, PRACTICE_SAID_STOPPED, &m);
  }
  if (p->take.recorder && !p->take.written && shed_recorder_now(p->take.recorder).disk == SHED_E_NOSPACE) {
    shed_message m = shed_message_of(SHED_MSG_sound_disk_full);
    practice_say_once(p, PRACTICE_SAID_DISK, &m);
  }
}
