/// A file that is written also while the disk is full: what does not fit waits in memory, in order. Inside engine/audio only.
#ifndef SHED_AUDIO_OUTBOX_H
#define SHED_AUDIO_OUTBOX_H

#include "engine/base/alloc.h"

#include <sndfile.h>
#include <stdbool.h>
#include <stdint.h>

/// Thread: one at a time. fd -1: closed.
typedef struct {
  const shed_alloc *alloc;
  int               fd;
  int64_t           at, size; ///< as whoever writes sees it
  unsigned char    *waiting;  ///< pieces: where, how many, the bytes
  size_t            n, cap, done;
  size_t            most;  ///< of n
  int               error; ///< errno of what cannot be mended; nothing is written after it
} shed_outbox;

/// @param path  must not exist. @return SHED_OK, SHED_E_EXISTS, SHED_E_NOSPACE, SHED_E_IO.
SHED_NODISCARD shed_status shed_outbox_open(shed_outbox *box, const char *path, size_t most,
                                            const shed_alloc *alloc, shed_error *err);
/// Write what waits. @return true: nothing waits any more.
bool          shed_outbox_drain(shed_outbox *box);
SF_VIRTUAL_IO shed_outbox_io(void); ///< libsndfile's view; user data is the box. It cannot be read
void          shed_outbox_close(shed_outbox *box);

#endif
