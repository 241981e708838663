#include "engine/audio/devices.h"

#include "engine/audio/pa.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/jack_server.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Run the listing with standard error in a file. @return its length in bytes.
static off_t
list_and_measure_noise(shed_devices *d, shed_status *st, shed_error *err)
{
  char        path[] = "/tmp/woodshed_noise_XXXXXX";
  int         file   = mkstemp(path);
  int         saved  = dup(STDERR_FILENO);
  struct stat s      = {0};
  assert_true(file >= 0 && saved >= 0);
  assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
  *st = shed_devices_list(NULL, d, err);
  (void)dup2(saved, STDERR_FILENO);
  (void)close(saved);
  assert_int_equal(fstat(file, &s), 0);
  (void)close(file);
  (void)unlink(path);
  return s.st_size;
}

static void
a_machine_without_sound_says_so_and_nothing_else(void **state)
{
  shed_devices d   = {0};
  shed_error   err = {0};
  shed_status  st  = SHED_OK;
  (void)state;
  assert_int_equal(list_and_measure_noise(&d, &st, &err), 0);
  if (st == SHED_OK) {
    print_message("%zu devices here\n", d.n);
    assert_true(d.n > 0);
  } else {
    assert_int_equal(st, SHED_E_NODEV);
    assert_null(d.devices);
    assert_true(err.what[0] != '\0');
    print_message("%s: %s\n", err.where, err.what);
  }
  shed_devices_free(&d);
}

// With a JACK server of our own its loopback is there, can record and play, at its rate.
static void
a_jack_server_is_seen(void **state)
{
  shed_devices d    = {0};
  int          seen = 0;
  (void)state;
  pid_t server = jack_start();
  if (server < 0) {
    print_message("skipped: jackd does not run here\n");
    skip();
  }
  CHECK_OK(shed_devices_list(NULL, &d, NULL));
  for (size_t k = 0; k < d.n; k++) {
    const shed_device *dev = &d.devices[k];
    if (strcmp(dev->name, "loopback") == 0) {
      assert_non_null(strstr(dev->api, "JACK"));
      assert_true(dev->inputs > 0 && dev->outputs > 0);
      CHECK_NEAR(dev->rate_hz, JACK_RATE_HZ, 0);
      seen++;
    }
  }
  shed_devices_free(&d);
  jack_stop(server);
  assert_int_equal(seen, 1);
}

// A JACK server that is gone, or has dropped us because the machine was overloaded, fails PortAudio's last calls; it asserts that
// they succeed, which would end this program here.
static void
a_jack_server_that_dies_takes_nobody_along(void **state)
{
  (void)state;
  pid_t server = jack_start();
  if (server < 0) {
    print_message("skipped: jackd does not run here\n");
    skip();
  }
  CHECK_OK(shed_pa_start(NULL));
  jack_stop(server);
  shed_pa_stop();
  shed_devices      d  = {0};
  const shed_status st = shed_devices_list(NULL, &d, NULL); // the sound system can be asked again
  assert_true(st == SHED_OK || st == SHED_E_NODEV);
  for (size_t k = 0; k < d.n; k++) {
    assert_null(strstr(d.devices[k].api, "JACK"));
  }
  shed_devices_free(&d);
}

static void
freeing_nothing_is_legal(void **state)
{
  shed_devices d = {0};
  (void)state;
  shed_devices_free(&d);
  shed_devices_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_machine_without_sound_says_so_and_nothing_else),
      cmocka_unit_test(a_jack_server_is_seen),
      cmocka_unit_test(a_jack_server_that_dies_takes_nobody_along),
      cmocka_unit_test(freeing_nothing_is_legal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
