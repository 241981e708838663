// About this file: the path through the sounding stretches of a pitch track, and the notes along it. Stretches are parted by
// holes that no note reaches over, so that the path's tables are as long as the longest stretch and no longer.
#include "engine/take/f0_notes.h"

#include "engine/music/pitch.h"
#include "engine/take/kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  HOLE_FRAMES  = 8, ///< unvoiced frames that part two notes of one pitch
  LEAST_FRAMES = 5, ///< a shorter note is a slip of the track
  SLIDE_FRAMES = 11,
  SCOOP_FRAMES = 20,  ///< the way up to a first note belongs to it when it is not longer
  STATES       = 130, ///< note numbers, and the way between notes
  WAY          = STATES - 1,
  TURN_FRAMES  = 18, ///< of a vibrato of 5.5 Hz
  PICKED       = 512 ///< frames of a note that its pitch is told from
};
// Costs of a frame and of a change, in units of a frame that is SPREAD_CENTS off its note. Chosen on references of known
// melodies.
static const float SPREAD_CENTS = 45.0f;
static const float FAR_COST     = 3.0f;
static const float WAY_COST     = 1.1f;
static const float HOLE_COST    = 0.5f;
static const float CHANGE_COST  = 5.0f;
static const float WAY_CHANGE   = 2.0f;

static const float SLIDE_SEMITONES = 0.6f;

typedef struct {
  const shed_take *take;
  double           tuning; ///< of the track, semitones -0.5..0.5
  float           *midi;   ///< one a frame, tuning taken off; 0 where nothing sounds
  uint8_t         *from;   ///< (frames of the longest stretch) * STATES: the state before
  uint8_t         *state;  ///< one a frame of the take
} path;

// The middle of the cents, on the circle of a semitone, of all moments where the pitch stands still but for vibrato: each
// is the mean of one turn of a usual vibrato, whose ends would otherwise count most.
static double
tuning_of(const shed_take *take)
{
  static const double STEADY_SPAN = 1.6; // semitones within the turn
  const double        turn        = 2 * acos(-1.0);
  double              x = 0, y = 0;
  for (size_t i = 0; i + TURN_FRAMES <= take->n_frames; i += TURN_FRAMES / 3) {
    double low = HUGE_VAL, high = -HUGE_VAL, sum = 0;
    int    voiced = 0;
    for (size_t k = i; k < i + TURN_FRAMES && take->frames[k].voiced; k++, voiced++) {
      double m = shed_hz_to_midi((double)take->frames[k].f0_hz, 440);
      low      = fmin(low, m);
      high     = fmax(high, m);
      sum += m;
    }
    if (voiced == TURN_FRAMES && high - low <= STEADY_SPAN) {
      x += cos(turn * sum / TURN_FRAMES);
      y += sin(turn * sum / TURN_FRAMES);
    }
  }
  return x == 0 && y == 0 ? 0 : atan2(y, x) / turn;
}

static float
cost_of(float midi, int state)
{
  if (midi <= 0) {
    return HOLE_COST;
  }
  if (state == WAY) {
    return WAY_COST;
  }
  float off = fabsf(midi - (float)state) * 100 / SPREAD_CENTS;
  return fminf(off * off / 2, FAR_COST);
}

// The cheapest states of frames [from, end). Only states between the lowest and the highest pitch are looked at.
static void
walk(path *p, size_t from, size_t end)
{
  float cost[STATES], next[STATES];
  int   low = WAY - 1, high = 0;
  for (size_t i = from; i < end; i++) {
    int m = (int)lroundf(p->midi[i]);
    if (p->midi[i] > 0) {
      low  = m < low ? m : low;
      high = m > high ? m : high;
    }
  }
  low  = low > 0 ? low : 0;
  high = high < WAY ? high : WAY - 1;
  for (int s = 0; s < STATES; s++) {
    cost[s] = 0;
  }
  for (size_t i = from; i < end; i++) {
    int best = WAY;
    for (int s = low; s <= high; s++) {
      best = cost[s] < cost[best] ? s : best;
    }
    uint8_t *came = p->from + (i - from) * STATES;
    for (int k = low; k <= high + 1; k++) {
      int   s      = k <= high ? k : WAY;
      float change = s == WAY || best == WAY ? WAY_CHANGE : CHANGE_COST;
      bool  stays  = cost[s] <= cost[best] + change;
      came[s]      = (uint8_t)(stays ? s : best);
      next[s]      = (stays ? cost[s] : cost[best] + change) + cost_of(p->midi[i], s);
    }
    memcpy(cost, next, sizeof(cost));
  }
  int s = WAY;
  for (int k = low; k <= high; k++) {
    s = cost[k] < cost[s] ? k : s;
  }
  for (size_t i = end; i-- > from;) {
    p->state[i] = (uint8_t)s;
    s           = p->from[(i - from) * STATES + (size_t)s];
  }
}

// The next sounding stretch at or behind *from. False: there is none.
static bool
next_stretch(const path *p, size_t *from, size_t *end)
{
  size_t n = p->take->n_frames, i = *from;
  while (i < n && p->midi[i] <= 0) {
    i++;
  }
  if (i == n) {
    return false;
  }
  *from       = i;
  size_t last = i;
  for (; i < n && i - last <= HOLE_FRAMES; i++) {
    last = p->midi[i] > 0 ? i : last;
  }
  *end = last + 1;
  return true;
}

static int
rising(const void *a, const void *b)
{
  float x = *(const float *)a;
  float y = *(const float *)b;
  return (x > y) - (x < y);
}

// Median and spread of the middle half of a note, of the frames that are near it.
static void
set_pitch(const path *p, size_t from, size_t end, int state, shed_heard_note *n)
{
  float  picked[PICKED];
  size_t count = 0, length = end - from;
  size_t step = length / 2 / PICKED + 1;
  for (size_t i = from + length / 4; i < end - length / 4 && count < PICKED; i += step) {
    if (p->midi[i] > 0 && fabsf(p->midi[i] - (float)state) < 1) {
      picked[count++] = p->midi[i];
    }
  }
  double middle = state;
  if (count) {
    qsort(picked, count, sizeof(*picked), rising);
    middle = (double)picked[count / 2];
  }
  double pitch = fmin(fmax(middle + p->tuning, 0), 127);
  n->midi      = (int)lround(pitch);
  n->cents     = (float)((pitch - n->midi) * 100);
  n->cents_sd  = (float)NAN;
  if (length >= 6 && count >= 3) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
      sum += ((double)picked[i] - middle) * ((double)picked[i] - middle);
    }
    n->cents_sd = (float)(100 * sqrt(sum / (double)count));
  }
}

static shed_status
add_note(const path *p, size_t from, size_t end, size_t cut, shed_take *take, size_t *cap)
{
  int         state = p->state[cut];
  shed_status st    = shed_grow(take->alloc, (void **)&take->notes, cap, take->n_notes, sizeof(*take->notes));
  if (st == SHED_OK) {
    shed_heard_note *n = &take->notes[take->n_notes++];
    *n                 = (shed_heard_note){.onset_s    = (float)((double)from * SHED_FRAME_HOP_S),
                                           .offset_s   = (float)((double)end * SHED_FRAME_HOP_S),
                                           .confidence = 1,
                                           .level_db   = SHED_GIVEN_SOUNDS_DB};
    set_pitch(p, cut, end, state, n);
    take->frames[from].flux = 1;
  }
  return st;
}

// A short sound whose pitch goes one way all through is on the way to a note.
static bool
is_slide(const path *p, size_t from, size_t end)
{
  return end - from < SLIDE_FRAMES && fabsf(p->midi[end - 1] - p->midi[from]) > SLIDE_SEMITONES;
}

// Notes of one stretch. The way between two notes is shared out half and half; the way to the first belongs to it.
static shed_status
add_notes(const path *p, size_t from, size_t end, shed_take *take, size_t *cap)
{
  size_t last = from; // where the note before ended
  for (size_t i = from; i < end;) {
    size_t stop = i;
    while (stop < end && p->state[stop] == p->state[i]) {
      stop++;
    }
    if (p->state[i] != WAY && stop - i >= LEAST_FRAMES && !is_slide(p, i, stop)) {
      bool   first = last == from;
      size_t onset = first ? (i - from <= SCOOP_FRAMES ? from : i) : i - (i - last) / 2;
      if (!first && take->n_notes) {
        take->notes[take->n_notes - 1].offset_s = (float)((double)onset * SHED_FRAME_HOP_S);
      }
      shed_status st = add_note(p, onset, stop, i, take, cap);
      if (st != SHED_OK) {
        return st;
      }
      last = stop;
    }
    i = stop;
  }
  return SHED_OK;
}

static shed_status
find_notes(path *p, shed_take *take)
{
  size_t      cap = 0, longest = 0, from = 0, end = 0;
  shed_status st = SHED_OK;
  for (from = 0; next_stretch(p, &from, &end); from = end) {
    longest = end - from > longest ? end - from : longest;
  }
  p->from = shed_calloc(take->alloc, longest, STATES);
  if (!p->from) {
    return SHED_E_NOMEM;
  }
  for (from = 0; st == SHED_OK && next_stretch(p, &from, &end); from = end) {
    walk(p, from, end);
    st = add_notes(p, from, end, take, &cap);
  }
  return st;
}

shed_status
shed_f0_notes(shed_take *take)
{
  path p         = {.take = take, .tuning = tuning_of(take)};
  p.midi         = shed_calloc(take->alloc, take->n_frames, sizeof(*p.midi));
  p.state        = shed_calloc(take->alloc, take->n_frames, sizeof(*p.state));
  shed_status st = p.midi && p.state ? SHED_OK : SHED_E_NOMEM;
  for (size_t i = 0; st == SHED_OK && i < take->n_frames; i++) {
    const shed_frame *f = &take->frames[i];
    double            m = f->voiced ? shed_hz_to_midi((double)f->f0_hz, 440) - p.tuning : 0;
    p.midi[i]           = (float)fmin(fmax(m, 0), WAY - 1);
  }
  if (st == SHED_OK && (st = find_notes(&p, take)) == SHED_OK) {
    st = shed_given_onsets_of_notes(take);
  }
  shed_free(take->alloc, p.midi);
  shed_free(take->alloc, p.state);
  shed_free(take->alloc, p.from);
  return st;
}
