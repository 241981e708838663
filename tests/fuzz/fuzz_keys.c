// covers: engine/take/keys.c
// Any messages at any times: the file that they make is read without a warning and holds no more than was struck. Cut anywhere, its
// beginning becomes such a file too; and bytes that are no such beginning are refused.
#include "engine/take/given.h"
#include "engine/take/keys.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
recover(const uint8_t *part, size_t n)
{
  unsigned char *file = NULL;
  size_t         size = 0;
  double         s    = 0;
  shed_take      take = {0};
  shed_status    st   = shed_keys_recover(part, n, NULL, &file, &size, &s);
  if (st != SHED_OK) {
    return;
  }
  if (shed_given_parse(file, size, "keys.mid", NULL, &take, NULL) == SHED_OK) {
    if (take.n_warnings > 0) {
      abort();
    }
    shed_take_free(&take);
  }
  free(file);
}

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
  size_t               so_far = 0;
  const unsigned char *all    = shed_keys_so_far(keys, &so_far);
  recover(data, n);
  recover(all, n > 0 ? so_far - data[0] % (so_far + 1) : so_far);
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
