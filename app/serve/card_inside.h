/// What the files of the machine's sound card share. card.c: its life, and the slot through which desks ask; card_keeper.c: the thread that has
/// PortAudio. Whatever belongs to PortAudio is touched by the keeper alone and without the lock; the lock is held for copies.
#ifndef SHED_SERVE_CARD_INSIDE_H
#define SHED_SERVE_CARD_INSIDE_H

#include "app/serve/card.h"
#include "engine/audio/stage.h"

#include <pthread.h>

enum { CARD_BLOCK_MOST = 2048 };

typedef enum { ASKS_NOTHING, ASKS_LIST, ASKS_OPEN } card_question;

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
  card_question    asks;   // the slot: one question at a time
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
  float          mic[CARD_BLOCK_MOST], given[CARD_BLOCK_MOST];
};

int64_t card_now_ns(void);
void    card_lock(shed_card *c);
void    card_unlock(shed_card *c);
/// Until somebody signals, or @p until by the monotonic clock; the mutex is held. @return false: it is that late.
bool card_wait_until(shed_card *c, pthread_cond_t *cond, int64_t until);
/// Nothing is to sound any more. The mutex is held.
void card_drop_mixer(shed_card *c);
/// The keeper's thread: a shed_card.
void *card_keep(void *arg);

#endif
