// About this file: claps, drums and other strokes without pitch. A burst is a stroke when no pitched note takes it over: in
// a passage that sings it may be a consonant, so there it waits longer than among strokes.
#include "engine/dsp/notes_internal.h"

#include <math.h>

static const float HOP_S = 0.010f;
enum {
  AROUND        = 2,   // frames to each side that an unpitched onset must stand above
  SOON          = 5,   // frames until it is told where nothing sings
  PITCH_AFTER   = 15,  // frames: a consonant before a pitched note is no note of its own
  SINGS         = 150, // frames since the last pitched note: it sings no more
  PITCH_BEFORE  = 8,   // frames: nor is a note's end
  UNPITCHED_GAP = 4,   // frames between unpitched onsets
  UNPITCHED_MAX = 20   // frames that one lasts at most
};
// How it must rise, and how far it must stand over the floor.
static const float STROKE_FLUX     = 0.5f;
static const float STROKE_RISE_DB  = 4.0f;
static const float STROKE_FLOOR_DB = 15.0f;
// Where no voice sings, so plain a burst is a stroke whatever is around; a pitched note that follows at once is its own.
static const float PLAIN_FLUX    = 1.0f;
static const float PLAIN_RISE_DB = 20.0f;
static const float SILENT_DB     = -120.0f;
static const float STROKE_END_DB = 20.0f; // it has ended so far under its peak

// How far the loudest of the frames about this one stands over the quietest that follow: a stroke dies away. At the
// start of a take there is no other floor to tell it from a steady noise.
static float
falls_again(const shed_notes *n, int64_t frame, float peak_db)
{
  float least = peak_db;
  for (int64_t k = frame; k < frame + UNPITCHED_MAX && k < n->count; k++) {
    least = fminf(least, notes_in_at(n, k)->level_db);
  }
  return peak_db - least;
}

// Does the sound rise here like a stroke, more than anywhere around?
static bool
is_stroke(const shed_notes *n, int64_t frame)
{
  const shed_notes_in *in = notes_in_at(n, frame);
  if (in->flux < STROKE_FLUX) {
    return false;
  }
  float before = frame < AROUND ? SILENT_DB : 200.0f, after = SILENT_DB, floor_db = 0.0f;
  for (int64_t k = frame - AROUND; k <= frame + AROUND; k++) {
    if (k < 0 || k >= n->count) {
      continue;
    }
    const shed_notes_in *at = notes_in_at(n, k);
    if (at->flux > in->flux || (at->flux == in->flux && k < frame)) {
      return false;
    }
    if (k < frame) {
      before = fminf(before, at->level_db);
    } else if (at->level_db > after) {
      after    = at->level_db;
      floor_db = at->over_floor_db;
    }
  }
  if (frame < AROUND) {
    floor_db = falls_again(n, frame, after);
  }
  return after - before >= STROKE_RISE_DB && floor_db >= STROKE_FLOOR_DB;
}

static void
tell_stroke(shed_notes *n, const shed_rise *rise, int64_t frame)
{
  notes_stroke *s   = &n->stroke;
  *s                = (notes_stroke){.open = true, .frame = frame, .strength = notes_strength_at(n, frame)};
  s->onset_s        = notes_after_last(n, notes_time_s(n, rise, frame, 0.0f, 0.0f));
  shed_notes_out e  = {.kind       = SHED_NOTES_ONSET,
                       .onset_s    = s->onset_s,
                       .strength   = s->strength,
                       .confidence = 1.0f - expf(-2.0f * s->strength)};
  n->last_unpitched = frame;
  notes_put(n, &e);
}

// Is the frame silent on the best path, and what follows it as far as is looked?
static bool
is_alone(const shed_notes *n, int64_t frame, const int *states, int n_states)
{
  for (int64_t k = frame; k < n->count && k <= frame + PITCH_AFTER; k++) {
    int64_t back = n->count - 1 - k;
    if (back >= n_states || states[back] != NOTES_SILENCE) {
      return false;
    }
  }
  return true;
}

static bool
is_plain(const shed_notes *n, int64_t frame)
{
  const shed_notes_in *in   = notes_in_at(n, frame);
  bool                 sung = notes_voice(n) >= 0.5f && frame - n->last_sung < SINGS;
  return in->flux >= PLAIN_FLUX && in->rise_db >= PLAIN_RISE_DB && !sung;
}

// May a burst here be told, `lag` frames after it?
static bool
may_tell(const shed_notes *n, int64_t frame, int lag, const int *states, int n_states)
{
  bool sings = n->count - n->last_sung < SINGS;
  if (n->sounding || frame - n->last_unpitched < UNPITCHED_GAP) {
    return false;
  }
  if (is_plain(n, frame)) {
    return lag == SOON;
  }
  return lag == (sings ? PITCH_AFTER : SOON) && frame - n->last_end >= PITCH_BEFORE &&
         is_alone(n, frame, states, n_states);
}

// states: back from the newest frame. last: no frame follows.
void
notes_stroke_look(shed_notes *n, const shed_rise *rise, const int *states, int n_states, bool last)
{
  static const int LAGS[] = {PITCH_AFTER, SOON};
  int64_t          newest = n->count - 1;
  for (size_t i = 0; i < SHED_COUNTOF(LAGS); i++) {
    for (int64_t k = newest - LAGS[i]; k >= 0 && k <= newest; k++) {
      if (may_tell(n, k, LAGS[i], states, n_states) && is_stroke(n, k)) {
        notes_stroke_end(n, true);
        tell_stroke(n, rise, k);
      }
      if (!last) {
        break;
      }
    }
  }
}

void
notes_stroke_end(shed_notes *n, bool last)
{
  notes_stroke *s = &n->stroke;
  if (!s->open) {
    return;
  }
  int64_t end  = s->frame;
  int     ends = 0; // frames it still sounds at its end
  s->peak_db   = SILENT_DB;
  for (; end < n->count && end < s->frame + UNPITCHED_MAX; end++) {
    float level = notes_in_at(n, end)->level_db;
    s->peak_db  = fmaxf(s->peak_db, level);
    if (level < s->peak_db - STROKE_END_DB) {
      ends = 1;
      break;
    }
  }
  if (end == n->count && !last && ends == 0) {
    return;
  }
  s->open          = false;
  shed_notes_out e = {.kind     = SHED_NOTES_NOTE,
                      .onset_s  = s->onset_s,
                      .offset_s = fmaxf(notes_frame_s(end + ends), s->onset_s + HOP_S),
                      .strength = s->strength,
                      .midi     = -1,
                      .level_db = s->peak_db,
                      .cents_sd = NAN};
  e.confidence     = 1.0f - expf(-2.0f * s->strength);
  notes_put(n, &e);
}
