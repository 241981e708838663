// About this file: the keeper of the machine's sound card, and the slot through which desks ask it. Whatever belongs to PortAudio is
// touched by the keeper alone and without the lock; the lock is held for copies.
#include "app/serve/card.h"

#include "engine/audio/stage.h"
#include "engine/base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK_S_PART = 100, BLOCK_MOST = 2048, BLOCKS_A_TURN = 64, ANSWER_S = 5 };
static const int64_t TURN_NS = 3000000;   // between two looks at the ring: far below what a player notices
static const int64_t TEND_NS = 100000000; // as live.h asks

typedef enum { ASKS_NOTHING, ASKS_LIST, ASKS_OPEN } question;

struct shed_card {
  // immutable after shed_card_new()
  const shed_alloc *alloc;
  pthread_t         thread;
  bool              runs_thread; // whoever made it

  pthread_mutex_t mutex;
  pthread_cond_t  more, done; // for the keeper; for desks
  // under the mutex
  bool             ending, held;
  shed_card_player player; // held
  question         asks;   // the slot: one question at a time
  bool             waits;  // whoever asked still waits for the answer
  bool             answered;
  shed_card_wish   wish;
  shed_status      status;
  shed_error       err;
  shed_devices     devices;
  shed_card_opened opened;
  bool             next; // something else is to sound
  shed_mixer      *mixer;
  uint64_t         mixer_at;

  // keeper alone
  shed_live     *live; // NULL: nothing is open
  shed_stage    *stage;
  shed_card_wish runs;
  bool           lost;
  int64_t        tended_ns;
  float          mic[BLOCK_MOST], given[BLOCK_MOST];
};

static int64_t
now_ns(void)
{
  const shed_clock *c = shed_clock_system();
  return c->mono_ns(c->ctx);
}

static void
lock(shed_card *c)
{
  (void)pthread_mutex_lock(&c->mutex);
}

static void
unlock(shed_card *c)
{
  (void)pthread_mutex_unlock(&c->mutex);
}

// Until somebody signals, or @p until by the monotonic clock. @return false: it is that late.
static bool
wait_until(shed_card *c, pthread_cond_t *cond, int64_t until)
{
  const struct timespec t = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
  return pthread_cond_timedwait(cond, &c->mutex, &t) == 0;
}

// -- the keeper: opening and closing -----------------------------------------------------------------------------------

static void
close_stream(shed_card *c)
{
  shed_live_free(c->live); // stops: nobody runs the stage any more
  shed_stage_free(c->stage);
  c->live  = NULL;
  c->stage = NULL;
}

static const char *
given_name(const char *name)
{
  return name[0] ? name : NULL;
}

static shed_status
open_stream(shed_card *c, const shed_card_wish *wish, shed_card_opened *out, shed_error *err)
{
  shed_live_opts opts = {.input   = given_name(wish->input),
                         .output  = given_name(wish->output),
                         .api     = given_name(wish->api),
                         .capture = true};
  shed_status    st   = shed_stage_new(&c->stage, c->alloc);
  if (st != SHED_OK) {
    return shed_fail(err, st, "sound card", "%s", shed_status_text(st));
  }
  if (!wish->silent) {
    opts.play     = shed_stage_run;
    opts.play_ctx = c->stage;
  }
  st = shed_live_open_measured(&c->live, &opts, &out->measured, &out->has_measured, c->alloc, err);
  if (st == SHED_OK) {
    st = shed_live_start(c->live, err);
  }
  if (st != SHED_OK) {
    close_stream(c);
    return st;
  }
  out->device  = *shed_live_device_of(c->live);
  c->runs      = *wish;
  c->lost      = false;
  c->tended_ns = now_ns();
  return SHED_OK;
}

// Nothing is to sound any more. The mutex is held.
static void
drop_mixer(shed_card *c)
{
  shed_mixer_free(c->mixer);
  c->mixer = NULL;
  c->next  = false;
}

// -- the keeper: answering desks; the mutex is held, and given up meanwhile ------------------------------------------------

static void
answer_list(shed_card *c)
{
  shed_devices devices = {0};
  shed_error   err     = {0};
  unlock(c);
  shed_status st = shed_devices_list(c->alloc, &devices, &err);
  lock(c);
  c->status  = st;
  c->err     = err;
  c->devices = devices;
}

static void
answer_open(shed_card *c)
{
  const shed_card_wish wish   = c->wish;
  shed_card_opened     opened = {0};
  shed_error           err    = {0};
  shed_status          st     = SHED_OK;
  unlock(c);
  if (c->live && !c->lost && memcmp(&c->runs, &wish, sizeof(wish)) == 0) {
    lock(c);
    c->status = SHED_OK; // c->opened is of this stream still
    return;
  }
  close_stream(c);
  st = open_stream(c, &wish, &opened, &err);
  lock(c);
  drop_mixer(c);
  opened.stream = c->opened.stream + 1;
  c->opened     = opened;
  c->status     = st;
  c->err        = err;
  c->held       = c->held && st == SHED_OK;
}

static void
answer(shed_card *c)
{
  if (c->asks == ASKS_LIST) {
    answer_list(c);
  } else {
    answer_open(c);
  }
  c->answered = true;
  if (!c->waits) { // whoever asked has gone: nobody wants it
    shed_devices_free(&c->devices);
    c->held = c->held && c->asks == ASKS_LIST;
    c->asks = ASKS_NOTHING;
  }
  (void)pthread_cond_broadcast(&c->done);
}

// -- the keeper: sound ---------------------------------------------------------------------------------------------------

static void
hand_on(shed_card *c, const shed_live_place *place, size_t n)
{
  lock(c);
  if (c->held) {
    c->player.sound(c->player.ctx, c->opened.stream, place, c->mic, c->runs.silent ? NULL : c->given, n);
  }
  unlock(c);
}

static void
tell(shed_card *c, bool lost, const char *text)
{
  lock(c);
  if (c->held) {
    c->player.told(c->player.ctx, lost, text);
  }
  unlock(c);
}

static void
tend(shed_card *c)
{
  shed_error err = {0};
  if (now_ns() - c->tended_ns < TEND_NS) {
    return;
  }
  shed_live_state state = shed_live_tend(c->live, &err);
  c->tended_ns          = now_ns();
  if (state == SHED_LIVE_LOST && !c->lost) {
    char text[sizeof(err.where) + sizeof(err.what) + 2];
    (void)snprintf(text, sizeof(text), "%s %s", err.where, err.what);
    tell(c, true, text);
  } else if (state == SHED_LIVE_FOUND) {
    tell(c, false, "the sound card is there again");
  }
  c->lost = state == SHED_LIVE_LOST;
}

static void
read_card(shed_card *c)
{
  int             rate  = shed_live_device_of(c->live)->rate_hz;
  size_t          block = (size_t)(rate / BLOCK_S_PART);
  shed_live_place place;
  size_t          n;
  for (int i = 0; i < BLOCKS_A_TURN && (n = shed_live_read(c->live, c->mic, c->given, block, &place)) > 0;
       i++) {
    hand_on(c, &place, n);
  }
  tend(c);
}

// One thing to do. The mutex is held, and given up meanwhile.
static void
turn(shed_card *c)
{
  if (c->asks != ASKS_NOTHING && !c->answered) {
    answer(c);
  } else if (c->live && !c->held) {
    drop_mixer(c);
    unlock(c);
    close_stream(c);
    lock(c);
  } else if (c->next && c->live) {
    shed_mixer *mixer = c->mixer;
    uint64_t    at    = c->mixer_at;
    c->mixer          = NULL;
    c->next           = false;
    unlock(c);
    shed_stage_play(c->stage, mixer, at);
    lock(c);
  } else if (c->live) {
    (void)wait_until(c, &c->more, now_ns() + TURN_NS);
    unlock(c);
    read_card(c);
    lock(c);
  } else {
    (void)pthread_cond_wait(&c->more, &c->mutex);
  }
}

static void *
keep(void *arg)
{
  shed_card *c = arg;
  lock(c);
  while (!c->ending) {
    turn(c);
  }
  unlock(c);
  close_stream(c);
  return NULL;
}

// -- life ----------------------------------------------------------------------------------------------------------------

shed_status
shed_card_new(shed_card **out, const shed_alloc *alloc, shed_error *err)
{
  pthread_condattr_t monotonic;
  shed_card         *c = shed_calloc(alloc, 1, sizeof(*c));
  if (!c) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  c->alloc = alloc;
  (void)setenv("JACK_NO_START_SERVER", "1", 0); // before there are threads that look into the environment
  (void)pthread_condattr_init(&monotonic);
  (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  (void)pthread_mutex_init(&c->mutex, NULL);
  (void)pthread_cond_init(&c->more, &monotonic);
  (void)pthread_cond_init(&c->done, &monotonic);
  (void)pthread_condattr_destroy(&monotonic);
  if (pthread_create(&c->thread, NULL, keep, c) != 0) {
    shed_free(alloc, c);
    return shed_fail(err, SHED_E_LIMIT, NULL, "the system gives no further thread");
  }
  c->runs_thread = true;
  *out           = c;
  return SHED_OK;
}

void
shed_card_end(shed_card *c)
{
  if (!c || !c->runs_thread) {
    return;
  }
  lock(c);
  c->ending = true;
  c->held   = false;
  (void)pthread_cond_broadcast(&c->more);
  (void)pthread_cond_broadcast(&c->done);
  unlock(c);
  (void)pthread_join(c->thread, NULL);
  c->runs_thread = false;
}

void
shed_card_free(shed_card *c)
{
  if (!c) {
    return;
  }
  shed_card_end(c);
  shed_mixer_free(c->mixer);
  shed_devices_free(&c->devices);
  (void)pthread_cond_destroy(&c->done);
  (void)pthread_cond_destroy(&c->more);
  (void)pthread_mutex_destroy(&c->mutex);
  shed_free(c->alloc, c);
}

// -- asking --------------------------------------------------------------------------------------------------------------

// Into the slot; until it is free. The mutex is held. @return false: it does not become free.
static bool
take_slot(shed_card *c, question asks, int64_t until)
{
  while (c->asks != ASKS_NOTHING && !c->ending) {
    if (!wait_until(c, &c->done, until)) {
      return false;
    }
  }
  if (c->ending) {
    return false;
  }
  c->asks     = asks;
  c->waits    = true;
  c->answered = false;
  return true;
}

// Wait for the answer, which then stands in status and err, and free the slot. The mutex is held. @return false: there is none.
static bool
wait_for_answer(shed_card *c, int64_t until)
{
  (void)pthread_cond_broadcast(&c->more);
  while (!c->answered) {
    if ((c->ending || !wait_until(c, &c->done, until)) && !c->answered) {
      c->waits = false; // the keeper frees the slot when it is through
      return false;
    }
  }
  c->asks = ASKS_NOTHING;
  (void)pthread_cond_broadcast(&c->done);
  return true;
}

static shed_status
no_answer(shed_error *err)
{
  return shed_fail(err, SHED_E_BUSY, "sound card", "the sound system of this machine does not answer");
}

shed_status
shed_card_list(shed_card *c, shed_devices *out, shed_error *err)
{
  int64_t     until = now_ns() + ANSWER_S * INT64_C(1000000000);
  shed_status st    = SHED_E_BUSY;
  lock(c);
  if (take_slot(c, ASKS_LIST, until) && wait_for_answer(c, until)) {
    st         = c->status;
    *out       = c->devices;
    c->devices = (shed_devices){0};
    if (st != SHED_OK && err) {
      *err = c->err;
    }
  } else {
    (void)no_answer(err);
  }
  unlock(c);
  return st;
}

// Whether the card may go to @p ctx. The mutex is held.
static bool
give_to(shed_card *c, const shed_card_player *player)
{
  if (c->held && c->player.ctx != player->ctx) {
    if (!c->player.may_lose(c->player.ctx)) {
      return false;
    }
    c->player.told(c->player.ctx, true, "another window uses the sound card now");
    drop_mixer(c);
    c->next = true; // silence
  }
  c->player = *player;
  c->held   = true;
  return true;
}

shed_status
shed_card_open(shed_card *c, const shed_card_player *player, const shed_card_wish *wish,
               shed_card_opened *out, shed_error *err)
{
  int64_t     until = now_ns() + ANSWER_S * INT64_C(1000000000);
  shed_status st    = SHED_OK;
  lock(c);
  if (!take_slot(c, ASKS_OPEN, until)) {
    st = no_answer(err);
  } else if (!give_to(c, player)) {
    c->asks = ASKS_NOTHING;
    (void)pthread_cond_broadcast(&c->done);
    st = shed_fail(err, SHED_E_BUSY, "sound card",
                   "somebody is playing on this machine's sound card; wait until the take is over");
  } else {
    c->wish = *wish;
    if (!wait_for_answer(c, until)) {
      c->held = false;
      st      = no_answer(err);
    } else if ((st = c->status) == SHED_OK) {
      *out = c->opened;
    } else if (err) {
      *err = c->err;
    }
  }
  unlock(c);
  return st;
}

void
shed_card_play(shed_card *c, const void *ctx, shed_mixer *mixer, uint64_t at_frame)
{
  lock(c);
  shed_mixer *drop = mixer;
  if (c->held && c->player.ctx == ctx) {
    drop        = c->mixer;
    c->mixer    = mixer;
    c->mixer_at = at_frame;
    c->next     = true;
    (void)pthread_cond_signal(&c->more);
  }
  unlock(c);
  shed_mixer_free(drop);
}

void
shed_card_release(shed_card *c, const void *ctx)
{
  lock(c);
  if (c->held && c->player.ctx == ctx) {
    c->held = false;
    (void)pthread_cond_signal(&c->more);
  }
  unlock(c);
}

bool
shed_card_held(shed_card *c)
{
  lock(c);
  bool held = c->held;
  unlock(c);
  return held;
}
