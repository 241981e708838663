#include "app/serve/pool.h"

#include <pthread.h>
#include <sys/resource.h>

typedef struct {
  shed_pool *pool;
  void      *own;
  pthread_t  thread;
  bool       begun;
} worker;

struct shed_pool {
  // immutable after shed_pool_new()
  const shed_alloc *alloc;
  worker           *workers;
  int               n;
  int               patience;
  size_t            longest;
  void (*drop)(void *own);

  pthread_mutex_t mutex;
  pthread_cond_t  more;

  // under the mutex
  shed_task *first, *last;
  size_t     queued;
  bool       ending;
};

static shed_task *
take(shed_pool *p)
{
  (void)pthread_mutex_lock(&p->mutex);
  while (!p->first && !p->ending) {
    (void)pthread_cond_wait(&p->more, &p->mutex);
  }
  shed_task *t = p->first;
  if (t) {
    p->first = t->next;
    p->last  = p->first ? p->last : NULL;
    p->queued--;
  }
  (void)pthread_mutex_unlock(&p->mutex);
  return t;
}

static void *
work(void *ctx)
{
  worker *w = ctx;
  if (w->pool->patience > 0) {
    (void)setpriority(PRIO_PROCESS, 0, w->pool->patience); // Linux: of this thread alone
  }
  for (shed_task *t = take(w->pool); t; t = take(w->pool)) {
    t->run(t, w->own);
  }
  return NULL;
}

shed_status
shed_pool_new(shed_pool **out, int threads, size_t longest, int patience,
              shed_status (*make)(void *ctx, void **own, shed_error *err), void (*drop)(void *own), void *ctx,
              const shed_alloc *alloc, shed_error *err)
{
  shed_status st = SHED_OK;
  shed_pool  *p  = shed_calloc(alloc, 1, sizeof(*p));
  if (!p) {
    return SHED_E_NOMEM;
  }
  p->alloc    = alloc;
  p->longest  = longest;
  p->patience = patience;
  p->drop     = drop;
  p->workers  = shed_calloc(alloc, (size_t)threads, sizeof(*p->workers));
  (void)pthread_mutex_init(&p->mutex, NULL);
  (void)pthread_cond_init(&p->more, NULL);
  if (!p->workers) {
    st = SHED_E_NOMEM;
  }
  for (int i = 0; i < threads && st == SHED_OK; i++) {
    worker *w = &p->workers[i];
    w->pool   = p;
    p->n      = i + 1;
    st        = make ? make(ctx, &w->own, err) : SHED_OK;
    if (st == SHED_OK && pthread_create(&w->thread, NULL, work, w) != 0) {
      st = shed_fail(err, SHED_E_LIMIT, NULL, "the system gives no further thread");
    }
    w->begun = st == SHED_OK;
  }
  if (st != SHED_OK) {
    shed_pool_free(p);
    return st;
  }
  *out = p;
  return SHED_OK;
}

void
shed_pool_free(shed_pool *p)
{
  if (!p) {
    return;
  }
  (void)pthread_mutex_lock(&p->mutex);
  p->ending = true;
  (void)pthread_cond_broadcast(&p->more);
  (void)pthread_mutex_unlock(&p->mutex);
  for (int i = 0; i < p->n; i++) {
    if (p->workers[i].begun) {
      (void)pthread_join(p->workers[i].thread, NULL);
    }
    if (p->drop && p->workers[i].own) {
      p->drop(p->workers[i].own);
    }
  }
  (void)pthread_cond_destroy(&p->more);
  (void)pthread_mutex_destroy(&p->mutex);
  shed_free(p->alloc, p->workers);
  shed_free(p->alloc, p);
}

static bool
put(shed_pool *p, shed_task *task, bool always, bool first)
{
  (void)pthread_mutex_lock(&p->mutex);
  bool room = always || (!p->ending && p->queued < p->longest);
  if (room) {
    task->next = first ? p->first : NULL;
    if (first || !p->last) {
      p->first = task;
    } else {
      p->last->next = task;
    }
    p->last = first && p->last ? p->last : task;
    p->queued++;
    (void)pthread_cond_signal(&p->more);
  }
  (void)pthread_mutex_unlock(&p->mutex);
  return room;
}

bool
shed_pool_put(shed_pool *p, shed_task *task)
{
  return put(p, task, false, false);
}

void
shed_pool_put_always(shed_pool *p, shed_task *task)
{
  (void)put(p, task, true,
            false); // also while the pool ends: whoever puts it runs in it, and takes it from it
}

void
shed_pool_put_first(shed_pool *p, shed_task *task)
{
  (void)put(p, task, true, true);
}

int
shed_pool_threads(const shed_pool *p)
{
  return p->n;
}
