// covers: engine/task/take_decode.c
// What was heard, as it is stored. Whatever is accepted must be something that would be stored again.
#include "engine/task/take.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_take      take  = {0};
  shed_take      again = {0};
  shed_error     err   = {0};
  unsigned char *bytes = NULL;
  size_t         len   = 0;
  if (shed_take_decode(data, n, NULL, &take, &err) != SHED_OK) {
    return 0;
  }
  if (shed_take_encode(&take, NULL, &bytes, &len) != SHED_OK ||
      shed_take_decode(bytes, len, NULL, &again, &err) != SHED_OK || again.n_frames != take.n_frames ||
      again.n_onsets != take.n_onsets || again.n_notes != take.n_notes ||
      (again.bands == NULL) != (take.bands == NULL)) {
    abort();
  }
  shed_free(NULL, bytes);
  shed_take_free(&take);
  shed_take_free(&again);
  return 0;
}
