#include "mastery/store/regrade.h"

#include "mastery/store/kinds.h"
#include "mastery/store/pack.h"
#include "mastery/store/progress.h"

#include <string.h>

static shed_status
read_body(shed_store *s, const shed_uuid *id, shed_json **body)
{
  shed_store_event e     = {.v = 0};
  shed_str         text  = {.alloc = s->alloc};
  bool             found = false;
  shed_status      st    = shed_journal_read(s, id, &e, &text, &found);
  if (st == SHED_OK && found && e.body) {
    st = shed_json_parse(e.body, e.n_body, id->text, body, NULL);
  }
  shed_str_free(&text);
  return st;
}

shed_status
shed_store_regraded_body(shed_store *s, const shed_uuid *student, const shed_uuid *take, shed_json **body,
                         shed_error *err)
{
  bool      linked = false;
  shed_uuid latest = {{0}};
  shed_db_forgive(&s->db);
  *body          = NULL;
  shed_status st = shed_derive_linked(s, take, shed_kind_take_regraded.name, student, &linked, &latest);
  if (st == SHED_OK && linked) {
    st = read_body(s, &latest, body);
  }
  if (st == SHED_OK && !*body) {
    return shed_fail(err, SHED_E_NOTFOUND, take->text, "was never judged again");
  }
  return shed_db_tell(&s->db, st, err);
}

static shed_json *
body_of(const shed_regrade_record *r, const char *reason)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "take", r->change.take.text);
  shed_json_set_str(o, "reason", reason);
  shed_json_set_real(o, "score", r->score, 6);
  shed_json_set_real(o, "assessed", r->change.assessed, 6);
  shed_json_set(o, "dimensions", shed_marks_to_json(r->change.marks, r->change.n_marks));
  shed_json_set_str(o, "engine", SHED_VERSION);
  if (r->ear) {
    shed_json_set_str(o, "ear", r->ear);
  }
  shed_json_set(o, "policy", shed_json_copy(r->policy));
  shed_json_set(o, "verdict", shed_json_copy(r->verdict));
  if (r->rubrics) {
    shed_json_set(o, "rubrics", shed_json_copy(r->rubrics));
  }
  return o;
}

static shed_status
write_one(shed_store *s, const shed_decider *who, const shed_regrade_record *r)
{
  int64_t     now   = s->clock->wall_ms(s->clock->ctx);
  shed_json  *body  = body_of(r, who->reason);
  shed_draft  draft = {.kind            = shed_kind_take_regraded.name,
                       .performed_at_ms = who->at_ms ? who->at_ms : now,
                       .utc_offset_min =
                          who->at_ms ? who->utc_offset_min : s->clock->utc_offset_min(s->clock->ctx, now),
                       .actor   = &who->actor,
                       .subject = &who->student,
                       .body    = body};
  shed_status st    = shed_journal_append(s, &draft, NULL);
  shed_json_free(body);
  return st;
}

shed_status
shed_store_regrade(shed_store *s, const shed_decider *who, const shed_regrade_record *records, size_t n,
                   shed_error *err)
{
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    st = shed_decider_check(s, who);
  }
  for (size_t i = 0; i < n && st == SHED_OK; i++) {
    st = write_one(s, who, &records[i]);
  }
  return shed_act_end(s, st, err);
}
