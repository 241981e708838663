/// A take on its way to the disk while it is played. Whoever has the samples hands them over and never waits; a thread of the
/// recorder's own encodes and writes them. What stands in the file is the stored form of the take, byte for byte, as
/// shed_sound_load() would have made it of the same samples.
///
/// While it is written the file is called "<path>.part". After a crash, also kill -9, shed_recorder_recover() makes a whole take
/// of it; what had been handed over in the last second may be missing. A full disk loses nothing: what does not fit waits in
/// memory (SHED_RECORDER_WAITING_MOST) and is written as soon as there is room.
///
///     shed_recorder_skip(rec, place.missing);
///     shed_recorder_push(rec, x, n);
///     for (i..n) x[i] = shed_recorder_sample(x[i]);  // hear what the file will hold
///     shed_hear_push(hear, x, n);
#ifndef SHED_AUDIO_RECORDER_H
#define SHED_AUDIO_RECORDER_H

#include "engine/base/alloc.h"
#include "engine/base/hash.h"

#include <stdint.h>

enum {
  SHED_RECORDER_WAITING_MOST = 64 << 20, ///< bytes: a quarter of an hour and more
  SHED_RECORDER_GAPS         = 256       ///< told one by one; later ones are counted
};

typedef struct shed_recorder shed_recorder;

/// Frames that were not recorded, and are silence in the file.
typedef struct {
  uint64_t at_frame, frames;
} shed_recorder_gap;

/// @param path  of the take, ".flac"; its folder is there. "<path>.part" is made, mode 0600.
/// @return SHED_OK; SHED_E_EXISTS (path or its .part is there: recover that first), SHED_E_NOTFOUND (its folder), SHED_E_RANGE (rate under 8 or over
///         192 kHz), SHED_E_NOSPACE, SHED_E_IO, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_recorder_open(shed_recorder **out, const char *path, int rate_hz,
                                              const shed_alloc *alloc, shed_error *err);

/// The next @p n samples. What the writer is too slow for (2 s behind) becomes a gap. Thread: one. Real-time: yes.
SHED_RT void shed_recorder_push(shed_recorder *rec, const float *x, size_t n);
/// @p n frames are missing here: silence. Thread and real-time: as push.
SHED_RT void shed_recorder_skip(shed_recorder *rec, uint64_t n);
/// What a sample will be when it is read back. Real-time: yes.
SHED_RT float shed_recorder_sample(float x);

/// What is open as @p fd, and belongs to the take, is brought to the disk with its first second, by the recorder's thread. Borrowed until
/// shed_recorder_free(). Thread: that of push, once.
void shed_recorder_along(shed_recorder *rec, int fd);

typedef struct {
  uint64_t frames;        ///< encoded so far, gaps too
  uint64_t missing;       ///< of these, in gaps
  uint64_t bytes_waiting; ///< for room on the disk
  shed_status
      disk; ///< SHED_OK; SHED_E_NOSPACE while something waits; SHED_E_IO: the disk failed, the rest is lost
} shed_recorder_state;
/// Thread: any.
shed_recorder_state shed_recorder_now(const shed_recorder *rec);

/// Everything that was pushed is in the file, which has its name: fsync, rename, fsync of the folder. Called when nothing
/// more is pushed. Waits for the writer.
/// @param[out] sha256  of the file's bytes; may be NULL.
/// @return SHED_OK; SHED_E_NOSPACE: all is still there, make room and call it again; SHED_E_IO; SHED_E_STATE: done already.
SHED_NODISCARD shed_status shed_recorder_finish(shed_recorder *rec, shed_sha256 *sha256, shed_error *err);
/// The gaps in order, after shed_recorder_finish(). Borrowed from @p rec. @return how many.
size_t shed_recorder_gaps(const shed_recorder *rec, const shed_recorder_gap **out);
/// Without shed_recorder_finish() before it the .part stays, and can be recovered. NULL is legal.
void shed_recorder_free(shed_recorder *rec);

/// Make a take of the .part that a crash left behind at @p path.
/// @param[out] frames  how many there are.
/// @return SHED_OK (the .part is gone); SHED_E_NOTFOUND: there is none; SHED_E_FORMAT: nothing can be read of it; SHED_E_EXISTS:
///         the take itself is there; SHED_E_NOSPACE, SHED_E_IO, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_recorder_recover(const char *path, const shed_alloc *alloc, uint64_t *frames,
                                                 shed_error *err);

#endif
