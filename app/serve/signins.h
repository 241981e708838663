/// Who is signed in: a table in memory of what the store has, so that the event loop can look without waiting for a disk.
/// The cookie's value is 32 random bytes; only its hash is kept.
#ifndef SHED_SERVE_SIGNINS_H
#define SHED_SERVE_SIGNINS_H

#include "engine/base/clock.h"
#include "mastery/store/accounts.h"

enum { SHED_SIGNIN_COOKIE = 65 }; ///< 64 hexadecimal digits and NUL

#define SHED_SIGNIN_COOKIE_NAME "woodshed"

/// Somebody who asks. A plain value.
typedef struct {
  shed_uuid   person;
  unsigned    roles; ///< SHED_ACCOUNT_*; 0: not signed in
  char        name[SHED_PERSON_NAME];
  char        login[SHED_ACCOUNT_LOGIN];
  shed_sha256 token;
  char        csrf[SHED_SHA256_TEXT]; ///< made from the cookie's value
} shed_who;

typedef struct shed_signins shed_signins;

/// @param store  read here, and not kept. @param clock borrowed. @return as shed_store_each_signin(); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_signins_open(shed_signins **out, shed_store *store, const shed_clock *clock,
                                             const shed_alloc *alloc, shed_error *err);
void                       shed_signins_free(shed_signins *s); ///< NULL is legal

// Every function below may be called by any thread; none waits for longer than a copy.

/// Sign somebody in: table and store. @param[out] cookie its value, told this once.
SHED_NODISCARD shed_status shed_signins_add(shed_signins *s, shed_store *store, const shed_account *a,
                                            char cookie[SHED_SIGNIN_COOKIE], shed_who *out, shed_error *err);
/// Who has that cookie. Roles 0 when nobody has, or when it is too old: 12 hours not used, 30 days since it was begun.
shed_who shed_signins_find(shed_signins *s, const char *cookie);
/// Whether a token is still signed in.
bool shed_signins_has(shed_signins *s, const shed_sha256 *token);
/// Sign out: from now on the cookie is nobody's.
SHED_NODISCARD shed_status shed_signins_drop(shed_signins *s, shed_store *store, const shed_sha256 *token,
                                             shed_error *err);
/// Sign a person out everywhere, but where the token is @p but ("" nowhere).
SHED_NODISCARD shed_status shed_signins_drop_of(shed_signins *s, shed_store *store, const shed_uuid *person,
                                                const shed_sha256 *but, shed_error *err);
/// Write down when they were last used, and drop what is too old, and who has no account any more. Now and then.
SHED_NODISCARD shed_status shed_signins_save(shed_signins *s, shed_store *store, shed_error *err);
/// A number that goes up whenever somebody is signed out: who stays connected looks again.
uint64_t shed_signins_generation(shed_signins *s);

#endif
