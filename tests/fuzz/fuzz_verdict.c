// covers: engine/task/verdict_read.c engine/task/verdict_json.c
// A stored verdict. What is accepted must be written as something that is accepted again, and stays the same then.
#include "engine/task/verdict.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
write_verdict(const shed_verdict *v, shed_str *out)
{
  shed_prompt prompt = {0};
  shed_take   take   = {0};
  shed_json  *o      = shed_verdict_to_json(v, &prompt, &take);
  shed_json_write(o, SHED_JSON_LINE, out);
  shed_json_free(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_json   *o     = NULL;
  shed_verdict v     = {0};
  shed_verdict again = {0};
  shed_str     text  = {0};
  shed_str     twice = {0};
  shed_error   err   = {0};
  if (shed_json_parse((const char *)data, n, "verdict", &o, &err) != SHED_OK) {
    return 0;
  }
  if (shed_verdict_from_json(o, NULL, &v, &err) == SHED_OK) {
    shed_json *written = NULL;
    write_verdict(&v, &text);
    // the places of the notes are the prompt's, and there is none here: only what the verdict itself holds is compared
    if (shed_json_parse(text.text, text.len, "written", &written, &err) != SHED_OK ||
        shed_verdict_from_json(written, NULL, &again, &err) != SHED_OK) {
      abort();
    }
    write_verdict(&again, &twice);
    if (strcmp(text.text, twice.text) != 0) {
      abort();
    }
    shed_json_free(written);
    shed_verdict_free(&again);
    shed_verdict_free(&v);
  }
  shed_str_free(&text);
  shed_str_free(&twice);
  shed_json_free(o);
  return 0;
}
