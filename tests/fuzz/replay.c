// Replays a corpus without a fuzzing engine: every file of the folder (or the files) given goes through once.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
  FILE *f = fopen(path, "rb");
  if (!f) {
    perror(path);
    return 0;
  }
  (void)fseek(f, 0, SEEK_END);
  long size = ftell(f);
  rewind(f);
  // exactly as large as the input, so that a read past its end is seen by the sanitizer
  uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
  size_t   n    = data && size > 0 ? fread(data, 1, (size_t)size, f) : 0;
  (void)fclose(f);
  if (data) {
    (void)LLVMFuzzerTestOneInput(data, n);
  }
  free(data);
  return 1;
}

int
main(int argc, char **argv)
{
  int done = 0;
  for (int i = 1; i < argc; i++) {
    DIR *folder = opendir(argv[i]);
    if (!folder) {
      done += replay_file(argv[i]);
      continue;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
      char path[4096];
      if (entry->d_name[0] != '.') {
        (void)snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
        done += replay_file(path);
      }
    }
    (void)closedir(folder);
  }
  (void)printf("%d inputs replayed\n", done);
  return done ? 0 : 1; // an empty corpus tests nothing
}
