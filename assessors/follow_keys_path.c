// About this file: where in the music a key belongs. One beam of ways, each at one event with one shift; a key takes each of them
// further in every manner there is, and of those that meet the best stays.
#include "assessors/follow_keys_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SKIP_MOST = 4, BITS = 64, OCTAVE = 12, SHIFT_MOST = 36 };

// In keys that are right.
static const double HIT = 1, WRONG = .6, EXTRA = .8, MISS = .5, MISS_MOST = 1.5;
static const double JUMP = 3, JUMP_BAR = 2.5; // anywhere; to the start of a measure
static const double FAR          = .001;      // an event further away
static const double SHIFT_OCTAVE = .4, SHIFT_KEY = .7;

keys_node *
keys_node_at(shed_follow_keys *f, int64_t node)
{
  return node >= 0 && node >= f->n_nodes - KEYS_NODES ? &f->nodes[node % KEYS_NODES] : NULL;
}

const keys_way *
keys_best(const shed_follow_keys *f)
{
  const keys_way *best = &f->ways[0];
  for (int i = 1; i < f->n_ways; i++) {
    best = f->ways[i].score > best->score ? &f->ways[i] : best;
  }
  return best;
}

double
keys_chord_s(const shed_follow_keys *f, int event)
{
  return f->target.events[event].flags & SHED_NOTE_ARPEGGIO ? KEYS_ROLL_S : KEYS_CHORD_S;
}

// The place of a pitch among an event's notes that were not struck yet; -1.
static int
place_of(const shed_follow_keys *f, int event, int midi, uint64_t hit)
{
  const shed_align_event *ev = &f->target.events[event];
  for (int i = 0; i < ev->count && i < BITS; i++) {
    if (!(hit >> i & 1) && f->prompt->line.notes[f->target.notes[ev->first + i]].midi == midi) {
      return i;
    }
  }
  return -1;
}

// What it costs that the rest of an event is not struck.
static double
missing(const shed_follow_keys *f, int event, uint64_t hit)
{
  int n = 0;
  if (event < 0) {
    return 0;
  }
  for (int i = 0; i < f->target.events[event].count && i < BITS; i++) {
    n += !(hit >> i & 1);
  }
  return fmin(MISS_MOST, MISS * n);
}

// A key to be put somewhere.
typedef struct {
  double onset_s;
  int    midi;
} key;

static keys_way *
slot_for(shed_follow_keys *f, int event, int shift, double score)
{
  keys_way *worst = NULL;
  for (int i = 0; i < f->n_next; i++) {
    keys_way *w = &f->next[i];
    if (w->event == event && w->shift == shift) {
      return w->score < score ? w : NULL;
    }
    worst = !worst || w->score < worst->score ? w : worst;
  }
  if (f->n_next < KEYS_WAYS) {
    return &f->next[f->n_next++];
  }
  return worst->score < score ? worst : NULL;
}

// @param place of the event's notes, of hits.
static void
add(shed_follow_keys *f, const keys_way *from, const key *k, keys_way to, keys_how how, int place, bool jump)
{
  keys_way *slot = slot_for(f, to.event, to.shift, to.score);
  if (!slot) {
    return;
  }
  *slot = to;
  f->made[slot - f->next] =
      (keys_node){.parent  = from->node,
                  .event   = to.event,
                  .note    = how == KEYS_HIT ? f->target.events[to.event].first + place : -1,
                  .midi    = k->midi,
                  .shift   = to.shift,
                  .how     = how,
                  .jump    = jump,
                  .onset_s = k->onset_s};
}

static void
stay(shed_follow_keys *f, const keys_way *w, const key *k)
{
  keys_way  to    = *w;
  const int place = w->event >= 0 && k->onset_s - w->first_s <= keys_chord_s(f, w->event)
                        ? place_of(f, w->event, k->midi - w->shift, w->hit)
                        : -1;
  if (place >= 0) {
    to.score += HIT;
    to.hit |= (uint64_t)1 << place;
    add(f, w, k, to, KEYS_HIT, place, false);
  } else {
    to.score -= EXTRA;
    add(f, w, k, to, KEYS_EXTRA, -1, false);
  }
}

// On to one of the next events, transposed by so much.
static void
advance(shed_follow_keys *f, const keys_way *w, const key *k, int shift, double cost)
{
  cost += missing(f, w->event, w->hit);
  for (int e = w->event + 1; e <= w->event + SKIP_MOST && e < f->target.n_events; e++) {
    const int place = place_of(f, e, k->midi - shift, 0);
    keys_way  to    = {.event = e, .shift = shift, .first_s = k->onset_s};
    if (place >= 0) {
      to.hit   = (uint64_t)1 << place;
      to.score = w->score - cost + HIT;
      add(f, w, k, to, KEYS_HIT, place, false);
    } else if (e == w->event + 1 && shift == w->shift) {
      to.score = w->score - cost - WRONG;
      add(f, w, k, to, KEYS_WRONG, -1, false);
    }
    cost += missing(f, e, 0);
  }
}

// How the player transposes shows in the first key.
static void
begin(shed_follow_keys *f, const keys_way *w, const key *k)
{
  for (int shift = -SHIFT_MOST; shift <= SHIFT_MOST; shift++) {
    if (shift != 0 && shed_shift_is_allowed(f->prompt, shift)) {
      advance(f, w, k, shift, shift % OCTAVE == 0 ? SHIFT_OCTAVE : SHIFT_KEY);
    }
  }
}

static void
leap(shed_follow_keys *f, const keys_way *w, const key *k)
{
  for (int e = 0; e < f->target.n_events; e++) {
    const bool near  = e > w->event && e <= w->event + SKIP_MOST;
    const int  place = near ? -1 : place_of(f, e, k->midi - w->shift, 0);
    if (place >= 0) {
      const double   cost = f->target.events[e].bar_start ? JUMP_BAR : JUMP;
      const keys_way to   = {.event   = e,
                             .shift   = w->shift,
                             .hit     = (uint64_t)1 << place,
                             .first_s = k->onset_s,
                             .score   = w->score + HIT - cost - FAR * fmin(1000, abs(e - w->event))};
      add(f, w, k, to, KEYS_HIT, place, true);
    }
  }
}

void
keys_step(shed_follow_keys *f, double onset_s, int midi)
{
  const key      k    = {onset_s, midi};
  const keys_way best = *keys_best(f);
  f->n_next           = 0;
  for (int i = 0; i < f->n_ways; i++) {
    const keys_way *w = &f->ways[i];
    stay(f, w, &k);
    advance(f, w, &k, w->shift, 0);
    if (w->event < 0) {
      begin(f, w, &k);
    }
  }
  if (best.event >= 0) {
    leap(f, &best, &k);
  }
  for (int i = 0; i < f->n_next; i++) {
    f->next[i].node                        = f->n_nodes++;
    f->nodes[f->next[i].node % KEYS_NODES] = f->made[i];
  }
  memcpy(f->ways, f->next, (size_t)f->n_next * sizeof(*f->ways));
  f->n_ways = f->n_next;
}
