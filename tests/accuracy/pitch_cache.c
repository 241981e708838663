// About this file: one small file a track, named by its key, written beside and moved into place so that a run that was
// ended in the middle leaves none half.
#include "tests/accuracy/pitch_cache.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// Bumped when what is stored for a peer changes its meaning.
static const char LAYOUT[] = "pitch track 1\n";

shed_sha256
pitch_cache_key(const char *peer_version, const pitch_job *job)
{
  shed_sha256_stream s;
  shed_sha256_start(&s);
  shed_sha256_add(&s, LAYOUT, sizeof(LAYOUT));
  shed_sha256_add(&s, peer_version, strlen(peer_version) + 1);
  shed_sha256_add(&s, job->x, (size_t)job->n * sizeof(*job->x));
  return shed_sha256_end(&s);
}

bool
pitch_cache_get(const char *dir, const shed_sha256 *key, pitch_job *job)
{
  char path[700], head[sizeof(LAYOUT)];
  int  n = 0;
  snprintf(path, sizeof(path), "%s/%s", dir, key->text);
  FILE *f = fopen(path, "rb");
  if (!f) {
    return false;
  }
  bool ok = fread(head, sizeof(head), 1, f) == 1 && memcmp(head, LAYOUT, sizeof(LAYOUT)) == 0 &&
            fread(&n, sizeof(n), 1, f) == 1 && n == job->frames &&
            fread(job->said, sizeof(*job->said), (size_t)n, f) == (size_t)n;
  fclose(f);
  return ok;
}

void
pitch_cache_put(const char *dir, const shed_sha256 *key, const pitch_job *job)
{
  char path[700], part[720];
  snprintf(path, sizeof(path), "%s/%s", dir, key->text);
  snprintf(part, sizeof(part), "%s.part", path);
  mkdir(dir, 0777);
  FILE *f = fopen(part, "wb");
  if (!f) {
    return;
  }
  bool ok = fwrite(LAYOUT, sizeof(LAYOUT), 1, f) == 1 &&
            fwrite(&job->frames, sizeof(job->frames), 1, f) == 1 &&
            fwrite(job->said, sizeof(*job->said), (size_t)job->frames, f) == (size_t)job->frames;
  if (fclose(f) != 0 || !ok || rename(part, path) != 0) {
    remove(part);
  }
}
