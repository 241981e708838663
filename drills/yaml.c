// About this file: libyaml's events become a tree. Limits are checked at every node, before anything is kept.

#include "drills/yaml.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

typedef struct {
  yaml_parser_t parser;
  shed_arena   *arena;
  const char   *name;
  shed_error   *err;
  int           nodes;
  shed_status   st;
} reader;

// A list that grows while its node is read.
typedef struct link {
  shed_yaml   *node;
  struct link *next;
} link;

static shed_status
refuse(reader *r, shed_status st, size_t line, const char *what)
{
  char where[320];
  (void)snprintf(where, sizeof(where), "%s:%zu", r->name, line + 1);
  (void)shed_fail(r->err, st, where, "%s", what);
  return st;
}

static shed_status
next_event(reader *r, yaml_event_t *e)
{
  if (yaml_parser_parse(&r->parser, e)) {
    return SHED_OK;
  }
  char what[256];
  if (r->parser.error == YAML_MEMORY_ERROR) {
    return SHED_E_NOMEM;
  }
  (void)snprintf(what, sizeof(what), "This is not YAML: %s%s%s",
                 r->parser.problem ? r->parser.problem : "unreadable", r->parser.context ? ", " : "",
                 r->parser.context ? r->parser.context : "");
  return refuse(r, SHED_E_FORMAT, r->parser.problem_mark.line, what);
}

static bool
one_of(const char *text, const char *const *words)
{
  for (; *words; words++) {
    if (strcmp(text, *words) == 0) {
      return true;
    }
  }
  return false;
}

// The core schema's kinds of a plain scalar.
static shed_yaml_kind
kind_of_plain(const char *text)
{
  static const char *const nulls[]  = {"", "~", "null", "Null", "NULL", NULL};
  static const char *const truths[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
  static const char *const odd[]    = {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", NULL};
  const char              *digits   = text + (*text == '-' || *text == '+');
  double                   value;
  if (one_of(text, nulls)) {
    return SHED_YAML_NULL;
  }
  if (one_of(text, truths)) {
    return SHED_YAML_BOOL;
  }
  bool based = (shed_starts_with(digits, "0x") &&
                strspn(digits + 2, "0123456789abcdefABCDEF") + 2 == strlen(digits)) ||
               (shed_starts_with(digits, "0o") && strspn(digits + 2, "01234567") + 2 == strlen(digits));
  bool decimal = strspn(digits, "0123456789.eE+-") == strlen(digits) && strpbrk(digits, "0123456789");
  if (one_of(digits, odd) || based || (decimal && shed_parse_double(digits, -1e300, 1e300, &value))) {
    return SHED_YAML_NUMBER;
  }
  return SHED_YAML_TEXT;
}

static shed_status read_node(reader *r, const yaml_event_t *e, int depth, shed_yaml **out);

static shed_status
new_node(reader *r, const yaml_event_t *e, shed_yaml_kind kind, shed_yaml **out)
{
  if (++r->nodes > SHED_YAML_NODES) {
    return refuse(r, SHED_E_LIMIT, e->start_mark.line, "The file has too many parts");
  }
  shed_yaml *node = shed_arena_get(r->arena, 1, sizeof(*node));
  if (!node) {
    return SHED_E_NOMEM;
  }
  node->kind = kind;
  node->line = e->start_mark.line < INT_MAX ? (int)e->start_mark.line + 1 : INT_MAX;
  node->text = "";
  node->key  = "";
  *out       = node;
  return SHED_OK;
}

static shed_status
read_scalar(reader *r, const yaml_event_t *e, shed_yaml **out)
{
  const char *text  = (const char *)e->data.scalar.value;
  size_t      n     = e->data.scalar.length;
  bool        plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  if (e->data.scalar.anchor || e->data.scalar.tag) {
    return refuse(r, SHED_E_UNSUPPORTED, e->start_mark.line,
                  "Anchors and tags are not read here: write the value itself");
  }
  if (!shed_utf8_valid(text, n)) {
    return refuse(r, SHED_E_FORMAT, e->start_mark.line, "The text holds a zero byte or is not UTF-8");
  }
  shed_status st = new_node(r, e, plain ? kind_of_plain(text) : SHED_YAML_TEXT, out);
  if (st != SHED_OK) {
    return st;
  }
  (*out)->text = shed_arena_text(r->arena, text, n);
  return (*out)->text ? SHED_OK : SHED_E_NOMEM;
}

static bool
key_is_new(const link *first, const char *key)
{
  for (; first; first = first->next) {
    if (strcmp(first->node->key, key) == 0) {
      return false;
    }
  }
  return true;
}

// One member of a map whose key is @p e.
static shed_status
read_member(reader *r, const yaml_event_t *e, const link *before, int depth, shed_yaml **out)
{
  shed_yaml   *key;
  yaml_event_t value;
  if (e->type != YAML_SCALAR_EVENT) {
    return refuse(r, SHED_E_FORMAT, e->start_mark.line, "The name of a field must be a word");
  }
  shed_status st = read_scalar(r, e, &key);
  if (st != SHED_OK) {
    return st;
  }
  if (!key_is_new(before, key->text)) {
    char what[160];
    (void)snprintf(what, sizeof(what), "The field '%.80s' is there twice", key->text);
    return refuse(r, SHED_E_FORMAT, e->start_mark.line, what);
  }
  if ((st = next_event(r, &value)) != SHED_OK) {
    return st;
  }
  if ((st = read_node(r, &value, depth, out)) == SHED_OK) {
    (*out)->key  = key->text;
    (*out)->line = key->line; // where a person looks for it
  }
  yaml_event_delete(&value);
  return st;
}

static shed_status
gather(reader *r, shed_yaml *node, const link *first, size_t n)
{
  node->items = shed_arena_get(r->arena, n, sizeof(shed_yaml *));
  if (!node->items) {
    return SHED_E_NOMEM;
  }
  for (; first; first = first->next) {
    node->items[node->n++] = first->node;
  }
  return SHED_OK;
}

// What follows the start of a list or a map, up to its end.
static shed_status
read_members(reader *r, shed_yaml *node, yaml_event_type_t end, int depth)
{
  link  *first = NULL;
  link **last  = &first;
  for (size_t n = 0;; n++) {
    yaml_event_t e;
    shed_status  st = next_event(r, &e);
    if (st != SHED_OK) {
      return st;
    }
    if (e.type == end) {
      yaml_event_delete(&e);
      return gather(r, node, first, n);
    }
    link *l = shed_arena_get(r->arena, 1, sizeof(*l));
    if (!l) {
      st = SHED_E_NOMEM;
    } else if (n >= SHED_YAML_MEMBERS) {
      st = refuse(r, SHED_E_LIMIT, e.start_mark.line, "The list is too long");
    } else if (node->kind == SHED_YAML_MAP) {
      st = read_member(r, &e, first, depth, &l->node);
    } else {
      st = read_node(r, &e, depth, &l->node);
    }
    yaml_event_delete(&e);
    if (st != SHED_OK) {
      return st;
    }
    *last = l;
    last  = &l->next;
  }
}

static shed_status
read_node(reader *r, const yaml_event_t *e, int depth, shed_yaml **out)
{
  bool map = e->type == YAML_MAPPING_START_EVENT;
  if (e->type == YAML_SCALAR_EVENT) {
    return read_scalar(r, e, out);
  }
  if (!map && e->type != YAML_SEQUENCE_START_EVENT) {
    return refuse(r, SHED_E_UNSUPPORTED, e->start_mark.line,
                  "Aliases are not read here: write the value itself");
  }
  if (map ? e->data.mapping_start.anchor || e->data.mapping_start.tag
          : e->data.sequence_start.anchor || e->data.sequence_start.tag) {
    return refuse(r, SHED_E_UNSUPPORTED, e->start_mark.line,
                  "Anchors and tags are not read here: write the value itself");
  }
  if (depth >= SHED_YAML_DEPTH) {
    return refuse(r, SHED_E_LIMIT, e->start_mark.line, "Lists are put too deep into each other");
  }
  shed_status st = new_node(r, e, map ? SHED_YAML_MAP : SHED_YAML_LIST, out);
  return st == SHED_OK
             ? read_members(r, *out, map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth + 1)
             : st;
}

// Stream start, one document, stream end.
static shed_status
read_stream(reader *r, shed_yaml **out)
{
  static const yaml_event_type_t before[] = {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT};
  static const yaml_event_type_t after[]  = {YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT};
  shed_status                    st       = SHED_OK;
  yaml_event_t                   e;
  for (size_t i = 0; i < 2; i++) {
    if ((st = next_event(r, &e)) != SHED_OK) {
      return st;
    }
    bool right = e.type == before[i];
    yaml_event_delete(&e);
    if (!right) {
      return refuse(r, SHED_E_FORMAT, 0, "The file is empty");
    }
  }
  if ((st = next_event(r, &e)) != SHED_OK) {
    return st;
  }
  st = read_node(r, &e, 0, out);
  yaml_event_delete(&e);
  for (size_t i = 0; i < 2 && st == SHED_OK; i++) {
    if ((st = next_event(r, &e)) == SHED_OK) {
      size_t line  = e.start_mark.line;
      bool   right = e.type == after[i];
      yaml_event_delete(&e);
      st = right ? SHED_OK
                 : refuse(r, SHED_E_FORMAT, line, "A second document begins here; one file holds one");
    }
  }
  return st;
}

shed_status
shed_yaml_parse(const char *text, size_t n, const char *name, shed_arena *arena, shed_yaml **out,
                shed_error *err)
{
  reader     r    = {.arena = arena, .name = name, .err = err};
  shed_yaml *root = NULL;
  if (n > SHED_YAML_BYTES) {
    return refuse(&r, SHED_E_LIMIT, 0, "The file is over a mebibyte");
  }
  if (!yaml_parser_initialize(&r.parser)) {
    return SHED_E_NOMEM;
  }
  yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, n);
  shed_status st = read_stream(&r, &root);
  yaml_parser_delete(&r.parser);
  if (st == SHED_OK) {
    *out = root;
  }
  return st;
}

const shed_yaml *
shed_yaml_get(const shed_yaml *node, const char *key)
{
  for (size_t i = 0; node && node->kind == SHED_YAML_MAP && i < node->n; i++) {
    if (strcmp(node->items[i]->key, key) == 0) {
      return node->items[i];
    }
  }
  return NULL;
}

static shed_json *
list_to_json(const shed_yaml *node)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < node->n; i++) {
    shed_json_add(list, shed_yaml_to_json(node->items[i]));
  }
  return list;
}

static shed_json *
map_to_json(const shed_yaml *node)
{
  shed_json *map = shed_json_object();
  for (size_t i = 0; i < node->n; i++) {
    shed_json_set(map, node->items[i]->key, shed_yaml_to_json(node->items[i]));
  }
  return map;
}

static shed_json *
number_to_json(const shed_yaml *node)
{
  const double exact = 9007199254740992.0; // whole numbers up to here are exact in a double
  double       value;
  long long    whole;
  if (shed_parse_int(node->text, -(1LL << 53), 1LL << 53, &whole)) {
    return shed_json_int(whole);
  }
  if (!shed_parse_double(node->text, -exact, exact, &value)) {
    return shed_json_string(node->text);
  }
  return shed_json_real(value, 12);
}

shed_json *
shed_yaml_to_json(const shed_yaml *node)
{
  switch (node->kind) {
  case SHED_YAML_LIST:
    return list_to_json(node);
  case SHED_YAML_MAP:
    return map_to_json(node);
  case SHED_YAML_NUMBER:
    return number_to_json(node);
  case SHED_YAML_BOOL:
    return shed_json_bool(node->text[0] == 't' || node->text[0] == 'T');
  case SHED_YAML_NULL:
    return shed_json_null();
  case SHED_YAML_TEXT:
    break;
  }
  return shed_json_string(node->text);
}
