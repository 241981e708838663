/// How many players this machine hears at once: told by what hearing has cost so far, so that one too many is refused in words and
/// nobody's feedback comes late for it.
#ifndef SHED_SERVE_HEARING_H
#define SHED_SERVE_HEARING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/// Plain memory inside whoever has it; begun by shed_hearing_begin(). Any thread may call the functions; none waits but for a copy.
typedef struct {
  pthread_mutex_t mutex;
  // under the mutex
  int     workers;           ///< that hear, each on a processor of its own
  int     players;           ///< who are let in and connected
  int64_t busy_ns, sound_ns; ///< of the newest minute of sound, whoever's: what hearing it took
} shed_hearing;

enum { SHED_HEARING_LEAST = 4 }; ///< so many are always let in: of few it is not known yet what they cost

void shed_hearing_begin(shed_hearing *h, int workers);
void shed_hearing_end(shed_hearing *h);
/// Some sound of a player was heard, and took so long by the clock: other programs' share is in it, for it is missing too.
void shed_hearing_took(shed_hearing *h, int64_t busy_ns, int64_t sound_ns);
/// How many can be heard: four fifths of the workers' time.
int shed_hearing_most(shed_hearing *h);
/// One more. @return false: that would be too many, and is not counted.
bool shed_hearing_enter(shed_hearing *h);
/// One who was let in comes back: always counted.
void shed_hearing_back(shed_hearing *h);
void shed_hearing_leave(shed_hearing *h);

#endif
