/// A prompt's music as text, for terminals and tables: a measure at a time, each note with its length.
#ifndef SHED_DRILLS_TEXT_H
#define SHED_DRILLS_TEXT_H

#include "engine/task/prompt.h"

typedef enum {
  SHED_TEXT_WRITTEN, ///< as the player reads it
  SHED_TEXT_SOUNDING
} shed_text_pitch;

/// Append "F4 1, G4 ½, A4 ½ | B♭4 2": notes with their lengths in quarter notes, measures parted
/// by '|', rests as "rest 1"; a note without pitch is "x".
void shed_prompt_notes(const shed_prompt *prompt, shed_text_pitch pitch, shed_str *out);

#endif
