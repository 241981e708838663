/// The pitch tables' run: items of the corpus are made, heard by Woodshed and by peers, and their tracks kept with the
/// truth; the sound itself is let go.
#ifndef SHED_TEST_PITCH_RUN_H
#define SHED_TEST_PITCH_RUN_H

#include "tests/accuracy/pitch_peers.h"

enum { PITCH_PEERS_MAX = 12, PITCH_WORDS_MAX = 12 };

typedef struct {
  corpus_ear_item item;
  pitch_truth     truth;
  pitch_point    *own; ///< truth.frames; sure is 1 where voiced, else 0
  float          *confidence;
  pitch_point    *peer[PITCH_PEERS_MAX]; ///< in pitch_peers.def's order; NULL: did not hear it
} pitch_item;

typedef struct {
  const char *words
      [PITCH_WORDS_MAX]; ///< each stands in an item's name, group, half, harm or class, else it is left out
  size_t      n_words;
  size_t      every;    ///< each every-th item, scattered over the corpus; 0 and 1: all of them
  bool        lean;     ///< without what needs more than ./dev test installs: a second sound font, recordings
  bool        peers;    ///< all of them; else none but those of one_peer
  const char *one_peer; ///< may be NULL
  const char *cache_dir; ///< NULL: peers' tracks are not kept
} pitch_choice;

typedef struct {
  pitch_item *items;
  size_t      n;
  size_t      missing;          ///< items whose sound font or recording is not here
  char        why_missing[256]; ///< the first reason
  bool        installed[PITCH_PEERS_MAX], asked[PITCH_PEERS_MAX];
  char        version[PITCH_PEERS_MAX][96];
  double      sound_s; ///< of all items
  double      own_cpu_s;
  double      timed_s, timed_own_cpu_s,
      timed_peer_cpu_s; ///< those heard by yinfft 4096 side by side, for the cost
} pitch_run;

/// Ends the program with status 4 and a sentence where the machine fails; items that cannot be made are counted.
void pitch_run_make(pitch_run *run, const pitch_choice *choice);
void pitch_run_free(pitch_run *run);

#endif
