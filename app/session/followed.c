#include "app/session/followed.h"

static void
put_label(shed_json *o, const char *key, const char *label)
{
  if (label) {
    shed_json_set_str(o, key, label);
  } else {
    shed_json_set_null(o, key);
  }
}

static void
put_place(shed_json *o, const shed_follow_event *e)
{
  shed_json_set_real(o, "onset_beats", e->beat, 4);
  shed_json_set_real(o, "tempo_bpm", e->tempo_bpm, 1);
  shed_json_set_real(o, "tuning_cents", e->tuning_cents, 1);
  shed_json_set_int(o, "shift", e->shift);
}

static void
put_note(shed_json *o, const shed_follow_event *e)
{
  shed_json_set_int(o, "attempt", e->attempt);
  put_label(o, "pitch", shed_pitch_label_name(e->pitch));
  put_label(o, "timing", shed_timing_label_name(e->timing));
  shed_json_set_real(o, "cents", e->cents, 1);
  shed_json_set_real(o, "onset_error_ms", e->onset_error_ms, 1);
  shed_json_set_real(o, "confidence", e->confidence, 2);
}

static void
put_jump(shed_json *o, const shed_follow_event *e)
{
  shed_json_set_int(o, "from_index", e->from_index);
}

/// What a kind tells besides the note that it is about.
static void (*const puts_of[])(shed_json *o, const shed_follow_event *e) = {
    [SHED_FOLLOW_POSITION] = put_place, [SHED_FOLLOW_PROVISIONAL] = put_note,
    [SHED_FOLLOW_REVISED] = put_note,   [SHED_FOLLOW_CONFIRMED] = put_note,
    [SHED_FOLLOW_JUMP] = put_jump,      [SHED_FOLLOW_LOST] = NULL,
    [SHED_FOLLOW_FOUND] = NULL,
};

void
shed_followed_put(shed_json *o, const shed_follow_event *e, const shed_prompt *prompt)
{
  if (!puts_of[e->kind]) {
    return;
  }
  const shed_sounding_note *n = &prompt->line.notes[e->index];
  shed_json_set_int(o, "index", e->index);
  shed_json_set_str(o, "id", n->id);
  shed_json_set_int(o, "pass", e->pass);
  shed_json_set_str(o, "measure", n->measure);
  shed_json_set_real(o, "beat", n->beat, 4);
  shed_json_set_real(o, "onset_s", e->onset_s, 4);
  puts_of[e->kind](o, e);
}
