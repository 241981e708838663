// The peers are given a fair chance: each hears a plain tone where it is, and a step at its time; what the cache holds is
// what was put into it.
#include "tests/accuracy/pitch_cache.h"
#include "tests/accuracy/pitch_peers.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

enum { STEP_FRAME = 60, FRAMES = 120, N = FRAMES * PITCH_HOP };
static const double LOW_HZ = 220, HIGH_HZ = 330, TAU = 6.283185307179586;

// Five partials; the pitch jumps up at STEP_FRAME.
static float *
step_tone(void)
{
  float *x     = calloc(N, sizeof(*x));
  double phase = 0;
  assert_non_null(x);
  for (int i = 0; i < N; i++) {
    phase += TAU * (i < STEP_FRAME * PITCH_HOP ? LOW_HZ : HIGH_HZ) / PITCH_RATE_HZ;
    for (int k = 1; k <= 5; k++) {
      x[i] += (float)(0.2 / k * sin(k * phase));
    }
  }
  return x;
}

static void
every_peer_hears_a_step_at_its_time(void **state)
{
  (void)state;
  float *x = step_tone();
  for (size_t p = 0; p < pitch_peer_count(); p++) {
    const pitch_peer *peer         = pitch_peer_at(p);
    pitch_point       said[FRAMES] = {{0, 0}};
    pitch_job         job          = {x, N, said, FRAMES};
    char              version[96];
    if (!pitch_peer_version(peer, version, sizeof(version))) {
      print_message("%s: skipped: not installed\n", peer->name);
      continue;
    }
    assert_true(peer->hear(peer, &job, 1));
    CHECK_NEAR((double)said[STEP_FRAME - 20].f0_hz, LOW_HZ, 4);
    CHECK_NEAR((double)said[STEP_FRAME + 20].f0_hz, HIGH_HZ, 4);
    int half = 20; // before, the first window is not full
    while (half < FRAMES && (double)said[half].f0_hz < 275) {
      half++;
    }
    CHECK_NEAR(half, STEP_FRAME, 5); // half a long window
  }
  free(x);
}

static void
a_kept_track_comes_back_and_another_sound_does_not(void **state)
{
  (void)state;
  float      *x = step_tone();
  pitch_point kept[FRAMES], back[FRAMES] = {{0, 0}};
  for (int f = 0; f < FRAMES; f++) {
    kept[f] = (pitch_point){(float)f, 0.5F};
  }
  pitch_job   put = {x, N, kept, FRAMES}, get = {x, N, back, FRAMES}, shorter = {x, N, back, FRAMES - 1};
  shed_sha256 key   = pitch_cache_key("peer 1", &put);
  char        dir[] = "/tmp/pitch-cache-XXXXXX", path[200];
  assert_non_null(mkdtemp(dir));
  assert_false(pitch_cache_get(dir, &key, &get));
  pitch_cache_put(dir, &key, &put);
  assert_true(pitch_cache_get(dir, &key, &get));
  assert_memory_equal(kept, back, sizeof(kept));
  assert_false(pitch_cache_get(dir, &key, &shorter));
  shed_sha256 newer = pitch_cache_key("peer 2", &put);
  assert_false(pitch_cache_get(dir, &newer, &get));
  x[N / 2] += 1e-3F;
  shed_sha256 other = pitch_cache_key("peer 1", &put);
  assert_string_not_equal(key.text, other.text);
  snprintf(path, sizeof(path), "%s/%s", dir, key.text);
  assert_int_equal(truncate(path, 100), 0); // as after a full disk
  assert_false(pitch_cache_get(dir, &key, &get));
  unlink(path);
  rmdir(dir);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_peer_hears_a_step_at_its_time),
      cmocka_unit_test(a_kept_track_comes_back_and_another_sound_does_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
