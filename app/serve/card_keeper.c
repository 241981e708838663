// About this file: the keeper of the machine's sound card, one thread: it opens, closes and tends the stream, reads the microphone, puts onto the
// loudspeaker what has to sound, and answers what desks ask through the slot.
#include "app/serve/card_inside.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK_S_PART = 100, BLOCKS_A_TURN = 64 };
static const int64_t TURN_NS = 1000000;   // between two looks at the ring: far below what a player notices
static const int64_t TEND_NS = 100000000; // as live.h asks

// -- opening and closing -----------------------------------------------------------------------------------

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
  c->tended_ns = card_now_ns();
  return SHED_OK;
}

// -- answering desks; the mutex is held, and given up meanwhile ------------------------------------------------

static void
answer_list(shed_card *c)
{
  shed_devices devices = {0};
  shed_error   err     = {0};
  card_unlock(c);
  shed_status st = shed_devices_list(c->alloc, &devices, &err);
  card_lock(c);
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
  card_unlock(c);
  if (c->live && !c->lost && memcmp(&c->runs, &wish, sizeof(wish)) == 0) {
    card_lock(c);
    c->status = SHED_OK; // c->opened is of this stream still
    return;
  }
  close_stream(c);
  st = open_stream(c, &wish, &opened, &err);
  card_lock(c);
  card_drop_mixer(c);
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

// -- sound ---------------------------------------------------------------------------------------------------

static void
hand_on(shed_card *c, const shed_live_place *place, size_t n)
{
  card_lock(c);
  if (c->held) {
    c->player.sound(c->player.ctx, c->opened.stream, place, c->mic, c->runs.silent ? NULL : c->given, n);
  }
  card_unlock(c);
}

static void
tell(shed_card *c, bool lost, const char *text)
{
  card_lock(c);
  if (c->held) {
    c->player.told(c->player.ctx, lost, text);
  }
  card_unlock(c);
}

static void
tend(shed_card *c)
{
  shed_error err = {0};
  if (card_now_ns() - c->tended_ns < TEND_NS) {
    return;
  }
  shed_live_state state = shed_live_tend(c->live, &err);
  c->tended_ns          = card_now_ns();
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
    card_drop_mixer(c);
    card_unlock(c);
    close_stream(c);
    card_lock(c);
  } else if (c->next && c->live) {
    shed_mixer *mixer = c->mixer;
    uint64_t    at    = c->mixer_at;
    c->mixer          = NULL;
    c->next           = false;
    card_unlock(c);
    shed_stage_play(c->stage, mixer, at);
    card_lock(c);
  } else if (c->live) {
    (void)card_wait_until(c, &c->more, card_now_ns() + TURN_NS);
    card_unlock(c);
    read_card(c);
    card_lock(c);
  } else {
    (void)pthread_cond_wait(&c->more, &c->mutex);
  }
}

void *
card_keep(void *arg)
{
  shed_card *c = arg;
  card_lock(c);
  while (!c->ending) {
    turn(c);
  }
  card_unlock(c);
  close_stream(c);
  return NULL;
}
