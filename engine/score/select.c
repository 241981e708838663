#include "engine/score/select.h"

#include "engine/base/str.h"

#include <stdio.h>
#include <string.h>

enum { LIST_TEXT = 360 }; // a list of what there is; cut with "..." when longer

// Append to a list of fixed size; once it is full it ends in "...".
static void
list_add(char *list, const char *item)
{
  size_t n    = strlen(list);
  size_t more = strlen(item) + 2;
  if (n >= 3 && strcmp(list + n - 3, "...") == 0) {
    return;
  }
  if (n + more + 5 > LIST_TEXT) {
    (void)snprintf(list + n, LIST_TEXT - n, ", ...");
    return;
  }
  (void)snprintf(list + n, LIST_TEXT - n, "%s%s", n ? ", " : "", item);
}

size_t
shed_score_find_part(const shed_score *score, const char *text)
{
  long long number = 0;
  if (!text) {
    return 0;
  }
  if (shed_parse_int(text, 1, (long long)score->n_parts, &number)) {
    return (size_t)number - 1;
  }
  for (size_t i = 0; i < score->n_parts; i++) {
    if (shed_equal_nocase(score->parts[i].id, text)) {
      return i;
    }
  }
  for (size_t i = 0; i < score->n_parts; i++) {
    if (shed_equal_nocase(score->parts[i].name, text) ||
        (text[0] && shed_equal_nocase(score->parts[i].instrument, text))) {
      return i;
    }
  }
  return score->n_parts;
}

static shed_status
fail_part(const shed_score *score, const char *text, shed_error *err)
{
  char list[LIST_TEXT] = "";
  for (size_t i = 0; i < score->n_parts; i++) {
    char item[128];
    (void)snprintf(item, sizeof(item), "%zu %.40s \"%.60s\"", i + 1, score->parts[i].id,
                   score->parts[i].name);
    list_add(list, item);
  }
  return shed_fail(err, SHED_E_NOTFOUND, score->file, "there is no part \"%.60s\"; the parts are: %s", text,
                   list[0] ? list : "none");
}

static shed_status
check_voice(const shed_score *score, const shed_part *part, const shed_selection *sel, shed_error *err)
{
  const char *seen[16];
  size_t      n               = 0;
  char        list[LIST_TEXT] = "";
  for (size_t i = 0; i < part->n_notes; i++) {
    const shed_note *note  = &part->notes[i];
    bool             known = false;
    if (sel->staff && note->staff != sel->staff) {
      continue;
    }
    if (strcmp(note->voice, sel->voice) == 0) {
      return SHED_OK;
    }
    for (size_t k = 0; k < n && !known; k++) {
      known = strcmp(seen[k], note->voice) == 0;
    }
    if (!known && n < SHED_COUNTOF(seen)) {
      seen[n++] = note->voice;
      list_add(list, note->voice);
    }
  }
  return shed_fail(err, SHED_E_NOTFOUND, score->file,
                   "there is no voice \"%.40s\" in part \"%.60s\"; the voices are: %s", sel->voice,
                   part->name[0] ? part->name : part->id, list[0] ? list : "none");
}

static int
find_measure(const shed_score *score, const char *number, int from)
{
  for (int i = from; i < (int)score->n_columns; i++) {
    if (shed_equal_nocase(score->columns[i].number, number)) {
      return i;
    }
  }
  return -1;
}

static shed_status
fail_measure(const shed_score *score, const char *number, shed_error *err)
{
  if (score->n_columns == 0) {
    return shed_fail(err, SHED_E_NOTFOUND, score->file,
                     "there is no measure \"%.20s\": there are no measures", number);
  }
  return shed_fail(err, SHED_E_NOTFOUND, score->file,
                   "there is no measure \"%.20s\"; the measures are %s to %s, as printed", number,
                   score->columns[0].number, score->columns[score->n_columns - 1].number);
}

static shed_status
select_measures(const shed_score *score, const shed_selection *sel, shed_selected *out, shed_error *err)
{
  out->first    = 0;
  out->last     = (int)score->n_columns - 1;
  out->straight = sel->first_measure || sel->last_measure;
  if (sel->first_measure && (out->first = find_measure(score, sel->first_measure, 0)) < 0) {
    return fail_measure(score, sel->first_measure, err);
  }
  if (!sel->last_measure) {
    return SHED_OK;
  }
  out->last = find_measure(score, sel->last_measure, out->first);
  if (out->last < 0) {
    if (find_measure(score, sel->last_measure, 0) >= 0) {
      return shed_fail(err, SHED_E_NOTFOUND, score->file, "measure %.20s comes before measure %.20s",
                       sel->last_measure, sel->first_measure);
    }
    return fail_measure(score, sel->last_measure, err);
  }
  // a measure that a repeat sign cuts in two may carry its number twice
  while (out->last + 1 < (int)score->n_columns &&
         strcmp(score->columns[out->last + 1].number, score->columns[out->last].number) == 0) {
    out->last++;
  }
  return SHED_OK;
}

shed_status
shed_score_select(const shed_score *score, const shed_selection *sel, shed_selected *out, shed_error *err)
{
  out->part = shed_score_find_part(score, sel->part);
  if (sel->part && out->part == score->n_parts) {
    return fail_part(score, sel->part, err);
  }
  if (score->n_parts == 0) {
    return shed_fail(err, SHED_E_NOTFOUND, score->file, "the score has no parts");
  }
  const shed_part *part = &score->parts[out->part];
  if (sel->staff < 0 || sel->staff > part->staves) {
    return shed_fail(err, SHED_E_NOTFOUND, score->file,
                     "there is no staff %d in part \"%.60s\"; its staves are 1 to %d", sel->staff,
                     part->name[0] ? part->name : part->id, part->staves);
  }
  shed_status st = sel->voice ? check_voice(score, part, sel, err) : SHED_OK;
  return st == SHED_OK ? select_measures(score, sel, out, err) : st;
}
