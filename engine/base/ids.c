#include "engine/base/ids.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

shed_uuid
shed_uuid_new(const shed_clock *clock)
{
  unsigned char b[16];
  shed_uuid     id;
  uint64_t      ms = (uint64_t)clock->wall_ms(clock->ctx);

  SHED_ASSERT(sodium_init() >= 0);
  randombytes_buf(b, sizeof(b));
  for (int i = 0; i < 6; i++) {
    b[i] = (unsigned char)(ms >> (40 - 8 * i));
  }
  b[6] = (unsigned char)((b[6] & 0x0f) | 0x70);
  b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
  (void)snprintf(id.text, sizeof(id.text),
                 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                 b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
  return id;
}

shed_status
shed_uuid_parse(const char *text, shed_uuid *out)
{
  shed_uuid id;
  for (size_t i = 0; i < 36; i++) {
    char c    = text[i];
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (c >= 'A' && c <= 'F') {
      c = (char)(c + 32);
    }
    if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      return SHED_E_FORMAT;
    }
    id.text[i] = c;
  }
  if (text[36]) {
    return SHED_E_FORMAT;
  }
  id.text[36] = '\0';
  *out        = id;
  return SHED_OK;
}

bool
shed_uuid_equal(const shed_uuid *a, const shed_uuid *b)
{
  return strcmp(a->text, b->text) == 0;
}
