// About this file: looking at everything and changing nothing. Each finding is told as a sentence with its place; the walk
// goes on behind it, so that one damaged event does not hide another.
#include "mastery/store/care.h"
#include "mastery/store/chain.h"
#include "mastery/store/kinds.h"
#include "mastery/store/orphans.h"

#include "engine/base/file.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  shed_store        *s;
  shed_store_say     say;
  void              *ctx;
  shed_store_report *report;
} inspection;

static void fault(const inspection *in, const char *fmt, ...) SHED_PRINTF(2, 3);

static void
fault(const inspection *in, const char *fmt, ...)
{
  char    text[1024];
  va_list args;
  in->report->faults++;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof(text), fmt, args);
  va_end(args);
  if (in->say) {
    in->say(in->ctx, text);
  }
}

static shed_status
check_sqlite(const inspection *in)
{
  sqlite3_stmt *rows = NULL;
  bool          row  = true;
  shed_status   st   = shed_db_note(
          &in->s->db, sqlite3_prepare_v2(in->s->db.handle, "PRAGMA integrity_check(20)", -1, &rows, NULL));
  while (st == SHED_OK && (st = shed_db_next(&in->s->db, rows, &row)) == SHED_OK && row) {
    if (strcmp(shed_db_text(rows, 0), "ok") != 0) {
      fault(in, "the database itself is damaged: %s", shed_db_text(rows, 0));
    }
  }
  (void)sqlite3_finalize(rows);
  return st;
}

static shed_status
check_body_gone(const inspection *in, const shed_store_event *e)
{
  bool        erased = false;
  shed_status st     = SHED_OK;
  if (e->body) {
    return SHED_OK;
  }
  in->report->erased++;
  if (e->subject.text[0]) {
    st = shed_store_has(in->s, SHED_SQL_EVENT_ERASURE, &e->subject, &erased);
  }
  if (st == SHED_OK && !erased) {
    fault(in, "origin %s, event %lld (%s): its body is gone, and nobody erased it", e->origin.text,
          (long long)e->seq, e->id.text);
  }
  return st;
}

static shed_status
check_events(const inspection *in)
{
  shed_chain    chain = {.seq = 0};
  bool          row   = true;
  shed_status   st    = SHED_OK;
  sqlite3_stmt *all   = shed_db_get(&in->s->db, SHED_SQL_EVENT_ALL);
  while (st == SHED_OK && (st = shed_db_next(&in->s->db, all, &row)) == SHED_OK && row) {
    shed_store_event e;
    shed_error       why = {.status = SHED_OK};
    in->report->events++;
    if (!shed_db_event(all, &e)) {
      fault(in, "event %s does not fit its columns", e.id.text);
      continue;
    }
    if (shed_chain_next(&chain, &e, &why) != SHED_OK) {
      fault(in, "%s: %s", why.where, why.what);
    }
    st = check_body_gone(in, &e);
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return st;
}

static shed_status
check_heard(const inspection *in)
{
  bool          row   = true;
  shed_status   st    = SHED_OK;
  sqlite3_stmt *takes = shed_db_get(&in->s->db, SHED_SQL_TAKE_HEARD);
  while (st == SHED_OK && (st = shed_db_next(&in->s->db, takes, &row)) == SHED_OK && row) {
    bool          there  = false;
    shed_uuid     event  = shed_db_id(takes, 0);
    shed_sha256   sha256 = shed_db_hash(takes, 1);
    sqlite3_stmt *has    = shed_db_get(&in->s->db, SHED_SQL_HEARD_HAS);
    shed_db_bind_hash(has, 1, &sha256);
    shed_db_bind_text(has, 2, shed_db_text(takes, 2));
    st = shed_db_next(&in->s->db, has, &there);
    if (has) {
      (void)sqlite3_reset(has);
    }
    if (st == SHED_OK && !there) {
      fault(in, "take %s: what was heard in it is missing", event.text);
    }
  }
  if (takes) {
    (void)sqlite3_reset(takes);
  }
  sqlite3_stmt *all = shed_db_get(&in->s->db, SHED_SQL_HEARD_ALL);
  while (st == SHED_OK && (st = shed_db_next(&in->s->db, all, &row)) == SHED_OK && row) {
    const void *data = sqlite3_column_blob(all, 3);
    shed_sha256 take = shed_db_hash(all, 0);
    shed_sha256 want = shed_db_hash(all, 2);
    shed_sha256 real = shed_sha256_of(data ? data : "", (size_t)sqlite3_column_bytes(all, 3));
    if (strcmp(want.text, real.text) != 0) {
      fault(in, "what was heard in take file %s was changed", take.text);
    }
  }
  return st;
}

static shed_status
check_files(const inspection *in)
{
  char          path[SHED_STORE_PATH + 80];
  const char   *ending;
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *all = shed_db_get(&in->s->db, SHED_SQL_TAKE_FILES);
  while ((st = shed_db_next(&in->s->db, all, &row)) == SHED_OK && row) {
    shed_sha256 want = shed_db_hash(all, 0);
    shed_sha256 real;
    shed_error  why = {.status = SHED_OK};
    in->report->files++;
    if (!shed_files_find(in->s->folder, &want, path, sizeof(path), &ending)) {
      fault(in, "%s/%s.flac: the sound of a take is missing", in->s->folder, want.text);
    } else if (shed_sha256_of_file(path, &real, &why) != SHED_OK) {
      fault(in, "%s: %s", why.where, why.what);
    } else if (strcmp(want.text, real.text) != 0) {
      fault(in, "%s: the sound was changed: its SHA-256 is %s", path, real.text);
    }
  }
  return st;
}

// Make the derived tables again inside an act that is rolled back, and compare.
static shed_status
check_derived(const inspection *in, shed_error *err)
{
  shed_sha256 now   = {{0}};
  shed_sha256 fresh = {{0}};
  shed_status st    = shed_act_begin(in->s);
  if (st == SHED_OK) {
    st = shed_derive_digest(in->s, &now);
  }
  if (st == SHED_OK) {
    st = shed_derive_all(in->s);
  }
  if (st == SHED_OK) {
    st = shed_derive_digest(in->s, &fresh);
  }
  if (st == SHED_OK) {
    in->report->unknown   = in->s->n_unknown;
    in->report->not_valid = in->s->n_not_valid;
    if (strcmp(now.text, fresh.text) != 0) {
      fault(in, "%s: what was derived from the log differs from it; run woodshed store rebuild", in->s->path);
    }
    shed_act_abandon(in->s);
    return SHED_OK;
  }
  return shed_act_end(in->s, st, err);
}

shed_status
shed_store_check(shed_store *s, shed_store_say say, void *ctx, shed_store_report *report, shed_error *err)
{
  inspection  in = {.s = s, .say = say, .ctx = ctx, .report = report};
  shed_status st;
  *report = (shed_store_report){.events = 0};
  shed_db_forgive(&s->db);
  if ((st = check_sqlite(&in)) != SHED_OK || (st = check_events(&in)) != SHED_OK ||
      (st = check_heard(&in)) != SHED_OK || (st = s->memory ? SHED_OK : check_files(&in)) != SHED_OK) {
    return shed_db_tell(&s->db, st, err);
  }
  st = check_derived(&in, err);
  return st == SHED_OK ? shed_orphans_visit(s, false, say, ctx, report, err) : st;
}
