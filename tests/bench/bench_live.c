// What a live listener needs: the longest time that one hop of 10 ms takes, how many listeners one core serves in real
// time, and the bytes that each holds.
#include "engine/hear/hear.h"
#include "tests/bench/measure.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOP_SECONDS = 180, STREAM_SECONDS = 12, STREAMS_MAX = 64 };

static void
must(int ok)
{
  if (!ok) {
    (void)fprintf(stderr, "no memory\n");
    exit(1);
  }
}

static void
push_hop(shed_hear *h, const float *x)
{
  shed_event e;
  shed_hear_push(h, x, BENCH_HOP);
  while (shed_hear_poll(h, &e)) {
  }
}

static shed_hear *
new_ear(const shed_alloc *alloc)
{
  shed_hear *h = NULL;
  must(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = BENCH_RATE_HZ}, alloc) == SHED_OK);
  return h;
}

// -- the worst hop -----------------------------------------------------------------------------------------------------------

static void
print_hops(void)
{
  shed_sound s  = bench_varied(HOP_SECONDS, 2);
  size_t     n  = s.n / BENCH_HOP;
  double    *ms = malloc(n * sizeof(*ms));
  shed_hear *h  = new_ear(NULL);
  must(ms != NULL);
  for (size_t i = 0; i < n; i++) {
    double start = bench_thread_s();
    push_hop(h, s.x + i * BENCH_HOP);
    ms[i] = 1e3 * (bench_thread_s() - start);
  }
  bench_sort(ms, n);
  (void)printf(
      "a hop of 10 ms, of %zu over varied sound, ms of CPU: median %.3f, p99 %.3f, p99.9 %.3f, worst %.3f\n",
      n, bench_quantile(ms, n, 0.5), bench_quantile(ms, n, 0.99), bench_quantile(ms, n, 0.999), ms[n - 1]);
  shed_hear_free(h);
  free(ms);
  shed_sound_free(&s);
}

// -- many listeners ----------------------------------------------------------------------------------------------------------

// Each hears the same sound from another place on; all get their hop in turn, as a server's would.
static void
print_streams(const shed_sound *s, int streams)
{
  shed_hear *h[STREAMS_MAX];
  size_t     hops = s->n / BENCH_HOP;
  for (int k = 0; k < streams; k++) {
    h[k] = new_ear(NULL);
  }
  double start = bench_thread_s();
  for (size_t i = 0; i < hops; i++) {
    for (int k = 0; k < streams; k++) {
      push_hop(h[k], s->x + (i + (size_t)k * 97) % hops * BENCH_HOP);
    }
  }
  double each = (bench_thread_s() - start) / streams / ((double)hops * BENCH_HOP / BENCH_RATE_HZ);
  (void)printf(
      "%2d listeners in turn: %.2f ms of CPU a second of sound each: %.0f in real time on one core\n",
      streams, 1e3 * each, 1.0 / each);
  for (int k = 0; k < streams; k++) {
    shed_hear_free(h[k]);
  }
}

// -- memory ------------------------------------------------------------------------------------------------------------------

// Every block carries its size before it.
enum { HEAD = 64 };

typedef struct {
  size_t live, calls;
} counter;

static void *
counting(void *ctx, void *p, size_t n)
{
  counter *c    = ctx;
  char    *old  = p ? (char *)p - HEAD : NULL;
  size_t   size = 0;
  if (old) {
    memcpy(&size, old, sizeof(size));
    c->live -= size;
  }
  if (n == 0) {
    free(old);
    return NULL;
  }
  char *now = realloc(old, n + HEAD);
  must(now != NULL);
  memcpy(now, &n, sizeof(n));
  c->live += n;
  c->calls++;
  return now + HEAD;
}

static void
print_memory(void)
{
  counter    c     = {0, 0};
  shed_alloc alloc = {counting, &c};
  shed_hear_free(new_ear(NULL)); // what is made once a process (plans' tables) is there already
  size_t     before = mallinfo2().uordblks;
  shed_hear *h      = new_ear(NULL);
  size_t     heap   = mallinfo2().uordblks - before;
  shed_hear_free(h);
  h = new_ear(&alloc);
  (void)printf(
      "memory of one listener: %zu bytes in %zu blocks of ours; %zu bytes of heap with what FFTW and aubio "
      "hold for it\n",
      c.live, c.calls, heap);
  shed_hear_free(h);
}

int
main(void)
{
  static const int streams[] = {1, 8, 32, 64};
  print_memory();
  print_hops();
  shed_sound s = bench_varied(STREAM_SECONDS, 3);
  for (size_t i = 0; i < SHED_COUNTOF(streams); i++) {
    print_streams(&s, streams[i]);
  }
  shed_sound_free(&s);
  return 0;
}
