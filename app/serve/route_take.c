// About this file: the routes of takes: list, one with its verdict, its sound, its track, how it should sound. Desk threads.
#include "app/serve/routes.h"

#include "engine/audio/file.h"
#include "engine/audio/probe.h"
#include "engine/audio/render.h"
#include "engine/base/file.h"
#include "engine/task/take.h"
#include "mastery/store/regrade.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 50, LIMIT_MOST = 500, SIDE_STICK = 37, RATE_HZ = 44100 };
#define SOUND_MOST (200u << 20) // bytes of a take's file that are sent; half an hour of 24-bit sound

// -- a take in a list --------------------------------------------------------------------------------------------------

static const char *
title_of(const shed_library *library, const char *drill)
{
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *d;
  return shed_library_drill(library, drill, &course, &unit, &d, NULL) == SHED_OK ? d->title : drill;
}

static shed_json *
row_json(const shed_library *library, const shed_stored_take *t)
{
  char       at[40];
  shed_json *o = shed_json_object();
  shed_time_format(at, sizeof(at), t->performed_at_ms, t->utc_offset_min);
  shed_json_set_str(o, "id", t->event.text);
  shed_json_set_str(o, "student", t->student.text);
  shed_json_set_str(o, "drill", t->drill);
  shed_json_set_str(o, "title", title_of(library, t->drill));
  shed_json_set_str(o, "unit", t->unit[0] ? t->unit : NULL);
  shed_json_set_int(o, "seed", (int64_t)t->seed);
  shed_json_set_str(o, "performed_at", at);
  shed_json_set_bool(o, "counted", t->counted);
  shed_json_set_real(o, "score", t->score, 4);
  shed_json_set_real(o, "assessed", t->assessed, 4);
  shed_json_set_bool(o, "has_sound", t->sha256.text[0] != '\0');
  shed_json_set_bool(o, "corrected", t->corrected);
  shed_json_set_bool(o, "regraded", t->regraded);
  shed_json_set_str(o, "instrument", t->instrument[0] ? t->instrument : NULL);
  return o;
}

// The newest are wanted and come last: a ring of the last so many that fit.
typedef struct {
  const shed_library *library;
  const char         *drill;  ///< "" all
  const char         *before; ///< id; "" none
  bool                ended;  ///< @p before was seen
  shed_json         **rows;
  size_t              most, n;
} listing;

static bool
list_take(void *ctx, const shed_stored_take *t)
{
  listing *l = ctx;
  if (l->before[0] && strcmp(t->event.text, l->before) == 0) {
    l->ended = true;
    return false;
  }
  if (t->withdrawn || (l->drill[0] && strcmp(t->drill, l->drill) != 0)) {
    return true;
  }
  size_t at = l->n++ % l->most;
  shed_json_free(l->rows[at]);
  l->rows[at] = row_json(l->library, t);
  return true;
}

shed_status
route_takes(shed_call *c, shed_error *err)
{
  shed_uuid   student;
  int64_t     limit = LIMIT;
  const char *unit  = shed_request_param(c->req, "unit");
  listing     l     = {.library = c->room->library,
                       .drill   = shed_request_param(c->req, "drill"),
                       .before  = shed_request_param(c->req, "before")};
  shed_status st    = shed_call_student(c, &student, err);
  if (st == SHED_OK) {
    st = shed_request_whole(c->req, "limit", 1, LIMIT_MOST, &limit, err);
  }
  if (st != SHED_OK) {
    return st;
  }
  l.most = (size_t)limit;
  l.rows = shed_calloc(c->room->alloc, l.most, sizeof(shed_json *));
  if (!l.rows) {
    return SHED_E_NOMEM;
  }
  st              = shed_store_each_take(c->store, &student, unit[0] ? unit : NULL, list_take, &l, err);
  size_t     kept = l.n < l.most ? l.n : l.most;
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < kept; i++) {
    shed_json_add(list, l.rows[(l.n - 1 - i) % l.most]);
  }
  shed_free(c->room->alloc, l.rows);
  if (st == SHED_OK && l.before[0] && !l.ended) {
    st = shed_fail(err, SHED_E_NOTFOUND, "before", "there is no such take");
  }
  if (st != SHED_OK) {
    shed_json_free(list);
    return st;
  }
  shed_json *o = shed_json_object();
  shed_json_set(o, "takes", list);
  shed_json_set_bool(o, "more", l.n > l.most);
  shed_answer_json(c->out, o);
  return SHED_OK;
}

// -- one take ----------------------------------------------------------------------------------------------------------

// A take as it stands, and whose it is; what is borrowed in it is dropped but for the row.
typedef struct {
  const char         *id;
  const shed_library *library;
  shed_json          *row;
  shed_uuid           student, event;
  shed_sha256         sha256;
  bool                regraded;
  char                course[SHED_ID], unit[SHED_ID];
} found_take;

static bool
is_take(void *ctx, const shed_stored_take *t)
{
  found_take *f = ctx;
  if (strcmp(t->event.text, f->id) != 0 || t->withdrawn) {
    return true;
  }
  f->row      = row_json(f->library, t);
  f->event    = t->event;
  f->sha256   = t->sha256;
  f->regraded = t->regraded;
  (void)snprintf(f->course, sizeof(f->course), "%s", t->course);
  (void)snprintf(f->unit, sizeof(f->unit), "%s", t->unit);
  return false;
}

typedef struct {
  shed_store *store;
  found_take *take;
  shed_status st;
  shed_error *err;
} searching;

static bool
search_student(void *ctx, const shed_person *p)
{
  searching *s     = ctx;
  s->take->student = p->id;
  s->st            = shed_store_each_take(s->store, &p->id, NULL, is_take, s->take, s->err);
  return s->st == SHED_OK && !s->take->row;
}

// The take of the path: one's own, or for a teacher any student's. Another student's looks to a student like none, but is told to
// the log: whether an id is a take's is nobody else's business.
static shed_status
find_take(shed_call *c, found_take *out, shed_error *err)
{
  shed_uuid id;
  *out = (found_take){.id = c->arg, .library = c->room->library, .student = c->who.person};
  if (shed_uuid_parse(c->arg, &id) != SHED_OK) {
    return shed_fail(err, SHED_E_NOTFOUND, "take", "there is no such take");
  }
  searching   s  = {.store = c->store, .take = out, .st = SHED_OK, .err = err};
  shed_status st = shed_store_each_take(c->store, &c->who.person, NULL, is_take, out, err);
  if (st != SHED_OK || out->row) {
    return st;
  }
  st = shed_store_each_person(c->store, SHED_ROLE_ANY, search_student, &s, err);
  st = st == SHED_OK ? s.st : st;
  if (st == SHED_OK && !out->row) {
    return shed_fail(err, SHED_E_NOTFOUND, "take", "there is no such take");
  }
  if (st == SHED_OK && !(c->who.roles & SHED_ACCOUNT_TEACHER)) {
    shed_json_free(out->row);
    out->row = NULL;
    return shed_fail(err, SHED_E_DENIED, "take", "that is another student's take");
  }
  return st;
}

static shed_status
read_prompt(const shed_json *body, const shed_alloc *alloc, shed_prompt *out, shed_error *err)
{
  const shed_json *v = shed_json_get(body, "prompt");
  if (!v || shed_json_is_null(v)) {
    return shed_fail(err, SHED_E_NOTFOUND, "take", "nothing is known of what was asked in it");
  }
  return shed_prompt_from_json(v, alloc, out, err);
}

static void
put_verdict(shed_json *o, const shed_json *body, const shed_json *regraded)
{
  const shed_json *v = shed_json_get(regraded, "verdict");
  v                  = v ? v : shed_json_get(body, "verdict");
  shed_json *copy    = v ? shed_json_copy(v) : shed_json_null();
  shed_messages_tell(copy);
  shed_json_set(o, "verdict", copy);
}

shed_status
shed_prompt_of_take(shed_call *c, const char *take, shed_prompt *prompt, char course[SHED_ID],
                    char unit[SHED_ID], shed_error *err)
{
  found_take f;
  shed_json *body = NULL;
  (void)snprintf(c->arg, sizeof(c->arg), "%s", take);
  shed_status st = find_take(c, &f, err);
  shed_json_free(f.row);
  if (st == SHED_OK && (st = shed_store_take_body(c->store, &f.event, &body, err)) == SHED_OK) {
    st = read_prompt(body, c->room->alloc, prompt, err);
  }
  shed_json_free(body);
  memcpy(course, f.course, SHED_ID);
  memcpy(unit, f.unit, SHED_ID);
  return st;
}

shed_status
route_take(shed_call *c, shed_error *err)
{
  found_take  f;
  shed_json  *body     = NULL;
  shed_json  *regraded = NULL;
  shed_prompt prompt   = {0};
  shed_status st       = find_take(c, &f, err);
  if (st == SHED_OK) {
    st = shed_store_take_body(c->store, &f.event, &body, err);
  }
  if (st == SHED_OK && f.regraded) {
    st = shed_store_regraded_body(c->store, &f.student, &f.event, &regraded, err);
  }
  if (st == SHED_OK && (st = read_prompt(body, c->room->alloc, &prompt, err)) == SHED_OK) {
    put_verdict(f.row, body, regraded);
    shed_json_set(f.row, "asked", shed_asked_to_json(&prompt, f.course, f.unit, 1, false));
    if (shed_json_get(body, "marks")) {
      shed_json_set(f.row, "marks", shed_json_copy(shed_json_get(body, "marks")));
    }
    shed_answer_json(c->out, f.row);
    f.row = NULL;
  }
  shed_prompt_free(&prompt);
  shed_json_free(f.row);
  shed_json_free(regraded);
  shed_json_free(body);
  return st;
}

// -- its sound ---------------------------------------------------------------------------------------------------------

// Sound as WAV through a file beside the takes, since that is how sound is written here.
static shed_status
answer_wav(shed_call *c, const shed_sound *x, shed_error *err)
{
  char   path[SHED_ROOM_PATH + 32];
  char  *data = NULL;
  size_t n    = 0;
  (void)snprintf(path, sizeof(path), "%s", c->room->scratch);
  size_t      len = strlen(path);
  shed_uuid   id  = shed_uuid_new(c->room->clock);
  shed_status st  = SHED_OK;
  (void)snprintf(path + len, sizeof(path) - len, "/%s.wav", id.text);
  st = shed_sound_save(path, x->x, x->n, x->rate_hz, err);
  if (st == SHED_OK) {
    st = shed_file_read(path, SOUND_MOST, c->room->alloc, &data, &n, err);
  }
  (void)unlink(path);
  if (st == SHED_OK) {
    shed_str_addn(&c->out->body, data, n);
    c->out->type = "audio/wav";
    c->out->keep = true;
    st           = c->out->body.failed ? SHED_E_NOMEM : SHED_OK;
  }
  shed_free(c->room->alloc, data);
  return st;
}

shed_status
shed_sound_of_prompt(shed_call *c, const shed_prompt *prompt, double tempo_bpm, shed_error *err)
{
  shed_render_opts opts = {.rate_hz = RATE_HZ, .tail_s = 1};
  shed_sound       x    = {0};
  shed_profile     profile;
  bool      known = prompt->profile[0] && shed_profile_find(prompt->profile, &profile, NULL) == SHED_OK;
  int       drum  = known && profile.gm_percussion >= 0 ? profile.gm_percussion : SIDE_STICK;
  int       gm    = known && profile.gm_program >= 0 ? profile.gm_program : 0;
  double    scale = tempo_bpm > 0 && prompt->line.tempo_bpm > 0 ? prompt->line.tempo_bpm / tempo_bpm : 1;
  shed_line line  = prompt->line; // borrowed but for the notes' times
  line.notes      = shed_calloc(c->room->alloc, line.n_notes, sizeof(*line.notes));
  if (!line.notes) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < line.n_notes; i++) {
    line.notes[i] = prompt->line.notes[i];
    line.notes[i].onset_s *= scale;
    line.notes[i].duration_s *= scale;
  }
  shed_status st = shed_render_line(&line, gm, drum, &opts, c->room->alloc, &x, err);
  if (st == SHED_OK) {
    st = answer_wav(c, &x, err);
  }
  shed_sound_free(&x);
  shed_free(c->room->alloc, line.notes);
  return st;
}

shed_status
route_probe(shed_call *c, shed_error *err)
{
  int64_t     rate = RATE_HZ;
  shed_sound  x    = {0};
  shed_status st   = shed_request_whole(c->req, "rate_hz", 16000, 192000, &rate, err);
  if (st == SHED_OK) {
    const shed_probe_opts o = {.rate_hz = (int)rate, .probes = SHED_PROBES, .level_db = SHED_PROBE_LEVEL_DB};
    st                      = shed_probe_sound(&o, c->room->alloc, &x);
  }
  if (st == SHED_OK) {
    st = answer_wav(c, &x, err);
  }
  shed_sound_free(&x);
  return st;
}

shed_status
route_take_sound(shed_call *c, shed_error *err)
{
  found_take  f;
  char        path[SHED_ROOM_PATH];
  char       *data = NULL;
  size_t      n    = 0;
  shed_sound  x    = {0};
  shed_status st   = find_take(c, &f, err);
  shed_json_free(f.row);
  if (st == SHED_OK && !f.sha256.text[0]) {
    return shed_fail(err, SHED_E_NOTFOUND, "take", "it has no sound");
  }
  if (st == SHED_OK) {
    st = shed_store_take_path(c->store, &f.sha256, path, sizeof(path), err);
  }
  if (st != SHED_OK) {
    return st;
  }
  if (strcmp(shed_request_param(c->req, "as"), "wav") == 0) {
    st = shed_sound_load(path, NULL, c->room->alloc, &x, NULL, err);
    st = st == SHED_OK ? answer_wav(c, &x, err) : st;
    shed_sound_free(&x);
    return st;
  }
  if (!shed_ends_with(path, ".flac")) {
    return shed_fail(err, SHED_E_NOTFOUND, "take", "it is no sound, but what a keyboard or a list said");
  }
  st = shed_file_read(path, SOUND_MOST, c->room->alloc, &data, &n, err);
  if (st == SHED_OK) {
    shed_str_addn(&c->out->body, data, n);
    c->out->type = "audio/flac";
    c->out->keep = true;
    st           = c->out->body.failed ? SHED_E_NOMEM : SHED_OK;
  }
  shed_free(c->room->alloc, data);
  return st;
}

shed_status
route_take_model(shed_call *c, shed_error *err)
{
  found_take  f;
  shed_json  *body   = NULL;
  shed_prompt prompt = {0};
  shed_status st     = find_take(c, &f, err);
  shed_json_free(f.row);
  if (st == SHED_OK && (st = shed_store_take_body(c->store, &f.event, &body, err)) == SHED_OK) {
    st = read_prompt(body, c->room->alloc, &prompt, err);
  }
  if (st == SHED_OK) {
    double tempo = shed_json_number(shed_json_get(shed_json_get(body, "verdict"), "tempo_bpm"), 0);
    st           = shed_sound_of_prompt(c, &prompt, tempo >= 20 && tempo <= 400 ? tempo : 0, err);
  }
  shed_prompt_free(&prompt);
  shed_json_free(body);
  return st;
}

// -- its track ---------------------------------------------------------------------------------------------------------

shed_status
route_take_track(shed_call *c, shed_error *err)
{
  enum { EVERY = 2 }; // frames of 10 ms
  found_take     f;
  unsigned char *data = NULL;
  size_t         n    = 0;
  shed_take      take = {0};
  shed_status    st   = find_take(c, &f, err);
  shed_json_free(f.row);
  if (st == SHED_OK) {
    st = shed_store_read_heard(c->store, &f.sha256, NULL, &data, &n, err);
  }
  if (st == SHED_OK) {
    st = shed_take_decode(data, n, c->room->alloc, &take, err);
  }
  if (st == SHED_OK) {
    shed_json *o          = shed_json_object();
    shed_json *midi       = shed_json_array();
    shed_json *confidence = shed_json_array();
    shed_json *level      = shed_json_array();
    for (size_t i = 0; i < take.n_frames; i += EVERY) {
      const shed_frame *x = &take.frames[i];
      double            m = x->voiced && x->f0_hz > 0 ? shed_hz_to_midi((double)x->f0_hz, 440) : (double)NAN;
      shed_json_add(midi, shed_json_real(m, 2));
      shed_json_add(confidence, shed_json_real((double)x->confidence, 2));
      shed_json_add(level, shed_json_real((double)x->level_db, 1));
    }
    shed_json_set_real(o, "step_s", EVERY * SHED_FRAME_HOP_S, 3);
    shed_json_set(o, "midi", midi);
    shed_json_set(o, "confidence", confidence);
    shed_json_set(o, "level_db", level);
    shed_answer_json(c->out, o);
  }
  shed_take_free(&take);
  shed_free(NULL, data);
  return st;
}
