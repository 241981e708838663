// About this file: keys instead of sound. What is played stands on the disk a moment later, as far as it is: a few bytes a key are
// handed to the kernel with every push, and nobody waits for the disk itself.
#include "app/session/practice_internal.h"

#include "engine/base/file.h"
#include "engine/take/given.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double UNHEARD_SAY_S = 6; // without a key since the music began

shed_status
practice_keyboard_begin(shed_practice *p, shed_error *err)
{
  practice_take     *t      = &p->take;
  const shed_prompt *prompt = shed_session_prompt(p->session);
  shed_status        st     = shed_keys_new(&t->keys, p->alloc);
  if (st != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  if (practice_follows(p)) {
    st = shed_follow_keys_new(&t->follow_keys, prompt, prompt->a_click ? prompt->click_start_s : (double)NAN,
                              p->alloc, err);
    if (st != SHED_OK && st != SHED_E_RANGE && st != SHED_E_LIMIT) {
      return st;
    }
    if (st != SHED_OK) {
      practice_say_code(p, SHED_MSG_practice_not_followed);
    }
  }
  char part[PATH_MAX + 8];
  (void)snprintf(part, sizeof(part), "%s.part", t->path);
  t->keys_fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return t->keys_fd >= 0
             ? SHED_OK
             : shed_fail(err, shed_status_of_errno(errno), part, "cannot be made: %s", strerror(errno));
}

// What a full disk does not take now is tried again with the next push.
static void
write_on(shed_practice *p)
{
  practice_take       *t   = &p->take;
  size_t               n   = 0;
  const unsigned char *all = t->keys ? shed_keys_so_far(t->keys, &n) : NULL;
  while (t->keys_fd >= 0 && all && t->keys_written < n) {
    const ssize_t some = write(t->keys_fd, all + t->keys_written, n - t->keys_written);
    if (some < 0 && errno == EINTR) {
      continue;
    }
    if (some <= 0) {
      shed_message m = shed_message_of(SHED_MSG_sound_disk_full);
      practice_say_once(p, PRACTICE_SAID_DISK, &m);
      return;
    }
    t->keys_written += (size_t)some;
  }
}

void
practice_keyboard_on(shed_practice *p)
{
  practice_take *t = &p->take;
  if (!t->on || !t->keys) {
    return;
  }
  write_on(p);
  if (t->follow_keys) {
    shed_follow_keys_tick(t->follow_keys, practice_seconds(p, t->n));
    practice_take_followed(p);
  }
  if (isnan(t->sounded_s) && p->now > t->music_frame &&
      practice_seconds(p, p->now - t->music_frame) > UNHEARD_SAY_S) {
    shed_message m = shed_message_of(SHED_MSG_keys_not_heard);
    shed_message_str(&m, "keyboard", p->microphone[0] ? p->microphone : "your keyboard");
    practice_say_once(p, PRACTICE_SAID_NOTHING, &m);
  }
}

shed_status
shed_practice_key(shed_practice *p, uint64_t at_frame, uint8_t status, uint8_t data1, uint8_t data2,
                  shed_error *err)
{
  practice_take *t = &p->take;
  if (!p->keyboard) {
    return shed_fail(err, SHED_E_STATE, NULL, "this session hears a microphone, no keyboard");
  }
  if (!t->on || at_frame < t->from) {
    return SHED_OK;
  }
  const size_t struck = shed_keys_struck(t->keys);
  const double at_s   = practice_seconds(p, at_frame - t->from);
  shed_status  st     = shed_keys_push(t->keys, at_s, status, data1, data2);
  if (st != SHED_OK) {
    return shed_fail(err, st, "key", "%d %d %d: %s", status, data1, data2, shed_status_text(st));
  }
  if (shed_keys_struck(t->keys) > struck && t->follow_keys) {
    shed_follow_keys_push(t->follow_keys, at_s, data1);
    practice_take_followed(p);
  }
  t->onsets += shed_keys_struck(t->keys) - struck;
  t->sounded_s = at_s;
  return SHED_OK;
}

shed_status
shed_practice_keys_lost(shed_practice *p, uint64_t from_frame, uint64_t to_frame, shed_error *err)
{
  practice_take *t = &p->take;
  if (!p->keyboard || to_frame < from_frame) {
    return shed_fail(err, SHED_E_RANGE, "keys", "nothing can be lost there");
  }
  if (!t->on || to_frame <= t->from) {
    return SHED_OK;
  }
  const double from_s = from_frame > t->from ? practice_seconds(p, from_frame - t->from) : 0;
  const double to_s   = practice_seconds(p, to_frame - t->from);
  shed_status  st     = shed_keys_lost(t->keys, to_s);
  if (st != SHED_OK) {
    return shed_fail(err, st, "keys", "%s", shed_status_text(st));
  }
  if (t->n_keys_gaps == PRACTICE_KEYS_GAPS) { // the last grows
    t->keys_gaps[PRACTICE_KEYS_GAPS - 1].end_s = (float)to_s;
  } else {
    t->keys_gaps[t->n_keys_gaps++] = (shed_take_gap){(float)from_s, (float)to_s};
  }
  practice_say_code(p, SHED_MSG_keys_lost);
  return SHED_OK;
}

static shed_status
add_gaps(const shed_practice *p, shed_take *take)
{
  const practice_take *t  = &p->take;
  double               ms = 0;
  if (t->n_keys_gaps == 0) {
    return SHED_OK;
  }
  take->gaps = shed_calloc(p->alloc, (size_t)t->n_keys_gaps, sizeof(*take->gaps));
  if (!take->gaps) {
    return SHED_E_NOMEM;
  }
  for (int i = 0; i < t->n_keys_gaps; i++) {
    take->gaps[take->n_gaps++] = t->keys_gaps[i];
    ms += 1000 * (double)(t->keys_gaps[i].end_s - t->keys_gaps[i].start_s);
  }
  shed_message m = shed_message_of(SHED_MSG_keys_gaps);
  shed_message_num(&m, "n", t->n_keys_gaps, 0);
  shed_message_num(&m, "ms", ms, 0);
  shed_take_warn(take, m);
  return SHED_OK;
}

// Once: the file has its end then, and is kept until the disk has it.
static shed_status
finish_keys(shed_practice *p, shed_error *err)
{
  practice_take *t = &p->take;
  if (t->follow_keys && !t->heard_out) {
    shed_follow_keys_finish(t->follow_keys);
    practice_take_followed(p);
    t->heard_out = true;
  }
  shed_status st =
      t->keys_bytes ? SHED_OK
                    : shed_keys_finish(t->keys, practice_seconds(p, t->n), &t->keys_bytes, &t->n_keys_bytes);
  return st == SHED_OK ? st : shed_fail(err, st, NULL, "%s", shed_status_text(st));
}

shed_status
practice_keyboard_take(shed_practice *p, shed_take *take, shed_error *err)
{
  practice_take *t  = &p->take;
  shed_status    st = finish_keys(p, err);
  if (st != SHED_OK ||
      (st = shed_file_write_atomic(t->path, (const char *)t->keys_bytes, t->n_keys_bytes, err)) != SHED_OK) {
    return st;
  }
  char part[PATH_MAX + 8];
  (void)snprintf(part, sizeof(part), "%s.part", t->path);
  (void)unlink(part);
  st = shed_given_parse((const char *)t->keys_bytes, t->n_keys_bytes, t->path, p->alloc, take, err);
  if (st == SHED_OK && (st = add_gaps(p, take)) != SHED_OK) {
    shed_take_free(take);
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  return st;
}

void
practice_keyboard_release(shed_practice *p)
{
  practice_take *t = &p->take;
  shed_keys_free(t->keys);
  shed_follow_keys_free(t->follow_keys);
  shed_free(p->alloc, t->keys_bytes);
  if (t->keys_fd >= 0) {
    (void)close(t->keys_fd);
  }
}
