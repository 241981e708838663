// About this file: the routes of what is done beside playing takes: listening, playing by ear, reflecting. Desk threads.
#include "app/serve/routes.h"

#include "mastery/store/activity.h"

#include <string.h>

enum { MOST_TOLD = 200 };

typedef struct {
  const shed_course *course;
  const shed_unit   *unit;
} place;

/// @return nowhere, where no course has it.
static place
place_of(const shed_library *library, const char *id)
{
  for (size_t i = 0; i < shed_library_courses(library); i++) {
    const shed_course *course = shed_library_course_at(library, i);
    for (size_t k = 0; k < course->n_units; k++) {
      for (size_t a = 0; a < course->units[k].n_activities; a++) {
        if (strcmp(course->units[k].activities[a].id, id) == 0) {
          return (place){course, &course->units[k]};
        }
      }
    }
  }
  return (place){NULL, NULL};
}

shed_status
route_activity_done(shed_call *c, shed_error *err)
{
  const char      *id = NULL;
  shed_uuid        event;
  shed_json       *none = shed_json_array();
  const shed_json *said = shed_json_get(c->body, "answers");
  shed_status      st   = shed_json_read_str(c->body, "activity", false, SHED_ID - 1, &id, err);
  if (st == SHED_OK) {
    const place at = place_of(c->room->library, id);
    st             = at.course && at.unit
                         ? shed_store_activity_done(c->store, &c->who.person, at.course->id, at.unit->id, id,
                                        said ? said : none, &event, err)
                         : shed_fail(err, SHED_E_NOTFOUND, "activity", "there is no activity \"%.80s\"", id);
  }
  shed_json_free(none);
  if (st == SHED_OK) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "id", event.text);
    shed_answer_json(c->out, o);
  }
  return st;
}

typedef struct {
  shed_json *list;
  int        n;
} telling;

static bool
tell(void *ctx, const shed_activity_time *t)
{
  telling   *w = ctx;
  shed_json *o = shed_json_object();
  char       at[40];
  shed_time_format(at, sizeof(at), t->performed_at_ms, t->utc_offset_min);
  shed_json_set_str(o, "id", t->event.text);
  shed_json_set_str(o, "activity", t->activity);
  shed_json_set_str(o, "unit", t->unit);
  shed_json_set_str(o, "performed_at", at);
  shed_json_set(o, "answers", shed_json_copy(t->answers));
  shed_json_add(w->list, o);
  return ++w->n < MOST_TOLD;
}

shed_status
route_activities(shed_call *c, shed_error *err)
{
  const char *unit = shed_request_param(c->req, "unit");
  telling     w    = {.list = NULL};
  shed_uuid   student;
  shed_status st = shed_call_student(c, &student, err);
  if (st != SHED_OK) {
    return st;
  }
  w.list = shed_json_array();
  st     = shed_store_each_activity(c->store, &student, unit[0] ? unit : NULL, tell, &w, err);
  if (st != SHED_OK) {
    shed_json_free(w.list);
    return st;
  }
  shed_answer_json(c->out, w.list);
  return SHED_OK;
}
