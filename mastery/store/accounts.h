/// Accounts: who may sign in at this store's server, by what name and with what secret, and who is signed in. They belong to this
/// store alone: no event, no export and no merge carries them. Erasing a person erases the account.
#ifndef SHED_STORE_ACCOUNTS_H
#define SHED_STORE_ACCOUNTS_H

#include "engine/base/hash.h"
#include "engine/base/str.h"
#include "mastery/store/people.h"

enum { SHED_ACCOUNT_LOGIN = 48, SHED_ACCOUNT_SECRET = 160, SHED_ACCOUNT_SETTINGS = 16384 };

/// One may have several.
enum { SHED_ACCOUNT_STUDENT = 1, SHED_ACCOUNT_TEACHER = 2, SHED_ACCOUNT_ADMIN = 4, SHED_ACCOUNT_ROLES = 7 };

typedef struct {
  shed_uuid person;
  char      name[SHED_PERSON_NAME];      ///< from the people; not written by shed_store_account_add()
  char      login[SHED_ACCOUNT_LOGIN];   ///< case of ASCII ignored
  unsigned  roles;                       ///< SHED_ACCOUNT_*
  char      secret[SHED_ACCOUNT_SECRET]; ///< the password's hash, as libsodium writes it
  int64_t   seen_at_ms;                  ///< last signed in; 0 never
} shed_account;

/// @return SHED_OK; SHED_E_EXISTS (the login is taken, or the person has an account); SHED_E_RANGE (login empty or too long, no
///         role); SHED_E_NOTFOUND (nobody of that id).
SHED_NODISCARD shed_status shed_store_account_add(shed_store *s, const shed_account *a, shed_error *err);
/// @return SHED_OK or SHED_E_NOTFOUND.
SHED_NODISCARD shed_status shed_store_account_named(shed_store *s, const char *login, shed_account *out,
                                                    shed_error *err);
SHED_NODISCARD shed_status shed_store_account_of(shed_store *s, const shed_uuid *person, shed_account *out,
                                                 shed_error *err);
SHED_NODISCARD shed_status shed_store_account_secret(shed_store *s, const shed_uuid *person,
                                                     const char *secret, shed_error *err);
SHED_NODISCARD shed_status shed_store_account_seen(shed_store *s, const shed_uuid *person, int64_t at_ms,
                                                   shed_error *err);
/// Everybody who has one of @p roles, in order of name. @p each returns false to stop.
SHED_NODISCARD shed_status shed_store_each_account(shed_store *s, unsigned roles,
                                                   bool (*each)(void *ctx, const shed_account *a), void *ctx,
                                                   shed_error *err);

/// What a person chose for the pages: a JSON text, "{}" at first. Appended to @p out.
SHED_NODISCARD shed_status shed_store_settings(shed_store *s, const shed_uuid *person, shed_str *out,
                                               shed_error *err);
/// @return also SHED_E_LIMIT over SHED_ACCOUNT_SETTINGS bytes.
SHED_NODISCARD shed_status shed_store_settings_put(shed_store *s, const shed_uuid *person, const char *json,
                                                   shed_error *err);

/// Somebody who is signed in. The cookie's own value is not kept, only its hash.
typedef struct {
  shed_sha256 token;
  shed_uuid   person;
  int64_t     begun_at_ms, used_at_ms;
} shed_signin;

SHED_NODISCARD shed_status shed_store_signin_put(shed_store *s, const shed_signin *in, shed_error *err);
/// Write down when it was last used; nothing when it was dropped meanwhile.
SHED_NODISCARD shed_status shed_store_signin_used(shed_store *s, const shed_signin *in, shed_error *err);
SHED_NODISCARD shed_status shed_store_signin_drop(shed_store *s, const shed_sha256 *token, shed_error *err);
/// Drop what was not used since @p before_ms, and what was begun before @p begun_before_ms.
SHED_NODISCARD shed_status shed_store_signin_expire(shed_store *s, int64_t before_ms, int64_t begun_before_ms,
                                                    shed_error *err);
/// Drop all of a person, but the one with token @p but ("" none).
SHED_NODISCARD shed_status shed_store_signin_drop_of(shed_store *s, const shed_uuid *person,
                                                     const shed_sha256 *but, shed_error *err);
SHED_NODISCARD shed_status shed_store_each_signin(shed_store *s,
                                                  bool (*each)(void *ctx, const shed_signin *in), void *ctx,
                                                  shed_error *err);

#endif
