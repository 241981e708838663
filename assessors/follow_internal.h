/// Inside this folder only: the state of the follower. follow.c keeps the frames and the events, follow_path.c the ways that the
/// player may have gone, follow_notes.c makes events of them.
#ifndef SHED_ASSESSORS_FOLLOW_INTERNAL_H
#define SHED_ASSESSORS_FOLLOW_INTERNAL_H

#include "assessors/align.h"
#include "assessors/follow.h"
#include "assessors/judge.h"

enum {
  FOLLOW_KEEP    = 2048, ///< frames, 20 s: a note that began earlier is measured from there
  FOLLOW_AHEAD   = 3, ///< frames that must be known behind the one looked at: what is an attack shows in them
  FOLLOW_BEAM    = 140,
  FOLLOW_NEW     = 160,
  FOLLOW_HISTORY = 8, ///< segments that a way remembers
  FOLLOW_SHIFTS  = 4, ///< transpositions followed at once; the first is none
  FOLLOW_CLASSES = 6 * FOLLOW_SHIFTS,
  FOLLOW_EVENTS  = 256,
  FOLLOW_ONSETS  = 32,
  FOLLOW_LINE    = 8, ///< notes that tell where the beat is
  FOLLOW_LEVELS  = 24
};

static const float FOLLOW_NEVER = -1e30F;

/// Frames count from the take's start.
typedef struct {
  int            event;
  shed_step_kind kind;
  int            start, end;
  int            lane; ///< of the event's lanes the one that speaks most; of an extra note SHED_LANES too
} follow_segment;

/// One way that the player may have gone.
typedef struct {
  follow_segment now;
  follow_segment before[FOLLOW_HISTORY]; ///< the newest first
  int            n_before;
  int            event_start; ///< of the event that keeps time
  int            shift;       ///< into follow.shifts
  float          period;      ///< take seconds for a score second
  float          known_s;     ///< score seconds that told it so far; 0: unknown
  float          base, value, running;
  float          now_value; ///< value less what it costs that the next note is overdue
  short row[SHED_LANES];    ///< of the frame's evidence, of each lane; SHED_LANE_COUNT: there is no such lane
  float sounding[SHED_LANES]; ///< evidence since the start, less the lane's cost
  float ended[SHED_LANES];    ///< the best of it with a gap behind it
} follow_way;

/// The best beginning of an event at one frame.
typedef struct {
  int            event, shift, from; ///< from: a way; -1 none
  shed_step_kind kind;
  float          value, period, known_s;
  int            next; ///< of the same event; -1 none
} follow_fresh;

/// What was told of an event.
typedef struct {
  int               start; ///< frame; -1: not played yet
  int               attempt;
  int               stage; ///< 0 nothing, 1 provisional, 2 looked at again
  bool              ghost; ///< the way has it in a silence
  shed_pitch_label  pitch;
  shed_timing_label timing;
  double            onset_s, cents;
} follow_told;

/// A note that says where the beat is.
typedef struct {
  double at_s, onset_s;
} follow_beat;

struct shed_follow {
  // immutable after shed_follow_new()
  const shed_alloc  *alloc;
  const shed_prompt *prompt;
  shed_follow_opts   opts;
  shed_align_target  target;
  double             line_cents, far_cents;
  bool               takes_off; ///< the running tuning is taken off

  // what was heard
  shed_frame       *frames; ///< 2 * FOLLOW_KEEP places
  int               base;   ///< frame at frames[0]
  int               n;      ///< frames there
  int               at;     ///< the next frame to be looked at
  double            at_s;
  shed_heard_onset  onsets[FOLLOW_ONSETS];
  int               n_onsets;
  shed_level_counts counts;
  shed_levels       levels;
  float             soft_db[FOLLOW_LEVELS]; ///< of the player's last notes
  int               n_soft;

  // the ways
  follow_way  *ways;
  int          n_ways;
  follow_fresh fresh[FOLLOW_NEW];
  int          n_fresh;
  int         *slot; ///< event * 2 + is extra -> fresh + 1; 0 none
  float       *best; ///< of a class; FOLLOW_CLASSES an event
  int         *seen;
  int          shifts[FOLLOW_SHIFTS]; ///< semitones
  bool         shift_used[FOLLOW_SHIFTS];
  float        outside;                  ///< value of nothing played so far
  int          top;                      ///< the best way; -1 none
  float        row[SHED_LANE_COUNT + 1]; ///< the last is always 0

  // what was told
  follow_told *told; ///< one an event
  int          position, position_since, position_seen;
  int          jump_at; ///< start of the last jump
  int          n_run;   ///< notes heard right since
  float        fits;    ///< running share of the sound that belongs to where the player seems to be
  bool         lost;
  double       tuning_cents;
  int          n_tuning;
  follow_beat  line[FOLLOW_LINE];
  int          n_line, line_event; ///< the event of the newest
  double       period;

  shed_follow_event events[FOLLOW_EVENTS];
  int               event_first, event_n;
};

/// The frames as a take, whose frame 0 is frame f->base.
shed_take follow_take(const shed_follow *f);
double    follow_s(int frame);
void      follow_emit(shed_follow *f, const shed_follow_event *e);

/// One frame further: what may begin at it, and what it says for all that sounds.
void follow_step(shed_follow *f, int frame);
/// Tell what can be told now. @param end nothing follows.
void follow_tell(shed_follow *f, bool end);

#endif
