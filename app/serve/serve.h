/// The practice room over the network: HTTP, JSON API, live takes.
#ifndef SHED_SERVE_SERVE_H
#define SHED_SERVE_SERVE_H

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#include <stdbool.h>

typedef struct shed_serve shed_serve;

/// Zeroed is a good beginning: this machine alone, without TLS. Texts are borrowed for the server's life.
typedef struct {
  const char       *listen; ///< address to bind to; NULL: 127.0.0.1 and nobody else; "0.0.0.0": every network
  int               port;   ///< 0: 7465, or one that is free where that is taken
  bool              any_port;    ///< any free port, for tests
  bool              tls;         ///< with a certificate of our own authority, made on first use
  const char       *cert, *key;  ///< the school's own certificate (chain) and key, PEM; NULL: none
  const char       *name;        ///< further host name that the server goes by; NULL none
  const char       *title;       ///< of the room; NULL: "Practice room"
  const char       *web;         ///< folder of the pages; NULL: WOODSHED_WEB, the installed ones, the build's
  const char       *store;       ///< URL; NULL: the default
  const char       *content;     ///< folder; NULL: as the library finds it
  int               listeners;   ///< threads that hear; 0: one a processor
  int               connections; ///< at once at most; 0: 600
  bool              no_card;     ///< the machine's own sound card is not offered
  const shed_clock *clock;       ///< NULL: the system's
  const shed_log   *log;
  const shed_alloc *alloc;
} shed_serve_opts;

/// Open store, library and port, and run in threads of its own.
/// @return SHED_OK; as shed_store_open() and shed_library_open(); SHED_E_BUSY (the port is taken: named); SHED_E_NOTFOUND,
///         SHED_E_FORMAT (certificate, key). The caller ends it with shed_serve_free().
SHED_NODISCARD shed_status shed_serve_new(shed_serve **out, const shed_serve_opts *opts, shed_error *err);
/// Takes that are being played are kept as far as they got. NULL is legal.
void shed_serve_free(shed_serve *s);

/// "http://127.0.0.1:7465/". Borrowed.
const char *shed_serve_address(const shed_serve *s);
int         shed_serve_port(const shed_serve *s);
/// The code that the first run asks for from another machine; "" when there is an account.
const char *shed_serve_first_code(const shed_serve *s);
/// SHA-256 of our own authority's certificate, as browsers show it; "" without.
const char *shed_serve_ca_sha256(const shed_serve *s);
/// Whether the folder of the pages has an index.html.
bool shed_serve_has_pages(const shed_serve *s);

/// A text as a QR code: of half blocks for a terminal, or as an SVG picture. @return SHED_OK; SHED_E_LIMIT (too long); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_qr_terminal(const char *text, shed_str *out);
SHED_NODISCARD shed_status shed_qr_svg(const char *text, shed_str *out);

#endif
