// About this file: the arithmetic of the gate. One pass over the takes in order of (performed_at, id) with the last four
// marks of each dimension; the words are made in gate_reasons.c. Nothing here allocates or asks the time.
#include "mastery/model/gate.h"

#include "mastery/model/bkt.h"
#include "mastery/model/gate_reasons.h"
#include "mastery/model/mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double  BKT_TARGET      = 0.95;
static const double  AVERAGE_WEIGHT  = 0.35; // of the newest take
static const double  ROUNDING        = 1e-9;
static const int64_t REVIEW_AFTER_MS = 7LL * 24 * 3600 * 1000;

// One pass over the takes.
typedef struct {
  const shed_gate_rule *rule;
  const shed_gate_take *takes;
  const shed_decision  *decisions;
  size_t                n_decisions;
  shed_gate            *gate;
  shed_gate_why         why;
  bool                  day_seen;
  int64_t               first_day;
} pass;

uint64_t
shed_gate_item(const char *drill, int generator, uint64_t seed)
{
  // FNV-1a, 64 bits, over the name, a NUL and both numbers, lowest byte first
  uint64_t hash = 14695981039346656037u;
  uint64_t tail[2];
  tail[0] = (uint64_t)(int64_t)generator;
  tail[1] = seed;
  for (const char *p = drill;; p++) {
    hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    if (!*p) {
      break;
    }
  }
  for (int i = 0; i < 16; i++) {
    hash = (hash ^ ((tail[i / 8] >> (8 * (i % 8))) & 0xff)) * 1099511628211u;
  }
  return hash ? hash : 1;
}

// -- order ---------------------------------------------------------------------------------------------------------

static int
by_time_then_id(int64_t a_ms, const shed_uuid *a, int64_t b_ms, const shed_uuid *b)
{
  if (a_ms != b_ms) {
    return a_ms < b_ms ? -1 : 1;
  }
  return strcmp(a->text, b->text);
}

static int
compare_takes(const void *a, const void *b)
{
  const shed_gate_take *x = a;
  const shed_gate_take *y = b;
  return by_time_then_id(x->performed_at_ms, &x->id, y->performed_at_ms, &y->id);
}

static int
compare_decisions(const void *a, const void *b)
{
  const shed_decision *x = a;
  const shed_decision *y = b;
  return by_time_then_id(x->at_ms, &x->id, y->at_ms, &y->id);
}

static void
sort_takes(shed_gate_take *takes, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    if (compare_takes(&takes[i - 1], &takes[i]) > 0) {
      qsort(takes, n, sizeof(*takes), compare_takes);
      return;
    }
  }
}

// -- decisions -----------------------------------------------------------------------------------------------------

static void
apply_waiver(pass *p, const char *what)
{
  if (strcmp(what, "days") == 0) {
    p->why.waived |= SHED_GATE_DAYS_WAIVED;
  } else if (strcmp(what, "unseen") == 0) {
    p->why.waived |= SHED_GATE_UNSEEN_WAIVED;
  } else if (strcmp(what, "teacher") == 0) {
    p->why.waived |= SHED_GATE_TEACHER_WAIVED;
  } else if (strcmp(what, "prerequisites") == 0) {
    p->gate->prerequisites_waived = true;
  }
  for (int d = 0; d < p->gate->n_dimensions; d++) {
    if (strcmp(p->gate->dimensions[d].name, what) == 0) {
      p->gate->dimensions[d].waived = true;
    }
  }
}

static void
apply_decisions(pass *p)
{
  for (size_t i = 0; i < p->n_decisions; i++) {
    const shed_decision *d = &p->decisions[i];
    if (d->kind == SHED_DECIDE_OVERRIDE) {
      p->why.override = strcmp(d->value, "lift") == 0 ? NULL : d;
    } else if (d->kind == SHED_DECIDE_WAIVER) {
      apply_waiver(p, d->value);
    } else if (!d->take.text[0]) {
      p->gate->confirmed = true;
    }
  }
}

static bool
take_is_confirmed(const pass *p, const shed_gate_take *t)
{
  for (size_t i = 0; i < p->n_decisions; i++) {
    if (p->decisions[i].kind == SHED_DECIDE_CONFIRM && shed_uuid_equal(&p->decisions[i].take, &t->id)) {
      return true;
    }
  }
  return false;
}

// -- one take --------------------------------------------------------------------------------------------------------

// Whether a take reaches the target of each dimension that was judged in it, and of one at least; with whole, of each
// dimension of the unit. The first dimension under its target is told in p->why when tell is set.
static bool
reaches_all(pass *p, const shed_gate_take *t, bool whole, bool tell)
{
  int judged = 0;
  for (int d = 0; d < p->gate->n_dimensions; d++) {
    const shed_gate_dimension *dim = &p->gate->dimensions[d];
    const shed_gate_mark      *m   = shed_mark_of(t, dim->name);
    if (dim->waived || (!shed_mark_is_judged(m) && !whole)) {
      continue;
    }
    if (!shed_mark_is_judged(m) || !shed_mark_reaches(t, m, dim->target)) {
      if (tell) {
        p->why.review_low    = dim->name;
        p->why.review_target = dim->target;
      }
      return false;
    }
    judged++;
  }
  return judged > 0;
}

static bool
is_unseen(const pass *p, size_t index)
{
  uint64_t item = p->takes[index].item;
  for (size_t i = 0; item && i < index; i++) {
    if (p->takes[i].item == item) {
      return false;
    }
  }
  return item != 0;
}

static void
add_cell(shed_gate_dimension *d, double score, bool reached)
{
  if (d->n_cells == SHED_GATE_WINDOW) {
    memmove(d->cells, d->cells + 1, sizeof(d->cells[0]) * (SHED_GATE_WINDOW - 1));
    d->n_cells--;
  }
  d->cells[d->n_cells++] = (shed_gate_cell){.score = score, .reached = reached};
  d->n_reached           = 0;
  for (int i = 0; i < d->n_cells; i++) {
    d->n_reached += d->cells[i].reached;
  }
  d->average = isnan(d->average) ? score : (1 - AVERAGE_WEIGHT) * d->average + AVERAGE_WEIGHT * score;
}

static void
add_answers(shed_gate_dimension *d, const shed_gate_take *t)
{
  for (int i = 0; i < t->n_answers; i++) {
    shed_bkt b = shed_bkt_of(t->answers[i].choices);
    d->bkt     = shed_bkt_step(&b, isnan(d->bkt) ? b.known : d->bkt, t->answers[i].score);
  }
  (void)shed_mark_categories_reach(t, d->weakest, &d->weakest_share);
}

static void
add_to_dimension(shed_gate_dimension *d, const shed_gate_take *t)
{
  const shed_gate_mark *m = shed_mark_of(t, d->name);
  if (!m) {
    return; // this drill does not ask for it
  }
  if (!shed_mark_is_judged(m)) {
    d->passed_over++;
    return;
  }
  add_cell(d, m->score, shed_mark_reaches(t, m, d->target));
  if (shed_mark_is_identification(d->name)) {
    add_answers(d, t);
  }
  d->reached = d->n_reached >= SHED_GATE_NEEDED &&
               (!shed_mark_is_identification(d->name) || d->bkt >= BKT_TARGET - ROUNDING);
}

// -- the unit ----------------------------------------------------------------------------------------------------------

static bool
all_reached(const shed_gate *g)
{
  for (int d = 0; d < g->n_dimensions; d++) {
    if (!g->dimensions[d].reached && !g->dimensions[d].waived) {
      return false;
    }
  }
  return true;
}

static void
advance_at(shed_gate *g, const shed_gate_take *t)
{
  if (!g->advance) {
    g->advance        = true;
    g->advanced_at_ms = t->performed_at_ms;
  }
}

// What a take that reached its targets adds towards CERTIFY.
static void
add_to_certify(pass *p, size_t index)
{
  const shed_gate_take *t   = &p->takes[index];
  shed_gate            *g   = p->gate;
  int64_t               day = shed_time_local_day(t->performed_at_ms, t->utc_offset_min);

  if (!p->day_seen) {
    p->day_seen  = true;
    p->first_day = day;
    g->days      = 1;
  } else if (day != p->first_day) {
    g->days = SHED_GATE_DAYS;
  }
  bool confirmed = take_is_confirmed(p, t);
  g->confirmed   = g->confirmed || confirmed;
  if (g->unseen && !(confirmed && !g->tested_out)) {
    return;
  }
  if (is_unseen(p, index)) {
    g->unseen = true;
    if (confirmed && reaches_all(p, t, true, false)) {
      g->tested_out = true;
      advance_at(g, t);
    }
  }
}

static void
add_take(pass *p, size_t index)
{
  const shed_gate_take *t = &p->takes[index];
  shed_gate            *g = p->gate;

  g->takes++;
  if (!t->counted) {
    return;
  }
  g->counted++;
  if (!shed_mark_is_enough(t->assessed)) {
    g->passed_over++;
    return;
  }
  for (int d = 0; d < g->n_dimensions; d++) {
    add_to_dimension(&g->dimensions[d], t);
  }
  bool review = g->advance && t->performed_at_ms - g->advanced_at_ms >= REVIEW_AFTER_MS;
  bool good   = reaches_all(p, t, false, review);
  if (good) {
    add_to_certify(p, index);
  }
  if (review) {
    g->review_due     = !good && p->why.review_low;
    p->why.review_low = g->review_due ? p->why.review_low : NULL;
  }
  if (all_reached(g)) {
    advance_at(g, t);
  }
}

static void
settle(pass *p)
{
  shed_gate *g = p->gate;
  if (all_reached(g)) {
    g->advance = true; // all of it was waived: no take opened it
  }
  bool days    = g->days >= SHED_GATE_DAYS || (p->why.waived & SHED_GATE_DAYS_WAIVED);
  bool unseen  = g->unseen || (p->why.waived & SHED_GATE_UNSEEN_WAIVED);
  bool teacher = !p->rule->teacher || g->confirmed || (p->why.waived & SHED_GATE_TEACHER_WAIVED);
  g->certify   = g->tested_out || (g->advance && days && unseen && teacher);

  if (p->why.override) {
    bool hold     = strcmp(p->why.override->value, "hold") == 0;
    g->overridden = true;
    g->advance    = !hold;
    g->certify    = !hold && (g->certify || strcmp(p->why.override->value, "certify") == 0);
  }
  if (g->certify) {
    g->level = SHED_LEVEL_CERTIFIED;
  } else if (g->advance) {
    g->level = SHED_LEVEL_SECURE;
  } else {
    g->level = g->takes ? SHED_LEVEL_WORKING : SHED_LEVEL_NEW;
  }
}

void
shed_gate_answer_of(const shed_gate_rule *rule, shed_gate_take *takes, size_t n, shed_decision *decisions,
                    size_t n_decisions, shed_gate *out)
{
  pass p = {.rule = rule, .takes = takes, .decisions = decisions, .n_decisions = n_decisions, .gate = out};

  SHED_ASSERT(rule->n_targets >= 1 && rule->n_targets <= SHED_DIMENSIONS);
  memset(out, 0, sizeof(*out));
  out->advanced_at_ms = INT64_MIN;
  out->n_dimensions   = rule->n_targets;
  for (int d = 0; d < rule->n_targets; d++) {
    shed_gate_dimension *dim = &out->dimensions[d];
    memcpy(dim->name, rule->targets[d].dimension, sizeof(dim->name));
    dim->target  = rule->targets[d].score;
    dim->average = (double)NAN;
    dim->bkt     = (double)NAN;
  }
  sort_takes(takes, n);
  if (n_decisions) {
    qsort(decisions, n_decisions, sizeof(*decisions), compare_decisions);
  }
  apply_decisions(&p);
  for (size_t i = 0; i < n; i++) {
    add_take(&p, i);
  }
  settle(&p);
  shed_gate_explain(rule, decisions, n_decisions, &p.why, out);
}
