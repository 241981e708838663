// covers: engine/base/json.c
// The JSON wrapper: whatever parses must write and parse again to the same bytes, and no typed getter may trip.
#include "engine/base/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_members(const shed_json *v)
{
  for (const char *key = shed_json_next_key(v, NULL); key; key = shed_json_next_key(v, key)) {
    shed_error  err;
    const char *text;
    int64_t     whole;
    double      real;
    bool        yes;
    unsigned    refused = 0;
    refused += shed_json_read_str(v, key, true, 100, &text, &err) != SHED_OK;
    refused += shed_json_read_int(v, key, false, -5, 5, &whole, &err) != SHED_OK;
    refused += shed_json_read_real(v, key, false, -1e3, 1e3, &real, &err) != SHED_OK;
    refused += shed_json_read_bool(v, key, true, &yes, &err) != SHED_OK;
    if (refused == 0) {
      abort(); // nothing is a number and a truth at once
    }
    read_members(shed_json_get(v, key));
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  shed_json *v = NULL;
  if (shed_json_parse((const char *)data, size, "fuzz", &v, NULL) != SHED_OK) {
    return 0;
  }
  shed_str once  = {0};
  shed_str twice = {0};
  shed_json_write(v, SHED_JSON_CANONICAL, &once);
  read_members(v);
  shed_json_free(v);
  if (shed_json_parse(shed_str_text(&once), once.len, "again", &v, NULL) != SHED_OK) {
    abort();
  }
  shed_json_write(v, SHED_JSON_CANONICAL, &twice);
  if (once.len != twice.len || memcmp(shed_str_text(&once), shed_str_text(&twice), once.len) != 0) {
    abort();
  }
  shed_json_free(v);
  shed_str_free(&once);
  shed_str_free(&twice);
  return 0;
}
