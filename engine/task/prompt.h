/// A prompt: one item of a drill, or a score that somebody chose. What is asked, and by what it is judged.
#ifndef SHED_TASK_PROMPT_H
#define SHED_TASK_PROMPT_H

#include "engine/base/hash.h"
#include "engine/base/json.h"
#include "engine/score/score.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { SHED_OCTAVE_WRITTEN, SHED_OCTAVE_ANY } shed_octave_policy;
typedef enum { SHED_KEY_WRITTEN, SHED_KEY_ANY } shed_key_policy;
typedef enum {
  SHED_TUNING_AUTO, ///< take from five pitched notes on, else a4
  SHED_TUNING_TAKE, ///< a robust offset of at most 40 cents is taken off
  SHED_TUNING_A4,
  SHED_TUNING_REFERENCE
} shed_tuning_policy;

enum { SHED_ID = 96, SHED_TITLE = 160, SHED_INSTRUCTION = 600, SHED_DIMENSIONS = 8 };

/// A target: this dimension is to reach this score.
typedef struct {
  char   dimension[24]; ///< "pitch", "rhythm", "intonation", "continuity", "steadiness", "sustain", ...
  double score;         ///< 0..1
} shed_target;

typedef struct {
  const shed_alloc *alloc;
  char              kind[24];     ///< "piece", "scale", "long_tone", "clap", "score"
  char              id[SHED_ID];  ///< namespaced id of the drill or "file:NAME"
  char              assessor[24]; ///< which judge: "melody", "rhythm", "long_tone"
  int               generator;    ///< version of the kind's generator; 0 for a file
  uint64_t          seed;
  char              profile[32]; ///< instrument or voice; "" when unknown
  char              title[SHED_TITLE];
  char              instruction[SHED_INSTRUCTION]; ///< what to do, in the player's words
  shed_line         line;                          ///< the notes asked for, sounding; owned
  bool              a_click;                       ///< a click at tempo_bpm is given while playing
  double            tempo_bpm;     ///< quarters a minute; 0: free, the player's own steady tempo
  double            click_start_s; ///< where in the take the first beat of the music stands; NaN when unknown
  int               count_in_beats;
  shed_octave_policy octave;
  shed_key_policy    key;
  shed_tuning_policy tuning;
  double             a4_hz;
  bool               fixed_pitch; ///< the instrument's player cannot tune a note: no intonation dimension
  bool               sung;
  double             hold_s; ///< long tone: seconds to hold; 0 otherwise
  shed_target        targets[SHED_DIMENSIONS];
  int                n_targets;        ///< 0: nothing to pass
  char               policy[SHED_ID];  ///< name of the credit policy; "" is the default
  shed_sha256        source_sha256;    ///< of the score file or of the drill's definition
  char               part[SHED_TITLE]; ///< part as selected, for the verdict
} shed_prompt;

void shed_prompt_free(shed_prompt *p); ///< a zeroed one is legal

/// Seconds between two clicks while the prompt is played, by the metre that it begins in; 0 without a tempo.
double shed_prompt_click_s(const shed_prompt *p);

/// The whole prompt, so that a past item never changes when its generator does. Round trip is exact.
shed_json                 *shed_prompt_to_json(const shed_prompt *p);
SHED_NODISCARD shed_status shed_prompt_from_json(const shed_json *v, const shed_alloc *alloc,
                                                 shed_prompt *out, shed_error *err);

#endif
