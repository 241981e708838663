#include "app/cli/take_csv.h"

#include "engine/base/json.h"

#include <math.h>

// Places behind the point: finer than the ear can tell, and no more.
enum {
  TIME_PLACES  = 3,
  ONSET_PLACES = 4,
  HZ_PLACES    = 3,
  CENTS_PLACES = 2,
  SHARE_PLACES = 3,
  DB_PLACES    = 2,
  BPM_PLACES   = 2
};

static void
add_number(shed_str *out, double value, int places, char end)
{
  char text[48] = "";
  if (isfinite(value)) {
    (void)shed_format_double(text, sizeof(text), value, places);
  }
  shed_str_add(out, text);
  shed_str_addn(out, &end, 1);
}

void
shed_take_csv_frames(const shed_take *take, shed_str *out)
{
  shed_str_add(out, "time_s,f0_hz,voiced,confidence,level_db\n");
  for (size_t i = 0; i < take->n_frames; i++) {
    const shed_frame *f = &take->frames[i];
    add_number(out, (double)i * SHED_FRAME_HOP_S, TIME_PLACES, ',');
    add_number(out, (double)f->f0_hz, HZ_PLACES, ',');
    shed_str_add(out, f->voiced ? "1," : "0,");
    add_number(out, (double)f->confidence, SHARE_PLACES, ',');
    add_number(out, (double)f->level_db, DB_PLACES, '\n');
  }
}

void
shed_take_csv_notes(const shed_take *take, shed_str *out)
{
  shed_str_add(out, "onset_s,offset_s,midi,cents,confidence\n");
  for (size_t i = 0; i < take->n_notes; i++) {
    const shed_heard_note *n = &take->notes[i];
    add_number(out, (double)n->onset_s, ONSET_PLACES, ',');
    add_number(out, (double)n->offset_s, ONSET_PLACES, ',');
    add_number(out, n->midi >= 0 ? n->midi : (double)NAN, 0, ',');
    add_number(out, n->midi >= 0 ? (double)n->cents : (double)NAN, CENTS_PLACES, ',');
    add_number(out, (double)n->confidence, SHARE_PLACES, '\n');
  }
}

void
shed_take_csv_onsets(const shed_take *take, shed_str *out)
{
  shed_str_add(out, "onset_s,strength,confidence\n");
  for (size_t i = 0; i < take->n_onsets; i++) {
    const shed_heard_onset *o = &take->onsets[i];
    add_number(out, (double)o->time_s, ONSET_PLACES, ',');
    add_number(out, (double)o->strength, SHARE_PLACES, ',');
    add_number(out, (double)o->confidence, SHARE_PLACES, '\n');
  }
}

static void
put_frame(const shed_event *e, shed_json *o)
{
  shed_json_set_real(o, "f0_hz", (double)e->u.frame.f0_hz, HZ_PLACES);
  shed_json_set_bool(o, "voiced", e->u.frame.voiced);
  shed_json_set_real(o, "confidence", (double)e->u.frame.confidence, SHARE_PLACES);
  shed_json_set_real(o, "level_db", (double)e->u.frame.level_db, DB_PLACES);
}

static void
put_onset(const shed_event *e, shed_json *o)
{
  shed_json_set_real(o, "strength", (double)e->u.onset.strength, SHARE_PLACES);
  shed_json_set_real(o, "confidence", (double)e->u.onset.confidence, SHARE_PLACES);
}

static void
put_pitch(const shed_heard_note *n, shed_json *o)
{
  if (n->midi >= 0) {
    shed_json_set_int(o, "midi", n->midi);
  } else {
    shed_json_set_null(o, "midi");
  }
}

static void
put_note_on(const shed_event *e, shed_json *o)
{
  shed_json_set_real(o, "onset_s", (double)e->u.note.onset_s, ONSET_PLACES);
  put_pitch(&e->u.note, o);
}

static void
put_note(const shed_event *e, shed_json *o)
{
  const shed_heard_note *n = &e->u.note;
  shed_json_set_real(o, "onset_s", (double)n->onset_s, ONSET_PLACES);
  shed_json_set_real(o, "offset_s", (double)n->offset_s, ONSET_PLACES);
  put_pitch(n, o);
  shed_json_set_real(o, "cents", n->midi >= 0 ? (double)n->cents : (double)NAN, CENTS_PLACES);
  shed_json_set_real(o, "confidence", (double)n->confidence, SHARE_PLACES);
}

static void
put_beat(const shed_event *e, shed_json *o)
{
  shed_json_set_real(o, "bpm", (double)e->u.beat.bpm, BPM_PLACES);
  shed_json_set_real(o, "confidence", (double)e->u.beat.confidence, SHARE_PLACES);
}

static const struct {
  const char *kind;
  bool        settled;
  void (*put)(const shed_event *e, shed_json *o);
} kinds[] = {
    [SHED_EVENT_FRAME_PROVISIONAL] = {"frame", false, put_frame},
    [SHED_EVENT_FRAME]             = {"frame", true, put_frame},
    [SHED_EVENT_ONSET]             = {"onset", true, put_onset},
    [SHED_EVENT_NOTE_ON]           = {"note_on", false, put_note_on},
    [SHED_EVENT_NOTE]              = {"note", true, put_note},
    [SHED_EVENT_BEAT]              = {"beat", true, put_beat},
};

void
shed_event_line(const shed_event *event, shed_str *out)
{
  SHED_ASSERT((size_t)event->kind < SHED_COUNTOF(kinds));
  shed_json *o = shed_json_object();
  shed_json_set_int(o, "at_frame", (int64_t)event->at_frame);
  shed_json_set_str(o, "state", kinds[event->kind].settled ? "settled" : "provisional");
  shed_json_set_str(o, "kind", kinds[event->kind].kind);
  shed_json_set_real(o, "time_s", event->time_s, ONSET_PLACES);
  kinds[event->kind].put(event, o);
  shed_json_write(o, SHED_JSON_LINE, out);
  shed_str_add(out, "\n");
  shed_json_free(o);
}
