/// Inside this folder only: what each step of a path costs, in the unit of evidence (a frame of 10 ms that speaks wholly
/// for a pitch is worth SHED_EVIDENCE_UNIT). Shared by the search and by its slow oracle.
#ifndef SHED_ASSESSORS_ALIGN_COST_H
#define SHED_ASSESSORS_ALIGN_COST_H

#include "assessors/align.h"

#include <math.h>

// The values are those of a prototype measured on 108 rendered takes with known mistakes; costs of 12 for a jump, 5 for
// a left-out or an extra note and 4 for a wrong pitch were flat optima there.
static const float SHED_EVIDENCE_UNIT       = .25F;
static const float SHED_COST_WRONG          = 4.F;
static const float SHED_COST_OMIT           = 5.F;
static const float SHED_COST_OMIT_FEW       = 15.F; ///< three notes; each one more costs SHED_COST_OMIT_MORE
static const float SHED_COST_OMIT_MORE      = 1.F;
static const float SHED_COST_OMIT_MOST      = 40.F;
static const float SHED_GAP_ATTACK          = .5F;  ///< a clear attack in a gap, besides
static const float SHED_ATTACK_TOLD         = 1.5F; ///< a clear attack that a note explains
static const float SHED_COST_EXTRA          = 5.F;
static const float SHED_COST_JUMP           = 10.F;
static const float SHED_COST_JUMP_RESTED    = 6.F; ///< back after a break, as one does who begins again
static const float SHED_COST_LEAP           = 2.F;
static const float SHED_COST_ATTACK_CHANGED = 2.F; ///< onset without an attack, new pitch
// The prototype had 5 here: then a bar of notes that are repeated without a dip between them (bowed or blown smoothly) was
// better explained by leaving most of them out at half the tempo. At 1.5 such bars are right, and no other row is worse.
static const float SHED_COST_ATTACK_SAME = 1.5F; ///< and the same pitch again
static const float SHED_EXTRA_ATTACK     = .2F;  ///< an extra note begins with one at least so clear
static const float SHED_JUMP_ATTACK      = .3F;  ///< and so does the note that is jumped to
static const float SHED_FAINT_START      = 1.5F; ///< of what a faint beginning costs anyway
static const float SHED_OUTSIDE          = .3F;  ///< what sounds before and after the music weighs this much
static const float SHED_SOUNDS_WITHIN =
    1.F; ///< of its value with a gap behind it: a note that sounds until now
static const double SHED_BREAK_S           = .15; ///< a break is one from here
static const double SHED_BREAK_WHOLE_S     = .30; ///< and wholly from here on
static const double SHED_TIMING_UNIT_S     = .050;
static const double SHED_TIMING_LONG_S     = 1.5;
static const float  SHED_TIMING_LATE_MOST  = 5.F; ///< a hesitation
static const float  SHED_TIMING_HELD_MOST  = 9.F;
static const float  SHED_TIMING_EARLY_MOST = 12.F;
static const double SHED_PERIOD_GAIN       = .15; ///< how fast the running tempo follows
static const double SHED_PERIOD_FREE       = 1.6; ///< it stays within this factor of where it began
static const double SHED_PERIOD_GIVEN      = 1.06;

enum {
  SHED_COST_LEAP_NOTES = 6,  ///< more left out cost no more
  SHED_PATH_AHEAD      = 6,  ///< notes left out that keep time
  SHED_PATH_BACK       = 16, ///< events back that a jump may go to, besides starts of measures
  SHED_PATH_FAR        = 64, ///< events back to a measure's start
  SHED_PATH_LEAP       = 32, ///< events ahead to a measure's start
  SHED_MIN_NOTE_MS     = 40
};

/// Deviation of an interval between onsets from its expected length. @param sounds the first note sounds through it all: a
/// player who hesitates rarely holds the note.
static inline float
shed_cost_timing(double interval_s, double expected_s, bool sounds)
{
  double unit = SHED_TIMING_UNIT_S * (1 + expected_s / SHED_TIMING_LONG_S);
  double d    = (interval_s - expected_s) / unit;
  double a    = fabs(d);
  float  cost = (float)(a < 1 ? a * a : 2 * a - 1);
  float  most = d > 0 ? sounds ? SHED_TIMING_HELD_MOST : SHED_TIMING_LATE_MOST : SHED_TIMING_EARLY_MOST;
  return cost < most ? cost : most;
}

static inline float
shed_cost_attack(bool same_pitch, float attack)
{
  return (same_pitch ? SHED_COST_ATTACK_SAME : SHED_COST_ATTACK_CHANGED) * (1 - attack);
}

/// Of a note that begins at a grid point: without an attack, softer than the player plays, less what it explains.
static inline float
shed_cost_begin(bool same_pitch, float attack, float faint, float stroke)
{
  return shed_cost_attack(same_pitch, attack) + faint - SHED_ATTACK_TOLD * stroke;
}

/// Of the first note, besides: before the player begins, others are heard best.
static inline float
shed_cost_faint_start(float faint)
{
  return SHED_FAINT_START * faint;
}

/// @param left_out notes between the two that were not played, 0 and up.
static inline float
shed_cost_omit(int left_out)
{
  float cost = SHED_COST_OMIT * (float)left_out;
  if (cost > SHED_COST_OMIT_FEW) {
    cost = SHED_COST_OMIT_FEW + SHED_COST_OMIT_MORE * ((float)left_out - SHED_COST_OMIT_FEW / SHED_COST_OMIT);
  }
  return cost < SHED_COST_OMIT_MOST ? cost : SHED_COST_OMIT_MOST;
}

/// Of a jump back. @param waited_s how long after the moment at which the next note would have come.
static inline float
shed_cost_jump_back(double waited_s)
{
  double rested = fmin(fmax((waited_s - SHED_BREAK_S) / (SHED_BREAK_WHOLE_S - SHED_BREAK_S), 0), 1);
  return SHED_COST_JUMP - (SHED_COST_JUMP - SHED_COST_JUMP_RESTED) * (float)rested;
}

/// Beyond the cost of a jump, of one ahead.
static inline float
shed_cost_leap(int left_out)
{
  return SHED_COST_LEAP + (left_out < SHED_COST_LEAP_NOTES ? (float)left_out : (float)SHED_COST_LEAP_NOTES);
}

/// Beginning somewhere else costs no more than going there would.
static inline float
shed_cost_start(int event)
{
  float omit = shed_cost_omit(event), jump = SHED_COST_JUMP + shed_cost_leap(event);
  return omit < jump ? omit : jump;
}

/// Of finite numbers; fmin() and fmax() are calls, for the sake of those that are none.
static inline double
shed_cost_within(double x, double least, double most)
{
  const double low = x > least ? x : least;
  return low < most ? low : most;
}

/// The running tempo after one more interval.
static inline double
shed_period_next(double period, double start, bool given, double interval_s, double score_s)
{
  if (score_s < .02 || interval_s <= 0) {
    return period;
  }
  double ratio  = shed_cost_within(interval_s / (period * score_s), .75, 1.33);
  double weight = period * score_s / .5;
  double next   = period * (1 + SHED_PERIOD_GAIN * (weight < 1 ? weight : 1) * (ratio - 1));
  double bound  = given ? SHED_PERIOD_GIVEN : SHED_PERIOD_FREE;
  return shed_cost_within(next, start / bound, start * bound);
}

#endif
