// Keyboards that are there are listed, quietly; one that is not there is told with those that are.
#include "engine/audio/midi_in.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <unistd.h>

// PortMidi forgets the paths of its own settings each time it starts. Looked for by name where leaks are counted.
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
  return "leak:libportmidi";
}

static void
listing_never_fails(void **state)
{
  (void)state;
  for (int i = 0; i < 2; i++) { // PortMidi bears to be started again
    shed_midi_devices d = {0};
    CHECK_OK(shed_midi_devices_list(NULL, &d));
    print_message("%zu keyboards here\n", d.n);
    for (size_t k = 0; k < d.n; k++) {
      assert_true(d.devices[k].name[0] != '\0');
    }
    shed_midi_devices_free(&d);
  }
  shed_midi_devices_free(NULL);
}

static void
one_that_is_not_there_is_told(void **state)
{
  (void)state;
  shed_midi_in *in  = NULL;
  shed_error    err = {0};
  CHECK_STATUS(shed_midi_in_open(&in, "no such keyboard at all", NULL, NULL, &err), SHED_E_NODEV);
  assert_null(in);
  assert_true(err.what[0] != '\0');
  print_message("%s: %s\n", err.where, err.what);
  shed_midi_in_free(NULL);
}

// Where there is one: nobody plays, nothing comes, and nothing waits.
static void
the_first_one_can_be_opened(void **state)
{
  (void)state;
  shed_midi_in     *in  = NULL;
  shed_error        err = {0};
  shed_midi_message m[4];
  bool              lost = true;
  if (shed_midi_in_open(&in, NULL, NULL, NULL, &err) != SHED_OK) {
    print_message("skipped: %s\n", err.what);
    skip();
  }
  assert_true(shed_midi_in_name(in)[0] != '\0');
  assert_true(shed_midi_in_read(in, m, 4, &lost) <= 4);
  assert_false(lost);
  shed_midi_in_free(in);
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_midi_devices d = {0};
    sweep_status        = shed_midi_devices_list(&a.alloc, &d);
    shed_midi_devices_free(&d);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(listing_never_fails),
      cmocka_unit_test(one_that_is_not_there_is_told),
      cmocka_unit_test(the_first_one_can_be_opened),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
