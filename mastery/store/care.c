#include "mastery/store/care.h"

#include "mastery/store/kinds.h"

#include <stdio.h>
#include <string.h>

shed_status
shed_store_rebuild(shed_store *s, shed_store_report *report, shed_error *err)
{
  shed_status st = shed_act_begin(s);
  *report        = (shed_store_report){.events = 0};
  if (st == SHED_OK) {
    st = shed_derive_all(s);
  }
  report->unknown   = s->n_unknown;
  report->not_valid = s->n_not_valid;
  if (st == SHED_OK) {
    int64_t n      = 0;
    st             = shed_db_pragma(&s->db, "SELECT count(*) FROM event", &n);
    report->events = (size_t)n;
  }
  return shed_act_end(s, st, err);
}

// -- erasing -------------------------------------------------------------------------------------------------------------

static shed_status
append_erasure(shed_store *s, const shed_uuid *actor, const shed_uuid *person)
{
  bool        known = false;
  bool        gone  = false;
  int64_t     now   = s->clock->wall_ms(s->clock->ctx);
  shed_status st    = shed_store_has(s, SHED_SQL_EVENT_ABOUT, person, &known);
  if (st == SHED_OK && !known) {
    st = shed_store_has(s, SHED_SQL_PERSON_GET, person, &known);
  }
  if (st == SHED_OK && !known) {
    return shed_db_fail(&s->db, SHED_E_NOTFOUND, "nothing is stored about a person with the id %s",
                        person->text);
  }
  if (st == SHED_OK) {
    st = shed_store_has(s, SHED_SQL_ERASED_GET, person, &gone);
  }
  if (st != SHED_OK || gone) {
    return st; // done before: nothing is left to erase
  }
  shed_json *body  = shed_json_object();
  shed_draft draft = {.kind            = shed_kind_person_erased.name,
                      .performed_at_ms = now,
                      .utc_offset_min  = s->clock->utc_offset_min(s->clock->ctx, now),
                      .actor           = actor,
                      .subject         = person,
                      .body            = body};
  st               = shed_journal_append(s, &draft, NULL);
  shed_json_free(body);
  return st;
}

shed_status
shed_store_erase(shed_store *s, const shed_uuid *actor, const shed_uuid *person, shed_store_report *report,
                 shed_error *err)
{
  shed_status st = shed_act_begin(s);
  *report        = (shed_store_report){.events = 0};
  if (st == SHED_OK) {
    st = append_erasure(s, actor, person);
  }
  st = shed_act_end(s, st, err);
  if (st != SHED_OK) {
    return st;
  }
  report->erased = s->n_stripped;
  report->files  = s->n_removed;
  return shed_act_scrub(s, err);
}

// -- the same state ------------------------------------------------------------------------------------------------------

shed_status
shed_store_digest(shed_store *s, shed_sha256 *out, shed_error *err)
{
  shed_sha256        derived = {{0}};
  shed_sha256_stream hash;
  bool               row = true;
  shed_db_forgive(&s->db);
  shed_status   st  = shed_derive_digest(s, &derived);
  sqlite3_stmt *all = shed_db_get(&s->db, SHED_SQL_PERSON_ALL);
  shed_sha256_start(&hash);
  shed_sha256_add(&hash, derived.text, sizeof(derived.text));
  while (st == SHED_OK && (st = shed_db_next(&s->db, all, &row)) == SHED_OK && row) {
    shed_uuid id = shed_db_id(all, 0);
    shed_sha256_add(&hash, id.text, sizeof(id.text));
    shed_sha256_add(&hash, shed_db_text(all, 1), strlen(shed_db_text(all, 1)) + 1);
    shed_sha256_add(&hash, shed_db_text(all, 2), strlen(shed_db_text(all, 2)) + 1);
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  all = shed_db_get(&s->db, SHED_SQL_EVENT_ALL);
  while (st == SHED_OK && (st = shed_db_next(&s->db, all, &row)) == SHED_OK && row) {
    shed_sha256 event = shed_db_hash(all, 14);
    shed_sha256_add(&hash, event.text, sizeof(event.text));
    shed_sha256_add(&hash, sqlite3_column_type(all, 10) == SQLITE_NULL ? "-" : "+", 1);
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  if (st == SHED_OK) {
    *out = shed_sha256_end(&hash);
  }
  return shed_db_tell(&s->db, st, err);
}
