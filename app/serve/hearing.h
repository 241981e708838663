/// How many players this machine hears at once: told by what hearing has cost so far, by what other programs leave of the processors, and by
/// how late the ears are. So that one too many is refused in words, and nobody's feedback comes late for it.
///
/// Cost alone is not enough: a machine that is busy with something else hears fewer. How late the ears are is how long a player's sound waits for
/// its turn: the age of the oldest that is not heard yet. While they are behind nobody is let in; those who are inside stay, their sound waits and is heard whole,
/// and so many are not let in again at once: a tenth less, and from then on some more each time it goes well for a while.
#ifndef SHED_SERVE_HEARING_H
#define SHED_SERVE_HEARING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/// Plain memory inside whoever has it; begun by shed_hearing_begin(). Any thread may call the functions; none waits but for a copy. Times
/// are of one monotonic clock.
typedef struct {
  pthread_mutex_t mutex;
  // under the mutex
  int     workers;           ///< that hear, each on a processor of its own
  int     players;           ///< who are let in and connected
  int64_t busy_ns, sound_ns; ///< of the newest minute of sound, whoever's: what hearing it took
  double  left;              ///< share of the processors that other programs leave
  double  n_late, n_heard;   ///< pieces of the last seconds, fading: heard late, heard at all
  int64_t faded_ns;          ///< when they last faded
  int64_t late_ns;           ///< age of the oldest sound not heard, as last told
  bool    behind;
  int64_t since_ns;    ///< behind: since it went well; not behind: since the last step up
  int     by_lateness; ///< players who can be heard by what went wrong
} shed_hearing;

typedef enum {
  SHED_HEARING_IN,
  SHED_HEARING_FULL,  ///< as many as can be heard are in
  SHED_HEARING_BEHIND ///< the ears are late with those who are in
} shed_hearing_answer;

enum { SHED_HEARING_LEAST = 4 }; ///< so many are always let in: of few it is not known yet what they cost

void shed_hearing_begin(shed_hearing *h, int workers);
void shed_hearing_end(shed_hearing *h);
/// Some sound of a player was heard, and took so much of a processor.
void shed_hearing_took(shed_hearing *h, int64_t busy_ns, int64_t sound_ns);
/// A player's sound had its turn, so long after it had come, or after the turn before: who sends twenty seconds at once after a cut does
/// not make the ears late.
void shed_hearing_heard(shed_hearing *h, int64_t age_ns, int64_t now_ns);
/// The oldest sound that waits for an ear is so old; 0: none waits. Ten times a second.
void shed_hearing_waits(shed_hearing *h, int64_t age_ns, int64_t now_ns);
/// Other programs take so many of the machine's @p all processors now.
void shed_hearing_others(shed_hearing *h, double processors, int all);
/// How many can be heard.
int shed_hearing_most(shed_hearing *h);
/// How late the ears are; 0 while they are not behind.
int64_t shed_hearing_behind_ns(shed_hearing *h);
/// One more. But for SHED_HEARING_IN that would be too many, and is not counted.
shed_hearing_answer shed_hearing_enter(shed_hearing *h);
/// One who was let in comes back: always counted.
void shed_hearing_back(shed_hearing *h);
void shed_hearing_leave(shed_hearing *h);

/// Tell a new server what hearing costs here: hear some made sound, so that the first class of the day is not counted by a guess. Takes some
/// 50 ms of a processor.
void shed_hearing_try(shed_hearing *h);

#endif
