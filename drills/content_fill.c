// About this file: nodes become structs, field by field, by the tables. One function a kind of field; each adds a fault for
// what is wrong and leaves the member empty then. Nothing here knows what a course is.

#include "drills/content_load.h"

#include "engine/base/file.h"

#include <stdio.h>
#include <string.h>

enum { PATH = 160, LISTED = 300 };

typedef shed_status (*filler)(shed_loader *l, const shed_content_field *f, const shed_yaml *node,
                              const char *path, void *at, void *object);

// A fault at a node.
#define FAULT(l, node, path, ...) shed_fault_add(l, (node)->line, "", path, __VA_ARGS__)

static const char *
shown(const shed_yaml *node)
{
  static const char *const names[] = {[SHED_YAML_LIST] = "(a list)", [SHED_YAML_MAP] = "(fields)"};
  return node->kind >= SHED_YAML_LIST ? names[node->kind] : node->text;
}

// -- single texts: each takes a node and gives a text or a fault ----------------------------------------------------------

typedef bool (*text_rule)(shed_loader *l, const shed_content_field *f, const shed_yaml *node,
                          const char *path);

static bool
is_text(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path)
{
  (void)f;
  if (node->kind == SHED_YAML_NUMBER || node->kind == SHED_YAML_BOOL) {
    FAULT(l, node, path, "%.80s must be a text: put it in quotes", shown(node));
    return false;
  }
  if (node->kind != SHED_YAML_TEXT) {
    FAULT(l, node, path, "'%.80s' is not a text", shown(node));
    return false;
  }
  return true;
}

static bool
text_rule_text(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path)
{
  if (!is_text(l, f, node, path)) {
    return false;
  }
  bool   single = f->kind == SHED_FIELD_KIND_TEXT; // of a list, min and max count its members
  double low    = single ? f->min : 1;
  double high   = single ? f->max : 1000;
  size_t n      = shed_utf8_columns(node->text);
  if ((double)n < low || (double)n > high) {
    shed_fault_add(l, node->line, "", path, "'%.60s' has %zu characters; %g to %g are needed", node->text, n,
                   low, high);
    return false;
  }
  return true;
}

static bool
text_rule_id(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path)
{
  if (!is_text(l, f, node, path)) {
    return false;
  }
  if (!shed_is_id(node->text) || strlen(node->text) >= SHED_ID) {
    FAULT(l, node, path,
          "'%.80s' is no id: lower-case words joined by '-', parts joined by '/', at most 95 characters",
          node->text);
    return false;
  }
  return true;
}

static bool
text_rule_file(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path)
{
  char full[1024];
  if (!is_text(l, f, node, path)) {
    return false;
  }
  if (!shed_is_file(node->text) || strlen(node->text) > 200) {
    FAULT(l, node, path, "'%.80s' is no file name inside the course's folder", node->text);
    return false;
  }
  if ((size_t)snprintf(full, sizeof(full), "%s/%s", l->folder, node->text) >= sizeof(full) ||
      !shed_file_exists(full)) {
    FAULT(l, node, path, "The file '%.80s' is not there", node->text);
    return false;
  }
  return true;
}

static bool
name_is_known(const shed_content_field *f, const char *name)
{
  shed_profile profile;
  if (strcmp(f->of, "any") == 0) {
    return true;
  }
  if (strcmp(f->of, "profile") == 0) {
    return shed_profile_find(name, &profile, NULL) == SHED_OK;
  }
  if (strcmp(f->of, "kind") == 0) {
    return shed_drill_find(name);
  }
  if (strcmp(f->of, "preset") == 0) {
    return shed_is_preset(name);
  }
  return shed_is_word_of(name, f->of);
}

static void
list_names(const shed_content_field *f, char *buf, size_t size)
{
  size_t n    = 0;
  size_t used = 0;
  if (strcmp(f->of, "kind") == 0) {
    const shed_drill_kind *const *kinds = shed_drill_kinds(&n);
    for (size_t i = 0; i < n && used < size; i++) {
      used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? " " : "", kinds[i]->name);
    }
  } else if (strcmp(f->of, "profile") == 0) {
    for (size_t i = 0; i < shed_profile_count() && used < size; i++) {
      used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? " " : "", shed_profile_at(i).id);
    }
  } else if (strcmp(f->of, "preset") == 0) {
    (void)snprintf(buf, size, "%s", SHED_PRESETS);
  } else {
    (void)snprintf(buf, size, "%s", f->of);
  }
}

static bool
text_rule_name(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path)
{
  char known[LISTED];
  if (!is_text(l, f, node, path)) {
    return false;
  }
  double most = f->kind == SHED_FIELD_KIND_NAME ? f->max : 64;
  if (!shed_is_name(node->text) || (double)strlen(node->text) > most) {
    FAULT(l, node, path, "'%.80s' is no name: letters, digits and . _ : + - without blanks", node->text);
    return false;
  }
  if (!name_is_known(f, node->text)) {
    list_names(f, known, sizeof(known));
    shed_fault_add(l, node->line, "", path, "'%.60s' is not known here; there are: %s", node->text, known);
    return false;
  }
  return true;
}

// What a text of each kind of field must be; lists of texts use the same rule for each member.
static const text_rule rules[SHED_FIELD_KINDS] = {
    [SHED_FIELD_KIND_ID] = text_rule_id,     [SHED_FIELD_KIND_REF] = text_rule_id,
    [SHED_FIELD_KIND_REFS] = text_rule_id,   [SHED_FIELD_KIND_ALIASES] = text_rule_id,
    [SHED_FIELD_KIND_NAME] = text_rule_name, [SHED_FIELD_KIND_NAMES] = text_rule_name,
    [SHED_FIELD_KIND_TEXT] = text_rule_text, [SHED_FIELD_KIND_TEXTS] = text_rule_text,
    [SHED_FIELD_KIND_FILE] = text_rule_file, [SHED_FIELD_KIND_PARTS] = text_rule_file,
};

// -- fillers --------------------------------------------------------------------------------------------------------------

static shed_status
fill_text(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
          void *object)
{
  (void)object;
  if (rules[f->kind](l, f, node, path)) {
    *(const char **)at = node->text;
  }
  return SHED_OK;
}

static bool
is_list(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path)
{
  if (node->kind != SHED_YAML_LIST) {
    FAULT(l, node, path, "'%.80s' is not a list", shown(node));
    return false;
  }
  if ((double)node->n < f->min || (double)node->n > f->max) {
    shed_fault_add(l, node->line, "", path, "The list has %zu members; %g to %g are needed", node->n, f->min,
                   f->max);
  }
  return true;
}

static shed_status
fill_texts(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
           void *object)
{
  shed_texts *texts = at;
  char        member[PATH];
  (void)object;
  if (!is_list(l, f, node, path)) {
    return SHED_OK;
  }
  texts->items = shed_arena_get(l->arena, node->n, sizeof(*texts->items));
  if (!texts->items) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < node->n; i++) {
    (void)snprintf(member, sizeof(member), "%s[%zu]", path, i);
    if (rules[f->kind](l, f, node->items[i], member)) {
      texts->items[texts->n++] = node->items[i]->text;
    }
  }
  return SHED_OK;
}

static bool
number(shed_loader *l, const shed_yaml *node, const char *path, double min, double max, bool whole,
       double *out)
{
  double    value = 0;
  long long exact = 0;
  bool      right = node->kind == SHED_YAML_NUMBER &&
               (whole ? shed_parse_int(node->text, (long long)min, (long long)max, &exact)
                      : shed_parse_double(node->text, min, max, &value));
  if (!right) {
    shed_fault_add(l, node->line, "", path, "'%.60s' is not a %s from %g to %g", shown(node),
                   whole ? "whole number" : "number", min, max);
    return false;
  }
  *out = whole ? (double)exact : value;
  return true;
}

static shed_status
fill_int(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
         void *object)
{
  double value;
  (void)object;
  if (number(l, node, path, f->min, f->max, true, &value)) {
    *(int *)at = (int)value;
  }
  return SHED_OK;
}

static shed_status
fill_real(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
          void *object)
{
  (void)object;
  (void)number(l, node, path, f->min, f->max, false, at);
  return SHED_OK;
}

static shed_status
fill_numbers(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
             void *object)
{
  enum { NUMBERS_MAX = 64 };
  shed_numbers *numbers = at;
  char          member[PATH];
  (void)object;
  if (node->kind != SHED_YAML_LIST || node->n > NUMBERS_MAX) {
    FAULT(l, node, path, "'%.80s' is not a list of at most 64 numbers", shown(node));
    return SHED_OK;
  }
  numbers->items = shed_arena_get(l->arena, node->n, sizeof(*numbers->items));
  if (!numbers->items) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < node->n; i++) {
    (void)snprintf(member, sizeof(member), "%s[%zu]", path, i);
    numbers->n += number(l, node->items[i], member, f->min, f->max, false, &numbers->items[numbers->n]);
  }
  return SHED_OK;
}

static shed_status
fill_bool(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
          void *object)
{
  (void)f;
  (void)object;
  if (node->kind != SHED_YAML_BOOL) {
    FAULT(l, node, path, "'%.80s' is neither true nor false", shown(node));
  } else {
    *(bool *)at = node->text[0] == 't' || node->text[0] == 'T';
  }
  return SHED_OK;
}

static shed_status
fill_targets(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
             void *object)
{
  shed_target *targets = at;
  size_t      *n       = (void *)((char *)object + f->n_at);
  char         member[PATH];
  if (node->kind != SHED_YAML_MAP || (double)node->n < f->min || (double)node->n > f->max) {
    FAULT(l, node, path, "'%.80s' is not a list of dimensions with their scores", shown(node));
    return SHED_OK;
  }
  for (size_t i = 0; i < node->n && *n < SHED_DIMENSIONS; i++) {
    const shed_yaml *m = node->items[i];
    (void)snprintf(member, sizeof(member), "%s.%.60s", path, m->key);
    if (!shed_is_name(m->key) || strlen(m->key) >= sizeof(targets->dimension)) {
      FAULT(l, m, member, "'%.60s' is no name of a dimension", m->key);
    } else if (number(l, m, member, 0.01, 1, false, &targets[*n].score)) {
      (void)snprintf(targets[*n].dimension, sizeof(targets->dimension), "%s", m->key);
      (*n)++;
    }
  }
  return SHED_OK;
}

static shed_status
fill_params(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
            void *object)
{
  (void)f;
  (void)object;
  if (node->kind != SHED_YAML_MAP) {
    FAULT(l, node, path, "'%.80s' is not a list of names and values", shown(node));
  } else {
    *(shed_json **)at = shed_yaml_to_json(node); // its kind checks it when the whole drill is known
  }
  return SHED_OK;
}

static shed_status
fill_list(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
          void *object)
{
  const shed_content_object *of = shed_content_object_find(f->of);
  size_t                    *n  = (void *)((char *)object + f->n_at);
  char                       member[PATH];
  SHED_ASSERT(of);
  if (!is_list(l, f, node, path)) {
    return SHED_OK;
  }
  char *items = shed_arena_get(l->arena, node->n, of->size);
  if (!items) {
    return SHED_E_NOMEM;
  }
  *(void **)at = items;
  for (size_t i = 0; i < node->n; i++) {
    (void)snprintf(member, sizeof(member), "%s[%zu]", path, i);
    shed_status st = shed_content_fill(l, of, node->items[i], member, items + i * of->size);
    if (st != SHED_OK) {
      return st;
    }
    *n = i + 1;
  }
  return SHED_OK;
}

// Files that hold one object each.
static shed_status
fill_parts(shed_loader *l, const shed_content_field *f, const shed_yaml *node, const char *path, void *at,
           void *object)
{
  const shed_content_object *of    = shed_content_object_find(f->of);
  size_t                    *n     = (void *)((char *)object + f->n_at);
  const char                *outer = l->file;
  char                       member[PATH];
  SHED_ASSERT(of);
  if (!is_list(l, f, node, path)) {
    return SHED_OK;
  }
  char *items = shed_arena_get(l->arena, node->n, of->size);
  if (!items) {
    return SHED_E_NOMEM;
  }
  *(void **)at = items;
  for (size_t i = 0; i < node->n; i++) {
    shed_yaml  *tree = NULL;
    shed_status st   = SHED_OK;
    int         line = node->items[i]->line;
    (void)snprintf(member, sizeof(member), "%s[%zu]", path, i);
    if (!rules[f->kind](l, f, node->items[i], member)) {
      continue;
    }
    st = shed_content_read(l, node->items[i]->text, line, member, &tree);
    if (st == SHED_OK && tree) {
      l->file = node->items[i]->text;
      st      = shed_content_fill(l, of, tree, "", items + *n * of->size);
      l->file = outer;
      (*n)++;
    }
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

static const filler fillers[SHED_FIELD_KINDS] = {
    [SHED_FIELD_KIND_ID] = fill_text,         [SHED_FIELD_KIND_REF] = fill_text,
    [SHED_FIELD_KIND_REFS] = fill_texts,      [SHED_FIELD_KIND_ALIASES] = fill_texts,
    [SHED_FIELD_KIND_NAME] = fill_text,       [SHED_FIELD_KIND_NAMES] = fill_texts,
    [SHED_FIELD_KIND_TEXT] = fill_text,       [SHED_FIELD_KIND_TEXTS] = fill_texts,
    [SHED_FIELD_KIND_FILE] = fill_text,       [SHED_FIELD_KIND_PARTS] = fill_parts,
    [SHED_FIELD_KIND_INT] = fill_int,         [SHED_FIELD_KIND_REAL] = fill_real,
    [SHED_FIELD_KIND_BOOL] = fill_bool,       [SHED_FIELD_KIND_LIST] = fill_list,
    [SHED_FIELD_KIND_TARGETS] = fill_targets, [SHED_FIELD_KIND_PARAMS] = fill_params,
    [SHED_FIELD_KIND_NUMBERS] = fill_numbers,
};

static const shed_content_field *
field_named(const shed_content_object *object, const char *name)
{
  for (size_t i = 0; i < object->n; i++) {
    if (strcmp(object->fields[i].name, name) == 0) {
      return &object->fields[i];
    }
  }
  return NULL;
}

static void
fault_unknown(shed_loader *l, const shed_content_object *object, const shed_yaml *member, const char *path)
{
  char   known[LISTED];
  size_t used = 0;
  for (size_t i = 0; i < object->n && used < sizeof(known); i++) {
    used +=
        (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "", object->fields[i].name);
  }
  shed_fault_add(l, member->line, path, member->key, "'%.60s' is no field of %s; there are: %s", member->key,
                 object->name, known);
}

// Texts are never NULL.
static void
start_empty(const shed_content_object *object, char *out)
{
  for (size_t i = 0; i < object->n; i++) {
    if (fillers[object->fields[i].kind] == fill_text) {
      *(const char **)(void *)(out + object->fields[i].at) = "";
    }
  }
}

static void
say_missing(shed_loader *l, const shed_content_object *object, const shed_yaml *node, const char *path)
{
  for (size_t i = 0; i < object->n; i++) {
    const shed_content_field *f = &object->fields[i];
    if (f->must && !shed_yaml_get(node, f->name)) {
      shed_fault_add(l, node->line, path, f->name, "The field '%s' is missing: %s", f->name, f->what);
    }
  }
}

static shed_sha256
hash_of(const shed_yaml *node)
{
  shed_str   text = {0};
  shed_json *json = shed_yaml_to_json(node);
  shed_json_write(json, SHED_JSON_CANONICAL, &text);
  shed_sha256 sha256 = shed_sha256_of(shed_str_text(&text), text.len);
  shed_str_free(&text);
  shed_json_free(json);
  return sha256;
}

shed_status
shed_content_fill(shed_loader *l, const shed_content_object *object, const shed_yaml *node, const char *path,
                  void *out)
{
  shed_content_place *place = (void *)((char *)out + object->place_at);
  char                member[PATH];
  place->file   = l->file;
  place->line   = node->line;
  place->node   = node;
  place->path   = shed_arena_text(l->arena, path, strlen(path));
  place->sha256 = hash_of(node);
  if (!place->path) {
    return SHED_E_NOMEM;
  }
  start_empty(object, out);
  if (node->kind != SHED_YAML_MAP) {
    FAULT(l, node, path, "'%.80s' is not a list of fields", shown(node));
    return SHED_OK;
  }
  say_missing(l, object, node, path);
  for (size_t i = 0; i < node->n; i++) {
    const shed_content_field *f = field_named(object, node->items[i]->key);
    if (!f) {
      fault_unknown(l, object, node->items[i], path);
      continue;
    }
    (void)snprintf(member, sizeof(member), "%s%s%s", path, *path ? "." : "", f->name);
    shed_status st = fillers[f->kind](l, f, node->items[i], member, (char *)out + f->at, out);
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}
