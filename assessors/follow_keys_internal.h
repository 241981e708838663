// What the two files of the keyboard's follower share. follow_keys_path.c: the search; follow_keys.c: what is told of it.
#ifndef SHED_ASSESSORS_FOLLOW_KEYS_INTERNAL_H
#define SHED_ASSESSORS_FOLLOW_KEYS_INTERNAL_H

#include "assessors/align.h"
#include "assessors/follow_keys.h"

enum {
  KEYS_WAYS  = 128,            // of the beam
  KEYS_NODES = 64 * KEYS_WAYS, // at least so many keys back a path can be seen
  KEYS_BACK  = 32,             // looked at again with each key
  KEYS_TOLD  = 512             // events that wait
};

static const double KEYS_CHORD_S =
    0.18; // the keys of a chord go down within; the judge of whole takes has the same
static const double KEYS_YOUNG_S = 0.09; // what leaps or leaves something out is believed after
static const double KEYS_ROLL_S  = 0.8;  // of an arpeggio

typedef enum { KEYS_HIT, KEYS_WRONG, KEYS_EXTRA } keys_how;

// One key on one path.
typedef struct {
  int64_t  parent; // -1: the first
  int      event;  // -1: before the music
  int      note;   // of target.notes; hits alone
  int      midi, shift;
  keys_how how;
  bool     jump, jump_told;
  double   onset_s;
} keys_node;

typedef struct {
  int      event, shift;
  uint64_t hit;     // places of the event's notes
  double   first_s; // when its first key went down
  double   score;
  int64_t  node; // -1: none yet
} keys_way;

// What was said of a note.
typedef struct {
  shed_pitch_label pitch; // NONE: nothing yet
  int              attempt;
} keys_told;

struct shed_follow_keys {
  // immutable after shed_follow_keys_new()
  const shed_alloc  *alloc;
  const shed_prompt *prompt;
  shed_align_target  target;
  double             click_start_s;

  keys_way   ways[KEYS_WAYS], next[KEYS_WAYS];
  keys_node  made[KEYS_WAYS]; // the newest node of each of next
  int        n_ways, n_next;
  keys_node *nodes; // a ring of KEYS_NODES
  int64_t    n_nodes;

  keys_told *told; // one a note of the target
  double     now_s;
  double     key_s; // of the last key
  int64_t    aged,
      settled; // the last node that was looked at again when it was no longer young, when its chord was over
  int  position;
  bool lost;

  shed_follow_event events[KEYS_TOLD];
  size_t            event_first, event_n;
};

// The node, or NULL when it is too long ago.
keys_node *keys_node_at(shed_follow_keys *f, int64_t node);
// The best way that there is; its node is -1 before the first key.
const keys_way *keys_best(const shed_follow_keys *f);
// How long an event's keys may take.
double keys_chord_s(const shed_follow_keys *f, int event);
void   keys_step(shed_follow_keys *f, double onset_s, int midi);

#endif
