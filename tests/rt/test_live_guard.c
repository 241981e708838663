// Nothing that the callback of a live stream does allocates, locks or goes to a file; nor what its reader does.
#include "engine/audio/live.h"
#include "engine/audio/live_internal.h"
#include "engine/audio/mixer.h"
#include "engine/audio/recorder.h"
#include "tests/rt/guard.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 256, BLOCKS = 400, CHANNELS = 2 };

static shed_status
no_device(shed_live *l, const char *api, const char *input, const char *output, shed_error *err)
{
  (void)l, (void)api, (void)input, (void)output;
  return shed_fail(err, SHED_E_NODEV, "test", "is not there");
}

static shed_status
no_start(shed_live *l, shed_error *err)
{
  (void)l, (void)err;
  return SHED_OK;
}

static bool
no_activity(shed_live *l)
{
  (void)l;
  return true;
}

static void
no_close(shed_live *l)
{
  (void)l;
}

static void
play_ramp(void *ctx, uint64_t at, float *out, size_t n)
{
  (void)ctx;
  for (size_t i = 0; i < n; i++) {
    out[i] = (float)((at + i) % 1000) / 400.0F; // beyond full scale, too
  }
}

// Every way through the callback: kept, too much for the ring, torn, stuttered, back after a loss, silence in.
static void
the_callback_neither_allocates_nor_locks(void **state)
{
  (void)state;
  const live_driver none = {no_device, no_start, no_activity, no_close, NULL};
  shed_live_opts    o    = {.capture = true, .play = play_ramp, .ring_s = 0.02, .latency_s = 0.01};
  shed_live        *l    = NULL;
  float             in[CHANNELS * BLOCK] = {0}, out[CHANNELS * BLOCK], mic[BLOCK], given[BLOCK];
  uint64_t          got = 0, missing = 0, torn = 0, frame;
  int64_t           ns;
  CHECK_OK(shed_live_make(&l, &o, &none, NULL, NULL, NULL));
  CHECK_OK(shed_live_make_ring(l, 48000));
  l->device.input_channels = l->device.output_channels = CHANNELS;
  for (int i = 0; i < BLOCKS; i++) {
    PaStreamCallbackFlags flags = i % 7 == 3 ? paInputOverflow : i % 11 == 5 ? paOutputUnderflow : 0;
    atomic_store(&l->resumed, i % 50 == 20);
    guard_enter();
    assert_int_equal(shed_live_callback(i % 13 ? in : NULL, out, BLOCK, NULL, flags, l), paContinue);
    shed_live_place place;
    while (i % 10 > 4 && (frame = shed_live_read(l, mic, given, BLOCK, &place)) > 0) {
      got += frame;
      missing += place.missing;
      torn += place.torn;
    }
    (void)shed_live_heard_now(l, &frame, &ns);
    assert_int_equal(guard_leave(), 0);
  }
  assert_true(got > 0 && missing > 0 && torn > 0);
  shed_live_free(l);
}

// What plays, with all kinds of clicks and a gain that moves; and what hands the take to the recorder.
static void
playing_and_recording_neither_allocate_nor_lock(void **state)
{
  (void)state;
  shed_mixer    *m        = NULL;
  shed_recorder *rec      = NULL;
  shed_metronome mt       = shed_metronome_of((shed_metre){7, 8}, 200);
  char           folder[] = "/tmp/woodshed_guard_XXXXXX", path[64];
  float          x[BLOCK], out[BLOCK];
  int            track;
  for (int i = 0; i < BLOCK; i++) {
    x[i] = 0.1F;
  }
  mt.parts = 4;
  assert_non_null(mkdtemp(folder));
  (void)snprintf(path, sizeof(path), "%s/t.flac", folder);
  CHECK_OK(shed_mixer_new(&m, 48000, NULL));
  CHECK_OK(shed_mixer_add(m, x, BLOCK, 1000, 0.0F, &track));
  CHECK_OK(shed_mixer_metronome(m, &mt, -3.0F));
  CHECK_OK(shed_recorder_open(&rec, path, 48000, NULL, NULL));
  for (int i = 0; i < BLOCKS; i++) {
    guard_enter();
    shed_mixer_gain(m, i % 2 ? track : SHED_MIXER_CLICKS, -0.1F * (float)i);
    shed_mixer_run(m, (uint64_t)i * BLOCK, out, BLOCK);
    shed_recorder_skip(rec, i % 100 == 50 ? 10 : 0);
    shed_recorder_push(rec, out, BLOCK);
    out[0] = shed_recorder_sample(out[0]);
    (void)shed_recorder_now(rec);
    assert_int_equal(guard_leave(), 0);
  }
  CHECK_OK(shed_recorder_finish(rec, NULL, NULL));
  shed_recorder_free(rec);
  shed_mixer_free(m);
  (void)unlink(path);
  (void)rmdir(folder);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_callback_neither_allocates_nor_locks),
      cmocka_unit_test(playing_and_recording_neither_allocate_nor_lock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
