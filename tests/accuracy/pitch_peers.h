/// The peers of the pitch tables: aubio's trackers (Brossier 2006) and Praat's (Boersma 1993), run on the same sound.
///
/// A peer hears sounds in batches, since Praat is a process of its own. Whoever scores a peer chooses the time shift and
/// the threshold that suit it best; here it only says what it hears.
#ifndef SHED_TEST_PITCH_PEERS_H
#define SHED_TEST_PITCH_PEERS_H

#include "tests/accuracy/pitch_metrics.h"

enum { PITCH_HOP = CORPUS_EAR_HOP, PITCH_RATE_HZ = CORPUS_EAR_RATE_HZ };

/// One sound for a peer, and room for what it says.
typedef struct {
  const float *x; ///< n samples at PITCH_RATE_HZ
  int          n;
  pitch_point *said; ///< [out] frames of 10 ms, frame f describing f * 10 ms
  int          frames;
} pitch_job;

/// How much of the corpus a peer hears; pitch_peers.def.
typedef enum { PITCH_HEARS_ALL, PITCH_HEARS_REPORT, PITCH_HEARS_ROWS } pitch_scope;

typedef struct pitch_peer {
  const char *name;
  const char *method;
  int         window;
  pitch_scope hears;
  /// @return false when the peer is not installed; nothing is written then.
  bool (*hear)(const struct pitch_peer *peer, pitch_job *jobs, size_t n);
} pitch_peer;

size_t            pitch_peer_count(void);
const pitch_peer *pitch_peer_at(size_t i);
/// NULL when there is none of this name.
const pitch_peer *pitch_peer_named(const char *name);

bool pitch_peer_hears(const pitch_peer *peer, const corpus_ear_item *item);

/// Name and version, as tables and caches know it: "yinfft 4096, aubio 0.4.9". Praat's version is asked once for a call.
/// @return false when the peer is not installed.
bool pitch_peer_version(const pitch_peer *peer, char *out, size_t cap);

/// aubio at a hop of 10 ms; the middle of its window is the instant described. sure: its confidence, 1 where it has none.
bool pitch_hear_aubio(const pitch_peer *peer, pitch_job *jobs, size_t n);
/// Praat, 35 to 4300 Hz, whole file, other settings as Praat gives them. sure: .5 + half the strength where its path is
/// voiced, half the strength of the best candidate elsewhere.
bool pitch_hear_praat(const pitch_peer *peer, pitch_job *jobs, size_t n);
/// @return false when there is no Praat here. *out "Praat 6.3.07".
bool pitch_praat_version(char *out, size_t cap);

#endif
