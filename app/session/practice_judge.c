// About this file: what was gathered of a take is judged like a file of the same samples, and the result is told.
#include "app/session/practice_internal.h"

#include "app/session/click.h"
#include "engine/audio/file.h"
#include "engine/audio/input_check.h"

#include <math.h>
#include <string.h>

static shed_status
finish_sound(shed_practice *p, shed_error *err)
{
  practice_take *t = &p->take;
  if (t->heard_out != SHED_OK) {
    return shed_fail(err, t->heard_out, NULL, "%s", shed_status_text(t->heard_out));
  }
  if (!t->written) {
    shed_status st = shed_recorder_finish(t->recorder, &t->sha256, err);
    if (st != SHED_OK) {
      return st;
    }
    t->written = true;
  }
  return SHED_OK;
}

typedef struct {
  shed_sound_reader *reader;
  const float       *given;
  size_t             n, at;
} rehearing;

static shed_status
pull_sound(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  return shed_sound_read(((rehearing *)ctx)->reader, x, cap, n, err);
}

static shed_status
pull_given(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  rehearing *r = ctx;
  (void)err;
  *n = r->n - r->at < cap ? r->n - r->at : cap;
  memcpy(x, r->given + r->at, *n * sizeof(*x));
  r->at += *n;
  return SHED_OK;
}

// With accompaniment the whole take is looked at ahead, as with a file: how late it is heard is known from the first note on.
static shed_status
hear_again(shed_practice *p, shed_take *take, shed_error *err)
{
  practice_take *t    = &p->take;
  rehearing      r    = {.given = t->given, .n = t->n_given};
  shed_hear_opts opts = {.rate_hz = p->rate_hz,
                         .click   = shed_click_of_prompt(shed_session_prompt(p->session))};
  opts.playing        = (shed_hear_playing){.sounds = true, .pull = pull_given, .pull_ctx = &r};
  shed_status st      = shed_sound_open(&r.reader, t->path, NULL, p->alloc, err);
  if (st == SHED_OK) {
    st = shed_hear_source(pull_sound, &r, &opts, t->n, p->alloc, NULL, NULL, take, err);
  }
  shed_sound_close(r.reader);
  return st;
}

static shed_status
add_gaps(shed_practice *p, shed_take *take)
{
  const shed_recorder_gap *gaps = NULL;
  const size_t             n    = shed_recorder_gaps(p->take.recorder, &gaps);
  double                   ms   = 0;
  if (n == 0) {
    return SHED_OK;
  }
  take->gaps = shed_calloc(p->alloc, n, sizeof(*take->gaps));
  if (!take->gaps) {
    return SHED_E_NOMEM;
  }
  for (take->n_gaps = 0; take->n_gaps < n; take->n_gaps++) {
    const shed_recorder_gap *g = &gaps[take->n_gaps];
    take->gaps[take->n_gaps]   = (shed_take_gap){(float)practice_seconds(p, g->at_frame),
                                                 (float)practice_seconds(p, g->at_frame + g->frames)};
    ms += 1000 * practice_seconds(p, g->frames);
  }
  shed_message m = shed_message_of(SHED_MSG_sound_gaps);
  shed_message_num(&m, "n", (double)n, 0);
  shed_message_num(&m, "ms", ms, 0);
  shed_take_warn(take, m);
  return SHED_OK;
}

// Against what we play, time is judged only where the delay is known and steady; at the player's own tempo a steady delay is none.
static void
withhold_rhythm(const shed_practice *p, shed_take *take)
{
  shed_message why;
  const bool   against = shed_session_prompt(p->session)->a_click || p->how.accompanied;
  if (p->lag_free ||
      shed_latency_rhythm(p->measured ? &p->latency : NULL, p->microphone[0] ? p->microphone : "", &why)) {
    return;
  }
  if (against || why.code != SHED_MSG_sound_not_calibrated) {
    take->no_rhythm = true;
    shed_take_warn(take, why);
  }
}

// Gain that moves by itself, and noise that is taken away: of a microphone, not of a file.
static void
warn_of_input(const shed_practice *p, shed_take *take)
{
  shed_input_report r;
  shed_message      m[SHED_INPUT_MESSAGES];
  if (p->lag_free || shed_input_check_levels(p->take.level_db, p->take.n_levels, p->alloc, &r) != SHED_OK) {
    return;
  }
  const int n = shed_input_advice(&r, p->microphone, false, m);
  for (int i = 0; i < n; i++) {
    if (m[i].code == SHED_MSG_sound_gain || m[i].code == SHED_MSG_sound_suppression) {
      shed_take_warn(take, m[i]);
    }
  }
}

static shed_status
take_of_sound(shed_practice *p, shed_take *take, shed_error *err)
{
  shed_status st = finish_sound(p, err);
  if (st != SHED_OK) {
    return st;
  }
  if (p->how.accompanied) {
    st = hear_again(p, take, err);
  } else {
    shed_collect_take(p->take.collect, p->take.hear, p->rate_hz, take);
  }
  if (st == SHED_OK && (st = add_gaps(p, take)) != SHED_OK) {
    shed_take_free(take);
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  if (st == SHED_OK) {
    take->sha256    = p->take.sha256;
    take->latency_s = p->latency_s;
    withhold_rhythm(p, take);
    warn_of_input(p, take);
  }
  return st;
}

void
practice_result(shed_practice *p)
{
  practice_enter(p, SHED_PRACTICE_FEEDBACK);
  shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_RESULT);
  e->u.result.prompt     = shed_session_prompt(p->session);
  e->u.result.take       = shed_session_take(p->session);
  e->u.result.verdict    = shed_session_verdict(p->session);
  e->u.result.foresight  = (shed_practice_foresight){
       .predicted = p->wrap.predicted, .rated = p->wrap.rated, .score = e->u.result.verdict->score};
  if (p->wrap.after_asked) {
    practice_ask(p, SHED_PRACTICE_ASKS_AFTER, false);
  }
}

bool
shed_practice_due(const shed_practice *p)
{
  return p->state == SHED_PRACTICE_JUDGE && !p->judged;
}

shed_status
shed_practice_judge(shed_practice *p, shed_error *err)
{
  shed_take take = {0};
  if (!shed_practice_due(p)) {
    return shed_fail(err, SHED_E_STATE, NULL, "there is no take to be judged");
  }
  shed_status st = p->keyboard ? practice_keyboard_take(p, &take, err) : take_of_sound(p, &take, err);
  if (st == SHED_E_NOSPACE) {
    return st; // all of it is still there
  }
  if (st == SHED_OK) {
    st = shed_session_heard(p->session, &take, err);
    st = st == SHED_OK ? shed_session_judge(p->session, err) : st;
    shed_take_free(&take);
  }
  if (st != SHED_OK) {
    practice_take_leave(p);
    if (shed_session_again(p->session, NULL) == SHED_OK) {
      practice_enter(p, SHED_PRACTICE_PREPARE);
    }
    return st;
  }
  p->judged = true;
  if (p->wrap.rating_asked && !p->wrap.rated_said) {
    practice_ask(p, SHED_PRACTICE_ASKS_RATING, true);
  } else {
    practice_result(p);
  }
  return SHED_OK;
}
