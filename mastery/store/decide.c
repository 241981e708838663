#include "mastery/store/decide.h"

#include "mastery/store/kinds.h"
#include "mastery/store/pack.h"
#include "mastery/store/policy.h"

#include <stdio.h>
#include <string.h>

// Who may decide: somebody in the store who is no student. Why: in words.
shed_status
shed_decider_check(shed_store *s, const shed_decider *who)
{
  bool          found  = false;
  bool          denied = false;
  size_t        length = who->reason ? strlen(who->reason) : 0;
  sqlite3_stmt *get;
  shed_status   st;
  if (length < SHED_REASON_MIN || length > SHED_REASON_MAX || !shed_utf8_valid(who->reason, length)) {
    return shed_db_fail(&s->db, SHED_E_RANGE, "a reason in %d to %d bytes of text is needed", SHED_REASON_MIN,
                        SHED_REASON_MAX);
  }
  get = shed_db_get(&s->db, SHED_SQL_PERSON_GET);
  shed_db_bind_id(get, 1, &who->actor);
  st = shed_db_next(&s->db, get, &found);
  if (st == SHED_OK && found) {
    denied = strcmp(shed_db_text(get, 1), "teacher") != 0;
    (void)sqlite3_reset(get);
  }
  if (st == SHED_OK && denied) {
    return shed_db_fail(&s->db, SHED_E_DENIED, "only a teacher decides about a gate or a score");
  }
  if (st == SHED_OK && !found) {
    return shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is nobody with the id \"%s\"", who->actor.text);
  }
  if (st == SHED_OK) {
    st = shed_store_has(s, SHED_SQL_PERSON_GET, &who->student, &found);
  }
  if (st == SHED_OK && !found) {
    return shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is no student with the id \"%s\"", who->student.text);
  }
  return st;
}

// One event of a decision, as an act of its own. Takes body.
static shed_status
decide(shed_store *s, const shed_decider *who, const char *kind, shed_json *body, shed_uuid *event,
       shed_error *err)
{
  int64_t     now = s->clock->wall_ms(s->clock->ctx);
  shed_uuid   id  = {{0}};
  shed_status st  = shed_act_begin(s);
  if (st == SHED_OK) {
    st = shed_decider_check(s, who);
  }
  if (st == SHED_OK) {
    shed_draft draft = {.kind            = kind,
                        .performed_at_ms = who->at_ms ? who->at_ms : now,
                        .utc_offset_min =
                            who->at_ms ? who->utc_offset_min : s->clock->utc_offset_min(s->clock->ctx, now),
                        .actor   = &who->actor,
                        .subject = &who->student,
                        .body    = body};
    shed_json_set_str(body, "reason", who->reason);
    st = shed_journal_append(s, &draft, &id);
  }
  shed_json_free(body);
  st = shed_act_end(s, st, err);
  if (st == SHED_OK && event) {
    *event = id;
  }
  return st;
}

static shed_json *
about_unit(const char *unit, const char *key, const char *value)
{
  shed_json *body = shed_json_object();
  shed_json_set_str(body, "unit", unit);
  if (key) {
    shed_json_set_str(body, key, value);
  }
  return body;
}

shed_status
shed_store_override(shed_store *s, const shed_decider *who, const char *unit, const char *outcome,
                    shed_uuid *event, shed_error *err)
{
  return decide(s, who, shed_kind_gate_overridden.name, about_unit(unit, "outcome", outcome), event, err);
}

shed_status
shed_store_waive(shed_store *s, const shed_decider *who, const char *unit, const char *condition,
                 shed_uuid *event, shed_error *err)
{
  return decide(s, who, shed_kind_gate_waived.name, about_unit(unit, "condition", condition), event, err);
}

shed_status
shed_store_confirm(shed_store *s, const shed_decider *who, const char *unit, const shed_uuid *take,
                   shed_uuid *event, shed_error *err)
{
  shed_json *body = about_unit(unit, take ? "take" : NULL, take ? take->text : NULL);
  return decide(s, who, shed_kind_gate_confirmed.name, body, event, err);
}

shed_status
shed_store_give_policy(shed_store *s, const shed_decider *who, const char *unit, const shed_json *policy,
                       shed_uuid *event, shed_error *err)
{
  shed_json *body = shed_json_object();
  if (unit) {
    shed_json_set_str(body, "unit", unit);
  }
  shed_json_set(body, "policy", shed_json_copy(policy));
  return decide(s, who, shed_kind_policy_given.name, body, event, err);
}

// SHED_E_NOTFOUND unless an event of this student, of a kind that passes, is in the log.
static shed_status
check_event(shed_store *s, const shed_uuid *id, const shed_uuid *student, bool take_only, shed_error *err)
{
  shed_store_event e     = {.v = 0};
  shed_str         body  = {.alloc = s->alloc};
  bool             found = false;
  shed_db_forgive(&s->db);
  shed_status      st   = shed_journal_read(s, id, &e, &body, &found);
  const shed_kind *kind = found ? shed_kind_find(e.kind) : NULL;
  shed_str_free(&body);
  if (st != SHED_OK) {
    return shed_db_tell(&s->db, st, err);
  }
  if (!found || !e.body || !shed_uuid_equal(&e.subject, student)) {
    return shed_fail(err, SHED_E_NOTFOUND, s->path, "there is no event %s about this student", id->text);
  }
  if (take_only && kind != &shed_kind_take_scored) {
    return shed_fail(err, SHED_E_NOTFOUND, s->path, "event %s is not a take but %s", id->text, e.kind);
  }
  if (!kind || !kind->withdrawable) {
    return shed_fail(err, SHED_E_UNSUPPORTED, s->path, "an event of the kind %s cannot be taken back",
                     e.kind);
  }
  return SHED_OK;
}

shed_status
shed_store_correct_take(shed_store *s, const shed_decider *who, const shed_uuid *take, double score,
                        double assessed, const shed_gate_mark *marks, int n_marks, shed_uuid *event,
                        shed_error *err)
{
  shed_status st = check_event(s, take, &who->student, true, err);
  if (st != SHED_OK) {
    return st;
  }
  if (n_marks < 0 || n_marks > SHED_DIMENSIONS) {
    return shed_fail(err, SHED_E_RANGE, "dimensions", "%d dimensions are too many", n_marks);
  }
  shed_json *body = shed_json_object();
  shed_json_set_str(body, "take", take->text);
  shed_json_set_real(body, "score", score, 6);
  shed_json_set_real(body, "assessed", assessed, 6);
  shed_json_set(body, "dimensions", shed_marks_to_json(marks, n_marks));
  return decide(s, who, shed_kind_take_corrected.name, body, event, err);
}

shed_status
shed_store_withdraw(shed_store *s, const shed_decider *who, const shed_uuid *event_to_withdraw,
                    shed_uuid *event, shed_error *err)
{
  shed_status st = check_event(s, event_to_withdraw, &who->student, false, err);
  if (st != SHED_OK) {
    return st;
  }
  shed_json *body = shed_json_object();
  shed_json_set_str(body, "event", event_to_withdraw->text);
  return decide(s, who, shed_kind_event_withdrawn.name, body, event, err);
}
