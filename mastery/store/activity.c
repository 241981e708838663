#include "mastery/store/activity.h"

#include "mastery/store/inside.h"
#include "mastery/store/kinds.h"

#include <string.h>

shed_status
shed_store_activity_done(shed_store *s, const shed_uuid *student, const char *course, const char *unit,
                         const char *activity, const shed_json *answers, shed_uuid *event, shed_error *err)
{
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    int64_t    now  = s->clock->wall_ms(s->clock->ctx);
    shed_json *body = shed_json_object();
    shed_json_set_str(body, "course", course);
    shed_json_set_str(body, "unit", unit);
    shed_json_set_str(body, "activity", activity);
    shed_json_set(body, "answers", shed_json_copy(answers));
    shed_draft draft = {.kind            = shed_kind_activity_done.name,
                        .performed_at_ms = now,
                        .utc_offset_min  = s->clock->utc_offset_min(s->clock->ctx, now),
                        .actor           = student,
                        .subject         = student,
                        .body            = body};
    st               = shed_journal_append(s, &draft, event);
    shed_json_free(body);
  }
  return shed_act_end(s, st, err);
}

typedef struct {
  shed_store *s;
  bool (*each)(void *ctx, const shed_activity_time *t);
  void       *ctx;
  shed_status st; // of what was written
} activity_walk;

static bool
take_activity(void *walk, sqlite3_stmt *row)
{
  activity_walk     *w       = walk;
  const char        *text    = shed_db_text(row, 5);
  shed_json         *answers = NULL;
  shed_activity_time t       = {.event           = shed_db_id(row, 0),
                                .unit            = shed_db_text(row, 1),
                                .activity        = shed_db_text(row, 4),
                                .performed_at_ms = sqlite3_column_int64(row, 2),
                                .utc_offset_min  = sqlite3_column_int(row, 3)};
  if (shed_json_parse(text, strlen(text), "answers", &answers, NULL) != SHED_OK) {
    w->st = shed_db_fail(&w->s->db, SHED_E_CORRUPT,
                         "what was written with event %s cannot be read; run woodshed store rebuild",
                         t.event.text);
    return false;
  }
  t.answers       = answers;
  const bool more = w->each(w->ctx, &t);
  shed_json_free(answers);
  return more;
}

shed_status
shed_store_each_activity(shed_store *s, const shed_uuid *student, const char *unit,
                         bool (*each)(void *ctx, const shed_activity_time *t), void *ctx, shed_error *err)
{
  activity_walk w = {s, each, ctx, SHED_OK};
  shed_db_forgive(&s->db);
  sqlite3_stmt *list = shed_db_get(&s->db, SHED_SQL_ACTIVITY_LIST);
  shed_db_bind_id(list, 1, student);
  shed_db_bind_text(list, 2, unit);
  shed_status st = shed_db_each(&s->db, list, take_activity, &w, err);
  return w.st == SHED_OK ? st : shed_db_tell(&s->db, w.st, err);
}
