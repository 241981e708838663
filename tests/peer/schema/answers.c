// What our own reader says of a file's fields, for compare.mjs: each line of standard input is a kind ("course", "unit",
// "rubric", "policy"), a tab and a document on one line; each answer is "valid" or the first fault. With an argument the JSON Schema of
// that kind is printed instead.
#include "drills/content_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print_schema(const char *kind)
{
  shed_json *schema = shed_content_schema(kind);
  shed_str   text   = {0};
  if (!schema) {
    return 2;
  }
  shed_json_write(schema, SHED_JSON_PRETTY, &text);
  puts(shed_str_text(&text));
  shed_str_free(&text);
  shed_json_free(schema);
  return 0;
}

static void
check_params(shed_loader *l, const shed_unit *unit)
{
  for (size_t i = 0; i < unit->n_drills; i++) {
    const shed_drill_kind *kind = shed_drill_find(unit->drills[i].kind);
    shed_error             err  = {0};
    if (kind && unit->drills[i].params && shed_drill_check(kind, unit->drills[i].params, &err) != SHED_OK) {
      shed_fault_of(l, &unit->drills[i].place, err.where, "%s", err.what);
    }
  }
  for (size_t i = 0; i < unit->n_drills; i++) {
    shed_json_free(unit->drills[i].params);
  }
}

// Whether a file is there, and which profiles are known, no schema can say.
static int
beyond_a_schema(const shed_fault *f)
{
  return strstr(f->what, "is not there") || strstr(f->what, "is named twice") ||
         (strstr(f->where, "profiles[") && strstr(f->what, "is not known"));
}

static void
answer(const char *kind, const char *text)
{
  union {
    shed_course        course;
    shed_unit          unit;
    shed_rubric        rubric;
    shed_credit_policy policy;
  } out                             = {0};
  shed_faults                faults = {0};
  shed_error                 err    = {0};
  shed_yaml                 *tree   = NULL;
  shed_arena                *arena  = shed_arena_new(NULL);
  shed_loader                l = {.arena = arena, .folder = "nowhere", .faults = &faults, .file = "document"};
  const char                *say = "valid";
  const shed_content_object *object =
      shed_content_object_find(strcmp(kind, "policy") == 0 ? "credit_policy" : kind);
  if (!arena || !object) {
    exit(2);
  }
  if (shed_yaml_parse(text, strlen(text), "document", arena, &tree, &err) != SHED_OK) {
    say = err.what;
  } else {
    if (shed_content_fill(&l, object, tree, "", &out) != SHED_OK) {
      exit(2);
    }
    if (strcmp(kind, "unit") == 0) {
      check_params(&l, &out.unit);
    }
    for (size_t i = 0; i < faults.n; i++) {
      say = beyond_a_schema(&faults.items[i]) ? say : faults.items[i].what;
    }
  }
  puts(say);
  shed_faults_free(&faults);
  shed_arena_free(arena);
}

int
main(int argc, char **argv)
{
  char  *line = NULL;
  size_t cap  = 0;
  if (argc > 1) {
    return print_schema(argv[1]);
  }
  while (getline(&line, &cap, stdin) > 0) {
    char *tab = strchr(line, '\t');
    if (!tab) {
      return 2;
    }
    *tab = '\0';
    answer(line, tab + 1);
  }
  free(line);
  return 0;
}
