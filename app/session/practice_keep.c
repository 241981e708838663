// About this file: what of a live session stands on the disk: the recording, and beside it what was asked and of whom, so that a take is
// whole again after a crash; and how a judged take goes into the store.
#include "app/session/practice_internal.h"

#include "app/session/practice_disk.h"
#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

shed_status
practice_folder(shed_practice *p, shed_error *err)
{
  practice_take *t = &p->take;
  if (!p->folder[0]) {
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(p->folder, sizeof(p->folder), "%s/woodshed-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    if (!mkdtemp(p->folder)) {
      const shed_status st = shed_status_of_errno(errno);
      (void)shed_fail(err, st, p->folder, "cannot be made: %s", strerror(errno));
      p->folder[0] = '\0';
      return st;
    }
    p->own_folder = true;
  }
  shed_status st = shed_folder_make(p->folder, err);
  if (st == SHED_OK) {
    const shed_uuid id = shed_uuid_new(p->clock);
    (void)snprintf(t->path, sizeof(t->path), "%.*s/" PRACTICE_PREFIX "%s%s", PATH_MAX - 80, p->folder,
                   id.text, p->keyboard ? ".mid" : ".flac");
    (void)snprintf(t->notes, sizeof(t->notes), "%.*s/" PRACTICE_PREFIX "%s" PRACTICE_NOTES, PATH_MAX - 80,
                   p->folder, id.text);
  }
  return st;
}

// -- beside the recording ----------------------------------------------------------------------------------------------

static shed_json *
notes_json(const shed_practice *p)
{
  const practice_take *t = &p->take;
  shed_json           *o = shed_json_object();
  shed_json_set_str(o, "schema", PRACTICE_SCHEMA);
  shed_json_set_str(o, "sound", strrchr(t->path, '/') + 1);
  if (p->how.student.text[0]) {
    shed_json_set_str(o, "student", p->how.student.text);
  }
  shed_json_set_str(o, "course", p->course);
  shed_json_set_str(o, "unit", p->unit);
  shed_json_set_bool(o, "counts", p->counts);
  shed_json_set_int(o, "performed_at_ms", t->performed_at_ms);
  shed_json_set_int(o, "utc_offset_min", t->utc_offset_min);
  shed_json_set_str(o, "device", p->microphone);
  shed_json_set(o, "prompt", shed_prompt_to_json(shed_session_prompt(p->session)));
  shed_json_set(o, "policy", shed_policy_to_json(shed_session_policy(p->session)));
  return o;
}

shed_status
practice_notes_begin(shed_practice *p, shed_error *err)
{
  practice_take *t    = &p->take;
  shed_json     *o    = notes_json(p);
  shed_str       text = {.alloc = p->alloc};
  shed_json_write(o, SHED_JSON_PRETTY, &text);
  shed_json_free(o);
  shed_status st = text.failed ? shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM))
                               : shed_file_write_soon(t->notes, shed_str_text(&text), text.len, err);
  shed_str_free(&text);
  if (st != SHED_OK) {
    return st;
  }
  t->notes_fd = open(t->notes, O_RDONLY | O_CLOEXEC);
  if (t->notes_fd < 0 || flock(t->notes_fd, LOCK_EX | LOCK_NB) != 0) {
    return shed_fail(err, SHED_E_IO, t->notes, "cannot be locked: %s", strerror(errno));
  }
  if (t->recorder) {
    shed_recorder_along(t->recorder, t->notes_fd);
  }
  return SHED_OK;
}

// -- into the store ----------------------------------------------------------------------------------------------------

static void
set_texts(shed_json *o, const char *const *keys, const char (*texts)[SHED_PRACTICE_TEXT], size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (texts[i][0]) {
      shed_json_set_str(o, keys[i], texts[i]);
    }
  }
}

static shed_json *
marks_json(const practice_wrap *w)
{
  shed_json *marks = shed_json_array();
  for (int i = 0; i < w->n_marks; i++) {
    shed_json *m = shed_json_object();
    shed_json_set_real(m, "at_s", w->marks[i].at_s, 3);
    shed_json_set_int(m, "index", w->marks[i].index);
    shed_json_set_str(m, "text", w->marks[i].text);
    shed_json_add(marks, m);
  }
  return marks;
}

shed_json *
practice_wrap_json(const shed_practice *p)
{
  static const char *const before_keys[] = {"goal", "strategy", "spot"};
  static const char *const after_keys[]  = {"cause", "next"};
  const practice_wrap     *w             = &p->wrap;
  if (!w->before_said && !w->rated_said && !w->after_said && w->n_marks == 0) {
    return NULL;
  }
  shed_json *o = shed_json_object();
  if (w->before_said) {
    shed_json *before = shed_json_object();
    set_texts(before, before_keys, w->before, 3);
    shed_json_set_real(before, "predicted", w->predicted, 4);
    shed_json_set(o, "before", before);
  }
  if (w->n_marks > 0) {
    shed_json_set(o, "marks", marks_json(w));
  }
  if (w->rated_said) {
    shed_json_set_real(o, "rated", w->rated, 4);
  }
  if (w->after_said) {
    shed_json *after = shed_json_object();
    set_texts(after, after_keys, w->after, 2);
    shed_json_set(o, "after", after);
  }
  return o;
}

// The store moves the file away, and removes it when it fails: so it gets a second name of it.
static shed_status
lend(const char *path, char *lent, size_t size, shed_error *err)
{
  (void)snprintf(lent, size, "%.*s" PRACTICE_LENT, PATH_MAX - 16, path);
  (void)unlink(lent);
  if (link(path, lent) != 0) {
    return shed_fail(err, shed_status_of_errno(errno), lent, "cannot be made: %s", strerror(errno));
  }
  return SHED_OK;
}

shed_status
practice_store(shed_session *session, shed_store *store, const char *path, const char *ending,
               shed_session_keeping *k, shed_uuid *event, shed_error *err)
{
  char        lent[PATH_MAX];
  shed_status st = lend(path, lent, sizeof(lent), err);
  if (st != SHED_OK) {
    return st;
  }
  k->store  = store;
  k->sound  = lent;
  k->ending = ending;
  st        = shed_session_keep(session, k, event, err);
  k->sound  = NULL;
  (void)unlink(lent); // gone already, where it was moved away
  return st;
}

shed_status
shed_practice_keep(shed_practice *p, shed_store *store, const shed_session_keeping *how, shed_uuid *event,
                   shed_error *err)
{
  practice_take       *t = &p->take;
  shed_session_keeping k = *how;
  if (!p->judged || p->kept || p->own_folder) {
    return shed_fail(err, SHED_E_STATE, NULL, "%s",
                     p->own_folder ? "a session without a folder keeps nothing"
                                   : "there is no judged take to be kept");
  }
  k.student         = k.student.text[0] ? k.student : p->how.student;
  k.course          = k.course ? k.course : (p->course[0] ? p->course : NULL);
  k.unit            = k.unit ? k.unit : (p->unit[0] ? p->unit : NULL);
  k.device          = k.device ? k.device : (p->microphone[0] ? p->microphone : NULL);
  k.utc_offset_min  = k.performed_at_ms ? k.utc_offset_min : t->utc_offset_min;
  k.performed_at_ms = k.performed_at_ms ? k.performed_at_ms : t->performed_at_ms;
  shed_uuid  as;
  shed_json *wrap = practice_wrap_json(p);
  k.wrap          = k.wrap ? k.wrap : wrap;
  shed_status st  = practice_store(p->session, store, t->path, p->keyboard ? ".mid" : ".flac", &k, &as, err);
  shed_json_free(wrap);
  p->kept = st == SHED_OK;
  if (p->kept) {
    p->kept_as = as;
  }
  if (p->kept && event) {
    *event = as;
  }
  p->keep_failed = st != SHED_OK;
  if (st == SHED_OK) {
    practice_take_drop(p);
  }
  return st;
}

shed_status
shed_practice_reflect(shed_practice *p, shed_store *store, shed_error *err)
{
  if (!p->kept || !p->wrap.after_said) {
    return shed_fail(err, SHED_E_STATE, NULL, "nothing was %s", p->kept ? "said of this take" : "kept");
  }
  return shed_store_reflect_take(store, NULL, &p->kept_as, p->wrap.after[0], p->wrap.after[1], err);
}
