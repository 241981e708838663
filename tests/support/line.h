/// Lines of notes for tests, from a short text.
///
///     shed_line line = line_of("C4:1 D4:1/2 E4:1/2 r:1 | x:2", 96.0, 4, 4);
///
/// A note is its sounding pitch and its length in quarters; x is unpitched, r a rest, bars are for the eye. Measures follow
/// the metre. Written is sounding.
#ifndef SHED_TEST_LINE_H
#define SHED_TEST_LINE_H

#include "engine/score/score.h"

/// Malformed text aborts. Freed by line_free().
shed_line line_of(const char *text, double bpm, int beats, int beat_type);
void      line_free(shed_line *line);

#endif
