// About this file: the credit policy that a teacher gave a student, for all that they play or for one unit. The policy stands
// whole in the event: what held for a take can be read even when its file is gone.
#include "mastery/store/kinds.h"

enum { REASON_MAX = 500, VERSION_MAX = 1000000 };

static shed_status
check_given(const shed_json *body, shed_error *err)
{
  const shed_json *policy  = shed_json_get(body, "policy");
  const char      *text    = NULL;
  int64_t          version = 0;
  shed_status      st      = shed_kind_read_id(body, "unit", true, &text, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(body, "reason", false, REASON_MAX, &text, err);
  }
  if (st == SHED_OK && !shed_json_is_object(policy)) {
    return shed_fail(err, SHED_E_FORMAT, "policy", "is no policy");
  }
  if (st == SHED_OK) {
    st = shed_kind_read_id(policy, "id", false, &text, err);
  }
  return st == SHED_OK ? shed_json_read_int(policy, "version", false, 1, VERSION_MAX, &version, err) : st;
}

static shed_status
apply_given(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  const char *unit = shed_json_text(shed_json_get(body, "unit"));
  shed_str    text = {.alloc = s->alloc};
  if (withdrawn) {
    return SHED_OK;
  }
  shed_json_write(shed_json_get(body, "policy"), SHED_JSON_CANONICAL, &text);
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_GIVEN_PUT);
  shed_db_bind_id(put, 1, &e->subject);
  shed_db_bind_text(put, 2, unit ? unit : "");
  shed_db_bind_int(put, 3, e->performed_at_ms);
  shed_db_bind_id(put, 4, &e->id);
  shed_db_bind_text(put, 5, shed_str_text(&text));
  shed_db_bind_text(put, 6, shed_json_text(shed_json_get(body, "reason")));
  shed_status st = text.failed ? SHED_E_NOMEM : shed_db_run(&s->db, put);
  shed_str_free(&text);
  return st;
}

const shed_kind shed_kind_policy_given = {.name         = "policy.given",
                                          .check        = check_given,
                                          .apply        = apply_given,
                                          .drop         = SHED_SQL_GIVEN_DROP,
                                          .withdrawable = true};
