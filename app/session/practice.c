// About this file: the life of a live session, and what stands in it. Everything that it has is made here or when a take begins.
#include "app/session/practice_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double LEAD_S = .3, LEAD_LEAST_S = .05, LEAD_MOST_S = 5;
enum { METER_HZ = 50, METER_MOST_HZ = 100, RATE_LEAST_HZ = 8000, RATE_MOST_HZ = 192000 };

static void
copy_text(char *to, size_t size, const char *from)
{
  (void)snprintf(to, size, "%s", from ? from : "");
}

static bool
opts_valid(const shed_practice_opts *o)
{
  return o->rate_hz >= RATE_LEAST_HZ && o->rate_hz <= RATE_MOST_HZ &&
         (o->lead_s == 0 || (o->lead_s >= LEAD_LEAST_S && o->lead_s <= LEAD_MOST_S)) && o->meter_hz >= 0 &&
         o->meter_hz <= METER_MOST_HZ && (!o->folder || strlen(o->folder) + 64 < PATH_MAX);
}

shed_status
shed_practice_new(shed_practice **out, const shed_practice_opts *opts, const shed_alloc *alloc,
                  shed_error *err)
{
  if (!opts_valid(opts)) {
    return shed_fail(
        err, SHED_E_RANGE, NULL,
        "%d samples a second, %g s of lead and %d pitches a second: 8000 to 192000, .05 to 5 and 1 to "
        "100 are possible",
        opts->rate_hz, opts->lead_s, opts->meter_hz);
  }
  shed_practice *p  = shed_calloc(alloc, 1, sizeof(*p));
  shed_status    st = p ? shed_session_new(&p->session, NULL, alloc) : SHED_E_NOMEM;
  if (st != SHED_OK) {
    shed_free(alloc, p);
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  p->alloc         = alloc;
  p->clock         = opts->clock ? opts->clock : shed_clock_system();
  p->rate_hz       = opts->rate_hz;
  p->latency_s     = opts->latency_s;
  p->lead_s        = opts->lead_s > 0 ? opts->lead_s : LEAD_S;
  p->lag_free      = opts->lag_free;
  p->keyboard      = opts->keyboard;
  p->measured      = opts->measured != NULL;
  p->meter_hz      = opts->meter_hz ? opts->meter_hz : METER_HZ;
  p->pushed_ns     = p->clock->mono_ns(p->clock->ctx);
  p->take.notes_fd = -1;
  p->take.keys_fd  = -1;
  if (opts->measured) {
    p->latency = *opts->measured;
  }
  copy_text(p->microphone, sizeof(p->microphone), opts->microphone);
  copy_text(p->folder, sizeof(p->folder), opts->folder);
  *out = p;
  return SHED_OK;
}

// A take that is judged and not kept is gone, unless keeping it was tried in vain.
void
practice_let_go(shed_practice *p)
{
  if (p->judged && !p->keep_failed) {
    practice_take_drop(p);
  } else {
    practice_take_leave(p);
  }
}

void
shed_practice_free(shed_practice *p)
{
  if (!p) {
    return;
  }
  if (p->own_folder) {
    practice_take_drop(p);
    (void)rmdir(p->folder);
  } else {
    practice_let_go(p);
  }
  shed_hear_free(p->meter);
  shed_session_free(p->session);
  shed_free(p->alloc, p);
}

// -- asking ------------------------------------------------------------------------------------------------------------

static bool
was_asked(const shed_practice *p)
{
  for (int i = 0; i < p->n_asked && i < PRACTICE_ACTIVITIES; i++) {
    if (strcmp(p->asked[i], p->activity) == 0) {
      return true;
    }
  }
  return false;
}

static void
remember_asked(shed_practice *p)
{
  copy_text(p->asked[p->n_asked % PRACTICE_ACTIVITIES], SHED_ID, p->activity);
  p->n_asked++;
}

// The questions of the take that comes.
static void
begin_wrap(shed_practice *p)
{
  const bool asks =
      p->how.asking == SHED_PRACTICE_ASK_EACH || (p->how.asking == SHED_PRACTICE_ASK_ONCE && !was_asked(p));
  memset(&p->wrap, 0, sizeof(p->wrap));
  p->wrap.predicted    = (double)NAN;
  p->wrap.rated        = (double)NAN;
  p->wrap.before_asked = asks || p->how.required;
  p->wrap.after_asked  = asks;
  p->wrap.rating_asked = p->how.rate_first;
  if (p->wrap.before_asked) {
    practice_ask(p, SHED_PRACTICE_ASKS_BEFORE, p->how.required);
  }
  if (asks && !was_asked(p)) {
    remember_asked(p);
  }
}

void
practice_fresh(shed_practice *p)
{
  p->judged      = false;
  p->kept        = false;
  p->keep_failed = false;
  p->counts      = false;
  p->studied     = false;
  practice_enter(p, SHED_PRACTICE_PREPARE);
  begin_wrap(p);
}

static void
take_settings(shed_practice *p, const shed_practice_settings *how, const char *drill)
{
  static const shed_practice_settings plain = {0};
  p->how                                    = how ? *how : plain;
  copy_text(p->activity, sizeof(p->activity), p->how.activity ? p->how.activity : drill);
  copy_text(p->course, sizeof(p->course), p->how.course);
  copy_text(p->unit, sizeof(p->unit), p->how.unit);
  p->how.activity = p->activity;
  p->how.course   = p->course;
  p->how.unit     = p->unit;
  p->study_s      = p->how.study_s;
  p->study_aloud  = p->how.study_aloud;
}

shed_status
shed_practice_ready(shed_practice *p, shed_prompt *prompt, const shed_policy *policy,
                    const shed_practice_settings *how, shed_error *err)
{
  if (p->state != SHED_PRACTICE_IDLE && p->state != SHED_PRACTICE_PREPARE &&
      p->state != SHED_PRACTICE_FEEDBACK) {
    return shed_fail(err, SHED_E_STATE, NULL, "something else can be asked when this take is over");
  }
  if (how && (!(how->study_s >= 0) || how->study_s > 3600)) {
    return shed_fail(err, SHED_E_RANGE, NULL, "%g s to study: 0 to 3600 are possible", how->study_s);
  }
  practice_let_go(p);
  if (how && how->click) {
    prompt->a_click = true;
  }
  shed_status st = shed_session_ready(p->session, prompt, policy);
  if (st != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  take_settings(p, how, shed_session_prompt(p->session)->id);
  practice_fresh(p);
  if (!practice_follows(p)) {
    practice_say_code(p, SHED_MSG_practice_not_followed);
  }
  return SHED_OK;
}

// -- what stands -------------------------------------------------------------------------------------------------------

shed_practice_state
shed_practice_state_of(const shed_practice *p)
{
  return p->state;
}

const shed_prompt *
shed_practice_prompt(const shed_practice *p)
{
  return shed_session_prompt(p->session);
}

const shed_take *
shed_practice_take(const shed_practice *p)
{
  return shed_session_take(p->session);
}

const shed_verdict *
shed_practice_verdict(const shed_practice *p)
{
  return p->state == SHED_PRACTICE_FEEDBACK ? shed_session_verdict(p->session) : NULL;
}

const shed_policy *
shed_practice_policy(const shed_practice *p)
{
  return shed_session_policy(p->session);
}

bool
shed_practice_counts(const shed_practice *p)
{
  return p->counts;
}

uint64_t
shed_practice_now(const shed_practice *p)
{
  return p->now;
}

double
shed_practice_behind_s(const shed_practice *p)
{
  if (!p->take.recorder || p->take.written) {
    return 0;
  }
  shed_recorder_state now = shed_recorder_now(p->take.recorder);
  return practice_seconds(p, p->take.n > now.frames ? p->take.n - now.frames : 0);
}
