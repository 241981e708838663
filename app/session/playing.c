#include "app/session/playing.h"

#include "engine/base/str.h"

#include <math.h>
#include <string.h>

static const double START_MOST_S = 36000;

// The file's own name may hold an @: what follows the last one counts when it is a number.
static shed_status
split(const char *told, const shed_alloc *alloc, char **path, double *start_s, shed_error *err)
{
  const char *at = strrchr(told, '@');
  size_t      n  = strlen(told);
  *start_s       = 0;
  if (at && shed_parse_double(at + 1, -START_MOST_S, START_MOST_S, start_s)) {
    n = (size_t)(at - told);
  }
  if (n == 0 || (n == 1 && told[0] == '-')) {
    return shed_fail(err, SHED_E_FORMAT, "--playing",
                     "\"%s\": FILE or FILE@START_S is needed, such as backing.flac@0.5", told);
  }
  *path = shed_malloc(alloc, n + 1);
  if (!*path) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  memcpy(*path, told, n);
  (*path)[n] = '\0';
  return SHED_OK;
}

static shed_status
at_rate(shed_sound *s, int rate_hz, const shed_alloc *alloc, shed_error *err)
{
  shed_sound other = {0};
  if (s->rate_hz == rate_hz) {
    return SHED_OK;
  }
  shed_status st = shed_sound_resample(s, rate_hz, alloc, &other);
  shed_sound_free(s);
  *s = other;
  return st == SHED_OK ? st : shed_fail(err, st, NULL, "%s", shed_status_text(st));
}

shed_status
shed_playing_open(shed_playing *out, const char *told, int rate_hz, const shed_alloc *alloc, shed_error *err)
{
  shed_sound  sound = {0};
  char       *path  = NULL;
  double      start_s;
  shed_status st = split(told, alloc, &path, &start_s, err);
  if (st == SHED_OK && (st = shed_sound_load(path, NULL, alloc, &sound, NULL, err)) == SHED_OK) {
    st = at_rate(&sound, rate_hz, alloc, err);
  }
  shed_free(alloc, path);
  if (st == SHED_OK) {
    *out = (shed_playing){.sound = sound, .at = -llround(start_s * rate_hz)};
  }
  return st;
}

void
shed_playing_free(shed_playing *p)
{
  shed_sound_free(&p->sound);
}

shed_status
shed_playing_pull(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  shed_playing *p = ctx;
  (void)err;
  for (*n = 0; *n < cap && p->at < (int64_t)p->sound.n; ++*n, p->at++) {
    x[*n] = p->at < 0 ? 0.0f : p->sound.x[p->at];
  }
  return SHED_OK;
}
