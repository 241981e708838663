// covers: engine/task/prompt.c engine/task/line_json.c engine/task/fields.c
// A stored prompt. What is accepted must come back the same from its own text.
#include "engine/task/prompt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
write_prompt(const shed_prompt *p, shed_str *out)
{
  shed_json *o = shed_prompt_to_json(p);
  shed_json_write(o, SHED_JSON_CANONICAL, out);
  shed_json_free(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_json  *o     = NULL;
  shed_prompt p     = {0};
  shed_prompt again = {0};
  shed_str    text  = {0};
  shed_str    twice = {0};
  shed_error  err   = {0};
  if (shed_json_parse((const char *)data, n, "prompt", &o, &err) != SHED_OK) {
    return 0;
  }
  if (shed_prompt_from_json(o, NULL, &p, &err) == SHED_OK) {
    shed_json *written = NULL;
    write_prompt(&p, &text);
    if (shed_json_parse(text.text, text.len, "written", &written, &err) != SHED_OK ||
        shed_prompt_from_json(written, NULL, &again, &err) != SHED_OK) {
      abort();
    }
    write_prompt(&again, &twice);
    if (strcmp(text.text, twice.text) != 0) {
      abort();
    }
    shed_json_free(written);
    shed_prompt_free(&again);
    shed_prompt_free(&p);
  }
  shed_str_free(&text);
  shed_str_free(&twice);
  shed_json_free(o);
  return 0;
}
