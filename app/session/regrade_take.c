// About this file: one take: prompt, policy and verdict from its event, what was heard from the store, the judge, and the comparison
// with what stood before.
#include "app/session/regrade_take.h"

#include "app/session/marks.h"
#include "assessors/assessor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SAME_SCORE = 5e-5; // half of what the document's last place shows

// What one take is made of; freed in one place.
typedef struct {
  shed_json   *body;     ///< of the take's event
  shed_json   *regraded; ///< of the last judging again that holds; NULL none
  shed_prompt  prompt;
  shed_take    take;
  shed_policy  policy;
  shed_verdict verdict;
} work;

void
shed_regrade_made_free(shed_regrade_made *m)
{
  shed_json_free(m->verdict);
  shed_json_free(m->policy);
  shed_json_free(m->rubrics);
  m->verdict = m->policy = m->rubrics = NULL;
}

// The document that holds now: the last judging again, else the take's own.
static const shed_json *
standing(const work *w, const char *key)
{
  const shed_json *later = shed_json_get(w->regraded, key);
  return shed_json_is_null(later) ? shed_json_get(w->body, key) : later;
}

static shed_status
read_take(shed_store *store, const shed_uuid *student, const shed_regrade_item *item, const shed_alloc *alloc,
          work *w, shed_error *err)
{
  unsigned char *heard = NULL;
  size_t         n     = 0;
  shed_status    st    = shed_store_take_body(store, &item->event, &w->body, err);
  if (st == SHED_OK) {
    st = shed_store_regraded_body(store, student, &item->event, &w->regraded, NULL);
    st = st == SHED_E_NOTFOUND ? SHED_OK : st;
  }
  if (st != SHED_OK) {
    return st;
  }
  const shed_json *prompt = shed_json_get(w->body, "prompt");
  if (!shed_json_is_object(prompt)) {
    return shed_fail(err, SHED_E_NOTFOUND, item->drill, "what was asked is not kept with this take");
  }
  if ((st = shed_prompt_from_json(prompt, alloc, &w->prompt, err)) != SHED_OK ||
      (st = shed_store_read_heard(store, &item->sha256, item->ear[0] ? item->ear : NULL, &heard, &n, err)) !=
          SHED_OK) {
    return st;
  }
  st = shed_take_decode(heard, n, alloc, &w->take, err);
  shed_free(alloc, heard);
  return st;
}

// The policy that the take stands judged by: whole where it was kept, else the preset of that name, if it still has those numbers.
static shed_status
own_policy(const work *w, shed_policy *out, shed_error *err)
{
  const shed_json *kept = standing(w, "policy");
  const shed_json *told = shed_json_get(standing(w, "verdict"), "policy");
  const char      *id   = shed_json_text(shed_json_get(told, "id"));
  const char      *hash = shed_json_text(shed_json_get(told, "sha256"));
  if (shed_json_is_object(kept)) {
    return shed_policy_from_json(kept, out, err);
  }
  if (!id || shed_policy_preset(id, out, NULL) != SHED_OK || !hash || strcmp(hash, out->sha256.text) != 0) {
    return shed_fail(err, SHED_E_NOTFOUND, id ? id : "policy",
                     "the numbers of this policy are not kept with the take and no preset has them: name one "
                     "with --policy");
  }
  return SHED_OK;
}

static shed_status
choose_policy(const shed_regrade_opts *opts, const shed_policy *given, work *w, shed_regraded *t,
              shed_error *err)
{
  t->given = given && opts->policy;
  if (!opts->policy) {
    return own_policy(w, &w->policy, err);
  }
  w->policy = given ? *given : *opts->policy;
  return SHED_OK;
}

// -- comparing --------------------------------------------------------------------------------------------------------------

// Without the versions of the programs: they may be others though nothing else is.
static void
write_comparable(const shed_json *document, shed_str *out)
{
  shed_json *copy = shed_json_copy(document);
  shed_json_set_null(copy, "engine");
  shed_json_write(copy, SHED_JSON_CANONICAL, out);
  shed_json_free(copy);
}

static bool
same_document(const shed_json *a, const shed_json *b)
{
  shed_str x = {0}, y = {0};
  if (shed_json_is_object(a) != shed_json_is_object(b)) {
    return false;
  }
  if (!shed_json_is_object(a)) {
    return true;
  }
  write_comparable(a, &x);
  write_comparable(b, &y);
  bool same = x.len == y.len && memcmp(shed_str_text(&x), shed_str_text(&y), x.len) == 0;
  shed_str_free(&x);
  shed_str_free(&y);
  return same;
}

static bool
same_score(double a, double b)
{
  return (isnan(a) && isnan(b)) || fabs(a - b) < SAME_SCORE;
}

static void
read_before(const work *w, shed_regraded *t)
{
  const shed_json *body = w->regraded ? w->regraded : w->body;
  const shed_json *list = shed_json_get(body, "dimensions");
  const shed_json *pol  = shed_json_get(standing(w, "verdict"), "policy");
  t->score_before       = shed_json_number(shed_json_get(body, "score"), (double)NAN);
  t->policy_before      = shed_json_text(shed_json_get(pol, "id"));
  for (size_t i = 0; i < shed_json_size(list) && i < SHED_DIMENSIONS; i++) {
    const shed_json *m    = shed_json_at(list, i);
    const char      *name = shed_json_text(shed_json_get(m, "name"));
    shed_gate_mark  *mark = &t->before[t->n_before++];
    (void)snprintf(mark->dimension, sizeof(mark->dimension), "%s", name ? name : "");
    mark->score    = shed_json_number(shed_json_get(m, "score"), (double)NAN);
    mark->assessed = shed_json_number(shed_json_get(m, "assessed"), 0);
    mark->notes    = (int)shed_json_number(shed_json_get(m, "notes"), 0);
  }
}

static bool
has_moved(const shed_regraded *t, const shed_take_change *after)
{
  bool moved = !same_score(t->score_before, t->score_after) || t->n_before != after->n_marks;
  for (int i = 0; i < after->n_marks && !moved; i++) {
    moved = strcmp(t->before[i].dimension, after->marks[i].dimension) != 0 ||
            !same_score(t->before[i].score, after->marks[i].score) ||
            !same_score(t->before[i].assessed, after->marks[i].assessed) ||
            t->before[i].notes != after->marks[i].notes;
  }
  return moved;
}

// -- rubrics ----------------------------------------------------------------------------------------------------------------

// The document kept for a rubric; NULL none.
static const shed_json *
kept_points(const work *w, const shed_rubric *r)
{
  const shed_json *list = standing(w, "rubrics");
  for (size_t i = 0; i < shed_json_size(list); i++) {
    const char *id = shed_json_text(shed_json_get(shed_json_get(shed_json_at(list, i), "rubric"), "id"));
    if (id && strcmp(id, r->id) == 0) {
      return shed_json_at(list, i);
    }
  }
  return NULL;
}

enum { MARKS_MOST = 96 };

// A person's marks that were kept with the points, as far as this version of the rubric still takes them.
static size_t
kept_marks(const shed_json *kept, const shed_rubric *r, shed_rubric_mark *out)
{
  const shed_json *marks = shed_json_get(kept, "marks");
  size_t           n     = 0;
  for (const char *key = shed_json_next_key(marks, NULL); key && n < MARKS_MOST;
       key             = shed_json_next_key(marks, key)) {
    if (shed_rubric_takes_mark(r, key)) {
      out[n++] = (shed_rubric_mark){key, shed_json_number(shed_json_get(marks, key), 0)};
    }
  }
  return n;
}

static shed_status
hold_against(const work *w, const shed_rubric *r, const shed_alloc *alloc, shed_regraded *t, shed_json *list,
             bool *same, shed_error *err)
{
  shed_rubric_mark      marks[MARKS_MOST];
  const shed_json      *kept   = kept_points(w, r);
  size_t                n      = kept_marks(kept, r, marks);
  shed_rubric_result    result = {.rubric = NULL};
  shed_regraded_points *p      = &t->points[t->n_points];
  shed_status           st     = shed_rubric_judge(r, &w->prompt, &w->verdict, marks, n, alloc, &result, err);
  if (st != SHED_OK) {
    return st;
  }
  const shed_json *total = shed_json_get(kept, "total");
  *p                     = (shed_regraded_points){.rubric = r->id,
                                                  .known  = kept != NULL,
                                                  .before = {shed_json_number(shed_json_get(total, "least"), (double)NAN),
                                                             shed_json_number(shed_json_get(total, "most"), (double)NAN)},
                                                  .after  = {result.least, result.most},
                                                  .max    = result.max};
  t->n_points++;
  shed_json *document = shed_rubric_result_to_json(&result);
  shed_rubric_marks_to_json(document, marks, n);
  *same = *same && same_document(kept, document);
  shed_json_add(list, document);
  shed_rubric_result_free(&result);
  return SHED_OK;
}

// Points by the rubrics asked for, and the documents of others as they were.
static shed_status
hold_against_all(const work *w, const shed_regrade_opts *opts, const shed_alloc *alloc, shed_regraded *t,
                 shed_regrade_made *made, bool *same, shed_error *err)
{
  const shed_json *before = standing(w, "rubrics");
  shed_status      st     = SHED_OK;
  *same                   = true;
  if (opts->n_rubrics == 0 && !shed_json_size(before)) {
    return st;
  }
  made->rubrics = shed_json_array();
  for (size_t i = 0; i < opts->n_rubrics && st == SHED_OK; i++) {
    st = hold_against(w, opts->rubrics[i], alloc, t, made->rubrics, same, err);
  }
  for (size_t i = 0; i < shed_json_size(before); i++) {
    const char *id    = shed_json_text(shed_json_get(shed_json_get(shed_json_at(before, i), "rubric"), "id"));
    bool        asked = false;
    for (size_t k = 0; k < opts->n_rubrics; k++) {
      asked = asked || (id && strcmp(id, opts->rubrics[k]->id) == 0);
    }
    if (!asked) {
      shed_json_add(made->rubrics, shed_json_copy(shed_json_at(before, i)));
    }
  }
  return st;
}

// -- one take ---------------------------------------------------------------------------------------------------------------

static shed_status
judge(work *w, const shed_alloc *alloc, shed_error *err)
{
  const shed_assessor *assessor = shed_assessor_find(w->prompt.assessor);
  if (!assessor) {
    return shed_fail(err, SHED_E_UNSUPPORTED, w->prompt.id,
                     "asks for a judge \"%s\" that this version does not have", w->prompt.assessor);
  }
  return assessor->judge(&w->prompt, &w->take, &w->policy, alloc, &w->verdict, err);
}

static shed_status
judge_again(const shed_regrade_opts *opts, const shed_alloc *alloc, work *w, shed_regraded *t,
            shed_regrade_made *made, shed_error *err)
{
  bool        same_points = true;
  shed_status st          = judge(w, alloc, err);
  if (st != SHED_OK) {
    return st;
  }
  made->verdict         = shed_verdict_to_json(&w->verdict, &w->prompt, &w->take);
  made->policy          = shed_policy_to_json(&w->policy);
  made->score           = w->verdict.score;
  made->change.take     = t->take;
  made->change.assessed = w->verdict.assessed;
  made->change.n_marks  = shed_marks_of_verdict(&w->prompt, &w->verdict, made->change.marks);
  (void)snprintf(made->ear, sizeof(made->ear), "%s", w->take.ear);
  t->after        = &made->change;
  t->score_after  = made->score;
  t->policy_after = shed_json_text(shed_json_get(made->policy, "id"));
  read_before(w, t);
  if ((st = hold_against_all(w, opts, alloc, t, made, &same_points, err)) != SHED_OK) {
    return st;
  }
  bool same  = same_document(standing(w, "verdict"), made->verdict);
  t->outcome = same && same_points           ? SHED_REGRADED_SAME
               : has_moved(t, &made->change) ? SHED_REGRADED_MOVED
                                             : SHED_REGRADED_NEW;
  return SHED_OK;
}

// What stops everything, as against what only this take suffers from.
static bool
is_grave(shed_status st)
{
  return st == SHED_E_NOMEM || st == SHED_E_IO || st == SHED_E_BUSY || st == SHED_E_NOSPACE;
}

shed_status
shed_regrade_take(shed_store *store, const shed_regrade_opts *opts, const shed_uuid *student,
                  const shed_regrade_item *item, const shed_policy *given, const shed_alloc *alloc,
                  shed_regraded *t, shed_regrade_made *made, shed_error *err)
{
  work w             = {.body = NULL};
  t->take            = item->event;
  t->unit            = item->unit;
  t->drill           = item->drill;
  t->performed_at_ms = item->performed_at_ms;
  t->utc_offset_min  = item->utc_offset_min;
  t->err             = err;
  *made              = (shed_regrade_made){.verdict = NULL};
  shed_status st     = read_take(store, student, item, alloc, &w, err);
  if (st == SHED_OK && (st = choose_policy(opts, given, &w, t, err)) == SHED_OK) {
    st = judge_again(opts, alloc, &w, t, made, err);
  }
  // of the documents, which go now
  (void)snprintf(made->policy_before, sizeof(made->policy_before), "%s",
                 t->policy_before ? t->policy_before : "");
  t->policy_before = made->policy_before;
  if (st != SHED_OK && !is_grave(st)) {
    t->outcome = SHED_REGRADED_NOT;
    st         = SHED_OK;
    shed_regrade_made_free(made);
  }
  shed_verdict_free(&w.verdict);
  shed_take_free(&w.take);
  shed_prompt_free(&w.prompt);
  shed_json_free(w.body);
  shed_json_free(w.regraded);
  return st;
}
