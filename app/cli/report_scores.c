// About this file: the scores of a report, each with its bar, what was asked and whether that is reached.
#include "app/cli/report_style.h"
#include "assessors/targets.h"
#include "mastery/model/gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  BAR_COLUMN = 16,
  MOST_BAR   = 24,
  LEAST_BAR  = 8,
  BAR_REST   = 46 // what stands behind a bar: " 82 %  asked 90 %  reached  (92 % judged)"
};

static double
target_of(const shed_report *r, const char *dimension)
{
  for (int i = 0; i < r->prompt->n_targets; i++) {
    if (strcmp(r->prompt->targets[i].dimension, dimension) == 0) {
      return r->prompt->targets[i].score;
    }
  }
  return (double)NAN;
}

// Filled up to the score; the target stands as an upright.
static void
write_bar(shed_report *r, double score, double target)
{
  int width  = r->opts.columns - BAR_COLUMN - BAR_REST;
  width      = width < LEAST_BAR ? LEAST_BAR : width > MOST_BAR ? MOST_BAR : width;
  int filled = isnan(score) ? 0 : (int)lround(score * width);
  int mark   = isnan(target) ? -1 : (int)ceil(target * width) - 1;
  for (int i = 0; i < width; i++) {
    const char *cell   = r->opts.utf8 ? "░" : "-";
    shed_colour colour = SHED_COLOUR_GREY;
    if (isnan(score)) {
      cell = r->opts.utf8 ? "·" : ".";
    } else if (i < filled) {
      cell   = r->opts.utf8 ? "█" : "#";
      colour = SHED_COLOUR_NONE;
    }
    if (i == mark) {
      cell   = r->opts.utf8 ? "┃" : "|";
      colour = SHED_COLOUR_NONE;
    }
    shed_report_word(r, cell, colour);
  }
}

// Notes that count, for the misses that a target allows.
static int
judged_notes(const shed_report *r)
{
  int n = 0;
  for (size_t i = 0; i < r->v->n_notes; i++) {
    n += !isnan(r->v->notes[i].credit);
  }
  return n;
}

static void
write_score(shed_report *r, const char *name, double score, double target, double assessed, double value,
            const char *unit)
{
  char text[64], head[40];
  (void)snprintf(head, sizeof(head), "%c%s", name[0] >= 'a' && name[0] <= 'z' ? name[0] - 32 : name[0],
                 name + 1);
  shed_report_start(r, 2, BAR_COLUMN);
  shed_report_word(r, head, SHED_COLOUR_NONE);
  shed_report_tab(r, BAR_COLUMN);
  write_bar(r, score, target);
  if (isnan(score)) {
    shed_report_word(r, " ", SHED_COLOUR_NONE);
    shed_report_word(r, shed_sign_text(r, SHED_SIGN_none), SHED_COLOUR_GREY);
    shed_report_text(r, " not assessed");
    shed_report_end(r);
    return;
  }
  (void)snprintf(text, sizeof(text), " %3.0f %%", floor(100 * score + 1e-9));
  shed_report_word(r, text, SHED_COLOUR_NONE);
  if (!isnan(value) && unit[0]) {
    char number[32];
    (void)shed_format_double(number, sizeof(number), value, 1);
    (void)snprintf(text, sizeof(text), "  %s %s", number, unit);
    shed_report_word(r, text, SHED_COLOUR_NONE);
  }
  if (!isnan(target)) {
    bool reached      = shed_gate_reaches(score, target, shed_target_notes(r->prompt, name, judged_notes(r)));
    const char *arrow = r->opts.utf8 ? "→" : "->";
    const char *how   = score + 1e-9 >= target ? " reached" : " reached (slip allowed)";
    (void)snprintf(text, sizeof(text), "  asked %.0f %%  ", 100 * target);
    shed_report_word(r, text, SHED_COLOUR_NONE);
    shed_report_word(r, reached ? shed_sign_text(r, SHED_SIGN_correct) : arrow,
                     reached ? SHED_COLOUR_GREEN : SHED_COLOUR_NONE);
    shed_report_word(r, reached ? how : " not yet", SHED_COLOUR_NONE);
  }
  if (assessed < 0.995) {
    (void)snprintf(text, sizeof(text), "  (%.0f %% judged)", floor(100 * assessed));
    shed_report_word(r, text, SHED_COLOUR_NONE);
  }
  shed_report_end(r);
}

// Beside the score, never instead of it: people who graded such takes differ by as much as the band.
static void
write_jury(shed_report *r)
{
  const shed_jury_estimate *j = &r->v->jury;
  if (j->told && strcmp(r->prompt->kind, "reference") == 0) {
    shed_report_start(r, 2, 2);
    shed_report_textf(r,
                      "Three judges would give it about %.1f of 4: four times in five between %.1f and %.1f.",
                      j->grade, j->low, j->high);
    shed_report_end(r);
  }
}

void
shed_report_scores(shed_report *r)
{
  shed_str_add(r->out, "\n");
  write_score(r, "overall", r->v->score, (double)NAN, r->v->assessed, (double)NAN, "");
  for (int i = 0; i < r->v->n_dimensions; i++) {
    const shed_dimension *d = &r->v->dimensions[i];
    // of an echo only the tempo's ratio to the reference is known, told below
    bool plain = shed_report_is_echo(r) && strcmp(d->unit, "bpm") == 0;
    write_score(r, d->name, d->score, target_of(r, d->name), isnan(d->assessed) ? 1 : d->assessed,
                plain ? (double)NAN : d->value, d->unit);
  }
  if (r->prompt->n_targets > 0) {
    static const char *const sentences[] = {
        "Not assessed: too little was heard to say whether the targets are reached.",
        "Not every target is reached yet.", "Every target is reached."};
    shed_report_start(r, 2, 2);
    shed_report_text(r, sentences[r->v->passed + 1]);
    shed_report_end(r);
  }
  write_jury(r);
}
