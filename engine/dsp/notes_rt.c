// About this file: the settled boundaries of the path become onsets and notes.
#include "engine/dsp/level.h"
#include "engine/dsp/notes_internal.h"

#include <math.h>
#include <stdlib.h>

static const float HOP_S = 0.010f;
enum {
  STABLE_MIN     = 4,  // frames: less is no note
  TELL_AT        = 4,  // frames after which a settled onset is told: so long it is a note
  PROVISIONAL    = 2,  // frames of lag of the provisional onset
  APART_ON       = 6,  // frames between provisional onsets
  NOTE_LEAST     = 6,  // frames between two notes
  RISES_NEAR     = 6,  // frames to each side of a beginning where something rises
  TAIL_FRAMES    = 40, // frames before that a tail is told against
  SUNG_FRAMES    = 12, // so long a note with a pitch is no ringing drum
  STROKE_SETTLES = 7,  // frames in which a stroke has one pitch
  STROKE_RISES   = 3,  // and in which it still rises itself
  STROKE_OWN     = 10, // frames from a stroke to the pitch that it has
  DOUBT_BACK     = 4   // frames that the pitch was surer in
};

// Onsets never come closer than this: two clicks so far apart are heard as two.
static const float APART_S = 0.030f;
// What the ear is no surer of than this, on average, and what does not plainly begin, is no note: rumble, breath, hum.
static const float FRAMES_SURE = 0.75f;
static const float NOTE_SURE   = 0.6f;
static const float PLAIN_FLUX  = 0.8f;
// What has fallen so far and has less of all begins nothing (fitting half: no note; half of those that nobody played).
static const float DECAYS_DB      = 4.0f;
static const float RISES_FLUX     = 0.06f;
static const float RISES_DB       = 0.5f;
static const float RISES_BURST_DB = 1.2f;
// The same so far under what sounded shortly before: the room, a string, a skin rings on.
static const float TAIL_DB      = 15.0f;
static const float TAIL_FLUX    = 0.2f;
static const float TAIL_RISE_DB = 3.0f;
// What begins like a stroke and has no sure pitch is a drum.
static const float DRUM_FLUX    = 1.0f;
static const float DRUM_SURE    = 0.75f;
static const float FADES_DB     = 0.03f; // a frame: what was loud is forgotten
static const float WAVER_MOST   = 60.0f; // cents: more is another note
static const float WAVER_STEP   = 0.03f; // cents a frame
static const float WAVER_SURE   = 0.95f;
static const float ONWARD_SHARE = 0.01f; // of the new step

void
notes_put(shed_notes *n, const shed_notes_out *e)
{
  SHED_ASSERT(n->queue_n < NOTES_QUEUE); // all were polled after the push before
  n->queue[(n->queue_first + n->queue_n) % NOTES_QUEUE] = *e;
  n->queue_n++;
}

static float
midi_of(float f0_hz)
{
  return f0_hz > 0.0f ? 69.0f + 12.0f * log2f(f0_hz / 440.0f) : 0.0f;
}

static float
hz_of(float midi)
{
  return 440.0f * exp2f((midi - 69.0f) / 12.0f);
}

float
notes_after_last(shed_notes *n, float time_s)
{
  n->last_told_s = fmaxf(time_s, n->last_told_s + APART_S);
  return n->last_told_s;
}

float
notes_strength_at(const shed_notes *n, int64_t frame)
{
  float best = 0.0f;
  for (int64_t k = frame - 2; k <= frame + 3; k++) {
    if (k >= 0 && k < n->count) {
      best = fmaxf(best, notes_in_at(n, k)->flux);
    }
  }
  return best;
}

// Mean confidence of the note's voiced frames so far.
static float
confidence_so_far(const shed_notes *n, int64_t end)
{
  float   sum   = 0.0f;
  int     m     = 0;
  int64_t known = n->count - NOTES_RING; // before the frames that are kept
  for (int64_t k = n->onset > known ? n->onset : known + 1; k < end; k++) {
    const shed_notes_in *in = notes_in_at(n, k);
    sum += in->voiced ? in->confidence : 0.0f;
    m += in->voiced;
  }
  return m > 0 ? sum / (float)m : 0.0f;
}

static float
level_so_far(const shed_notes *n, int64_t end)
{
  float most = NOTES_SILENT_DB;
  for (int64_t k = n->onset; k < end; k++) {
    most = fmaxf(most, notes_in_at(n, k)->level_db);
  }
  return most;
}

// Does anything rise about this frame? What dies away may change its pitch, and begins nothing.
static bool
rises(const shed_notes *n, int64_t frame)
{
  float flux = 0.0f, rise_db = 0.0f, burst_db = 0.0f;
  float before_db = SHED_LEVEL_SILENCE_DB, after_db = SHED_LEVEL_SILENCE_DB;
  for (int64_t k = frame - TAIL_FRAMES; k <= frame + RISES_NEAR; k++) {
    if (k < 0 || k <= n->count - NOTES_RING || k >= n->count) {
      continue;
    }
    const shed_notes_in *in = notes_in_at(n, k);
    if (k >= frame - RISES_NEAR) {
      flux     = fmaxf(flux, in->flux);
      rise_db  = fmaxf(rise_db, in->rise_db);
      burst_db = fmaxf(burst_db, in->burst_db);
    }
    before_db = k < frame ? fmaxf(before_db, in->level_db) : before_db;
    after_db  = k >= frame ? fmaxf(after_db, in->level_db) : after_db;
  }
  if (after_db > before_db - DECAYS_DB) {
    return true; // what is held may be slurred so softly that nothing rises
  }
  if (after_db < before_db - TAIL_DB && !notes_is_sung(n, frame)) {
    return flux >= TAIL_FLUX || rise_db >= TAIL_RISE_DB;
  }
  return flux >= RISES_FLUX || rise_db >= RISES_DB || burst_db >= RISES_BURST_DB;
}

// Right after a stroke the path may pass from one of its partials to another, or back to what still rings: where nothing
// rises after the stroke itself, that is no other note.
static bool
is_of_stroke(const shed_notes *n, int64_t frame)
{
  int64_t stroke = n->told_n > 0 ? n->told_at[(n->told_n - 1) % NOTES_TOLD] : -1;
  if (stroke < 0 || frame - stroke > STROKE_SETTLES || notes_strength_at(n, stroke) < DRUM_FLUX) {
    return false;
  }
  float flux = 0.0f;
  for (int64_t k = stroke + STROKE_RISES; k <= frame + 2 && k < n->count; k++) {
    flux = fmaxf(flux, notes_in_at(n, k)->flux);
  }
  return flux < TAIL_FLUX;
}

static bool
is_note(const shed_notes *n, int64_t end)
{
  float sure = confidence_so_far(n, end), evidence[NOTES_EVIDENCE];
  notes_evidence(n, sure, level_so_far(n, end), evidence);
  return rises(n, n->onset) && (notes_strength_at(n, n->onset) >= PLAIN_FLUX ||
                                (sure >= FRAMES_SURE && notes_sure(evidence) >= NOTE_SURE));
}

void
notes_remember(shed_notes *n, int64_t frame)
{
  n->told_at[n->told_n++ % NOTES_TOLD] = frame;
}

static void
tell_onset(shed_notes *n, const shed_rise *rise, int64_t end)
{
  // its pitch was open when its beginning was settled
  int state = notes_path_best(&n->path);
  if (n->sounding && state != NOTES_SILENCE && end == n->count) {
    n->to_hz = hz_of(notes_midi_of(notes_pitch_of(state)));
  }
  notes_stroke_end(n, true); // notes are told in order of onset
  n->onset_s       = notes_after_last(n, notes_time_s(n, rise, n->onset, n->from_hz, n->to_hz));
  n->strength      = notes_strength_at(n, n->onset);
  shed_notes_out e = {.kind = SHED_NOTES_ONSET, .onset_s = n->onset_s, .strength = n->strength};
  // as sure as that there is a note: what is known of it so far
  float evidence[NOTES_EVIDENCE];
  notes_evidence(n, confidence_so_far(n, end), level_so_far(n, end), evidence);
  e.confidence = notes_sure(evidence);
  notes_put(n, &e);
  notes_remember(n, n->onset);
  n->told = true;
}

void
notes_tell_waiting(shed_notes *n, const shed_rise *rise)
{
  if (!n->told && n->count - n->onset >= TELL_AT && is_note(n, n->count)) {
    tell_onset(n, rise, n->count);
  }
}

static float
confidence_of(const notes_shape *s)
{
  return s->frames > 0 ? s->confidence / (float)s->frames : 0.0f;
}

static void
end_note(shed_notes *n, const shed_rise *rise, int64_t frame)
{
  n->sounding = false;
  n->last_end = frame;
  if (n->shape.frames < STABLE_MIN && !n->told) {
    return;
  }
  if (!n->told) {
    bool passed = n->stroke.frame > n->onset; // a stroke after it has been told
    if (passed || !is_note(n, frame)) {
      return;
    }
    tell_onset(n, rise, frame);
  }
  shed_notes_out e = {.kind     = SHED_NOTES_NOTE,
                      .onset_s  = n->onset_s,
                      .offset_s = fmaxf(notes_frame_s(notes_end_frame(n, frame)), n->onset_s + HOP_S),
                      .strength = n->strength};
  notes_shape_tell(&n->shape, &e);
  notes_evidence(n, confidence_of(&n->shape), e.level_db, n->evidence);
  e.confidence = notes_sure(n->evidence);
  if (n->shape.frames < STABLE_MIN || (n->strength >= DRUM_FLUX && confidence_of(&n->shape) < DRUM_SURE)) {
    e.midi     = -1;
    e.cents    = 0.0f;
    e.cents_sd = NAN;
  }
  n->loud_db = e.midi >= 0 ? fmaxf(n->loud_db, e.level_db) : n->loud_db;
  if (e.midi >= 0 && n->shape.frames >= SUNG_FRAMES) {
    n->last_sung  = frame;
    n->last_voice = notes_shape_is_held(&n->shape) ? frame : n->last_voice;
  }
  notes_put(n, &e);
}

// What was told as a stroke has a pitch.
void
notes_own_stroke(shed_notes *n)
{
  n->told        = true;
  n->onset_s     = n->stroke.onset_s;
  n->strength    = n->stroke.strength;
  n->stroke.open = false;
}

static void
start_note(shed_notes *n, const notes_boundary *b)
{
  bool tied   = n->last_end == b->frame;
  n->from_hz  = tied ? n->to_hz : 0.0f;
  n->to_hz    = hz_of(notes_midi_of(b->pitch));
  n->sounding = true;
  n->told     = false;
  n->onset    = b->frame;
  notes_shape_start(&n->shape, b->pitch);
  if (n->stroke.open && llabs(b->frame - n->stroke.frame) <= STROKE_OWN) {
    notes_own_stroke(n);
  }
}

// Frames up to `end` belong to what is open. states: of the frames back from the newest.
static void
feed(shed_notes *n, int64_t end, const int *states)
{
  for (; n->fed < end; n->fed++) {
    if (!n->sounding) {
      continue;
    }
    const shed_notes_in *in    = notes_in_at(n, n->fed);
    int                  state = states[n->count - 1 - n->fed];
    notes_shape_sound(&n->shape, in->level_db);
    if (state >= NOTES_STABLE && in->voiced) {
      if (n->shape.frames == 0) {
        n->shape.pitch = notes_pitch_of(state);
      }
      notes_shape_stable(&n->shape, midi_of(in->f0_hz), in->confidence);
    }
  }
}

// Where the open note ends for all that is known: a boundary that is not settled yet, or now.
static int64_t
lasts_until(const shed_notes *n)
{
  int64_t first = n->path.first[notes_path_best(&n->path)];
  return first != NOTES_NONE ? first / 2 : n->count;
}

// A plain stroke whose pitch is not sure, and not what a voice sings: its boundaries are those of a ringing skin.
static bool
is_skin(const shed_notes *n, int64_t end)
{
  return !notes_is_sung(n, end) && notes_strength_at(n, n->onset) >= DRUM_FLUX &&
         confidence_so_far(n, end) < DRUM_SURE;
}

static void
settle(shed_notes *n, const shed_rise *rise, int lag, const int *states)
{
  notes_boundary b;
  while (notes_path_settle(&n->costs, &n->path, n->count - 1, lag, &b)) {
    feed(n, b.frame, states);
    if (b.note && n->sounding && b.frame - n->onset < NOTE_LEAST && (n->told || is_skin(n, b.frame))) {
      notes_shape_start(&n->shape, b.pitch); // the same attack, its pitch found only now
      n->to_hz = hz_of(notes_midi_of(b.pitch));
      continue;
    }
    if (b.note && n->sounding && (!rises(n, b.frame) || is_of_stroke(n, b.frame))) {
      continue; // it rings on
    }
    if (n->sounding) {
      end_note(n, rise, b.frame);
    }
    if (b.note) {
      start_note(n, &b);
    }
  }
  feed(n, n->count - SHED_NOTES_LAG, states);
  if (n->sounding && !n->told && lasts_until(n) - n->onset >= TELL_AT && is_note(n, n->count)) {
    tell_onset(n, rise, n->count);
  }
}

static void
tell_provisional(shed_notes *n, const int *states)
{
  int64_t frame = n->count - 1 - PROVISIONAL;
  bool    after = states[PROVISIONAL] != NOTES_SILENCE && states[PROVISIONAL] < NOTES_STABLE &&
               states[PROVISIONAL + 1] != states[PROVISIONAL];
  if (frame < 0 || !after || frame - n->last_on < APART_ON) {
    return;
  }
  shed_notes_out e = {.kind     = SHED_NOTES_ON,
                      .onset_s  = notes_frame_s(frame),
                      .midi     = (int)lrintf(notes_midi_of(notes_pitch_of(states[PROVISIONAL]))),
                      .cents_sd = NAN};
  notes_put(n, &e);
  n->last_on = frame;
}

// In noise the pitch of anything wavers.
static bool
is_sure(const shed_notes_in *in)
{
  return in->voiced && in->confidence >= WAVER_SURE;
}

// From one frame to the next, NaN where there is no pitch in both or another one.
static float
pitch_step_cents(const shed_notes *n, int64_t frame)
{
  if (frame < 1 || !is_sure(notes_in_at(n, frame)) || !is_sure(notes_in_at(n, frame - 1))) {
    return NAN;
  }
  float cents = 1200.0f * log2f(notes_in_at(n, frame)->f0_hz / notes_in_at(n, frame - 1)->f0_hz);
  return fabsf(cents) < WAVER_MOST ? cents : NAN;
}

static void
follow_waver(shed_notes *n)
{
  float step = pitch_step_cents(n, n->count - 1), before = pitch_step_cents(n, n->count - 2);
  if (isnan(step)) {
    return;
  }
  n->waver += fabsf(step) > n->waver ? WAVER_STEP : -WAVER_STEP;
  if (!isnan(before)) {
    n->onward += ONWARD_SHARE * ((step * before > 0.0f ? 1.0f : 0.0f) - n->onward);
  }
}

// Where the pitch hardly wavers, a frame off it says more.
static notes_costs
costs_here(const shed_notes *n)
{
  notes_costs c      = n->costs;
  float       steady = 1.0f - notes_voice(n);
  c.pitch_cost_max += steady * (c.steady_cost_max - c.pitch_cost_max);
  c.to_other += steady * (c.steady_to_other - c.to_other);
  c.to_same += steady * (c.steady_to_same - c.to_same);
  c.doubt_gain += steady * (c.steady_doubt_gain - c.doubt_gain);
  return c;
}

// A new pitch makes the old one doubtful, also where that has the word for some frames longer.
static float
doubt_now(const shed_notes *n)
{
  const shed_notes_in *now  = notes_in_at(n, n->count - 1);
  float                sure = 0.0f;
  for (int64_t k = n->count - 2; k >= 0 && k >= n->count - 1 - DOUBT_BACK; k--) {
    sure = fmaxf(sure, notes_in_at(n, k)->voiced ? notes_in_at(n, k)->confidence : 0.0f);
  }
  return now->voiced ? fmaxf(sure - now->confidence, 0.0f) : 0.0f;
}

enum { TRACED = SHED_NOTES_LAG + 8 };

void
shed_notes_push(shed_notes *n, const shed_notes_in *in, const shed_rise *rise)
{
  int64_t frame             = n->count++;
  n->in[frame % NOTES_KEPT] = *in;
  follow_waver(n);
  n->loud_db -= FADES_DB;
  notes_costs costs = costs_here(n);
  notes_path_step(&costs, &n->path, in, doubt_now(n), frame);
  int states[TRACED];
  notes_path_trace(&n->path, frame, states, TRACED);
  tell_provisional(n, states);
  settle(n, rise, SHED_NOTES_LAG, states);
  notes_stroke_look(n, rise, states, TRACED, false);
  notes_stroke_end(n, false);
}

void
shed_notes_finish(shed_notes *n, const shed_rise *rise)
{
  if (n->count == 0) {
    return;
  }
  int states[TRACED];
  notes_path_trace(&n->path, n->count - 1, states, TRACED);
  settle(n, rise, 0, states);
  feed(n, n->count, states);
  if (n->sounding) {
    end_note(n, rise, n->count);
  }
  notes_stroke_look(n, rise, states, TRACED, true);
  notes_stroke_end(n, true);
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
