/// Notes by Praat and aubio together: the peer for notes, since neither has them. Praat (Debian package praat) finds the pitch
/// of the whole file, aubio the attacks; a note begins where pitch begins, at an attack inside pitch, and where the pitch
/// changes and stays.
#ifndef SHED_TEST_PRAAT_NOTES_H
#define SHED_TEST_PRAAT_NOTES_H

#include "tests/accuracy/matching.h"

typedef enum { PRAAT_CC, PRAAT_AC, PRAAT_METHODS } praat_method;
extern const char *const PRAAT_METHOD_NAME[PRAAT_METHODS];

bool praat_installed(void);

/// Praat's pitch of a sound file on a grid of 10 ms.
/// @param[out] f0_hz  @p frames of them, 0 where unvoiced.
/// @return false when Praat could not be run on it.
bool praat_pitch(const char *path, praat_method method, double floor_hz, double ceiling_hz, double *f0_hz,
                 int frames);

/// What has to be chosen; all of it is picked on one half of the takes and reported on the other.
typedef struct {
  double change;       ///< semitones between the means before and after: a new pitch
  int    stay_frames;  ///< on each side
  int    least_frames; ///< a shorter note is none
  bool   snap;         ///< where pitch begins within 60 ms after an attack, the note begins at the attack
} praat_rule;

/// By how much the mean pitch of the next @p stay frames differs from that of the last ones, semitones; 0 at the edges of
/// pitch. One value for each frame.
void praat_changes(const double *f0_hz, int frames, int stay, double *change);

/// @param change   from praat_changes() with the rule's stay_frames.
/// @param attacks  sorted, seconds.
/// @return how many notes were written, at most @p max.
int praat_notes(const praat_rule *rule, const double *f0_hz, const double *change, int frames,
                const double *attacks, int n_attacks, match_note *out, int max);

#endif
