#include "engine/base/hash.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(((shed_sha256_stream *)0)->state), "state fits");

static shed_sha256
as_text(const unsigned char digest[crypto_hash_sha256_BYTES])
{
  shed_sha256 out;
  (void)sodium_bin2hex(out.text, sizeof(out.text), digest, crypto_hash_sha256_BYTES);
  return out;
}

shed_sha256
shed_sha256_of(const void *data, size_t n)
{
  unsigned char digest[crypto_hash_sha256_BYTES];
  (void)crypto_hash_sha256(digest, data, n);
  return as_text(digest);
}

void
shed_sha256_start(shed_sha256_stream *s)
{
  crypto_hash_sha256_state state;
  (void)crypto_hash_sha256_init(&state);
  memcpy(s->state, &state, sizeof(state));
}

void
shed_sha256_add(shed_sha256_stream *s, const void *data, size_t n)
{
  crypto_hash_sha256_state state;
  memcpy(&state, s->state, sizeof(state));
  (void)crypto_hash_sha256_update(&state, data, n);
  memcpy(s->state, &state, sizeof(state));
}

shed_sha256
shed_sha256_end(shed_sha256_stream *s)
{
  crypto_hash_sha256_state state;
  unsigned char            digest[crypto_hash_sha256_BYTES];
  memcpy(&state, s->state, sizeof(state));
  (void)crypto_hash_sha256_final(&state, digest);
  return as_text(digest);
}

shed_status
shed_sha256_of_file(const char *path, shed_sha256 *out, shed_error *err)
{
  unsigned char      block[65536];
  shed_sha256_stream s;
  size_t             n;
  FILE              *f = fopen(path, "rb");

  if (!f) {
    shed_status st = errno == ENOENT ? SHED_E_NOTFOUND : SHED_E_IO;
    return shed_fail(err, st, path, "cannot be opened: %s", strerror(errno));
  }
  shed_sha256_start(&s);
  while ((n = fread(block, 1, sizeof(block), f)) > 0) {
    shed_sha256_add(&s, block, n);
  }
  if (ferror(f)) {
    (void)fclose(f);
    return shed_fail(err, SHED_E_IO, path, "cannot be read");
  }
  (void)fclose(f);
  *out = shed_sha256_end(&s);
  return SHED_OK;
}

void
shed_random_bytes(void *out, size_t n)
{
  SHED_ASSERT(sodium_init() >= 0);
  randombytes_buf(out, n);
}
