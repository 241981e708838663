/// Tracks of peers, kept in the build folder so that a second run need not wait for them. A track is known by the peer's
/// name and version and by the sound itself: change either and it is heard again. Woodshed is never kept.
#ifndef SHED_TEST_PITCH_CACHE_H
#define SHED_TEST_PITCH_CACHE_H

#include "engine/base/hash.h"
#include "tests/accuracy/pitch_peers.h"

/// What the track of this sound by this peer is called.
shed_sha256 pitch_cache_key(const char *peer_version, const pitch_job *job);
/// @return true and job->said when it is there, whole and of job->frames frames.
bool pitch_cache_get(const char *dir, const shed_sha256 *key, pitch_job *job);
/// Nothing is kept where it cannot be written; it is a cache.
void pitch_cache_put(const char *dir, const shed_sha256 *key, const pitch_job *job);

#endif
