/// A verdict: what each note was, and what the take was worth. The fields are those of the verdict document
/// "woodshed/verdict/1"; shed_verdict_to_json() writes it.
#ifndef SHED_TASK_VERDICT_H
#define SHED_TASK_VERDICT_H

#include "engine/task/prompt.h"
#include "engine/task/take.h"

/// Not assessed is a label of its own everywhere: null in the document.
typedef enum {
  SHED_PITCH_NONE, ///< null: not assessed, or nothing to assess (unpitched)
  SHED_PITCH_CORRECT,
  SHED_PITCH_SHARP,
  SHED_PITCH_FLAT,
  SHED_PITCH_WRONG,
  SHED_PITCH_MISSED,
  SHED_PITCH_UNSURE
} shed_pitch_label;
typedef enum {
  SHED_TIMING_NONE,
  SHED_TIMING_ON_TIME,
  SHED_TIMING_EARLY,
  SHED_TIMING_LATE,
  SHED_TIMING_UNSURE
} shed_timing_label;
typedef enum {
  SHED_LENGTH_NONE,
  SHED_LENGTH_OK,
  SHED_LENGTH_SHORT,
  SHED_LENGTH_LONG,
  SHED_LENGTH_UNSURE
} shed_length_label;

/// Names as in the document ("on_time"); NULL for the NONE labels.
const char *shed_pitch_label_name(shed_pitch_label l);
const char *shed_timing_label_name(shed_timing_label l);
const char *shed_length_label_name(shed_length_label l);

/// One expected note judged; NaN doubles and take_index < 0 are null in the document.
typedef struct {
  int               index;      ///< into prompt->line.notes
  int               take_index; ///< row of the take's notes that was matched; -1 none
  shed_pitch_label  pitch;
  shed_timing_label timing;
  shed_length_label length;
  double            credit;           ///< 0..1
  double            expected_onset_s; ///< where the fitted tempo puts the note in the take
  double            expected_duration_s;
  int               played_midi;       ///< -1 null
  double            cents;             ///< from the expected pitch, tuning taken off
  double            onset_s, offset_s; ///< in the take
  double            onset_error_ms;    ///< played - expected
  double            confidence;        ///< 0..1 that the labels are right
} shed_note_verdict;

typedef struct {
  double onset_s;
  int    midi; ///< -1 unpitched
  int    take_index;
  double confidence;
} shed_extra_note;

typedef struct {
  double at_s;
  int    from_index, to_index;
} shed_restart;

typedef struct {
  double at_s;
  int    before_index;
  double length_s;
} shed_hesitation;

enum { SHED_INCIDENT_KINDS = 16 };
typedef struct {
  /// "skip", "early_stop", "late_start", "wrong_start", "repeat" (notes); "drift" (cents); "tempo_drift" (of the seconds a
  /// beat, below 0 faster); "other_key", "other_octave" (semitones that the prompt does not allow); "behind_click" (beats,
  /// below 0 ahead: from the first note on all stands so much later than the click has it)
  char   kind[16];
  double at_s;                 ///< NaN when it has no moment
  int    from_index, to_index; ///< -1 when none
  double amount;               ///< seconds, cents or notes, as the kind has it; NaN none
} shed_incident;

typedef struct {
  char   name[24];
  double score;    ///< 0..1, NaN: not assessed
  double assessed; ///< 0..1: share of what this dimension could have judged
  double value;    ///< a measure in its own unit beside the score (seconds held, sd in cents); NaN none
  char   unit[12]; ///< of value; "" none
} shed_dimension;

/// How the eighths (or sixteenths) swing where the music says so: long to short.
typedef struct {
  bool   told;
  double written;     ///< by the score, for its start
  double played;      ///< the middle of the take's pairs; NaN with too few
  double least, most; ///< what belongs to this tempo
  double credited;    ///< by which the off-beats were judged
} shed_swing;

/// One share of the overall score.
typedef struct {
  char   name[16];
  double share;  ///< 0..1
  double weight; ///< 0 and up
} shed_overall_part;

/// One formula for a whole take: score = 1 / (1 + exp(-(start + sum of weight * share))). No parts: not told.
typedef struct {
  double            start, score;
  shed_overall_part parts[SHED_DIMENSIONS];
  int               n_parts;
} shed_overall;

/// What a jury of three would give, 1 (worst) to 4; four of five takes lie between low and high. It never gates.
typedef struct {
  bool   told;
  double grade, low, high;
  char   basis[48]; ///< which takes and judges it follows
} shed_jury_estimate;

typedef struct {
  const shed_alloc  *alloc;
  double             score;  ///< 0..1, NaN null
  int                passed; ///< 1, 0, or -1: null
  double             assessed;
  double             tempo_bpm;    ///< fitted, quarters a minute; NaN null
  double             tuning_cents; ///< the offset, told whether taken off or not; NaN null
  int                octave_shift, key_shift;
  shed_dimension     dimensions[SHED_DIMENSIONS];
  int                n_dimensions;
  shed_overall       overall;
  shed_jury_estimate jury;
  shed_swing         swing;
  shed_note_verdict *notes;
  size_t             n_notes;
  shed_extra_note   *extras;
  size_t             n_extras;
  shed_restart      *restarts;
  size_t             n_restarts;
  shed_hesitation   *hesitations;
  size_t             n_hesitations;
  shed_incident     *incidents;
  size_t             n_incidents;
  shed_message       advice[4]; ///< most useful first
  int                n_advice;
  shed_message       warnings[SHED_TAKE_WARNINGS]; ///< the take's, and the judge's
  int                n_warnings;
  char               policy_id[SHED_ID];
  int                policy_version;
  shed_sha256        policy_sha256;
} shed_verdict;

void shed_verdict_free(shed_verdict *v); ///< a zeroed one is legal

const shed_dimension *shed_verdict_dimension(const shed_verdict *v, const char *name); ///< NULL when absent

#define SHED_VERDICT_SCHEMA "woodshed/verdict/1"

/// The document of "woodshed/verdict/1" whole: target, policy, scores, notes, extras, take. Same inputs, same bytes.
///
/// Seconds have 4 places, milliseconds and cents 1, scores 4. target.prompt is {"title", "generator", "seed", "sha256"}:
/// the hash is of the canonical JSON of shed_prompt_to_json(). take.warnings are the verdict's.
shed_json *shed_verdict_to_json(const shed_verdict *v, const shed_prompt *p, const shed_take *t);

/// Read the document back, as far as a shed_verdict holds it; what is not known is ignored. With the same prompt and take
/// the document written from it has the same bytes.
///
/// @return SHED_OK; SHED_E_FORMAT (err->where is the field), SHED_E_VERSION (another schema), SHED_E_LIMIT, SHED_E_NOMEM.
/// The caller frees *out with shed_verdict_free(). Hostile input is refused.
SHED_NODISCARD shed_status shed_verdict_from_json(const shed_json *o, const shed_alloc *alloc,
                                                  shed_verdict *out, shed_error *err);

#endif
