// covers: app/serve/live_sound.c
// A message of the live socket: sound, or the text that opens an item. Whatever is accepted must stay inside the message.
#include "app/serve/live_sound.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
sound(const uint8_t *data, size_t n)
{
  static float    x[SHED_SEAT_FRAMES];
  shed_seat_sound s;
  if (shed_seat_sound_read(data, n, &s, NULL) != SHED_OK) {
    return;
  }
  if (s.n > SHED_SEAT_FRAMES || s.samples + s.n * (s.floats ? 4 : 2) != data + n) {
    abort();
  }
  shed_seat_sound_copy(&s, 0, s.n, x);
  for (size_t i = 0; i < s.n; i++) {
    if (!isfinite(x[i])) {
      abort();
    }
  }
}

static void
text(const uint8_t *data, size_t n)
{
  shed_json     *v = NULL;
  shed_seat_open o;
  if (shed_json_parse((const char *)data, n, "message", &v, NULL) != SHED_OK) {
    return;
  }
  if (shed_seat_open_read(v, &o, NULL) == SHED_OK &&
      (o.rate_hz < 8000 || o.rate_hz > 192000 || o.level < 0 || o.level > 4 ||
       (!o.check && !o.drill[0] == !o.again[0]))) {
    abort();
  }
  shed_json_free(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  if (n <= SHED_SEAT_MESSAGE) {
    sound(data, n);
    text(data, n);
  }
  return 0;
}
