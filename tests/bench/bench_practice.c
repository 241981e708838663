// What a live session costs and how soon it tells: a drill rendered, pushed 10 ms at a time as a sound card would. The colour of a note is
// counted from its onset in the sound; what the ear needs to be sure is most of it, so what the session adds is told beside it. Then the same on a
// sound card (the tests' own: 256 frames at 48 kHz, what is played comes back), in the terminal's own loop.
#include "app/cli/practice_room.h"
#include "app/session/library.h"
#include "app/session/practice.h"
#include "engine/audio/live.h"
#include "engine/audio/recorder.h"
#include "engine/audio/render.h"
#include "engine/audio/stage.h"
#include "engine/base/clock.h"
#include "tests/support/jack_server.h"

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

// -- on a sound card -----------------------------------------------------------------------------------------------------

// A colour: when it was there, and when the callback had brought the sound that it was told by.
typedef struct {
  double at_s, onset_s; // in the take
  double beyond_ms;     // the callback
} coloured;

enum { COLOURED = 400, STATED_MS = 100 }; // hear.h: a settled onset is told so long after the sound began

typedef struct {
  shed_practice *p;
  shed_live     *live;
  shed_stage    *stage;
  float         *x; // the take
  size_t         n, cap;
  uint64_t       from;
  coloured       notes[COLOURED];
  size_t         n_notes;
  double         last_sound_ms, result_ms; // by the clock
  samples        beyond, after_stated, after_ear, verdict;
} card;

static void
on_card_event(card *c, const shed_practice_event *e)
{
  uint64_t frame;
  int64_t  ns;
  if (e->kind == SHED_PRACTICE_TELLS_RESULT) {
    c->result_ms = now_ms();
  }
  if (e->kind != SHED_PRACTICE_TELLS_NOTE || e->u.follow.kind != SHED_FOLLOW_PROVISIONAL ||
      c->n_notes == COLOURED || !shed_live_heard_now(c->live, &frame, &ns)) {
    return;
  }
  const double older_ms = 1000.0 * ((double)frame - (double)e->at_frame) / JACK_RATE_HZ;
  c->notes[c->n_notes++] =
      (coloured){e->u.follow.at_s, e->u.follow.onset_s, now_ms() - (double)ns / 1e6 + older_ms};
}

static void
read_card(card *c)
{
  float               mic[BLOCK];
  shed_live_place     place;
  shed_error          err = {0};
  shed_practice_event e;
  size_t              n;
  while ((n = shed_live_read(c->live, mic, NULL, BLOCK, &place)) > 0) {
    shed_practice_sound where = {place.at_frame, place.missing, place.torn};
    must(shed_practice_push(c->p, &where, mic, NULL, n, &err));
    for (size_t i = 0; i < n && c->n < c->cap && place.at_frame + i >= c->from; i++) {
      c->x[c->n++] = shed_recorder_sample(mic[i]);
    }
  }
  shed_practice_tick(c->p);
  while (shed_practice_poll(c->p, &e)) {
    on_card_event(c, &e);
  }
}

// What the ear by itself told of the same sound: its settled onset nearest to each note. A colour waits for that.
static void
compare_with_ear(card *c)
{
  double        *told = calloc(c->n_notes + 1, sizeof(*told)), *off = calloc(c->n_notes + 1, sizeof(*off));
  shed_hear     *h    = NULL;
  shed_hear_opts opts = {.rate_hz = JACK_RATE_HZ};
  shed_event     e;
  must(told && off ? shed_hear_new(&h, &opts, NULL) : SHED_E_NOMEM);
  for (size_t at = 0; at < c->n; at += BLOCK) {
    shed_hear_push(h, c->x + at, c->n - at < BLOCK ? c->n - at : BLOCK);
    while (shed_hear_poll(h, &e)) {
      for (size_t i = 0; e.kind == SHED_EVENT_ONSET && i < c->n_notes; i++) {
        const double by = fabs(e.time_s - c->notes[i].onset_s);
        if (by < .08 && (off[i] == 0 || by < off[i])) {
          off[i]  = by + 1e-9;
          told[i] = (double)e.at_frame / JACK_RATE_HZ;
        }
      }
    }
  }
  for (size_t i = 0; i < c->n_notes; i++) {
    add(&c->beyond, c->notes[i].beyond_ms);
    add(&c->after_stated,
        1000 * (c->notes[i].at_s - c->notes[i].onset_s) + c->notes[i].beyond_ms - STATED_MS);
    if (off[i] > 0) {
      add(&c->after_ear, 1000 * (c->notes[i].at_s - told[i]) + c->notes[i].beyond_ms);
    }
  }
  shed_hear_free(h);
  free(told);
  free(off);
}

static void
one_card_take(card *c, const shed_course *course, const shed_profile *flute, uint64_t seed)
{
  shed_practice_settings how    = {.no_count_in = true};
  shed_practice_command  start  = {.kind = SHED_PRACTICE_DO_START};
  shed_prompt            prompt = {0};
  shed_policy            policy;
  shed_mixer            *mixer = NULL;
  shed_error             err   = {0};
  must(shed_course_prompt(course, "applied-instrumental/first-piece/tunes", flute, 1, seed, NULL, &prompt,
                          &err));
  must(shed_policy_preset(prompt.policy, &policy, &err));
  must(shed_mixer_new(&mixer, JACK_RATE_HZ, NULL));
  must(shed_mixer_add_line(mixer, &prompt.line, flute->gm_program, 37, 0, 0.0F, NULL, &err));
  const uint64_t length = (uint64_t)(prompt.line.length_s * JACK_RATE_HZ);
  must(shed_practice_ready(c->p, &prompt, &policy, &how, &err));
  read_card(c);
  c->n = c->n_notes = 0;
  c->from           = shed_practice_now(c->p);
  c->result_ms      = 0;
  must(shed_practice_do(c->p, &start, &err));
  const uint64_t begins = c->from + JACK_RATE_HZ / 2;
  shed_stage_play(c->stage, mixer, begins);
  while (c->result_ms == 0) {
    read_card(c);
    if (shed_practice_now(c->p) < begins + length) {
      c->last_sound_ms = now_ms();
    }
    if (shed_practice_due(c->p)) {
      must(shed_practice_judge(c->p, &err));
    }
    (void)nanosleep(&(struct timespec){.tv_nsec = SHED_ROOM_TURN_NS}, NULL);
  }
  add(&c->verdict, c->result_ms - c->last_sound_ms);
  compare_with_ear(c);
}

static void
on_a_card(const shed_course *course, const shed_profile *flute)
{
  enum { TAKES = 3, LONGEST_S = 120 };
  card               c      = {.cap          = (size_t)LONGEST_S * JACK_RATE_HZ,
                               .beyond       = {calloc(MOST, sizeof(double)), 0},
                               .after_stated = {calloc(MOST, sizeof(double)), 0},
                               .after_ear    = {calloc(MOST, sizeof(double)), 0},
                               .verdict      = {calloc(MOST, sizeof(double)), 0}};
  shed_practice_opts opts   = {.rate_hz = JACK_RATE_HZ, .latency_s = (double)NAN, .lag_free = true};
  shed_error         err    = {0};
  pid_t              server = jack_start_as(true);
  if (server < 0) {
    (void)printf("on a sound card: skipped, jackd does not run here\n");
    return;
  }
  c.x = calloc(c.cap, sizeof(*c.x));
  must(c.x && c.beyond.x && c.after_stated.x && c.after_ear.x && c.verdict.x ? SHED_OK : SHED_E_NOMEM);
  must(shed_stage_new(&c.stage, NULL));
  shed_live_opts live = {.input    = "loopback",
                         .output   = "loopback",
                         .capture  = true,
                         .play     = shed_stage_run,
                         .play_ctx = c.stage};
  must(shed_live_open(&c.live, &live, NULL, &err));
  must(shed_practice_new(&c.p, &opts, NULL, &err));
  must(shed_live_start(c.live, &err));
  for (uint64_t seed = 1; seed <= TAKES; seed++) {
    one_card_take(&c, course, flute, seed);
  }
  (void)printf("%-58s %8s %8s %8s\n", "on a sound card, 256 frames, in the terminal's loop", "median", "p99",
               "most");
  print("colour after the callback that brought its last sample", &c.beyond, "ms");
  (void)printf("the ear's stated lag, a settled onset of a plain attack: %d ms\n", STATED_MS);
  print("colour after the note began, beyond device and stated lag", &c.after_stated, "ms");
  print("colour after the device and the ear's own settled onset", &c.after_ear, "ms");
  print("verdict after the last note's end, the take ends by itself", &c.verdict, "ms");
  shed_live_free(c.live);
  shed_practice_free(c.p);
  shed_stage_free(c.stage);
  jack_stop(server);
  free(c.x);
  free(c.beyond.x);
  free(c.after_stated.x);
  free(c.after_ear.x);
  free(c.verdict.x);
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
  on_a_card(course, &flute);
  shed_library_free(lib);
  free(b.push.x);
  free(b.colour.x);
  free(b.judge.x);
  return 0;
}
