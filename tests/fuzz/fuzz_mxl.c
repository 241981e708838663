// covers: engine/score/mxl.c
// An archive with a score in it. Refused with a reason or read; nothing is written anywhere.
#include "engine/score/score.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_score *score = NULL;
  shed_error  err   = {0};
  if (shed_score_parse(data, n, "tune.mxl", NULL, &score, &err) == SHED_OK) {
    shed_score_free(score);
  } else if (err.status == SHED_OK || !err.what[0]) {
    abort();
  }
  return 0;
}
