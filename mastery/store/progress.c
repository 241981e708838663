// About this file: the gate's query. Both statements read rows of one student and one unit, which lie together in the
// table; nothing here depends on how much else is in the store.
#include "mastery/store/progress.h"

#include "mastery/store/inside.h"
#include "mastery/store/pack.h"
#include "mastery/store/regrade.h"
#include "mastery/store/take_row.h"

#include <stdio.h>
#include <string.h>

// The answers of a take go to the end of s->answers; takes[].answers is set when no more can move them.
static shed_status
load_answers(shed_store *s, sqlite3_stmt *row, shed_gate_take *t, size_t *n_answers)
{
  const unsigned char *data  = sqlite3_column_blob(row, 7);
  size_t               left  = (size_t)sqlite3_column_bytes(row, 7);
  size_t               first = *n_answers;
  while (data && left) {
    shed_status st =
        shed_grow(s->alloc, (void **)&s->answers, &s->cap_answers, *n_answers, sizeof(*s->answers));
    if (st != SHED_OK) {
      return st;
    }
    if (!shed_answer_unpack(&data, &left, &s->answers[*n_answers])) {
      return shed_db_fail(&s->db, SHED_E_CORRUPT,
                          "the answers of take %s cannot be read; run woodshed store rebuild", t->id.text);
    }
    ++*n_answers;
  }
  t->n_answers = (int)(*n_answers - first);
  return SHED_OK;
}

static shed_status
load_take(shed_store *s, sqlite3_stmt *row, shed_gate_take *t, size_t *n_answers)
{
  const unsigned char *marks = sqlite3_column_blob(row, 6);
  t->id                      = shed_db_id(row, 0);
  t->performed_at_ms         = sqlite3_column_int64(row, 1);
  t->utc_offset_min          = sqlite3_column_int(row, 2);
  t->counted                 = sqlite3_column_int(row, 3) & SHED_TAKE_COUNTED;
  t->assessed                = sqlite3_column_double(row, 4);
  t->item                    = (uint64_t)sqlite3_column_int64(row, 5);
  t->answers                 = NULL;
  if (!shed_marks_unpack(marks, (size_t)sqlite3_column_bytes(row, 6), t->marks, &t->n_marks)) {
    return shed_db_fail(&s->db, SHED_E_CORRUPT,
                        "the marks of take %s cannot be read; run woodshed store rebuild", t->id.text);
  }
  return load_answers(s, row, t, n_answers);
}

static shed_status
load_takes(shed_store *s, const shed_uuid *student, const char *unit, size_t *n)
{
  bool          row       = true;
  size_t        n_answers = 0;
  shed_status   st        = SHED_OK;
  sqlite3_stmt *of        = shed_db_get(&s->db, SHED_SQL_TAKE_OF_UNIT);
  shed_db_bind_id(of, 1, student);
  shed_db_bind_text(of, 2, unit);
  *n = 0;
  while (st == SHED_OK && (st = shed_db_next(&s->db, of, &row)) == SHED_OK && row) {
    if (sqlite3_column_int(of, 3) & (SHED_TAKE_DRAFT | SHED_TAKE_WITHDRAWN)) {
      continue;
    }
    st = shed_grow(s->alloc, (void **)&s->takes, &s->cap_takes, *n, sizeof(*s->takes));
    if (st == SHED_OK) {
      st = load_take(s, of, &s->takes[*n], &n_answers);
      *n += st == SHED_OK;
    }
  }
  if (of) {
    (void)sqlite3_reset(of);
  }
  n_answers = 0;
  for (size_t i = 0; i < *n; i++) {
    s->takes[i].answers = s->takes[i].n_answers ? &s->answers[n_answers] : NULL;
    n_answers += (size_t)s->takes[i].n_answers;
  }
  return st;
}

static shed_status
load_decisions(shed_store *s, const shed_uuid *student, const char *unit, size_t *n)
{
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *of  = shed_db_get(&s->db, SHED_SQL_DECISION_OF_UNIT);
  shed_db_bind_id(of, 1, student);
  shed_db_bind_text(of, 2, unit);
  *n = 0;
  while ((st = shed_db_next(&s->db, of, &row)) == SHED_OK && row) {
    st = shed_grow(s->alloc, (void **)&s->decisions, &s->cap_decisions, *n, sizeof(*s->decisions));
    if (st != SHED_OK) {
      break;
    }
    shed_decision *d = &s->decisions[(*n)++];
    memset(d, 0, sizeof(*d));
    d->id    = shed_db_id(of, 0);
    d->at_ms = sqlite3_column_int64(of, 1);
    d->kind  = (shed_decision_kind)sqlite3_column_int(of, 2);
    d->take  = shed_db_id(of, 4);
    (void)snprintf(d->value, sizeof(d->value), "%s", shed_db_text(of, 3));
    (void)snprintf(d->reason, sizeof(d->reason), "%s", shed_db_text(of, 5));
    (void)snprintf(d->actor, sizeof(d->actor), "%s", shed_db_text(of, 6));
  }
  if (of) {
    (void)sqlite3_reset(of);
  }
  return st;
}

// Put other marks in the place of those of the takes that they are for.
static void
change_takes(shed_gate_take *takes, size_t n_takes, const shed_take_change *changes, size_t n)
{
  size_t next = 0; // both are mostly in one order
  for (size_t i = 0; i < n_takes && n > 0; i++) {
    for (size_t k = 0; k < n; k++) {
      const shed_take_change *c = &changes[(next + k) % n];
      if (shed_uuid_equal(&takes[i].id, &c->take)) {
        takes[i].assessed = c->assessed;
        takes[i].n_marks  = c->n_marks;
        memcpy(takes[i].marks, c->marks, sizeof(takes[i].marks));
        next = (next + k + 1) % n;
        break;
      }
    }
  }
}

shed_status
shed_store_gate(shed_store *s, const shed_uuid *student, const shed_gate_rule *rule, shed_gate *out,
                shed_error *err)
{
  return shed_store_gate_if(s, student, rule, NULL, 0, out, err);
}

shed_status
shed_store_gate_if(shed_store *s, const shed_uuid *student, const shed_gate_rule *rule,
                   const shed_take_change *changes, size_t n, shed_gate *out, shed_error *err)
{
  size_t n_takes     = 0;
  size_t n_decisions = 0;
  shed_db_forgive(&s->db);
  shed_status st = load_takes(s, student, rule->id, &n_takes);
  if (st == SHED_OK) {
    st = load_decisions(s, student, rule->id, &n_decisions);
  }
  if (st == SHED_OK) {
    change_takes(s->takes, n_takes, changes, n);
    shed_gate_answer_of(rule, s->takes, n_takes, s->decisions, n_decisions, out);
  }
  return shed_db_tell(&s->db, st, err);
}

shed_status
shed_store_each_unit(shed_store *s, const shed_uuid *student, bool (*each)(void *ctx, const char *unit),
                     void *ctx, shed_error *err)
{
  return shed_db_each_text(&s->db, SHED_SQL_UNIT_LIST, student, each, ctx, err);
}
