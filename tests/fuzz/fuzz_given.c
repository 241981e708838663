// covers: engine/take/*.c
// A take that is not sound. The first byte chooses the kind that its name claims. What is accepted can be stored and read
// back, and its echo is a line in order of time.
#include "engine/take/echo.h"
#include "engine/take/given.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_stored(const shed_take *take)
{
  unsigned char *bytes = NULL;
  size_t         size  = 0;
  shed_take      back  = {0};
  if (shed_take_encode(take, NULL, &bytes, &size) != SHED_OK ||
      shed_take_decode(bytes, size, NULL, &back, NULL) != SHED_OK || back.n_notes != take->n_notes) {
    abort();
  }
  shed_take_free(&back);
  shed_free(NULL, bytes);
}

static void
check_order(const shed_take *take)
{
  for (size_t i = 0; i < take->n_notes; i++) {
    if (take->notes[i].offset_s < take->notes[i].onset_s ||
        (i > 0 && take->notes[i].onset_s < take->notes[i - 1].onset_s)) {
      abort();
    }
  }
  for (size_t i = 1; i < take->n_onsets; i++) {
    if (take->onsets[i].time_s < take->onsets[i - 1].time_s) {
      abort();
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  static const char *const names[] = {"a.f0.csv", "a.notes.csv", "a.onsets.csv", "a.mid", "a.csv"};
  shed_take                take    = {0};
  shed_line                line    = {0};
  if (n < 1 ||
      shed_given_parse(data + 1, n - 1, names[data[0] % SHED_COUNTOF(names)], NULL, &take, NULL) != SHED_OK) {
    return 0;
  }
  check_order(&take);
  check_stored(&take);
  if (shed_echo_line(&take, NULL, &line) == SHED_OK) {
    for (size_t i = 0; i < line.n_notes; i++) {
      if (!(line.notes[i].duration_s > 0) || !(line.notes[i].onset_s >= 0) ||
          (i > 0 && line.notes[i].onset_s < line.notes[i - 1].onset_s)) {
        abort();
      }
    }
    shed_line_free(&line);
  }
  shed_take_free(&take);
  return 0;
}
