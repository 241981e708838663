// About this file: everything out, as text that any program reads. events.jsonl holds the events as they are, so that the
// hashes can be checked without this program.
#include "mastery/store/care.h"
#include "mastery/store/kinds.h"
#include "mastery/store/takes.h"

#include "engine/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TAKE_MOST_BYTES = 2000000000 };

typedef struct {
  shed_store        *s;
  const shed_uuid   *student; ///< NULL: everybody
  const char        *folder;
  shed_store_report *report;
  shed_error        *err;
} outlet;

static bool
is_wanted(const outlet *o, const shed_uuid *id)
{
  return !o->student || shed_uuid_equal(o->student, id);
}

static shed_status
check_empty(const char *folder, shed_error *err)
{
  shed_status st = shed_folder_make(folder, err);
  int         n  = 0;
  if (st != SHED_OK) {
    return st;
  }
  DIR *d = opendir(folder);
  if (!d) {
    return shed_fail(err, SHED_E_IO, folder, "cannot be opened: %s", strerror(errno));
  }
  for (struct dirent *e = readdir(d); e; e = readdir(d)) {
    n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
  }
  (void)closedir(d);
  return n ? shed_fail(err, SHED_E_EXISTS, folder, "has %d files in it already; name a new folder", n)
           : SHED_OK;
}

static shed_status
open_lines(const outlet *o, const char *name, FILE **out)
{
  char path[SHED_STORE_PATH];
  (void)snprintf(path, sizeof(path), "%s/%s", o->folder, name);
  *out = fopen(path, "wbx");
  return *out
             ? SHED_OK
             : shed_fail(o->err, shed_status_of_errno(errno), path, "cannot be written: %s", strerror(errno));
}

// Takes v and f. st is what came before.
static shed_status
write_line(const outlet *o, FILE *f, shed_json *v)
{
  shed_str    text = {.alloc = o->s->alloc};
  shed_status st   = SHED_OK;
  shed_json_write(v, SHED_JSON_LINE, &text);
  shed_str_add(&text, "\n");
  shed_json_free(v);
  if (text.failed) {
    st = SHED_E_NOMEM;
  } else if (fwrite(text.text, 1, text.len, f) != text.len) {
    st = shed_fail(o->err, shed_status_of_errno(errno), o->folder, "cannot be written: %s", strerror(errno));
  }
  shed_str_free(&text);
  return st;
}

static shed_status
close_lines(const outlet *o, FILE *f, shed_status st)
{
  bool failed = fflush(f) != 0 || fsync(fileno(f)) != 0;
  int  error  = errno;
  failed      = fclose(f) != 0 || failed;
  return st == SHED_OK && failed ? shed_fail(o->err, shed_status_of_errno(error), o->folder,
                                             "cannot be written: %s", strerror(error))
                                 : st;
}

static shed_status
export_events(const outlet *o)
{
  FILE         *f   = NULL;
  bool          row = true;
  shed_status   st  = open_lines(o, "events.jsonl", &f);
  sqlite3_stmt *all = shed_db_get(&o->s->db, SHED_SQL_EVENT_ALL);
  if (st != SHED_OK) {
    return st;
  }
  while (st == SHED_OK && (st = shed_db_next(&o->s->db, all, &row)) == SHED_OK && row) {
    shed_store_event e;
    if (!shed_db_event(all, &e)) {
      st = shed_db_fail(&o->s->db, SHED_E_CORRUPT, "event %s does not fit its columns", e.id.text);
    } else if (is_wanted(o, &e.subject)) {
      st = write_line(o, f, shed_store_event_to_json(&e));
      o->report->events++;
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return close_lines(o, f, st);
}

static shed_status
export_people(const outlet *o)
{
  FILE         *f   = NULL;
  bool          row = true;
  shed_status   st  = open_lines(o, "people.jsonl", &f);
  sqlite3_stmt *all = shed_db_get(&o->s->db, SHED_SQL_PERSON_ALL);
  if (st != SHED_OK) {
    return st;
  }
  while (st == SHED_OK && (st = shed_db_next(&o->s->db, all, &row)) == SHED_OK && row) {
    shed_uuid id = shed_db_id(all, 0);
    if (is_wanted(o, &id)) {
      char       time[40];
      shed_json *v = shed_json_object();
      shed_time_format(time, sizeof(time), sqlite3_column_int64(all, 3), 0);
      shed_json_set_str(v, "id", id.text);
      shed_json_set_str(v, "role", shed_db_text(all, 1));
      shed_json_set_str(v, "name", shed_db_text(all, 2));
      shed_json_set_str(v, "changed_at", time);
      st = write_line(o, f, v);
      o->report->people++;
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return close_lines(o, f, st);
}

static shed_status
export_file(const outlet *o, const shed_sha256 *sha256)
{
  char        from[SHED_STORE_PATH + 80];
  char        to[SHED_STORE_PATH + 80];
  char       *data = NULL;
  size_t      n    = 0;
  shed_status st;
  const char *ending;
  (void)shed_files_find(o->s->folder, sha256, from, sizeof(from), &ending);
  if (!from[0] ||
      snprintf(to, sizeof(to), "%s/takes/%s%s", o->folder, sha256->text, ending) >= (int)sizeof(to)) {
    return shed_fail(o->err, SHED_E_RANGE, o->folder, "the path is too long");
  }
  if ((st = shed_file_read(from, TAKE_MOST_BYTES, o->s->alloc, &data, &n, o->err)) != SHED_OK) {
    return st;
  }
  st = shed_file_write_atomic(to, data, n, o->err);
  shed_free(o->s->alloc, data);
  o->report->files += st == SHED_OK;
  return st;
}

static shed_status
export_heard(const outlet *o, const shed_sha256 *sha256, const char *ear)
{
  char           to[SHED_STORE_PATH + 160];
  unsigned char *data = NULL;
  size_t         n    = 0;
  if (!ear[0] || strchr(ear, '/')) {
    return SHED_OK;
  }
  if (snprintf(to, sizeof(to), "%s/heard/%s.%s.bin", o->folder, sha256->text, ear) >= (int)sizeof(to)) {
    return shed_fail(o->err, SHED_E_RANGE, o->folder, "the path is too long");
  }
  shed_status st = shed_store_read_heard(o->s, sha256, ear, &data, &n, o->err);
  if (st == SHED_OK) {
    st = shed_file_write_atomic(to, data, n, o->err);
  }
  shed_free(o->s->alloc, data);
  return st;
}

static shed_status
export_files(const outlet *o)
{
  char          path[SHED_STORE_PATH];
  bool          row = true;
  shed_status   st;
  sqlite3_stmt *all;
  for (int i = 0; i < 2; i++) {
    (void)snprintf(path, sizeof(path), "%s/%s", o->folder, i ? "heard" : "takes");
    if ((st = shed_folder_make(path, o->err)) != SHED_OK) {
      return st;
    }
  }
  st  = SHED_OK;
  all = shed_db_get(&o->s->db, o->student ? SHED_SQL_TAKE_SOUNDS_OF : SHED_SQL_TAKE_SOUNDS);
  shed_db_bind_id(all, 1, o->student);
  while (st == SHED_OK && (st = shed_db_next(&o->s->db, all, &row)) == SHED_OK && row) {
    shed_sha256 sha256 = shed_db_hash(all, 0);
    st                 = export_file(o, &sha256);
    if (st == SHED_OK) {
      st = export_heard(o, &sha256, shed_db_text(all, 1));
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return st;
}

shed_status
shed_store_export(shed_store *s, const shed_uuid *student, const char *folder, shed_store_report *report,
                  shed_error *err)
{
  shed_error  why = {.status = SHED_OK};
  outlet      o   = {.s = s, .student = student, .folder = folder, .report = report, .err = err ? err : &why};
  shed_status st;
  *report = (shed_store_report){.events = 0};
  shed_db_forgive(&s->db);
  if (strlen(folder) + 128 >= SHED_STORE_PATH) {
    return shed_fail(err, SHED_E_RANGE, folder, "the path is too long");
  }
  if ((st = check_empty(folder, o.err)) != SHED_OK || (st = export_events(&o)) != SHED_OK ||
      (st = export_people(&o)) != SHED_OK || (st = s->memory ? SHED_OK : export_files(&o)) != SHED_OK) {
    return shed_db_tell(&s->db, st, err);
  }
  return shed_folder_sync(folder, err);
}
