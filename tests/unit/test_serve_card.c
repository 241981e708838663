// The keeper of the machine's sound card, on one that hands back what is played: whose it is, what is heard, what sounds, and what is
// told when the sound server dies.
#include "app/serve/card.h"

#include "engine/base/file.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/jack_server.h"
#include "tests/support/remove_folder.h"

#include <pthread.h>

#define JACK_API "JACK Audio Connection Kit"

enum { HEARD_MOST = 20 * JACK_RATE_HZ, PATIENCE = 2000 };

static pid_t server = -1;

#define NEED_JACK()                                                                                          \
  do {                                                                                                       \
    if (server < 0) {                                                                                        \
      print_message("skipped: jackd does not run here\n");                                                   \
      return;                                                                                                \
    }                                                                                                        \
  } while (0)

// A player who writes down what comes.
typedef struct {
  shed_card_player as;
  pthread_mutex_t  mutex;
  bool             may_lose;
  // under the mutex
  uint64_t stream, first, next, holes;
  size_t   n;
  int      lost, found;
  float   *mic, *given;
} player;

static void
sound(void *ctx, uint64_t stream, const shed_live_place *place, const float *mic, const float *given,
      size_t n)
{
  player *p = ctx;
  (void)pthread_mutex_lock(&p->mutex);
  if (stream != p->stream) {
    p->stream = stream;
    p->n      = 0;
    p->first = p->next = place->at_frame;
  }
  p->holes += place->at_frame - p->next;
  p->next = place->at_frame + n;
  for (size_t i = 0; i < n && p->n < HEARD_MOST; i++, p->n++) {
    p->mic[p->n]   = mic[i];
    p->given[p->n] = given ? given[i] : 0.0F;
  }
  (void)pthread_mutex_unlock(&p->mutex);
}

static void
told(void *ctx, bool lost, const char *text)
{
  player *p = ctx;
  assert_true(strlen(text) > 10);
  (void)pthread_mutex_lock(&p->mutex);
  p->lost += lost;
  p->found += !lost;
  (void)pthread_mutex_unlock(&p->mutex);
}

static bool
may_lose(void *ctx)
{
  return ((player *)ctx)->may_lose;
}

static void
player_begin(player *p)
{
  *p       = (player){.as = {.ctx = p, .sound = sound, .told = told, .may_lose = may_lose}};
  p->mic   = calloc(HEARD_MOST, sizeof(float));
  p->given = calloc(HEARD_MOST, sizeof(float));
  assert_non_null(p->mic);
  assert_non_null(p->given);
  (void)pthread_mutex_init(&p->mutex, NULL);
}

static void
player_end(player *p)
{
  (void)pthread_mutex_destroy(&p->mutex);
  free(p->mic);
  free(p->given);
}

// How many samples came; also until there are @p n of them.
static size_t
heard(player *p, size_t n)
{
  size_t have = 0;
  for (int i = 0; i < PATIENCE; i++) {
    (void)pthread_mutex_lock(&p->mutex);
    have = p->n;
    (void)pthread_mutex_unlock(&p->mutex);
    if (have >= n) {
      break;
    }
    jack_nap(5);
  }
  return have;
}

static shed_card *
card_new(void)
{
  shed_card *c   = NULL;
  shed_error err = {0};
  CHECK_STATUS(shed_card_new(&c, NULL, &err), SHED_OK);
  return c;
}

static const shed_card_wish loopback = {.input = "loopback", .output = "loopback", .api = JACK_API};

// The sound server of a busy machine gives up on clients that are held up, and is good for nothing then: up to three new ones.
static shed_status
open_card(shed_card *c, const player *p, const shed_card_wish *wish, shed_card_opened *opened,
          shed_error *err)
{
  shed_status st = shed_card_open(c, &p->as, wish, opened, err);
  for (int i = 0; i < 3 && st != SHED_OK; i++) {
    print_message("again with a new sound server: %s %s\n", err->where, err->what);
    jack_stop(server);
    server = jack_start();
    st     = shed_card_open(c, &p->as, wish, opened, err);
  }
  return st;
}

static void
what_is_played_comes_back_one_period_later_to_the_sample(void **state)
{
  player           p;
  shed_card_opened opened = {0};
  shed_devices     list   = {0};
  shed_error       err    = {0};
  shed_mixer      *mixer  = NULL;
  shed_metronome   m      = shed_metronome_of((shed_metre){4, 4}, 240);
  size_t           wrong = 0, loud = 0;
  (void)state;
  NEED_JACK();
  player_begin(&p);
  shed_card *c = card_new();
  CHECK_STATUS(shed_card_list(c, &list, &err), SHED_OK);
  assert_true(list.n >= 2);
  shed_devices_free(&list);
  assert_false(shed_card_held(c));
  CHECK_STATUS(open_card(c, &p, &loopback, &opened, &err), SHED_OK);
  assert_true(shed_card_held(c));
  assert_int_equal(opened.device.rate_hz, JACK_RATE_HZ);
  assert_string_equal(opened.device.input, "loopback");
  assert_false(opened.has_measured);
  CHECK_STATUS(shed_mixer_new(&mixer, JACK_RATE_HZ, NULL), SHED_OK);
  CHECK_STATUS(shed_mixer_metronome(mixer, &m, 0.0F), SHED_OK);
  shed_card_play(c, &p, mixer, 0);
  assert_true(heard(&p, 2 * (size_t)JACK_RATE_HZ) >= 2 * (size_t)JACK_RATE_HZ);
  uint64_t before = opened.stream;
  CHECK_STATUS(shed_card_open(c, &p.as, &loopback, &opened, &err), SHED_OK);
  assert_int_equal(opened.stream, before); // the same wish: the stream that runs
  shed_card_release(c, &p);
  size_t n = heard(&p, 0);
  jack_nap(200);
  assert_int_equal(heard(&p, 0), n); // nothing more once it is given back
  assert_int_equal(p.holes, 0);
  for (size_t i = 0; i + JACK_PERIOD < n; i++) {
    wrong += p.mic[i + JACK_PERIOD] != p.given[i];
    loud += p.given[i] > 0.05F || p.given[i] < -0.05F;
  }
  assert_int_equal(wrong, 0);
  assert_true(loud > 1000);       // the metronome did sound
  shed_card_play(c, &p, NULL, 0); // of who has no card: nothing
  shed_card_free(c);
  player_end(&p);
}

static void
it_belongs_to_one_at_a_time(void **state)
{
  player           ada, ben;
  shed_card_opened opened = {0};
  shed_error       err    = {0};
  shed_card_wish   silent = {.input = "loopback", .api = JACK_API, .silent = true};
  shed_card_wish   wrong  = {.input = "no such microphone"};
  (void)state;
  NEED_JACK();
  player_begin(&ada);
  player_begin(&ben);
  shed_card *c = card_new();
  CHECK_STATUS(open_card(c, &ada, &silent, &opened, &err), SHED_OK);
  assert_string_equal(opened.device.output, "");
  CHECK_STATUS(shed_card_open(c, &ben.as, &silent, &opened, &err), SHED_E_BUSY); // she is playing
  assert_non_null(strstr(err.what, "playing"));
  size_t n = heard(&ada, 0);
  assert_true(heard(&ada, n + JACK_RATE_HZ / 10) >= n + JACK_RATE_HZ / 10); // and goes on
  ada.may_lose = true;
  CHECK_STATUS(shed_card_open(c, &ben.as, &silent, &opened, &err), SHED_OK);
  assert_int_equal(ada.lost, 1);
  assert_true(heard(&ben, JACK_RATE_HZ / 10) >= JACK_RATE_HZ / 10);
  shed_card_release(c, &ada); // no longer hers: nothing
  assert_true(shed_card_held(c));
  CHECK_STATUS(shed_card_open(c, &ben.as, &wrong, &opened, &err), SHED_E_NODEV);
  assert_false(shed_card_held(c));
  shed_card_end(c);
  CHECK_STATUS(shed_card_open(c, &ben.as, &silent, &opened, &err), SHED_E_BUSY);
  shed_card_free(c);
  shed_card_free(NULL);
  player_end(&ada);
  player_end(&ben);
}

static void
what_was_measured_is_taken_off(void **state)
{
  player           p;
  shed_card_opened opened   = {0};
  shed_error       err      = {0};
  shed_latencies   all      = {0};
  char             folder[] = "/tmp/shed-card-XXXXXX";
  char             path[512];
  shed_latency     one = {.input     = "loopback",
                          .output    = "loopback",
                          .api       = JACK_API,
                          .rate_hz   = JACK_RATE_HZ,
                          .latency_s = (double)JACK_PERIOD / JACK_RATE_HZ,
                          .probes    = 8,
                          .heard     = 8};
  (void)state;
  NEED_JACK();
  assert_non_null(mkdtemp(folder));
  (void)setenv("XDG_CONFIG_HOME", folder, 1);
  CHECK_STATUS(shed_latencies_path(path, sizeof(path), &err), SHED_OK);
  CHECK_STATUS(shed_latencies_put(&all, &one), SHED_OK);
  CHECK_STATUS(shed_latencies_save(&all, path, &err), SHED_OK);
  shed_latencies_free(&all);
  player_begin(&p);
  shed_card *c = card_new();
  CHECK_STATUS(open_card(c, &p, &loopback, &opened, &err), SHED_OK);
  assert_true(opened.has_measured);
  CHECK_NEAR(opened.measured.latency_s, one.latency_s, 1e-6);
  assert_true(heard(&p, 1000) >= 1000);
  assert_int_equal(p.first, 0); // the round trip is gone
  shed_card_free(c);
  player_end(&p);
  remove_folder(folder);
}

// The last one: there is no server afterwards.
static void
a_sound_server_that_dies_is_told(void **state)
{
  player           p;
  shed_card_opened opened = {0};
  shed_error       err    = {0};
  int              lost   = 0;
  (void)state;
  NEED_JACK();
  player_begin(&p);
  shed_card *c = card_new();
  CHECK_STATUS(open_card(c, &p, &loopback, &opened, &err), SHED_OK);
  assert_true(heard(&p, 1000) >= 1000);
  jack_stop(server);
  server = -1;
  for (int i = 0; i < PATIENCE && !lost; i++) {
    jack_nap(5);
    (void)pthread_mutex_lock(&p.mutex);
    lost = p.lost;
    (void)pthread_mutex_unlock(&p.mutex);
  }
  assert_int_equal(lost, 1);
  shed_card_release(c, &p);
  shed_card_free(c);
  player_end(&p);
}

static void
every_failed_allocation_is_survived(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_card  *c  = NULL;
    shed_status st = shed_card_new(&c, &a.alloc, NULL);
    shed_card_free(c);
    sweep_status = st;
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_failed_allocation_is_survived),
      cmocka_unit_test(what_is_played_comes_back_one_period_later_to_the_sample),
      cmocka_unit_test(it_belongs_to_one_at_a_time),
      cmocka_unit_test(what_was_measured_is_taken_off),
      cmocka_unit_test(a_sound_server_that_dies_is_told),
  };
  (void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
  server     = jack_start();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  jack_stop(server);
  return failed;
}
