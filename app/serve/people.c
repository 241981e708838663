// About this file: making people with accounts, and the names they sign in by. Desk threads.
#include "app/serve/routes.h"

#include <stdio.h>
#include <string.h>

enum { LOGIN_LEAST = 2, LOGIN_LONGEST = 40 };

static const char login_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

shed_status
shed_login_read(const shed_json *body, const char *key, const char **out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(body, key, false, LOGIN_LONGEST, &text, err);
  if (st != SHED_OK) {
    return st;
  }
  if (strlen(text) < LOGIN_LEAST || text[strspn(text, login_letters)] || strchr("._-", text[0])) {
    return shed_fail(err, SHED_E_RANGE, key,
                     "a sign-in name has %d to %d small letters, digits, dots or dashes", LOGIN_LEAST,
                     LOGIN_LONGEST);
  }
  *out = text;
  return SHED_OK;
}

// Letters of Latin-1 and Latin Extended-A without their marks, by code point from U+00C0 on; '-' is left out.
static const char plain[] = "aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
                            "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static char
plain_letter(unsigned code)
{
  if (code >= 'A' && code <= 'Z') {
    return (char)(code - 'A' + 'a');
  }
  if (code < 0x80) {
    return (char)code;
  }
  return code >= 0xc0 && code - 0xc0 < sizeof(plain) - 1 ? plain[code - 0xc0] : '-';
}

void
shed_login_make(const char *name, char *out)
{
  enum { LONGEST = 30, UNKNOWN = 0xffff };
  size_t n   = 0;
  bool   gap = false;
  for (const unsigned char *p = (const unsigned char *)name; *p && n < LONGEST;) {
    unsigned code = *p++;
    if (code >= 0xc0 && code < 0xe0 && (*p & 0xc0) == 0x80) {
      code = (code & 0x1fU) << 6 | (*p++ & 0x3fU);
    } else if (code >= 0x80) { // a letter of a script that is not Latin, or no UTF-8
      code = UNKNOWN;
      while ((*p & 0xc0) == 0x80) {
        p++;
      }
    }
    char letter = plain_letter(code);
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
      if (gap && n > 0) {
        out[n++] = '.';
      }
      out[n++] = letter;
      gap      = false;
    } else {
      gap = gap || letter == ' ';
    }
  }
  if (n < LOGIN_LEAST) { // a name in another script
    memcpy(out, "player", 6);
    n = 6;
  }
  out[n] = '\0';
}

shed_status
shed_account_begin(shed_call *c, const char *name, shed_role role, shed_account *a, shed_error *err)
{
  shed_person  p;
  shed_account other;
  shed_status  st = shed_store_account_named(c->store, a->login, &other, err);
  if (st == SHED_OK) {
    return shed_fail(err, SHED_E_EXISTS, "login", "somebody signs in as \"%s\" already", a->login);
  }
  if (st != SHED_E_NOTFOUND) {
    return st;
  }
  st = shed_store_find_person(c->store, role, name, &p, err);
  if (st == SHED_E_NOTFOUND) {
    st = shed_store_add_person(c->store, role, name, &p, err);
  }
  if (st == SHED_OK) {
    a->person = p.id;
    (void)snprintf(a->name, sizeof(a->name), "%s", p.name);
    st = shed_store_account_add(c->store, a, err);
  }
  return st;
}
