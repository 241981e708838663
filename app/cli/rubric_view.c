#include "app/cli/rubric_view.h"

#include "app/cli/policy_view.h"
#include "app/session/rubrics.h"
#include "engine/base/str.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static shed_exit
read_marks(shed_cli *cli, shed_cli_rubrics *out)
{
  const char *text;
  if (!shed_cli_knows(cli, "mark")) {
    return SHED_EXIT_DONE;
  }
  for (size_t i = 0; (text = shed_cli_option_nth(cli, "mark", i)); i++) {
    const char *equals = strrchr(text, '=');
    double      value;
    if (!equals || equals == text || !shed_parse_double(equals + 1, -1e6, 1e6, &value)) {
      return shed_cli_usage(cli, "--mark %s: CRITERION=VALUE is needed, for example tone=4.5", text);
    }
    char *name = shed_arena_text(out->arena, text, (size_t)(equals - text));
    if (!name) {
      return shed_cli_error(cli, SHED_E_NOMEM, NULL);
    }
    if (out->n_marks == SHED_CLI_MARKS) {
      return shed_cli_usage(cli, "more than %d marks", SHED_CLI_MARKS);
    }
    out->marks[out->n_marks++] = (shed_rubric_mark){name, value};
  }
  return SHED_EXIT_DONE;
}

static shed_exit
read_rubric(shed_cli *cli, const char *content, const char *name, shed_cli_rubrics *out)
{
  shed_error  err    = {0};
  shed_faults faults = {0};
  shed_status st     = shed_rubrics_find(content, name, out->arena, &out->rubrics[out->n], &faults, &err);
  if (faults.n > 0) {
    shed_cli_faults(cli, &faults);
  } else if (st != SHED_OK) {
    (void)shed_cli_error(cli, st, &err);
  }
  shed_faults_free(&faults);
  out->n += st == SHED_OK;
  return shed_exit_of_status(st);
}

// A mark that fits none of the rubrics is a slip of the pen.
static shed_exit
check_marks(shed_cli *cli, const shed_cli_rubrics *r)
{
  for (size_t i = 0; i < r->n_marks; i++) {
    bool known = false;
    for (size_t k = 0; k < r->n; k++) {
      known = known || shed_rubric_takes_mark(r->rubrics[k], r->marks[i].criterion);
    }
    if (!known && r->n > 0) {
      shed_rubric_result none;
      shed_error         err = {0};
      shed_status st = shed_rubric_judge(r->rubrics[0], NULL, NULL, &r->marks[i], 1, NULL, &none, &err);
      return shed_cli_error(cli, st, &err); // names the criteria that there are
    }
  }
  return r->n_marks && !r->n ? shed_cli_usage(cli, "--mark goes with --rubric") : SHED_EXIT_DONE;
}

shed_exit
shed_cli_rubrics_open(shed_cli *cli, shed_cli_rubrics *out)
{
  char        content[PATH_MAX] = "";
  shed_error  err               = {0};
  const char *name;
  shed_exit   code = SHED_EXIT_DONE;
  if (!shed_cli_has(cli, "rubric") && (!shed_cli_knows(cli, "mark") || !shed_cli_has(cli, "mark"))) {
    return SHED_EXIT_DONE;
  }
  if (!(out->arena = shed_arena_new(NULL))) {
    return shed_cli_error(cli, SHED_E_NOMEM, NULL);
  }
  const char *named = shed_cli_option(cli, "content");
  if (named) {
    (void)snprintf(content, sizeof(content), "%s", named);
  } else if (shed_library_content(content, sizeof(content), &err) != SHED_OK) {
    content[0] = '\0'; // files can be read without
  }
  for (size_t i = 0; code == SHED_EXIT_DONE && (name = shed_cli_option_nth(cli, "rubric", i)); i++) {
    code = out->n == SHED_CLI_RUBRICS ? shed_cli_usage(cli, "more than %d rubrics", SHED_CLI_RUBRICS)
                                      : read_rubric(cli, content[0] ? content : NULL, name, out);
  }
  return code == SHED_EXIT_DONE ? shed_cli_rubrics_marks(cli, out) : code;
}

shed_exit
shed_cli_rubrics_marks(shed_cli *cli, shed_cli_rubrics *r)
{
  shed_exit code = read_marks(cli, r);
  return code == SHED_EXIT_DONE ? check_marks(cli, r) : code;
}

// The marks that are meant for a rubric.
static size_t
marks_for(const shed_cli_rubrics *r, const shed_rubric *rubric, shed_rubric_mark *out)
{
  size_t n = 0;
  for (size_t k = 0; k < r->n_marks; k++) {
    if (shed_rubric_takes_mark(rubric, r->marks[k].criterion)) {
      out[n++] = r->marks[k];
    }
  }
  return n;
}

shed_exit
shed_cli_rubrics_judge(shed_cli *cli, shed_cli_rubrics *r, const shed_prompt *prompt, const shed_verdict *v)
{
  for (size_t i = 0; i < r->n; i++) {
    shed_rubric_mark own[SHED_CLI_MARKS];
    size_t           n   = marks_for(r, r->rubrics[i], own);
    shed_error       err = {0};
    shed_status      st  = shed_rubric_judge(r->rubrics[i], prompt, v, own, n, NULL, &r->results[i], &err);
    if (st != SHED_OK) {
      return shed_cli_error(cli, st, &err);
    }
    r->n_judged = i + 1;
  }
  return SHED_EXIT_DONE;
}

shed_json *
shed_cli_rubrics_json(const shed_cli_rubrics *r)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < r->n_judged; i++) {
    shed_rubric_mark own[SHED_CLI_MARKS];
    shed_json       *o = shed_rubric_result_to_json(&r->results[i]);
    shed_rubric_marks_to_json(o, own, marks_for(r, r->rubrics[i], own));
    shed_json_add(list, o);
  }
  return list;
}

static void
print_points(shed_cli *cli, const shed_rubric_result *r, const shed_points *p)
{
  char range[64];
  char most[32];
  shed_rubric_range_text(p->least, p->most, range, sizeof(range));
  shed_rubric_range_text(p->max, p->max, most, sizeof(most));
  bool open = p->state == SHED_POINTS_OPEN || p->state == SHED_POINTS_NOT_ASSESSED;
  (void)fprintf(cli->out, "  %-26s %s%s of %s", shed_rubric_short_id(r->rubric, p->criterion->id),
                p->state == SHED_POINTS_PROPOSED ? "proposed " : "", open ? "open" : range, most);
  if (fabs(p->criterion->weight - 1) > 1e-9) {
    char weight[32];
    shed_rubric_range_text(p->criterion->weight, p->criterion->weight, weight, sizeof(weight));
    (void)fprintf(cli->out, ", times %s", weight);
  }
  (void)fprintf(cli->out, "   %s\n", p->criterion->text);
  for (int i = 0; i < p->n_reasons; i++) {
    shed_cli_message(cli, 6, &p->reasons[i]);
  }
}

static void
print_total(shed_cli *cli, const shed_rubric_result *r)
{
  char total[64];
  char most[32];
  char possible[64];
  shed_rubric_range_text(r->least, r->most, total, sizeof(total));
  shed_rubric_range_text(r->max, r->max, most, sizeof(most));
  shed_rubric_range_text(r->open_least, r->open_most, possible, sizeof(possible));
  (void)fprintf(cli->out, "\n%s: %s of %s", r->rubric->title, total, most);
  if (r->n_open) {
    (void)fprintf(cli->out, ", %d open (possible: %s)", r->n_open, possible);
  }
  if (r->label && r->label_most && r->label != r->label_most) {
    (void)fprintf(cli->out, ", %s to %s", r->label, r->label_most);
  } else if (r->label) {
    (void)fprintf(cli->out, ", %s", r->label);
  }
  if (r->passed >= 0) {
    (void)fprintf(cli->out, ", %s", r->passed ? "passed" : "not passed");
  }
  (void)fprintf(cli->out, "\n");
}

void
shed_cli_rubrics_print(shed_cli *cli, const shed_cli_rubrics *rubrics)
{
  for (size_t i = 0; i < rubrics->n_judged; i++) {
    const shed_rubric_result *r = &rubrics->results[i];
    print_total(cli, r);
    for (size_t c = 0; c < r->rubric->n_criteria; c++) {
      print_points(cli, r, &r->criteria[c]);
    }
    for (size_t c = 0; c < r->rubric->n_alternates && r->open_least < r->rubric->alternates_below; c++) {
      print_points(cli, r, &r->alternates[c]);
    }
    for (size_t k = 0; k < r->rubric->unconfirmed.n; k++) {
      (void)fprintf(cli->out, "  Not confirmed at its source: ");
      shed_cli_wrap(cli, 0, r->rubric->unconfirmed.items[k]);
    }
  }
}

void
shed_cli_rubrics_close(shed_cli_rubrics *r)
{
  for (size_t i = 0; i < r->n_judged; i++) {
    shed_rubric_result_free(&r->results[i]);
  }
  shed_arena_free(r->arena);
  *r = (shed_cli_rubrics){.n = 0};
}
