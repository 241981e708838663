// About this file: which reader a take that is not sound is for, and what all such takes have in common.
#include "engine/take/given.h"

#include "engine/base/file.h"
#include "engine/base/str.h"
#include "engine/take/kinds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  shed_take_kind kind;
  const char    *endings;
  const char    *telling;
  shed_status (*read)(const char *data, size_t n, const char *name, shed_take *take, shed_error *err);
} reader;

static const reader readers[] = {
#define SHED_GIVEN(id, kind, endings, telling) {kind, endings, telling, shed_given_read_##id},
#include "engine/take/given.def"
#undef SHED_GIVEN
};

static const char TABLE[] = ".csv";

static bool
has_ending(const char *path, const char *ending, size_t n)
{
  size_t length = strlen(path);
  if (length <= n) {
    return false;
  }
  for (size_t i = 0; i < n; i++) {
    char c = path[length - n + i];
    if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != ending[i]) {
      return false;
    }
  }
  return true;
}

static const reader *
reader_by_name(const char *path)
{
  for (size_t i = 0; i < SHED_COUNTOF(readers); i++) {
    for (const char *e = readers[i].endings; *e; e += strcspn(e, " ") + 1) {
      if (has_ending(path, e, strcspn(e, " "))) {
        return &readers[i];
      }
    }
  }
  return NULL;
}

// By the names in the first line of a table.
static const reader *
reader_by_content(const char *data, size_t n)
{
  char   line[256];
  size_t length = 0;
  while (length < n && length + 1 < sizeof(line) && data[length] != '\n' && data[length] != '\0') {
    length++;
  }
  memcpy(line, data, length);
  line[length] = '\0';
  for (size_t i = 0; i < SHED_COUNTOF(readers); i++) {
    if (readers[i].telling[0] && strstr(line, readers[i].telling)) {
      return &readers[i];
    }
  }
  return NULL;
}

bool
shed_given_is(const char *path)
{
  return reader_by_name(path) || has_ending(path, TABLE, strlen(TABLE));
}

shed_take_kind
shed_given_kind(const char *path)
{
  const reader *r = reader_by_name(path);
  return r ? r->kind : SHED_TAKE_AUDIO;
}

void
shed_given_ending(const char *path, shed_take_kind kind, char *out, size_t size)
{
  const reader *r = reader_by_name(path);
  // a table of keys, without cents, is a keyboard's and no MIDI file
  shed_take_kind table = kind == SHED_TAKE_MIDI ? SHED_TAKE_NOTES : kind;
  for (size_t i = 0; i < SHED_COUNTOF(readers) && !r; i++) {
    r = readers[i].kind == table ? &readers[i] : NULL;
  }
  const char *ending = r ? r->endings : ".flac ";
  (void)snprintf(out, size, "%.*s", (int)strcspn(ending, " "), ending);
}

shed_status
shed_given_onsets_of_notes(shed_take *take)
{
  take->onsets = shed_calloc(take->alloc, take->n_notes, sizeof(*take->onsets));
  if (!take->onsets) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < take->n_notes; i++) {
    const shed_heard_note *n    = &take->notes[i];
    shed_heard_onset      *last = take->n_onsets ? &take->onsets[take->n_onsets - 1] : NULL;
    if (last && !(n->onset_s > last->time_s)) {
      last->confidence = fmaxf(last->confidence, n->confidence);
    } else {
      take->onsets[take->n_onsets++] = (shed_heard_onset){n->onset_s, 1, n->confidence};
    }
  }
  return SHED_OK;
}

shed_status
shed_given_parse(const void *data, size_t n, const char *name, const shed_alloc *alloc, shed_take *out,
                 shed_error *err)
{
  const reader *r = reader_by_name(name);
  if (n > SHED_GIVEN_MAX_BYTES) {
    return shed_fail(err, SHED_E_LIMIT, name, "is longer than %d bytes, the most that is read",
                     (int)SHED_GIVEN_MAX_BYTES);
  }
  if (n == 0) {
    return shed_fail(err, SHED_E_FORMAT, name, "is empty: 0 bytes");
  }
  if (!r && !(r = reader_by_content(data, n))) {
    return shed_fail(err, SHED_E_UNSUPPORTED, name,
                     "is no take: a table begins with a line of its columns, time_s,f0_hz or "
                     "onset_s,offset_s,midi,cents or onset_s");
  }
  shed_take   take = {.alloc     = alloc,
                      .kind      = r->kind,
                      .snr_db    = (float)NAN,
                      .noise_db  = SHED_GIVEN_SILENT_DB,
                      .latency_s = (double)NAN,
                      .ear       = SHED_GIVEN_VERSION,
                      .sha256    = shed_sha256_of(data, n)};
  shed_status st   = r->read(data, n, name, &take, err);
  if (st != SHED_OK) {
    shed_take_free(&take);
    return st == SHED_E_NOMEM ? shed_fail(err, st, name, "there is not enough memory to read it") : st;
  }
  *out = take;
  return SHED_OK;
}

shed_status
shed_given_load(const char *path, const shed_alloc *alloc, shed_take *out, shed_error *err)
{
  char       *data = NULL;
  size_t      n    = 0;
  shed_status st   = shed_file_read(path, SHED_GIVEN_MAX_BYTES, alloc, &data, &n, err);
  if (st != SHED_OK) {
    return st;
  }
  st = shed_given_parse(data, n, path, alloc, out, err);
  shed_free(alloc, data);
  return st;
}
