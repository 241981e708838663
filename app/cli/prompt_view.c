#include "app/cli/prompt_view.h"

#include "app/cli/common.h"
#include "engine/base/str.h"
#include "engine/music/beat.h"

#include <string.h>

void
shed_note_length(char *buf, size_t size, shed_beat quarters)
{
  static const struct {
    int         num, den;
    const char *name;
  } lengths[] = {
      {4, 1, "whole"},       {2, 1, "half"},           {1, 1, "quarter"},
      {1, 2, "eighth"},      {1, 4, "sixteenth"},      {6, 1, "dotted whole"},
      {3, 1, "dotted half"}, {3, 2, "dotted quarter"}, {3, 4, "dotted eighth"},
  };
  for (size_t i = 0; i < SHED_COUNTOF(lengths); i++) {
    if (quarters.num == lengths[i].num && quarters.den == lengths[i].den) {
      (void)snprintf(buf, size, "%s", lengths[i].name);
      return;
    }
  }
  char number[32];
  (void)shed_format_double(number, sizeof(number), shed_beat_quarters(quarters), 3);
  (void)snprintf(buf, size, "%s beats", number);
}

static void
print_note(shed_cli *cli, const shed_sounding_note *n, bool begins, bool ends)
{
  char name[24];
  char length[32];
  if (!n->pitched) {
    (void)snprintf(name, sizeof(name), "stroke");
  } else {
    shed_cli_note_name(n->written, name, sizeof(name));
  }
  shed_note_length(length, sizeof(length), n->duration_beats);
  (void)fprintf(cli->out, "%s%s", begins ? " " : "+", name);
  if (ends) {
    (void)fprintf(cli->out, " %s", length);
  }
}

// The note sounds with the one before it, and as long: "C4+E4+G4 quarter".
static bool
joins(const shed_line *line, size_t at)
{
  const shed_sounding_note *n = &line->notes[at];
  return at > 0 && n->pitched && n[-1].pitched && shed_beat_cmp(n->onset_beats, n[-1].onset_beats) == 0 &&
         shed_beat_cmp(n->duration_beats, n[-1].duration_beats) == 0 &&
         n->measure_index == n[-1].measure_index;
}

// Silence from @p from to @p to, if there is any.
static void
print_rest(shed_cli *cli, shed_beat from, shed_beat to, const char **apart)
{
  char length[32];
  if (shed_beat_cmp(from, to) < 0) {
    shed_note_length(length, sizeof(length), shed_beat_sub(to, from));
    (void)fprintf(cli->out, "%s rest %s", *apart, length);
    *apart = ",";
  }
}

static void
print_measures(shed_cli *cli, const shed_line *line)
{
  shed_beat now = shed_beat_of(0, 1); // all before it is told
  for (size_t m = 0, at = 0; m < line->n_measures; m++) {
    const shed_sounding_measure *measure = &line->measures[m];
    const char                  *apart   = "";
    (void)fprintf(cli->out, "  %4s |", measure->number);
    for (; at < line->n_notes && line->notes[at].measure_index == (int)m; at++) {
      const shed_sounding_note *n      = &line->notes[at];
      shed_beat                 end    = shed_beat_add(n->onset_beats, n->duration_beats);
      const bool                begins = !joins(line, at);
      print_rest(cli, now, n->onset_beats, &apart);
      (void)fprintf(cli->out, "%s", begins ? apart : "");
      print_note(cli, n, begins, at + 1 == line->n_notes || !joins(line, at + 1));
      apart = ",";
      now   = shed_beat_cmp(end, now) > 0 ? end : now;
    }
    shed_beat barline = shed_beat_add(measure->start_beats, measure->length_beats);
    print_rest(cli, now, barline, &apart);
    now = shed_beat_cmp(barline, now) > 0 ? barline : now;
    (void)fprintf(cli->out, "\n");
  }
}

void
shed_prompt_view(shed_cli *cli, const shed_prompt *p)
{
  (void)fprintf(cli->out, "%s\n", p->title);
  if (p->instruction[0]) {
    shed_cli_wrap(cli, 0, p->instruction);
  }
  if (p->line.n_measures > 0 && p->line.measures[0].beats > 0) {
    (void)fprintf(cli->out, "Metre %d/%d", p->line.measures[0].beats, p->line.measures[0].beat_type);
  }
  if (p->tempo_bpm > 0) {
    (void)fprintf(cli->out, ", tempo %.0f quarter notes a minute", p->tempo_bpm);
  } else {
    (void)fprintf(cli->out, ", your own steady tempo");
  }
  if (p->count_in_beats > 0) {
    (void)fprintf(cli->out, ", count in %d beats", p->count_in_beats);
  }
  (void)fprintf(cli->out, "\n\n");
  print_measures(cli, &p->line);
  if (p->n_targets > 0) {
    (void)fprintf(cli->out, "\nTo reach:");
    for (int i = 0; i < p->n_targets; i++) {
      (void)fprintf(cli->out, "%s %s %.0f %%", i ? "," : "", p->targets[i].dimension,
                    100 * p->targets[i].score);
    }
    (void)fprintf(cli->out, "\n");
  }
}
