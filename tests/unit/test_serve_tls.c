#include "app/serve/tls.h"

#include "engine/base/file.h"
#include "tests/support/check.h"
#include "tests/support/temp_store.h"

typedef struct {
  char            folder[200];
  shed_hand_clock hand;
  shed_clock      clock;
  shed_tls_files  files;
  shed_error      err;
} fixture;

static const char *const names[] = {"localhost", "127.0.0.1", "room.local", "192.168.7.9"};

static void
begin(fixture *f)
{
  memset(f, 0, sizeof(*f));
  (void)snprintf(f->folder, sizeof(f->folder), "/tmp/shed-tls-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  f->hand  = (shed_hand_clock){.wall_ms = INT64_C(1793000000000)};
  f->clock = shed_clock_by_hand(&f->hand);
}

static shed_sha256
hash_of(const char *path)
{
  shed_sha256 h;
  CHECK_STATUS(shed_sha256_of_file(path, &h, NULL), SHED_OK);
  return h;
}

static void
prepare(fixture *f, size_t n)
{
  shed_status st = shed_tls_prepare(f->folder, names, n, &f->clock, &f->files, &f->err);
  if (st != SHED_OK) {
    fail_msg("%s: %s", f->err.where, f->err.what);
  }
}

static void
made_once_and_again_when_it_no_longer_serves(void **state)
{
  fixture     f;
  struct stat s;
  (void)state;
  begin(&f);
  prepare(&f, 3);
  shed_sha256 ca   = hash_of(f.files.ca);
  shed_sha256 cert = hash_of(f.files.cert);
  CHECK_STATUS(shed_tls_check(f.files.cert, f.files.key, &f.err), SHED_OK);
  assert_int_equal(strlen(f.files.ca_sha256.text), 64);
  assert_int_equal(stat(f.files.key, &s), 0);
  assert_int_equal(s.st_mode & 077, 0); // nobody else reads the key
  prepare(&f, 3);
  assert_string_equal(hash_of(f.files.cert).text, cert.text);
  prepare(&f, 4); // a new address
  assert_string_not_equal(hash_of(f.files.cert).text, cert.text);
  cert = hash_of(f.files.cert);
  f.hand.wall_ms += INT64_C(380) * 86400 * 1000; // it ends in less than a month
  prepare(&f, 4);
  assert_string_not_equal(hash_of(f.files.cert).text, cert.text);
  assert_string_equal(hash_of(f.files.ca).text, ca.text); // the authority stays: browsers know it
  temp_folder_remove(f.folder);
}

static void
files_that_are_no_certificate(void **state)
{
  fixture f, g;
  (void)state;
  begin(&f);
  begin(&g);
  prepare(&f, 3);
  prepare(&g, 3);
  CHECK_STATUS(shed_tls_check(f.files.cert, g.files.key, &f.err), SHED_E_FORMAT);
  CHECK_STATUS(shed_tls_check("/nowhere.crt", g.files.key, &f.err), SHED_E_NOTFOUND);
  CHECK_STATUS(shed_tls_check(f.files.key, f.files.key, &f.err), SHED_E_FORMAT);
  CHECK_STATUS(shed_file_write_atomic(f.files.ca, "nonsense", 8, &f.err), SHED_OK);
  CHECK_STATUS(shed_tls_prepare(f.folder, names, 3, &f.clock, &f.files, &f.err), SHED_E_FORMAT);
  assert_non_null(strstr(f.err.where, "ca.crt"));
  temp_folder_remove(f.folder);
  temp_folder_remove(g.folder);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(made_once_and_again_when_it_no_longer_serves),
      cmocka_unit_test(files_that_are_no_certificate),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
