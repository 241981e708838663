// About this file: a take comes in as one act. The file has its place, synced, before the event that names it is committed;
// when the act fails the file goes again, and so does the temporary one.
#include "mastery/store/takes.h"

#include "engine/base/file.h"
#include "mastery/store/kinds.h"
#include "mastery/store/pack.h"
#include "mastery/store/people.h"
#include "mastery/store/take_row.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

shed_status
shed_store_take_temp(shed_store *s, char *path, size_t size, shed_error *err)
{
  shed_uuid id = shed_uuid_new(s->clock);
  if (s->memory) {
    return shed_fail(err, SHED_E_UNSUPPORTED, s->path, "a store in memory keeps no sound");
  }
  int n = snprintf(path, size, "%s/tmp-%s.flac", s->folder, id.text);
  return n > 0 && (size_t)n < size ? SHED_OK
                                   : shed_fail(err, SHED_E_RANGE, s->folder, "the path is too long");
}

// -- the body ------------------------------------------------------------------------------------------------------------

static void
set_text(shed_json *o, const char *key, const char *text)
{
  if (text && text[0]) {
    shed_json_set_str(o, key, text);
  }
}

static void
set_u64(shed_json *o, const char *key, const char *fmt_is_hex, uint64_t value)
{
  char text[24];
  (void)snprintf(text, sizeof(text), fmt_is_hex[0] == 'x' ? "%016llx" : "%llu", (unsigned long long)value);
  shed_json_set_str(o, key, text);
}

static void
add_circumstances(shed_json *o, const shed_take_record *r)
{
  set_text(o, "device", r->device);
  if (!isnan(r->latency_s)) {
    shed_json_set_real(o, "latency_s", r->latency_s, 6);
  }
  set_text(o, "instrument", r->instrument);
  shed_json_set_real(o, "a4_hz", r->a4_hz > 0 ? r->a4_hz : 440, 3);
  set_text(o, "accommodations", r->accommodations);
  shed_json_set_str(o, "retention", r->retention ? r->retention : "practice");
  shed_json_set_str(o, "engine", r->engine ? r->engine : SHED_VERSION);
}

static shed_json *
body_of(const shed_take_record *r)
{
  shed_json *o    = shed_json_object();
  uint64_t   item = r->item ? r->item : shed_gate_item(r->drill, r->generator, r->seed);
  set_text(o, "course", r->course);
  set_text(o, "unit", r->unit);
  shed_json_set_str(o, "drill", r->drill);
  shed_json_set_int(o, "generator", r->generator);
  set_u64(o, "seed", "u", r->seed);
  set_u64(o, "item", "x", item);
  shed_json_set_bool(o, "counted", r->counted);
  shed_json_set_bool(o, "draft", r->draft);
  add_circumstances(o, r);
  shed_json_set_real(o, "score", r->score, 6);
  if (r->passed >= 0) {
    shed_json_set_bool(o, "passed", r->passed != 0);
  }
  shed_json_set_real(o, "assessed", r->assessed, 6);
  shed_json_set(o, "dimensions", shed_marks_to_json(r->marks, r->n_marks));
  if (r->n_answers) {
    shed_json_set(o, "answers", shed_answers_to_json(r->answers, r->n_answers));
  }
  if (r->temp_path) {
    shed_json_set_str(o, "sha256", r->sha256.text);
  }
  if (r->heard) {
    shed_sha256 heard = shed_sha256_of(r->heard, r->n_heard);
    shed_json_set_str(o, "ear", r->ear);
    shed_json_set_str(o, "heard_sha256", heard.text);
  }
  if (r->prompt) {
    shed_json_set(o, "prompt", shed_json_copy(r->prompt));
  }
  if (r->policy) {
    shed_json_set(o, "policy", shed_json_copy(r->policy));
  }
  if (r->rubrics) {
    shed_json_set(o, "rubrics", shed_json_copy(r->rubrics));
  }
  if (r->wrap) {
    shed_json_set(o, "wrap", shed_json_copy(r->wrap));
  }
  if (r->verdict) {
    shed_json_set(o, "verdict", shed_json_copy(r->verdict));
  }
  return o;
}

static shed_status
check_record(const shed_store *s, const shed_take_record *r, shed_error *err)
{
  shed_sha256 real;
  if (!r->drill || !r->drill[0]) {
    return shed_fail(err, SHED_E_RANGE, "drill", "a take needs the drill or the file that it answers");
  }
  if (r->n_marks < 0 || r->n_marks > SHED_DIMENSIONS || r->n_answers < 0 || r->n_answers > SHED_ANSWERS_MAX) {
    return shed_fail(err, SHED_E_RANGE, "dimensions", "%d dimensions and %d answers are too many", r->n_marks,
                     r->n_answers);
  }
  if (r->accommodations && strlen(r->accommodations) >= SHED_TAKE_ACCOMMODATIONS) {
    return shed_fail(err, SHED_E_RANGE, "accommodations", "are longer than %d bytes",
                     SHED_TAKE_ACCOMMODATIONS - 1);
  }
  if (r->heard && (!r->ear || !r->ear[0] || !r->temp_path)) {
    return shed_fail(err, SHED_E_RANGE, "ear", "what was heard needs the ear's version and the sound");
  }
  if (r->ending && !shed_files_ending(r->ending)) {
    return shed_fail(err, SHED_E_RANGE, "ending", "the name of a take's file does not end in \"%.20s\"",
                     r->ending);
  }
  if (!r->temp_path) {
    return SHED_OK;
  }
  if (s->memory) {
    return shed_fail(err, SHED_E_UNSUPPORTED, s->path, "a store in memory keeps no sound");
  }
  shed_status st = shed_sha256_of_file(r->temp_path, &real, err);
  if (st == SHED_OK && strcmp(real.text, r->sha256.text) != 0) {
    return shed_fail(err, SHED_E_CORRUPT, r->temp_path,
                     "the file changed while it was stored: its SHA-256 is %s", real.text);
  }
  return st;
}

// -- storing -------------------------------------------------------------------------------------------------------------

static shed_status
put_heard(shed_store *s, const shed_take_record *r)
{
  sqlite3_stmt *put  = shed_db_get(&s->db, SHED_SQL_HEARD_PUT);
  shed_sha256   hash = shed_sha256_of(r->heard, r->n_heard);
  shed_db_bind_hash(put, 1, &r->sha256);
  shed_db_bind_text(put, 2, r->ear);
  shed_db_bind_hash(put, 3, &hash);
  shed_db_bind_blob(put, 4, r->heard, r->n_heard);
  return shed_db_run(&s->db, put);
}

static shed_status
check_student(shed_store *s, const shed_uuid *student)
{
  bool        found  = false;
  bool        erased = false;
  shed_status st     = shed_store_has(s, SHED_SQL_ERASED_GET, student, &erased);
  if (st == SHED_OK && !erased) {
    st = shed_store_has(s, SHED_SQL_PERSON_GET, student, &found);
  }
  if (st == SHED_OK && !erased && !found) {
    return shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is no student with the id \"%s\"", student->text);
  }
  return st; // an erased one is refused, in words of its own, when the event is written
}

static shed_status
record(shed_store *s, const shed_take_record *r, shed_uuid *event, shed_error *err)
{
  shed_json  *body = NULL;
  shed_status st   = check_student(s, &r->student);
  if (st == SHED_OK && r->temp_path) {
    st = shed_files_doom(s, &r->sha256); // for the case that the act fails; else a take names it
  }
  if (st == SHED_OK && r->temp_path) {
    st = shed_files_adopt(s, r->temp_path, &r->sha256, r->ending ? r->ending : ".flac", err);
  }
  if (st == SHED_OK && r->heard) {
    st = put_heard(s, r);
  }
  if (st != SHED_OK) {
    return st;
  }
  body             = body_of(r);
  shed_draft draft = {.kind            = shed_kind_take_scored.name,
                      .performed_at_ms = r->performed_at_ms,
                      .utc_offset_min  = r->utc_offset_min,
                      .actor           = r->actor.text[0] ? &r->actor : &r->student,
                      .subject         = &r->student,
                      .body            = body};
  st               = shed_journal_append(s, &draft, event);
  shed_json_free(body);
  return st;
}

shed_status
shed_store_record_take(shed_store *s, const shed_take_record *rec, shed_uuid *event, shed_error *err)
{
  shed_uuid   id = {{0}};
  shed_status st = check_record(s, rec, err);
  if (st == SHED_OK) {
    st = shed_act_begin(s);
    if (st == SHED_OK) {
      st = record(s, rec, &id, err);
    }
    st = shed_act_end(s, st, err);
  }
  if (st != SHED_OK) {
    if (rec->temp_path && unlink(rec->temp_path) != 0 && errno != ENOENT) {
      shed_logf(s->log, SHED_LOG_ERROR, "%s cannot be removed: %s", rec->temp_path, strerror(errno));
    }
    return st;
  }
  if (event) {
    *event = id;
  }
  return SHED_OK;
}

// An event about a take, of its student. Takes body.
static shed_status
say_of(shed_store *s, const char *kind, const shed_uuid *actor, const shed_uuid *take, shed_json *body)
{
  bool          found = false;
  shed_uuid     student;
  int64_t       now = s->clock->wall_ms(s->clock->ctx);
  sqlite3_stmt *of  = shed_db_get(&s->db, SHED_SQL_TAKE_STUDENT);
  shed_db_bind_id(of, 1, take);
  shed_status st = shed_db_next(&s->db, of, &found);
  if (st != SHED_OK || !found) {
    shed_json_free(body);
    return st != SHED_OK ? st : shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is no take %s", take->text);
  }
  student = shed_db_id(of, 0);
  (void)sqlite3_reset(of);
  shed_json_set_str(body, "take", take->text);
  shed_draft draft = {.kind            = kind,
                      .performed_at_ms = now,
                      .utc_offset_min  = s->clock->utc_offset_min(s->clock->ctx, now),
                      .actor           = actor && actor->text[0] ? actor : &student,
                      .subject         = &student,
                      .body            = body};
  st               = shed_journal_append(s, &draft, NULL);
  shed_json_free(body);
  return st;
}

shed_status
shed_store_submit_take(shed_store *s, const shed_uuid *actor, const shed_uuid *take, shed_error *err)
{
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    st = say_of(s, shed_kind_take_submitted.name, actor, take, shed_json_object());
  }
  return shed_act_end(s, st, err);
}

shed_status
shed_store_reflect_take(shed_store *s, const shed_uuid *actor, const shed_uuid *take, const char *cause,
                        const char *next, shed_error *err)
{
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    shed_json *body = shed_json_object();
    set_text(body, "cause", cause);
    set_text(body, "next", next);
    st = say_of(s, shed_kind_take_reflected.name, actor, take, body);
  }
  return shed_act_end(s, st, err);
}

// -- reading -------------------------------------------------------------------------------------------------------------

static shed_stored_take
stored_of(sqlite3_stmt *row, const shed_uuid *student)
{
  int              flags = sqlite3_column_int(row, 4);
  shed_stored_take t     = {.event = shed_db_id(row, 0), .student = *student};
  t.unit                 = shed_db_text(row, 1);
  t.performed_at_ms      = sqlite3_column_int64(row, 2);
  t.utc_offset_min       = sqlite3_column_int(row, 3);
  t.counted              = flags & SHED_TAKE_COUNTED;
  t.draft                = flags & SHED_TAKE_DRAFT;
  t.withdrawn            = flags & SHED_TAKE_WITHDRAWN;
  t.corrected            = flags & SHED_TAKE_CORRECTED;
  t.regraded             = flags & SHED_TAKE_REGRADED;
  t.assessed             = sqlite3_column_double(row, 5);
  t.score                = shed_db_real(row, 6);
  t.seed                 = (uint64_t)sqlite3_column_int64(row, 7);
  t.sha256               = shed_db_hash(row, 8);
  t.drill                = shed_db_text(row, 9);
  t.course               = shed_db_text(row, 10);
  t.instrument           = shed_db_text(row, 11);
  t.retention            = shed_db_text(row, 12);
  t.ear                  = shed_db_text(row, 13);
  return t;
}

typedef struct {
  bool (*each)(void *ctx, const shed_stored_take *t);
  void            *ctx;
  const shed_uuid *student;
} take_walk;

static bool
take_take_walk(void *walk, sqlite3_stmt *row)
{
  const take_walk *w = walk;
  shed_stored_take t = stored_of(row, w->student);
  return w->each(w->ctx, &t);
}

shed_status
shed_store_each_take(shed_store *s, const shed_uuid *student, const char *unit,
                     bool (*each)(void *ctx, const shed_stored_take *t), void *ctx, shed_error *err)
{
  shed_db_forgive(&s->db);
  sqlite3_stmt *list = shed_db_get(&s->db, SHED_SQL_TAKE_LIST);
  shed_db_bind_id(list, 1, student);
  shed_db_bind_text(list, 2, unit);
  return shed_db_each(&s->db, list, take_take_walk, &(take_walk){each, ctx, student}, err);
}

shed_status
shed_store_take_body(shed_store *s, const shed_uuid *take, shed_json **body, shed_error *err)
{
  shed_store_event e     = {.v = 0};
  shed_str         text  = {.alloc = s->alloc};
  bool             found = false;
  shed_db_forgive(&s->db);
  shed_status st = shed_journal_read(s, take, &e, &text, &found);
  if (st == SHED_OK && (!found || !e.body || strcmp(e.kind, shed_kind_take_scored.name) != 0)) {
    st = shed_fail(err, SHED_E_NOTFOUND, s->path, "there is no take %s", take->text);
  } else if (st == SHED_OK) {
    st = shed_json_parse(e.body, e.n_body, take->text, body, err);
  }
  shed_str_free(&text);
  return shed_db_tell(&s->db, st, err);
}

shed_status
shed_store_take_path(shed_store *s, const shed_sha256 *sha256, char *path, size_t size, shed_error *err)
{
  const char *ending;
  bool        found = sha256->text[0] && shed_files_find(s->folder, sha256, path, size, &ending);
  if (!found && (!sha256->text[0] || !path[0])) {
    return shed_fail(err, SHED_E_RANGE, s->folder, "the path is too long, or the take has no sound");
  }
  return found ? SHED_OK : shed_fail(err, SHED_E_NOTFOUND, path, "the sound of this take is not there");
}

shed_status
shed_store_read_heard(shed_store *s, const shed_sha256 *sha256, const char *ear, unsigned char **data,
                      size_t *n, shed_error *err)
{
  bool          row = false;
  sqlite3_stmt *get;
  shed_db_forgive(&s->db);
  get = shed_db_get(&s->db, SHED_SQL_HEARD_GET);
  shed_db_bind_hash(get, 1, sha256);
  shed_db_bind_text(get, 2, ear);
  shed_status st = shed_db_next(&s->db, get, &row);
  if (st == SHED_OK && !row) {
    return shed_fail(err, SHED_E_NOTFOUND, sha256->text, "what ear %s heard in this take is not stored",
                     ear ? ear : "(any)");
  }
  if (st == SHED_OK) {
    size_t         size = (size_t)sqlite3_column_bytes(get, 0);
    const void    *from = sqlite3_column_blob(get, 0);
    unsigned char *copy = shed_malloc(s->alloc, size ? size : 1);
    if (copy) {
      memcpy(copy, from ? from : "", from ? size : 0);
      *data = copy;
      *n    = size;
    }
    st = copy ? SHED_OK : SHED_E_NOMEM;
    (void)sqlite3_reset(get);
  }
  return shed_db_tell(&s->db, st, err);
}
