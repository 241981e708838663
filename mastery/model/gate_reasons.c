// About this file: what the gate's numbers mean in words, and as a document. First what a person set by hand, then what is
// missing, then what holds.
#include "mastery/model/gate_reasons.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double CATEGORY_PERCENT = 75;
static const double BKT_PERCENT      = 95;

static const struct {
  const char *name;
  const char *sentence;
} levels[] = {
#define SHED_LEVEL(name, word, sentence) {word, sentence},
#include "mastery/model/level.def"
#undef SHED_LEVEL
};

const char *
shed_level_name(shed_level level)
{
  return levels[level].name;
}

const char *
shed_level_sentence(shed_level level)
{
  return levels[level].sentence;
}

// The next place for a reason; NULL when all are taken.
static shed_message *
reason(shed_gate *g, shed_message_code code)
{
  if (g->n_reasons == SHED_GATE_REASONS) {
    return NULL;
  }
  g->reasons[g->n_reasons] = shed_message_of(code);
  return &g->reasons[g->n_reasons++];
}

static void
with_str(shed_message *m, const char *key, const char *value)
{
  if (m) {
    shed_message_str(m, key, value);
  }
}

static void
with_num(shed_message *m, const char *key, double value)
{
  if (m) {
    shed_message_num(m, key, value, 1);
  }
}

// Words of a person fit a parameter whole, or are cut between two characters and end in three dots.
static void
with_words(shed_message *m, const char *key, const char *words)
{
  char   cut[64];
  size_t n = strlen(words);
  if (n >= sizeof(cut)) {
    n = sizeof(cut) - 1 - strlen("...");
    while (n && ((unsigned char)words[n] & 0xc0) == 0x80) {
      n--;
    }
    (void)snprintf(cut, sizeof(cut), "%.*s...", (int)n, words);
    words = cut;
  }
  with_str(m, key, words);
}

static void
who_and_why(shed_message *m, const shed_decision *d)
{
  with_words(m, "who", d->actor[0] ? d->actor : "Your teacher");
  with_words(m, "why", d->reason);
}

// How many more takes must reach the target, at the least, before 3 of the last 4 do.
static int
more_to_go(const shed_gate_dimension *d)
{
  for (int more = 0; more < SHED_GATE_NEEDED; more++) {
    int first = d->n_cells + more > SHED_GATE_WINDOW ? d->n_cells + more - SHED_GATE_WINDOW : 0;
    int kept  = 0;
    for (int i = first; i < d->n_cells; i++) {
      kept += d->cells[i].reached;
    }
    if (kept + more >= SHED_GATE_NEEDED) {
      return more;
    }
  }
  return SHED_GATE_NEEDED;
}

static void
explain_missing(shed_gate *g, const shed_gate_dimension *d)
{
  int           more = more_to_go(d);
  shed_message *m;
  if (d->n_cells == 0) {
    if (g->counted > g->passed_over) {
      with_str(reason(g, SHED_MSG_gate_not_judged), "dimension", d->name);
    } else {
      m = reason(g, SHED_MSG_gate_more_takes);
      with_num(m, "have", 0);
      with_num(m, "needed", SHED_GATE_NEEDED);
      with_str(m, "dimension", d->name);
      with_num(m, "target", d->target * 100);
      with_num(m, "more", more);
    }
  } else if (more > 0) {
    bool plain = d->n_reached + more == SHED_GATE_NEEDED;
    m          = reason(g, plain ? SHED_MSG_gate_more_takes : SHED_MSG_gate_more_in_a_row);
    with_num(m, "have", d->n_reached);
    with_num(m, plain ? "needed" : "of", plain ? SHED_GATE_NEEDED : d->n_cells);
    with_str(m, "dimension", d->name);
    with_num(m, "target", d->target * 100);
    with_num(m, "more", more);
  }
  if (d->weakest[0] && d->weakest_share * 100 < CATEGORY_PERCENT) {
    m = reason(g, SHED_MSG_gate_category);
    with_words(m, "category", d->weakest);
    with_num(m, "share", floor(d->weakest_share * 100));
    with_num(m, "needed", CATEGORY_PERCENT);
  }
  if (more == 0 && !isnan(d->bkt)) {
    m = reason(g, SHED_MSG_gate_not_sure);
    with_num(m, "known", floor(d->bkt * 100));
    with_num(m, "needed", BKT_PERCENT);
  }
}

static void
explain_open(const shed_gate_rule *rule, const shed_gate_why *why, shed_gate *g)
{
  if (g->review_due) {
    shed_message *m = reason(g, SHED_MSG_gate_review_due);
    with_str(m, "dimension", why->review_low);
    with_num(m, "target", why->review_target * 100);
  }
  if (g->tested_out) {
    (void)reason(g, SHED_MSG_gate_tested_out);
    return;
  }
  (void)reason(g, g->certify ? SHED_MSG_gate_certified : SHED_MSG_gate_open);
  if (g->certify) {
    return;
  }
  if (g->days < SHED_GATE_DAYS && !(why->waived & SHED_GATE_DAYS_WAIVED)) {
    (void)reason(g, SHED_MSG_gate_need_day);
  }
  if (!g->unseen && !(why->waived & SHED_GATE_UNSEEN_WAIVED)) {
    (void)reason(g, SHED_MSG_gate_need_unseen);
  }
  if (rule->teacher && !g->confirmed && !(why->waived & SHED_GATE_TEACHER_WAIVED)) {
    (void)reason(g, SHED_MSG_gate_need_teacher);
  }
}

static void
explain_override(const shed_decision *d, shed_gate *g)
{
  static const struct {
    const char       *value;
    shed_message_code code;
  } rows[] = {
      {"advance", SHED_MSG_gate_override_advance},
      {"certify", SHED_MSG_gate_override_certify},
      {"hold", SHED_MSG_gate_override_hold},
  };
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (strcmp(rows[i].value, d->value) == 0) {
      who_and_why(reason(g, rows[i].code), d);
    }
  }
}

static void
explain_dimensions(shed_gate *g)
{
  if (!g->counted) {
    (void)reason(g, SHED_MSG_gate_nothing_counted);
  }
  for (int i = 0; i < g->n_dimensions; i++) {
    if (!g->dimensions[i].reached && !g->dimensions[i].waived) {
      explain_missing(g, &g->dimensions[i]);
    }
  }
}

static void
explain_rest(const shed_decision *decisions, size_t n_decisions, shed_gate *g)
{
  for (int i = 0; i < g->n_dimensions; i++) {
    const shed_gate_dimension *d = &g->dimensions[i];
    if (d->reached) {
      shed_message *m = reason(g, SHED_MSG_gate_holds);
      with_str(m, "dimension", d->name);
      with_num(m, "have", d->n_reached);
      with_num(m, "of", d->n_cells);
      with_num(m, "target", d->target * 100);
    }
  }
  if (g->passed_over) {
    with_num(reason(g, SHED_MSG_gate_passed_over), "n", g->passed_over);
  }
  for (size_t i = 0; i < n_decisions; i++) {
    if (decisions[i].kind == SHED_DECIDE_WAIVER) {
      shed_message *m = reason(g, SHED_MSG_gate_waived);
      with_str(m, "what", decisions[i].value);
      who_and_why(m, &decisions[i]);
    }
  }
}

void
shed_gate_explain(const shed_gate_rule *rule, const shed_decision *decisions, size_t n_decisions,
                  const shed_gate_why *why, shed_gate *gate)
{
  if (why->override) {
    explain_override(why->override, gate);
  }
  if (!gate->advance) {
    explain_dimensions(gate);
  } else if (!gate->overridden) {
    explain_open(rule, why, gate);
  }
  explain_rest(decisions, n_decisions, gate);
}

// -- the document ----------------------------------------------------------------------------------------------------

static shed_json *
dimension_to_json(const shed_gate_dimension *d)
{
  shed_json *o     = shed_json_object();
  shed_json *cells = shed_json_array();
  shed_json_set_str(o, "name", d->name);
  shed_json_set_real(o, "target", d->target, 4);
  shed_json_set_bool(o, "reached", d->reached);
  shed_json_set_bool(o, "waived", d->waived);
  for (int i = 0; i < d->n_cells; i++) {
    shed_json *cell = shed_json_object();
    shed_json_set_real(cell, "score", d->cells[i].score, 4);
    shed_json_set_bool(cell, "reached", d->cells[i].reached);
    shed_json_add(cells, cell);
  }
  shed_json_set(o, "last", cells);
  shed_json_set_int(o, "passed_over", d->passed_over);
  shed_json_set_real(o, "moving_average", d->average, 4);
  if (!isnan(d->bkt)) {
    shed_json_set_real(o, "known", d->bkt, 4);
  }
  return o;
}

shed_json *
shed_gate_to_json(const shed_gate_rule *rule, const shed_gate *gate)
{
  shed_json *o          = shed_json_object();
  shed_json *dimensions = shed_json_array();
  shed_json *reasons    = shed_json_array();
  shed_json_set_str(o, "unit", rule->id);
  shed_json_set_str(o, "level", shed_level_name(gate->level));
  shed_json_set_bool(o, "advance", gate->advance);
  shed_json_set_bool(o, "certify", gate->certify);
  shed_json_set_bool(o, "tested_out", gate->tested_out);
  shed_json_set_bool(o, "review_due", gate->review_due);
  shed_json_set_bool(o, "overridden", gate->overridden);
  shed_json_set_int(o, "takes", gate->takes);
  shed_json_set_int(o, "counted", gate->counted);
  shed_json_set_int(o, "passed_over", gate->passed_over);
  for (int i = 0; i < gate->n_dimensions; i++) {
    shed_json_add(dimensions, dimension_to_json(&gate->dimensions[i]));
  }
  shed_json_set(o, "dimensions", dimensions);
  for (int i = 0; i < gate->n_reasons; i++) {
    shed_str   text = {0};
    shed_json *r    = shed_message_to_json(&gate->reasons[i]);
    shed_message_text(&gate->reasons[i], &text);
    shed_json_set_str(r, "text", shed_str_text(&text));
    shed_str_free(&text);
    shed_json_add(reasons, r);
  }
  shed_json_set(o, "reasons", reasons);
  return o;
}
