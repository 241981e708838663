// About this file: a course on one page: each objective with its activities, its measure and its target.

#include "drills/content.h"

#include <string.h>

enum { WIDTH = 96, INDENT = 4 };

// Words of a text in lines of WIDTH columns.
static void
wrap(shed_str *out, const char *text, size_t indent)
{
  size_t column = 0;
  while (*text) {
    text += strspn(text, " \n\t");
    size_t n = strcspn(text, " \n\t");
    if (n == 0) {
      break;
    }
    char   word[WIDTH + 1];
    size_t kept = n < WIDTH ? n : WIDTH;
    memcpy(word, text, kept);
    word[kept]   = '\0';
    size_t width = shed_utf8_columns(word);
    if (column > 0 && column + 1 + width > WIDTH) {
      shed_str_add(out, "\n");
      column = 0;
    }
    if (column == 0) {
      shed_str_addf(out, "%*s", (int)indent, "");
      column = indent;
    } else {
      shed_str_add(out, " ");
      column++;
    }
    shed_str_add(out, word);
    column += width;
    text += n;
  }
  shed_str_add(out, "\n");
}

static void
add_score(shed_str *line, const shed_target *t)
{
  char number[16];
  shed_format_double(number, sizeof(number), 100 * t->score, 1);
  shed_str_addf(line, "%s %s %%", t->dimension, number);
}

static void
map_objective(const shed_unit *u, const shed_objective *o, shed_str *out)
{
  shed_str line = {.alloc = out->alloc};
  int      n    = 0;
  shed_str_addf(&line, "* %s", o->text);
  for (size_t i = 0; i < o->standards.n; i++) {
    shed_str_addf(&line, "%s%s", i ? ", " : " [", o->standards.items[i]);
  }
  shed_str_add(&line, o->standards.n ? "]" : "");
  for (size_t a = 0; a < u->n_activities; a++) {
    for (size_t i = 0; i < u->activities[a].objectives.n; i++) {
      if (strcmp(u->activities[a].objectives.items[i], o->id) == 0) {
        shed_str_addf(&line, "%s%s (%s)", n++ ? ", " : ". By: ", u->activities[a].title,
                      u->activities[a].kind);
      }
    }
  }
  shed_str_add(&line, ". Measured by: ");
  for (size_t i = 0; i < u->n_targets; i++) {
    if (strcmp(u->targets[i].dimension, o->dimension) == 0) {
      add_score(&line, &u->targets[i]);
    }
  }
  shed_str_addf(&line, "%s%s", *o->dimension && *o->rubric ? "; " : "", o->rubric);
  wrap(out, shed_str_text(&line), INDENT);
  shed_str_free(&line);
}

static void
map_unit(const shed_unit *u, size_t number, shed_str *out)
{
  shed_str line    = {.alloc = out->alloc};
  int      minutes = 0;
  for (size_t a = 0; a < u->n_activities; a++) {
    minutes += u->activities[a].minutes;
  }
  shed_str_addf(&line, "%zu. %s (%s; %zu activities, %d minutes", number, u->title, u->id, u->n_activities,
                minutes);
  for (size_t i = 0; i < u->prerequisites.n; i++) {
    shed_str_addf(&line, "%s%s", i ? ", " : "; after ", u->prerequisites.items[i]);
  }
  shed_str_addf(&line, "%s)", u->teacher_signs ? "; the teacher signs" : "");
  wrap(out, shed_str_text(&line), 0);
  shed_str_clear(&line);
  for (size_t d = 0; d < u->n_drills; d++) {
    shed_str_addf(&line, "%s%s (%s)", d ? ", " : "Drills: ", u->drills[d].title, u->drills[d].kind);
  }
  for (size_t i = 0; i < u->n_targets; i++) {
    shed_str_add(&line, i ? ", " : ". Targets: ");
    add_score(&line, &u->targets[i]);
  }
  wrap(out, shed_str_text(&line), INDENT);
  for (size_t i = 0; i < u->n_objectives; i++) {
    map_objective(u, &u->objectives[i], out);
  }
  shed_str_free(&line);
}

void
shed_course_map(const shed_course *course, shed_str *out)
{
  shed_str_addf(out, "%s %s (%s)\n", course->title, course->version, course->id);
  wrap(out, course->purpose, 0);
  for (size_t i = 0; i < course->n_units; i++) {
    shed_str_add(out, "\n");
    map_unit(&course->units[i], i + 1, out);
  }
}
