#include "app/serve/hearing.h"

#define SECOND_NS INT64_C(1000000000)
static const int64_t PAST_NS = 60 * SECOND_NS; // of players' sound, that the cost is told by
static const int64_t FIRST_SOUND_NS =
    5 * SECOND_NS; // what is believed before anything was heard weighs so much ...
static const int64_t FIRST_COST_NS = 15000000; // ... and is this a second: bench_live on a laptop of 2019
static const double  SHARE         = .8;       // of the workers' time; the rest is for judging and for pages

void
shed_hearing_begin(shed_hearing *h, int workers)
{
  *h = (shed_hearing){.workers  = workers,
                      .busy_ns  = FIRST_COST_NS * (FIRST_SOUND_NS / SECOND_NS),
                      .sound_ns = FIRST_SOUND_NS};
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

// The mutex is held.
static int
most(const shed_hearing *h)
{
  const double cost = (double)h->busy_ns / (double)h->sound_ns;
  const double n    = SHARE * h->workers / (cost > 1e-6 ? cost : 1e-6);
  return n < SHED_HEARING_LEAST ? SHED_HEARING_LEAST : n > 100000 ? 100000 : (int)n;
}

int
shed_hearing_most(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  int n = most(h);
  (void)pthread_mutex_unlock(&h->mutex);
  return n;
}

bool
shed_hearing_enter(shed_hearing *h)
{
  (void)pthread_mutex_lock(&h->mutex);
  bool let_in = h->players < most(h);
  h->players += let_in;
  (void)pthread_mutex_unlock(&h->mutex);
  return let_in;
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
