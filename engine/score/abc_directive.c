/// About this file: the directives (11) that change what is heard. All others say how it is printed and are passed over.
#include "engine/score/abc_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SEMITONES = 48, DRUM_CHANNEL = 10 };

// "MIDI channel 10", "MIDI transpose -2", "MIDI rtranspose 12".
static shed_status
directive_midi(shed_abc_reader *r, const char *text)
{
  char            word[24];
  int             used = 0;
  shed_abc_voice *v    = shed_abc_addressed(r);
  if (sscanf(text, "%23s %n", word, &used) < 1) {
    return SHED_OK;
  }
  const char *rest  = text + used;
  char       *end   = NULL;
  long        value = strtol(rest, &end, 10);
  bool        given = end != rest;
  if (given && strcmp(word, "channel") == 0) {
    v->percussion = v->percussion || value == DRUM_CHANNEL;
  } else if (given && strcmp(word, "transpose") == 0 && labs(value) <= MOST_SEMITONES) {
    v->midi_semitones = (int)value;
    v->transpose_new  = true;
  } else if (given && strcmp(word, "rtranspose") == 0 && labs(v->midi_semitones + value) <= MOST_SEMITONES) {
    v->midi_semitones += (int)value;
    v->transpose_new = true;
  } else if (strcmp(word, "transpose") == 0 || strcmp(word, "rtranspose") == 0) {
    return shed_abc_refuse(r, "%%%%MIDI %s: \"%.20s\" is not a number of semitones from -%d to %d", word,
                           rest, MOST_SEMITONES, MOST_SEMITONES);
  }
  return SHED_OK;
}

shed_status
shed_abc_directive(shed_abc_reader *r, const char *text)
{
  static const struct {
    const char    *word;
    shed_abc_reach reach;
  } reaches[] = {
      {"not", SHED_ABC_REACH_NOTE}, {"octave", SHED_ABC_REACH_OCTAVE}, {"pitch", SHED_ABC_REACH_PITCH}};
  text += strspn(text, " \t");
  if (shed_starts_with(text, "MIDI")) {
    return directive_midi(r, text + 4);
  }
  if (shed_starts_with(text, "propagate-accidentals")) {
    const char *word = text + strlen("propagate-accidentals");
    word += strspn(word, " \t=");
    for (size_t i = 0; i < SHED_COUNTOF(reaches); i++) {
      if (shed_starts_with(word, reaches[i].word)) {
        r->reach = reaches[i].reach;
        return SHED_OK;
      }
    }
    return shed_abc_warn(r, "propagate-accidentals \"%.20s\" is not known; it is not used", word);
  }
  if (shed_starts_with(text, "abc-include")) {
    return shed_abc_warn(r, "another file is to be included; it is not read");
  }
  return SHED_OK; // how it is printed
}
