// What recorder.c and recorder_rt.c share.
#ifndef SHED_AUDIO_RECORDER_INTERNAL_H
#define SHED_AUDIO_RECORDER_INTERNAL_H

#include "engine/audio/outbox.h"
#include "engine/audio/recorder.h"
#include "engine/audio/stored.h"
#include "engine/rt/ring.h"

#include <pthread.h>
#include <stdatomic.h>

enum { RECORDER_BLOCK = 4096 };

struct shed_recorder {
  // immutable after shed_recorder_open()
  const shed_alloc *alloc;
  char             *path, *part;
  int               rate_hz;
  shed_ring        *ring; // writer: who pushes; reader: the writing thread

  // the writing thread's; after it was joined the caller's of finish and free
  shed_outbox       box;
  shed_stored       stored;
  shed_error        failure;
  shed_recorder_gap gap[SHED_RECORDER_GAPS];
  size_t            n_gaps;
  float             x[RECORDER_BLOCK];
  int32_t           q[RECORDER_BLOCK];

  // owner's
  pthread_t thread;
  bool      running;  // the thread is to be joined
  bool      finished; // the file has its name

  pthread_mutex_t mutex; // of the nap alone
  pthread_cond_t  wake;

  // any thread
  _Atomic int      along; // a file that goes to the disk with the first second; -1: none
  _Atomic bool     stop;  // released after the last push, acquired by the writing thread
  _Atomic uint64_t frames, missing, bytes_waiting;
  _Atomic int      disk; // shed_status
};

#endif
