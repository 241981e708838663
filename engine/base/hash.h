/// SHA-256 (FIPS 180-4) over libsodium, as text.
#ifndef SHED_BASE_HASH_H
#define SHED_BASE_HASH_H

#include "engine/base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { SHED_SHA256_TEXT = 65 }; ///< 64 hexadecimal digits and NUL

typedef struct {
  char text[SHED_SHA256_TEXT]; ///< lower case; "" when unset
} shed_sha256;

shed_sha256 shed_sha256_of(const void *data, size_t n);
/// @return SHED_OK, SHED_E_NOTFOUND, or SHED_E_IO; @p err names the file.
SHED_NODISCARD shed_status shed_sha256_of_file(const char *path, shed_sha256 *out, shed_error *err);

/// In pieces.
typedef struct {
  unsigned char state[128]; ///< libsodium's state
} shed_sha256_stream;
void        shed_sha256_start(shed_sha256_stream *s);
void        shed_sha256_add(shed_sha256_stream *s, const void *data, size_t n);
shed_sha256 shed_sha256_end(shed_sha256_stream *s);

/// @p n random bytes from the operating system, for salts.
void shed_random_bytes(void *out, size_t n);

#endif
