/// About this file: macros of ABC (9), played out in the text of a music line. Allocates only in the text it appends to.
#include "engine/score/abc_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 7, MOST_EXPANSION = 64 * 1024 };

static const char STEP_LETTERS[] = "CDEFGAB";

// Without the blanks at both ends.
static void
trim(const char **text, size_t *n)
{
  while (*n > 0 && isspace((unsigned char)(*text)[0])) {
    (*text)++;
    (*n)--;
  }
  while (*n > 0 && isspace((unsigned char)(*text)[*n - 1])) {
    (*n)--;
  }
}

bool
shed_abc_read_macro(const char *text, shed_abc_macro *out, char *why)
{
  shed_abc_macro m      = {.target = text};
  const char    *equals = strchr(text, '=');
  while (equals == text || (equals && equals[1] == '\0')) {
    equals = NULL;
  }
  if (equals) {
    m.target_n      = (size_t)(equals - text);
    m.replacement   = equals + 1;
    m.replacement_n = strlen(equals + 1);
    trim(&m.target, &m.target_n);
    trim(&m.replacement, &m.replacement_n);
  }
  if (!equals || m.target_n == 0) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.40s\" is not a macro; write it like m:~G3 = G{A}G{F}G", text);
    return false;
  }
  m.transposing = memchr(m.target, 'n', m.target_n) != NULL;
  *out          = m;
  return true;
}

// A note of the code at s: letter and octave marks. @return its length, 0 for none.
static size_t
note_at(const char *s, int *staff)
{
  const char *letter = *s ? strchr(STEP_LETTERS, toupper((unsigned char)*s)) : NULL;
  if (!letter) {
    return 0;
  }
  size_t n = 1;
  *staff   = (int)(letter - STEP_LETTERS) + (islower((unsigned char)*s) ? STEPS : 0);
  for (; s[n] == ',' || s[n] == '\''; n++) {
    *staff += s[n] == ',' ? -STEPS : STEPS;
  }
  return n;
}

static void
add_note(shed_str *out, int staff)
{
  int  octave = staff >= 0 ? staff / STEPS : -((-staff + STEPS - 1) / STEPS);
  int  step   = staff - octave * STEPS;
  char letter = STEP_LETTERS[step];
  if (octave >= 1) {
    letter = (char)tolower((unsigned char)letter);
    octave--;
    shed_str_addn(out, &letter, 1);
    for (; octave > 0; octave--) {
      shed_str_add(out, "'");
    }
    return;
  }
  shed_str_addn(out, &letter, 1);
  for (; octave < 0; octave++) {
    shed_str_add(out, ",");
  }
}

// The length of text at s that the macro stands for; 0 when it does not. @param[out] staff what its n is.
static size_t
match(const char *s, const shed_abc_macro *m, int *staff)
{
  size_t at = 0;
  for (size_t i = 0; i < m->target_n; i++) {
    if (m->transposing && m->target[i] == 'n') {
      size_t n = note_at(s + at, staff);
      if (n == 0) {
        return 0;
      }
      at += n;
    } else if (s[at] == m->target[i]) {
      at++;
    } else {
      return 0;
    }
  }
  // ~g3 is not ~g32, and ~g is not ~g2
  unsigned char next = (unsigned char)s[at];
  bool          open = isdigit(next) || next == '/' || next == ',' || next == '\'';
  return open ? 0 : at;
}

static void
replace(const shed_abc_macro *m, int staff, shed_str *out)
{
  for (size_t i = 0; i < m->replacement_n; i++) {
    char c = m->replacement[i];
    if (m->transposing && c >= 'h' && c <= 'z') {
      add_note(out, staff + (c - 'n'));
    } else {
      shed_str_addn(out, &c, 1);
    }
  }
}

// Text that macros do not reach: "...", !...!, [X:...]. @return its length, 0 for none.
static size_t
protected_text(const char *s)
{
  const char *end = NULL;
  if (*s == '"') {
    end = strchr(s + 1, '"');
  } else if (*s == '!') {
    size_t n = strcspn(s + 1, "! |[]:");
    end      = s[1 + n] == '!' ? s + 1 + n : NULL;
  } else if (*s == '[' && isalpha((unsigned char)s[1]) && s[2] == ':') {
    end = strchr(s, ']');
  }
  return end ? (size_t)(end - s) + 1 : 0;
}

void
shed_abc_expand(const char *line, const shed_abc_macro *macros, size_t n, shed_str *out)
{
  for (const char *s = line; *s && !out->failed;) {
    size_t taken = protected_text(s);
    if (taken > 0) {
      shed_str_addn(out, s, taken);
    }
    // the last definition of a target counts
    for (size_t i = n; taken == 0 && i-- > 0;) {
      int staff = 0;
      taken     = out->len < MOST_EXPANSION ? match(s, &macros[i], &staff) : 0;
      if (taken > 0) {
        replace(&macros[i], staff, out);
      }
    }
    if (taken == 0) {
      shed_str_addn(out, s, 1);
      taken = 1;
    }
    s += taken;
  }
}
