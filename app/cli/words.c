#include "app/cli/words.h"

#include "app/session/library.h"
#include "engine/base/attrs.h"

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

static const struct {
  const char *kind;
  void (*print)(FILE *out);
} lists[] = {
    {"policy", print_policies},
    {"instrument", print_instruments},
    {"course", print_courses},
    {"drill", print_drills},
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
