/// One request on its way through the server: what was asked, by whom, and what is answered. Plain values.
#ifndef SHED_SERVE_CALL_H
#define SHED_SERVE_CALL_H

#include "app/serve/signins.h"
#include "engine/base/json.h"

typedef struct shed_room  shed_room;
typedef struct shed_route shed_route;

typedef enum { SHED_HTTP_GET, SHED_HTTP_POST, SHED_HTTP_PUT, SHED_HTTP_OTHER } shed_http_method;
const char *shed_http_method_name(shed_http_method m);

enum {
  SHED_HTTP_PATH    = 256,
  SHED_HTTP_QUERY   = 8,
  SHED_HTTP_PARAM   = 256,
  SHED_HTTP_HEADER  = 300,
  SHED_HTTP_COOKIES = 2048,
  SHED_HTTP_BODY    = 64 * 1024 ///< the longest body taken
};

/// A request as it came, decoded. "" where a header is absent.
typedef struct {
  shed_http_method method;
  char             path[SHED_HTTP_PATH];
  char             query[SHED_HTTP_QUERY][SHED_HTTP_PARAM]; ///< "name=value"
  int              n_query;
  char             host[SHED_HTTP_HEADER];
  char             origin[SHED_HTTP_HEADER];
  char             cookies[SHED_HTTP_COOKIES];
  char             csrf[SHED_HTTP_HEADER];
  char             range[64];
  char             etag[80];  ///< If-None-Match
  char             peer[64];  ///< address of the other side
  unsigned         encodings; ///< that are understood: shed_page_encodings()
  bool             tls;
  bool             local; ///< the other side is this machine
} shed_request;

/// Value of a parameter, "" when it is absent; borrowed.
const char *shed_request_param(const shed_request *r, const char *name);
/// A whole number in a range. @return SHED_OK with *out left alone when it is absent; SHED_E_FORMAT, err names it.
SHED_NODISCARD shed_status shed_request_whole(const shed_request *r, const char *name, int64_t min,
                                              int64_t max, int64_t *out, shed_error *err);
/// The value of a cookie into @p out of @p size bytes. @return false when there is none, or it does not fit.
bool shed_request_cookie(const char *cookies, const char *name, char *out, size_t size);
/// Whether the page that sent this stands at the address it talks to: Origin is scheme://Host.
bool shed_request_same_origin(const shed_request *r);
/// Whether a Host header names this machine: an address in numbers, localhost, or one of @p names. Any other name was made to point
/// here by somebody else.
bool shed_request_host_known(const char *host, const char *const *names, size_t n_names);
/// "bytes=A-B" of something @p n bytes long. @return false when it is no single range in it.
bool shed_request_range(const char *text, size_t n, size_t *first, size_t *last);

/// What is answered. Zeroed is 200 without a body.
typedef struct {
  int         status; ///< 0: 200
  const char *type;   ///< media type; static; NULL: application/json
  shed_str    body;
  char        cookie[256]; ///< Set-Cookie, "" none
  bool        keep;        ///< may be kept by the browser, privately
} shed_answer;

/// Put a document into an answer, and free it.
void shed_answer_json(shed_answer *a, shed_json *document);
/// Turn the answer into an error. @param wait_s 0 none.
void shed_answer_error(shed_answer *a, int status, const char *code, const char *where, const char *text,
                       int wait_s);
/// The same from a status of the library.
void shed_answer_status(shed_answer *a, shed_status st, const shed_error *err);
void shed_answer_free(shed_answer *a);

/// One request on a desk.
typedef struct {
  shed_room          *room;
  struct shed_store  *store; ///< of this thread
  const shed_route   *route;
  const shed_request *req;
  const shed_json    *body; ///< NULL when the route has none
  shed_who            who;  ///< roles 0: not signed in
  char                arg[SHED_HTTP_PARAM];
  shed_answer        *out;
} shed_call;

#endif
