// About this file: where the measures are, and how long notes are as written. Software lets go of a note before the next, by
// a twentieth to an eighth of its length: the end that was meant is the next note's beginning or a plain place nearby.
#include "engine/score/smf_layout.h"

#include "engine/score/model.h"

#include <math.h>
#include <stdlib.h>

enum {
  GRID        = 48, ///< places a quarter: thirty-seconds and triplets of sixteenths stand on it
  FEW_TICKS   = 15, ///< a quarter
  CHORD_STEP  = 32, ///< of a quarter: notes of a chord may begin so much after each other
  CHORD_WHOLE = 10  ///< and the last after the first
};
static const double EARLY_SHARE = 0.13;     ///< of its length a note may end before the end that was meant
static const double EARLY_LEAST = 1.0 / 96; ///< quarters
static const double LATE_TICKS  = 1.5;      ///< some software begins its notes a tick late
static const double NEAR        = 1e-6;

shed_beat
shed_smf_quarters(const shed_smf *smf, uint64_t tick)
{
  return shed_beat_of((int64_t)tick, smf->ticks);
}

void
shed_smf_layout_free(shed_smf_layout *layout, const shed_alloc *alloc)
{
  shed_free(alloc, layout->measures);
  layout->measures = NULL;
}

int
shed_smf_measure_at(const shed_smf_layout *layout, shed_beat at)
{
  size_t lo = 0, hi = layout->n;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (shed_beat_cmp(layout->measures[mid].start, at) <= 0) {
      lo = mid;
    } else {
      hi = mid;
    }
  }
  return (int)lo;
}

// The next time signature at or behind *i that is a change of metre; n_changes when there is none.
static size_t
next_metre(const shed_smf *smf, size_t i)
{
  while (i < smf->n_changes && smf->changes[i].kind != SHED_SMF_TIME) {
    i++;
  }
  return i;
}

// A first measure of a smaller metre that lasts for itself alone is the pickup of the metre that follows.
static void
find_pickup(shed_smf_layout *l)
{
  shed_smf_measure *m = l->measures;
  if (l->n > 1) {
    shed_beat first  = shed_metre_quarters(m[0].beats, m[0].beat_type);
    shed_beat second = shed_metre_quarters(m[1].beats, m[1].beat_type);
    l->pickup        = shed_beat_cmp(first, second) < 0 && shed_beat_cmp(m[0].length, first) == 0;
    if (l->pickup) {
      m[0].beats     = m[1].beats;
      m[0].beat_type = m[1].beat_type;
    }
  }
}

shed_status
shed_smf_lay_out(const shed_smf *smf, const shed_alloc *alloc, shed_smf_layout *out)
{
  shed_smf_layout l   = {0};
  size_t          cap = 0, change = next_metre(smf, 0);
  shed_beat       at    = shed_beat_of(0, 1);
  shed_beat       end   = shed_smf_quarters(smf, smf->end);
  int             beats = 4, type = 4;
  shed_status     st = SHED_OK;
  while (st == SHED_OK && (l.n == 0 || shed_beat_cmp(at, end) < 0)) {
    while (change < smf->n_changes &&
           shed_beat_cmp(shed_smf_quarters(smf, smf->changes[change].tick), at) <= 0) {
      beats  = smf->changes[change].a;
      type   = smf->changes[change].b;
      change = next_metre(smf, change + 1);
    }
    shed_beat length = shed_metre_quarters(beats, type);
    if (change < smf->n_changes) {
      shed_beat left = shed_beat_sub(shed_smf_quarters(smf, smf->changes[change].tick), at);
      length         = shed_beat_cmp(left, length) < 0 ? left : length;
    }
    st = l.n < SHED_SCORE_MAX_MEASURES
             ? shed_grow(alloc, (void **)&l.measures, &cap, l.n, sizeof(*l.measures))
             : SHED_E_LIMIT;
    if (st == SHED_OK) {
      l.measures[l.n++] = (shed_smf_measure){at, length, beats, type};
      at                = shed_beat_add(at, length);
    }
  }
  if (st != SHED_OK) {
    shed_smf_layout_free(&l, alloc);
    return st;
  }
  find_pickup(&l);
  *out = l;
  return SHED_OK;
}

// The plainest part of a quarter that rounds to this tick, one that is it first. Where a tick is longer than the grid's
// cell, several do: of 25 ticks a quarter the twelfth and the thirteenth are both the half. So few ticks that rounding
// would move every note were chosen to fit the notes.
static shed_beat
plainest(const shed_smf *smf, double rest)
{
  static const int    plain[]      = {1, 2, 4, 3, 8, 6, 16, 12, 24};
  static const double tolerances[] = {0, 0.5};
  for (size_t t = 0; t < SHED_COUNTOF(tolerances) && smf->ticks > FEW_TICKS; t++) {
    for (size_t i = 0; i < SHED_COUNTOF(plain); i++) {
      double cell = (double)smf->ticks / plain[i];
      double n    = round(rest / cell);
      if (fabs(rest - n * cell) <= tolerances[t] + NEAR) {
        return shed_beat_of((int64_t)n, plain[i]);
      }
    }
  }
  return shed_beat_of((int64_t)rest, smf->ticks);
}

// The place that a tick stands for: on the grid, on a fifth or seventh of a quarter or half that, else the nearest on the
// grid.
static shed_beat
place_of(const shed_smf *smf, uint64_t tick, bool *off)
{
  static const int finer[] = {5, 7, 10, 14};
  uint64_t         whole   = tick / (uint64_t)smf->ticks;
  double           rest    = (double)(tick % (uint64_t)smf->ticks);
  double           grid    = (double)smf->ticks / GRID;
  double           near    = round(rest / grid);
  shed_beat        base    = shed_beat_of((int64_t)whole, 1);
  bool             exact   = fabs(rest - near * grid) <= 0.5 + NEAR;
  *off                     = fabs(rest - near * grid) > LATE_TICKS + NEAR;
  if (exact && smf->ticks < GRID) {
    return shed_beat_add(base, plainest(smf, rest));
  }
  for (size_t i = 0; !exact && i < SHED_COUNTOF(finer); i++) {
    double cell = (double)smf->ticks / finer[i];
    double n    = round(rest / cell);
    if (fabs(rest - n * cell) <= 1 + NEAR) {
      *off = false;
      return shed_beat_add(base, shed_beat_of((int64_t)n, finer[i]));
    }
  }
  return shed_beat_add(base, shed_beat_of((int64_t)near, GRID));
}

// The beginning among n sorted ones that is nearest to a moment; -1 without.
static long
nearest(const shed_smf_written *w, size_t n, double at)
{
  size_t lo = 0, hi = n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (shed_beat_quarters(w[mid].at) < at) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  if (lo > 0 && (lo == n || at - shed_beat_quarters(w[lo - 1].at) < shed_beat_quarters(w[lo].at) - at)) {
    lo--;
  }
  return n ? (long)lo : -1;
}

// The length that was meant. @param w the part's notes by place, n of them.
static shed_beat
length_of(const shed_smf *smf, const shed_smf_written *w, size_t n, const shed_smf_written *self)
{
  static const int     parts[] = {1, 2, 4, 3, 6, 8}; // of a quarter, plainest first
  const shed_smf_note *note    = &smf->notes[self->note];
  double               from    = shed_beat_quarters(self->at);
  double               end     = (double)note->off / smf->ticks;
  double               early   = EARLY_SHARE * (end - from) + EARLY_LEAST;
  long                 next    = nearest(w, n, end);
  if (next >= 0 && shed_beat_cmp(w[next].at, self->at) > 0 &&
      fabs(shed_beat_quarters(w[next].at) - end) <= early) {
    return shed_beat_sub(w[next].at, self->at);
  }
  for (size_t i = 0; i < SHED_COUNTOF(parts); i++) {
    double n_parts = ceil(end * parts[i] - NEAR);
    if (n_parts / parts[i] - end <= early && n_parts / parts[i] > from + NEAR) {
      return shed_beat_sub(shed_beat_of((int64_t)n_parts, parts[i]), self->at);
    }
  }
  bool      off;
  shed_beat length = shed_beat_sub(place_of(smf, note->off, &off), self->at);
  return length.num > 0 ? length : shed_beat_of(1, GRID);
}

// What qsort compares: the part is in the note, which a written one only names.
typedef struct {
  shed_smf_written w;
  unsigned         part;
  uint64_t         on;
  int              key;
} keyed;

static int
by_part_and_place(const void *a, const void *b)
{
  const keyed *x = a, *y = b;
  if (x->part != y->part) {
    return x->part < y->part ? -1 : 1;
  }
  int c = shed_beat_cmp(x->w.at, y->w.at);
  c     = c ? c : (x->on > y->on) - (x->on < y->on);
  c     = c ? c : x->key - y->key;
  return c ? c : (x->w.note > y->w.note) - (x->w.note < y->w.note);
}

// Some software strikes the notes of a chord a moment apart, each still held when the next begins: they are one moment.
static void
join_chords(const shed_smf *smf, keyed *k, size_t n)
{
  uint64_t near  = (uint64_t)smf->ticks / CHORD_STEP;
  uint64_t whole = (uint64_t)smf->ticks / CHORD_WHOLE;
  uint64_t first = 0;
  for (size_t i = 0; i < n; i++) {
    const shed_smf_note *self = &smf->notes[k[i].w.note];
    const shed_smf_note *last = i ? &smf->notes[k[i - 1].w.note] : NULL;
    bool joins = last && k[i].part == k[i - 1].part && self->on > last->on && self->on - last->on <= near &&
                 self->on - first <= whole && last->off > self->on + near && self->off > last->on + 2 * near;
    bool same = last && k[i].part == k[i - 1].part && self->on == last->on;
    if (joins || same) {
      k[i].w.at       = k[i - 1].w.at;
      k[i].w.off_beat = false;
    } else {
      first = self->on;
    }
  }
}

static void
set_lengths(const shed_smf *smf, const keyed *k, shed_smf_written *w, size_t n)
{
  for (size_t i = 0; i < n;) {
    size_t end = i;
    while (end < n && k[end].part == k[i].part) {
      end++;
    }
    for (size_t j = i; j < end; j++) {
      w[j].length = length_of(smf, w + i, end - i, &w[j]);
    }
    i = end;
  }
}

shed_status
shed_smf_write(const shed_smf *smf, const shed_alloc *alloc, shed_smf_written **out)
{
  keyed            *k = shed_calloc(alloc, smf->n_notes, sizeof(*k));
  shed_smf_written *w = shed_calloc(alloc, smf->n_notes, sizeof(*w));
  if (!k || !w) {
    shed_free(alloc, k);
    shed_free(alloc, w);
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < smf->n_notes; i++) {
    k[i].w.note = i;
    k[i].w.at   = place_of(smf, smf->notes[i].on, &k[i].w.off_beat);
    k[i].part   = smf->notes[i].track * (unsigned)SHED_SMF_CHANNELS + smf->notes[i].channel;
    k[i].on     = smf->notes[i].on;
    k[i].key    = smf->notes[i].key;
  }
  if (smf->n_notes) {
    qsort(k, smf->n_notes, sizeof(*k), by_part_and_place);
  }
  join_chords(smf, k, smf->n_notes);
  for (size_t i = 0; i < smf->n_notes; i++) {
    w[i] = k[i].w;
  }
  set_lengths(smf, k, w, smf->n_notes);
  shed_free(alloc, k);
  *out = w;
  return SHED_OK;
}
