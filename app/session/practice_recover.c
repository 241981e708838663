// About this file: takes that a crash cut off: made whole, judged, kept as practice. A take that somebody still records is known by the lock
// on what lies beside it.
#include "app/session/practice.h"
#include "app/session/practice_disk.h"
#include "engine/audio/recorder.h"
#include "engine/base/file.h"
#include "engine/take/keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { NOTES_MOST = 64 << 20 };

// One of them; owned but for what it was found by.
typedef struct {
  const shed_alloc *alloc;
  shed_store       *store;
  char              notes[PATH_MAX], sound[PATH_MAX];
  int               fd;
  shed_json        *json;
  shed_prompt       prompt;
  shed_policy       policy;
  shed_uuid         student;
  const char       *course, *unit, *device;
  int64_t           performed_at_ms, utc_offset_min;
} left;

static void
left_free(left *l)
{
  shed_prompt_free(&l->prompt);
  shed_json_free(l->json);
  if (l->fd >= 0) {
    (void)close(l->fd);
  }
}

static void
remove_all(const left *l)
{
  char part[PATH_MAX + 8];
  (void)snprintf(part, sizeof(part), "%s.part", l->sound);
  (void)unlink(part);
  (void)unlink(l->sound);
  (void)unlink(l->notes);
}

// @return false: somebody records it.
static bool
lock(left *l)
{
  l->fd = open(l->notes, O_RDONLY | O_CLOEXEC);
  return l->fd >= 0 && flock(l->fd, LOCK_EX | LOCK_NB) == 0;
}

static shed_status
read_notes(left *l, const char *folder, shed_error *err)
{
  char       *data  = NULL;
  size_t      n     = 0;
  const char *sound = "", *student = "", *schema = "";
  shed_status st = shed_file_read(l->notes, NOTES_MOST, l->alloc, &data, &n, err);
  if (st != SHED_OK) {
    return st;
  }
  l->course = l->unit = l->device = "";
  if ((st = shed_json_parse(data, n, l->notes, &l->json, err)) == SHED_OK &&
      (st = shed_json_read_str(l->json, "schema", false, 64, &schema, err)) == SHED_OK &&
      (st = shed_json_read_str(l->json, "sound", false, 120, &sound, err)) == SHED_OK &&
      (st = shed_json_read_str(l->json, "student", true, 64, &student, err)) == SHED_OK &&
      (st = shed_json_read_str(l->json, "course", true, SHED_ID, &l->course, err)) == SHED_OK &&
      (st = shed_json_read_str(l->json, "unit", true, SHED_ID, &l->unit, err)) == SHED_OK &&
      (st = shed_json_read_str(l->json, "device", true, 400, &l->device, err)) == SHED_OK &&
      (st = shed_json_read_int(l->json, "performed_at_ms", false, 0, INT64_MAX, &l->performed_at_ms, err)) ==
          SHED_OK &&
      (st = shed_json_read_int(l->json, "utc_offset_min", false, -1440, 1440, &l->utc_offset_min, err)) ==
          SHED_OK &&
      (st = shed_prompt_from_json(shed_json_get(l->json, "prompt"), l->alloc, &l->prompt, err)) == SHED_OK) {
    st = shed_policy_from_json(shed_json_get(l->json, "policy"), &l->policy, err);
  }
  if (st == SHED_OK && (strcmp(schema, PRACTICE_SCHEMA) != 0 || strchr(sound, '/') ||
                        strncmp(sound, PRACTICE_PREFIX, strlen(PRACTICE_PREFIX)) != 0)) {
    st = shed_fail(err, SHED_E_FORMAT, l->notes, "is of another kind");
  }
  if (st == SHED_OK && student[0]) {
    st = shed_uuid_parse(student, &l->student);
  }
  (void)snprintf(l->sound, sizeof(l->sound), "%.*s/%s", PATH_MAX - 130, folder, sound);
  shed_free(l->alloc, data);
  return st;
}

static void
tell(const left *l, double seconds, const shed_uuid *event, shed_message_code code,
     shed_practice_left_told *told, void *ctx)
{
  shed_practice_left what = {.student = l->student,
                             .title   = l->prompt.title,
                             .seconds = seconds,
                             .kept    = event != NULL,
                             .message = shed_message_of(code)};
  if (event) {
    what.event = *event;
  }
  if (code == SHED_MSG_practice_recovered) {
    shed_message_num(&what.message, "seconds", seconds, 0);
  }
  if (told) {
    told(ctx, &what);
  }
}

// Heard, judged and kept; never counted: nobody gains or loses a gate by a crash.
static shed_status
keep(left *l, double *seconds, shed_uuid *event, shed_error *err)
{
  shed_session        *s      = NULL;
  shed_session_keeping k      = {.student         = l->student,
                                 .course          = l->course[0] ? l->course : NULL,
                                 .unit            = l->unit[0] ? l->unit : NULL,
                                 .device          = l->device[0] ? l->device : NULL,
                                 .performed_at_ms = l->performed_at_ms,
                                 .utc_offset_min  = (int)l->utc_offset_min};
  const char          *ending = strrchr(l->sound, '.');
  shed_status          st     = shed_session_new(&s, NULL, l->alloc);
  if (st == SHED_OK && (st = shed_session_ready(s, &l->prompt, &l->policy)) == SHED_OK &&
      (st = shed_session_hear_file(s, l->sound, NULL, NULL, err)) == SHED_OK &&
      (st = shed_session_judge(s, err)) == SHED_OK) {
    *seconds = shed_session_take(s)->duration_s;
    st       = practice_store(s, l->store, l->sound, ending ? ending : ".flac", &k, event, err);
  }
  shed_session_free(s);
  return st;
}

// A keyboard's: what it wrote before it was cut off becomes a whole file.
static shed_status
recover_keys(const left *l, shed_error *err)
{
  char           part[PATH_MAX + 8];
  char          *data  = NULL;
  unsigned char *whole = NULL;
  size_t         n = 0, whole_n = 0;
  double         seconds = 0;
  (void)snprintf(part, sizeof(part), "%s.part", l->sound);
  shed_status st = shed_file_read(part, NOTES_MOST, l->alloc, &data, &n, err);
  if (st != SHED_OK) {
    return st;
  }
  st = shed_keys_recover((const unsigned char *)data, n, l->alloc, &whole, &whole_n, &seconds);
  st = st == SHED_OK ? shed_file_write_atomic(l->sound, (const char *)whole, whole_n, err)
                     : shed_fail(err, st, part, "%s", shed_status_text(st));
  if (st == SHED_OK) {
    (void)unlink(part);
  }
  shed_free(l->alloc, whole);
  shed_free(l->alloc, data);
  return st;
}

static shed_status
recover_sound(const left *l, shed_error *err)
{
  uint64_t    frames = 0;
  const char *ending = strrchr(l->sound, '.');
  return ending && strcmp(ending, ".mid") == 0 ? recover_keys(l, err)
                                               : shed_recorder_recover(l->sound, l->alloc, &frames, err);
}

static bool
try_later(shed_status st)
{
  return st == SHED_E_NOSPACE || st == SHED_E_IO || st == SHED_E_BUSY || st == SHED_E_NOMEM;
}

static shed_status
recover_one(left *l, const char *folder, shed_practice_left_told *told, void *ctx, shed_error *err)
{
  double      seconds = 0;
  shed_uuid   event;
  shed_status st = read_notes(l, folder, err);
  if (st != SHED_OK) {
    return try_later(st) ? st : SHED_OK; // not ours: left alone
  }
  if (!shed_file_exists(l->sound) && (st = recover_sound(l, err)) != SHED_OK) {
    if (try_later(st)) {
      return st;
    }
    tell(l, 0, NULL, SHED_MSG_practice_not_recovered, told, ctx);
    remove_all(l);
    return SHED_OK;
  }
  if (!l->student.text[0]) {
    tell(l, 0, NULL, SHED_MSG_practice_recovered, told, ctx);
    return SHED_OK;
  }
  char title[SHED_TITLE];
  memcpy(title, l->prompt.title, sizeof(title)); // the session takes the prompt
  st = keep(l, &seconds, &event, err);
  memcpy(l->prompt.title, title, sizeof(title));
  if (try_later(st)) {
    return st;
  }
  tell(l, seconds, st == SHED_OK ? &event : NULL,
       st == SHED_OK || seconds > 0 ? SHED_MSG_practice_recovered : SHED_MSG_practice_not_recovered, told,
       ctx);
  if (st == SHED_OK) {
    remove_all(l);
  }
  return SHED_OK;
}

shed_status
shed_practice_recover(const char *folder, shed_store *store, const shed_alloc *alloc,
                      shed_practice_left_told *told, void *ctx, shed_error *err)
{
  const size_t ending = strlen(PRACTICE_NOTES);
  shed_status  st     = SHED_OK;
  DIR         *dir    = opendir(folder);
  if (!dir) {
    return errno == ENOENT ? SHED_OK : shed_fail(err, SHED_E_IO, folder, "%s", strerror(errno));
  }
  for (struct dirent *d = readdir(dir); d && st == SHED_OK; d = readdir(dir)) {
    const size_t n = strlen(d->d_name);
    if (strncmp(d->d_name, PRACTICE_PREFIX, strlen(PRACTICE_PREFIX)) != 0 || n < ending ||
        strcmp(d->d_name + n - ending, PRACTICE_NOTES) != 0) {
      continue;
    }
    left l = {.alloc = alloc, .store = store, .fd = -1};
    (void)snprintf(l.notes, sizeof(l.notes), "%s/%s", folder, d->d_name);
    if (lock(&l)) {
      st = recover_one(&l, folder, told, ctx, err);
    }
    left_free(&l);
  }
  (void)closedir(dir);
  return st;
}
