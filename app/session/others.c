#include "app/session/others.h"

#include "app/session/target.h"
#include "engine/music/profile.h"

#include <stdio.h>
#include <string.h>

void
shed_others_free(shed_other *others, int n)
{
  for (int i = 0; i < n; i++) {
    shed_line_free(&others[i].line);
  }
}

// Who plays it, by the score's own words.
static int
program_of(const shed_part_info *part)
{
  shed_profile p     = {0};
  const bool   known = (part->instrument[0] && shed_profile_find(part->instrument, &p, NULL) == SHED_OK) ||
                     (part->name[0] && shed_profile_find(part->name, &p, NULL) == SHED_OK);
  return known && p.gm_program >= 0 ? p.gm_program : 0;
}

static shed_status
add(const shed_score *score, size_t index, const shed_others_opts *opts, const shed_alloc *alloc,
    shed_other *out, int *n, shed_error *err)
{
  shed_selection_text  text;
  shed_selection       sel  = {.tempo_bpm = opts->tempo_bpm};
  const shed_part_info part = shed_score_part(score, index);
  char                 number[16];
  shed_other           one = {.program = program_of(&part)};
  shed_status          st  = shed_selection_read(NULL, opts->measures, &text, &sel, err);
  (void)snprintf(number, sizeof(number), "%zu", index + 1);
  sel.part = number;
  if (st != SHED_OK || (st = shed_score_perform(score, &sel, alloc, &one.line, err)) != SHED_OK) {
    return st;
  }
  if (one.line.n_notes == 0) {
    shed_line_free(&one.line);
    return SHED_OK;
  }
  if (*n == SHED_OTHERS_MOST) {
    shed_line_free(&one.line);
    return shed_fail(err, SHED_E_LIMIT, "--with", "more than %d parts cannot sound at once: name some",
                     SHED_OTHERS_MOST);
  }
  const char *name = part.name[0] ? part.name : part.id;
  (void)snprintf(one.name, sizeof(one.name), "%s", name);
  out[(*n)++] = one;
  return SHED_OK;
}

static shed_status
add_all(const shed_score *score, const shed_others_opts *opts, const shed_alloc *alloc, shed_other *out,
        int *n, shed_error *err)
{
  shed_selection_text text;
  shed_selection      sel = {0};
  shed_status         st  = shed_selection_read(opts->mine, NULL, &text, &sel, err);
  const size_t        my  = shed_score_find_part(score, sel.part);
  for (size_t i = 0; st == SHED_OK && i < shed_score_parts(score); i++) {
    st = i == my ? SHED_OK : add(score, i, opts, alloc, out, n, err);
  }
  return st;
}

static shed_status
add_named(const shed_score *score, const shed_others_opts *opts, const shed_alloc *alloc, shed_other *out,
          int *n, shed_error *err)
{
  shed_status st = SHED_OK;
  for (const char *p = opts->which; st == SHED_OK && *p;) {
    char         name[SHED_OTHER_NAME];
    const size_t len = strcspn(p, ",");
    (void)snprintf(name, sizeof(name), "%.*s", (int)(len < sizeof(name) ? len : sizeof(name) - 1), p);
    const size_t index = shed_score_find_part(score, name);
    if (index == shed_score_parts(score)) {
      return shed_fail(err, SHED_E_NOTFOUND, "--with",
                       "there is no part \"%s\" in this score: woodshed read FILE lists them", name);
    }
    st = add(score, index, opts, alloc, out, n, err);
    p += len + (p[len] == ',');
  }
  return st;
}

shed_status
shed_others_from_score(const shed_others_opts *opts, const shed_alloc *alloc, shed_other *out, int *n,
                       shed_error *err)
{
  shed_score *score = NULL;
  shed_status st    = shed_score_load(opts->path, alloc, &score, err);
  *n                = 0;
  if (st != SHED_OK) {
    return st;
  }
  st = strcmp(opts->which, "all") == 0 ? add_all(score, opts, alloc, out, n, err)
                                       : add_named(score, opts, alloc, out, n, err);
  if (st == SHED_OK && *n == 0) {
    st = shed_fail(err, SHED_E_NOTFOUND, "--with",
                   "this score has no other part that sounds in these measures");
  }
  shed_score_free(score);
  if (st != SHED_OK) {
    shed_others_free(out, *n);
    *n = 0;
  }
  return st;
}
