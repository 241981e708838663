/// A certificate authority of this room's own, and a certificate for this machine's names and addresses, by OpenSSL.
#ifndef SHED_SERVE_TLS_H
#define SHED_SERVE_TLS_H

#include "engine/base/clock.h"
#include "engine/base/hash.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHED_TLS_PATH = 1024, SHED_TLS_NAMES = 24 };

/// Where things stand; made by shed_tls_prepare().
typedef struct {
  char        ca[SHED_TLS_PATH]; ///< the authority's certificate, PEM: for browsers
  char        cert[SHED_TLS_PATH], key[SHED_TLS_PATH];
  shed_sha256 ca_sha256; ///< of the DER, as browsers show it
} shed_tls_files;

/// Make what is missing in @p folder: the authority (once, ten years, its key readable by its owner alone), and a certificate of a year that
/// it signs, anew when a name is not in it or it ends within a month.
/// @param names host names and addresses in numbers.
/// @return SHED_OK; SHED_E_IO, SHED_E_NOSPACE, SHED_E_NOMEM; SHED_E_FORMAT (a file there is no certificate: named).
SHED_NODISCARD shed_status shed_tls_prepare(const char *folder, const char *const *names, size_t n_names,
                                            const shed_clock *clock, shed_tls_files *out, shed_error *err);
/// Whether a certificate and a key can be read and belong together. @return SHED_OK; SHED_E_NOTFOUND, SHED_E_FORMAT: what is wrong is said.
SHED_NODISCARD shed_status shed_tls_check(const char *cert, const char *key, shed_error *err);

#endif
