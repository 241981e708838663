// About this file: claps, drums and other strokes without pitch. A burst is a stroke when no pitched note takes it over: in
// a passage that sings it may be a consonant, so there it waits longer than among strokes.
#include "engine/dsp/notes_internal.h"

#include <math.h>
#include <stdlib.h>

static const float HOP_S = 0.010f;
enum {
  AROUND        = 2,  // frames to each side that an unpitched onset must stand above
  SOON          = 5,  // frames until it is told where nothing sings
  PITCH_AFTER   = 15, // frames: a consonant before a pitched note is no note of its own
  PITCH_BEFORE  = 8,  // frames: nor is a note's end
  OWN_BEFORE    = 5,  // frames before and after a stroke in which
  OWN_AFTER     = 10, // an onset that was told is its own
  HELD_FRAMES   = 12, // frames of a sure pitch: so long a note is held
  RINGS_AFTER   = 4,  // frames after a burst that a stroke still sounds
  UNPITCHED_GAP = 4,  // frames between unpitched onsets
  WEAK_GAP      = 8,  // the same before one that is not plain
  UNPITCHED_MAX = 20  // frames that one lasts at most
};
// How it must rise, and how far it must stand over the floor.
static const float STROKE_FLUX     = 0.5f;
static const float STROKE_RISE_DB  = 4.0f;
static const float STROKE_FLOOR_DB = 15.0f;
// Or, in the tail of what rings like noise, where no fine band stands out: how wide bands rise together.
static const float BURST_FLUX = 0.15f;
static const float BURST_DB   = 2.5f;
// Where no voice sings, so plain a burst is a stroke whatever is around; a pitched note that follows at once is its own.
static const float PLAIN_FLUX       = 1.0f;
static const float PLAIN_RISE_DB    = 8.0f;
static const float PLAIN_BURST_FLUX = 0.4f;
static const float PLAIN_BURST_DB   = 5.0f;
static const float RINGS_DB         = 15.0f; // under its peak at most
// The first sound of a take is told soon only when it rises by this.
static const float FIRST_RISE_DB = 20.0f;
// Between what is sung it must be plainer still, not to be a consonant.
static const float SUNG_FLUX     = 1.5f;
static const float SUNG_RISE_DB  = 15.0f;
static const float SUNG_BURST_DB = 8.0f;
static const float SILENT_DB     = -120.0f;
static const float STROKE_END_DB = 20.0f; // it has ended so far under its peak

// The most that wide bands rise at a burst: they speak a frame or two after it.
static float
burst_at(const shed_notes *n, int64_t frame)
{
  float most = 0.0f;
  for (int64_t k = frame; k <= frame + AROUND && k < n->count; k++) {
    most = fmaxf(most, notes_in_at(n, k)->burst_db);
  }
  return most;
}

static bool
is_plain(const shed_notes *n, int64_t frame)
{
  float rise_db = 0.0f, flux = notes_in_at(n, frame)->flux, burst_db = burst_at(n, frame);
  for (int64_t k = frame - AROUND; k <= frame; k++) {
    rise_db = k >= 0 ? fmaxf(rise_db, notes_in_at(n, k)->rise_db) : rise_db;
  }
  if (notes_is_sung(n, frame)) {
    return flux >= SUNG_FLUX && rise_db >= SUNG_RISE_DB && burst_db >= SUNG_BURST_DB;
  }
  return (flux >= PLAIN_FLUX && rise_db >= PLAIN_RISE_DB) ||
         (flux >= PLAIN_BURST_FLUX && burst_db >= PLAIN_BURST_DB);
}

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
  const shed_notes_in *in   = notes_in_at(n, frame);
  bool                 tail = frame - n->last_unpitched < NOTES_SINGS && !notes_is_sung(n, frame);
  bool                 wide = tail && in->flux >= BURST_FLUX && burst_at(n, frame) >= BURST_DB;
  if (in->flux < STROKE_FLUX && !wide) {
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
  return (is_plain(n, frame) && frame >= AROUND && frame + AROUND < n->count) ||
         (floor_db >= STROKE_FLOOR_DB && (wide || after - before >= STROKE_RISE_DB));
}

static void
tell_stroke(shed_notes *n, const shed_rise *rise, int64_t frame)
{
  notes_stroke *s = &n->stroke;
  if (n->sounding && n->onset < frame - AROUND) {
    notes_tell_waiting(n, rise);
  }
  *s                = (notes_stroke){.open = true, .frame = frame, .strength = notes_strength_at(n, frame)};
  s->onset_s        = notes_after_last(n, notes_time_s(n, rise, frame, 0.0f, 0.0f));
  shed_notes_out e  = {.kind       = SHED_NOTES_ONSET,
                       .onset_s    = s->onset_s,
                       .strength   = s->strength,
                       .confidence = 1.0f - expf(-2.0f * s->strength)};
  n->last_unpitched = frame;
  notes_put(n, &e);
  notes_remember(n, frame);
  if (n->sounding && !n->told && n->onset >= frame - AROUND && n->onset <= frame + OWN_AFTER) {
    notes_own_stroke(n);
  }
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

// Has an onset been told that is this burst's own?
static bool
is_told(const shed_notes *n, int64_t frame)
{
  for (int i = 0; i < NOTES_TOLD && i < n->told_n; i++) {
    int64_t at = n->told_at[(n->told_n - 1 - i) % NOTES_TOLD];
    if (at >= frame - OWN_BEFORE && at <= frame + OWN_AFTER) {
      return true;
    }
  }
  return false;
}

// Has what sounded before the burst ended on the best path, even if that is not settled?
static bool
has_ended(const shed_notes *n, int64_t frame, int lag, const int *states)
{
  if (!n->sounding || n->onset >= frame - AROUND) {
    return !n->sounding;
  }
  for (int back = 0; back <= lag + AROUND; back++) {
    if (states[back] == NOTES_SILENCE) {
      return true;
    }
  }
  return false;
}

// Does what bursts here still sound four frames later?
static bool
rings(const shed_notes *n, int64_t frame)
{
  float peak_db = SILENT_DB;
  for (int64_t k = frame; k <= frame + AROUND && k < n->count; k++) {
    peak_db = fmaxf(peak_db, notes_in_at(n, k)->level_db);
  }
  return frame + RINGS_AFTER < n->count &&
         notes_in_at(n, frame + RINGS_AFTER)->level_db >= peak_db - RINGS_DB;
}

// Does a note that was held end here? A short burst at its end is its own: a consonant, a key, a bow that leaves the string.
static bool
ends_held(const shed_notes *n, int64_t frame)
{
  bool open = n->sounding && n->onset < frame - AROUND && n->shape.frames >= HELD_FRAMES;
  bool held = llabs(frame - n->last_voice) < PITCH_BEFORE || (open && notes_shape_is_held(&n->shape));
  return held && !rings(n, frame);
}

// A plain burst is told soon when nothing sounds; later when what began with it has come to nothing, or was told by nobody.
static bool
may_tell_plain(const shed_notes *n, int64_t frame, int lag, const int *states)
{
  if (lag == SOON) {
    bool first = n->told_n == 0 && notes_in_at(n, frame)->rise_db < FIRST_RISE_DB; // it may belong to a vowel
    return !first && !notes_is_sung(n, frame) && has_ended(n, frame, lag, states);
  }
  return !n->sounding || (!n->told && n->onset >= frame - AROUND);
}

// May a burst here be told, `lag` frames after it?
static bool
may_tell(const shed_notes *n, int64_t frame, int lag, const int *states, int n_states)
{
  bool sings = n->count - n->last_sung < NOTES_SINGS;
  if (frame - n->last_unpitched < UNPITCHED_GAP) {
    return false;
  }
  if (is_plain(n, frame)) {
    return may_tell_plain(n, frame, lag, states) && !is_told(n, frame) && !ends_held(n, frame);
  }
  return !n->sounding && frame - n->last_unpitched >= WEAK_GAP && lag == (sings ? PITCH_AFTER : SOON) &&
         frame - n->last_end >= PITCH_BEFORE && is_alone(n, frame, states, n_states);
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
  if (!s->open || (!last && n->sounding && n->onset < s->frame)) {
    return; // notes are told in order of onset
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
