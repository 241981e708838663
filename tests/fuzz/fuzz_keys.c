// covers: engine/take/keys.c
// Any messages at any times: the file that they make is read without a warning and holds no more than was struck.
#include "engine/take/given.h"
#include "engine/take/keys.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  enum { BYTES = 5 };
  shed_keys     *keys = NULL;
  unsigned char *file = NULL;
  size_t         size = 0;
  shed_take      take = {0};
  double         at_s = 0;
  if (shed_keys_new(&keys, NULL) != SHED_OK) {
    return 0;
  }
  for (size_t i = 0; i + BYTES <= n; i += BYTES) {
    at_s += (double)((int)data[i] - 20) * (data[i + 1] > 250 ? 30.0 : 0.002 * data[i + 1]);
    (void)(shed_keys_push(keys, at_s, data[i + 2], data[i + 3], data[i + 4]) == SHED_OK);
  }
  if (at_s > SHED_KEYS_MAX_S) {
    at_s = SHED_KEYS_MAX_S;
  }
  size_t struck = shed_keys_struck(keys);
  if (shed_keys_finish(keys, at_s, &file, &size) != SHED_OK) {
    abort();
  }
  if (shed_given_parse(file, size, "keys.mid", NULL, &take, NULL) == SHED_OK) {
    if (take.n_notes > struck || take.n_warnings > 0) {
      abort();
    }
    shed_take_free(&take);
  }
  free(file);
  shed_keys_free(keys);
  return 0;
}
