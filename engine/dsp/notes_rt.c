// About this file: the settled path's boundaries become onsets and notes.
#include "engine/dsp/notes_internal.h"

#include <math.h>

static const float HOP_S = 0.010f;
enum {
  STABLE_MIN    = 4,  // frames: less is no note
  TELL_AT       = 5,  // stable frames after which its onset is told
  PROVISIONAL   = 6,  // frames of lag of the provisional onset
  AROUND        = 3,  // frames to each side that an unpitched onset must stand above
  PITCH_AFTER   = 15, // frames: a consonant before a pitched note is no note of its own
  PITCH_BEFORE  = 8,  // frames: nor is a note's end
  UNPITCHED_GAP = 6,  // frames between unpitched onsets
  UNPITCHED_MAX = 20  // frames that one lasts at most
};
// A clap or a stroke: how it must rise, and how far it must stand over the floor.
static const float STROKE_FLUX     = 0.5f;
static const float STROKE_RISE_DB  = 12.0f;
static const float STROKE_FLOOR_DB = 15.0f;
static const float SILENT_DB       = -120.0f;
static const float STROKE_END_DB   = 20.0f; // it has ended so far under its peak

static void
put(shed_notes *n, const shed_notes_out *e)
{
  if (n->queue_n < NOTES_QUEUE) {
    n->queue[(n->queue_first + n->queue_n) % NOTES_QUEUE] = *e;
    n->queue_n++;
  }
}

static float
midi_of(float f0_hz)
{
  return f0_hz > 0.0f ? 69.0f + 12.0f * log2f(f0_hz / 440.0f) : 0.0f;
}

static float
strength_at(const shed_notes *n, int64_t frame)
{
  float best = 0.0f;
  for (int64_t k = frame - 2; k <= frame + 3; k++) {
    if (k >= 0 && k < n->count) {
      best = fmaxf(best, notes_in_at(n, k)->flux);
    }
  }
  return best;
}

static void
tell_onset(shed_notes *n)
{
  shed_notes_out e = {.kind = SHED_NOTES_ONSET, .onset_s = n->onset_s, .strength = n->strength};
  e.confidence     = n->shape.confidence / (float)n->shape.frames * (0.5f + 0.5f * fminf(n->strength, 1.0f));
  put(n, &e);
  n->told = true;
}

static void
end_note(shed_notes *n, int64_t frame)
{
  n->sounding = false;
  n->last_end = frame;
  if (n->shape.frames < STABLE_MIN) {
    return;
  }
  if (!n->told) {
    tell_onset(n);
  }
  shed_notes_out e = {.kind     = SHED_NOTES_NOTE,
                      .onset_s  = n->onset_s,
                      .offset_s = (float)frame * HOP_S,
                      .strength = n->strength};
  notes_shape_tell(&n->shape, &e);
  put(n, &e);
}

static void
start_note(shed_notes *n, int64_t frame, int state)
{
  n->sounding = true;
  n->told     = false;
  n->onset    = frame;
  n->onset_s  = (float)frame * HOP_S;
  n->strength = strength_at(n, frame);
  notes_shape_start(&n->shape, notes_pitch_of(state));
}

static bool
is_attack(int state)
{
  return state >= NOTES_ATTACK && state < NOTES_STABLE;
}

// A frame's state is settled: it goes on with the open note, or ends it, or begins another.
static void
settle(shed_notes *n, int64_t frame, int state)
{
  const shed_notes_in *in  = notes_in_at(n, frame);
  int                  old = n->settled;
  n->settled               = state;
  if (state == NOTES_SILENCE) {
    if (n->sounding) {
      end_note(n, frame);
    }
    return;
  }
  int  pitch = notes_pitch_of(state);
  bool anew  = is_attack(state) && !is_attack(old);
  // the best path may have changed its mind between two frames
  bool other =
      n->sounding && n->shape.frames > 0 && (pitch > n->shape.pitch + 1 || pitch < n->shape.pitch - 1);
  if (n->sounding && (anew || other)) {
    end_note(n, frame);
  }
  if (!n->sounding) {
    start_note(n, frame, state);
  }
  notes_shape_sound(&n->shape, in->level_db);
  if (!is_attack(state)) {
    if (n->shape.frames == 0) {
      n->shape.pitch = pitch;
    }
    if (in->voiced) {
      notes_shape_stable(&n->shape, midi_of(in->f0_hz), in->confidence);
    }
  }
  if (!n->told && n->shape.frames >= TELL_AT) {
    tell_onset(n);
  }
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
tell_stroke(shed_notes *n, int64_t frame)
{
  float peak = -200.0f;
  int   last = 0;
  for (int k = 0; k < UNPITCHED_MAX && frame + k < n->count; k++) {
    float level = notes_in_at(n, frame + k)->level_db;
    peak        = fmaxf(peak, level);
    last        = k;
    if (level < peak - STROKE_END_DB) {
      break;
    }
  }
  float          strength = strength_at(n, frame);
  shed_notes_out e        = {.kind       = SHED_NOTES_ONSET,
                             .onset_s    = (float)frame * HOP_S,
                             .strength   = strength,
                             .confidence = 1.0f - expf(-2.0f * strength)};
  put(n, &e);
  e.kind     = SHED_NOTES_NOTE;
  e.offset_s = e.onset_s + (float)(last + 1) * HOP_S;
  e.midi     = -1;
  e.level_db = peak;
  e.cents_sd = NAN;
  put(n, &e);
  n->last_unpitched = frame;
}

// states: of the frames from this one on, oldest last.
static void
look_for_stroke(shed_notes *n, int64_t frame, const int *states, int n_states)
{
  if (frame - n->last_unpitched < UNPITCHED_GAP || frame - n->last_end < PITCH_BEFORE ||
      !is_stroke(n, frame)) {
    return;
  }
  for (int k = 1; k <= PITCH_AFTER && k < n_states; k++) {
    if (states[n_states - 1 - k] != NOTES_SILENCE) {
      return;
    }
  }
  tell_stroke(n, frame);
}

static void
tell_provisional(shed_notes *n, int64_t newest, const int *states)
{
  int64_t frame = newest - PROVISIONAL;
  if (frame < 0 || !is_attack(states[PROVISIONAL]) || is_attack(states[PROVISIONAL + 1]) ||
      frame - n->last_on < PROVISIONAL) {
    return;
  }
  shed_notes_out e = {.kind     = SHED_NOTES_ON,
                      .onset_s  = (float)frame * HOP_S,
                      .midi     = (int)lrintf(notes_midi_of(notes_pitch_of(states[PROVISIONAL]))),
                      .cents_sd = NAN};
  put(n, &e);
  n->last_on = frame;
}

void
shed_notes_push(shed_notes *n, const shed_notes_in *in)
{
  int64_t frame             = n->count++;
  n->in[frame % NOTES_RING] = *in;
  notes_path_step(&n->costs, &n->path, in, frame);
  int states[SHED_NOTES_LAG + 1];
  notes_path_trace(&n->path, frame, states, SHED_NOTES_LAG + 1);
  tell_provisional(n, frame, states);
  int64_t old = frame - SHED_NOTES_LAG;
  if (old >= 0) {
    settle(n, old, states[SHED_NOTES_LAG]);
    if (states[SHED_NOTES_LAG] == NOTES_SILENCE) {
      look_for_stroke(n, old, states, SHED_NOTES_LAG + 1);
    }
  }
}

void
shed_notes_finish(shed_notes *n)
{
  int64_t frame = n->count - 1;
  int     states[SHED_NOTES_LAG];
  int     left = n->count < SHED_NOTES_LAG ? (int)n->count : SHED_NOTES_LAG;
  if (left == 0) {
    return;
  }
  notes_path_trace(&n->path, frame, states, left);
  for (int k = left - 1; k >= 0; k--) {
    settle(n, frame - k, states[k]);
    if (states[k] == NOTES_SILENCE) {
      look_for_stroke(n, frame - k, states, k + 1);
    }
  }
  if (n->sounding) {
    end_note(n, n->count);
  }
}

int
shed_notes_poll(shed_notes *n, shed_notes_out *out)
{
  if (n->queue_n == 0) {
    return 0;
  }
  *out           = n->queue[n->queue_first];
  n->queue_first = (n->queue_first + 1) % NOTES_QUEUE;
  n->queue_n--;
  return 1;
}
