// About this file: a take with its scores, handing it in, correcting it. The row derived from a take holds the last
// correction that was not taken back; the take's own event stays as it was written.
#include "mastery/store/kinds.h"
#include "mastery/store/pack.h"
#include "mastery/store/take_row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 200, REASON_MAX = 500 };

// The members of a take's body that are used later.
typedef struct {
  const char    *unit, *drill, *course, *instrument, *retention, *ear;
  bool           counted, draft;
  double         score, assessed;
  uint64_t       seed, item;
  shed_sha256    sha256;
  shed_gate_mark marks[SHED_DIMENSIONS];
  int            n_marks;
  size_t         n_answers;
} take_body;

// A member that is a whole number of 64 bits without sign, written as text: JSON numbers do not hold it.
static shed_status
read_u64(const shed_json *body, const char *key, int base, uint64_t *out, shed_error *err)
{
  const char *text = NULL;
  char       *end  = NULL;
  shed_status st   = shed_json_read_str(body, key, true, 20, &text, err);
  if (st != SHED_OK || !text) {
    return st;
  }
  size_t digits = strspn(text, base == 16 ? "0123456789abcdef" : "0123456789");
  *out          = strtoull(text, &end, base);
  if (!digits || text[digits]) {
    return shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a number", text);
  }
  return SHED_OK;
}

static shed_status
read_hash(const shed_json *body, const char *key, shed_sha256 *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(body, key, true, SHED_SHA256_TEXT - 1, &text, err);
  if (st != SHED_OK || !text) {
    return st;
  }
  if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64) {
    return shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a SHA-256", text);
  }
  memcpy(out->text, text, sizeof(out->text));
  return SHED_OK;
}

static shed_status
read_scores(const shed_json *body, take_body *t, shed_error *err)
{
  shed_gate_answer answer;
  const shed_json *answers = shed_json_get(body, "answers");
  shed_status      st;
  if ((st = shed_json_read_real(body, "score", true, 0, 1, &t->score, err)) != SHED_OK ||
      (st = shed_json_read_real(body, "assessed", true, 0, 1, &t->assessed, err)) != SHED_OK ||
      (st = shed_marks_from_json(body, t->marks, &t->n_marks, err)) != SHED_OK) {
    return st;
  }
  t->n_answers = shed_json_size(answers);
  if (!shed_json_is_null(answers) && (!shed_json_is_array(answers) || t->n_answers > SHED_ANSWERS_MAX)) {
    return shed_fail(err, SHED_E_FORMAT, "answers", "is not a list of at most %d", SHED_ANSWERS_MAX);
  }
  for (size_t i = 0; i < t->n_answers && st == SHED_OK; i++) {
    st = shed_answer_from_json(body, i, &answer, err);
  }
  return st;
}

static shed_status
read_take(const shed_json *body, take_body *t, shed_error *err)
{
  shed_status st;
  *t = (take_body){
      .unit = "", .course = "", .instrument = "", .retention = "practice", .ear = "", .score = (double)NAN};
  if ((st = shed_kind_read_id(body, "drill", false, &t->drill, err)) != SHED_OK ||
      (st = shed_kind_read_id(body, "unit", true, &t->unit, err)) != SHED_OK ||
      (st = shed_kind_read_id(body, "course", true, &t->course, err)) != SHED_OK ||
      (st = shed_json_read_str(body, "instrument", true, TEXT_MAX, &t->instrument, err)) != SHED_OK ||
      (st = shed_json_read_str(body, "retention", true, TEXT_MAX, &t->retention, err)) != SHED_OK ||
      (st = shed_json_read_str(body, "ear", true, TEXT_MAX, &t->ear, err)) != SHED_OK ||
      (st = shed_json_read_bool(body, "counted", false, &t->counted, err)) != SHED_OK ||
      (st = shed_json_read_bool(body, "draft", true, &t->draft, err)) != SHED_OK ||
      (st = read_u64(body, "seed", 10, &t->seed, err)) != SHED_OK ||
      (st = read_u64(body, "item", 16, &t->item, err)) != SHED_OK ||
      (st = read_hash(body, "sha256", &t->sha256, err)) != SHED_OK) {
    return st;
  }
  return read_scores(body, t, err);
}

static shed_status
check_scored(const shed_json *body, shed_error *err)
{
  take_body t;
  return read_take(body, &t, err);
}

// Put the last correction's scores in the place of the take's own; without any, those of the last judging again. What a
// teacher heard holds whatever is judged later.
static shed_status
apply_correction(shed_store *s, const shed_store_event *e, take_body *t, bool *corrected, bool *regraded)
{
  shed_uuid        id   = {{0}};
  shed_str         text = {.alloc = s->alloc};
  shed_json       *body = NULL;
  shed_store_event c;
  bool             found = false;
  shed_status st = shed_derive_linked(s, &e->id, shed_kind_take_corrected.name, &e->subject, corrected, &id);
  *regraded      = false;
  if (st == SHED_OK && !*corrected) {
    st = shed_derive_linked(s, &e->id, shed_kind_take_regraded.name, &e->subject, regraded, &id);
  }
  if (st == SHED_OK && (*corrected || *regraded)) {
    st = shed_journal_read(s, &id, &c, &text, &found);
  }
  if (st == SHED_OK && found && c.body &&
      (st = shed_json_parse(c.body, c.n_body, "body", &body, NULL)) == SHED_OK) {
    st = read_scores(body, t, NULL);
  }
  shed_json_free(body);
  shed_str_free(&text);
  return st;
}

static shed_status
pack_answers(const shed_json *body, size_t n, shed_str *out)
{
  shed_gate_answer answer = {.score = 0};
  shed_status      st     = SHED_OK;
  for (size_t i = 0; i < n && st == SHED_OK; i++) {
    st = shed_answer_from_json(body, i, &answer, NULL);
    shed_answer_pack(&answer, out);
  }
  return st;
}

static shed_status
put_take(shed_store *s, const shed_store_event *e, const take_body *t, int flags, const shed_str *marks,
         const shed_str *answers)
{
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_TAKE_PUT);
  shed_db_bind_id(put, 1, &e->subject);
  shed_db_bind_text(put, 2, t->unit);
  shed_db_bind_int(put, 3, e->performed_at_ms);
  shed_db_bind_id(put, 4, &e->id);
  shed_db_bind_int(put, 5, e->utc_offset_min);
  shed_db_bind_int(put, 6, flags);
  shed_db_bind_real(put, 7, t->assessed);
  shed_db_bind_int(put, 8, (int64_t)t->item);
  shed_db_bind_blob(put, 9, shed_str_text(marks), marks->len);
  shed_db_bind_blob(put, 10, answers->len ? answers->text : NULL, answers->len);
  shed_db_bind_real(put, 11, t->score);
  shed_db_bind_int(put, 12, (int64_t)t->seed);
  shed_db_bind_hash(put, 13, &t->sha256);
  shed_db_bind_text(put, 14, t->drill);
  shed_db_bind_text(put, 15, t->course);
  shed_db_bind_text(put, 16, t->instrument);
  shed_db_bind_text(put, 17, t->retention);
  shed_db_bind_text(put, 18, t->ear);
  return shed_db_run(&s->db, put);
}

static shed_status
apply_scored(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  take_body   t;
  bool        corrected = false;
  bool        regraded  = false;
  bool        submitted = false;
  shed_str    marks     = {.alloc = s->alloc};
  shed_str    answers   = {.alloc = s->alloc};
  shed_status st        = read_take(body, &t, NULL);
  size_t      n_answers = t.n_answers; // a correction changes marks, never what was answered
  if (st == SHED_OK) {
    st = pack_answers(body, n_answers, &answers);
  }
  if (st == SHED_OK) {
    st = apply_correction(s, e, &t, &corrected, &regraded);
  }
  if (st == SHED_OK) {
    st = shed_derive_linked(s, &e->id, shed_kind_take_submitted.name, &e->subject, &submitted, NULL);
  }
  shed_marks_pack(t.marks, t.n_marks, &marks);
  if (st == SHED_OK && (marks.failed || answers.failed)) {
    st = SHED_E_NOMEM;
  }
  if (st == SHED_OK) {
    int flags = (t.counted ? SHED_TAKE_COUNTED : 0) | (t.draft && !submitted ? SHED_TAKE_DRAFT : 0) |
                (withdrawn ? SHED_TAKE_WITHDRAWN : 0) | (corrected ? SHED_TAKE_CORRECTED : 0) |
                (regraded ? SHED_TAKE_REGRADED : 0);
    st = put_take(s, e, &t, flags, &marks, &answers);
  }
  shed_str_free(&marks);
  shed_str_free(&answers);
  return st;
}

const shed_kind shed_kind_take_scored = {.name         = "take.scored",
                                         .check        = check_scored,
                                         .apply        = apply_scored,
                                         .drop         = SHED_SQL_TAKE_DROP,
                                         .withdrawable = true};

static shed_status
check_submitted(const shed_json *body, shed_error *err)
{
  shed_uuid take;
  return shed_kind_read_uuid(body, "take", false, &take, err);
}

const shed_kind shed_kind_take_submitted = {.name         = "take.submitted",
                                            .check        = check_submitted,
                                            .target       = "take",
                                            .drop         = SHED_SQL_COUNT,
                                            .withdrawable = true};

static shed_status
check_reflected(const shed_json *body, shed_error *err)
{
  const char *text = NULL;
  shed_uuid   take;
  shed_status st = shed_kind_read_uuid(body, "take", false, &take, err);
  if (st == SHED_OK && (st = shed_json_read_str(body, "cause", true, REASON_MAX, &text, err)) == SHED_OK) {
    st = shed_json_read_str(body, "next", true, REASON_MAX, &text, err);
  }
  return st;
}

const shed_kind shed_kind_take_reflected = {.name         = "take.reflected",
                                            .check        = check_reflected,
                                            .target       = "take",
                                            .drop         = SHED_SQL_COUNT,
                                            .withdrawable = true};

static shed_status
check_corrected(const shed_json *body, shed_error *err)
{
  take_body   t = {.score = (double)NAN};
  shed_uuid   take;
  const char *reason = NULL;
  shed_status st     = shed_kind_read_uuid(body, "take", false, &take, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(body, "reason", false, REASON_MAX, &reason, err);
  }
  return st == SHED_OK ? read_scores(body, &t, err) : st;
}

const shed_kind shed_kind_take_corrected = {.name         = "take.corrected",
                                            .check        = check_corrected,
                                            .target       = "take",
                                            .drop         = SHED_SQL_COUNT,
                                            .withdrawable = true};

const shed_kind shed_kind_take_regraded = {.name         = "take.regraded",
                                           .check        = check_corrected,
                                           .target       = "take",
                                           .drop         = SHED_SQL_COUNT,
                                           .withdrawable = true};
