#include "engine/audio/blob.h"

#include "tests/support/check.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { PIECE = 1 << 20, PIECES = 66 }; // two more than stay in memory

// The same bytes again in memory of our own: what a blob must hash to.
static void
fill(unsigned char *p, int piece)
{
  for (size_t i = 0; i < PIECE; i++) {
    p[i] = (unsigned char)(i * 31 + (size_t)piece);
  }
}

static void
many_bytes_go_to_a_file_and_stay_the_same(void **state)
{
  unsigned char     *p = malloc(PIECE);
  unsigned char     *q = malloc(PIECE);
  shed_sha256_stream expected;
  shed_sha256        sha;
  shed_blob          b;
  (void)state;
  assert_true(p && q);
  shed_sha256_start(&expected);
  shed_blob_in_memory(&b, NULL);
  for (int i = 0; i < PIECES; i++) {
    fill(p, i);
    shed_sha256_add(&expected, p, PIECE);
    assert_int_equal(shed_blob_write(&b, p, PIECE), PIECE);
    assert_int_equal(b.fd >= 0, (i + 1) * (int64_t)PIECE > SHED_BLOB_MEMORY_BYTES);
  }
  assert_null(b.mem);
  assert_int_equal(b.size, (int64_t)PIECES * PIECE);
  CHECK_OK(shed_blob_sha256(&b, &sha));
  assert_string_equal(sha.text, shed_sha256_end(&expected).text);
  b.at = 3 * (int64_t)PIECE + 17; // written over in the file, as an encoder does with its header
  assert_int_equal(shed_blob_write(&b, "woodshed", 8), 8);
  b.at = 3 * (int64_t)PIECE;
  assert_int_equal(shed_blob_read(&b, q, PIECE), PIECE);
  fill(p, 3);
  memcpy(p + 17, "woodshed", 8);
  assert_memory_equal(p, q, PIECE);
  assert_int_equal(b.size, (int64_t)PIECES * PIECE);
  shed_blob_free(&b);
  free(p);
  free(q);
}

static void
a_folder_for_the_rest_that_is_not_there_is_told(void **state)
{
  unsigned char *p   = calloc(1, PIECE);
  const char    *was = getenv("TMPDIR");
  char           kept[256];
  shed_blob      b;
  (void)state;
  assert_non_null(p);
  (void)snprintf(kept, sizeof(kept), "%s", was ? was : "");
  (void)setenv("TMPDIR", "/no/such/folder", 1);
  shed_blob_in_memory(&b, NULL);
  int64_t last = PIECE;
  for (int i = 0; i < PIECES && last == PIECE; i++) {
    last = shed_blob_write(&b, p, PIECE);
  }
  assert_int_equal(last, 0);
  assert_int_equal(b.error, ENOENT);
  assert_int_equal(shed_blob_write(&b, p, 1), 0); // and nothing is written any more
  shed_blob_free(&b);
  if (was) {
    (void)setenv("TMPDIR", kept, 1);
  } else {
    (void)unsetenv("TMPDIR");
  }
  free(p);
}

static void
reading_beyond_the_end_gives_nothing(void **state)
{
  char      c = 0;
  shed_blob b;
  (void)state;
  shed_blob_in_memory(&b, NULL);
  assert_int_equal(shed_blob_write(&b, "abc", 3), 3);
  b.at = 2;
  assert_int_equal(shed_blob_read(&b, &c, 1), 1);
  assert_int_equal(c, 'c');
  assert_int_equal(shed_blob_read(&b, &c, 1), 0);
  b.at = 1 << 20;
  assert_int_equal(shed_blob_read(&b, &c, 1), 0);
  shed_blob_free(&b);
  shed_blob_free(&b);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_bytes_go_to_a_file_and_stay_the_same),
      cmocka_unit_test(a_folder_for_the_rest_that_is_not_there_is_told),
      cmocka_unit_test(reading_beyond_the_end_gives_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
