#include "app/serve/pool.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { THREADS = 4, TASKS = 2000 };

typedef struct {
  shed_task    task;
  _Atomic int *sum;
  int          value;
} adding;

static void
add(shed_task *task, void *own)
{
  adding *a = (adding *)(void *)task;
  atomic_fetch_add(a->sum, a->value);
  if (own) {
    atomic_fetch_add((_Atomic int *)own, 1);
  }
}

typedef struct {
  _Atomic int made, dropped, done;
} owners;

static shed_status
make(void *ctx, void **own, shed_error *err)
{
  owners *o = ctx;
  (void)err;
  atomic_fetch_add(&o->made, 1);
  *own = &o->done;
  return SHED_OK;
}

static shed_status
make_fails(void *ctx, void **own, shed_error *err)
{
  *own = NULL;
  return atomic_fetch_add(&((owners *)ctx)->made, 1) == 2 ? shed_fail(err, SHED_E_IO, "third", "no")
                                                          : SHED_OK;
}

static void
everything_that_was_taken_runs_once(void **state)
{
  owners      o   = {0};
  _Atomic int sum = 0;
  adding     *all = calloc(TASKS, sizeof(*all));
  shed_pool  *p   = NULL;
  long        put = 0;
  (void)state;
  assert_non_null(all);
  CHECK_STATUS(shed_pool_new(&p, THREADS, TASKS / 4, 0, make, NULL, &o, NULL, NULL), SHED_OK);
  assert_int_equal(shed_pool_threads(p), THREADS);
  for (int i = 0; i < TASKS; i++) {
    all[i] = (adding){.task = {.run = add}, .sum = &sum, .value = i};
    if (i % 2) {
      shed_pool_put_always(p, &all[i].task);
      put += i;
    } else if (shed_pool_put(p, &all[i].task)) {
      put += i;
    }
  }
  shed_pool_free(p); // runs what is queued
  assert_int_equal(sum, put);
  assert_int_equal(o.made, THREADS);
  free(all);
}

// A task that holds a thread until it is let go.
typedef struct {
  shed_task       task;
  pthread_mutex_t gate;
  _Atomic bool    in;
} holding;

static void
hold(shed_task *task, void *own)
{
  holding *h = (holding *)(void *)task;
  (void)own;
  atomic_store(&h->in, true);
  (void)pthread_mutex_lock(&h->gate);
  (void)pthread_mutex_unlock(&h->gate);
}

static void
a_full_queue_takes_no_more(void **state)
{
  _Atomic int sum = 0;
  adding      a[3];
  holding     h = {.task = {.run = hold}};
  shed_pool  *p = NULL;
  (void)state;
  (void)pthread_mutex_init(&h.gate, NULL);
  (void)pthread_mutex_lock(&h.gate);
  CHECK_STATUS(shed_pool_new(&p, 1, 2, 0, NULL, NULL, NULL, NULL, NULL), SHED_OK);
  assert_true(shed_pool_put(p, &h.task));
  while (!atomic_load(&h.in)) {
  }
  for (int i = 0; i < 3; i++) {
    a[i] = (adding){.task = {.run = add}, .sum = &sum, .value = 1};
    assert_int_equal(shed_pool_put(p, &a[i].task), i < 2);
  }
  (void)pthread_mutex_unlock(&h.gate);
  shed_pool_free(p);
  assert_int_equal(sum, 2);
  (void)pthread_mutex_destroy(&h.gate);
}

// Adds its own value behind what is there: the order shows in the sum.
static void
append(shed_task *task, void *own)
{
  adding *a = (adding *)(void *)task;
  (void)own;
  atomic_store(a->sum, 10 * atomic_load(a->sum) + a->value);
}

static void
what_is_put_first_goes_before_what_waits(void **state)
{
  _Atomic int order = 0;
  adding      a[4];
  holding     h = {.task = {.run = hold}};
  shed_pool  *p = NULL;
  (void)state;
  (void)pthread_mutex_init(&h.gate, NULL);
  (void)pthread_mutex_lock(&h.gate);
  CHECK_STATUS(shed_pool_new(&p, 1, 8, 5, NULL, NULL, NULL, NULL, NULL), SHED_OK);
  assert_true(shed_pool_put(p, &h.task));
  while (!atomic_load(&h.in)) {
  }
  for (int i = 0; i < 4; i++) {
    a[i] = (adding){.task = {.run = append}, .sum = &order, .value = i + 1};
  }
  shed_pool_put_first(p, &a[0].task); // into an empty queue
  shed_pool_put_always(p, &a[1].task);
  shed_pool_put_first(p, &a[2].task);
  shed_pool_put_always(p, &a[3].task);
  (void)pthread_mutex_unlock(&h.gate);
  shed_pool_free(p);
  assert_int_equal(order, 3124);
  (void)pthread_mutex_destroy(&h.gate);
}

static void
a_thread_that_cannot_be_made_is_told(void **state)
{
  owners     o   = {0};
  shed_pool *p   = NULL;
  shed_error err = {0};
  (void)state;
  CHECK_STATUS(shed_pool_new(&p, THREADS, 1, 0, make_fails, NULL, &o, NULL, &err), SHED_E_IO);
  assert_string_equal(err.where, "third");
  assert_null(p);
}

static void
allocations_that_fail(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_pool *p = NULL;
    sweep_status = shed_pool_new(&p, 2, 1, 5, NULL, NULL, NULL, &a.alloc, NULL);
    shed_pool_free(p);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_that_was_taken_runs_once),
      cmocka_unit_test(a_full_queue_takes_no_more),
      cmocka_unit_test(what_is_put_first_goes_before_what_waits),
      cmocka_unit_test(a_thread_that_cannot_be_made_is_told),
      cmocka_unit_test(allocations_that_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
