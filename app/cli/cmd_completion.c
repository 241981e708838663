// About this file: shell completions for bash and zsh, written from the command table, so that they cannot lag behind.
#include "app/cli/command.h"
#include "app/cli/words.h"

#include <string.h>

// The words that an option's value may be, as a shell expression; NULL when files are right.
static void
print_value_case(const shed_command *c, const shed_option *o, FILE *out)
{
  (void)fprintf(out, "    '%s --%s') ", c->name, o->name);
  if (!o->complete) {
    (void)fprintf(out, "COMPREPLY=();;\n");
  } else if (strcmp(o->complete, "file") == 0) {
    (void)fprintf(out, "COMPREPLY=($(compgen -f -- \"$cur\"));;\n");
  } else if (strcmp(o->complete, "folder") == 0) {
    (void)fprintf(out, "COMPREPLY=($(compgen -d -- \"$cur\"));;\n");
  } else if (strchr(o->complete, '|')) {
    (void)fprintf(out, "COMPREPLY=($(compgen -W '");
    for (const char *p = o->complete; *p; p++) {
      (void)fputc(*p == '|' ? ' ' : *p, out);
    }
    (void)fprintf(out, "' -- \"$cur\"));;\n");
  } else {
    (void)fprintf(out,
                  "COMPREPLY=($(compgen -W \"$(woodshed completion words %s 2>/dev/null)\" -- \"$cur\"));;\n",
                  o->complete);
  }
}

static void
print_words_of(const shed_command *c, FILE *out)
{
  for (size_t i = 0; i < c->n_actions; i++) {
    if (c->actions[i].name[0]) {
      (void)fprintf(out, " %s", c->actions[i].name);
    }
  }
  for (size_t i = 0; i < c->n_options; i++) {
    (void)fprintf(out, " --%s", c->options[i].name);
  }
  (void)fprintf(out, " --help");
}

static shed_exit
bash(shed_cli *cli)
{
  size_t                     n;
  const shed_command *const *list = shed_command_list(&n);
  FILE                      *out  = cli->out;
  (void)fprintf(
      out, "_woodshed() {\n"
           "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd=${COMP_WORDS[1]}\n"
           "  COMPREPLY=()\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '");
  for (size_t i = 0; i < n; i++) {
    (void)fprintf(out, "%s%s", i ? " " : "", list[i]->name);
  }
  (void)fprintf(out, "' -- \"$cur\"))\n    return\n  fi\n  case \"$cmd $prev\" in\n");
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < list[i]->n_options; k++) {
      if (list[i]->options[k].value) {
        print_value_case(list[i], &list[i]->options[k], out);
      }
    }
  }
  (void)fprintf(out, "    *) case $cmd in\n");
  for (size_t i = 0; i < n; i++) {
    (void)fprintf(out, "      %s) words='", list[i]->name);
    print_words_of(list[i], out);
    (void)fprintf(out, "';;\n");
  }
  (void)fprintf(out, "      *) words=;;\n      esac\n"
                     "      COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                     "      case $cur in -*) ;; *) COMPREPLY+=($(compgen -f -- \"$cur\"));; esac;;\n"
                     "  esac\n}\ncomplete -o filenames -F _woodshed woodshed\n");
  return SHED_EXIT_DONE;
}

// A text inside zsh's '...[...]': brackets, colons and quotes would end it.
static void
print_zsh_text(const char *text, FILE *out)
{
  for (const char *p = text; *p; p++) {
    if (strchr("[]:\\", *p)) {
      (void)fputc('\\', out);
    }
    (void)fputs(*p == '\'' ? "'\\''" : (char[]){*p, '\0'}, out);
  }
}

static void
print_zsh_option(const shed_option *o, FILE *out)
{
  (void)fprintf(out, " '--%s[", o->name);
  print_zsh_text(o->help, out);
  (void)fprintf(out, "]");
  if (o->value) {
    (void)fprintf(out, ":%s:", o->value);
    if (o->complete && strcmp(o->complete, "file") == 0) {
      (void)fprintf(out, "_files");
    } else if (o->complete && strcmp(o->complete, "folder") == 0) {
      (void)fprintf(out, "_files -/");
    } else if (o->complete && strchr(o->complete, '|')) {
      (void)fprintf(out, "(");
      for (const char *p = o->complete; *p; p++) {
        (void)fputc(*p == '|' ? ' ' : *p, out);
      }
      (void)fprintf(out, ")");
    } else if (o->complete) {
      (void)fprintf(out, "($(woodshed completion words %s 2>/dev/null))", o->complete);
    }
  }
  (void)fprintf(out, "'");
}

static shed_exit
zsh(shed_cli *cli)
{
  size_t                     n;
  const shed_command *const *list = shed_command_list(&n);
  FILE                      *out  = cli->out;
  (void)fprintf(out, "#compdef woodshed\n_woodshed() {\n  local -a commands\n  commands=(");
  for (size_t i = 0; i < n; i++) {
    (void)fprintf(out, " '%s:", list[i]->name);
    print_zsh_text(list[i]->summary, out);
    (void)fprintf(out, "'");
  }
  (void)fprintf(out, " )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
                     "  local cmd=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $cmd in\n");
  for (size_t i = 0; i < n; i++) {
    const shed_command *c = list[i];
    (void)fprintf(out, "    %s) _arguments", c->name);
    for (size_t k = 0; k < c->n_options; k++) {
      print_zsh_option(&c->options[k], out);
    }
    if (c->n_actions > 1) {
      (void)fprintf(out, " '1:action:(");
      for (size_t k = 0; k < c->n_actions; k++) {
        (void)fprintf(out, "%s%s", k ? " " : "", c->actions[k].name);
      }
      (void)fprintf(out, ")'");
    }
    (void)fprintf(out, " '--help[show this]' '*:file:_files';;\n");
  }
  (void)fprintf(out, "  esac\n}\n_woodshed \"$@\"\n");
  return SHED_EXIT_DONE;
}

static shed_exit
words(shed_cli *cli)
{
  return shed_words_print(cli->args[0], cli->out)
             ? SHED_EXIT_DONE
             : shed_cli_usage(cli, "no list of words \"%s\"", cli->args[0]);
}

static const shed_action actions[] = {
    {"bash", "", "print the completion for bash; put it into /etc/bash_completion.d/woodshed", 0, 0, bash},
    {"zsh", "", "print the completion for zsh; put it as _woodshed into a folder of $fpath", 0, 0, zsh},
    {"words", "KIND", "print the words of a kind: drill, course, instrument, policy", 1, 1, words},
};

const shed_command shed_command_completion = {
    "completion", "Print shell completions", "", actions, SHED_COUNTOF(actions), NULL, 0,
};
