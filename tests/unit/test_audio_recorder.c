// A take on its way to the disk: what was pushed is what the file holds, byte for byte its stored form; a disk that is full
// for a while loses nothing; what is missing is silence, and told.
#include "engine/audio/recorder.h"

#include "engine/audio/file.h"
#include "engine/base/file.h"
#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RATE = 44100, N = 3 * RATE + 77 };

static char folder[64];

static void
path_of(char *buf, size_t size, const char *name)
{
  (void)snprintf(buf, size, "%s/%s", folder, name);
}

static int
make_folder(void **state)
{
  (void)state;
  (void)snprintf(folder, sizeof(folder), "/tmp/woodshed_recorder_XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
  static const char *const names[] = {"take.flac", "take.flac.part", "same.flac", "same.wav"};
  char                     path[128];
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    path_of(path, sizeof(path), names[i]);
    (void)unlink(path);
  }
  return rmdir(folder);
}

// Noise that swells, with what no sound card should give in it.
static float *
make_sound(void)
{
  float   *x = malloc(N * sizeof(float));
  shed_rng rng;
  shed_rng_seed(&rng, 5, 5);
  assert_non_null(x);
  for (int i = 0; i < N; i++) {
    x[i] = (float)(0.3 * sin((double)i / 20000.0) * shed_rng_normal(&rng));
  }
  x[1000] = 1.5F;
  x[1001] = -2.0F;
  x[1002] = (float)NAN;
  return x;
}

static void
nap(void)
{
  struct timespec t = {.tv_nsec = 5000000};
  (void)nanosleep(&t, NULL);
}

// As fast as the writer takes it.
static void
push_all(shed_recorder *rec, const float *x, size_t n)
{
  for (size_t at = 0; at < n;) {
    size_t some = n - at < 441 ? n - at : 441;
    shed_recorder_push(rec, x + at, some);
    at += some;
    while (at > shed_recorder_now(rec).frames + RATE) {
      nap();
    }
  }
}

static void
the_file_is_the_stored_form_of_what_was_pushed(void **state)
{
  (void)state;
  shed_recorder *rec = NULL;
  float         *x   = make_sound();
  char           path[128], same[128];
  shed_sha256    mine, theirs, none;
  shed_sound     back = {0};
  shed_error     err  = {0};
  path_of(path, sizeof(path), "take.flac");
  path_of(same, sizeof(same), "same.wav");
  CHECK_OK(shed_recorder_open(&rec, path, RATE, NULL, &err));
  push_all(rec, x, N);
  CHECK_OK(shed_recorder_finish(rec, &mine, &err));
  CHECK_STATUS(shed_recorder_finish(rec, &none, &err), SHED_E_STATE);
  assert_int_equal(shed_recorder_now(rec).frames, N);
  const shed_recorder_gap *gaps;
  assert_int_equal(shed_recorder_gaps(rec, &gaps), 0);
  shed_recorder_free(rec);

  // the same samples from a file give the same bytes
  CHECK_OK(shed_sound_save(same, x, N, RATE, &err));
  CHECK_OK(shed_sound_load(same, NULL, NULL, &back, &theirs, &err));
  shed_sound_free(&back);
  assert_string_equal(mine.text, theirs.text);
  CHECK_OK(shed_sound_load(path, NULL, NULL, &back, NULL, &err));
  assert_int_equal(back.n, N);
  for (size_t i = 0; i < N; i++) {
    assert_true(back.x[i] == shed_recorder_sample(x[i]));
  }
  shed_sound_free(&back);
  struct stat s;
  assert_int_equal(stat(path, &s), 0);
  assert_int_equal(s.st_mode & 0777, 0600);
  (void)unlink(path);
  free(x);
}

static void
what_is_missing_is_silence_and_told(void **state)
{
  (void)state;
  shed_recorder *rec = NULL;
  float         *x   = make_sound();
  char           path[128];
  shed_sound     back = {0};
  path_of(path, sizeof(path), "take.flac");
  CHECK_OK(shed_recorder_open(&rec, path, RATE, NULL, NULL));
  shed_recorder_push(rec, x, 5000);
  shed_recorder_skip(rec, 10000);
  shed_recorder_push(rec, x + 15000, 3000);
  CHECK_OK(shed_recorder_finish(rec, NULL, NULL));
  const shed_recorder_gap *gaps;
  assert_int_equal(shed_recorder_gaps(rec, &gaps), 1);
  assert_int_equal(gaps[0].at_frame, 5000);
  assert_int_equal(gaps[0].frames, 10000);
  assert_int_equal(shed_recorder_now(rec).missing, 10000);
  shed_recorder_free(rec);
  CHECK_OK(shed_sound_load(path, NULL, NULL, &back, NULL, NULL));
  assert_int_equal(back.n, 18000);
  for (size_t i = 0; i < 18000; i++) {
    assert_true(back.x[i] == (i >= 5000 && i < 15000 ? 0.0F : shed_recorder_sample(x[i])));
  }
  shed_sound_free(&back);
  (void)unlink(path);
  free(x);
}

// The kernel refuses to let files grow beyond 60 kB: as on a full disk, and as there it may be lifted.
static void
a_full_disk_loses_nothing(void **state)
{
  (void)state;
  struct rlimit  was, tight;
  shed_recorder *rec = NULL;
  float         *x   = make_sound();
  char           path[128];
  shed_sound     back = {0};
  shed_sha256    sha;
  shed_error     err = {0};
  path_of(path, sizeof(path), "take.flac");
  (void)signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
  tight          = was;
  tight.rlim_cur = 60000;
  CHECK_OK(shed_recorder_open(&rec, path, RATE, NULL, NULL));
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
  push_all(rec, x, N);
  for (int i = 0; i < 1000 && shed_recorder_now(rec).disk == SHED_OK; i++) {
    nap();
  }
  shed_status told = shed_recorder_now(rec).disk;
  shed_status st   = shed_recorder_finish(rec, &sha, &err);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
  CHECK_STATUS(told, SHED_E_NOSPACE);
  CHECK_STATUS(st, SHED_E_NOSPACE);
  assert_non_null(strstr(err.what, "Make room"));
  assert_true(shed_recorder_now(rec).bytes_waiting > 100000);
  assert_false(shed_file_exists(path));
  CHECK_OK(shed_recorder_finish(rec, &sha, &err)); // there is room again
  assert_int_equal(shed_recorder_now(rec).bytes_waiting, 0);
  shed_recorder_free(rec);
  CHECK_OK(shed_sound_load(path, NULL, NULL, &back, NULL, NULL));
  assert_int_equal(back.n, N);
  assert_int_equal(back.n_warnings, 0);
  for (size_t i = 0; i < N; i++) {
    assert_true(back.x[i] == shed_recorder_sample(x[i]));
  }
  shed_sound_free(&back);
  (void)unlink(path);
  free(x);
}

// Free instead of finish leaves what a crash would leave, and a take is made of it.
static void
what_was_broken_off_is_recovered(void **state)
{
  (void)state;
  shed_recorder *rec = NULL, *again = NULL;
  float         *x      = make_sound();
  uint64_t       frames = 0;
  char           path[128];
  shed_sound     back = {0};
  shed_error     err  = {0};
  path_of(path, sizeof(path), "take.flac");
  CHECK_STATUS(shed_recorder_recover(path, NULL, &frames, &err), SHED_E_NOTFOUND);
  CHECK_OK(shed_recorder_open(&rec, path, RATE, NULL, NULL));
  push_all(rec, x, N);
  shed_recorder_free(rec);
  assert_false(shed_file_exists(path));
  CHECK_STATUS(shed_recorder_open(&again, path, RATE, NULL, &err), SHED_E_EXISTS); // it is not written over
  assert_null(again);
  CHECK_OK(shed_recorder_recover(path, NULL, &frames, &err));
  assert_int_equal(frames, N);
  CHECK_OK(shed_sound_load(path, NULL, NULL, &back, NULL, NULL));
  assert_int_equal(back.n, N);
  for (size_t i = 0; i < N; i++) {
    assert_true(back.x[i] == shed_recorder_sample(x[i]));
  }
  shed_sound_free(&back);
  CHECK_STATUS(shed_recorder_open(&again, path, RATE, NULL, &err), SHED_E_EXISTS);
  CHECK_STATUS(shed_recorder_recover(path, NULL, &frames, &err), SHED_E_EXISTS);
  (void)unlink(path);
  free(x);
}

static void
where_nothing_can_be_written_it_is_said(void **state)
{
  (void)state;
  shed_recorder *rec = NULL;
  shed_error     err = {0};
  CHECK_STATUS(shed_recorder_open(&rec, "/nowhere/at/all.flac", RATE, NULL, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.where, "/nowhere/at/all.flac"));
  CHECK_STATUS(shed_recorder_open(&rec, "/tmp/x.flac", 100, NULL, &err), SHED_E_RANGE);
  assert_null(rec);
  shed_recorder_free(NULL);
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  char path[128];
  path_of(path, sizeof(path), "take.flac");
  SWEEP_ALLOCATIONS(a, {
    shed_recorder *rec = NULL;
    char           part[140];
    sweep_status = shed_recorder_open(&rec, path, RATE, &a.alloc, NULL);
    shed_recorder_free(rec);
    (void)snprintf(part, sizeof(part), "%s.part", path);
    assert_true(sweep_status == SHED_OK ||
                !shed_file_exists(part)); // nothing is left of one that did not begin
    (void)unlink(part);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_file_is_the_stored_form_of_what_was_pushed),
      cmocka_unit_test(what_is_missing_is_silence_and_told),
      cmocka_unit_test(a_full_disk_loses_nothing),
      cmocka_unit_test(what_was_broken_off_is_recovered),
      cmocka_unit_test(where_nothing_can_be_written_it_is_said),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
