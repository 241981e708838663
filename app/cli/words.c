#include "app/cli/words.h"

#include "engine/base/attrs.h"

#include <string.h>

// The presets stand in one table; its names are the words.
static void
print_policies(FILE *out)
{
  static const char *const names[] = {
#define SHED_POLICY(id, ...) id,
#include "assessors/policies.def"
#undef SHED_POLICY
  };
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    (void)fprintf(out, "%s\n", names[i]);
  }
}

static const struct {
  const char *kind;
  void (*print)(FILE *out);
} lists[] = {{"policy", print_policies}};

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
