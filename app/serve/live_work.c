// About this file: what a worker does with a listener: its messages into the live session, the session's events into the outbox. On an
// ear's thread the quick things; opening, judging and keeping go to a desk, so that nobody's feedback waits behind them. The task is in one
// pool at a time, which is what keeps two threads from one listener.
#include "app/serve/live_inside.h"
#include "app/serve/routes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MESSAGES_A_RUN = 32, PIECE = 4096, HEARD_EVERY = 5 };
static const int64_t SAY_LATE_NS = 500000000; // of sound not heard yet
static const double  BEHIND_S    = 0.8;       // what waits for the disk, until more sound is taken
static const double  GAP_MOST_S  = 60;

static shed_seat *
live_of(shed_task *task)
{
  return (shed_seat *)(void *)((char *)task - offsetof(shed_seat, task));
}

static shed_json *
event(const char *name)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "event", name);
  return o;
}

void
live_tell_error(shed_seat *l, shed_status st, const shed_error *err)
{
  shed_answer a    = {0};
  shed_json  *json = NULL;
  shed_json  *o    = event("error");
  shed_answer_status(&a, st, err);
  if (shed_json_parse(shed_str_text(&a.body), a.body.len, "error", &json, NULL) == SHED_OK) {
    shed_json_set(o, "error", shed_json_copy(shed_json_get(json, "error")));
  }
  shed_json_free(json);
  shed_answer_free(&a);
  live_tell(l, o, false);
}

static bool
is_taking(const shed_seat *l)
{
  shed_practice_state s = l->practice ? shed_practice_state_of(l->practice) : SHED_PRACTICE_IDLE;
  return s == SHED_PRACTICE_COUNT_IN || s == SHED_PRACTICE_LISTEN || s == SHED_PRACTICE_JUDGE;
}

void
live_drain(shed_seat *l)
{
  shed_practice_event e;
  while (l->practice && shed_practice_poll(l->practice, &e)) {
    bool light = e.kind == SHED_PRACTICE_TELLS_LEVEL || e.kind == SHED_PRACTICE_TELLS_PITCH ||
                 e.kind == SHED_PRACTICE_TELLS_BEAT || e.kind == SHED_PRACTICE_TELLS_POSITION;
    shed_json *o = shed_practice_event_to_json(&e, shed_practice_prompt(l->practice));
    if (e.kind == SHED_PRACTICE_TELLS_RESULT) {
      l->want_keep = !l->kept;
      if (l->cut) {
        shed_json_set_bool(o, "cut", true);
      }
    }
    if (e.kind == SHED_PRACTICE_TELLS_RESULT || e.kind == SHED_PRACTICE_TELLS_MESSAGE) {
      shed_messages_tell(o);
    }
    if (l->stream) {
      live_card_event(l, &e);
    }
    live_tell(l, o, light);
  }
}

// -- sound -------------------------------------------------------------------------------------------------------------

static shed_status
hear(shed_seat *l, const shed_seat_sound *s, shed_error *err)
{
  float    x[PIECE];
  size_t   from = l->any && s->at_frame < l->next_frame ? (size_t)(l->next_frame - s->at_frame) : 0;
  uint64_t gap  = l->any && s->at_frame > l->next_frame ? s->at_frame - l->next_frame : 0;
  if ((double)gap > GAP_MOST_S * l->rate_hz) {
    return shed_fail(err, SHED_E_FORMAT, "sound",
                     "a minute and more is missing before frame %llu: open again",
                     (unsigned long long)s->at_frame);
  }
  l->missing += gap;
  while (from < s->n) {
    size_t              n     = s->n - from < PIECE ? s->n - from : PIECE;
    shed_practice_sound where = {.at_frame = s->at_frame + from, .missing = gap};
    shed_seat_sound_copy(s, from, n, x);
    if (l->checking) {
      live_check_sound(l, where.at_frame, x, n);
    }
    shed_status st = shed_practice_push(l->practice, &where, x, NULL, n, err);
    if (st != SHED_OK) {
      return st;
    }
    from += n;
    gap           = 0;
    l->any        = true;
    l->next_frame = where.at_frame + n;
  }
  return SHED_OK;
}

static void
take_sound_of(shed_seat *l, const live_message *m)
{
  shed_seat_sound s;
  shed_error      err = {0};
  if (m->kind == LIVE_CARD || l->stream) { // with the card, sound of a page is nobody's
    shed_status heard = m->kind == LIVE_CARD && l->practice ? live_card_hear(l, m, &err) : SHED_OK;
    if (heard != SHED_OK) {
      live_tell_error(l, heard, &err);
    }
    return;
  }
  shed_status st = shed_seat_sound_read(m->data, m->n, &s, &err);
  if (st == SHED_OK && !l->practice) {
    return; // what comes before the item is asked for is nobody's
  }
  if (st == SHED_OK && s.rate_hz != l->rate_hz) {
    st = shed_fail(&err, SHED_E_FORMAT, "sound", "has a rate of %d Hz, open said %d", s.rate_hz, l->rate_hz);
  }
  if (st == SHED_OK) {
    st = hear(l, &s, &err);
  }
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
  }
}

static int64_t
now_ns(const shed_seat *l)
{
  const shed_clock *c = l->lives->room->clock;
  return c->mono_ns(c->ctx);
}

// What this thread has had of a processor.
static int64_t
processor_ns(void)
{
  struct timespec t = {0};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

// Said once a take.
static void
say_late(shed_seat *l, int64_t age_ns)
{
  if (l->said_late || age_ns < SAY_LATE_NS || !is_taking(l) ||
      shed_hearing_behind_ns(&l->lives->room->hearing) == 0) {
    return;
  }
  shed_message m = shed_message_of(SHED_MSG_live_late);
  shed_message_num(&m, "seconds", (double)age_ns / 1e9, 1);
  shed_practice_event e = {.kind     = SHED_PRACTICE_TELLS_MESSAGE,
                           .at_s     = (double)l->next_frame / l->rate_hz,
                           .at_frame = l->next_frame,
                           .u        = {.message = m}};
  shed_json          *o = shed_practice_event_to_json(&e, NULL);
  shed_messages_tell(o);
  live_tell(l, o, false);
  l->said_late = true;
}

static void
take_sound(shed_seat *l, const live_message *m)
{
  shed_hearing  *h     = &l->lives->room->hearing;
  const uint64_t from  = l->next_frame;
  const int64_t  begin = processor_ns();
  take_sound_of(l, m);
  if (l->any && l->rate_hz > 0 && l->next_frame > from && from > 0) {
    shed_hearing_took(h, processor_ns() - begin,
                      (int64_t)((double)(l->next_frame - from) * 1e9 / l->rate_hz));
    say_late(l, now_ns(l) - m->at_ns);
  }
}

// -- texts -------------------------------------------------------------------------------------------------------------

static void
tell_place(shed_seat *l, const char *name)
{
  shed_json *o = event(name);
  shed_json_set_int(o, "next_frame", (int64_t)l->next_frame);
  shed_json_set_int(o, "missing", (int64_t)l->missing);
  if (strcmp(name, "resumed") == 0) {
    shed_json_set_str(o, "take", l->token);
    shed_json_set_str(
        o, "state",
        shed_practice_state_name(l->practice ? shed_practice_state_of(l->practice) : SHED_PRACTICE_IDLE));
    shed_json_set(o, "asked", l->asked ? shed_json_copy(l->asked) : shed_json_null());
  }
  live_tell(l, o, strcmp(name, "heard") == 0);
}

// What makes files or lets go of them: a disk may take its time.
static bool
touches_disk(shed_practice_command_kind kind)
{
  return kind == SHED_PRACTICE_DO_START || kind == SHED_PRACTICE_DO_RESTART ||
         kind == SHED_PRACTICE_DO_CANCEL || kind == SHED_PRACTICE_DO_STOP;
}

static shed_status
carry_out(shed_seat *l, const shed_practice_command *c, shed_error *err)
{
  const shed_status st = shed_practice_do(l->practice, c, err);
  if (st != SHED_OK) {
    return st;
  }
  if (c->kind == SHED_PRACTICE_DO_START || c->kind == SHED_PRACTICE_DO_RESTART) {
    l->judged = l->kept = l->want_keep = l->cut = l->said_late = false;
  }
  l->want_reflect = l->want_reflect || (c->kind == SHED_PRACTICE_DO_AFTER && l->kept);
  return SHED_OK;
}

static shed_status
command(shed_seat *l, const shed_json *v, shed_error *err)
{
  shed_practice_command c;
  shed_status           st = shed_practice_command_from_json(v, &c, err);
  if (st == SHED_OK && (!l->practice || l->checking)) {
    return shed_fail(err, SHED_E_STATE, "do", "nothing is asked yet: open an item first");
  }
  if (st == SHED_OK && c.kind == SHED_PRACTICE_DO_COUNTS && c.on && l->practice_only) {
    return shed_fail(err, SHED_E_STATE, "do",
                     "this is practice: a loop, another tempo or a unit that is not open yet never counts");
  }
  if (st == SHED_OK && touches_disk(c.kind)) {
    l->doing   = c;
    l->want_do = true;
    return SHED_OK;
  }
  return st == SHED_OK ? carry_out(l, &c, err) : st;
}

static void
take_text(shed_seat *l, const live_message *m)
{
  shed_json  *v    = NULL;
  shed_error  err  = {0};
  const char *what = NULL;
  shed_status st   = shed_json_parse((const char *)m->data, m->n, "message", &v, &err);
  l->stuck         = false;
  if (st == SHED_OK && (st = shed_json_read_str(v, "do", false, 32, &what, &err)) == SHED_OK) {
    if (strcmp(what, "open") == 0 || strcmp(what, "check") == 0) {
      l->opening = v;
      return;
    }
    if (strcmp(what, "probe") == 0) {
      st = live_probe_from(l, v, &err);
    } else if (strcmp(what, "ping") == 0) {
      shed_json *o = event("pong");
      shed_json_set_real(o, "t", shed_json_number(shed_json_get(v, "t"), 0), 3);
      live_tell(l, o, false);
    } else {
      st = command(l, v, &err);
    }
  }
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
  }
  shed_json_free(v);
}

// -- runs --------------------------------------------------------------------------------------------------------------

// What a desk has to do; until then nothing else is done.
static bool
needs_desk(const shed_seat *l)
{
  return l->opening || l->want_do || l->want_tick || l->want_keep || l->want_reflect || l->want_cue ||
         (l->practice && !l->stuck && shed_practice_due(l->practice));
}

static void
to_ears(shed_seat *l)
{
  l->task.run = live_run_ear;
  shed_pool_put_always(l->lives->room->ears, &l->task);
}

// Who waits to play goes before what waits to be judged, kept or read.
static void
to_desks(shed_seat *l)
{
  l->task.run = live_run_desk;
  if (l->want_do || l->want_tick) {
    shed_pool_put_first(l->lives->room->desks, &l->task);
  } else {
    shed_pool_put_always(l->lives->room->desks, &l->task);
  }
}

// Everything is done for now: other messages may have come meanwhile.
static void
rest(shed_seat *l, bool behind)
{
  shed_seats *lives = l->lives;
  (void)pthread_mutex_lock(&l->mutex);
  l->taking = is_taking(l);
  if (l->gone && !l->in.first && !needs_desk(l)) {
    l->over = true;
    l->gone = false;
  }
  bool more    = l->in.first != NULL && !behind && !l->over;
  bool waits   = l->out.first != NULL;
  l->scheduled = more;
  l->away      = false;
  l->back_ns   = now_ns(l);
  if (more) {
    to_ears(l);
  }
  (void)pthread_mutex_unlock(&l->mutex);
  if (waits) { // the listener is not looked at any more: it may be freed
    live_wake(lives);
  }
}

// Nobody comes back: a take that is being played is over.
static void
end_take(shed_seat *l)
{
  shed_error err = {0};
  if (l->practice && is_taking(l) && !l->judged) {
    l->cut = l->practice_only = true;
    if (shed_practice_end(l->practice, &err) != SHED_OK) {
      shed_logf(l->lives->room->log, SHED_LOG_WARNING, "a take that was cut off: %s", err.what);
    }
  }
}

static void
by_the_clock(shed_seat *l)
{
  if (l->practice && !l->cut && shed_practice_tick_begins(l->practice)) {
    l->want_tick = true;
  } else if (l->practice && !l->cut) {
    shed_practice_tick(l->practice);
    if (l->any && !l->stream && ++l->heard_ticks >= HEARD_EVERY) {
      l->heard_ticks = 0;
      tell_place(l, "heard");
    }
  }
}

// How long its sound has waited for this turn.
static void
tell_turn(shed_seat *l)
{
  const int64_t now   = now_ns(l);
  int64_t       since = now;
  (void)pthread_mutex_lock(&l->mutex);
  const bool sound = l->in.first && l->in.first->kind != LIVE_TEXT;
  if (sound) {
    since = l->in.first->at_ns > l->back_ns ? l->in.first->at_ns : l->back_ns;
  }
  (void)pthread_mutex_unlock(&l->mutex);
  if (sound && l->practice) {
    shed_hearing_heard(&l->lives->room->hearing, now - since, now);
  }
}

void
live_run_ear(shed_task *task, void *own)
{
  shed_seat *l = live_of(task);
  (void)own;
  (void)pthread_mutex_lock(&l->mutex);
  bool ticked  = l->ticked;
  bool resumed = l->resumed;
  bool gone    = l->gone;
  l->ticked = l->resumed = false;
  (void)pthread_mutex_unlock(&l->mutex);
  if (resumed) {
    tell_place(l, "resumed");
  }
  tell_turn(l);
  bool behind = false;
  for (int i = 0; i < MESSAGES_A_RUN && !needs_desk(l) && !behind; i++) {
    (void)pthread_mutex_lock(&l->mutex);
    live_message *m = live_pop(&l->in);
    (void)pthread_mutex_unlock(&l->mutex);
    if (!m) {
      break;
    }
    if (m->kind == LIVE_TEXT) {
      take_text(l, m);
    } else {
      take_sound(l, m);
    }
    shed_free(l->lives->room->alloc, m);
    live_drain(l);
    behind = l->practice && shed_practice_behind_s(l->practice) > BEHIND_S;
  }
  if (ticked) {
    by_the_clock(l);
  }
  (void)pthread_mutex_lock(&l->mutex);
  bool all = !l->in.first;
  (void)pthread_mutex_unlock(&l->mutex);
  if (gone && all) {
    end_take(l);
  }
  live_drain(l);
  if (needs_desk(l)) {
    shed_seats *lives = l->lives;
    bool        waits = atomic_load_explicit(&l->waits, memory_order_relaxed);
    (void)pthread_mutex_lock(&l->mutex);
    l->away = true;
    (void)pthread_mutex_unlock(&l->mutex);
    to_desks(l);
    if (waits) {
      live_wake(lives);
    }
    return;
  }
  rest(l, behind);
}

static void
judge(shed_seat *l)
{
  shed_error  err = {0};
  shed_status st  = shed_practice_judge(l->practice, &err);
  l->judged       = st == SHED_OK;
  l->stuck        = st != SHED_OK; // a full disk: tried again with the player's next word; nothing is lost
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
  }
  live_drain(l);
}

static void
keep(shed_seat *l, shed_store *store)
{
  shed_error           err = {0};
  shed_uuid            id  = {{0}};
  shed_session_keeping how = {.student = l->who.person, .practice = l->practice_only};
  shed_status          st  = shed_practice_keep(l->practice, store, &how, &id, &err);
  l->want_keep             = false;
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
    shed_logf(l->lives->room->log, SHED_LOG_ERROR, "a take could not be kept: %s: %s", err.where, err.what);
    return;
  }
  shed_json *o = event("kept");
  shed_json_set_str(o, "id", id.text);
  shed_json_set_bool(o, "counted", shed_practice_counts(l->practice) && !l->practice_only);
  if (l->cut) {
    shed_json_set_bool(o, "cut", true);
  }
  l->kept = true;
  live_tell(l, o, false);
}

// What the player thinks of the take afterwards.
static void
reflect(shed_seat *l, shed_store *store)
{
  shed_error  err = {0};
  shed_status st  = shed_practice_reflect(l->practice, store, &err);
  l->want_reflect = false;
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
  }
}

// What begins or ends a take.
static void
do_at_desk(shed_seat *l)
{
  shed_error err = {0};
  if (l->want_tick && l->practice) {
    shed_practice_tick(l->practice);
  }
  if (l->want_do && carry_out(l, &l->doing, &err) != SHED_OK) {
    live_tell_error(l, err.status, &err);
  }
  l->want_tick = l->want_do = false;
  live_drain(l);
  live_wake(l->lives);
}

void
live_run_desk(shed_task *task, void *own)
{
  shed_seat *l = live_of(task);
  if (l->opening) {
    live_open(l, own);
    live_drain(l);
  }
  if (l->want_do || l->want_tick) {
    do_at_desk(l);
  }
  if (l->want_cue) {
    live_card_model(l);
  }
  if (l->practice && !l->stuck && shed_practice_due(l->practice)) {
    judge(l);
    live_wake(l->lives); // the player has the verdict while the store's disk is waited for
  }
  // who was cut off rates nothing any more
  if (l->want_keep || (l->cut && l->judged && !l->kept)) {
    keep(l, own);
  }
  if (l->want_reflect) {
    reflect(l, own);
  }
  rest(l, false);
}
