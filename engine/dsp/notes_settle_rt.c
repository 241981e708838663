// About this file: when a boundary of the path of notes is settled. On-line Viterbi after Šrámek, Brejová and Vinař 2007
// (WABI) and Bloit and Rodet 2008 (ICASSP, "short-time Viterbi"): what all ways have in common will not change. A way that
// costs far more than the best is not followed, and ways agree when their boundaries are nearly at one moment, whatever
// pitch they go on with; so most boundaries are settled after a few frames. What has been settled binds: ways without it
// are given up.
#include "engine/dsp/notes_internal.h"

#include <stdlib.h>

enum { AGREE_FRAMES = 2 }; // boundaries so far apart are one

static bool
agrees(int64_t first, int64_t with)
{
  return first != NOTES_NONE && (first & 1) == (with & 1) && llabs(first / 2 - with / 2) <= AGREE_FRAMES;
}

static bool
all_agree(const notes_costs *c, const notes_path *p, int64_t with)
{
  for (int i = 0; i < NOTES_STATES; i++) {
    if (p->cost[i] <= c->margin && !agrees(p->first[i], with)) {
      return false;
    }
  }
  return true;
}

// The first boundary after frame `after` on the way to this state; *state_there: where it leads.
static int64_t
first_after(const notes_path *p, int64_t frame, int state, int64_t after)
{
  int64_t first = NOTES_NONE;
  for (int64_t k = frame; k > after; k--) {
    int from = p->before[k % NOTES_RING][state];
    if (from != state && state < NOTES_STABLE) {
      first = 2 * k + (state != NOTES_SILENCE);
    }
    state = from;
  }
  return first;
}

static int
state_at(const notes_path *p, int64_t frame, int state, int64_t when)
{
  for (int64_t k = frame; k > when; k--) {
    state = p->before[k % NOTES_RING][state];
  }
  return state;
}

// The best way has no boundary so long ago, and so no other may.
static void
give_up_old(notes_path *p, int64_t frame, int lag)
{
  for (int i = 0; i < NOTES_STATES; i++) {
    if (p->first[i] != NOTES_NONE && frame - p->first[i] / 2 >= lag) {
      p->cost[i]  = NOTES_FAR;
      p->first[i] = NOTES_NONE;
    }
  }
}

bool
notes_path_settle(const notes_costs *c, notes_path *p, int64_t frame, int lag, notes_boundary *out)
{
  int     best  = notes_path_best(p);
  int64_t first = p->first[best];
  if (first == NOTES_NONE || (frame - first / 2 < lag && !all_agree(c, p, first))) {
    give_up_old(p, frame, lag + AGREE_FRAMES + 1);
    return false;
  }
  int state  = state_at(p, frame, best, first / 2);
  *out       = (notes_boundary){.frame = first / 2, .note = first & 1};
  out->pitch = out->note ? notes_pitch_of(state) : 0;
  for (int i = 0; i < NOTES_STATES; i++) {
    if (p->cost[i] >= NOTES_FAR || !agrees(p->first[i], first)) {
      p->cost[i]  = NOTES_FAR;
      p->first[i] = NOTES_NONE;
    } else {
      p->first[i] = first_after(p, frame, i, p->first[i] / 2);
    }
  }
  return true;
}
