/// What was heard, as lines that other programs read. Numbers in the C locale, one row a line, no blanks.
#ifndef SHED_CLI_TAKE_CSV_H
#define SHED_CLI_TAKE_CSV_H

#include "engine/base/str.h"
#include "engine/hear/hear.h"
#include "engine/task/take.h"

/// time_s,f0_hz,voiced,confidence,level_db: the settled track, a row each 10 ms.
void shed_take_csv_frames(const shed_take *take, shed_str *out);
/// onset_s,offset_s,midi,cents,confidence: midi and cents are empty where a note has no pitch.
void shed_take_csv_notes(const shed_take *take, shed_str *out);
/// onset_s,strength,confidence.
void shed_take_csv_onsets(const shed_take *take, shed_str *out);

/// One event as a line of JSON: at_frame, state (provisional or settled), kind, time_s, then what the kind holds.
void shed_event_line(const shed_event *event, shed_str *out);

#endif
