#include "app/cli/words.h"

#include "app/session/library.h"
#include "app/session/rubrics.h"
#include "engine/base/attrs.h"

#include <limits.h>
#include <string.h>

// The presets stand in one table; its names are the words.
static void
print_policies(FILE *out)
{
  static const char *const names[] = {
#define SHED_POLICY(id, ...) id,
#include "engine/task/policies.def"
#undef SHED_POLICY
  };
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    (void)fprintf(out, "%s\n", names[i]);
  }
}

static void
print_instruments(FILE *out)
{
  for (size_t i = 0; i < shed_profile_count(); i++) {
    (void)fprintf(out, "%s\n", shed_profile_at(i).id);
  }
}

static void
print_courses(FILE *out)
{
  shed_library *lib = NULL;
  if (shed_library_open(NULL, NULL, &lib, NULL) == SHED_OK) {
    for (size_t i = 0; i < shed_library_courses(lib); i++) {
      (void)fprintf(out, "%s\n", shed_library_course_at(lib, i)->id);
    }
  }
  shed_library_free(lib);
}

static void
print_drills(FILE *out)
{
  shed_library *lib = NULL;
  if (shed_library_open(NULL, NULL, &lib, NULL) == SHED_OK) {
    for (size_t i = 0; i < shed_library_courses(lib); i++) {
      const shed_course *c = shed_library_course_at(lib, i);
      for (size_t k = 0; k < c->n_units; k++) {
        for (size_t m = 0; m < c->units[k].n_drills; m++) {
          (void)fprintf(out, "%s\n", c->units[k].drills[m].id);
        }
      }
    }
  }
  shed_library_free(lib);
}

static bool
print_rubric(void *ctx, const char *file, const shed_rubric *r)
{
  (void)file;
  (void)fprintf(ctx, "%s\n", r->id);
  return true;
}

static void
print_rubrics(FILE *out)
{
  char        content[PATH_MAX];
  shed_arena *arena = shed_arena_new(NULL);
  if (arena && shed_library_content(content, sizeof(content), NULL) == SHED_OK) {
    shed_status st = shed_rubrics_each(content, arena, print_rubric, out, NULL);
    (void)st; // what could be read is offered
  }
  shed_arena_free(arena);
}

static const struct {
  const char *kind;
  void (*print)(FILE *out);
} lists[] = {
    {"policy", print_policies}, {"instrument", print_instruments}, {"course", print_courses},
    {"drill", print_drills},    {"rubric", print_rubrics},
};

bool
shed_words_print(const char *kind, FILE *out)
{
  for (size_t i = 0; i < SHED_COUNTOF(lists); i++) {
    if (strcmp(lists[i].kind, kind) == 0) {
      lists[i].print(out);
      return true;
    }
  }
  return false;
}
