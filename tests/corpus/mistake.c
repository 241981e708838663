// About this file: mistakes by name and by chance.
#include "engine/base/rng.h"
#include "engine/base/str.h"
#include "tests/corpus/perform.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  bool        second, amount;
} ROWS[] = {
#define CORPUS_MISTAKE(id, name, second, amount, pitched, of_note) {name, second, amount},
#include "tests/corpus/mistakes.def"
#undef CORPUS_MISTAKE
};

const char *
corpus_mistake_name(corpus_mistake_kind kind)
{
  SHED_ASSERT((int)kind >= 0 && kind < CORPUS_MISTAKES);
  return ROWS[kind].name;
}

// The text up to the first of `ends`; *rest stands on it or at the end.
static void
word(const char **rest, const char *ends, char *buf, size_t size)
{
  size_t n = strcspn(*rest, ends);
  (void)snprintf(buf, size, "%.*s", (int)n, *rest);
  *rest += n;
}

static bool
parse_numbers(const char *at, corpus_mistake *m, bool second, bool amount)
{
  char      buf[32];
  long long index = 0;
  long long to    = 0;
  word(&at, ">:", buf, sizeof(buf));
  if (!shed_parse_int(buf, 0, CORPUS_NOTES_MAX, &index)) {
    return false;
  }
  if (second) {
    if (*at != '>') {
      return false;
    }
    at++;
    word(&at, ":", buf, sizeof(buf));
    if (!shed_parse_int(buf, 0, CORPUS_NOTES_MAX, &to)) {
      return false;
    }
  }
  if (amount && (*at != ':' || !shed_parse_double(at + 1, -1000, 1000, &m->amount))) {
    return false;
  }
  m->index = (int)index;
  m->to    = (int)to;
  return amount || *at == '\0';
}

shed_status
corpus_mistake_parse(const char *text, corpus_mistake *out, shed_error *err)
{
  char        name[32];
  const char *at = text;
  word(&at, "@", name, sizeof(name));
  for (size_t i = 0; *at == '@' && i < SHED_COUNTOF(ROWS); i++) {
    corpus_mistake m = {.kind = (corpus_mistake_kind)i};
    if (strcmp(ROWS[i].name, name) != 0) {
      continue;
    }
    if (!parse_numbers(at + 1, &m, ROWS[i].second, ROWS[i].amount)) {
      return shed_fail(err, SHED_E_FORMAT, text, "expected %s@NOTE%s%s", name, ROWS[i].second ? ">NOTE" : "",
                       ROWS[i].amount ? ":AMOUNT" : "");
    }
    *out = m;
    return SHED_OK;
  }
  return shed_fail(err, SHED_E_FORMAT, text, "expected a mistake as wrong@3:2, missed@5, restart@7>2:1.5");
}

static double
either_way(shed_rng *rng, double amount)
{
  return shed_rng_below(rng, 2) ? amount : -amount;
}

static corpus_mistake
by_chance(shed_rng *rng, int index)
{
  corpus_mistake m = {.index = index};
  switch (shed_rng_below(rng, 8)) {
  case 0:
  case 1:
    m.kind   = CORPUS_WRONG;
    m.amount = either_way(rng, shed_rng_between(rng, 1, 4));
    break;
  case 2:
    m.kind = CORPUS_MISSED;
    break;
  case 3:
    m.kind   = CORPUS_EXTRA;
    m.amount = either_way(rng, shed_rng_between(rng, 1, 3));
    break;
  case 4:
    m.kind   = CORPUS_EARLY;
    m.amount = shed_rng_between(rng, 100, 160);
    break;
  case 5:
    m.kind   = CORPUS_LATE;
    m.amount = shed_rng_between(rng, 100, 160);
    break;
  case 6:
    m.kind   = CORPUS_SHARP;
    m.amount = shed_rng_between(rng, 42, 62);
    break;
  default:
    m.kind   = CORPUS_FLAT;
    m.amount = shed_rng_between(rng, 42, 62);
    break;
  }
  return m;
}

size_t
corpus_mistakes_random(const corpus_tune *tune, double rate, uint64_t seed, corpus_mistake *out, size_t cap)
{
  shed_rng rng;
  size_t   n = 0;
  shed_rng_seed(&rng, seed, 0xbadu);
  for (size_t i = 0; i < tune->n && n < cap; i++) {
    if (tune->notes[i].pitched && shed_rng_unit(&rng) < rate) {
      out[n++] = by_chance(&rng, (int)i);
    }
  }
  return n;
}
