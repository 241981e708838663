// About this file: what libwebsockets knows of a request, into plain values. Loop thread.
#include "app/serve/loop.h"
#include "app/serve/pages.h"

#include <stdio.h>
#include <string.h>

static const struct {
  enum lws_token_indexes token;
  shed_http_method       method;
} methods[] = {
    {WSI_TOKEN_GET_URI, SHED_HTTP_GET},
    {WSI_TOKEN_POST_URI, SHED_HTTP_POST},
    {WSI_TOKEN_PUT_URI, SHED_HTTP_PUT},
};

// A header into a text; true also when it is absent. False: it does not fit.
static bool
header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
  int n  = lws_hdr_total_length(wsi, token);
  out[0] = '\0';
  return n <= 0 || ((size_t)n < size && lws_hdr_copy(wsi, out, (int)size, token) >= 0);
}

static bool
custom(struct lws *wsi, const char *name, char *out, size_t size)
{
  int length = (int)strlen(name);
  int n      = lws_hdr_custom_length(wsi, name, length);
  out[0]     = '\0';
  return n <= 0 || ((size_t)n < size && lws_hdr_custom_copy(wsi, out, (int)size, name, length) >= 0);
}

static bool
query(struct lws *wsi, shed_request *r)
{
  for (int i = 0; lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, i) > 0; i++) {
    if (i == SHED_HTTP_QUERY ||
        lws_hdr_copy_fragment(wsi, r->query[i], sizeof(r->query[i]), WSI_TOKEN_HTTP_URI_ARGS, i) < 0) {
      return false;
    }
    r->n_query = i + 1;
  }
  return true;
}

static bool
is_this_machine(const char *peer)
{
  return shed_starts_with(peer, "127.") || strcmp(peer, "::1") == 0 || shed_starts_with(peer, "::ffff:127.");
}

bool
shed_http_read(struct lws *wsi, shed_loop *loop, const char *path, shed_request *out, int *status)
{
  char encodings[SHED_HTTP_HEADER];
  memset(out, 0, sizeof(*out));
  out->method = SHED_HTTP_OTHER;
  for (size_t i = 0; i < SHED_COUNTOF(methods); i++) {
    if (lws_hdr_total_length(wsi, methods[i].token) > 0) {
      out->method = methods[i].method;
    }
  }
  if (strlen(path) >= sizeof(out->path) || !query(wsi, out)) {
    *status = 414;
    return false;
  }
  memcpy(out->path, path, strlen(path) + 1);
  if (!header(wsi, WSI_TOKEN_HOST, out->host, sizeof(out->host)) ||
      !header(wsi, WSI_TOKEN_ORIGIN, out->origin, sizeof(out->origin)) ||
      !header(wsi, WSI_TOKEN_HTTP_COOKIE, out->cookies, sizeof(out->cookies)) ||
      !header(wsi, WSI_TOKEN_HTTP_RANGE, out->range, sizeof(out->range)) ||
      !header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, out->etag, sizeof(out->etag)) ||
      !header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, encodings, sizeof(encodings)) ||
      !custom(wsi, "x-woodshed-csrf:", out->csrf, sizeof(out->csrf))) {
    *status = 431;
    return false;
  }
  out->encodings = shed_page_encodings(encodings);
  out->tls       = loop->room->tls;
  (void)lws_get_peer_simple(wsi, out->peer, sizeof(out->peer));
  out->local = is_this_machine(out->peer);
  return true;
}
