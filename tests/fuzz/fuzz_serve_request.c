// covers: app/serve/call.c, app/serve/pages.c, app/serve/route.c
// What a browser, or somebody else, writes into a request: path, cookies, Host, Origin, Range, parameters. A line each.
#include "app/serve/pages.h"
#include "app/serve/route.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

// The next line into a text of @p size bytes, cut; the rest stays in *data.
static void
line(const uint8_t **data, size_t *n, char *out, size_t size)
{
  size_t len  = 0;
  size_t kept = 0;
  while (len < *n && (*data)[len] != '\n') {
    if (kept + 1 < size && (*data)[len]) {
      out[kept++] = (char)(*data)[len];
    }
    len++;
  }
  out[kept] = '\0';
  len += len < *n;
  *data += len;
  *n -= len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  static const char *const names[] = {"room.local"};
  shed_request             r       = {.n_query = 2};
  char                     cookie[SHED_SIGNIN_COOKIE];
  char                     arg[32];
  bool                     other;
  size_t                   first = 0;
  size_t                   last  = 0;
  int64_t                  value = 0;
  line(&data, &n, r.path, sizeof(r.path));
  line(&data, &n, r.cookies, sizeof(r.cookies));
  line(&data, &n, r.host, sizeof(r.host));
  line(&data, &n, r.origin, sizeof(r.origin));
  line(&data, &n, r.range, sizeof(r.range));
  line(&data, &n, r.query[0], sizeof(r.query[0]));
  line(&data, &n, r.query[1], sizeof(r.query[1]));
  if (shed_route_find(SHED_HTTP_GET, r.path, arg, sizeof(arg), &other) && strchr(arg, '/')) {
    abort();
  }
  if (shed_page_path_fits(r.path) && (strstr(r.path, "..") && strstr(r.path, "/.."))) {
    abort();
  }
  if (shed_request_cookie(r.cookies, SHED_SIGNIN_COOKIE_NAME, cookie, sizeof(cookie)) &&
      strlen(cookie) >= sizeof(cookie)) {
    abort();
  }
  if (shed_request_range(r.range, 1000, &first, &last) && (first > last || last >= 1000)) {
    abort();
  }
  if (shed_request_whole(&r, "seed", 0, 9, &value, NULL) == SHED_OK && (value < 0 || value > 9)) {
    abort();
  }
  (void)shed_request_host_known(r.host, names, 1);
  if (shed_request_same_origin(&r) && !strstr(r.origin, "://")) {
    abort();
  }
  return 0;
}
