#include "mastery/store/kinds.h"

#include <string.h>

static const shed_kind *const kinds[] = {
#define SHED_KIND(name) &shed_kind_##name,
#include "mastery/store/kinds.def"
#undef SHED_KIND
};

const shed_kind *
shed_kind_find(const char *name)
{
  for (size_t i = 0; i < SHED_COUNTOF(kinds); i++) {
    if (strcmp(kinds[i]->name, name) == 0) {
      return kinds[i];
    }
  }
  return NULL;
}

shed_status
shed_kind_read_id(const shed_json *body, const char *key, bool optional, const char **out, shed_error *err)
{
  shed_status st = shed_json_read_str(body, key, optional, SHED_ID - 1, out, err);
  if (st == SHED_OK && !optional && !(*out)[0]) {
    return shed_fail(err, SHED_E_FORMAT, key, "is empty");
  }
  return st;
}

shed_status
shed_kind_read_uuid(const shed_json *body, const char *key, bool optional, shed_uuid *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(body, key, optional, SHED_UUID_TEXT, &text, err);
  *out             = (shed_uuid){{0}};
  if (st == SHED_OK && text && shed_uuid_parse(text, out) != SHED_OK) {
    return shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a UUID", text);
  }
  return st;
}
