// About this file: whom a request is about, what they play, and what is asked of them. Desk threads.
#include "app/serve/routes.h"

#include "mastery/store/policy.h"

#include <string.h>

static const char *const unknown_player =
    "voice"; // everybody has one; the page asks for the instrument first

shed_status
shed_settings_read(shed_store *store, const shed_uuid *person, shed_json **out, shed_error *err)
{
  shed_str    text = {0};
  shed_json  *json = NULL;
  shed_status st   = shed_store_settings(store, person, &text, err);
  if (st == SHED_OK) {
    st = shed_json_parse(shed_str_text(&text), text.len, "settings", &json, err);
  }
  shed_str_free(&text);
  if (st == SHED_OK && !shed_json_is_object(json)) {
    shed_json_free(json);
    json = shed_json_object();
  }
  if (st == SHED_OK) {
    *out = json;
  }
  return st;
}

shed_status
shed_call_student(shed_call *c, shed_uuid *out, shed_error *err)
{
  const char *text = shed_request_param(c->req, "student");
  shed_uuid   id;
  shed_person p;
  if (!text[0]) {
    *out = c->who.person;
    return SHED_OK;
  }
  if (shed_uuid_parse(text, &id) != SHED_OK) {
    return shed_fail(err, SHED_E_FORMAT, "student", "\"%.60s\" is no id", text);
  }
  if (!shed_uuid_equal(&id, &c->who.person)) {
    if (!(c->who.roles & SHED_ACCOUNT_TEACHER)) {
      return shed_fail(err, SHED_E_DENIED, "student", "that is another student's");
    }
    shed_status st = shed_store_find_person(c->store, SHED_ROLE_STUDENT, id.text, &p, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  *out = id;
  return SHED_OK;
}

shed_status
shed_call_profile(shed_call *c, const shed_uuid *student, shed_profile *out, bool *known, shed_error *err)
{
  shed_json  *settings = NULL;
  const char *asked    = shed_request_param(c->req, "instrument");
  shed_status st;
  *known = true;
  if (asked[0]) {
    return shed_profile_find(asked, out, err);
  }
  if ((st = shed_settings_read(c->store, student, &settings, err)) != SHED_OK) {
    return st;
  }
  const char *chosen = shed_json_text(shed_json_get(settings, "instrument"));
  st                 = chosen ? shed_profile_find(chosen, out, NULL) : SHED_E_NOTFOUND;
  shed_json_free(settings);
  if (st != SHED_OK) {
    st = shed_progress_instrument(c->store, student, out, NULL);
  }
  if (st == SHED_E_NOTFOUND) {
    *known = false;
    st     = shed_profile_find(unknown_player, out, err);
  }
  return st;
}

shed_status
shed_call_level(shed_call *c, const shed_uuid *student, int *out, shed_error *err)
{
  int64_t     level    = 1;
  shed_json  *settings = NULL;
  shed_status st       = shed_settings_read(c->store, student, &settings, err);
  if (st == SHED_OK) {
    level =
        (int64_t)shed_json_number(shed_json_get(settings, "level"), 1); // written by the route that checks it
    st = shed_request_whole(c->req, "level", 1, SHED_LEVELS, &level, err);
  }
  shed_json_free(settings);
  *out = (int)level;
  return st;
}

// -- documents ---------------------------------------------------------------------------------------------------------

shed_json *
shed_profile_to_json(const shed_profile *p)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", p->id);
  shed_json_set_str(o, "name", p->name);
  shed_json_set_str(o, "family", shed_family_name(p->family));
  shed_json_set_str(o, "clef", shed_clef_name(p->clef));
  shed_json_set_str(o, "clef2", shed_clef_name(p->clef2));
  shed_json_set_bool(o, "sung", p->sung);
  shed_json_set_bool(o, "unpitched", p->unpitched);
  shed_json_set_bool(o, "fixed_pitch", p->fixed_pitch);
  shed_json_set_int(o, "letters", p->letters);
  shed_json_set_int(o, "semitones", p->semitones);
  return o;
}

shed_json *
shed_message_told(const shed_message *m)
{
  shed_str   text = {0};
  shed_json *o    = shed_message_to_json(m);
  shed_message_text(m, &text);
  shed_json_set_str(o, "text", shed_str_text(&text));
  shed_str_free(&text);
  return o;
}

static void
tell_one(shed_json *o)
{
  shed_message m;
  shed_str     text = {0};
  if (shed_json_text(shed_json_get(o, "code")) && !shed_json_get(o, "text") &&
      shed_message_from_json(o, &m, NULL) == SHED_OK) {
    shed_message_text(&m, &text);
    shed_json_set_str(o, "text", shed_str_text(&text));
  }
  shed_str_free(&text);
}

// The document's depth is bounded by the reader that made it.
void
shed_messages_tell(shed_json *document)
{
  if (shed_json_is_array(document)) {
    for (size_t i = 0; i < shed_json_size(document); i++) {
      shed_messages_tell(shed_json_at(document, i));
    }
  } else if (shed_json_is_object(document)) {
    tell_one(document);
    for (const char *key = shed_json_next_key(document, NULL); key; key = shed_json_next_key(document, key)) {
      shed_messages_tell(shed_json_get(document, key));
    }
  }
}

shed_json *
shed_asked_to_json(const shed_prompt *prompt, const char *course, const char *unit, int level, bool may_count)
{
  shed_json   *o = shed_json_object();
  shed_profile profile;
  shed_json_set_str(o, "id", prompt->id);
  shed_json_set_str(o, "title", prompt->title);
  shed_json_set_str(o, "course", course && course[0] ? course : NULL);
  shed_json_set_str(o, "unit", unit && unit[0] ? unit : NULL);
  shed_json_set_int(o, "seed", (int64_t)prompt->seed);
  shed_json_set_int(o, "level", level);
  shed_json_set(o, "instrument",
                prompt->profile[0] && shed_profile_find(prompt->profile, &profile, NULL) == SHED_OK
                    ? shed_profile_to_json(&profile)
                    : shed_json_null());
  shed_json_set(o, "prompt", shed_prompt_to_json(prompt));
  shed_json_set_bool(o, "may_count", may_count);
  return o;
}

// -- what is asked -----------------------------------------------------------------------------------------------------

typedef struct {
  const char *drill;
  bool        any;
  uint64_t    highest;
} seeds;

static bool
note_seed(void *ctx, const shed_stored_take *t)
{
  seeds *s = ctx;
  if (strcmp(t->drill, s->drill) == 0) {
    s->any     = true;
    s->highest = t->seed > s->highest ? t->seed : s->highest;
  }
  return true;
}

static shed_status
next_seed(shed_store *store, const shed_uuid *student, const char *drill, uint64_t *out, shed_error *err)
{
  seeds       s  = {.drill = drill};
  shed_status st = shed_store_each_take(store, student, NULL, note_seed, &s, err);
  *out           = s.any && s.highest < INT64_MAX ? s.highest + 1 : 1;
  return st;
}

// Whether the unit is open: only then may a take count towards it.
static shed_status
is_open(shed_call *c, const shed_uuid *student, shed_asking *a, shed_error *err)
{
  shed_progress p  = {0};
  shed_status   st = shed_progress_of(c->store, student, a->course, &a->profile, NULL, &p, err);
  for (size_t i = 0; st == SHED_OK && i < p.n; i++) {
    if (&a->course->units[i] == a->unit) {
      a->may_count = p.steps[i].state != SHED_PATH_LOCKED;
    }
  }
  shed_progress_free(&p);
  return st;
}

shed_status
shed_asking_of(shed_call *c, const shed_uuid *student, const char *drill, int64_t seed, int level,
               const char *instrument, shed_asking *out, shed_prompt *prompt, shed_error *err)
{
  shed_asking a     = {.level = level};
  bool        known = true;
  shed_status st    = shed_library_drill(c->room->library, drill, &a.course, &a.unit, &a.drill, err);
  if (st == SHED_OK) {
    st = instrument && instrument[0] ? shed_profile_find(instrument, &a.profile, err)
                                     : shed_call_profile(c, student, &a.profile, &known, err);
  }
  if (st == SHED_OK && level == 0) {
    st = shed_call_level(c, student, &a.level, err);
  }
  if (st == SHED_OK && seed < 0) {
    const shed_drill *played = shed_course_drill_for(a.course, a.drill, &a.profile);
    st                       = next_seed(c->store, student, played ? played->id : a.drill->id, &a.seed, err);
  } else {
    a.seed = (uint64_t)(seed < 0 ? 0 : seed);
  }
  if (st == SHED_OK) {
    st = is_open(c, student, &a, err);
  }
  if (st == SHED_OK) {
    st = shed_course_prompt(a.course, a.drill->id, &a.profile, a.level, a.seed, c->room->alloc, prompt, err);
  }
  if (st == SHED_OK) {
    *out = a;
  }
  return st;
}
