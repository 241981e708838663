// About this file: points taken off for each thing that happened, counted from the verdict or by a person. What the ear was not
// sure of may have happened: it makes the fewest points fewer.
#include "rubrics/sources.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  double least, most; // how often it happened
} often;

// A label that may stand for the event, and the label that says that nobody knows.
typedef struct {
  const char *event;
  int         label, unsure;
  int (*of)(const shed_note_verdict *n);
} label_event;

static int
pitch_label(const shed_note_verdict *n)
{
  return (int)n->pitch;
}

static int
timing_label(const shed_note_verdict *n)
{
  return (int)n->timing;
}

static int
length_label(const shed_note_verdict *n)
{
  return (int)n->length;
}

static const label_event label_events[] = {
    {"wrong", SHED_PITCH_WRONG, SHED_PITCH_UNSURE, pitch_label},
    {"missed", SHED_PITCH_MISSED, SHED_PITCH_UNSURE, pitch_label},
    {"sharp", SHED_PITCH_SHARP, SHED_PITCH_UNSURE, pitch_label},
    {"flat", SHED_PITCH_FLAT, SHED_PITCH_UNSURE, pitch_label},
    {"early", SHED_TIMING_EARLY, SHED_TIMING_UNSURE, timing_label},
    {"late", SHED_TIMING_LATE, SHED_TIMING_UNSURE, timing_label},
    {"short", SHED_LENGTH_SHORT, SHED_LENGTH_UNSURE, length_label},
    {"long", SHED_LENGTH_LONG, SHED_LENGTH_UNSURE, length_label},
};

// What was not heard clearly can be taken off once only: for the first of its family in the list.
static bool
is_first_of_family(const shed_criterion *c, const shed_deduction *d, const label_event *e)
{
  for (const shed_deduction *before = c->deductions; before < d; before++) {
    for (size_t i = 0; i < SHED_COUNTOF(label_events); i++) {
      if (label_events[i].of == e->of && strcmp(label_events[i].event, before->event) == 0) {
        return false;
      }
    }
  }
  return true;
}

static often
count_labels(const shed_judging *j, const shed_criterion *c, const shed_deduction *d, const label_event *e)
{
  often n     = {0, 0};
  bool  first = is_first_of_family(c, d, e);
  for (size_t i = 0; i < j->v->n_notes; i++) {
    int label = e->of(&j->v->notes[i]);
    n.least += label == e->label;
    n.most += label == e->label || (first && label == e->unsure);
  }
  return n;
}

static often
count_extras(const shed_verdict *v)
{
  often n = {0, (double)v->n_extras};
  for (size_t i = 0; i < v->n_extras; i++) {
    n.least += v->extras[i].confidence >= .5;
  }
  return n;
}

static often
count_incidents(const shed_verdict *v, const char *kind)
{
  often n = {0, 0};
  for (size_t i = 0; i < v->n_incidents; i++) {
    n.least += strcmp(v->incidents[i].kind, kind) == 0;
  }
  n.most = n.least;
  return n;
}

static often
count_event(const shed_judging *j, const shed_criterion *c, const shed_deduction *d)
{
  for (size_t i = 0; i < SHED_COUNTOF(label_events); i++) {
    if (strcmp(label_events[i].event, d->event) == 0) {
      return count_labels(j, c, d, &label_events[i]);
    }
  }
  if (strcmp(d->event, "extra") == 0) {
    return count_extras(j->v);
  }
  if (strcmp(d->event, "restart") == 0) {
    return (often){(double)j->v->n_restarts, (double)j->v->n_restarts};
  }
  if (strcmp(d->event, "hesitation") == 0) {
    return (often){(double)j->v->n_hesitations, (double)j->v->n_hesitations};
  }
  return count_incidents(j->v, strcmp(d->event, "stop") == 0 ? "early_stop" : "skip");
}

// What a person counted: how often; with choices, how many points in all.
static bool
human_off(const shed_judging *j, const shed_deduction *d, often *off)
{
  const shed_rubric_mark *mark = shed_mark_for(j, d->id);
  if (mark) {
    double points = d->choices.n ? mark->value : mark->value * d->points;
    *off          = (often){points, points};
  }
  return mark != NULL;
}

static void
say(shed_points *out, const shed_deduction *d, const often *off)
{
  char         points[32];
  char         what[64];
  shed_message m = shed_message_of(SHED_MSG_rubric_deduction);
  shed_rubric_range_text(off->least, off->most, points, sizeof(points));
  (void)snprintf(what, sizeof(what), "%.60s", d->text);
  shed_message_str(&m, "points", points);
  shed_message_str(&m, "what", what);
  shed_points_say(out, &m);
}

shed_status
shed_source_deductions(const shed_judging *j, const shed_criterion *c, shed_points *out)
{
  double least_off = 0, most_off = 0;
  bool   open = false;
  for (size_t i = 0; i < c->n_deductions; i++) {
    const shed_deduction *d     = &c->deductions[i];
    bool                  human = strcmp(d->event, "human") == 0;
    often                 off   = {0, 0};
    if (human ? !human_off(j, d, &off) : !j->v) {
      shed_message m = shed_message_of(SHED_MSG_rubric_deduction_open);
      char         what[64];
      (void)snprintf(what, sizeof(what), "%.60s", d->text);
      shed_message_str(&m, "what", what);
      shed_points_say(out, &m);
      open = true;
      continue;
    }
    if (!human) {
      often n = count_event(j, c, d);
      off     = (often){n.least * d->points, n.most * d->points};
    }
    double cap = shed_field_given(&d->place, "most") ? d->most : (double)INFINITY;
    off        = (often){fmin(off.least, cap), fmin(off.most, cap)};
    least_off += off.least;
    most_off += off.most;
    if (off.most > 0) {
      say(out, d, &off);
    }
  }
  out->most  = c->max - least_off;
  out->least = open ? out->min : c->max - most_off;
  out->state = open ? SHED_POINTS_OPEN : SHED_POINTS_COUNTED;
  return SHED_OK;
}
