// What the parts of the note finder share: notes.c (making), notes_path_rt.c (the best path), notes_shape_rt.c (what one
// note was like), notes_time_rt.c and notes_end_rt.c (when it began and ended), notes_rt.c (boundaries into events).
#ifndef SHED_DSP_NOTES_INTERNAL_H
#define SHED_DSP_NOTES_INTERNAL_H

#include "engine/dsp/notes.h"
#include "engine/dsp/rise.h"

enum {
  NOTES_LOW_MIDI     = 21, // A0
  NOTES_PER_SEMITONE = 3,
  NOTES_PITCHES      = (109 - NOTES_LOW_MIDI) * NOTES_PER_SEMITONE + 1,
  // states: silence, attacks, stable sound
  NOTES_SILENCE = 0,
  NOTES_ATTACK  = 1,
  NOTES_STABLE  = NOTES_ATTACK + NOTES_PITCHES,
  NOTES_STATES  = NOTES_STABLE + NOTES_PITCHES,
  NOTES_RING    = 64,  // frames of the path: the lag and what is looked at around a boundary
  NOTES_KEPT    = 128, // frames of what was pushed
  NOTES_SERIES  = 256, // frames of a note that vibrato is looked for in
  NOTES_SPREAD  = 200, // cents to each side that a note's pitch is looked for in
  // Events of one push. Each tells of a boundary or a stroke at a frame that was not settled before, of which there are
  // SHED_NOTES_LAG and a few; a frame begins one note at most (its onset and end, the end of the stroke before it) or one
  // stroke (onset and end), and one is provisional: far fewer than
  NOTES_QUEUE = 128,
  NOTES_SINGS = 150, // frames since the last pitched note: it sings no more
  NOTES_TOLD  = 4    // onsets whose frames are remembered
};

// What a step of the path costs.
typedef struct {
#define SHED_NOTES_COST(name, value) float name;
#include "engine/dsp/notes_costs.def"
} notes_costs;

// What the confidence of a note is told from.
enum {
#define SHED_NOTES_SURE(name, value) NOTES_SURE_##name,
#include "engine/dsp/notes_sure.def"
  NOTES_EVIDENCE
};

// Where the best path goes from one thing to another, for good.
typedef struct {
  int64_t frame; // the first of the new
  bool    note;  // a note begins; false: silence does
  int     pitch; // place on the grid, of a note
} notes_boundary;

// The best path so far. Of each state also: the first boundary on its own way that is not settled, as twice the frame,
// and one more when a note begins there; NOTES_NONE without one.
enum { NOTES_NONE = -1 };
static const float NOTES_FAR = 1e6f; // cost of a way that is not followed
typedef struct {
  float    cost[NOTES_STATES];
  float    next[NOTES_STATES];
  int64_t  first[NOTES_STATES];
  int64_t  next_first[NOTES_STATES];
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
  double   sum_power;       // of all frames
  int      sounding;        // all frames, attack too
} notes_shape;

// An unpitched onset whose sound has not ended.
typedef struct {
  bool    open;
  int64_t frame;
  float   onset_s, strength, peak_db;
} notes_stroke;

// How a note begins, as far as its time is concerned: each kind speaks late in its own way.
typedef enum {
  NOTES_FROM_SILENCE, // the sound rises out of nothing
  NOTES_STRUCK_ANEW,  // another or the same pitch, with a rise
  NOTES_SLURRED,      // another pitch without one
  NOTES_STROKE,       // without pitch
  NOTES_BEGINNINGS
} notes_beginning;

// What the time of a beginning is told from, all in ms after the frame where the path has it.
enum {
  NOTES_CUE_ONE, // 1
#define SHED_NOTES_CUE(name) NOTES_CUE_##name,
#include "engine/dsp/notes_cues.def"
  NOTES_CUES
};

typedef struct {
  notes_beginning kind;
  float           cue[NOTES_CUES];
} notes_cues;

// How the cues make the time.
typedef struct {
  float weight[NOTES_BEGINNINGS][NOTES_CUES];
} notes_times;

// Cents from frame to frame, median of a take: 26 real singers waver by 3.4 to 8.3, players by 0.1 to 2.6 (SSVD v2.0,
// training part; TimGM6mb).
static const float NOTES_WAVER_LEAST = 2.0f;
static const float NOTES_WAVER_VOICE = 3.5f;
static const float NOTES_SILENT_DB   = -120.0f;
// A voice that wavers goes on in one direction for a while: of the same singers' steps .59 to .74 go the way of the step before. What
// flickers in noise or room turns back: .30 to .50 of the steps of struck and plucked instruments there.
static const float NOTES_ONWARD_LEAST = 0.50f;
static const float NOTES_ONWARD_START = 0.56f;

struct shed_notes {
  // immutable after shed_notes_new()
  const shed_alloc *alloc;
  notes_costs       costs; // tests/accuracy/fit_notes.c tries others
  notes_times       times;

  // analysis thread only
  notes_path    path;
  shed_notes_in in[NOTES_KEPT];
  int64_t       count;    // frames pushed
  int64_t       fed;      // frames before this are in the shape of the open note
  bool          sounding; // a note is open
  bool          told;     // its onset has been
  int64_t       onset;    // frame
  float         from_hz;  // of the note it follows without a gap, 0: none
  float         to_hz;    // where the path has it
  float         onset_s;
  float         strength;
  notes_shape   shape;
  notes_stroke  stroke;
  notes_cues    cues; // of the onset told last, and its frame
  int64_t       cues_frame;
  float         waver;   // cents from frame to frame, running median: voices waver, instruments hardly
  float         onward;  // running share of steps of the pitch in the direction of the step before
  float         loud_db; // of the notes so far, fading
  float         evidence[NOTES_EVIDENCE]; // of the note told last
  float         last_told_s;              // time of the last onset
  int64_t       last_on;                  // frame of the last provisional note
  int64_t       last_unpitched;           // frame of the last unpitched onset
  int64_t       last_sung;                // frame where the last one ended that had a sure pitch
  int64_t       told_at[NOTES_TOLD];      // frames of the onsets told last, a ring
  int           told_n;
  int64_t       last_voice; // frame where the last one ended that was held, as voices hold
  int64_t       last_end;   // frame where the last note ended

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

// 0..1: how much this sounds like a voice.
static inline float
notes_voice(const shed_notes *n)
{
  float share = (n->waver - NOTES_WAVER_LEAST) / (NOTES_WAVER_VOICE - NOTES_WAVER_LEAST);
  return share < 0.0f ? 0.0f : share > 1.0f ? 1.0f : share;
}

// Does a voice sing here, or not long ago?
static inline bool
notes_is_sung(const shed_notes *n, int64_t frame)
{
  return notes_voice(n) >= 0.5f && n->onward >= NOTES_ONWARD_LEAST && frame - n->last_voice < NOTES_SINGS;
}

static inline const shed_notes_in *
notes_in_at(const shed_notes *n, int64_t frame)
{
  return &n->in[frame % NOTES_KEPT];
}

// Seconds of a frame, rounded once: after half an hour a float still holds .06 ms.
static inline float
notes_frame_s(int64_t frame)
{
  return (float)((double)frame * 0.010);
}

// notes_rt.c
void  notes_put(shed_notes *n, const shed_notes_out *e);
float notes_strength_at(const shed_notes *n, int64_t frame);
// The time, or a little after the onset told before it: times that are refined may pass each other.
float notes_after_last(shed_notes *n, float time_s);
// An onset of this frame has been told.
void notes_remember(shed_notes *n, int64_t frame);
// The open note, if it is one and not told yet: something comes after it.
void notes_tell_waiting(shed_notes *n, const shed_rise *rise);
// The open note is the stroke told last.
void notes_own_stroke(shed_notes *n);

// notes_path_rt.c
// doubt, 0..1: how much less sure the pitch is than it just was.
void notes_path_step(const notes_costs *c, notes_path *p, const shed_notes_in *in, float doubt,
                     int64_t frame);
// States of the last n frames on the best path, newest first.
void notes_path_trace(const notes_path *p, int64_t frame, int *states, int n);
int  notes_path_best(const notes_path *p);
// notes_settle_rt.c
// The next boundary that no way worth following leaves out, or that is `lag` frames old; what does not hold it is followed
// no more. @return false when there is none.
bool notes_path_settle(const notes_costs *c, notes_path *p, int64_t frame, int lag, notes_boundary *out);

// notes_end_rt.c
// Where the open note stopped sounding, when the path ends it at this frame.
int64_t notes_end_frame(const shed_notes *n, int64_t frame);

// notes_sure_rt.c
void  notes_evidence(const shed_notes *n, float confidence, float level_db, float out[NOTES_EVIDENCE]);
float notes_sure(const float evidence[NOTES_EVIDENCE]);

// notes_stroke_rt.c
void notes_stroke_look(shed_notes *n, const shed_rise *rise, const int *states, int n_states, bool last);
void notes_stroke_end(shed_notes *n, bool last);

// notes_shape_rt.c
void notes_shape_start(notes_shape *s, int pitch);
void notes_shape_sound(notes_shape *s, float level_db);
void notes_shape_stable(notes_shape *s, float midi, float confidence);
// Was it held, and not struck to die away?
bool notes_shape_is_held(const notes_shape *s);
void notes_shape_tell(const notes_shape *s, shed_notes_out *out);

// notes_time_rt.c
// When the note of this frame began. from_hz: of the note it follows without a gap, 0: none; to_hz: its own, 0: a stroke.
float notes_time_s(shed_notes *n, const shed_rise *rise, int64_t frame, float from_hz, float to_hz);

#endif
