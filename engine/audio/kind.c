// About this file: what a sound file is by its first bytes, and what to do about kinds that libsndfile does not read.
#include "engine/audio/kind.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  size_t          at, n, at2, n2;
  const char     *magic, *magic2;
  shed_sound_kind kind;
} row;

#define READ    NULL
#define CONVERT ""
static const row ROWS[] = {
#define SHED_SOUND_KIND(at, magic, at2, magic2, name, remedy)                                                \
  {at, sizeof(magic) - 1, at2, sizeof(magic2) - 1, magic, magic2, {name, remedy}},
#include "engine/audio/kinds.def"
#undef SHED_SOUND_KIND
};
#undef READ
#undef CONVERT

static bool
has(const unsigned char *head, size_t n, size_t at, const char *magic, size_t len)
{
  return at + len <= n && memcmp(head + at, magic, len) == 0;
}

const shed_sound_kind *
shed_sound_kind_of(const unsigned char *head, size_t n)
{
  for (size_t i = 0; i < SHED_COUNTOF(ROWS); i++) {
    const row *r = &ROWS[i];
    if (has(head, n, r->at, r->magic, r->n) && has(head, n, r->at2, r->magic2, r->n2)) {
      return &r->kind;
    }
  }
  return NULL;
}

// The command that makes a WAV of a file; a name that a shell would trip over is left to the reader.
static void
command(const char *path, char *buf, size_t size)
{
  const char *slash = strrchr(path, '/');
  const char *name  = slash ? slash + 1 : path;
  const char *dot   = strrchr(name, '.');
  int         n     = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
  if (strcmp(path, "-") == 0) {
    (void)snprintf(buf, size, "ffmpeg -i - -f wav -");
  } else if (strpbrk(path, "'\n") || path[0] == '-') {
    (void)snprintf(buf, size, "ffmpeg -i FILE take.wav");
  } else if (strpbrk(path, " \t\"$&();|<>*?[]#~`\\!")) {
    (void)snprintf(buf, size, "ffmpeg -i '%s' '%.*s.wav'", path, n, name);
  } else {
    (void)snprintf(buf, size, "ffmpeg -i %s %.*s.wav", path, n, name);
  }
}

shed_status
shed_sound_kind_refuse(const shed_sound_kind *kind, const char *path, shed_error *err)
{
  char how[400];
  if (kind->remedy && kind->remedy[0]) {
    return shed_fail(err, SHED_E_UNSUPPORTED, path, "is of the kind %s: %s", kind->name, kind->remedy);
  }
  command(path, how, sizeof(how));
  return shed_fail(err, SHED_E_UNSUPPORTED, path,
                   "is of the kind %s, which cannot be read here. Convert it first: %s", kind->name, how);
}

// -- is it whole ----------------------------------------------------------------------------------------------------

enum {
  CHUNKS_MAX      = 4096,
  OGG_PAGE_MAX    = 27 + 255 + 255 * 255, // RFC 3533, section 6
  OGG_LAST_OF_ALL = 4
};
static const uint32_t LENGTH_UNKNOWN =
    0x7fff0000U; // writers to a pipe put 2^31 - 1 or 2^32 - 1, rounded somehow

static bool
read_at(shed_blob *b, int64_t at, unsigned char *p, int64_t n)
{
  b->at = at;
  return shed_blob_read(b, p, n) == n;
}

static uint32_t
number(const unsigned char *p, bool big)
{
  return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
             : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

// Walk the chunks to the one that holds the sound.
static bool
chunks_cut(shed_blob *b, const char *sound, bool big)
{
  unsigned char head[8];
  int64_t       at = 12;
  for (int i = 0; i < CHUNKS_MAX && read_at(b, at, head, 8); i++) {
    uint32_t n = number(head + 4, big);
    if (memcmp(head, sound, 4) == 0) {
      return n != 0 && n < LENGTH_UNKNOWN && at + 8 + (int64_t)n > b->size;
    }
    at += 8 + (int64_t)n + (n & 1);
  }
  return false; // no sound at all: libsndfile says so
}

// The last page must be whole and say that it is the last.
static bool
ogg_cut(shed_blob *b)
{
  unsigned char tail[OGG_PAGE_MAX + 27];
  int64_t       n = b->size < (int64_t)sizeof(tail) ? b->size : (int64_t)sizeof(tail);
  if (!read_at(b, b->size - n, tail, n)) {
    return false;
  }
  for (int64_t i = n - 27; i >= 0; i--) {
    if (memcmp(tail + i, "OggS", 4) == 0) {
      int64_t length = 27 + tail[i + 26];
      for (int64_t k = 0; k < tail[i + 26] && i + 27 + k < n; k++) {
        length += tail[i + 27 + k];
      }
      return !(tail[i + 5] & OGG_LAST_OF_ALL) || i + length > n;
    }
  }
  return true;
}

bool
shed_sound_is_cut(shed_blob *file)
{
  unsigned char head[12];
  if (!read_at(file, 0, head, sizeof(head))) {
    return false;
  }
  if (memcmp(head, "RIFF", 4) == 0 || memcmp(head, "RIFX", 4) == 0) {
    return chunks_cut(file, "data", head[3] == 'X');
  }
  if (memcmp(head, "FORM", 4) == 0) {
    return chunks_cut(file, "SSND", true);
  }
  return memcmp(head, "OggS", 4) == 0 && ogg_cut(file);
}
