/// Bytes with a place to read and write at: in memory while they are few, in a file when they are many or when they shall
/// stay. libsndfile reads and writes through them, so that no error number is lost on the way. Inside engine/audio only.
#ifndef SHED_AUDIO_BLOB_H
#define SHED_AUDIO_BLOB_H

#include "engine/base/alloc.h"
#include "engine/base/hash.h"

#include <sndfile.h>
#include <stdbool.h>
#include <stdint.h>

enum { SHED_BLOB_MEMORY_BYTES = 64 << 20 }; ///< a 3-minute take stays in memory

/// Zero-initialised is not a blob: begin with one of the three below.
typedef struct {
  const shed_alloc *alloc;
  int               fd; ///< -1 while in memory
  unsigned char    *mem;
  size_t            mem_cap;
  int64_t           size;
  int64_t           at;
  int               error; ///< errno of the first failure; nothing is written after one
  char             *temp;  ///< name of the file while it has one; else NULL
} shed_blob;

/// Empty, in memory, later in a nameless file of TMPDIR (or /tmp).
void shed_blob_in_memory(shed_blob *b, const shed_alloc *alloc);
/// Empty, in a new file "<path>.tmpXXXXXX", mode 0600. @return SHED_OK, SHED_E_NOMEM, SHED_E_NOSPACE, SHED_E_IO.
SHED_NODISCARD shed_status shed_blob_beside(shed_blob *b, const char *path, const shed_alloc *alloc,
                                            shed_error *err);
/// A file opened for reading; takes @p fd. @p size as it is now.
void shed_blob_of_file(shed_blob *b, int fd, int64_t size);

/// Append @p n bytes at the place. @return bytes written: n, or less with b->error set.
int64_t shed_blob_write(shed_blob *b, const void *data, int64_t n);
int64_t shed_blob_read(shed_blob *b, void *data, int64_t n);
/// libsndfile's view of a blob; user data is the shed_blob.
SF_VIRTUAL_IO shed_blob_io(void);

/// Of all bytes. @return SHED_OK or SHED_E_IO with b->error set.
SHED_NODISCARD shed_status shed_blob_sha256(shed_blob *b, shed_sha256 *out);
/// fsync, rename to @p path, fsync the folder; only after shed_blob_beside().
SHED_NODISCARD shed_status shed_blob_keep(shed_blob *b, const char *path, shed_error *err);
/// A file that was not kept is removed. Zero-initialised with fd -1 is legal.
void shed_blob_free(shed_blob *b);

#endif
