#include "engine/base/file.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char folder[64];
  char path[128];
} room;

static int
make_room(void **state)
{
  room *r = calloc(1, sizeof(*r));
  if (!r) {
    return -1;
  }
  (void)snprintf(r->folder, sizeof(r->folder), "/tmp/shed-file-XXXXXX");
  if (!mkdtemp(r->folder)) {
    return -1;
  }
  (void)snprintf(r->path, sizeof(r->path), "%s/file", r->folder);
  *state = r;
  return 0;
}

static int
leave_room(void **state)
{
  room *r = *state;
  (void)unlink(r->path);
  (void)rmdir(r->folder);
  free(r);
  return 0;
}

static void
what_was_written_is_read(void **state)
{
  room  *r = *state;
  char  *data;
  size_t n;
  CHECK_OK(shed_file_write_atomic(r->path, "one\0two", 7, NULL));
  CHECK_OK(shed_file_write_atomic(r->path, "three", 5, NULL));
  SWEEP_ALLOCATIONS(a, {
    sweep_status = shed_file_read(r->path, 100, &a.alloc, &data, &n, NULL);
    if (sweep_status == SHED_OK) {
      assert_int_equal(n, 5);
      assert_string_equal(data, "three");
      shed_free(&a.alloc, data);
    }
  });
}

static void
limits_hold_and_places_are_named(void **state)
{
  room      *r = *state;
  char      *data;
  size_t     n;
  shed_error err = {0};
  CHECK_OK(shed_file_write_atomic(r->path, "12345", 5, NULL));
  CHECK_STATUS(shed_file_read(r->path, 4, NULL, &data, &n, &err), SHED_E_LIMIT);
  assert_string_equal(err.where, r->path);
  CHECK_STATUS(shed_file_read(r->folder, 100, NULL, &data, &n, &err), SHED_E_FORMAT);
  CHECK_STATUS(shed_file_read("/nowhere/at/all", 100, NULL, &data, &n, &err), SHED_E_NOTFOUND);
  assert_string_equal(err.where, "/nowhere/at/all");
}

static void
a_failed_write_leaves_the_old_file(void **state)
{
  room      *r   = *state;
  shed_error err = {0};
  char       beside[192];
  CHECK_OK(shed_file_write_atomic(r->path, "old", 3, NULL));
  (void)snprintf(beside, sizeof(beside), "%s/no/such/folder/file", r->folder);
  CHECK_STATUS(shed_file_write_atomic(beside, "new", 3, &err), SHED_E_NOTFOUND);
  assert_string_equal(err.where, beside);
  assert_true(shed_file_exists(r->path));
}

static void
folders_are_made_with_those_above(void **state)
{
  room *r = *state;
  char  deep[192];
  (void)snprintf(deep, sizeof(deep), "%s/a/b", r->folder);
  CHECK_OK(shed_folder_make(deep, NULL));
  CHECK_OK(shed_folder_make(deep, NULL));
  assert_true(shed_file_exists(deep));
  (void)rmdir(deep);
  (void)snprintf(deep, sizeof(deep), "%s/a", r->folder);
  (void)rmdir(deep);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_was_written_is_read, make_room, leave_room),
      cmocka_unit_test_setup_teardown(limits_hold_and_places_are_named, make_room, leave_room),
      cmocka_unit_test_setup_teardown(a_failed_write_leaves_the_old_file, make_room, leave_room),
      cmocka_unit_test_setup_teardown(folders_are_made_with_those_above, make_room, leave_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
