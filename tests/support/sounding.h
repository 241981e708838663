/// What a score must sound like, from a text beside it, against what is read.
///
/// A file of expectations has lines of these kinds; '#' begins a comment:
///
///     part 2                      the notes of this part follow; the line of the part before it is complete
///     tempo 96                    quarters a minute at the start
///     warnings 1                  how many warnings (not said: none)
///     0 67 0 1/2 1 1.0 1 trill    index, MIDI (x: unpitched), onset and length in quarters, measure, beat, pass, flags
///
/// Flags are the names of shed_note_flags in lower case without SHED_NOTE_; "chord" is never written.
#ifndef SHED_TEST_SOUNDING_H
#define SHED_TEST_SOUNDING_H

#include "engine/score/score.h"

#include <stdio.h>

/// Fails the test with the file, the row and both sides.
void check_sounding(const char *score_path, const char *expected_path);

/// The notes of one part in the same form, appended to @p out: for a person who writes expectations and checks them.
void write_sounding(const shed_line *line, FILE *out);

#endif
