// The server as a program has it: started, stopped, refused a port; and the QR code of its address.
#include "app/serve/serve.h"

#include "tests/support/temp_store.h"

#include <string.h>

typedef struct {
  char            folder[200];
  char            store[260];
  char            web[260];
  shed_serve_opts opts;
  shed_error      err;
} fixture;

static void
begin(fixture *f)
{
  memset(f, 0, sizeof(*f));
  (void)snprintf(f->folder, sizeof(f->folder), "/tmp/shed-serve-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  (void)snprintf(f->store, sizeof(f->store), "%s/store.db", f->folder);
  (void)snprintf(f->web, sizeof(f->web), "%s/web", f->folder);
  f->opts = (shed_serve_opts){.any_port  = true,
                              .store     = f->store,
                              .web       = f->web,
                              .content   = SHED_SOURCE_DIR "/content",
                              .listeners = 1};
}

static shed_serve *
start(fixture *f)
{
  shed_serve *s = NULL;
  STORE_OK(shed_serve_new(&s, &f->opts, &f->err), f->err);
  return s;
}

static void
a_server_starts_stops_and_starts_again(void **state)
{
  fixture f;
  char    address[64];
  (void)state;
  begin(&f);
  shed_serve *s = start(&f);
  (void)snprintf(address, sizeof(address), "http://127.0.0.1:%d/", shed_serve_port(s));
  assert_string_equal(shed_serve_address(s), address);
  assert_int_equal(strlen(shed_serve_first_code(s)), 6); // nobody has an account yet
  assert_string_equal(shed_serve_ca_sha256(s), "");
  assert_false(shed_serve_has_pages(s));
  // the port is taken
  fixture g;
  begin(&g);
  shed_serve *other = NULL;
  g.opts.any_port   = false;
  g.opts.port       = shed_serve_port(s);
  CHECK_STATUS(shed_serve_new(&other, &g.opts, &g.err), SHED_E_BUSY);
  shed_serve_free(s);
  s = start(&g); // and free again
  shed_serve_free(s);
  f.opts.tls = true;
  s          = start(&f);
  assert_memory_equal(shed_serve_address(s), "https://", 8);
  assert_int_equal(strlen(shed_serve_ca_sha256(s)), 64);
  shed_serve_free(s);
  temp_folder_remove(f.folder);
  temp_folder_remove(g.folder);
}

static void
what_cannot_be_opened_is_told(void **state)
{
  fixture     f;
  shed_serve *s = NULL;
  (void)state;
  begin(&f);
  f.opts.content = "/nowhere";
  CHECK_STATUS(shed_serve_new(&s, &f.opts, &f.err), SHED_E_NOTFOUND);
  f.opts.content = SHED_SOURCE_DIR "/content";
  f.opts.listen  = "203.0.113.7"; // not this machine's
  CHECK_STATUS(shed_serve_new(&s, &f.opts, &f.err), SHED_E_BUSY);
  f.opts.listen = NULL;
  f.opts.cert   = "/nowhere.crt";
  CHECK_STATUS(shed_serve_new(&s, &f.opts, &f.err), SHED_E_FORMAT); // a certificate without its key
  f.opts.key = "/nowhere.key";
  CHECK_STATUS(shed_serve_new(&s, &f.opts, &f.err), SHED_E_NOTFOUND);
  assert_null(s);
  shed_serve_free(NULL);
  temp_folder_remove(f.folder);
}

static void
an_address_as_a_qr_code(void **state)
{
  static const char address[] = "https://192.168.1.20:7465/";
  char              longest[4000];
  shed_str          svg      = {0};
  shed_str          terminal = {0};
  size_t            rows     = 0;
  (void)state;
  CHECK_STATUS(shed_qr_svg(address, &svg), SHED_OK);
  CHECK_STATUS(shed_qr_terminal(address, &terminal), SHED_OK);
  assert_non_null(strstr(shed_str_text(&svg), "viewBox=\"0 0 33 33\"")); // 25 modules and their margin
  for (const char *p = shed_str_text(&terminal); *p; p++) {
    rows += *p == '\n';
  }
  assert_int_equal(rows, 15); // 25 and 4 of margin, two in a row of letters
  memset(longest, 'x', sizeof(longest) - 1);
  longest[sizeof(longest) - 1] = '\0';
  CHECK_STATUS(shed_qr_svg(longest, &svg), SHED_E_LIMIT);
  shed_str_free(&svg);
  shed_str_free(&terminal);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_server_starts_stops_and_starts_again),
      cmocka_unit_test(what_cannot_be_opened_is_told),
      cmocka_unit_test(an_address_as_a_qr_code),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
