// The file of measured delays, and what may be judged by them.
#include "engine/audio/latency.h"

#include "engine/base/file.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>
#include <unistd.h>

static shed_latency
one(const char *input, double latency_s, double spread_s)
{
  shed_live_device  d = {.output = "Speakers \"left\"", .api = "ALSA", .rate_hz = 48000};
  shed_probe_result r = {
      .probes = 8, .heard = 7, .latency_s = latency_s, .spread_s = spread_s, .gain_db = -23.4};
  (void)snprintf(d.input, sizeof(d.input), "%s", input);
  return shed_latency_of(&d, 256, &r, 1700000000000);
}

static void
what_is_put_is_found_after_a_reload(void **state)
{
  (void)state;
  char           folder[] = "/tmp/woodshed_latency_XXXXXX", path[80];
  shed_latencies l = {0}, back = {0};
  shed_error     err = {0};
  shed_latency   a = one("Mic \xC3\xA9", 0.0123456, 0.0004), b = one("Other", 0.2, 0.03), c = a;
  assert_non_null(mkdtemp(folder));
  (void)snprintf(path, sizeof(path), "%s/a/latency.json", folder);
  CHECK_OK(shed_latencies_load(path, NULL, &l, &err)); // not there: empty
  assert_int_equal(l.n, 0);
  CHECK_OK(shed_latencies_put(&l, &a));
  CHECK_OK(shed_latencies_put(&l, &b));
  c.latency_s = 0.0111;
  CHECK_OK(shed_latencies_put(&l, &c)); // measured again
  assert_int_equal(l.n, 2);
  CHECK_OK(shed_latencies_save(&l, path, &err));
  CHECK_OK(shed_latencies_load(path, NULL, &back, &err));
  assert_int_equal(back.n, 2);
  shed_live_device d = {.output = "Speakers \"left\"", .api = "ALSA", .rate_hz = 48000};
  (void)snprintf(d.input, sizeof(d.input), "%s", a.input);
  const shed_latency *f = shed_latencies_find(&back, &d, 256);
  assert_non_null(f);
  CHECK_NEAR(f->latency_s, 0.0111, 1e-9);
  CHECK_NEAR(f->spread_s, 0.0004, 1e-9);
  assert_int_equal(f->heard, 7);
  assert_null(shed_latencies_find(&back, &d, 512)); // another buffer is another delay
  d.rate_hz = 44100;
  assert_null(shed_latencies_find(&back, &d, 256));
  shed_latencies_free(&l);
  shed_latencies_free(&back);
  (void)unlink(path);
  (void)snprintf(path, sizeof(path), "%s/a", folder);
  (void)rmdir(path);
  (void)rmdir(folder);
}

static void
a_file_that_is_none_is_refused(void **state)
{
  (void)state;
  char              path[] = "/tmp/woodshed_latency_XXXXXX";
  int               fd     = mkstemp(path);
  shed_latencies    l      = {0};
  shed_error        err    = {0};
  const char *const bad[]  = {
       "",
       "{",
       "[]",
       "{\"schema\":\"x\",\"pairs\":[]}",
       "{\"schema\":\"woodshed/latency/1\",\"pairs\":{}}",
       "{\"schema\":\"woodshed/latency/1\",\"pairs\":[{}]}",
       "{\"schema\":\"woodshed/latency/"
        "1\",\"pairs\":[{\"input\":\"a\",\"output\":\"b\",\"api\":\"c\",\"rate_hz\":48000,"
        "\"block_frames\":0,\"latency_s\":9,\"spread_s\":0,\"gain_db\":0,\"probes\":8,\"heard\":8,\"measured_"
        "ms\":1}]}"};
  assert_true(fd >= 0);
  (void)close(fd);
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    CHECK_OK(shed_file_write_atomic(path, bad[i], strlen(bad[i]), NULL));
    CHECK_STATUS(shed_latencies_load(path, NULL, &l, &err), SHED_E_FORMAT);
    assert_true(l.n == 0 && err.what[0] != '\0');
  }
  (void)unlink(path);
}

static void
rhythm_is_judged_only_where_the_delay_holds(void **state)
{
  (void)state;
  shed_message why;
  shed_latency good = one("USB", 0.012, 0.001), loose = one("USB", 0.012, 0.015),
               late = one("USB", 0.21, 0.001), late_and_loose = one("USB", 0.21, 0.04);
  assert_true(shed_latency_rhythm(&good, "USB", &why));
  assert_false(shed_latency_rhythm(NULL, "USB", &why));
  assert_int_equal(why.code, SHED_MSG_sound_not_calibrated);
  assert_false(shed_latency_rhythm(&loose, "USB", &why));
  assert_int_equal(why.code, SHED_MSG_sound_spread);
  assert_false(shed_latency_rhythm(&late, "USB", &why));
  assert_int_equal(why.code, SHED_MSG_sound_late);
  assert_false(
      shed_latency_rhythm(&late_and_loose, "USB", &why)); // what was measured before what it may come from
  assert_int_equal(why.code, SHED_MSG_sound_spread);
  assert_false(shed_latency_rhythm(&good, "Mia's AirPods", &why)); // whatever was measured
  assert_int_equal(why.code, SHED_MSG_sound_bluetooth);
  assert_false(shed_latency_rhythm(NULL, "Mia's AirPods", &why));
  assert_int_equal(why.code, SHED_MSG_sound_bluetooth);
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  shed_latency a = one("A", 0.01, 0.001);
  SWEEP_ALLOCATIONS(f, {
    shed_latencies l = {.alloc = &f.alloc};
    sweep_status     = shed_latencies_put(&l, &a);
    shed_latencies_free(&l);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_put_is_found_after_a_reload),
      cmocka_unit_test(a_file_that_is_none_is_refused),
      cmocka_unit_test(rhythm_is_judged_only_where_the_delay_holds),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
