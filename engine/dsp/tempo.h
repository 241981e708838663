/// Tempo and beat from onsets alone, where no click is given, as they come.
///
/// A bank of resonators (Scheirer 1998, JASA 103(1); as a constant-Q Fourier tempogram, Grosche and Müller 2011, IEEE TASLP
/// 19(6)) hears how regular the onsets are at each speed. An onset weighs by the time until the next one (durational
/// accent, Parncutt 1994, Music Perception 11(4)). Which of the regular speeds is the beat is told from the speeds twice
/// and half as fast, from how many beats would be empty, and from what people tap (log-normal about SHED_TEMPO_USUAL).
/// The beats are the best path through the onsets at that speed (Ellis 2007, J. New Music Research 36(1)), with a lag.
#ifndef SHED_DSP_TEMPO_H
#define SHED_DSP_TEMPO_H

#include "engine/base/alloc.h"

#include <stdbool.h>

typedef struct {
  float bpm;         ///< 0: there is no steady beat, or not known yet
  float confidence;  ///< 0..1: P(within 4 % of what a listener taps)
  float other_bpm;   ///< the next best reading: twice or half as fast, or by threes; 0 none
  float other_share; ///< its share of the two, 0..0.5
} shed_tempo_state;

typedef struct {
  double time_s;
  float  confidence; ///< 0..1: P(a listener taps within 70 ms)
  float  bpm;        ///< the tempo here
} shed_tempo_beat;

typedef struct shed_tempo shed_tempo;

/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_tempo_new(shed_tempo **out, const shed_alloc *alloc);
void                       shed_tempo_free(shed_tempo *t);

/// An onset, about in order of time: one that is over 0.3 s older than the newest is not counted.
/// Thread: analysis. Real-time: yes.
SHED_RT void shed_tempo_onset(shed_tempo *t, double time_s, float strength);
/// No onset before @p time_s follows. Call it each 10 ms or so, then poll until nothing comes.
SHED_RT void shed_tempo_advance(shed_tempo *t, double time_s);
/// No onset follows at all; poll again.
SHED_RT void shed_tempo_finish(shed_tempo *t);
/// The next beat, in order, some two beats late. @return 1 and *out, or 0.
SHED_RT int shed_tempo_poll(shed_tempo *t, shed_tempo_beat *out);
/// Of the last seconds.
SHED_RT shed_tempo_state shed_tempo_now(const shed_tempo *t);
/// Of all that was heard.
SHED_RT shed_tempo_state shed_tempo_whole(const shed_tempo *t);

#endif
