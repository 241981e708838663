#include "mastery/store/policy.h"

#include "mastery/store/inside.h"

#include <stdio.h>
#include <string.h>

static shed_status
read_row(shed_store *s, sqlite3_stmt *row, shed_given_policy *out)
{
  const char *text = shed_db_text(row, 1);
  *out = (shed_given_policy){.event = shed_db_id(row, 0), .whole = shed_db_text(row, 3)[0] == '\0'};
  (void)snprintf(out->reason, sizeof(out->reason), "%s", shed_db_text(row, 2));
  if (shed_json_parse(text, strlen(text), "policy", &out->policy, NULL) != SHED_OK) {
    return shed_db_fail(&s->db, SHED_E_CORRUPT,
                        "the policy of event %s cannot be read; run woodshed store rebuild", out->event.text);
  }
  return SHED_OK;
}

shed_status
shed_store_policy_of(shed_store *s, const shed_uuid *student, const char *unit, shed_given_policy *out,
                     shed_error *err)
{
  bool          row = false;
  sqlite3_stmt *of;
  shed_db_forgive(&s->db);
  of = shed_db_get(&s->db, SHED_SQL_GIVEN_OF);
  shed_db_bind_id(of, 1, student);
  shed_db_bind_text(of, 2, unit ? unit : "");
  shed_status st = shed_db_next(&s->db, of, &row);
  if (st == SHED_OK && row) {
    st = read_row(s, of, out);
  }
  if (of) {
    (void)sqlite3_reset(of);
  }
  if (st == SHED_OK && !row) {
    return shed_fail(err, SHED_E_NOTFOUND, s->path, "no policy was given to this student");
  }
  return shed_db_tell(&s->db, st, err);
}
