// About this file: the machine's part of the checklist: is each planted mistake named, and is nothing called a mistake that was
// none? What chance did to a player counts as played when it is beyond the line that the verdict draws itself.
#include "tests/examples/example.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double NEAR_S        = 0.25; // an extra note, a restart, found so near is found
static const double BY_CHANCE_MS  = 60;   // off the beat by this and more without a mistake: it may be said
static const double BY_CHANCE_CTS = 25;   // off the note; the take's own tuning is told apart from it
static const double AT_MOST_WRONG = 65;   // bent by this and more it may be called another note

typedef struct {
  const example *e;
  bool           explained[EXAMPLE_NOTES_MOST]; // a planted mistake stands here
  bool           good;
} checking;

static bool
is_echo(const example *e)
{
  const char *kind = shed_json_text(shed_json_get(shed_json_get(e->verdict, "target"), "kind"));
  return kind && strcmp(kind, "reference") == 0;
}

static void
place(const example *e, int index, char *buf, size_t size)
{
  const example_note *n = &e->notes[index];
  if (index < 0 || (size_t)index >= e->n_notes) {
    (void)snprintf(buf, size, "the end");
  } else if (e->n_notes == 1) {
    (void)snprintf(buf, size, "the tone");
  } else if (is_echo(e)) {
    (void)snprintf(buf, size, "note %d", index + 1);
  } else {
    (void)snprintf(buf, size, "bar %s, beat %.4g", n->bar, round(n->beat * 100) / 100);
  }
}

static const shed_json *
find(const example *e, const char *list, const char *key, double wanted, double within)
{
  const shed_json *all = shed_json_get(e->verdict, list);
  for (size_t i = 0; i < shed_json_size(all); i++) {
    const shed_json *v = shed_json_at(all, i);
    if (fabs(shed_json_number(shed_json_get(v, key), 1e9) - wanted) <= within) {
      return v;
    }
  }
  return NULL;
}

static const shed_json *
incident(const example *e, const char *kind)
{
  const shed_json *all = shed_json_get(e->verdict, "incidents");
  for (size_t i = 0; i < shed_json_size(all); i++) {
    const char *text = shed_json_text(shed_json_get(shed_json_at(all, i), "kind"));
    if (text && strcmp(text, kind) == 0) {
      return shed_json_at(all, i);
    }
  }
  return NULL;
}

// When a sound that belongs to no note of the music came, after note `index`.
static double
extra_at(const example *e, int index)
{
  const shed_json *all = shed_json_get(e->truth, "sounds");
  for (size_t i = 0; i + 1 < shed_json_size(all); i++) {
    const shed_json *next = shed_json_at(all, i + 1);
    bool             here = (int)shed_json_number(shed_json_get(shed_json_at(all, i), "index"), -1) == index;
    if (here && shed_json_is_null(shed_json_get(next, "index"))) {
      return shed_json_number(shed_json_get(next, "onset_s"), NAN);
    }
  }
  return NAN;
}

// Of notes that were left out in a row each one may be told instead.
static bool
all_missed(const example *e, int from, int to)
{
  for (int i = from; i < to; i++) {
    if ((size_t)i >= e->n_notes || strcmp(e->notes[i].pitch, "missed") != 0) {
      return false;
    }
  }
  return from < to;
}

// Gone back after note `index`; a bar played again in time is told as a repeat.
static bool
went_back(const example *e, const example_mistake *m)
{
  static const char *const lists[] = {"restarts", "incidents"};
  for (size_t l = 0; l < SHED_COUNTOF(lists); l++) {
    const shed_json *all = shed_json_get(e->verdict, lists[l]);
    for (size_t i = 0; i < shed_json_size(all); i++) {
      const shed_json *one  = shed_json_at(all, i);
      const char      *kind = shed_json_text(shed_json_get(one, "kind"));
      if ((l == 0 || (kind && strcmp(kind, "repeat") == 0)) &&
          fabs(shed_json_number(shed_json_get(one, "from_index"), NAN) - m->index) <= 1 &&
          fabs(shed_json_number(shed_json_get(one, "to_index"), NAN) - m->to) <= 1) {
        return true;
      }
    }
  }
  return false;
}

static bool
is_named(const example *e, const example_mistake *m)
{
  const example_note *n    = m->index >= 0 && (size_t)m->index < e->n_notes ? &e->notes[m->index] : NULL;
  const char         *kind = m->kind;
  if (strcmp(kind, "early") == 0 || strcmp(kind, "late") == 0) {
    return n && strcmp(n->timing, kind) == 0;
  }
  if (strcmp(kind, "sharp") == 0 || strcmp(kind, "flat") == 0) {
    return n &&
           (strcmp(n->pitch, kind) == 0 || (m->amount >= AT_MOST_WRONG && strcmp(n->pitch, "wrong") == 0));
  }
  if (strcmp(kind, "wrong") == 0) {
    return n && strcmp(n->pitch, kind) == 0 && n->said_midi == n->midi + (int)m->amount + e->shift;
  }
  if (strcmp(kind, "missed") == 0) {
    return n && strcmp(n->pitch, kind) == 0;
  }
  if (strcmp(kind, "extra") == 0) {
    return find(e, "extras", "onset_s", extra_at(e, m->index), NEAR_S) != NULL;
  }
  if (strcmp(kind, "restart") == 0) {
    return went_back(e, m);
  }
  if (strcmp(kind, "short") == 0) {
    return n && strcmp(n->length, kind) == 0;
  }
  if (strcmp(kind, "hesitation") == 0) {
    return find(e, "hesitations", "before_index", m->index, 0) != NULL;
  }
  if (strcmp(kind, "sink") == 0) {
    return incident(e, "drift") != NULL || find(e, "advice", "cents", m->amount, m->amount / 2) != NULL;
  }
  if (strcmp(kind, "early_stop") == 0) {
    return incident(e, kind) != NULL || all_missed(e, m->index + 1, (int)e->n_notes);
  }
  const shed_json *skip = incident(e, kind);
  return all_missed(e, m->index + 1, m->to) ||
         (skip && (int)shed_json_number(shed_json_get(skip, "amount"), 0) == m->to - m->index - 1);
}

// A mistake of a note that a restart plays once more counts as mended.
static bool
is_mended(const example *e, const example_mistake *m)
{
  for (size_t i = 0; i < e->n_mistakes; i++) {
    const example_mistake *r = &e->mistakes[i];
    if (r != m && strcmp(r->kind, "restart") == 0 && m->index >= r->to && m->index <= r->index) {
      return true;
    }
  }
  return false;
}

static void
explain(checking *c, const example_mistake *m)
{
  int from = m->index, to = m->index;
  if (strcmp(m->kind, "skip") == 0) {
    from = m->index + 1;
    to   = m->to - 1;
  } else if (strcmp(m->kind, "early_stop") == 0) {
    from = m->index + 1;
    to   = (int)c->e->n_notes - 1;
  } else if (strcmp(m->kind, "sink") == 0) {
    from = 0;
    to   = -1;
  }
  for (int i = from; i >= 0 && i <= to && (size_t)i < c->e->n_notes && i < EXAMPLE_NOTES_MOST; i++) {
    c->explained[i] = true;
  }
}

static void
tell_mistake(const example *e, const example_mistake *m, char *buf, size_t size)
{
  char at[64], to[64];
  place(e, m->index, at, sizeof(at));
  if (strcmp(m->kind, "wrong") == 0) {
    (void)snprintf(buf, size, "%s: another note, %.0f %s %s", at, fabs(m->amount),
                   fabs(m->amount) == 1 ? "semitone" : "semitones", m->amount > 0 ? "higher" : "lower");
  } else if (strcmp(m->kind, "missed") == 0) {
    (void)snprintf(buf, size, "%s: left out", at);
  } else if (strcmp(m->kind, "extra") == 0) {
    (void)snprintf(buf, size, "%s: half-way through it another note", at);
  } else if (strcmp(m->kind, "early") == 0 || strcmp(m->kind, "late") == 0) {
    double ms = m->index < (int)e->n_notes ? fabs(e->notes[m->index].shift_ms) : m->amount;
    (void)snprintf(buf, size, "%s: %s by %.0f ms", at, m->kind, ms);
  } else if (strcmp(m->kind, "sharp") == 0 || strcmp(m->kind, "flat") == 0) {
    double cents = m->index < (int)e->n_notes ? fabs(e->notes[m->index].cents) : m->amount;
    (void)snprintf(buf, size, "%s: %s by %.0f cents", at, m->kind, cents);
  } else if (strcmp(m->kind, "restart") == 0) {
    place(e, m->to, to, sizeof(to));
    (void)snprintf(buf, size, "after %s: back to %s", at, to);
    if (m->amount > 0) {
      (void)snprintf(buf + strlen(buf), size - strlen(buf), " after %.1f s", m->amount);
    }
  } else if (strcmp(m->kind, "skip") == 0) {
    place(e, m->to, to, sizeof(to));
    (void)snprintf(buf, size, "after %s: on to %s, %d notes left out", at, to, m->to - m->index - 1);
  } else if (strcmp(m->kind, "hesitation") == 0) {
    (void)snprintf(buf, size, "before %s: a wait of %.1f s", at, m->amount);
  } else if (strcmp(m->kind, "short") == 0) {
    (void)snprintf(buf, size, "%s: held for %.0f %% of its length", at, 100 * m->amount);
  } else if (strcmp(m->kind, "sink") == 0) {
    (void)snprintf(buf, size, "all along: the pitch sinks, by %.0f cents to the end", m->amount);
  } else {
    (void)snprintf(buf, size, "after %s: the end", at);
  }
}

static void
tell_verdict(const example *e, const example_mistake *m, char *buf, size_t size)
{
  const example_note *n         = m->index >= 0 && (size_t)m->index < e->n_notes ? &e->notes[m->index] : NULL;
  const char         *pitched[] = {"wrong", "missed", "sharp", "flat"};
  const char         *timed[]   = {"early", "late"};
  (void)snprintf(buf, size, is_named(e, m) ? "told" : "not told");
  for (size_t i = 0; n && i < SHED_COUNTOF(pitched); i++) {
    if (strcmp(m->kind, pitched[i]) == 0) {
      (void)snprintf(buf, size, "%s", n->pitch[0] ? n->pitch : "not assessed");
      if (!isnan(n->said_cents) && strcmp(n->pitch, "missed") != 0) {
        (void)snprintf(buf + strlen(buf), size - strlen(buf), ", %+.0f cents", n->said_cents);
      }
    }
  }
  for (size_t i = 0; n && i < SHED_COUNTOF(timed); i++) {
    if (strcmp(m->kind, timed[i]) == 0) {
      (void)snprintf(buf, size, "%s", n->timing[0] ? n->timing : "not assessed");
      if (!isnan(n->said_ms)) {
        (void)snprintf(buf + strlen(buf), size - strlen(buf), ", %+.0f ms", n->said_ms);
      }
    }
  }
}

// -- what was not planted ---------------------------------------------------------------------------------------------

static bool
is_red(const char *label)
{
  return strcmp(label, "wrong") == 0 || strcmp(label, "missed") == 0 || strcmp(label, "sharp") == 0 ||
         strcmp(label, "flat") == 0;
}

static void
invented(checking *c, shed_str *out, size_t i, const char *label)
{
  const example_note *n = &c->e->notes[i];
  char                at[64];
  place(c->e, (int)i, at, sizeof(at));
  shed_str_addf(out, "  - %s is called %s; it was played %+.0f ms and %+.0f cents off\n", at, label,
                n->shift_ms, n->cents);
  c->good = false;
}

static double
usual_cents(const example *e)
{
  double sum = 0;
  int    n   = 0;
  for (size_t i = 0; i < e->n_notes; i++) {
    bool planted = false;
    for (size_t k = 0; k < e->n_mistakes; k++) {
      planted = planted || e->mistakes[k].index == (int)i;
    }
    if (e->notes[i].played && !isnan(e->notes[i].cents) && !planted) {
      sum += e->notes[i].cents;
      n++;
    }
  }
  return n ? sum / n : 0;
}

static void
look_at_note(checking *c, size_t i, double usual, shed_str *out)
{
  const example_note *n = &c->e->notes[i];
  if (c->explained[i]) {
    return;
  }
  bool bent = fabs(n->cents - usual) >= BY_CHANCE_CTS;
  bool off  = fabs(n->shift_ms) >= BY_CHANCE_MS;
  if (is_red(n->pitch) && !(bent && (strcmp(n->pitch, "sharp") == 0 || strcmp(n->pitch, "flat") == 0))) {
    invented(c, out, i, n->pitch);
  }
  if (!off && (strcmp(n->timing, "early") == 0 || strcmp(n->timing, "late") == 0)) {
    invented(c, out, i, n->timing);
  }
  if (strcmp(n->length, "short") == 0 || strcmp(n->length, "long") == 0) {
    invented(c, out, i, n->length);
  }
}

static size_t
count(const example *e, const char *kind)
{
  size_t n = 0;
  for (size_t i = 0; i < e->n_mistakes; i++) {
    n += strcmp(e->mistakes[i].kind, kind) == 0;
  }
  return n;
}

static void
look_at_list(checking *c, const char *list, const char *kind, const char *words, shed_str *out)
{
  size_t told = shed_json_size(shed_json_get(c->e->verdict, list)), planted = count(c->e, kind);
  if (told > planted) {
    shed_str_addf(out, "  - %zu %s told, %zu played\n", told, words, planted);
    c->good = false;
  }
}

// What happened on the way: an incident that is told must have been played.
static void
look_at_incidents(checking *c, shed_str *out)
{
  static const struct {
    const char *told, *planted;
  } same[]             = {{"drift", "sink"}, {"repeat", "restart"}};
  const shed_json *all = shed_json_get(c->e->verdict, "incidents");
  for (size_t i = 0; i < shed_json_size(all); i++) {
    const char *told = shed_json_text(shed_json_get(shed_json_at(all, i), "kind"));
    bool        was  = told && count(c->e, told) > 0;
    for (size_t k = 0; told && k < SHED_COUNTOF(same); k++) {
      was = was || (strcmp(told, same[k].told) == 0 && count(c->e, same[k].planted) > 0);
    }
    if (!was) {
      shed_str_addf(out, "  - \"%s\" is told and was not played\n", told ? told : "?");
      c->good = false;
    }
  }
}

static size_t
count_open(const example *e)
{
  size_t n = 0;
  for (size_t i = 0; i < e->n_notes; i++) {
    const example_note *k    = &e->notes[i];
    bool                none = !k->pitch[0] && !k->timing[0] && !k->length[0];
    n += strcmp(k->pitch, "unsure") == 0 || strcmp(k->timing, "unsure") == 0 || none;
  }
  return n;
}

bool
example_check(const example *e, shed_str *planted, shed_str *checklist)
{
  checking c     = {.e = e, .good = true};
  size_t   named = 0, asked = 0;
  shed_str found = {0};
  if (e->n_mistakes > 0) {
    shed_str_add(planted, "| planted | the verdict | named |\n| --- | --- | --- |\n");
  }
  for (size_t i = 0; i < e->n_mistakes; i++) {
    const example_mistake *m = &e->mistakes[i];
    char                   what[160], said[160];
    bool                   mended = is_mended(e, m);
    tell_mistake(e, m, what, sizeof(what));
    tell_verdict(e, m, said, sizeof(said));
    shed_str_addf(planted, "| %s | %s | %s |\n", what, mended ? "mended when it was played again" : said,
                  mended           ? "-"
                  : is_named(e, m) ? "yes"
                                   : "**no**");
    asked += !mended;
    named += !mended && is_named(e, m);
    explain(&c, m);
  }
  for (size_t i = 0; i < e->n_notes && i < EXAMPLE_NOTES_MOST; i++) {
    look_at_note(&c, i, usual_cents(e), &found);
  }
  look_at_list(&c, "extras", "extra", "extra notes are", &found);
  look_at_list(&c, "restarts", "restart", "restarts are", &found);
  look_at_list(&c, "hesitations", "hesitation", "waits are", &found);
  look_at_incidents(&c, &found);
  if (asked > 0) {
    shed_str_addf(checklist, "- [%c] every mistake named: %zu of %zu\n", named == asked ? 'x' : ' ', named,
                  asked);
  }
  shed_str_addf(checklist, "- [%c] none invented%s\n%s", c.good ? 'x' : ' ',
                c.good ? ": of all that was right nothing is called otherwise" : ":", shed_str_text(&found));
  shed_str_addf(checklist, "- %zu of %zu notes left open (not heard clearly, or not assessed)\n",
                count_open(e), e->n_notes);
  shed_str_free(&found);
  return c.good && named == asked;
}
