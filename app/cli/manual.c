// About this file: woodshed(1) in mdoc. What each command does comes from the command table; the rest stands here.
#include "app/cli/manual.h"

#include "app/cli/command.h"

#include <string.h>

// A text as mdoc takes it: backslashes doubled, a leading dot or quote made harmless, one sentence a line.
static void
print_text(const char *text, FILE *out)
{
  const char *at = text;
  for (const char *p = text; *p; p++) {
    if ((*p == '.' || *p == '\'') && (p == at || p[-1] == '\n')) {
      (void)fputs("\\&", out);
    }
    if (*p == '\\') {
      (void)fputs("\\e", out);
    } else if (*p == '-') {
      (void)fputs("\\-", out);
    } else if (p[0] == '.' && p[1] == ' ') {
      (void)fputs(".\n", out);
      p++;
      at = p + 1;
    } else {
      (void)fputc(*p, out);
    }
  }
}

// What stands behind a dot macro must not be read as one itself, nor hold a blank.
static void
print_words(const char *text, FILE *out)
{
  (void)fputc('"', out);
  for (const char *p = text; *p; p++) {
    if (*p == '"') {
      (void)fputs("\"\"", out);
    } else if (*p == '-') {
      (void)fputs("\\-", out);
    } else {
      (void)fputc(*p, out);
    }
  }
  (void)fputc('"', out);
}

static void
print_options(const shed_command *c, FILE *out)
{
  if (c->n_options == 0) {
    return;
  }
  (void)fprintf(out, ".Bl -tag -width Ds\n");
  for (size_t i = 0; i < c->n_options; i++) {
    const shed_option *o = &c->options[i];
    (void)fprintf(out, ".It Fl \\-%s", o->name);
    if (o->value) {
      (void)fprintf(out, " Ar ");
      print_words(o->value, out);
    }
    (void)fprintf(out, "\n");
    print_text(o->help, out);
    (void)fprintf(out, "\n");
  }
  (void)fprintf(out, ".El\n");
}

static void
print_command(const shed_command *c, FILE *out)
{
  (void)fprintf(out, ".Ss %s\n", c->name);
  print_text(c->summary, out);
  (void)fprintf(out, ".\n");
  if (c->n_actions > 1) {
    (void)fprintf(out, ".Bl -tag -width Ds\n");
  }
  for (size_t i = 0; i < c->n_actions; i++) {
    const shed_action *a = &c->actions[i];
    (void)fprintf(out, c->n_actions > 1 ? ".It Nm Cm " : ".Pp\n.Nm Cm ");
    (void)fprintf(out, "%s%s%s", c->name, a->name[0] ? " " : "", a->name);
    if (a->args[0]) {
      (void)fprintf(out, " Ar ");
      print_words(a->args, out);
    }
    (void)fprintf(out, "\n");
    if (c->n_actions > 1) {
      print_text(a->help, out);
      (void)fprintf(out, "\n");
    }
  }
  if (c->n_actions > 1) {
    (void)fprintf(out, ".El\n");
  }
  if (c->n_options) {
    (void)fprintf(out, ".Pp\nOptions:\n");
  }
  print_options(c, out);
  if (c->details[0]) {
    (void)fprintf(out, ".Pp\n");
    print_text(c->details, out);
    (void)fprintf(out, "\n");
  }
}

static const char head[] =
    ".\\\" Written by woodshed help --man; change the command table instead.\n"
    ".Dd November 21, 2026\n"
    ".Dt WOODSHED 1\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm woodshed\n"
    ".Nd hear a take, say what was right, and tell what opens next\n"
    ".Sh SYNOPSIS\n"
    ".Nm\n"
    ".Ar command\n"
    ".Op Ar argument ...\n"
    ".Op Fl \\-option Ar value ...\n"
    ".Sh DESCRIPTION\n"
    ".Nm\n"
    "listens to a recording, compares it with a score or an item of a drill, and says of each note whether "
    "it\n"
    "was right.\n"
    "It keeps the take when a student is named, and tells what the gate of the unit answers.\n"
    "What was not heard clearly is not assessed, never wrong.\n"
    "The same recording gives the same result, bit for bit.\n"
    ".Pp\n"
    "Each command tells about itself with\n"
    ".Fl \\-help .\n"
    "The value of an option is the next word, or stands behind an equals sign.\n"
    ".Sh COMMANDS\n";

static const char tail[] =
    ".Sh ENVIRONMENT\n"
    ".Bl -tag -width Ds\n"
    ".It Ev WOODSHED_CONTENT\n"
    "Folder of the courses.\n"
    ".It Ev WOODSHED_SOUNDFONT\n"
    "Sound font for sounding drills.\n"
    ".It Ev XDG_DATA_HOME\n"
    "The store is\n"
    ".Pa woodshed/store.db\n"
    "below it; without it, below\n"
    ".Pa ~/.local/share .\n"
    ".It Ev XDG_CONFIG_HOME\n"
    "Measured delays of devices are\n"
    ".Pa woodshed/latency.json\n"
    "below it; without it, below\n"
    ".Pa ~/.config .\n"
    ".It Ev NO_COLOR\n"
    "Set to anything: no colour.\n"
    ".El\n"
    ".Sh EXIT STATUS\n"
    ".Bl -tag -width Ds -compact\n"
    ".It 0\n"
    "Done.\n"
    ".It 1\n"
    "Done, and the answer is no: not passed, a course with faults, a store with faults.\n"
    ".It 2\n"
    "Wrong use.\n"
    ".It 3\n"
    "Bad input.\n"
    ".It 4\n"
    "Trouble with a device, the disk, or the store.\n"
    ".It 5\n"
    "Targets were set, and too little could be assessed.\n"
    ".El\n"
    ".Sh EXAMPLES\n"
    "Score a recording against a tune:\n"
    ".Pp\n"
    ".Dl woodshed score my\\-take.wav \\-\\-score tune.musicxml \\-\\-instrument flute\n"
    ".Pp\n"
    "See an item of a drill, and keep a take of it that counts:\n"
    ".Pp\n"
    ".Dl woodshed drill show DRILL \\-\\-seed 3 \\-\\-instrument clarinet\n"
    ".Dl woodshed score my\\-take.wav \\-\\-drill DRILL \\-\\-seed 3 \\-\\-instrument clarinet \\-\\-student "
    "Ada "
    "\\-\\-counts\n";

void
shed_manual_print(FILE *out)
{
  size_t                     n;
  const shed_command *const *list = shed_command_list(&n);
  (void)fputs(head, out);
  for (size_t i = 0; i < n; i++) {
    print_command(list[i], out);
  }
  (void)fputs(tail, out);
}
