// About this file: the life of the machine's sound card, and how desks ask its keeper: one question at a time in a slot.
#include "app/serve/card.h"

#include "app/serve/card_inside.h"
#include "engine/base/clock.h"

#include <stdlib.h>
#include <time.h>

enum { ANSWER_S = 5 };

int64_t
card_now_ns(void)
{
  const shed_clock *c = shed_clock_system();
  return c->mono_ns(c->ctx);
}

void
card_lock(shed_card *c)
{
  (void)pthread_mutex_lock(&c->mutex);
}

void
card_unlock(shed_card *c)
{
  (void)pthread_mutex_unlock(&c->mutex);
}

bool
card_wait_until(shed_card *c, pthread_cond_t *cond, int64_t until)
{
  const struct timespec t = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
  return pthread_cond_timedwait(cond, &c->mutex, &t) == 0;
}

void
card_drop_mixer(shed_card *c)
{
  shed_mixer_free(c->mixer);
  c->mixer = NULL;
  c->next  = false;
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
  if (pthread_create(&c->thread, NULL, card_keep, c) != 0) {
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
  card_lock(c);
  c->ending = true;
  c->held   = false;
  (void)pthread_cond_broadcast(&c->more);
  (void)pthread_cond_broadcast(&c->done);
  card_unlock(c);
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
take_slot(shed_card *c, card_question asks, int64_t until)
{
  while (c->asks != ASKS_NOTHING && !c->ending) {
    if (!card_wait_until(c, &c->done, until)) {
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
    if ((c->ending || !card_wait_until(c, &c->done, until)) && !c->answered) {
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
  int64_t     until = card_now_ns() + ANSWER_S * INT64_C(1000000000);
  shed_status st    = SHED_E_BUSY;
  card_lock(c);
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
  card_unlock(c);
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
    card_drop_mixer(c);
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
  int64_t     until = card_now_ns() + ANSWER_S * INT64_C(1000000000);
  shed_status st    = SHED_OK;
  card_lock(c);
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
  card_unlock(c);
  return st;
}

void
shed_card_play(shed_card *c, const void *ctx, shed_mixer *mixer, uint64_t at_frame)
{
  card_lock(c);
  shed_mixer *drop = mixer;
  if (c->held && c->player.ctx == ctx) {
    drop        = c->mixer;
    c->mixer    = mixer;
    c->mixer_at = at_frame;
    c->next     = true;
    (void)pthread_cond_signal(&c->more);
  }
  card_unlock(c);
  shed_mixer_free(drop);
}

void
shed_card_release(shed_card *c, const void *ctx)
{
  card_lock(c);
  if (c->held && c->player.ctx == ctx) {
    c->held = false;
    (void)pthread_cond_signal(&c->more);
  }
  card_unlock(c);
}

bool
shed_card_held(shed_card *c)
{
  card_lock(c);
  bool held = c->held;
  card_unlock(c);
  return held;
}
