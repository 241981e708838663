#include "app/serve/pages.h"

#include "engine/base/file.h"
#include "tests/support/check.h"
#include "tests/support/temp_store.h"

static void
write_file(const char *folder, const char *name, const char *text)
{
  char path[300];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  CHECK_STATUS(shed_file_write_atomic(path, text, strlen(text), NULL), SHED_OK);
}

static void
files_are_found_as_they_are_asked(void **state)
{
  char      folder[] = "/tmp/shed-pages-XXXXXX";
  shed_page p;
  (void)state;
  assert_non_null(mkdtemp(folder));
  write_file(folder, "index.html", "<p>");
  write_file(folder, "main.js", "1");
  write_file(folder, "main.js.gz", "zipped");
  write_file(folder, "main.js.br", "small");
  write_file(folder, "chunk-ABCD2345.js", "2");
  write_file(folder, "secret.db", "3");
  write_file(folder, ".hidden.html", "4");
  assert_true(shed_page_open(&p, folder, "/", 0, ""));
  assert_int_equal(p.size, 3);
  assert_string_equal(p.type, "text/html; charset=utf-8");
  assert_false(p.immutable);
  char etag[64];
  (void)snprintf(etag, sizeof(etag), "%s", p.etag);
  shed_page_close(&p);
  assert_true(shed_page_open(&p, folder, "/index.html", 0, etag));
  assert_true(p.unchanged);
  assert_null(p.file);
  static const struct {
    const char *accepts, *encoding;
    size_t      size;
  } forms[] = {{"gzip", "gzip", 6},        {"gzip, deflate, br", "br", 5},
               {"br;q=0.5,gzip", "br", 5}, {"br;q=0, gzip", "gzip", 6},
               {"gzip; q=0.0", NULL, 1},   {"bromide, xgzip", NULL, 1},
               {", ,;q=0,", NULL, 1},      {"", NULL, 1}};
  for (size_t i = 0; i < SHED_COUNTOF(forms); i++) {
    assert_true(shed_page_open(&p, folder, "/main.js", shed_page_encodings(forms[i].accepts), ""));
    if (p.size != forms[i].size) {
      fail_msg("\"%s\": %zu bytes in place of %zu", forms[i].accepts, p.size, forms[i].size);
    }
    assert_int_equal(p.encoding == NULL, forms[i].encoding == NULL);
    if (p.encoding) {
      assert_string_equal(p.encoding, forms[i].encoding);
    }
    shed_page_close(&p);
  }
  assert_true(shed_page_open(&p, folder, "/main.js", 0, ""));
  assert_int_equal(p.size, 1);
  shed_page_close(&p);
  assert_true(shed_page_open(&p, folder, "/chunk-ABCD2345.js", 0, ""));
  assert_true(p.immutable);
  shed_page_close(&p);
  static const char *const not_there[] = {
      "/nothing.js", "/secret.db",   "/.hidden.html",    "/main.js.gz", "/main.js.br",  "/../index.html", "",
      "index.html",  "//index.html", "/a/../index.html", "/main.js/",   "/%2e%2e/x.js", "/main.js\\"};
  for (size_t i = 0; i < SHED_COUNTOF(not_there); i++) {
    if (shed_page_open(&p, folder, not_there[i], 0, "")) {
      fail_msg("\"%s\" was opened", not_there[i]);
    }
  }
  CHECK_STATUS(shed_folder_make("/tmp/shed-pages-folder.js", NULL), SHED_OK);
  assert_false(shed_page_open(&p, "/tmp", "/shed-pages-folder.js", 0, "")); // a folder is no file
  (void)rmdir("/tmp/shed-pages-folder.js");
  temp_folder_remove(folder);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(files_are_found_as_they_are_asked)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
