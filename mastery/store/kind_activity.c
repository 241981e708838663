// About this file: what somebody did beside playing takes: an activity of a unit, with what they wrote about it. One may be done
// again on any day; each time is an event of its own.
#include "mastery/store/activity.h"
#include "mastery/store/kinds.h"

static shed_status
check_answers(const shed_json *body, shed_error *err)
{
  const shed_json *answers = shed_json_get(body, "answers");
  const char      *text    = NULL;
  const size_t     n       = shed_json_size(answers);
  shed_status      st      = SHED_OK;
  if (!shed_json_is_array(answers) || n > SHED_ACTIVITY_ANSWERS) {
    return shed_fail(err, SHED_E_FORMAT, "answers", "is not a list of at most %d", SHED_ACTIVITY_ANSWERS);
  }
  for (size_t i = 0; i < n && st == SHED_OK; i++) {
    const shed_json *a = shed_json_at(answers, i);
    st                 = shed_json_read_str(a, "ask", false, SHED_ACTIVITY_TEXT, &text, err);
    if (st == SHED_OK) {
      st = shed_json_read_str(a, "answer", false, SHED_ACTIVITY_TEXT, &text, err);
    }
  }
  return st;
}

static shed_status
check_done(const shed_json *body, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_kind_read_id(body, "course", false, &text, err);
  if (st == SHED_OK) {
    st = shed_kind_read_id(body, "unit", false, &text, err);
  }
  if (st == SHED_OK) {
    st = shed_kind_read_id(body, "activity", false, &text, err);
  }
  return st == SHED_OK ? check_answers(body, err) : st;
}

static shed_status
apply_done(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  shed_str answers = {.alloc = s->alloc};
  if (withdrawn) {
    return SHED_OK;
  }
  shed_json_write(shed_json_get(body, "answers"), SHED_JSON_CANONICAL, &answers);
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_ACTIVITY_PUT);
  shed_db_bind_id(put, 1, &e->subject);
  shed_db_bind_text(put, 2, shed_json_text(shed_json_get(body, "unit")));
  shed_db_bind_int(put, 3, e->performed_at_ms);
  shed_db_bind_id(put, 4, &e->id);
  shed_db_bind_int(put, 5, e->utc_offset_min);
  shed_db_bind_text(put, 6, shed_json_text(shed_json_get(body, "activity")));
  shed_db_bind_text(put, 7, shed_str_text(&answers));
  shed_status st = answers.failed ? SHED_E_NOMEM : shed_db_run(&s->db, put);
  shed_str_free(&answers);
  return st;
}

const shed_kind shed_kind_activity_done = {.name         = "activity.done",
                                           .check        = check_done,
                                           .apply        = apply_done,
                                           .drop         = SHED_SQL_ACTIVITY_DROP,
                                           .withdrawable = true};
