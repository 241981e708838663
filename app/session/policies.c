// About this file: from the name or the file of a policy to its numbers. A file's numbers go over those of its preset by way of
// the policy's JSON, so that one reader checks every policy whatever it came from.
#include "app/session/policies.h"

#include "drills/arena.h"
#include "drills/yaml.h"
#include "engine/base/file.h"

#include <string.h>

enum { JSON_BYTES = 65536, DECIMALS = 6 };

#define SET_REAL(name) shed_json_set_real(o, #name, file->name, DECIMALS)
#define SET_BOOL(name) shed_json_set_bool(o, #name, file->name)
#define OVERLAY(name, type, of, need, min, max, what)                                                        \
  if (shed_yaml_get(file->place.node, #name)) {                                                              \
    SET_##type(name);                                                                                        \
  }

shed_status
shed_policy_of_file(const shed_credit_policy *file, shed_policy *out, shed_error *err)
{
  shed_policy base;
  shed_status st = shed_policy_preset(file->extends, &base, err);
  if (st != SHED_OK) {
    return st;
  }
  shed_json *o = shed_policy_to_json(&base);
  shed_json_set_str(o, "id", file->id);
  shed_json_set_int(o, "version", file->version);
  SHED_POLICY_NUMBERS(OVERLAY)
  st = shed_policy_from_json(o, out, err);
  shed_json_free(o);
  return st;
}

shed_status
shed_policy_named(const shed_course *course, const char *name, shed_policy *out, shed_error *err)
{
  const shed_credit_policy *own = course && *name ? shed_course_policy(course, name) : NULL;
  return own ? shed_policy_of_file(own, out, err) : shed_policy_preset(name, out, err);
}

bool
shed_policy_is_file(const char *name)
{
  return shed_ends_with(name, ".json") || shed_ends_with(name, ".yaml") || shed_ends_with(name, ".yml");
}

static shed_status
read_json(const char *path, shed_policy *out, shed_error *err)
{
  char       *text = NULL;
  size_t      n    = 0;
  shed_json  *v    = NULL;
  shed_status st   = shed_file_read(path, JSON_BYTES, NULL, &text, &n, err);
  if (st == SHED_OK && (st = shed_json_parse(text, n, path, &v, err)) == SHED_OK) {
    st = shed_policy_from_json(v, out, err);
    if (st != SHED_OK) {
      shed_error_within(err, path);
    }
  }
  shed_json_free(v);
  shed_free(NULL, text);
  return st;
}

shed_status
shed_policy_read(const char *path, shed_policy *out, shed_faults *faults, shed_error *err)
{
  shed_credit_policy *file  = NULL;
  shed_arena         *arena = NULL;
  if (shed_ends_with(path, ".json")) {
    return read_json(path, out, err);
  }
  arena          = shed_arena_new(NULL);
  shed_status st = arena ? shed_credit_policy_load(path, arena, &file, faults, err) : SHED_E_NOMEM;
  if (st == SHED_OK && (st = shed_policy_of_file(file, out, err)) != SHED_OK) {
    shed_error_within(err, path);
  }
  shed_arena_free(arena);
  return st;
}
