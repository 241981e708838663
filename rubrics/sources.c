#include "rubrics/sources.h"

#include "drills/yaml.h"
#include "rubrics/spans.h"

#include <math.h>
#include <string.h>

enum { PER_MEASURE = 2, EVERY_SHIFT = 1 << 20 };

static const double PITCH_CENTS = 50, RHYTHM_MS = 150, RHYTHM_SHARE = .4, TEMPO_SHARE = .25;

bool
shed_field_given(const shed_content_place *place, const char *field)
{
  return shed_yaml_get(place->node, field) != NULL;
}

void
shed_points_say(shed_points *p, const shed_message *m)
{
  if (p->n_reasons < SHED_POINTS_REASONS) {
    p->reasons[p->n_reasons++] = *m;
  }
}

static void
say(shed_points *p, shed_message_code code)
{
  shed_message m = shed_message_of(code);
  shed_points_say(p, &m);
}

shed_status
shed_source_human(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  (void)j;
  (void)c;
  say(out, SHED_MSG_rubric_open);
  return SHED_OK; // the state is OPEN; a mark is put over it like over any other
}

static void
not_assessed(shed_points *out)
{
  out->state = SHED_POINTS_NOT_ASSESSED;
  out->least = out->min;
  out->most  = out->max;
  say(out, SHED_MSG_rubric_not_assessed);
}

// -- segments -------------------------------------------------------------------------------------------------------------

static bool
needs(const shed_criterion *c, const char *what)
{
  for (size_t i = 0; i < c->needs.n; i++) {
    if (strcmp(c->needs.items[i], what) == 0) {
      return true;
    }
  }
  return false;
}

static double
given_or(const shed_criterion *c, const char *field, double value, double otherwise)
{
  return shed_field_given(&c->place, field) ? value : otherwise;
}

static shed_span_rules
rules_of(const shed_criterion *c)
{
  return (shed_span_rules){
      .pitch        = needs(c, "pitch"),
      .rhythm       = needs(c, "rhythm"),
      .tempo        = needs(c, "tempo"),
      .length       = needs(c, "length"),
      .per_measure  = c->per_measure ? c->per_measure : PER_MEASURE,
      .shifts       = strcmp(c->shifted, "any") == 0 ? EVERY_SHIFT : strcmp(c->shifted, "once") == 0,
      .pitch_cents  = given_or(c, "pitch_cents", c->pitch_cents, PITCH_CENTS),
      .rhythm_ms    = given_or(c, "rhythm_ms", c->rhythm_ms, RHYTHM_MS),
      .rhythm_share = given_or(c, "rhythm_share", c->rhythm_share, RHYTHM_SHARE),
      .tempo_share  = given_or(c, "tempo_share", c->tempo_share, TEMPO_SHARE),
  };
}

static void
say_span(shed_points *out, const shed_span *s)
{
  shed_message m = shed_message_of(s->shifted ? SHED_MSG_rubric_segment_shifted : s->why);
  shed_message_str(&m, "bar", s->measure);
  shed_message_num(&m, "part", s->part, 0);
  shed_message_num(&m, "of", s->of, 0);
  shed_points_say(out, &m);
}

static void
say_right(shed_points *out, size_t right, size_t unsure, size_t all)
{
  shed_message m = shed_message_of(unsure ? SHED_MSG_rubric_segments_unsure : SHED_MSG_rubric_segments_right);
  shed_message_num(&m, "n", (double)right, 0);
  shed_message_num(&m, "of", (double)all, 0);
  if (unsure) {
    shed_message_num(&m, "unsure", (double)unsure, 0);
  }
  shed_points_say(out, &m);
}

shed_status
shed_source_segments(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  shed_spans      spans  = {0};
  size_t          right  = 0;
  size_t          unsure = 0;
  shed_span_rules rules  = rules_of(c);
  double          each   = given_or(c, "segment_points", c->segment_points, 1);
  if (!j->v) {
    not_assessed(out);
    return SHED_OK;
  }
  shed_status st = shed_spans_judge(j->prompt, j->v, &rules, j->alloc, &spans);
  if (st != SHED_OK) {
    return st;
  }
  out->max = shed_field_given(&c->place, "max") ? c->max : each * (double)spans.n;
  if (!spans.judged || spans.n == 0) {
    not_assessed(out);
    shed_spans_free(&spans);
    return SHED_OK;
  }
  for (size_t i = 0; i < spans.n; i++) {
    right += spans.items[i].outcome == SHED_SPAN_RIGHT;
    unsure += spans.items[i].outcome == SHED_SPAN_UNSURE;
  }
  say_right(out, right, unsure, spans.n);
  for (size_t i = 0; i < spans.n; i++) {
    if (spans.items[i].outcome != SHED_SPAN_RIGHT || spans.items[i].shifted) {
      say_span(out, &spans.items[i]);
    }
  }
  out->least = each * (double)right;
  out->most  = each * (double)(right + unsure);
  out->state = SHED_POINTS_COUNTED;
  shed_spans_free(&spans);
  return SHED_OK;
}

// -- flow -----------------------------------------------------------------------------------------------------------------

// Whether the answer goes to its end: -1 no, 0 not known, 1 yes.
static int
completeness(const shed_verdict *v)
{
  for (size_t i = 0; i < v->n_incidents; i++) {
    const char *kind = v->incidents[i].kind;
    if (strcmp(kind, "early_stop") == 0 || strcmp(kind, "skip") == 0 || strcmp(kind, "late_start") == 0) {
      return -1;
    }
  }
  for (size_t i = v->n_notes; i-- > 0;) {
    const shed_note_verdict *n = &v->notes[i];
    if (n->pitch == SHED_PITCH_MISSED) {
      return -1;
    }
    if (!isnan(n->onset_s)) {
      return 1;
    }
    if (n->pitch == SHED_PITCH_UNSURE) {
      return 0;
    }
  }
  return 0;
}

shed_status
shed_source_flow(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  (void)c;
  if (!j->v || j->v->n_notes == 0) {
    not_assessed(out);
    return SHED_OK;
  }
  int whole  = completeness(j->v);
  out->state = SHED_POINTS_COUNTED;
  out->least = out->most = out->min;
  if (j->v->n_restarts) {
    say(out, SHED_MSG_rubric_flow_restart);
  } else if (j->v->n_hesitations) {
    say(out, SHED_MSG_rubric_flow_hesitation);
  } else if (whole < 0) {
    say(out, SHED_MSG_rubric_flow_not_complete);
  } else {
    out->least = whole > 0 ? out->max : out->min;
    out->most  = out->max;
    say(out, whole > 0 ? SHED_MSG_rubric_flow : SHED_MSG_rubric_flow_unsure);
  }
  return SHED_OK;
}

// All of it: that it needs points of another criterion is looked at for every source.
shed_status
shed_source_bonus(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  (void)c;
  if (!j->v) {
    not_assessed(out);
    return SHED_OK;
  }
  out->state = SHED_POINTS_COUNTED;
  out->least = out->most = out->max;
  return SHED_OK;
}

// -- dimension ------------------------------------------------------------------------------------------------------------

shed_status
shed_source_dimension(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  const shed_dimension *d = j->v ? shed_verdict_dimension(j->v, c->dimension) : NULL;
  if (!d || isnan(d->score)) {
    not_assessed(out);
    return SHED_OK;
  }
  // what of it was not assessed may have been right or wrong
  double known   = fmin(fmax(d->assessed, 0), 1);
  double width   = out->max - out->min;
  out->least     = out->min + width * d->score * known;
  out->most      = out->min + width * (d->score * known + 1 - known);
  out->state     = SHED_POINTS_COUNTED;
  shed_message m = shed_message_of(SHED_MSG_rubric_by_dimension);
  shed_message_str(&m, "dimension", d->name);
  shed_message_num(&m, "percent", 100 * d->score, 0);
  shed_points_say(out, &m);
  return SHED_OK;
}
