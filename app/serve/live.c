// About this file: listeners as the event loop sees them: made, found again, fed, emptied, timed out. Nothing here computes.
#include "app/serve/live.h"

#include "app/serve/live_inside.h"
#include "app/serve/secret.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IN_MESSAGES = 1024 };
#define IN_BYTES   ((size_t)4 << 20)  // twenty seconds of 48 kHz float sound, sent again after a cut
#define OUT_LIGHT  ((size_t)64 << 10) // beyond it levels and pitches are left out
#define OUT_BYTES  ((size_t)4 << 20)
#define SECOND_NS  INT64_C(1000000000)
#define WAIT_NS    (20 * SECOND_NS)  // for who was cut off
#define SILENCE_NS (15 * SECOND_NS)  // in mid-take, until a socket counts as cut
#define STALL_NS   (15 * SECOND_NS)  // with something to read
#define LATE_NS    (600 * SECOND_NS) // for who comes to hear the result
#define STARVED_NS (10 * SECOND_NS)  // who fills the inbox by playing takes at least so long

const char *
shed_seat_bye_code(shed_seat_bye why)
{
  static const char *const codes[] = {"", "too_fast", "late", "stalled", "silent", "signed_out"};
  return codes[why];
}

void
shed_seat_bye_text(shed_seat_bye why, shed_str *out)
{
  static const shed_message_code texts[] = {[SHED_SEAT_TOO_FAST]   = SHED_MSG_bye_too_fast,
                                            [SHED_SEAT_LATE]       = SHED_MSG_bye_late,
                                            [SHED_SEAT_STALLED]    = SHED_MSG_bye_stalled,
                                            [SHED_SEAT_SILENT]     = SHED_MSG_bye_silent,
                                            [SHED_SEAT_SIGNED_OUT] = SHED_MSG_bye_signed_out};
  const shed_message             m       = shed_message_of(texts[why]);
  shed_message_text(&m, out);
}

static int64_t
now_ns(const shed_seats *lives)
{
  return lives->room->clock->mono_ns(lives->room->clock->ctx);
}

// -- queues ------------------------------------------------------------------------------------------------------------

bool
live_push(shed_seat *l, live_queue *q, live_kind kind, const live_part *parts, size_t n_parts)
{
  size_t n = 0;
  for (size_t i = 0; i < n_parts; i++) {
    n += parts[i].n;
  }
  live_message *m = q == &l->in && (q->n >= IN_MESSAGES || q->bytes + n > IN_BYTES)
                        ? NULL
                        : shed_malloc(l->lives->room->alloc, sizeof(*m) + n);
  if (!m) {
    return false;
  }
  m->next  = NULL;
  m->kind  = kind;
  m->n     = n;
  m->at_ns = q == &l->in ? now_ns(l->lives) : 0;
  for (size_t i = 0, at = 0; i < n_parts; at += parts[i++].n) {
    if (parts[i].n > 0) {
      memcpy(m->data + at, parts[i].data, parts[i].n);
    }
  }
  if (q->last) {
    q->last->next = m;
  } else {
    q->first = m;
  }
  q->last = m;
  q->n++;
  q->bytes += n;
  if (q == &l->out) {
    atomic_store_explicit(&l->waits, true, memory_order_release); // matches shed_seats_ready()
  }
  return true;
}

live_message *
live_pop(live_queue *q)
{
  live_message *m = q->first;
  if (m) {
    q->first = m->next;
    q->last  = q->first ? q->last : NULL;
    q->n--;
    q->bytes -= m->n;
  }
  return m;
}

static void
empty(const shed_alloc *alloc, live_queue *q)
{
  for (live_message *m = live_pop(q); m; m = live_pop(q)) {
    shed_free(alloc, m);
  }
}

void
live_tell(shed_seat *l, shed_json *o, bool light)
{
  shed_str text = {.alloc = l->lives->room->alloc};
  shed_json_write(o, SHED_JSON_LINE, &text);
  shed_json_free(o);
  (void)pthread_mutex_lock(&l->mutex);
  if (!text.failed && !(light && (!l->connected || l->out.bytes > OUT_LIGHT)) && l->out.bytes <= OUT_BYTES) {
    (void)live_push(l, &l->out, LIVE_TEXT, &(live_part){shed_str_text(&text), text.len}, 1);
  }
  (void)pthread_mutex_unlock(&l->mutex);
  shed_str_free(&text);
}

void
live_wake(shed_seats *lives)
{
  if (!atomic_exchange(&lives->woken, true)) {
    lives->wake(lives->wake_ctx);
  }
}

void
live_schedule(shed_seat *l)
{
  if (!l->scheduled && !l->over) {
    l->scheduled = true;
    l->task.run  = live_run_ear;
    shed_pool_put_always(l->lives->room->ears, &l->task);
  }
}

// -- life --------------------------------------------------------------------------------------------------------------

shed_status
shed_seats_new(shed_seats **out, shed_room *room, const char *folder, void (*wake)(void *ctx), void *wake_ctx,
               shed_error *err)
{
  shed_seats *lives = shed_calloc(room->alloc, 1, sizeof(*lives));
  if (!lives) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  lives->room       = room;
  lives->wake       = wake;
  lives->wake_ctx   = wake_ctx;
  const long n      = sysconf(_SC_NPROCESSORS_ONLN);
  lives->processors = n > 0 ? (int)n : 1;
  (void)snprintf(lives->folder, sizeof(lives->folder), "%s", folder);
  *out = lives;
  return SHED_OK;
}

static void
free_live(shed_seat *l)
{
  const shed_alloc *alloc = l->lives->room->alloc;
  if (l->lives->room->card) {
    shed_card_release(l->lives->room->card, l);
  }
  shed_practice_free(l->practice);
  shed_json_free(l->opening);
  shed_json_free(l->asked);
  shed_free(alloc, l->check);
  empty(alloc, &l->in);
  empty(alloc, &l->out);
  (void)pthread_mutex_destroy(&l->mutex);
  shed_free(alloc, l);
}

void
shed_seats_end(shed_seats *lives)
{
  if (!lives) {
    return;
  }
  atomic_store(&lives->ending, true);
  for (size_t i = 0; i < lives->n; i++) {
    shed_seat *l = lives->items[i];
    (void)pthread_mutex_lock(&l->mutex);
    l->connected = false;
    l->gone      = true;
    live_schedule(l);
    (void)pthread_mutex_unlock(&l->mutex);
  }
}

void
shed_seats_free(shed_seats *lives)
{
  if (lives) {
    for (size_t i = 0; i < lives->n; i++) {
      free_live(lives->items[i]);
    }
    shed_free(lives->room->alloc, lives);
  }
}

static void
connect_to(shed_seat *l, void *socket)
{
  l->socket   = socket;
  l->heard_ns = l->given_ns = now_ns(l->lives);
  (void)pthread_mutex_lock(&l->mutex);
  l->connected = true;
  if (l->let_in) {
    shed_hearing_back(&l->lives->room->hearing);
  }
  (void)pthread_mutex_unlock(&l->mutex);
  atomic_fetch_add(&l->lives->room->live, 1);
}

shed_seat *
shed_seat_begin(shed_seats *lives, const shed_who *who, void *socket)
{
  int mine = 0;
  for (size_t i = 0; i < lives->n; i++) {
    mine += lives->items[i]->socket && shed_uuid_equal(&lives->items[i]->who.person, &who->person);
  }
  shed_seat *l = lives->n < SHED_SEAT_MOST && mine < SHED_SEAT_OF_ONE
                     ? shed_calloc(lives->room->alloc, 1, sizeof(*l))
                     : NULL;
  if (!l) {
    return NULL;
  }
  unsigned char random[(SHED_SEAT_TOKEN - 1) / 2];
  shed_random_bytes(random, sizeof(random));
  for (size_t i = 0; i < sizeof(random); i++) {
    (void)snprintf(l->token + 2 * i, 3, "%02x", random[i]);
  }
  l->lives     = lives;
  l->who       = *who;
  l->latency_s = (double)NAN;
  (void)pthread_mutex_init(&l->mutex, NULL);
  lives->items[lives->n++] = l;
  connect_to(l, socket);
  return l;
}

void
shed_seat_sits_here(shed_seat *l, bool here)
{
  (void)pthread_mutex_lock(&l->mutex);
  l->here = here;
  (void)pthread_mutex_unlock(&l->mutex);
}

shed_seat *
shed_seat_resume(shed_seats *lives, const shed_who *who, const char *token, void *socket, void **other)
{
  *other = NULL;
  for (size_t i = 0; i < lives->n; i++) {
    shed_seat *l = lives->items[i];
    if (shed_uuid_equal(&l->who.person, &who->person) && shed_secret_equal(l->token, token)) {
      if (l->socket) {
        *other = l->socket;
        shed_seat_leave(lives, l);
      }
      l->who = *who; // the sign-in may be another
      connect_to(l, socket);
      (void)pthread_mutex_lock(&l->mutex);
      l->resumed = true;
      if (l->over) {
        l->over = false; // nothing is played in it any more, but what it said can be told
      }
      live_schedule(l);
      (void)pthread_mutex_unlock(&l->mutex);
      return l;
    }
  }
  return NULL;
}

void
shed_seat_leave(shed_seats *lives, shed_seat *l)
{
  l->socket  = NULL;
  l->left_ns = now_ns(lives);
  (void)pthread_mutex_lock(&l->mutex);
  l->connected = false;
  if (l->let_in) {
    shed_hearing_leave(&l->lives->room->hearing);
  }
  (void)pthread_mutex_unlock(&l->mutex);
  atomic_fetch_sub(&lives->room->live, 1);
}

// -- messages ----------------------------------------------------------------------------------------------------------

// There is no room in the inbox: it was filled too fast, or by nobody's taking anything out of it. The mutex is held.
static shed_seat_bye
why_no_room(const shed_seat *l)
{
  const live_message *oldest = l->in.first;
  return oldest && l->heard_ns - oldest->at_ns >= STARVED_NS ? SHED_SEAT_LATE : SHED_SEAT_TOO_FAST;
}

shed_seat_bye
shed_seat_take(shed_seats *lives, shed_seat *l, bool text, const void *data, size_t n)
{
  shed_seat_bye bye = SHED_SEAT_STAYS;
  l->heard_ns       = now_ns(lives);
  (void)pthread_mutex_lock(&l->mutex);
  if (!live_push(l, &l->in, text ? LIVE_TEXT : LIVE_SOUND, &(live_part){data, n}, 1)) {
    bye = why_no_room(l);
  } else {
    live_schedule(l);
  }
  (void)pthread_mutex_unlock(&l->mutex);
  return bye;
}

bool
shed_seat_give(shed_seat *l, shed_str *out, bool *more)
{
  (void)pthread_mutex_lock(&l->mutex);
  live_message *m = live_pop(&l->out);
  *more           = l->out.first != NULL;
  atomic_store_explicit(&l->waits, *more, memory_order_relaxed);
  (void)pthread_mutex_unlock(&l->mutex);
  if (!m) {
    return false;
  }
  l->given_ns = now_ns(l->lives);
  shed_str_addn(out, (const char *)m->data, m->n);
  shed_free(l->lives->room->alloc, m);
  return true;
}

// -- by the clock ------------------------------------------------------------------------------------------------------

// What the clock says of a listener with a socket.
static shed_seat_bye
look(const shed_seat *l, bool waiting, bool taking, int64_t now)
{
  if (l->out.bytes > OUT_BYTES || (waiting && now - l->given_ns > STALL_NS)) {
    return SHED_SEAT_STALLED;
  }
  return taking && !l->card && now - l->heard_ns > SILENCE_NS ? SHED_SEAT_SILENT : SHED_SEAT_STAYS;
}

// How long the oldest sound of a listener has waited for an ear. The mutex is held.
static int64_t
waits_ns(const shed_seat *l, int64_t now)
{
  const live_message *m = l->in.first;
  if (!m || m->kind == LIVE_TEXT || l->away || l->over) {
    return 0;
  }
  return now - (m->at_ns > l->back_ns ? m->at_ns : l->back_ns);
}

// One tick of a listener. @return false when it is to be freed.
static bool
tick_one(shed_seat *l, int64_t now, bool signed_out, shed_seat_bye *bye, bool *ready, int64_t *oldest)
{
  bool stays = true;
  bool leaves;
  (void)pthread_mutex_lock(&l->mutex);
  *ready                = l->out.first != NULL;
  const int64_t waiting = waits_ns(l, now);
  *oldest               = waiting > *oldest ? waiting : *oldest;
  if (!*ready) {
    l->given_ns = now;
  }
  *bye = !l->socket ? SHED_SEAT_STAYS : signed_out ? SHED_SEAT_SIGNED_OUT : look(l, *ready, l->taking, now);
  if (!l->socket && now - l->left_ns > WAIT_NS && !l->over) {
    l->gone = true;
  }
  if (!l->socket && l->over && !l->scheduled) {
    stays = now - l->left_ns <= LATE_NS && l->kept;
  }
  l->ticked = l->connected;
  if (stays && (l->ticked || l->gone)) {
    live_schedule(l);
  }
  leaves  = l->card && l->over;
  l->card = l->card && !l->over;
  (void)pthread_mutex_unlock(&l->mutex);
  if (leaves) { // for others; not under the mutex, which the card's keeper takes under its own
    shed_card_release(l->lives->room->card, l);
  }
  return stays;
}

void
shed_seats_tick(shed_seats *lives, void (*bye)(void *socket, shed_seat_bye why), void (*ready)(void *socket))
{
  int64_t  now        = now_ns(lives);
  uint64_t generation = shed_signins_generation(lives->room->signins);
  bool     look_again = generation != lives->generation;
  lives->generation   = generation;
  int64_t oldest      = 0;
  for (size_t i = 0; i < lives->n;) {
    shed_seat *l          = lives->items[i];
    bool       signed_out = look_again && l->socket && !shed_signins_has(lives->room->signins, &l->who.token);
    bool       waits      = false;
    shed_seat_bye why     = SHED_SEAT_STAYS;
    if (!tick_one(l, now, signed_out, &why, &waits, &oldest)) {
      free_live(l);
      lives->items[i] = lives->items[--lives->n];
      continue;
    }
    if (why != SHED_SEAT_STAYS) {
      atomic_fetch_add(&lives->room->dropped, why == SHED_SEAT_STALLED || why == SHED_SEAT_TOO_FAST);
      bye(l->socket, why);
    } else if (waits && l->socket) {
      ready(l->socket);
    }
    i++;
  }
  shed_hearing_waits(&lives->room->hearing, oldest, now);
  if (now - lives->looked_ns >= SECOND_NS) {
    shed_hearing_others(&lives->room->hearing, shed_load_now(&lives->load, now), lives->processors);
    lives->looked_ns = now;
  }
}

void
shed_seats_ready(shed_seats *lives, void (*ready)(void *socket))
{
  (void)atomic_exchange(&lives->woken, false); // before looking: what comes later wakes again
  for (size_t i = 0; i < lives->n; i++) {
    shed_seat *l = lives->items[i];
    if (l->socket && atomic_load_explicit(&l->waits, memory_order_acquire)) { // matches live_push()
      ready(l->socket);
    }
  }
}
