/// Notes from the settled track, as it comes: silence, attack and stable sound of each pitch, by the best path, settled
/// where all likely ways agree (on-line Viterbi, Sramek et al. 2007) and SHED_NOTES_LAG frames late at most. After Mauch
/// et al. 2015 (Tony, TENOR), with a new note of the same pitch where the sound rises anew, and
/// unpitched notes (claps, drums) where it rises without any pitch.
#ifndef SHED_DSP_NOTES_H
#define SHED_DSP_NOTES_H

#include "engine/base/alloc.h"
#include "engine/dsp/rise.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  SHED_NOTES_LAG   = 15, ///< frames of 10 ms until a boundary is settled
  SHED_NOTES_CANDS = 5
};

/// A settled frame, as far as notes are concerned.
typedef struct {
  float f0_hz;
  float confidence;
  bool  voiced;
  float level_db;
  float over_floor_db;
  float rise_db;
  float flux;
  float mkl, hfc;
  float burst_db; ///< of shed_onset_frame
  struct {
    float f0_hz; ///< 0: none more
    float share; ///< 0..1: how likely, by this frame alone
  } cand[SHED_NOTES_CANDS];
} shed_notes_in;

typedef enum {
  SHED_NOTES_ON,    ///< provisional: onset_s and midi
  SHED_NOTES_ONSET, ///< settled: onset_s, strength, confidence
  SHED_NOTES_NOTE   ///< settled and ended
} shed_notes_kind;

typedef struct {
  shed_notes_kind kind;
  float           onset_s, offset_s;
  float           strength;
  float           confidence;
  int             midi; ///< -1 unpitched
  float           cents;
  float           level_db;
  float           cents_sd; ///< NaN when unpitched or under 60 ms
  float           drift_cents_per_s;
  float           vibrato_hz, vibrato_cents;
} shed_notes_out;

typedef struct shed_notes shed_notes;

/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_notes_new(shed_notes **out, const shed_alloc *alloc);
void                       shed_notes_free(shed_notes *n);

/// The next frame, from frame 0 on; then poll until nothing comes, else the queue overflows, which is asserted. Thread: analysis. Real-time: yes.
/// @param rise must know as far as possible beyond the frame: an onset's time is told from what is there when it is settled.
SHED_RT void shed_notes_push(shed_notes *n, const shed_notes_in *in, const shed_rise *rise);
/// No frame follows; poll again.
SHED_RT void shed_notes_finish(shed_notes *n, const shed_rise *rise);
/// @return 1 and *out, or 0.
SHED_RT int shed_notes_poll(shed_notes *n, shed_notes_out *out);

#endif
