/// Inside this folder only: score-informed alignment of a line with the frames of a take.
///
/// The score chooses the segment boundaries on soft frame evidence; no note list of the ear is aligned. A path is a row
/// of segments, each an event of the target (one note, or a chord) or an extra note, with jumps back and ahead. What is
/// chosen is the path of the highest sum of evidence less costs, found by dynamic programming over (event, start) with
/// a beam: the end of each note is a running maximum, so that durations are explicit at one addition a pitch and frame.
#ifndef SHED_ASSESSORS_ALIGN_H
#define SHED_ASSESSORS_ALIGN_H

#include "engine/task/prompt.h"
#include "engine/task/take.h"

enum {
  SHED_LANES       = 16, ///< pitches tried for one segment: the right one first, then its likely neighbours
  SHED_MAX_EVENTS  = 250000, ///< of a target
  SHED_LANE_LOWEST = 12,     ///< MIDI numbers that have a row of evidence
  SHED_LANE_STEPS  = 2,      ///< rows a semitone: scores may ask for quarter tones
  SHED_LANE_COUNT  = 112 * SHED_LANE_STEPS
};

/// The row of evidence of a pitch, -1 when it has none; and the pitch of a row.
int    shed_lane_of(double midi);
double shed_lane_midi(int row);

/// One thing to be found in the take: a note, or the notes of a chord. Pitches carry the global shift already.
typedef struct {
  int      first, count;     ///< into shed_align_target.notes
  double   at_s, length_s;   ///< score time: seconds of the line at the wanted tempo
  int      lane[SHED_LANES]; ///< row of evidence; -1 ends the list
  float    lane_cost[SHED_LANES];
  int      main_midi;      ///< the note itself; of a chord the highest
  double   pitch;          ///< the same with the cents that the score asks for
  unsigned flags;          ///< of all its notes, or'ed
  bool     bar_start;      ///< first event of its measure
  bool     same_as_before; ///< repeats the pitch of the event before
} shed_align_event;

typedef struct {
  const shed_alloc *alloc;
  const shed_line  *line; ///< borrowed from the prompt
  shed_align_event *events;
  int               n_events;
  int              *notes; ///< indices into line.notes, event by event
  int               n_notes;
  double            length_s;
  int               lowest, highest; ///< MIDI, before any shift
  int               shift;           ///< semitones added to every pitch
  bool              sung;
} shed_align_target;

/// @return SHED_OK; SHED_E_RANGE without a pitched note that may be judged; SHED_E_LIMIT; SHED_E_NOMEM.
shed_status shed_align_target_new(const shed_prompt *prompt, const shed_alloc *alloc, shed_align_target *out,
                                  shed_error *err);
void        shed_align_target_shift(shed_align_target *t, int semitones); ///< from the written pitches
void        shed_align_target_free(shed_align_target *t);

/// Evidence on a grid of hop_s. Sums run from the grid's start: the evidence of row m in [a, b) is
/// sum[b * SHED_LANE_COUNT + m] - sum[a * SHED_LANE_COUNT + m].
typedef struct {
  const shed_alloc *alloc;
  int               n;       ///< grid points; sums have n + 1 rows
  int               step;    ///< frames of the take a grid point
  int               first;   ///< frame of the take at grid point 0
  double            hop_s;   ///< step * SHED_FRAME_HOP_S
  float            *sum;     ///< (n + 1) * SHED_LANE_COUNT
  float            *gap;     ///< n + 1: that nothing of the score sounds
  float            *attack;  ///< n: 0..1, that something starts here
  bool             *audible; ///< n: something sounds here or within the shortest note
  float            *loud_db; ///< n: what a note that begins here would rise to, dBFS
  float            *stroke;  ///< n: 0..1, a clear attack is close by that a note beginning here explains
  float            *faint;   ///< n: what it costs that a note begins here so softly
} shed_evidence;

/// What the levels of a take are.
typedef struct {
  float floor_db, peak_db;
  float silent_db; ///< below this nothing is said to sound
  bool  sung;
  float fence_cents; ///< how near a candidate must lie to speak for a pitch: wider for voices
  float player_db;   ///< a note that begins below this is likely not the player's
  float faint_cost;  ///< a dB that it lies below
} shed_levels;

shed_levels shed_levels_of(const shed_take *take, size_t first, size_t end, bool sung);
/// The same by what is struck: mallets ring so shortly that somebody else who sustains, far softer, fills most of the time and says how
/// loud the take is. @return false where nothing is plainly louder struck than held; lv is left as it is then.
bool shed_levels_by_strokes(const shed_take *take, size_t first, size_t end, shed_levels *lv);

/// The same as the frames come.
enum { SHED_LEVEL_BINS = 140 };
typedef struct {
  int all[SHED_LEVEL_BINS], voiced[SHED_LEVEL_BINS]; ///< a decibel each
  int n_all, n_voiced;
} shed_level_counts;
void        shed_levels_count(shed_level_counts *c, const shed_frame *f);
shed_levels shed_levels_by(const shed_level_counts *c, float noise_db, bool sung);

/// How far a frame speaks for a pitch, -1..1, before loudness.
/// @param midi fractional: the pitch with the tuning offset put on.
/// @param fence_cents beyond this less 20 the evidence falls, reaching 0 at it.
float shed_frame_support(const shed_frame *f, double midi, float fence_cents);
/// Loudness weight of a frame, .05..1.
float shed_frame_weight(const shed_frame *f, const shed_levels *lv);

/// @param offset_cents one a frame of the take (the tonal centre's way), or NULL: @p offset throughout.
shed_status shed_evidence_new(const shed_take *take, size_t first, size_t end, int step,
                              const float *offset_cents, float offset, const shed_levels *lv,
                              const shed_alloc *alloc, shed_evidence *out);
void        shed_evidence_free(shed_evidence *e);

/// What one frame adds to SHED_LANE_COUNT rows and to the gap.
void shed_evidence_add(const shed_frame *f, float offset_cents, const shed_levels *lv, float *row,
                       float *gap);
/// What speaks for a beginning at a frame of the take, by itself; members as in shed_evidence.
typedef struct {
  float attack, stroke, loud_db;
  bool  audible;
} shed_beginning;
shed_beginning shed_evidence_begin(const shed_take *take, size_t i, const shed_levels *lv);

typedef enum {
  SHED_STEP_START,
  SHED_STEP_NEXT, ///< the next event, or ahead over left-out ones
  SHED_STEP_JUMP, ///< back, or far ahead: time starts anew
  SHED_STEP_EXTRA
} shed_step_kind;

/// One segment of a path. Frames count on the evidence's grid.
typedef struct {
  int            event; ///< for an extra note: the event that it follows
  shed_step_kind kind;
  int            start, end; ///< end of the sounding part
  int            lane;       ///< of the event's lanes, for an extra its MIDI number
  float          period;     ///< take seconds for a score second, running
  int            row;        ///< of the take's notes, where these are given; -1
} shed_segment;

typedef struct {
  const shed_alloc *alloc;
  shed_segment     *segments;
  size_t            n;
  float             value; ///< evidence less costs, above "nothing of this was played"
  bool given_up; ///< no path is worth what was asked: value is what none is above, and there are no segments
} shed_path;

/// A segment that a search has held on to for a while.
typedef struct {
  int what;  ///< 2 * event, and 1 more for an extra note after it
  int until; ///< the cell in which the last segment begins that follows it; -1 none
} shed_corridor_place;

/// Where a search may begin segments: where another, coarser one has held them, a little around that, and what stands alone at
/// clear attacks. By cells of time; before the first and behind the last, and in those that are open, it may everywhere.
typedef struct {
  const shed_alloc    *alloc;
  int                  first; ///< frame of the take at cell 0
  int                  step;  ///< frames a cell
  int                  n;     ///< cells; 0: nothing is known
  int                 *from;  ///< n + 2: where the places of a cell begin
  shed_corridor_place *places;
  bool                *open; ///< n
} shed_corridor;

/// Open the cells of [from, to), so far as there are such.
void shed_corridor_open(shed_corridor *c, int from, int to);
void shed_corridor_free(shed_corridor *c);

typedef struct {
  float                period;      ///< to begin with: take seconds for a score second
  bool                 tempo_given; ///< the period stays near 1
  int                  beam;        ///< hypotheses kept a grid point
  bool                 extras;      ///< extra notes and jumps are allowed
  const shed_corridor *within;      ///< where to look; NULL: everywhere
  const float         *least;       ///< the search is given up once no path can be worth so much; NULL: never
  shed_corridor *held; ///< filled unless NULL or given up; the caller frees it with shed_corridor_free()
} shed_path_opts;

/// @return SHED_OK (also for a path without segments), SHED_E_NOMEM.
shed_status shed_path_find(const shed_align_target *t, const shed_evidence *e, const shed_path_opts *opts,
                           const shed_alloc *alloc, shed_path *out);
void        shed_path_free(shed_path *p);

/// What is to be known before the fine search: where in the take the music is, how fast, and how far transposed.
typedef struct {
  size_t        first, end;   ///< frames of the take
  float         period;       ///< take seconds for a score second
  float         offset_cents; ///< of the take's tuning, so near as the frames alone tell it; -60..60
  int           shift;        ///< semitones, by the prompt's octave and key policies
  int           hint_shift;   ///< another shift that fits far better although the policies forbid it; 0 none
  shed_corridor held;         ///< where the music is, as the coarse search has it
  shed_path     path;         ///< and its way through it, on the grid of
  shed_evidence evidence;     ///< what it was found on, whose sums may be those of another tuning
} shed_guess;

void shed_guess_free(shed_guess *g); ///< a zeroed one is legal

/// May a player be so many semitones off, by the prompt's policies?
bool shed_shift_is_allowed(const shed_prompt *prompt, int shift);
/// @param target is left with the shift chosen. @param struck levels are those of shed_levels_by_strokes().
/// @param[out] out written only on SHED_OK; the caller frees it with shed_guess_free().
shed_status shed_guess_make(const shed_prompt *prompt, const shed_take *take, shed_align_target *target,
                            bool struck, const shed_alloc *alloc, shed_guess *out);

/// Whether a take is a list of notes that can be aligned as such: pitched notes, and no chord is asked for.
bool shed_notes_are_given(const shed_take *take, const shed_align_target *t);
/// The path through a take whose notes are given; guess and path in one, since a list is soon searched whole. Each pitched row
/// is a segment.
/// @param target is left with the shift chosen, or with guess->hint_shift where that is told. @param take has frames of its notes. @return SHED_OK, SHED_E_NOMEM.
shed_status shed_align_notes(const shed_prompt *prompt, const shed_take *take, shed_align_target *target,
                             const shed_alloc *alloc, shed_guess *guess, shed_path *out);

/// Frames for a take that has none, from its notes: support 1 where a note sounds, an attack where it begins.
/// The caller frees *out with shed_free().
shed_status shed_frames_of_notes(const shed_take *take, const shed_alloc *alloc, shed_frame **out, size_t *n);

#endif
