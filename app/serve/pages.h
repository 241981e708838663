/// Files of the pages' folder, as they are sent. A path never leads out of the folder.
#ifndef SHED_SERVE_PAGES_H
#define SHED_SERVE_PAGES_H

#include "engine/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
  FILE       *file; ///< NULL none
  size_t      size;
  const char *type;
  char        etag[64];
  const char *encoding;  ///< of Content-Encoding, NAME.br or NAME.gz was taken; NULL none
  bool        immutable; ///< the name has a hash of the content in it
  bool        unchanged; ///< the browser has it already; file is NULL
} shed_page;

/// @param path as asked, "/" for index.html. @param encodings of shed_page_encodings(): the smallest form that is there is taken.
/// @return false when there is no such file that may be sent.
bool shed_page_open(shed_page *out, const char *folder, const char *path, unsigned encodings,
                    const char *etag);
/// Which compressed forms an Accept-Encoding takes, a bit each. @param header "gzip, br;q=0.5"; what is refused (q=0) is left out.
unsigned shed_page_encodings(const char *header);
void     shed_page_close(shed_page *p);
/// Whether a path is one that may be looked for: letters, digits, '-', '_', '.', '/'; no part begins with a dot.
bool shed_page_path_fits(const char *path);
/// Media type by ending; NULL: such files are not sent.
const char *shed_page_type(const char *path);

#endif
