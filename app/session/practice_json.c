// About this file: the one JSON form of what a live session says and is told, by tables over the kinds. Pure.
#include "app/session/followed.h"
#include "app/session/practice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// -- names -------------------------------------------------------------------------------------------------------------

static const char *const state_names[] = {
#define SHED_PRACTICE_STATE(id, name) name,
#include "app/session/practice.def"
#undef SHED_PRACTICE_STATE
};
static const char *const event_names[] = {
#define SHED_PRACTICE_EVENT(id, name) name,
#include "app/session/practice.def"
#undef SHED_PRACTICE_EVENT
};
static const char *const command_names[] = {
#define SHED_PRACTICE_COMMAND(id, name) name,
#include "app/session/practice.def"
#undef SHED_PRACTICE_COMMAND
};
static const char *const question_names[] = {"before", "rating", "after"};

const char *
shed_practice_state_name(shed_practice_state s)
{
  return state_names[s];
}

const char *
shed_practice_event_name(shed_practice_event_kind k)
{
  return event_names[k];
}

const char *
shed_practice_command_name(shed_practice_command_kind k)
{
  return command_names[k];
}

// -- events ------------------------------------------------------------------------------------------------------------

typedef void put_fn(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt);

static void
put_state(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_str(o, "state", shed_practice_state_name(e->u.state.now));
  shed_json_set_str(o, "before", shed_practice_state_name(e->u.state.before));
  shed_json_set_bool(o, "counts", e->u.state.counts);
  shed_json_set_bool(o, "colour", e->u.state.colour);
  shed_json_set_bool(o, "follows", e->u.state.follows);
  if (e->u.state.now == SHED_PRACTICE_STUDY) {
    shed_json_set_real(o, "study_s", e->u.state.study_s, 1);
  }
}

static shed_json *
metronome_json(const shed_metronome *m)
{
  shed_json *o     = shed_json_object();
  shed_json *beats = shed_json_array();
  shed_json_set_real(o, "quarter_bpm", m->quarter_bpm, 3);
  for (int i = 0; i < m->beats; i++) {
    shed_json_add(beats, shed_json_real(m->quarters[i], 4));
  }
  shed_json_set(o, "beats", beats);
  shed_json_set_int(o, "parts", m->parts);
  shed_json_set_real(o, "swing", m->swing, 3);
  shed_json_set_int(o, "count_in", m->count_in);
  shed_json_set_real(o, "start_s", m->start_s, 4);
  shed_json_set_bool(o, "silent", m->silent);
  shed_json_set_bool(o, "count_in_only", m->count_in_only);
  return o;
}

static void
put_cue(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_int(o, "music_frame", (int64_t)e->u.cue.music_frame);
  shed_json_set_bool(o, "model", e->u.cue.model);
  shed_json_set_bool(o, "accompanied", e->u.cue.accompanied);
  shed_json_set(o, "metronome", e->u.cue.click ? metronome_json(&e->u.cue.metronome) : shed_json_null());
}

static void
put_beat(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_int(o, "bar", e->u.beat.bar);
  shed_json_set_int(o, "beat", e->u.beat.beat);
  shed_json_set_bool(o, "accent", e->u.beat.accent);
  shed_json_set_bool(o, "sounds", e->u.beat.sounds);
}

static void
put_level(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_real(o, "rms_db", e->u.level.rms_db, 1);
  shed_json_set_real(o, "peak_db", e->u.level.peak_db, 1);
  shed_json_set_bool(o, "clipped", e->u.level.clipped);
}

static void
put_pitch(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_bool(o, "voiced", e->u.pitch.voiced);
  if (e->u.pitch.voiced) {
    shed_json_set_real(o, "f0_hz", e->u.pitch.f0_hz, 2);
    shed_json_set_int(o, "midi", e->u.pitch.midi);
    shed_json_set_real(o, "cents", e->u.pitch.cents, 1);
    shed_json_set_real(o, "target_cents", e->u.pitch.target_cents, 1);
  }
}

static void
put_follow(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  if (e->kind == SHED_PRACTICE_TELLS_NOTE) {
    shed_json_set_str(o, "kind",
                      e->u.follow.kind == SHED_FOLLOW_PROVISIONAL ? "provisional"
                      : e->u.follow.kind == SHED_FOLLOW_REVISED   ? "revised"
                                                                  : "confirmed");
  }
  shed_json_set_real(o, "take_s", e->u.follow.at_s, 4);
  shed_followed_put(o, &e->u.follow, prompt);
}

static void
put_message(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  shed_str text = {0};
  (void)prompt;
  shed_message_text(&e->u.message, &text);
  shed_json_set(o, "message", shed_message_to_json(&e->u.message));
  shed_json_set_str(o, "text", shed_str_text(&text));
  shed_str_free(&text);
}

static void
put_ask(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_str(o, "what", question_names[e->u.ask.what]);
  shed_json_set_bool(o, "required", e->u.ask.required);
}

static void
put_mark(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set_real(o, "take_s", e->u.mark.at_s, 4);
  shed_json_set_int(o, "index", e->u.mark.index);
  shed_json_set_str(o, "text", e->u.mark.text);
}

static void
put_result(shed_json *o, const shed_practice_event *e, const shed_prompt *prompt)
{
  (void)prompt;
  shed_json_set(o, "verdict",
                shed_verdict_to_json(e->u.result.verdict, e->u.result.prompt, e->u.result.take));
  shed_json_set_real(o, "predicted", e->u.result.foresight.predicted, 4);
  shed_json_set_real(o, "rated", e->u.result.foresight.rated, 4);
}

static put_fn *const put_of[] = {
    [SHED_PRACTICE_TELLS_STATE] = put_state,     [SHED_PRACTICE_TELLS_CUE] = put_cue,
    [SHED_PRACTICE_TELLS_BEAT] = put_beat,       [SHED_PRACTICE_TELLS_LEVEL] = put_level,
    [SHED_PRACTICE_TELLS_PITCH] = put_pitch,     [SHED_PRACTICE_TELLS_POSITION] = put_follow,
    [SHED_PRACTICE_TELLS_NOTE] = put_follow,     [SHED_PRACTICE_TELLS_JUMP] = put_follow,
    [SHED_PRACTICE_TELLS_LOST] = put_follow,     [SHED_PRACTICE_TELLS_FOUND] = put_follow,
    [SHED_PRACTICE_TELLS_MESSAGE] = put_message, [SHED_PRACTICE_TELLS_ASK] = put_ask,
    [SHED_PRACTICE_TELLS_MARK] = put_mark,       [SHED_PRACTICE_TELLS_RESULT] = put_result,
};

shed_json *
shed_practice_event_to_json(const shed_practice_event *e, const shed_prompt *prompt)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "event", shed_practice_event_name(e->kind));
  shed_json_set_real(o, "at_s", e->at_s, 4);
  shed_json_set_int(o, "frame", (int64_t)e->at_frame);
  put_of[e->kind](o, e, prompt);
  return o;
}

// -- commands ----------------------------------------------------------------------------------------------------------

// Texts of a command, in the order of its text[].
static const struct {
  shed_practice_command_kind kind;
  const char                *keys[3];
} texts_of[] = {
    {SHED_PRACTICE_DO_BEFORE, {"goal", "strategy", "spot"}},
    {SHED_PRACTICE_DO_MARK, {"text", NULL, NULL}},
    {SHED_PRACTICE_DO_AFTER, {"cause", "next", NULL}},
};

static shed_status
read_texts(const shed_json *v, shed_practice_command *c, shed_error *err)
{
  for (size_t i = 0; i < SHED_COUNTOF(texts_of); i++) {
    for (size_t k = 0; k < 3 && texts_of[i].kind == c->kind && texts_of[i].keys[k]; k++) {
      const char *text = "";
      shed_status st   = shed_json_read_str(v, texts_of[i].keys[k], true, SHED_PRACTICE_TEXT - 1, &text, err);
      if (st != SHED_OK) {
        return st;
      }
      (void)snprintf(c->text[k], sizeof(c->text[k]), "%s", text);
    }
  }
  return SHED_OK;
}

shed_status
shed_practice_command_from_json(const shed_json *v, shed_practice_command *out, shed_error *err)
{
  const char           *what  = NULL;
  int64_t               frame = -1;
  shed_practice_command c     = {.score = NAN, .at_frame = UINT64_MAX};
  shed_status           st    = shed_json_read_str(v, "do", false, 32, &what, err);
  if (st != SHED_OK) {
    return st;
  }
  size_t k = 0;
  while (k < SHED_PRACTICE_COMMANDS && strcmp(command_names[k], what) != 0) {
    k++;
  }
  if (k == SHED_PRACTICE_COMMANDS) {
    return shed_fail(err, SHED_E_FORMAT, "do", "there is no command \"%s\"", what);
  }
  c.kind = (shed_practice_command_kind)k;
  if ((st = shed_json_read_bool(v, "on", true, &c.on, err)) == SHED_OK &&
      (st = shed_json_read_real(v, "seconds", true, 0, 3600, &c.seconds, err)) == SHED_OK &&
      (st = shed_json_read_real(v, "score", true, 0, 1, &c.score, err)) == SHED_OK &&
      (st = shed_json_read_int(v, "frame", true, 0, INT64_MAX, &frame, err)) == SHED_OK) {
    st = read_texts(v, &c, err);
  }
  if (st == SHED_OK) {
    c.at_frame = frame < 0 ? UINT64_MAX : (uint64_t)frame;
    *out       = c;
  }
  return st;
}
