/// Passwords: Argon2id through libsodium, and passwords made for sign-in slips.
#ifndef SHED_SERVE_SECRET_H
#define SHED_SERVE_SECRET_H

#include "engine/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHED_SLIP_PASSWORD = 16 };

/// libsodium's string of a password: Argon2id, its own salt, interactive cost (64 MiB, some 0.1 s).
/// @param out SHED_ACCOUNT_SECRET bytes. @return SHED_OK or SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_secret_make(const char *password, char *out, size_t size);
/// Whether a password is that of a secret. Takes as long for a secret of "" (nobody's), and is false then.
bool shed_secret_fits(const char *secret, const char *password);
/// A password to be copied from paper: three groups of three, no letter or digit that is taken for another ("kmt-4rw-9hd"): 40 bits.
void shed_secret_slip(char out[SHED_SLIP_PASSWORD]);
/// A code of six digits, for the first run.
void shed_secret_code(char *out, size_t size);
/// Compare in a time that does not depend on where they differ.
bool shed_secret_equal(const char *a, const char *b);

#endif
