#include "app/serve/hearing.h"

#include "engine/hear/hear.h"

#include <limits.h>
#include <math.h>
#include <time.h>

#define SECOND_NS INT64_C(1000000000)
static const int64_t PAST_NS = 60 * SECOND_NS; // of players' sound, that the cost is told by
static const int64_t FIRST_SOUND_NS =
    5 * SECOND_NS; // what is believed before anything was heard weighs so much ...
static const int64_t FIRST_COST_NS = 15000000; // ... and is this a second: bench_live on a laptop of 2019
// Of the workers' time. Of all that a stream costs a server hearing is seven tenths (serve_load.sh at 80 players: 12 of 18 ms a second); the
// rest goes into recording, judging, sockets.
static const double SHARE      = .7;
static const double LEFT_LEAST = .5; // the system shares what is short: whatever others do, so much is ours

static const int64_t LATE_NS      = 100000000;     // a piece that was heard later than this is late ...
static const double  LATE_SHARE   = .01;           // ... and if so many are, the ears are behind
static const double  PIECES_LEAST = 100;           // by fewer it is not told
static const int64_t WAITS_NS     = 300000000;     // one that waits so long tells it at once
static const int64_t FADE_NS      = 5 * SECOND_NS; // half of what was counted fades in such a time
static const int64_t CALM_NS      = 5 * SECOND_NS; // it must go well so long
static const int64_t STEP_NS      = 10 * SECOND_NS;
static const double  DOWN = .9, UP = 1.05;

// What a session and its follower add to the ear (bench_practice).
static const double WITH_FOLLOWER = 1.2;

void
shed_hearing_begin(shed_hearing *h, int workers)
{
  *h = (shed_hearing){.workers     = workers,
                      .busy_ns     = FIRST_COST_NS * (FIRST_SOUND_NS / SECOND_NS),
                      .sound_ns    = FIRST_SOUND_NS,
                      .left        = 1,
                      .by_lateness = INT_MAX};
  (void)pthread_mutex_init(&h->mutex, NULL);
}

void
shed_hearing_end(shed_hearing *h)
{
  (void)pthread_mutex_destroy(&h->mutex);
}

void
shed_hearing_took(shed_hearing *h, int64_t busy_ns, int64_t sound_ns)
{
  if (busy_ns < 0 || sound_ns <= 0) {
    return;
  }
  (void)pthread_mutex_lock(&h->mutex);
  h->busy_ns += busy_ns;
  h->sound_ns += sound_ns;
  if (h->sound_ns > PAST_NS) { // what was long ago fades
    h->busy_ns /= 2;
    h->sound_ns /= 2;
  }
  (void)pthread_mutex_unlock(&h->mutex);
}

void
shed_hearing_others(shed_hearing *h, double processors, int all)
{
  const double left = all > 0 ? 1 - processors / all : 1;
  (void)pthread_mutex_lock(&h->mutex);
  h->left = !(left >= LEFT_LEAST) ? LEFT_LEAST : left > 1 ? 1 : left;
  (void)pthread_mutex_unlock(&h->mutex);
}

// -- lateness; the mutex is held -----------------------------------------------------------------------------------------

static int
by_cost(const shed_hearing *h)
{
  const double cost = (double)h->busy_ns / (double)h->sound_ns;
  const double n    = SHARE * h->left * h->workers / (cost > 1e-6 ? cost : 1e-6);
  return n > 100000 ? 100000 : (int)n;
}

static int
most(const shed_hearing *h)
{
  const int n = by_cost(h) < h->by_lateness ? by_cost(h) : h->by_lateness;
  return n < SHED_HEARING_LEAST ? SHED_HEARING_LEAST : n;
}

static void
fade(shed_hearing *h, int64_t now_ns)
{
  if (now_ns - h->faded_ns >= FADE_NS) {
    h->n_late /= 2;
    h->n_heard /= 2;
    h->faded_ns = now_ns;
  }
}

// It went wrong with the players who are in: so many are too many.
static void
fall_behind(shed_hearing *h)
{
  const int now  = h->players < most(h) ? h->players : most(h);
  h->behind      = true;
  h->by_lateness = (int)(DOWN * now);
}

static void
look(shed_hearing *h, int64_t now_ns)
{
  fade(h, now_ns);
  const bool late =
      h->late_ns > WAITS_NS || (h->n_heard >= PIECES_LEAST && h->n_late > LATE_SHARE * h->n_heard);
  if (late) {
    if (!h->behind) {
      fall_behind(h);
    }
    h->since_ns = now_ns;
  } else if (h->behind && now_ns - h->since_ns >= CALM_NS) {
    h->behind   = false;
    h->since_ns = now_ns;
  } else if (!h->behind && h->by_lateness < INT_MAX && now_ns - h->since_ns >= STEP_NS) {
    const int up   = (int)ceil(UP * h->by_lateness);
    h->by_lateness = up > h->by_lateness ? up : h->by_lateness + 1;
    h->by_lateness = h->by_lateness > by_cost(h) ? INT_MAX : h->by_lateness;
    h->since_ns    = now_ns;
  }
}

// ------------------------------------------------------------------------------------------------------------------------

void
shed_hearing_heard(shed_hearing *h, int64_t age_ns, int64_t now_ns)
{
  (void)pthread_mutex_lock(&h->mutex);
  fade(h, now_ns);
  h->n_heard += 1;
  h->n_late += age_ns > LATE_NS;
  (void)pthread_mutex_unlock(&h->mutex);
}

void
shed_hearing_waits(shed_hearing *h, int64_t age_ns, int64_t now_ns)
{
  (void)pthread_mutex_lock(&h->mutex);
  h->late_ns = age_ns;
  look(h, now_ns);
  (void)pthread_mutex_unlock(&h->mutex);
}

int64_t
shed_hearing_behind_ns(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  const int64_t late = !h->behind ? 0 : h->late_ns > LATE_NS ? h->late_ns : LATE_NS;
  (void)pthread_mutex_unlock(&h->mutex);
  return late;
}

int
shed_hearing_most(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  int n = most(h);
  (void)pthread_mutex_unlock(&h->mutex);
  return n;
}

shed_hearing_answer
shed_hearing_enter(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  shed_hearing_answer answer = SHED_HEARING_IN;
  if (h->players >= SHED_HEARING_LEAST && h->behind) {
    answer = SHED_HEARING_BEHIND;
  } else if (h->players >= most(h)) {
    answer = SHED_HEARING_FULL;
  }
  h->players += answer == SHED_HEARING_IN;
  (void)pthread_mutex_unlock(&h->mutex);
  return answer;
}

void
shed_hearing_back(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  h->players++;
  (void)pthread_mutex_unlock(&h->mutex);
}

void
shed_hearing_leave(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  h->players--;
  (void)pthread_mutex_unlock(&h->mutex);
}

// -- what it costs here --------------------------------------------------------------------------------------------------

static int64_t
processor_ns(void)
{
  struct timespec t = {0};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * SECOND_NS + t.tv_nsec;
}

void
shed_hearing_try(shed_hearing *h)
{
  enum {
    RATE_HZ     = 48000,
    BLOCK       = RATE_HZ / 50,
    WARM        = 50,
    BLOCKS      = WARM + 100,
    PARTIALS    = 8,
    NOTE_BLOCKS = 25
  };
  static const double  SEMITONE = 1.0594630943592953, LOWEST_HZ = 220;
  const shed_hear_opts opts = {.rate_hz = RATE_HZ};
  shed_hear           *ear  = NULL;
  shed_event           e;
  if (shed_hear_new(&ear, &opts, NULL) != SHED_OK) {
    return; // the guess stands
  }
  int64_t took = 0;
  for (int b = 0; b < BLOCKS; b++) { // a scale of eight partials each
    float        x[BLOCK];
    const double hz = LOWEST_HZ * pow(SEMITONE, 2.0 * (double)(b - b % NOTE_BLOCKS) / NOTE_BLOCKS);
    for (int i = 0; i < BLOCK; i++) {
      const double t = (double)(b * BLOCK + i) / RATE_HZ;
      double       v = 0;
      for (int k = 1; k <= PARTIALS; k++) {
        v += .2 / k * sin(2 * 3.14159265358979 * k * hz * t);
      }
      x[i] = (float)v;
    }
    const int64_t begun = processor_ns();
    shed_hear_push(ear, x, BLOCK);
    while (shed_hear_poll(ear, &e)) {
    }
    took += b < WARM ? 0 : processor_ns() - begun; // the first second is a cold processor's
  }
  took = (int64_t)(WITH_FOLLOWER * (double)took);
  shed_hear_free(ear);
  (void)pthread_mutex_lock(&h->mutex);
  h->busy_ns  = took * (FIRST_SOUND_NS / SECOND_NS) * (RATE_HZ / BLOCK) / (BLOCKS - WARM);
  h->sound_ns = FIRST_SOUND_NS;
  (void)pthread_mutex_unlock(&h->mutex);
}
