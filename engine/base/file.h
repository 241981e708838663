/// Whole files: read with a limit, written so that a crash leaves the old one or the new one.
#ifndef SHED_BASE_FILE_H
#define SHED_BASE_FILE_H

#include "engine/base/alloc.h"

#include <stdbool.h>

/// Read a whole regular file (or pipe) of at most @p limit bytes.
///
/// @param[out] data NUL-terminated (the NUL is not counted in *n); the caller frees it with shed_free(alloc, ..).
/// @return SHED_OK, SHED_E_NOTFOUND, SHED_E_FORMAT (a folder), SHED_E_IO, SHED_E_LIMIT (longer than @p limit), SHED_E_NOMEM;
///         err names the file.
SHED_NODISCARD shed_status shed_file_read(const char *path, size_t limit, const shed_alloc *alloc,
                                          char **data, size_t *n, shed_error *err);

/// Write a temporary file beside @p path, fsync it, rename it over @p path and fsync the folder.
/// @return SHED_OK, SHED_E_NOSPACE, SHED_E_IO; on failure @p path is as it was and nothing is left behind.
SHED_NODISCARD shed_status shed_file_write_atomic(const char *path, const void *data, size_t n,
                                                  shed_error *err);
/// The same without waiting for the disk: it stands whole or not at all after a crash of this program, and after a power cut once
/// somebody has brought it there.
SHED_NODISCARD shed_status shed_file_write_soon(const char *path, const void *data, size_t n,
                                                shed_error *err);

/// Make a folder and those above it, mode 0700. An existing one is SHED_OK.
SHED_NODISCARD shed_status shed_folder_make(const char *path, shed_error *err);

/// fsync a folder, so that a rename in it lasts.
SHED_NODISCARD shed_status shed_folder_sync(const char *path, shed_error *err);

bool shed_file_exists(const char *path);

/// The status of errno after a failed write: ENOSPC and EDQUOT are SHED_E_NOSPACE, else SHED_E_IO.
shed_status shed_status_of_errno(int error);

#endif
