/// How a prompt is counted: its metronome. The door sounds it, the ear is told of it, the display shows it, by the same numbers.
#ifndef SHED_SESSION_COUNT_H
#define SHED_SESSION_COUNT_H

#include "engine/audio/metronome.h"
#include "engine/task/prompt.h"

/// A plain value.
typedef struct {
  bool counted; ///< there is a tempo to count by; else the rest is nothing
  shed_metronome
      metronome; ///< its second 0 is the beginning of the count-in; count_in_only where no click is asked while playing
  double
         music_s; ///< where the first beat of the line falls: behind the count-in, and behind what a pickup leaves of its bar
  double beat_s; ///< between two clicks
} shed_count;

/// Beats are those that a foot taps, where they are of one length, else the metre's own (7/8 is seven). A line whose metre changes is
/// counted in quarters without accents.
shed_count shed_count_of(const shed_prompt *prompt);

#endif
