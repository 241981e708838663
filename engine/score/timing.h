/// Seconds of a performance: tempo marks and swing laid along the measures as they sound.
#ifndef SHED_SCORE_TIMING_H
#define SHED_SCORE_TIMING_H

#include "engine/score/unroll.h"

typedef struct shed_timing shed_timing;

/// Marks hold by their place on paper: a repeat comes back to the tempo that was in force there.
///
/// @param starts   where each step begins, in quarters; n_steps of them.
/// @param tempo_bpm 0: by the marks, 120 before the first; else this tempo throughout.
/// @return SHED_OK, SHED_E_NOMEM. score, steps and starts are borrowed until shed_timing_free().
SHED_NODISCARD shed_status shed_timing_new(shed_timing **out, const shed_alloc *alloc,
                                           const shed_score *score, const shed_step *steps,
                                           const shed_beat *starts, size_t n_steps, double tempo_bpm);
void                       shed_timing_free(shed_timing *timing);

/// Seconds from the start of a moment, quarters from the start. Swing moves what stands exactly on the off-beat of its pair
/// and nothing else: triplets and sixteenths stay where they are.
/// @param at not before 0; behind the last measure the last tempo goes on.
double shed_timing_seconds(const shed_timing *timing, shed_beat at);

/// The tempo at the start in quarters a minute, the number of marks met, the swing ratio at the start (1: straight).
double shed_timing_tempo_bpm(const shed_timing *timing);
int    shed_timing_marks(const shed_timing *timing);
double shed_timing_swing(const shed_timing *timing);

#endif
