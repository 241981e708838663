// A live stream: first with the test as its driver, then on a sound card that hands back what is played.
#include "engine/audio/live.h"

#include "engine/audio/live_internal.h"
#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/jack_server.h"

enum { RATE = 48000, N = 300, TURNS = 500 };

// What sounds at a frame: a number that says which frame it is.
static float
sound_at(uint64_t frame)
{
  return (float)((double)(frame * 2654435761U % 65521U) / 65521.0 - 0.5);
}

static void
play_numbers(void *ctx, uint64_t at, float *out, size_t n)
{
  (void)ctx;
  for (size_t i = 0; i < n; i++) {
    out[i] = sound_at(at + i);
  }
}

static void
play_too_loud(void *ctx, uint64_t at, float *out, size_t n)
{
  (void)ctx;
  for (size_t i = 0; i < n; i++) {
    uint64_t k = (at + i) % 4;
    out[i]     = k == 0 ? 1.5F : k == 1 ? -7.0F : k == 2 ? (float)NAN : 0.25F;
  }
}

// A sound card that the test pulls out and plugs in.
typedef struct {
  bool        plugged;
  int         opened;
  atomic_int  closed;
  int         rate_hz;
  atomic_bool slow; // closing takes as long as this is true
} fake_card;

static shed_status
fake_open(shed_live *l, const char *api, const char *input, const char *output, shed_error *err)
{
  fake_card *f = l->driver_ctx;
  (void)api, (void)input, (void)output;
  if (!f->plugged) {
    return shed_fail(err, SHED_E_NODEV, "card", "is not there");
  }
  f->opened++;
  l->device.rate_hz = f->rate_hz;
  return SHED_OK;
}

static shed_status
fake_start(shed_live *l, shed_error *err)
{
  (void)l, (void)err;
  return SHED_OK;
}

static bool
fake_active(shed_live *l)
{
  const fake_card *f = l->driver_ctx;
  return f->plugged;
}

static void
fake_close(shed_live *l)
{
  fake_card *f = l->driver_ctx;
  while (f && atomic_load(&f->slow)) {
    jack_nap(1);
  }
  if (f) {
    atomic_fetch_add(&f->closed, 1);
  }
}

static const live_driver fake = {fake_open, fake_start, fake_active, fake_close, NULL};

static shed_live *
by_hand(const shed_live_opts *opts, int in, int out)
{
  shed_live *l = NULL;
  CHECK_OK(shed_live_make(&l, opts, &fake, NULL, NULL, NULL));
  CHECK_OK(shed_live_make_ring(l, RATE));
  l->device.input_channels  = in;
  l->device.output_channels = out;
  return l;
}

// A driver's block: the microphone says its own frame's number on channel 1, something else on channel 0.
static void
drive(shed_live *l, uint64_t from, size_t n, float *out, live_flags flags)
{
  float in[2 * 4096];
  for (size_t i = 0; i < n; i++) {
    in[2 * i]     = 9.0F;
    in[2 * i + 1] = (float)(from + i);
  }
  shed_live_block(l, in, out, n, flags);
}

static void
what_came_in_and_what_went_out_stand_side_by_side(void **state)
{
  (void)state;
  shed_live *l = by_hand(&(shed_live_opts){.capture = true, .play = play_numbers, .channel = 1}, 2, 2);
  float      out[2 * 3000], mic[N], given[N];
  uint64_t   at = 0;
  drive(l, 0, 3000, out, (live_flags){0});
  for (size_t i = 0; i < 3000; i++) {
    assert_true(out[2 * i] == sound_at(i) && out[2 * i + 1] == sound_at(i));
  }
  for (size_t n; at < 3000; at += n) {
    shed_live_place place;
    n = shed_live_read(l, mic, given, N, &place);
    assert_true(n > 0);
    assert_true(place.at_frame == at && place.missing == 0 && !place.torn);
    for (size_t i = 0; i < n; i++) {
      assert_true(mic[i] == (float)(at + i) && given[i] == sound_at(at + i));
    }
  }
  shed_live_free(l);
}

static void
what_the_reader_was_too_slow_for_is_told(void **state)
{
  (void)state;
  shed_live *l = by_hand(&(shed_live_opts){.capture = true, .ring_s = 1024.5 / RATE, .channel = 1}, 2, 0);
  float      mic[2000];
  shed_live_place place;
  drive(l, 0, 1500, NULL, (live_flags){0}); // 1024 fit
  assert_int_equal(shed_live_read(l, mic, NULL, 500, &place), 500);
  drive(l, 1500, 100, NULL, (live_flags){0});
  assert_int_equal(shed_live_read(l, mic, NULL, 1024, &place), 524);
  assert_true(place.missing == 0 && place.at_frame == 500 && mic[523] == 1023.0F);
  assert_int_equal(shed_live_read(l, mic, NULL, 1024, &place), 100);
  assert_true(place.missing == 476 && place.at_frame == 1500 && mic[0] == 1500.0F);
  assert_int_equal(shed_live_stats_now(l).missing, 476);
  assert_int_equal(shed_live_stats_now(l).frames, 1600);
  shed_live_free(l);
}

static void
what_the_driver_lost_is_told_at_its_place_once(void **state)
{
  (void)state;
  shed_live      *l = by_hand(&(shed_live_opts){.capture = true, .channel = 1}, 2, 0);
  float           mic[2000];
  shed_live_place place;
  drive(l, 0, 200, NULL, (live_flags){0});
  drive(l, 200, 200, NULL, (live_flags){.input_lost = true});
  assert_int_equal(shed_live_read(l, mic, NULL, 1000, &place), 200);
  assert_true(!place.torn);
  assert_int_equal(shed_live_read(l, mic, NULL, 1000, &place), 200);
  assert_true(place.torn && place.at_frame == 200);
  assert_int_equal(shed_live_read(l, mic, NULL, 1000, &place), 0);
  assert_true(!place.torn);
  drive(l, 400, 10, NULL, (live_flags){.output_lost = true});
  assert_int_equal(shed_live_read(l, mic, NULL, 1000, &place), 10);
  assert_true(!place.torn);
  for (int i = 0; i < 3 * LIVE_TORN; i++) { // more places than there is room for: counted, and nothing breaks
    drive(l, 0, 1, NULL, (live_flags){.input_lost = true});
  }
  assert_int_equal(shed_live_stats_now(l).torn, 1 + 3 * LIVE_TORN);
  assert_int_equal(shed_live_stats_now(l).stuttered, 1);
  size_t n = 0, all = 0;
  while ((n = shed_live_read(l, mic, NULL, 1000, &place)) > 0) {
    assert_true(place.torn || all >= LIVE_TORN);
    all += n;
  }
  assert_int_equal(all, 3 * LIVE_TORN);
  shed_live_free(l);
}

static void
the_latency_is_not_handed_out(void **state)
{
  (void)state;
  shed_live_opts  o = {.capture = true, .play = play_numbers, .channel = 1, .latency_s = 2500.0 / RATE};
  shed_live      *l = by_hand(&o, 2, 1);
  float           out[4096], mic[4096], given[4096];
  shed_live_place place;
  drive(l, 0, 2400, out, (live_flags){0});
  assert_int_equal(shed_live_read(l, mic, given, 4096, &place), 0);
  drive(l, 2400, 200, out, (live_flags){0});
  assert_int_equal(shed_live_read(l, mic, given, 4096, &place), 100);
  assert_true(place.at_frame == 0 && mic[0] == 2500.0F && given[0] == sound_at(2500));
  drive(l, 2600, 300, out, (live_flags){0});
  assert_int_equal(shed_live_read(l, mic, given, 4096, &place), 300);
  assert_true(place.at_frame == 100 && mic[0] == 2600.0F);
  shed_live_free(l);
}

static void
a_device_that_comes_back_finds_its_place_by_the_clock(void **state)
{
  (void)state;
  shed_hand_clock hand  = {.mono_ns = 5000000000};
  shed_clock      clock = shed_clock_by_hand(&hand);
  shed_live_opts  o     = {.capture = true, .play = play_numbers, .channel = 1, .clock = &clock};
  shed_live      *l     = by_hand(&o, 2, 1);
  float           out[4096], mic[4096], given[4096];
  shed_live_place place;
  uint64_t        frame;
  int64_t         ns;
  assert_false(shed_live_heard_now(l, &frame, &ns));
  drive(l, 0, 480, out, (live_flags){0});
  assert_true(shed_live_heard_now(l, &frame, &ns));
  assert_true(frame == 480 && ns == hand.mono_ns);
  hand.mono_ns += 2 * 1000000000LL; // two seconds, 480 frames of which were handed over
  atomic_store(&l->resumed, true);
  drive(l, 7, 480, out, (live_flags){0});
  assert_true(out[0] == sound_at(2 * RATE)); // what plays goes on where it should be by now
  assert_int_equal(shed_live_read(l, mic, given, 4096, &place), 480);
  assert_int_equal(shed_live_read(l, mic, given, 4096, &place), 480);
  assert_true(place.at_frame == 2 * RATE && place.missing == 2 * RATE - 480 && mic[0] == 7.0F);
  assert_true(given[0] == sound_at(2 * RATE));
  shed_live_free(l);
}

// The card is pulled out in mid-take and plugged in again 3 s later.
static void
a_lost_device_is_looked_for_and_found(void **state)
{
  (void)state;
  shed_hand_clock hand  = {.mono_ns = 1000000000};
  shed_clock      clock = shed_clock_by_hand(&hand);
  fake_card       card  = {.plugged = true, .rate_hz = RATE};
  shed_live_opts  o     = {.capture = true, .channel = 1, .clock = &clock};
  shed_error      err   = {0};
  shed_live      *l     = by_hand(&o, 2, 0);
  float           mic[4096];
  shed_live_place place;
  l->driver_ctx = &card;
  CHECK_OK(shed_live_start(l, NULL));
  for (uint64_t at = 0; at < 4800; at += 480) {
    hand.mono_ns += 10000000;
    drive(l, at, 480, NULL, (live_flags){0});
    assert_int_equal(shed_live_tend(l, &err), SHED_LIVE_RUNS);
  }
  assert_int_equal(shed_live_read(l, mic, NULL, 4096, &place) + shed_live_read(l, mic, NULL, 4096, &place),
                   2048);
  card.plugged = false;
  int n_lost   = 0;
  for (int i = 0; i < 30; i++) {
    hand.mono_ns += 100000000;
    n_lost += shed_live_tend(l, &err) == SHED_LIVE_LOST;
    jack_nap(2); // the closer is a thread
  }
  assert_int_equal(n_lost, 30);
  assert_non_null(strstr(err.what, "is gone"));
  card.plugged = true;
  card.rate_hz = 44100; // another one by the same name: not ours
  hand.mono_ns += 600000000;
  assert_int_equal(shed_live_tend(l, &err), SHED_LIVE_LOST);
  card.rate_hz = RATE;
  hand.mono_ns += 600000000;
  assert_int_equal(shed_live_tend(l, &err), SHED_LIVE_FOUND);
  assert_int_equal(shed_live_tend(l, &err), SHED_LIVE_RUNS);
  drive(l, 9, 480, NULL, (live_flags){0});
  size_t got = 0;
  while ((got = shed_live_read(l, mic, NULL, 4096, &place)) > 0 && !place.missing) {
  }
  assert_int_equal(got, 480);
  assert_int_equal(place.missing, (uint64_t)(4.2 * RATE) - 480);
  assert_true(mic[0] == 9.0F);
  assert_int_equal(shed_live_stats_now(l).lost, 1);
  shed_live_free(l);
  assert_int_equal(card.opened, 2);
}

// A sound server that died holds whoever closes its stream: we are not held.
static void
a_sound_system_that_hangs_holds_nobody(void **state)
{
  (void)state;
  static fake_card card; // outlives the stream
  shed_live       *l = by_hand(&(shed_live_opts){.capture = true, .channel = 1}, 2, 0);
  float            mic[16];
  shed_live_place  place;
  l->driver_ctx = &card;
  atomic_store(&card.slow, true);
  CHECK_OK(shed_live_start(l, NULL));
  drive(l, 0, 16, NULL, (live_flags){0});
  assert_int_equal(shed_live_tend(l, NULL), SHED_LIVE_RUNS);
  assert_int_equal(shed_live_tend(l, NULL), SHED_LIVE_LOST);
  assert_int_equal(shed_live_tend(l, NULL), SHED_LIVE_LOST);
  assert_int_equal(shed_live_read(l, mic, NULL, 16, &place), 16);
  shed_live_free(l); // the closer frees it in the end
  assert_int_equal(atomic_load(&card.closed), 0);
  atomic_store(&card.slow, false);
  for (int i = 0; i < 1000 && atomic_load(&card.closed) == 0; i++) {
    jack_nap(1);
  }
  jack_nap(5);
  assert_int_equal(atomic_load(&card.closed), 1);
}

static void
nothing_beyond_full_scale_reaches_the_loudspeaker(void **state)
{
  (void)state;
  shed_live *l = by_hand(&(shed_live_opts){.play = play_too_loud}, 0, 1);
  float      out[8];
  shed_live_block(l, NULL, out, 8, (live_flags){0});
  assert_true(out[0] == 1.0F && out[1] == -1.0F && out[2] == 0.0F && out[3] == 0.25F);
  assert_int_equal(shed_live_stats_now(l).clipped, 6);
  shed_live_place place;
  assert_int_equal(shed_live_read(l, out, NULL, 8, &place), 0); // it does not record
  shed_live_free(l);
}

static void
wrong_wishes_are_refused(void **state)
{
  (void)state;
  const shed_live_opts bad[] = {
      {0},
      {.capture = true, .rate_hz = 7999},
      {.capture = true, .rate_hz = 192001},
      {.capture = true, .channel = -1},
      {.capture = true, .channel = 32},
      {.capture = true, .ring_s = -1},
      {.capture = true, .ring_s = NAN},
      {.capture = true, .latency_s = 3},
      {.capture = true, .buffer_s = 2},
      {.capture = true, .block_frames = -1},
  };
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    shed_live *l   = NULL;
    shed_error err = {0};
    CHECK_STATUS(shed_live_open(&l, &bad[i], NULL, &err), SHED_E_RANGE);
    assert_null(l);
    assert_true(err.what[0] != '\0');
  }
  shed_live_free(NULL);
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_live *l = NULL;
    sweep_status = shed_live_make(&l, &(shed_live_opts){.capture = true}, &fake, NULL, &a.alloc, NULL);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_live_make_ring(l, RATE);
    }
    shed_live_free(l);
  });
}

// -- on the loopback --------------------------------------------------------------------------------------------------

typedef struct {
  shed_live *live;
  uint64_t   frames, missing, wrong,
      gaps;     // read so far; samples that are not what was played lag frames before
  uint64_t lag; // found from the first sound
  bool     found;
  int      tried;

} round_trip;

static shed_live *
open_loopback(const shed_live_opts *more)
{
  shed_live_opts o   = *more;
  shed_live     *l   = NULL;
  shed_error     err = {0};
  o.api              = "JACK Audio Connection Kit";
  o.input            = "loopback";
  o.output           = "LOOP"; // a part of the name does
  if (shed_live_open(&l, &o, NULL, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return l;
}

// The round trip in frames: where the first samples that are not silence stand in what was given.
static void
find_lag(round_trip *t, uint64_t at, const float *mic, size_t n)
{
  for (size_t i = 0; i + 1 < n && !t->found; i++) {
    t->tried += mic[i] != 0.0F;
    assert_true(t->tried < 300); // what comes back is not what was played
    for (uint64_t lag = 0; lag <= at + i && mic[i] != 0.0F && lag < 4096 && !t->found; lag++) {
      t->found = mic[i] == sound_at(at + i - lag) && mic[i + 1] == sound_at(at + i + 1 - lag);
      t->lag   = lag;
    }
  }
}

static void
read_round_trip(round_trip *t)
{
  float           mic[441], given[441];
  shed_live_place place;
  size_t          n;
  while ((n = shed_live_read(t->live, mic, given, 441, &place)) > 0) {
    assert_true(place.at_frame == t->frames + place.missing);
    t->frames = place.at_frame + n;
    t->missing += place.missing;
    t->gaps += place.missing > 0;
    find_lag(t, place.at_frame, mic, n);
    for (size_t i = 0; i < n; i++) {
      uint64_t at = place.at_frame + i;
      assert_true(given[i] == sound_at(at));
      t->wrong += t->found && at >= t->lag && mic[i] != sound_at(at - t->lag);
    }
  }
}

static void
the_round_trip_is_exact(void **state)
{
  pid_t server = *(pid_t *)*state;
  if (server < 0) {
    print_message("skipped: jackd does not run here\n");
    skip();
  }
  const int blocks[] = {0, 480};
  for (int k = 0; k < 2; k++) {
    round_trip t = {0};
    t.live =
        open_loopback(&(shed_live_opts){.capture = true, .play = play_numbers, .block_frames = blocks[k]});
    assert_int_equal(shed_live_device_of(t.live)->rate_hz, JACK_RATE_HZ);
    assert_string_equal(shed_live_device_of(t.live)->input, "loopback");
    CHECK_OK(shed_live_start(t.live, NULL));
    for (int i = 0; i < TURNS && t.frames < RATE; i++) {
      read_round_trip(&t);
      assert_int_equal(shed_live_tend(t.live, NULL), SHED_LIVE_RUNS);
      jack_nap(20);
    }
    shed_live_stop(t.live);
    read_round_trip(&t);
    shed_live_stats stats = shed_live_stats_now(t.live);
    print_message("block %d: %.2f s, round trip %d frames, %d wrong, %d missing, %d torn, longest %.1f ms\n",
                  blocks[k], (double)t.frames / RATE, (int)t.lag, (int)t.wrong, (int)t.missing,
                  (int)stats.torn, (double)stats.longest_ns / 1e6);
    assert_true(t.found && t.frames >= RATE);
    assert_int_equal(t.wrong, 0);
    assert_int_equal(t.missing, 0);
    assert_int_equal(t.lag, blocks[k] ? blocks[k] + JACK_PERIOD : JACK_PERIOD);
    assert_int_equal(stats.lost, 0);
    shed_live_free(t.live);
  }
}

static void
a_reader_that_sleeps_is_told_what_it_missed(void **state)
{
  if (*(pid_t *)*state < 0) {
    skip();
  }
  round_trip t = {0};
  t.live       = open_loopback(&(shed_live_opts){.capture = true, .play = play_numbers, .ring_s = 0.1});
  CHECK_OK(shed_live_start(t.live, NULL));
  for (int i = 0; i < TURNS && !t.found; i++) {
    jack_nap(10);
    read_round_trip(&t);
  }
  for (int i = 0; i < TURNS && shed_live_stats_now(t.live).missing == 0; i++) {
    jack_nap(10); // asleep until there is no more room
  }
  for (int i = 0; i < TURNS && t.gaps == 0; i++) {
    read_round_trip(&t);
    jack_nap(10);
  }
  print_message("%d frames missing in %d gaps\n", (int)t.missing, (int)t.gaps);
  assert_true(t.found && t.gaps >= 1);
  assert_true(t.missing > 0);
  assert_int_equal(t.wrong, 0); // what is there stands in its place
  shed_live_free(t.live);
}

// The sound server dies in mid-take: told within a second, what was recorded is there, and nobody is held by it.
static void
a_sound_card_that_goes_is_told(void **state)
{
  pid_t *server = *state;
  if (*server < 0) {
    skip();
  }
  round_trip t    = {0};
  shed_error err  = {0};
  int        lost = 0, turns = 0;
  t.live = open_loopback(&(shed_live_opts){.capture = true, .play = play_numbers});
  CHECK_OK(shed_live_start(t.live, NULL));
  for (int i = 0; i < TURNS && t.frames < RATE / 2; i++) {
    jack_nap(20);
    read_round_trip(&t);
  }
  jack_stop(*server);
  *server = -1;
  for (; turns < 400 && !lost; turns++) {
    jack_nap(10);
    lost = shed_live_tend(t.live, &err) == SHED_LIVE_LOST;
  }
  read_round_trip(&t);
  print_message("told after %d ms, %.2f s recorded, %d wrong\n", 10 * turns, (double)t.frames / RATE,
                (int)t.wrong);
  assert_true(lost && turns <= 100);
  assert_non_null(strstr(err.what, "is gone"));
  assert_string_equal(err.where, "loopback");
  assert_int_equal(t.wrong, 0);
  assert_int_equal(shed_live_tend(t.live, &err), SHED_LIVE_LOST);
  shed_live_free(t.live);
}

static void
a_wrong_name_or_rate_is_told_with_what_is_there(void **state)
{
  if (*(pid_t *)*state < 0) {
    skip();
  }
  shed_live *l   = NULL;
  shed_error err = {0};
  CHECK_STATUS(shed_live_open(&l, &(shed_live_opts){.capture = true, .input = "trombone"}, NULL, &err),
               SHED_E_NODEV);
  assert_string_equal(err.where, "trombone");
  assert_non_null(strstr(err.what, "loopback"));
  shed_live_opts o = {.capture = true, .input = "loopback", .rate_hz = 11025};
  CHECK_STATUS(shed_live_open(&l, &o, NULL, &err), SHED_E_UNSUPPORTED);
  assert_non_null(strstr(err.what, "48000"));
  o = (shed_live_opts){.capture = true, .input = "loopback", .channel = 7};
  CHECK_STATUS(shed_live_open(&l, &o, NULL, &err), SHED_E_NODEV);
  assert_null(l);
}

int
main(void)
{
  static pid_t server;
  static void *shared             = &server;
  server                          = jack_start();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_came_in_and_what_went_out_stand_side_by_side),
      cmocka_unit_test(what_the_reader_was_too_slow_for_is_told),
      cmocka_unit_test(what_the_driver_lost_is_told_at_its_place_once),
      cmocka_unit_test(the_latency_is_not_handed_out),
      cmocka_unit_test(a_device_that_comes_back_finds_its_place_by_the_clock),
      cmocka_unit_test(a_lost_device_is_looked_for_and_found),
      cmocka_unit_test(a_sound_system_that_hangs_holds_nobody),
      cmocka_unit_test(nothing_beyond_full_scale_reaches_the_loudspeaker),
      cmocka_unit_test(wrong_wishes_are_refused),
      cmocka_unit_test(memory_may_run_out),
      cmocka_unit_test_prestate(the_round_trip_is_exact, shared),
      cmocka_unit_test_prestate(a_reader_that_sleeps_is_told_what_it_missed, shared),
      cmocka_unit_test_prestate(a_wrong_name_or_rate_is_told_with_what_is_there, shared),
      cmocka_unit_test_prestate(a_sound_card_that_goes_is_told, shared),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  jack_stop(server);
  return failed;
}
