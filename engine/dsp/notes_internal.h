// What the parts of the note finder share: notes.c (making), notes_path_rt.c (the best path), notes_shape_rt.c (what one
// note was like), notes_rt.c (boundaries into events).
#ifndef SHED_DSP_NOTES_INTERNAL_H
#define SHED_DSP_NOTES_INTERNAL_H

#include "engine/dsp/notes.h"

enum {
  NOTES_LOW_MIDI     = 21, // A0
  NOTES_PER_SEMITONE = 3,
  NOTES_PITCHES      = (109 - NOTES_LOW_MIDI) * NOTES_PER_SEMITONE + 1,
  // states: silence, attacks, stable sound
  NOTES_SILENCE = 0,
  NOTES_ATTACK  = 1,
  NOTES_STABLE  = NOTES_ATTACK + NOTES_PITCHES,
  NOTES_STATES  = NOTES_STABLE + NOTES_PITCHES,
  NOTES_RING    = 64,  // frames kept: the lag and what is looked at around a boundary
  NOTES_SERIES  = 256, // frames of a note that vibrato is looked for in
  NOTES_SPREAD  = 200, // cents to each side that a note's pitch is looked for in
  NOTES_QUEUE   = 32
};

// What a step of the path costs.
typedef struct {
#define SHED_NOTES_COST(name, value) float name;
#include "engine/dsp/notes_costs.def"
} notes_costs;

// The best path so far.
typedef struct {
  float    cost[NOTES_STATES];
  float    next[NOTES_STATES];
  uint16_t before[NOTES_RING][NOTES_STATES];
  float    pitch_cost[2][NOTES_PITCHES]; // of this frame: attack, stable
} notes_path;

// What is gathered of a sounding note. All about its stable part.
typedef struct {
  int      pitch; // place on the grid that deviations are told from
  int      frames;
  uint32_t histogram[2 * NOTES_SPREAD + 1]; // deviations by the cent
  float    in_bin[2 * NOTES_SPREAD + 1];    // and their sums there
  double   sum, sum_squares, sum_t, sum_tt, sum_ty;
  float    series[NOTES_SERIES];
  float    confidence;
  float    recent_power[5]; // 50 ms
  float    loudest;         // mean power of the loudest 50 ms
  int      sounding;        // all frames, attack too
} notes_shape;

struct shed_notes {
  // immutable after shed_notes_new()
  const shed_alloc *alloc;
  notes_costs       costs; // tests/accuracy/fit_notes.c tries others

  // analysis thread only
  notes_path    path;
  shed_notes_in in[NOTES_RING];
  int64_t       count;    // frames pushed
  int           settled;  // state of the last settled frame
  bool          sounding; // a note is open
  bool          told;     // its onset has been
  int64_t       onset;    // frame
  float         onset_s;
  float         strength;
  notes_shape   shape;
  int64_t       last_on;        // frame of the last provisional note
  int64_t       last_unpitched; // frame of the last unpitched onset
  int64_t       last_end;       // frame where the last note ended

  shed_notes_out queue[NOTES_QUEUE];
  int            queue_first, queue_n;
};

static inline int
notes_pitch_of(int state)
{
  return state >= NOTES_STABLE ? state - NOTES_STABLE : state - NOTES_ATTACK;
}

static inline float
notes_midi_of(int pitch)
{
  return (float)NOTES_LOW_MIDI + (float)pitch / (float)NOTES_PER_SEMITONE;
}

static inline const shed_notes_in *
notes_in_at(const shed_notes *n, int64_t frame)
{
  return &n->in[frame % NOTES_RING];
}

// notes_path_rt.c
void notes_path_step(const notes_costs *c, notes_path *p, const shed_notes_in *in, int64_t frame);
// States of the last n frames on the best path, newest first.
void notes_path_trace(const notes_path *p, int64_t frame, int *states, int n);

// notes_shape_rt.c
void notes_shape_start(notes_shape *s, int pitch);
void notes_shape_sound(notes_shape *s, float level_db);
void notes_shape_stable(notes_shape *s, float midi, float confidence);
void notes_shape_tell(const notes_shape *s, shed_notes_out *out);

#endif
