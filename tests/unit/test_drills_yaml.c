#include "drills/yaml.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

static shed_arena *arena;

static shed_status
parse(const char *text, shed_yaml **out, shed_error *err)
{
  return shed_yaml_parse(text, strlen(text), "x.yaml", arena, out, err);
}

static int
open_arena(void **state)
{
  (void)state;
  arena = shed_arena_new(NULL);
  return arena ? 0 : -1;
}

static int
close_arena(void **state)
{
  (void)state;
  shed_arena_free(arena);
  return 0;
}

static void
kinds_of_scalars(void **state)
{
  static const struct {
    const char    *text;
    shed_yaml_kind kind;
  } rows[] = {
      {"word", SHED_YAML_TEXT},   {"1", SHED_YAML_NUMBER},    {"-2.5e3", SHED_YAML_NUMBER},
      {"\"1\"", SHED_YAML_TEXT},  {"'no'", SHED_YAML_TEXT},   {"no", SHED_YAML_TEXT},
      {"true", SHED_YAML_BOOL},   {"False", SHED_YAML_BOOL},  {"~", SHED_YAML_NULL},
      {"null", SHED_YAML_NULL},   {"[]", SHED_YAML_LIST},     {"{}", SHED_YAML_MAP},
      {".inf", SHED_YAML_NUMBER}, {"0x1F", SHED_YAML_NUMBER}, {"1.0.0", SHED_YAML_TEXT},
      {"3/4", SHED_YAML_TEXT},    {"+5", SHED_YAML_NUMBER},   {"2026-11-21", SHED_YAML_TEXT},
      {".5", SHED_YAML_NUMBER},   {"e", SHED_YAML_TEXT},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_yaml *node = NULL;
    CHECK_OK(parse(rows[i].text, &node, NULL));
    if (node->kind != rows[i].kind) {
      fail_msg("%s is read as kind %d, expected %d", rows[i].text, (int)node->kind, (int)rows[i].kind);
    }
  }
}

static void
members_keep_order_and_lines(void **state)
{
  shed_yaml *root = NULL;
  (void)state;
  CHECK_OK(parse("# a comment\nb: 1\na:\n  - x\n  - y: [2.50, true]\n", &root, NULL));
  assert_int_equal(root->n, 2);
  assert_string_equal(root->items[0]->key, "b");
  assert_int_equal(root->items[1]->line, 3);
  const shed_yaml *list = shed_yaml_get(root, "a");
  assert_int_equal(list->items[1]->line, 5);
  assert_null(shed_yaml_get(list, "y"));
  shed_json *json = shed_yaml_to_json(root);
  shed_str   text = {0};
  shed_json_write(json, SHED_JSON_LINE, &text);
  assert_string_equal(shed_str_text(&text), "{\"b\": 1, \"a\": [\"x\", {\"y\": [2.5, true]}]}");
  shed_str_free(&text);
  shed_json_free(json);
}

static void
hostile_files_are_refused(void **state)
{
  static const struct {
    const char *text;
    shed_status st;
    const char *where;
  } rows[] = {
      {"", SHED_E_FORMAT, "x.yaml:1"},
      {"a: 1\na: 2\n", SHED_E_FORMAT, "x.yaml:2"},
      {"a: &x 1\nb: *x\n", SHED_E_UNSUPPORTED, "x.yaml:1"},
      {"a: *x\n", SHED_E_UNSUPPORTED, "x.yaml:1"},
      {"a: !!binary aaaa\n", SHED_E_UNSUPPORTED, "x.yaml:1"},
      {"a: 1\n---\nb: 1\n", SHED_E_FORMAT, "x.yaml:2"},
      {"a: [1\n", SHED_E_FORMAT, "x.yaml:2"},
      {"\ta: 1\n", SHED_E_FORMAT, "x.yaml:1"},
      {"? [a, b]\n: 1\n", SHED_E_FORMAT, "x.yaml:1"},
      {"a: \"\\0\"\n", SHED_E_FORMAT, "x.yaml:1"},
      {"a: \xff\n", SHED_E_FORMAT, "x.yaml:1"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_yaml *node = NULL;
    shed_error err  = {0};
    CHECK_STATUS(parse(rows[i].text, &node, &err), rows[i].st);
    assert_string_equal(err.where, rows[i].where);
    assert_null(node);
  }
}

static void
limits_hold(void **state)
{
  shed_yaml *node = NULL;
  shed_error err  = {0};
  shed_str   text = {0};
  (void)state;
  for (int i = 0; i <= SHED_YAML_MEMBERS; i++) {
    shed_str_add(&text, "- x\n");
  }
  CHECK_STATUS(parse(shed_str_text(&text), &node, &err), SHED_E_LIMIT);
  shed_str_clear(&text);
  for (int i = 0; i < 100000; i++) {
    shed_str_add(&text, "[");
  }
  CHECK_STATUS(parse(shed_str_text(&text), &node, &err), SHED_E_LIMIT);
  shed_str_clear(&text);
  for (int i = 0; i < 300; i++) {
    shed_str_add(&text, "- [");
    for (int j = 0; j < 200; j++) {
      shed_str_add(&text, "x,");
    }
    shed_str_add(&text, "]\n");
  }
  CHECK_STATUS(parse(shed_str_text(&text), &node, &err), SHED_E_LIMIT);
  char *large = calloc(1, SHED_YAML_BYTES + 2);
  assert_non_null(large);
  memset(large, '#', SHED_YAML_BYTES + 1);
  CHECK_STATUS(parse(large, &node, &err), SHED_E_LIMIT);
  free(large);
  shed_str_free(&text);
}

static void
nothing_is_left_when_memory_runs_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_yaml  *node = NULL;
    shed_arena *own  = shed_arena_new(&a.alloc);
    const char *text = "a: [1, 2, {b: c}]\n";
    sweep_status     = own ? shed_yaml_parse(text, strlen(text), "x", own, &node, NULL) : SHED_E_NOMEM;
    shed_arena_free(own);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(kinds_of_scalars, open_arena, close_arena),
      cmocka_unit_test_setup_teardown(members_keep_order_and_lines, open_arena, close_arena),
      cmocka_unit_test_setup_teardown(hostile_files_are_refused, open_arena, close_arena),
      cmocka_unit_test_setup_teardown(limits_hold, open_arena, close_arena),
      cmocka_unit_test(nothing_is_left_when_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
