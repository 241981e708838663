// About this file: the routes of what there is to learn and what comes next. Desk threads.
#include "app/serve/routes.h"

#include "engine/audio/render.h"
#include "engine/base/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

shed_status
route_instruments(shed_call *c, shed_error *err)
{
  shed_json *list = shed_json_array();
  (void)err;
  for (size_t i = 0; i < shed_profile_count(); i++) {
    shed_profile p = shed_profile_at(i);
    shed_json_add(list, shed_profile_to_json(&p));
  }
  shed_answer_json(c->out, list);
  return SHED_OK;
}

typedef struct {
  const char *id;
  bool        found;
} looking;

static bool
is_it(void *ctx, const char *course)
{
  looking *l = ctx;
  l->found   = l->found || strcmp(course, l->id) == 0;
  return true;
}

shed_status
route_courses(shed_call *c, shed_error *err)
{
  shed_json  *list = shed_json_array();
  shed_status st   = SHED_OK;
  for (size_t i = 0; i < shed_library_courses(c->room->library) && st == SHED_OK; i++) {
    const shed_course *course = shed_library_course_at(c->room->library, i);
    shed_json         *o      = shed_json_object();
    looking            l      = {.id = course->id};
    st                        = shed_store_each_course(c->store, &c->who.person, is_it, &l, err);
    shed_json_set_str(o, "id", course->id);
    shed_json_set_str(o, "title", course->title);
    shed_json_set_str(o, "purpose", course->purpose);
    shed_json_set_int(o, "units", (int64_t)course->n_units);
    shed_json_set_bool(o, "begun", l.found);
    shed_json_add(list, o);
  }
  if (st != SHED_OK) {
    shed_json_free(list);
    return st;
  }
  shed_answer_json(c->out, list);
  return SHED_OK;
}

// -- a unit ------------------------------------------------------------------------------------------------------------

typedef struct {
  const char *drill;
  int         takes;
  double      best;
  uint64_t    highest;
} drill_sum;

static bool
sum_take(void *ctx, const shed_stored_take *t)
{
  drill_sum *s = ctx;
  if (strcmp(t->drill, s->drill) == 0 && !t->withdrawn) {
    s->takes++;
    s->best    = isnan(s->best) || t->score > s->best ? t->score : s->best;
    s->highest = t->seed > s->highest ? t->seed : s->highest;
  }
  return true;
}

static shed_status
drills_json(shed_call *c, const shed_uuid *student, const shed_progress *p, const shed_unit *unit,
            shed_json *list, shed_error *err)
{
  for (size_t i = 0; i < unit->n_drills; i++) {
    const shed_drill *d = &unit->drills[i];
    if (d->only_otherwise || !(d = shed_course_drill_for(p->course, d, &p->profile))) {
      continue;
    }
    drill_sum   sum = {.drill = d->id, .best = (double)NAN};
    shed_status st  = shed_store_each_take(c->store, student, unit->id, sum_take, &sum, err);
    if (st != SHED_OK) {
      return st;
    }
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "id", d->id);
    shed_json_set_str(o, "title", d->title);
    shed_json_set_str(o, "kind", d->kind);
    shed_json_set_int(o, "takes", sum.takes);
    shed_json_set_real(o, "best", sum.best, 4);
    shed_json_set_int(o, "seed", sum.takes ? (int64_t)(sum.highest + 1) : 1);
    shed_json_add(list, o);
  }
  return SHED_OK;
}

static shed_json *
texts_json(const shed_texts *texts)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < texts->n; i++) {
    shed_json_add(list, shed_json_string(texts->items[i]));
  }
  return list;
}

static shed_status
path_unit(shed_call *c, const shed_uuid *student, const shed_progress *p, size_t i, shed_json **out,
          shed_error *err)
{
  const shed_unit *u       = &p->course->units[i];
  shed_json       *o       = shed_gate_to_json(&p->rules[i], &p->gates[i]);
  shed_json       *reasons = shed_json_array();
  shed_json       *drills  = shed_json_array();
  shed_json_set_str(o, "title", u->title);
  shed_json_set_str(o, "purpose", u->purpose);
  shed_json_set_str(o, "state", shed_path_state_name(p->steps[i].state));
  shed_json_set_bool(o, "next", p->steps[i].next);
  shed_json_set(o, "needs", texts_json(&u->prerequisites));
  for (int k = 0; k < p->steps[i].n_reasons; k++) {
    shed_json_add(reasons, shed_message_told(&p->steps[i].reasons[k]));
  }
  shed_json_set(o, "path_reasons", reasons);
  shed_status st = drills_json(c, student, p, u, drills, err);
  shed_json_set(o, "drills", drills);
  shed_messages_tell(o);
  if (st != SHED_OK) {
    shed_json_free(o);
    return st;
  }
  *out = o;
  return SHED_OK;
}

// Where the student stands in a course: for what follows.
static shed_status
stand(shed_call *c, const shed_course *course, shed_uuid *student, shed_progress *out, bool *known,
      shed_error *err)
{
  shed_profile profile;
  shed_status  st = shed_call_student(c, student, err);
  if (st == SHED_OK) {
    st = shed_call_profile(c, student, &profile, known, err);
  }
  return st == SHED_OK ? shed_progress_of(c->store, student, course, &profile, c->room->alloc, out, err) : st;
}

shed_status
route_path(shed_call *c, shed_error *err)
{
  const char        *id     = shed_request_param(c->req, "course");
  const shed_course *course = shed_library_course_at(c->room->library, 0);
  shed_progress      p      = {0};
  shed_uuid          student;
  bool               known;
  shed_status        st = id[0] ? shed_library_course(c->room->library, id, &course, err) : SHED_OK;
  if (st != SHED_OK || (st = stand(c, course, &student, &p, &known, err)) != SHED_OK) {
    return st;
  }
  shed_json *o     = shed_json_object();
  shed_json *units = shed_json_array();
  shed_json_set_str(o, "course", course->id);
  shed_json_set_str(o, "title", course->title);
  shed_json_set_str(o, "instrument", p.profile.id);
  for (size_t i = 0; i < p.n && st == SHED_OK; i++) {
    shed_json *unit = NULL;
    st              = path_unit(c, &student, &p, i, &unit, err);
    if (st == SHED_OK) {
      shed_json_add(units, unit);
    }
  }
  shed_json_set(o, "units", units);
  shed_progress_free(&p);
  if (st != SHED_OK) {
    shed_json_free(o);
    return st;
  }
  shed_answer_json(c->out, o);
  return SHED_OK;
}

// What an activity gives to read: the words of its file, where it is a text.
static shed_json *
reading_json(const shed_course *course, const shed_activity *a)
{
  enum { READING_MOST = 32 * 1024 };
  char        path[SHED_ROOM_PATH];
  char       *text = NULL;
  size_t      n    = 0;
  const char *end  = strrchr(a->file, '.');
  shed_json  *said = NULL;
  if (!end || (strcmp(end, ".md") != 0 && strcmp(end, ".txt") != 0) ||
      snprintf(path, sizeof(path), "%s/%s", course->folder, a->file) >= (int)sizeof(path) ||
      shed_file_read(path, READING_MOST, course->alloc, &text, &n, NULL) != SHED_OK) {
    return shed_json_null();
  }
  said = shed_json_string(text);
  shed_free(course->alloc, text);
  return said ? said : shed_json_null();
}

static shed_json *
activity_json(const shed_course *course, const shed_activity *a)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", a->id);
  shed_json_set_str(o, "kind", a->kind);
  shed_json_set_str(o, "title", a->title);
  shed_json_set_str(o, "why", a->why);
  shed_json_set_str(o, "text", a->text);
  shed_json_set_str(o, "drill", a->drill[0] ? a->drill : NULL);
  shed_json_set(o, "reading", reading_json(course, a));
  shed_json_set_int(o, "minutes", a->minutes);
  shed_json_set(o, "before", texts_json(&a->before));
  shed_json_set(o, "during", texts_json(&a->during));
  shed_json_set(o, "after", texts_json(&a->after));
  shed_json_set(o, "hints", texts_json(&a->hints));
  return o;
}

static void
put_unit(shed_json *o, const shed_course *course, const shed_unit *unit)
{
  shed_json *objectives = shed_json_array();
  shed_json *activities = shed_json_array();
  for (size_t i = 0; i < unit->n_objectives; i++) {
    shed_json *x = shed_json_object();
    shed_json_set_str(x, "id", unit->objectives[i].id);
    shed_json_set_str(x, "text", unit->objectives[i].text);
    shed_json_add(objectives, x);
  }
  for (size_t i = 0; i < unit->n_activities; i++) {
    shed_json_add(activities, activity_json(course, &unit->activities[i]));
  }
  shed_json_set_str(o, "course", course->id);
  shed_json_set(o, "objectives", objectives);
  shed_json_set(o, "activities", activities);
}

shed_status
route_unit(shed_call *c, shed_error *err)
{
  const shed_course *course = NULL;
  const shed_unit   *unit;
  shed_progress      p = {0};
  shed_uuid          student;
  bool               known;
  shed_status st = shed_library_unit(c->room->library, shed_request_param(c->req, "id"), &course, &unit, err);
  if (st != SHED_OK || (st = stand(c, course, &student, &p, &known, err)) != SHED_OK) {
    return st;
  }
  shed_json *o = NULL;
  st           = path_unit(c, &student, &p, (size_t)(unit - course->units), &o, err);
  if (st == SHED_OK) {
    put_unit(o, course, unit);
    shed_answer_json(c->out, o);
  }
  shed_progress_free(&p);
  return st;
}

// -- today -------------------------------------------------------------------------------------------------------------

static shed_status
add_step(shed_call *c, const shed_uuid *student, const shed_progress *p, size_t i, const char *kind,
         shed_json *steps, shed_error *err)
{
  const shed_unit  *unit  = &p->course->units[i];
  const shed_drill *drill = NULL;
  const shed_gate  *gate  = &p->gates[i];
  uint64_t          seed  = 1;
  int               level = 1;
  shed_status       st =
      shed_progress_next_drill(c->store, student, p->course, unit, &p->profile, &drill, &seed, err);
  if (st == SHED_E_NOTFOUND) {
    return SHED_OK; // nothing in it for this instrument
  }
  if (st != SHED_OK || (st = shed_call_level(c, student, &level, err)) != SHED_OK) {
    return st;
  }
  shed_json *o   = shed_json_object();
  shed_json *why = shed_json_array();
  shed_json_set_str(o, "kind", kind);
  shed_json_set_str(o, "course", p->course->id);
  shed_json_set_str(o, "unit", unit->id);
  shed_json_set_str(o, "unit_title", unit->title);
  shed_json_set_str(o, "drill", drill->id);
  shed_json_set_str(o, "title", drill->title);
  shed_json_set_int(o, "seed", (int64_t)seed);
  shed_json_set_int(o, "level", level);
  for (int k = 0; k < p->steps[i].n_reasons; k++) {
    shed_json_add(why, shed_message_told(&p->steps[i].reasons[k]));
  }
  for (int k = 0; k < gate->n_reasons && k < 3; k++) {
    shed_json_add(why, shed_message_told(&gate->reasons[k]));
  }
  shed_json_set(o, "why", why);
  shed_json_add(steps, o);
  return SHED_OK;
}

// What of one course belongs to today: first @p kind alone, so that the most important comes first.
static shed_status
add_course(shed_call *c, const shed_uuid *student, const shed_progress *p, int turn, shed_json *steps,
           shed_error *err)
{
  static const char *const kinds[] = {"next", "review", "practise"};
  shed_status              st      = SHED_OK;
  for (size_t i = 0; i < p->n && st == SHED_OK; i++) {
    const shed_path_step *s      = &p->steps[i];
    bool                  review = p->gates[i].review_due;
    int                   mine   = s->next && !review ? 0 : review ? 1 : 2;
    if (mine == turn && s->state != SHED_PATH_LOCKED) {
      st = add_step(c, student, p, i, kinds[turn], steps, err);
    }
  }
  return st;
}

typedef struct {
  int64_t day;
  int     n;
} today_count;

static bool
count_today(void *ctx, const shed_stored_take *t)
{
  today_count *d = ctx;
  d->n += shed_time_local_day(t->performed_at_ms, t->utc_offset_min) == d->day;
  return true;
}

static shed_status
put_steps(shed_call *c, const shed_uuid *student, const shed_profile *profile, shed_json *steps,
          shed_error *err)
{
  enum { TURNS = 3 };
  size_t      n  = shed_library_courses(c->room->library);
  shed_status st = SHED_OK;
  for (int turn = 0; turn < TURNS && st == SHED_OK; turn++) {
    for (size_t i = 0; i < n && st == SHED_OK; i++) {
      shed_progress p = {0};
      st = shed_progress_of(c->store, student, shed_library_course_at(c->room->library, i), profile,
                            c->room->alloc, &p, err);
      if (st == SHED_OK) {
        st = add_course(c, student, &p, turn, steps, err);
      }
      shed_progress_free(&p);
    }
  }
  return st;
}

shed_status
route_today(shed_call *c, shed_error *err)
{
  shed_uuid    student;
  shed_profile profile;
  bool         known = true;
  int64_t      now   = c->room->clock->wall_ms(c->room->clock->ctx);
  today_count  today = {
       .day = shed_time_local_day(now, c->room->clock->utc_offset_min(c->room->clock->ctx, now))};
  shed_json  *steps = NULL;
  shed_status st    = shed_call_student(c, &student, err);
  if (st == SHED_OK) {
    st = shed_call_profile(c, &student, &profile, &known, err);
  }
  if (st == SHED_OK) {
    st = shed_store_each_take(c->store, &student, NULL, count_today, &today, err);
  }
  if (st == SHED_OK) {
    steps = shed_json_array();
    st    = put_steps(c, &student, &profile, steps, err);
  }
  if (st == SHED_OK && shed_json_size(steps) == 0) {
    st = shed_fail(err, SHED_E_NOTFOUND, NULL, "no course has anything for a %s yet", profile.name);
  }
  if (st != SHED_OK) {
    shed_json_free(steps);
    return st;
  }
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "instrument", known ? profile.id : NULL);
  shed_json_set_bool(o, "needs_instrument", !known);
  shed_json_set(o, "steps", steps);
  shed_json_set_int(o, "takes_today", today.n);
  shed_answer_json(c->out, o);
  return SHED_OK;
}

// -- a drill -----------------------------------------------------------------------------------------------------------

static shed_status
asked(shed_call *c, shed_asking *a, shed_prompt *prompt, shed_error *err)
{
  shed_uuid   student;
  int64_t     seed  = -1;
  int64_t     level = 0;
  shed_status st    = shed_call_student(c, &student, err);
  if (st == SHED_OK && (st = shed_request_whole(c->req, "seed", 0, INT64_MAX, &seed, err)) == SHED_OK &&
      (st = shed_request_whole(c->req, "level", 1, SHED_LEVELS, &level, err)) == SHED_OK) {
    st =
        shed_asking_of(c, &student, shed_request_param(c->req, "id"), seed, (int)level, NULL, a, prompt, err);
  }
  return st;
}

shed_status
route_drill(shed_call *c, shed_error *err)
{
  shed_asking a;
  shed_prompt prompt = {0};
  shed_status st     = asked(c, &a, &prompt, err);
  if (st == SHED_OK) {
    shed_json *o = shed_asked_to_json(&prompt, a.course->id, a.unit->id, a.level, a.may_count);
    shed_json_set_str(o, "id", a.drill->id); // as it was asked for, also where another stands in for it
    shed_answer_json(c->out, o);
  }
  shed_prompt_free(&prompt);
  return st;
}

shed_status
route_drill_sound(shed_call *c, shed_error *err)
{
  shed_asking a;
  shed_prompt prompt = {0};
  double      tempo  = 0;
  const char *text   = shed_request_param(c->req, "tempo");
  if (text[0] && !shed_parse_double(text, 20, 400, &tempo)) {
    return shed_fail(err, SHED_E_FORMAT, "tempo", "\"%.40s\" is no tempo from 20 to 400", text);
  }
  shed_status st = asked(c, &a, &prompt, err);
  if (st == SHED_OK) {
    st = shed_sound_of_prompt(c, &prompt, tempo, err);
  }
  shed_prompt_free(&prompt);
  return st;
}
