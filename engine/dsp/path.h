/// The best path through the candidates of frame after frame (Viterbi 1967), settled SHED_PATH_LAG frames late: one path of
/// pitches, which runs always, also through silence, and one of two states that says where there is a pitch. The pitch that
/// the best path stands on is always a choice, at a price, also where no candidate of a frame is near it.
#ifndef SHED_DSP_PATH_H
#define SHED_DSP_PATH_H

#include "engine/dsp/emission.h"

enum { SHED_PATH_LAG = 2, SHED_PATH_CANDS = 5 };

/// In nats.
typedef struct {
  float glide;        ///< an octave of glide, beyond what is free
  float free_octaves; ///< a frame: a fast vibrato or portamento
  float new_note;     ///< caps a jump
  float voice_bias;   ///< added to the log odds of a pitch
  float begin;        ///< silence to pitch
  float end;          ///< pitch to silence
} shed_path_costs;

typedef struct {
  float f0_hz;      ///< 0 only without a candidate
  float confidence; ///< P(within 50 cents), 0..1
  bool  voiced;
  int   n; ///< of the candidates: f0 first, the others in falling order of periodicity
  struct {
    float f0_hz;
    float periodicity;
    float share; ///< of this frame alone, 0..1: how likely the pitch within 50 cents is
  } cand[SHED_PATH_CANDS];
} shed_path_point;

// A frame on the path.
typedef struct {
  int           n;
  int           seen; // of them, candidates; what comes after goes on unseen
  float         f_hz[SHED_CANDS_MAX];
  float         height[SHED_CANDS_MAX]; // octaves
  float         periodicity[SHED_CANDS_MAX];
  shed_emission emission;
  float         odds;                   // log odds of a pitch
  float         cost[SHED_CANDS_MAX];   // of the best path that ends here
  int           before[SHED_CANDS_MAX]; // that path's candidate in the frame before
  float         voice_cost[2];          // of the best path that ends in silence, in voice
  int           voice_before[2];
} shed_path_frame;

/// Plain value; zeroed but for costs is new.
typedef struct {
  shed_path_costs costs;
  shed_path_frame frames[SHED_PATH_LAG + 1];
  int64_t         count;
} shed_path;

/// What confidence is told from; natural logarithms of odds, and the path's margin over the best one that has another
/// pitch there, in nats.
enum { SHED_PATH_EVIDENCE = 4 };

SHED_RT shed_path_costs shed_path_costs_usual(void);
/// Take the next frame. @param odds log odds of a pitch. Thread: analysis. Real-time: yes.
SHED_RT void shed_path_push(shed_path *p, const shed_cand_set *s, const shed_emission *e, float odds);
/// What the frame @p back ago (0..SHED_PATH_LAG, and pushed) looks like now. The newest one only by its own candidates: a
/// note that begins is told at once.
SHED_RT void shed_path_describe(const shed_path *p, int back, shed_path_point *out);
/// The evidence under the confidence of that frame; false without a candidate.
SHED_RT bool shed_path_evidence(const shed_path *p, int back, float out[SHED_PATH_EVIDENCE]);

#endif
