// What a live session costs and how soon it tells: a drill rendered, pushed 10 ms at a time as a sound card would. The colour of a note is
// counted from its onset in the sound; what the ear needs to be sure is most of it, so what the session adds is told beside it.
#include "app/session/library.h"
#include "app/session/practice.h"
#include "engine/audio/render.h"
#include "engine/base/clock.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RATE_HZ = 48000, BLOCK = 480, MOST = 200000, SEEDS = 6 };

typedef struct {
  double *x;
  size_t  n;
} samples;

static void
must(shed_status st)
{
  if (st != SHED_OK) {
    (void)fprintf(stderr, "bench_practice: %s\n", shed_status_text(st));
    exit(1);
  }
}

static double
now_ms(void)
{
  const shed_clock *c = shed_clock_system();
  return (double)c->mono_ns(c->ctx) / 1e6;
}

static size_t
heap_bytes(void)
{
  struct mallinfo2 m = mallinfo2();
  return m.uordblks + m.hblkhd;
}

static void
add(samples *s, double x)
{
  if (s->n < MOST) {
    s->x[s->n++] = x;
  }
}

static int
by_size(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
print(const char *what, samples *s, const char *unit)
{
  qsort(s->x, s->n, sizeof(*s->x), by_size);
  if (s->n > 0) {
    (void)printf("%-58s %8.2f %8.2f %8.2f %s (%zu)\n", what, s->x[s->n / 2],
                 s->x[(size_t)(.99 * (double)(s->n - 1))], s->x[s->n - 1], unit, s->n);
  }
}

typedef struct {
  shed_practice *p;
  samples        push, colour, judge;
  size_t         before_bytes; // of the heap
  double         most_bytes, longest_s, fresh_bytes;
} bench;

static void
drain(bench *b)
{
  shed_practice_event e;
  while (shed_practice_poll(b->p, &e)) {
    if (e.kind == SHED_PRACTICE_TELLS_NOTE && e.u.follow.kind == SHED_FOLLOW_PROVISIONAL) {
      add(&b->colour, 1000 * (e.u.follow.at_s - e.u.follow.onset_s));
    }
  }
}

static void
push_all(bench *b, const float *x, size_t n)
{
  shed_error err = {0};
  for (size_t i = 0; i + BLOCK <= n; i += BLOCK) {
    shed_practice_sound where  = {.at_frame = shed_practice_now(b->p)};
    const double        before = now_ms();
    must(shed_practice_push(b->p, &where, x + i, NULL, BLOCK, &err));
    drain(b);
    add(&b->push, now_ms() - before);
    while (shed_practice_behind_s(b->p) > .5) {
      (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
  }
}

static void
one_take(bench *b, const shed_course *course, const shed_profile *flute, uint64_t seed)
{
  shed_practice_settings how    = {.no_count_in = true, .go_on = true};
  shed_practice_command  start  = {.kind = SHED_PRACTICE_DO_START};
  shed_render_opts       opts   = {.rate_hz = RATE_HZ, .tail_s = .3};
  shed_prompt            prompt = {0};
  shed_policy            policy;
  shed_sound             sound = {0};
  shed_error             err   = {0};
  must(shed_course_prompt(course, "applied-instrumental/first-piece/tunes", flute, 1, seed, NULL, &prompt,
                          &err));
  must(shed_policy_preset(prompt.policy, &policy, &err));
  must(shed_render_line(&prompt.line, flute->gm_program, 37, &opts, NULL, &sound, &err));
  must(shed_practice_ready(b->p, &prompt, &policy, &how, &err));
  must(shed_practice_do(b->p, &start, &err));
  const double fresh = (double)heap_bytes() - (double)b->before_bytes;
  b->fresh_bytes     = fresh - (sound.n > 0 ? (double)(sound.n * sizeof(float)) : 0);
  push_all(b, sound.x, sound.n);
  const double bytes = (double)heap_bytes() - (double)b->before_bytes - (double)(sound.n * sizeof(float));
  if (bytes > b->most_bytes) {
    b->most_bytes = bytes;
    b->longest_s  = (double)sound.n / RATE_HZ;
  }
  must(shed_practice_end(b->p, &err));
  const double before = now_ms();
  must(shed_practice_judge(b->p, &err));
  add(&b->judge, now_ms() - before);
  drain(b);
  (void)printf("  %.0f s of music, score %.2f\n", (double)sound.n / RATE_HZ,
               shed_practice_verdict(b->p)->score);
  shed_sound_free(&sound);
}

int
main(void)
{
  shed_library      *lib = NULL;
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *drill;
  shed_profile       flute;
  shed_error         err  = {0};
  bench              b    = {.push   = {calloc(MOST, sizeof(double)), 0},
                             .colour = {calloc(MOST, sizeof(double)), 0},
                             .judge  = {calloc(MOST, sizeof(double)), 0}};
  shed_practice_opts opts = {.rate_hz = RATE_HZ, .latency_s = (double)NAN, .lag_free = true};
  must(b.push.x && b.colour.x && b.judge.x ? SHED_OK : SHED_E_NOMEM);
  must(shed_library_open(NULL, NULL, &lib, &err));
  must(shed_library_drill(lib, "applied-instrumental/first-piece/tunes", &course, &unit, &drill, &err));
  must(shed_profile_find("flute", &flute, &err));
  b.before_bytes = heap_bytes();
  must(shed_practice_new(&b.p, &opts, NULL, &err));
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    one_take(&b, course, &flute, seed);
  }
  (void)printf("%-58s %8s %8s %8s\n", "a live session", "median", "p99", "most");
  print("from a note's onset in the sound to its colour", &b.colour, "ms");
  print("of it the session's own: 10 ms of sound taken in", &b.push, "ms");
  print("verdict after the last sound", &b.judge, "ms");
  (void)printf("memory of one session when a take begins: %.2f MB\n", b.fresh_bytes / 1e6);
  (void)printf("memory of one session with a whole take of %.0f s: %.2f MB\n", b.longest_s,
               b.most_bytes / 1e6);
  shed_practice_free(b.p);
  shed_library_free(lib);
  free(b.push.x);
  free(b.colour.x);
  free(b.judge.x);
  return 0;
}
