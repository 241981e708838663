#include "app/cli/gate_view.h"

#include "app/cli/common.h"

#include <math.h>
#include <string.h>

enum { NAME_COLUMNS = 12 };

// Whole percents, never rounded up: 89.9 is not 90.
static double
percent(double share)
{
  return floor(100 * share + 1e-6);
}

// "● 92 %  ○ 71 %": filled where the target was reached; plain letters where the terminal has no such signs.
static void
print_cells(shed_cli *cli, const shed_gate_dimension *d)
{
  bool utf8 = shed_cli_utf8();
  for (int i = 0; i < SHED_GATE_WINDOW; i++) {
    if (i >= d->n_cells) {
      (void)fprintf(cli->out, "  %s", utf8 ? "·    " : ".    ");
      continue;
    }
    const char *sign = d->cells[i].reached ? (utf8 ? "●" : "+") : (utf8 ? "○" : "-");
    (void)fprintf(cli->out, "  %s %3.0f", sign, percent(d->cells[i].score));
  }
}

static void
print_dimension(shed_cli *cli, const shed_gate_dimension *d)
{
  (void)fprintf(cli->out, "    %-*s target %3.0f  ", NAME_COLUMNS, d->name, percent(d->target));
  print_cells(cli, d);
  if (d->waived) {
    (void)fprintf(cli->out, "  waived");
  } else if (d->n_cells > 0 && !isnan(d->average)) {
    (void)fprintf(cli->out, "  (average %.0f)", percent(d->average));
  }
  (void)fprintf(cli->out, "\n");
}

void
shed_gate_view_unit(shed_cli *cli, const shed_progress *p, size_t unit)
{
  const shed_unit      *u    = &p->course->units[unit];
  const shed_gate      *gate = &p->gates[unit];
  const shed_path_step *step = &p->steps[unit];
  const char *sign = step->state == SHED_PATH_DONE ? "[x]" : step->state == SHED_PATH_OPEN ? "[ ]" : "[-]";
  (void)fprintf(cli->out, "%s %s: %s, %s%s\n", sign, u->title, shed_path_state_name(step->state),
                shed_level_name(gate->level), step->next ? "   <- next" : "");
  for (int i = 0; i < step->n_reasons; i++) {
    shed_cli_message(cli, 4, &step->reasons[i]);
  }
  if (step->state == SHED_PATH_LOCKED) {
    return;
  }
  for (int i = 0; i < gate->n_dimensions && gate->takes > 0; i++) {
    print_dimension(cli, &gate->dimensions[i]);
  }
  for (int i = 0; i < gate->n_reasons; i++) {
    shed_cli_message(cli, 4, &gate->reasons[i]);
  }
}

void
shed_gate_view_course(shed_cli *cli, const shed_progress *p)
{
  (void)fprintf(cli->out, "%s (%s)\n\n", p->course->title, p->profile.name);
  for (size_t i = 0; i < p->n; i++) {
    shed_gate_view_unit(cli, p, i);
    (void)fprintf(cli->out, "\n");
  }
}

shed_json *
shed_gate_view_json(const shed_progress *p)
{
  shed_json *o     = shed_json_object();
  shed_json *units = shed_json_array();
  shed_json_set_str(o, "course", p->course->id);
  shed_json_set_str(o, "title", p->course->title);
  shed_json_set_str(o, "instrument", p->profile.id);
  for (size_t i = 0; i < p->n; i++) {
    shed_json *unit    = shed_gate_to_json(&p->rules[i], &p->gates[i]);
    shed_json *reasons = shed_json_array();
    shed_json_set_str(unit, "title", p->course->units[i].title);
    shed_json_set_str(unit, "state", shed_path_state_name(p->steps[i].state));
    shed_json_set_bool(unit, "next", p->steps[i].next);
    for (int k = 0; k < p->steps[i].n_reasons; k++) {
      shed_json_add(reasons, shed_message_to_json(&p->steps[i].reasons[k]));
    }
    shed_json_set(unit, "path_reasons", reasons);
    shed_json_add(units, unit);
  }
  shed_json_set(o, "units", units);
  return o;
}
