/// How the ear's corpus is put together: parts, each alone with its own pitch curve and notes, are laid into one sound, and the
/// truth is read off the parts. Inside tests/corpus only.
#ifndef CORPUS_EAR_MIX_H
#define CORPUS_EAR_MIX_H

#include "engine/base/rng.h"
#include "engine/base/status.h"
#include "tests/corpus/ear.h"

enum {
  CORPUS_EAR_STEP         = 16, ///< samples a value of a pitch curve stands for
  CORPUS_EAR_EVENTS_MAX   = 160,
  CORPUS_EAR_NOTES_A_PART = CORPUS_EAR_EVENTS_MAX
};

/// One sound by itself: a note, or notes slurred together.
typedef struct {
  double start_s; ///< of x[0]
  float *x;       ///< n samples; owned
  int    n;
  float *hz; ///< n / CORPUS_EAR_STEP + 1 values, in the middle of each step; owned; NULL: no pitch
  double
         floor_db; ///< the truth is voiced until the level has fallen so far (under 0) from its peak; then it may be argued
  double settle_s; ///< after its first note begins the pitch is not yet what the curve says
  double began_s;  ///< written by corpus_ear_mix(): where its first note begins
  bool   argued;   ///< what its pitch is may be argued about; without one: it may seem to have one
  bool   tied;     ///< its first note is slurred to the part before it
  int    n_notes;  ///< 0: a breath, a hiss: no note
  double at_s
      [CORPUS_EAR_NOTES_A_PART]; ///< where each note begins; of a first that is not tied its energy says when
} corpus_ear_part;

/// Parts being gathered. Zero-initialised is empty. Once memory is short `failed` stays set.
typedef struct {
  corpus_ear_part *parts;
  size_t           n, cap;
  bool             failed;
} corpus_ear_stage;

/// A new part with room for @p seconds, silent, owned by the stage; NULL when memory is short. Valid until the next is added.
corpus_ear_part *corpus_ear_part_new(corpus_ear_stage *s, double start_s, double seconds, bool pitched);
/// Mix, bring the peak to @p peak_db dBFS, write the truth. Frees what the stage holds.
SHED_NODISCARD shed_status corpus_ear_mix(corpus_ear_stage *s, double seconds, double peak_db,
                                          corpus_ear_sound *out);
void                       corpus_ear_stage_free(corpus_ear_stage *s);

// -- a melody ---------------------------------------------------------------------------------------------------------

typedef struct {
  double at_s, long_s, midi; ///< midi is fractional
  double gain_db;
  bool   tied; ///< slurred to the one before, which ends where this begins
} corpus_ear_event;

typedef enum {
  CORPUS_EAR_WALK,       ///< mixed rhythm, steps and leaps
  CORPUS_EAR_SPAN,       ///< up and down through the whole range
  CORPUS_EAR_LONG,       ///< long tones
  CORPUS_EAR_SIXTEENTHS, ///< at 140 a minute: 107 ms
  CORPUS_EAR_TRILL,
  CORPUS_EAR_STACCATO,
  CORPUS_EAR_REPEATED,
  CORPUS_EAR_SWEEP,     ///< glides over the whole range and back
  CORPUS_EAR_CRESCENDO, ///< 45 dB from the first note to the last
  CORPUS_EAR_TUNES
} corpus_ear_tune;

typedef struct {
  corpus_ear_tune style;
  double          low, high;    ///< midi
  double          slurs;        ///< share of notes tied to the one before
  double          detune_cents; ///< sd, of each note
  double          seconds;
} corpus_ear_melody;

/// @return how many events, in order of time.
int corpus_ear_compose(const corpus_ear_melody *m, shed_rng *rng,
                       corpus_ear_event events[CORPUS_EAR_EVENTS_MAX]);

double corpus_ear_hz(double midi);
double corpus_ear_between(shed_rng *rng, double low, double high); ///< uniform
double corpus_ear_gain(double db);

#endif
