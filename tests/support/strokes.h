/// Takes of strokes for tests: a line played with chosen deviations, as an onset list.
#ifndef SHED_TEST_STROKES_H
#define SHED_TEST_STROKES_H

#include "engine/task/prompt.h"
#include "engine/task/take.h"

enum { MOST_STROKES = 512 };

typedef struct {
  double           at_s[MOST_STROKES];
  double           confidence[MOST_STROKES];
  size_t           n;
  shed_heard_onset onsets[MOST_STROKES];
} strokes;

/// Each note of the line once, scale times as slow, the first at start_s, sure.
void strokes_play(strokes *s, const shed_line *line, double scale, double start_s);
void strokes_add(strokes *s, double at_s, double confidence);
void strokes_remove(strokes *s, size_t i);
/// In order of time, as a take of this kind that borrows s.
shed_take strokes_take(strokes *s, shed_take_kind kind);
/// A clap prompt at its own tempo; borrows the line.
shed_prompt strokes_prompt(const shed_line *line);

#endif
