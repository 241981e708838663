#include "app/serve/secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

shed_status
shed_secret_make(const char *password, char *out, size_t size)
{
  char text[crypto_pwhash_STRBYTES];
  if (sodium_init() < 0 ||
      crypto_pwhash_str_alg(text, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return SHED_E_NOMEM;
  }
  SHED_ASSERT(size >= sizeof(text));
  memcpy(out, text, sizeof(text));
  return SHED_OK;
}

bool
shed_secret_fits(const char *secret, const char *password)
{
  if (sodium_init() < 0) {
    return false;
  }
  if (!secret[0]) { // the same work, so that nobody learns from the clock which names there are
    char other[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(other, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0) {
      return false;
    }
    return false;
  }
  return crypto_pwhash_str_verify(secret, password, strlen(password)) == 0;
}

void
shed_secret_slip(char out[SHED_SLIP_PASSWORD])
{
  static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
  enum { GROUPS = 3, GROUP = 3 };
  size_t n = 0;
  SHED_ASSERT(sodium_init() >= 0); // else the system has no random numbers
  for (int g = 0; g < GROUPS; g++) {
    if (g) {
      out[n++] = '-';
    }
    for (int i = 0; i < GROUP; i++) {
      out[n++] = letters[randombytes_uniform(sizeof(letters) - 1)];
    }
  }
  out[n] = '\0';
}

void
shed_secret_code(char *out, size_t size)
{
  SHED_ASSERT(sodium_init() >= 0); // else the system has no random numbers
  (void)snprintf(out, size, "%06u", (unsigned)randombytes_uniform(1000000));
}

bool
shed_secret_equal(const char *a, const char *b)
{
  size_t n = strlen(a);
  return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}
