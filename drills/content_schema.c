// About this file: the tables of content_table.h as JSON Schema, for editors and for those who write courses with other
// tools. The schema says what one file may look like; ids that must lead somewhere are the checker's.

#include "drills/content_table.h"

#include <string.h>

typedef void (*describer)(const shed_content_field *f, shed_json *out);

static void
set_type(shed_json *o, const char *type)
{
  shed_json_set_str(o, "type", type);
}

static void
set_limits(shed_json *o, const char *min_key, const char *max_key, const shed_content_field *f)
{
  shed_json_set_int(o, min_key, (int64_t)f->min);
  shed_json_set_int(o, max_key, (int64_t)f->max);
}

static void
describe_id(const shed_content_field *f, shed_json *o)
{
  (void)f;
  set_type(o, "string");
  shed_json_set_str(o, "pattern", SHED_ID_PATTERN);
  shed_json_set_int(o, "maxLength", SHED_ID - 1);
}

static void
describe_text(const shed_content_field *f, shed_json *o)
{
  set_type(o, "string");
  if (f->kind == SHED_FIELD_KIND_TEXT) {
    set_limits(o, "minLength", "maxLength", f);
  } else {
    shed_json_set_int(o, "minLength", 1);
    shed_json_set_int(o, "maxLength", 1000);
  }
}

static void
describe_file(const shed_content_field *f, shed_json *o)
{
  (void)f;
  set_type(o, "string");
  shed_json_set_str(o, "pattern", SHED_FILE_PATTERN);
  shed_json_set_int(o, "maxLength", 200);
}

static shed_json *
words_as_array(const char *words)
{
  shed_json *list = shed_json_array();
  char       word[64];
  while (*words) {
    size_t n = strcspn(words, " ");
    SHED_ASSERT(n < sizeof(word));
    memcpy(word, words, n);
    word[n] = '\0';
    shed_json_add(list, shed_json_string(word));
    words += n;
    words += strspn(words, " ");
  }
  return list;
}

static void
describe_name(const shed_content_field *f, shed_json *o)
{
  set_type(o, "string");
  shed_json_set_str(o, "pattern", SHED_NAME_PATTERN);
  shed_json_set_int(o, "maxLength", f->kind == SHED_FIELD_KIND_NAME ? (int64_t)f->max : 64);
  if (strcmp(f->of, "kind") == 0) {
    size_t                        n;
    const shed_drill_kind *const *kinds = shed_drill_kinds(&n);
    shed_json                    *list  = shed_json_array();
    for (size_t i = 0; i < n; i++) {
      shed_json_add(list, shed_json_string(kinds[i]->name));
    }
    shed_json_set(o, "enum", list);
  } else if (strcmp(f->of, "preset") == 0) {
    shed_json_set(o, "enum", words_as_array(SHED_PRESETS));
  } else if (strcmp(f->of, "any") != 0 && strcmp(f->of, "profile") != 0) {
    shed_json_set(o, "enum", words_as_array(f->of));
  }
}

static void
describe_int(const shed_content_field *f, shed_json *o)
{
  set_type(o, "integer");
  set_limits(o, "minimum", "maximum", f);
}

static void
describe_real(const shed_content_field *f, shed_json *o)
{
  set_type(o, "number");
  shed_json_set_real(o, "minimum", f->min, 6);
  shed_json_set_real(o, "maximum", f->max, 6);
}

static void
describe_numbers(const shed_content_field *f, shed_json *o)
{
  shed_json *items = shed_json_object();
  set_type(items, "number");
  shed_json_set_real(items, "minimum", f->min, 6);
  shed_json_set_real(items, "maximum", f->max, 6);
  set_type(o, "array");
  shed_json_set_int(o, "maxItems", 64);
  shed_json_set(o, "items", items);
}

static void
describe_bool(const shed_content_field *f, shed_json *o)
{
  (void)f;
  set_type(o, "boolean");
}

static void
describe_targets(const shed_content_field *f, shed_json *o)
{
  shed_json *score = shed_json_object();
  shed_json *name  = shed_json_object();
  set_type(o, "object");
  set_limits(o, "minProperties", "maxProperties", f);
  shed_json_set_str(name, "pattern", SHED_NAME_PATTERN);
  shed_json_set_int(name, "maxLength", 23);
  shed_json_set(o, "propertyNames", name);
  set_type(score, "number");
  shed_json_set_real(score, "minimum", 0.01, 2);
  shed_json_set_int(score, "maximum", 1);
  shed_json_set(o, "additionalProperties", score);
}

static void
describe_params(const shed_content_field *f, shed_json *o)
{
  (void)f;
  set_type(o, "object"); // which parameters there are depends on the kind: see add_kinds()
}

static void
describe_list(const shed_content_field *f, shed_json *o)
{
  char       ref[64] = "#/$defs/";
  shed_json *items   = shed_json_object();
  set_type(o, "array");
  set_limits(o, "minItems", "maxItems", f);
  strncat(ref, f->of, sizeof(ref) - strlen(ref) - 1);
  shed_json_set_str(items, "$ref", ref);
  shed_json_set(o, "items", items);
}

// What a single value of each kind is; lists of texts are arrays of it.
static const describer describers[SHED_FIELD_KINDS] = {
    [SHED_FIELD_KIND_ID] = describe_id,           [SHED_FIELD_KIND_REF] = describe_id,
    [SHED_FIELD_KIND_REFS] = describe_id,         [SHED_FIELD_KIND_ALIASES] = describe_id,
    [SHED_FIELD_KIND_NAME] = describe_name,       [SHED_FIELD_KIND_NAMES] = describe_name,
    [SHED_FIELD_KIND_TEXT] = describe_text,       [SHED_FIELD_KIND_TEXTS] = describe_text,
    [SHED_FIELD_KIND_FILE] = describe_file,       [SHED_FIELD_KIND_PARTS] = describe_file,
    [SHED_FIELD_KIND_INT] = describe_int,         [SHED_FIELD_KIND_REAL] = describe_real,
    [SHED_FIELD_KIND_BOOL] = describe_bool,       [SHED_FIELD_KIND_LIST] = describe_list,
    [SHED_FIELD_KIND_TARGETS] = describe_targets, [SHED_FIELD_KIND_PARAMS] = describe_params,
    [SHED_FIELD_KIND_NUMBERS] = describe_numbers,
};
static const bool is_array[SHED_FIELD_KINDS] = {
    [SHED_FIELD_KIND_REFS] = true,  [SHED_FIELD_KIND_ALIASES] = true, [SHED_FIELD_KIND_NAMES] = true,
    [SHED_FIELD_KIND_TEXTS] = true, [SHED_FIELD_KIND_PARTS] = true,
};

static shed_json *
describe_field(const shed_content_field *f)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "description", f->what);
  if (is_array[f->kind]) {
    shed_json *items = shed_json_object();
    describers[f->kind](f, items);
    set_type(o, "array");
    set_limits(o, "minItems", "maxItems", f);
    shed_json_set(o, "items", items);
  } else {
    describers[f->kind](f, o);
  }
  return o;
}

static shed_json *
describe_param(const shed_param *p)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "description", p->what);
  if (p->type == SHED_PARAM_CHOICE) {
    shed_json_set(o, "enum", words_as_array(p->choices));
  } else if (p->type == SHED_PARAM_TEXTS) {
    shed_json *items = shed_json_object();
    set_type(items, "string");
    shed_json_set_int(items, "maxLength", SHED_PARAM_TEXT);
    set_type(o, "array");
    shed_json_set_int(o, "minItems", (int64_t)p->min);
    shed_json_set_int(o, "maxItems", (int64_t)p->max);
    shed_json_set(o, "items", items);
  } else {
    set_type(o, p->type == SHED_PARAM_INT ? "integer" : "number");
    shed_json_set_real(o, "minimum", p->min, 6);
    shed_json_set_real(o, "maximum", p->max, 6);
  }
  return o;
}

// "if kind is scale then params are those of scale", for each kind.
static void
add_kinds(shed_json *drill)
{
  size_t                        n;
  const shed_drill_kind *const *kinds = shed_drill_kinds(&n);
  shed_json                    *all   = shed_json_array();
  for (size_t i = 0; i < n; i++) {
    size_t            n_params;
    const shed_param *params     = shed_drill_params(kinds[i], &n_params);
    shed_json        *properties = shed_json_object();
    for (size_t p = 0; p < n_params; p++) {
      shed_json_set(properties, params[p].name, describe_param(&params[p]));
    }
    shed_json *own = shed_json_object();
    shed_json_set(own, "properties", properties);
    shed_json_set_bool(own, "additionalProperties", false);
    shed_json *then_properties = shed_json_object();
    shed_json_set(then_properties, "params", own);
    shed_json *then = shed_json_object();
    shed_json_set(then, "properties", then_properties);
    shed_json *is_kind = shed_json_object();
    shed_json_set_str(is_kind, "const", kinds[i]->name);
    shed_json *if_properties = shed_json_object();
    shed_json_set(if_properties, "kind", is_kind);
    shed_json *condition = shed_json_object();
    shed_json_set(condition, "properties", if_properties);
    shed_json *rule = shed_json_object();
    shed_json_set(rule, "if", condition);
    shed_json_set(rule, "then", then);
    shed_json_add(all, rule);
  }
  shed_json_set(drill, "allOf", all);
}

static void
describe_object(const shed_content_object *object, shed_json *o)
{
  shed_json *properties = shed_json_object();
  shed_json *required   = shed_json_array();
  for (size_t i = 0; i < object->n; i++) {
    shed_json_set(properties, object->fields[i].name, describe_field(&object->fields[i]));
    if (object->fields[i].must) {
      shed_json_add(required, shed_json_string(object->fields[i].name));
    }
  }
  set_type(o, "object");
  shed_json_set_bool(o, "additionalProperties", false);
  shed_json_set(o, "required", required);
  shed_json_set(o, "properties", properties);
  if (strcmp(object->name, "drill") == 0) {
    add_kinds(o);
  }
}

shed_json *
shed_content_schema(const char *file_kind)
{
  static const struct {
    const char *file, *object;
  } files[] = {{"course", "course"}, {"unit", "unit"}, {"rubric", "rubric"}, {"policy", "credit_policy"}};
  const char *object = NULL;
  for (size_t i = 0; i < SHED_COUNTOF(files); i++) {
    object = strcmp(files[i].file, file_kind) == 0 ? files[i].object : object;
  }
  if (!object) {
    return NULL;
  }
  shed_json *schema = shed_json_object();
  shed_json *defs   = shed_json_object();
  shed_json_set_str(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
  shed_json_set_str(schema, "title", file_kind);
  describe_object(shed_content_object_find(object), schema);
  for (size_t i = 0; shed_content_object_at(i); i++) {
    shed_json *def = shed_json_object();
    describe_object(shed_content_object_at(i), def);
    shed_json_set(defs, shed_content_object_at(i)->name, def);
  }
  shed_json_set(schema, "$defs", defs);
  return schema;
}
