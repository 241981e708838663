/// Who is connected, and who has to make room when the server is full: whoever holds a place without asking anything, the oldest of the
/// address that holds most of them first. So idle connections keep nobody out. Pure; one thread.
#ifndef SHED_SERVE_CROWD_H
#define SHED_SERVE_CROWD_H

#include "engine/base/alloc.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct shed_crowd shed_crowd;

enum { SHED_CROWD_ADDRESS = 48 };

/// What a connection does.
typedef enum {
  SHED_CROWD_WAITS, ///< has not sent a whole request: makes room first
  SHED_CROWD_READS, ///< is being sent an answer: makes room when that takes over five seconds
  SHED_CROWD_WORKS, ///< its request is being answered: stays
  SHED_CROWD_PLAYS  ///< a live socket of who is signed in: stays
} shed_crowd_state;

/// @param most  places. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_crowd_new(shed_crowd **out, size_t most, const shed_alloc *alloc);
void                       shed_crowd_free(shed_crowd *c); ///< NULL is legal

/// Whether there is a place for somebody new. @param[out] leaves  who has to be closed for it, and then removed; NULL nobody.
/// @return false: all places are taken, and nobody makes room.
bool shed_crowd_room(const shed_crowd *c, int64_t now_ns, void **leaves);
/// @param who  not in it yet; borrowed until shed_crowd_remove(). @param address  of the other side. @return false: it is full.
bool shed_crowd_add(shed_crowd *c, void *who, const char *address, int64_t now_ns);
/// Another state, from now on. Who is not in it is passed over.
void   shed_crowd_does(shed_crowd *c, const void *who, shed_crowd_state state, int64_t now_ns);
void   shed_crowd_remove(shed_crowd *c, const void *who); ///< who is not in it is passed over
size_t shed_crowd_count(const shed_crowd *c);

#endif
