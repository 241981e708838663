#include "app/serve/call.h"

#include <stdio.h>
#include <string.h>

const char *
shed_http_method_name(shed_http_method m)
{
  static const char *const names[] = {"GET", "POST", "PUT", "OTHER"};
  return names[m];
}

const char *
shed_request_param(const shed_request *r, const char *name)
{
  size_t n = strlen(name);
  for (int i = 0; i < r->n_query; i++) {
    if (strncmp(r->query[i], name, n) == 0 && r->query[i][n] == '=') {
      return r->query[i] + n + 1;
    }
  }
  return "";
}

shed_status
shed_request_whole(const shed_request *r, const char *name, int64_t min, int64_t max, int64_t *out,
                   shed_error *err)
{
  const char *text = shed_request_param(r, name);
  long long   value;
  if (!text[0]) {
    return SHED_OK;
  }
  if (!shed_parse_int(text, min, max, &value)) {
    return shed_fail(err, SHED_E_FORMAT, name, "\"%.60s\" is no whole number from %lld to %lld", text,
                     (long long)min, (long long)max);
  }
  *out = value;
  return SHED_OK;
}

bool
shed_request_cookie(const char *cookies, const char *name, char *out, size_t size)
{
  size_t n = strlen(name);
  for (const char *p = cookies; *p;) {
    p += strspn(p, "; \t");
    size_t len = strcspn(p, ";");
    if (len > n && strncmp(p, name, n) == 0 && p[n] == '=') {
      size_t value = len - n - 1;
      if (value >= size) {
        return false;
      }
      memcpy(out, p + n + 1, value);
      out[value] = '\0';
      return true;
    }
    p += len;
  }
  return false;
}

bool
shed_request_same_origin(const shed_request *r)
{
  const char *scheme = r->tls ? "https://" : "http://";
  return r->host[0] && shed_starts_with(r->origin, scheme) &&
         shed_equal_nocase(r->origin + strlen(scheme), r->host);
}

// Digits, dots, colons and brackets alone: an address in numbers.
static bool
is_number_address(const char *host)
{
  if (host[0] == '[') {
    return strspn(host + 1, "0123456789abcdefABCDEF:.") + 2 == strlen(host) && host[strlen(host) - 1] == ']';
  }
  return host[0] && strspn(host, "0123456789.") == strlen(host);
}

bool
shed_request_host_known(const char *host, const char *const *names, size_t n_names)
{
  char   name[SHED_HTTP_HEADER];
  size_t n = strlen(host);
  if (n == 0 || n >= sizeof(name)) {
    return false;
  }
  memcpy(name, host, n + 1);
  char *colon = strrchr(name, ':');
  if (colon && !strchr(colon, ']')) {
    *colon = '\0';
  }
  if (is_number_address(name) || shed_equal_nocase(name, "localhost")) {
    return true;
  }
  for (size_t i = 0; i < n_names; i++) {
    if (shed_equal_nocase(name, names[i])) {
      return true;
    }
  }
  return false;
}

bool
shed_request_range(const char *text, size_t n, size_t *first, size_t *last)
{
  char        a[24], b[24];
  long long   from = 0, to = (long long)n - 1;
  const char *dash = strchr(text, '-');
  if (!shed_starts_with(text, "bytes=") || !dash || n == 0) {
    return false;
  }
  (void)snprintf(a, sizeof(a), "%.*s", (int)(dash - text - 6), text + 6);
  (void)snprintf(b, sizeof(b), "%s", dash + 1);
  if (!a[0]) { // the last so many
    if (!shed_parse_int(b, 1, INT64_MAX, &from)) {
      return false;
    }
    from = from > (long long)n ? 0 : (long long)n - from;
  } else if (!shed_parse_int(a, 0, (long long)n - 1, &from) ||
             (b[0] && !shed_parse_int(b, from, INT64_MAX, &to))) {
    return false;
  }
  *first = (size_t)from;
  *last  = to >= (long long)n ? n - 1 : (size_t)to;
  return true;
}

void
shed_answer_json(shed_answer *a, shed_json *document)
{
  a->type = NULL;
  shed_str_clear(&a->body);
  shed_json_write(document, SHED_JSON_LINE, &a->body);
  shed_json_free(document);
}

void
shed_answer_error(shed_answer *a, int status, const char *code, const char *where, const char *text,
                  int wait_s)
{
  shed_json *o = shed_json_object();
  shed_json *e = shed_json_object();
  a->status    = status;
  a->cookie[0] = '\0';
  a->keep      = false;
  shed_json_set_str(e, "code", code);
  shed_json_set_str(e, "text", text);
  if (where && where[0]) {
    shed_json_set_str(e, "where", where);
  }
  if (wait_s > 0) {
    shed_json_set_int(e, "wait_s", wait_s);
  }
  shed_json_set(o, "error", e);
  shed_answer_json(a, o);
}

void
shed_answer_status(shed_answer *a, shed_status st, const shed_error *err)
{
  static const struct {
    shed_status st;
    int         status;
    const char *code;
  } known[] = {
      {SHED_E_NOTFOUND, 404, "not_found"},      {SHED_E_FORMAT, 400, "bad_request"},
      {SHED_E_RANGE, 400, "bad_request"},       {SHED_E_EXISTS, 409, "conflict"},
      {SHED_E_STATE, 409, "conflict"},          {SHED_E_DENIED, 403, "forbidden"},
      {SHED_E_LIMIT, 413, "too_large"},         {SHED_E_BUSY, 503, "busy"},
      {SHED_E_UNSUPPORTED, 400, "bad_request"},
  };
  const char *text = err && err->what[0] ? err->what : shed_status_text(st);
  for (size_t i = 0; i < SHED_COUNTOF(known); i++) {
    if (known[i].st == st) {
      shed_answer_error(a, known[i].status, known[i].code, err ? err->where : NULL, text, 0);
      return;
    }
  }
  shed_answer_error(a, 500, "failed", NULL, text, 0);
}

void
shed_answer_free(shed_answer *a)
{
  shed_str_free(&a->body);
}
