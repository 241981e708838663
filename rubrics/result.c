// About this file: a result as text and as JSON.
#include "rubrics/rubric.h"

#include <math.h>
#include <stdio.h>

enum { DECIMALS = 4, SHOWN = 2 };

void
shed_rubric_range_text(double least, double most, char *buf, size_t size)
{
  char a[24], b[24];
  (void)shed_format_double(a, sizeof(a), least, SHOWN);
  (void)shed_format_double(b, sizeof(b), most, SHOWN);
  (void)snprintf(buf, size, fabs(most - least) < 1e-9 ? "%s" : "%s-%s", a, b);
}

static shed_json *
range_json(double least, double most)
{
  shed_json *o = shed_json_object();
  shed_json_set_real(o, "least", least, DECIMALS);
  shed_json_set_real(o, "most", most, DECIMALS);
  return o;
}

static shed_json *
points_json(const shed_points *p)
{
  shed_json *o       = shed_json_object();
  shed_json *reasons = shed_json_array();
  shed_json_set_str(o, "id", p->criterion->id);
  shed_json_set_str(o, "text", p->criterion->text);
  shed_json_set_str(o, "state", shed_points_state_name(p->state));
  shed_json_set(o, "points", range_json(p->least, p->most));
  shed_json_set_real(o, "min", p->min, DECIMALS);
  shed_json_set_real(o, "max", p->max, DECIMALS);
  shed_json_set_real(o, "weight", p->criterion->weight, DECIMALS);
  for (int i = 0; i < p->n_reasons; i++) {
    shed_json_add(reasons, shed_message_to_json(&p->reasons[i]));
  }
  shed_json_set(o, "reasons", reasons);
  return o;
}

static shed_json *
list_json(const shed_points *p, size_t n)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < n; i++) {
    shed_json_add(list, points_json(&p[i]));
  }
  return list;
}

static shed_json *
rubric_json(const shed_rubric *r)
{
  shed_json *o       = shed_json_object();
  shed_json *unknown = shed_json_array();
  shed_json_set_str(o, "id", r->id);
  shed_json_set_int(o, "version", r->version ? r->version : 1);
  shed_json_set_str(o, "sha256", r->place.sha256.text);
  shed_json_set_str(o, "title", r->title);
  if (r->year) {
    shed_json_set_int(o, "year", r->year);
  }
  for (size_t i = 0; i < r->unconfirmed.n; i++) {
    shed_json_add(unknown, shed_json_string(r->unconfirmed.items[i]));
  }
  shed_json_set(o, "unconfirmed", unknown);
  return o;
}

shed_json *
shed_rubric_result_to_json(const shed_rubric_result *r)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "schema", SHED_RUBRIC_SCHEMA);
  shed_json_set(o, "rubric", rubric_json(r->rubric));
  shed_json_set(o, "total", range_json(r->least, r->most));
  shed_json_set(o, "possible", range_json(r->open_least, r->open_most));
  shed_json_set_real(o, "max", r->max, DECIMALS);
  shed_json_set_int(o, "open", r->n_open);
  shed_json_set(o, "label", r->label ? shed_json_string(r->label) : shed_json_null());
  shed_json_set(o, "label_most", r->label_most ? shed_json_string(r->label_most) : shed_json_null());
  shed_json_set(o, "passed", r->passed < 0 ? shed_json_null() : shed_json_bool(r->passed != 0));
  shed_json_set(o, "criteria", list_json(r->criteria, r->rubric->n_criteria));
  if (r->rubric->n_alternates) {
    shed_json_set(o, "alternates", list_json(r->alternates, r->rubric->n_alternates));
    shed_json_set(o, "alternate",
                  r->alternate < 0 ? shed_json_null()
                                   : shed_json_string(r->rubric->alternates[r->alternate].id));
  }
  return o;
}

void
shed_rubric_marks_to_json(shed_json *document, const shed_rubric_mark *marks, size_t n)
{
  shed_json *o = shed_json_object();
  for (size_t i = 0; i < n; i++) {
    shed_json_set_real(o, marks[i].criterion, marks[i].value, DECIMALS);
  }
  shed_json_set(document, "marks", o);
}
