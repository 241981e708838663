// About this file: what teachers decide about a unit's gate, and taking back what was written.
#include "mastery/store/kinds.h"

#include <string.h>

enum { REASON_MAX = 500, WORD_MAX = 23 };

static shed_status
check_unit_and_reason(const shed_json *body, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_kind_read_id(body, "unit", false, &text, err);
  return st == SHED_OK ? shed_json_read_str(body, "reason", false, REASON_MAX, &text, err) : st;
}

// One row of the table decision.
static shed_status
put_decision(shed_store *s, const shed_store_event *e, const shed_json *body, shed_decision_kind kind,
             const char *value_key)
{
  sqlite3_stmt *put  = shed_db_get(&s->db, SHED_SQL_DECISION_PUT);
  const char   *word = value_key ? shed_json_text(shed_json_get(body, value_key)) : "";
  shed_uuid     take;
  if (shed_kind_read_uuid(body, "take", true, &take, NULL) != SHED_OK) {
    return SHED_E_FORMAT;
  }
  shed_db_bind_id(put, 1, &e->subject);
  shed_db_bind_text(put, 2, shed_json_text(shed_json_get(body, "unit")));
  shed_db_bind_int(put, 3, e->performed_at_ms);
  shed_db_bind_id(put, 4, &e->id);
  shed_db_bind_int(put, 5, kind);
  shed_db_bind_text(put, 6, word);
  shed_db_bind_id(put, 7, &take);
  shed_db_bind_id(put, 8, &e->actor);
  shed_db_bind_text(put, 9, shed_json_text(shed_json_get(body, "reason")));
  return shed_db_run(&s->db, put);
}

static shed_status
check_overridden(const shed_json *body, shed_error *err)
{
  static const char *const outcomes[] = {"advance", "certify", "hold", "lift"};
  const char              *outcome    = NULL;
  shed_status              st         = check_unit_and_reason(body, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(body, "outcome", false, WORD_MAX, &outcome, err);
  }
  for (size_t i = 0; st == SHED_OK && i < SHED_COUNTOF(outcomes); i++) {
    if (strcmp(outcome, outcomes[i]) == 0) {
      return SHED_OK;
    }
  }
  return st != SHED_OK ? st
                       : shed_fail(err, SHED_E_FORMAT, "outcome",
                                   "\"%s\" is none of advance, certify, hold, lift", outcome);
}

static shed_status
apply_overridden(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  return withdrawn ? SHED_OK : put_decision(s, e, body, SHED_DECIDE_OVERRIDE, "outcome");
}

const shed_kind shed_kind_gate_overridden = {.name         = "gate.overridden",
                                             .check        = check_overridden,
                                             .apply        = apply_overridden,
                                             .drop         = SHED_SQL_DECISION_DROP,
                                             .withdrawable = true};

static shed_status
check_waived(const shed_json *body, shed_error *err)
{
  const char *condition = NULL;
  shed_status st        = check_unit_and_reason(body, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(body, "condition", false, WORD_MAX, &condition, err);
  }
  return st == SHED_OK && !condition[0] ? shed_fail(err, SHED_E_FORMAT, "condition", "is empty") : st;
}

static shed_status
apply_waived(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  return withdrawn ? SHED_OK : put_decision(s, e, body, SHED_DECIDE_WAIVER, "condition");
}

const shed_kind shed_kind_gate_waived = {.name         = "gate.waived",
                                         .check        = check_waived,
                                         .apply        = apply_waived,
                                         .drop         = SHED_SQL_DECISION_DROP,
                                         .withdrawable = true};

static shed_status
check_confirmed(const shed_json *body, shed_error *err)
{
  shed_uuid   take;
  shed_status st = check_unit_and_reason(body, err);
  return st == SHED_OK ? shed_kind_read_uuid(body, "take", true, &take, err) : st;
}

static shed_status
apply_confirmed(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  return withdrawn ? SHED_OK : put_decision(s, e, body, SHED_DECIDE_CONFIRM, NULL);
}

const shed_kind shed_kind_gate_confirmed = {.name         = "gate.confirmed",
                                            .check        = check_confirmed,
                                            .apply        = apply_confirmed,
                                            .drop         = SHED_SQL_DECISION_DROP,
                                            .withdrawable = true};

static shed_status
check_withdrawn(const shed_json *body, shed_error *err)
{
  shed_uuid   event;
  const char *reason = NULL;
  shed_status st     = shed_kind_read_uuid(body, "event", false, &event, err);
  return st == SHED_OK ? shed_json_read_str(body, "reason", false, REASON_MAX, &reason, err) : st;
}

// Not withdrawable itself: else two of them could take each other back.
const shed_kind shed_kind_event_withdrawn = {
    .name = "event.withdrawn", .check = check_withdrawn, .target = "event", .drop = SHED_SQL_COUNT};
