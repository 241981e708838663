/// A test's own folder, taken away with all that is in it.
#ifndef SHED_TEST_REMOVE_FOLDER_H
#define SHED_TEST_REMOVE_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline void
remove_folder(const char *folder)
{
  DIR *d = opendir(folder);
  for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
    char path[900];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlink(path) != 0) {
      remove_folder(path);
    }
  }
  if (d) {
    (void)closedir(d);
  }
  (void)rmdir(folder);
}

#endif
