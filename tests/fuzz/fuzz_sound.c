// covers: engine/audio/reader.c
// A sound file of any kind, through libsndfile to the stored form. What comes out must be in range, and the stored form of it.
#include "engine/audio/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { BLOCK = 1000, FRAMES_MOST = 1 << 20, HOURS_MOST_S = 4 * 3600 };

static void
read_all(shed_sound_reader *r)
{
  float        x[BLOCK];
  size_t       n     = 0;
  size_t       total = 0;
  shed_message warnings[SHED_AUDIO_WARNINGS];
  shed_error   err;
  if (shed_sound_rate_hz(r) < 8000 || shed_sound_rate_hz(r) > 192000 ||
      shed_sound_expected(r) > (uint64_t)shed_sound_rate_hz(r) * HOURS_MOST_S) {
    abort();
  }
  do {
    if (shed_sound_read(r, x, BLOCK, &n, &err) != SHED_OK) {
      return;
    }
    for (size_t i = 0; i < n; i++) {
      if (!(x[i] >= -1 && x[i] <= 1)) {
        abort();
      }
    }
    total += n;
  } while (n && total < FRAMES_MOST); // hours of silence take few bytes
  if (total == 0) {
    abort(); // what has no samples is refused on opening
  }
  if (!n) {
    shed_sha256 sha;
    if (shed_sound_finish(r, &sha, &err) != SHED_OK) {
      abort();
    }
  }
  if (shed_sound_warnings(r, warnings) > SHED_AUDIO_WARNINGS) {
    abort();
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  char               path[64];
  shed_sound_reader *r      = NULL;
  shed_error         err    = {0};
  char               name[] = "/tmp/woodshed_fuzz_XXXXXX";
  int                fd     = mkstemp(name);
  if (fd < 0) {
    return 0;
  }
  (void)unlink(name);
  (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  if (write(fd, data, n) == (ssize_t)n && shed_sound_open(&r, path, NULL, NULL, &err) == SHED_OK) {
    read_all(r);
    shed_sound_close(r);
  }
  (void)close(fd);
  return 0;
}
