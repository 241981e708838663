/// One example of docs/examples: what was played (the maker's truth), what was said of it (the verdict), what the ear saw (the
/// frames), side by side. Inside this folder only.
#ifndef EXAMPLES_EXAMPLE_H
#define EXAMPLES_EXAMPLE_H

#include "engine/base/json.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXAMPLE_LABEL = 16, EXAMPLE_BAR = 16, EXAMPLE_NOTES_MOST = 1024, EXAMPLE_MISTAKES_MOST = 64 };

/// One note of the music. Times are seconds of the take; NaN where there is none.
typedef struct {
  char   bar[EXAMPLE_BAR];
  double beat;
  int    midi; ///< asked; -1 unpitched
  double asked_s, asked_length_s;
  char   pitch[EXAMPLE_LABEL], timing[EXAMPLE_LABEL],
      length[EXAMPLE_LABEL];  ///< the verdict's labels; "" not assessed
  double said_cents, said_ms; ///< off the note, off its time
  int    said_midi;           ///< -1: none
  bool   played;              ///< by the truth, from here on
  double onset_s, cents;
  double shift_ms; ///< off the player's own steady beat
} example_note;

typedef struct {
  char   kind[EXAMPLE_BAR]; ///< as corpus_make names it; "sink" for a pitch that goes down
  int    index, to;         ///< -1: none
  double amount;
} example_mistake;

typedef struct {
  double time_s, f0_hz, level_db;
  bool   voiced;
} example_frame;

/// What the ear made of a take without sound.
typedef struct {
  double onset_s, offset_s, midi;
} example_sound;

typedef struct {
  shed_json      *truth, *verdict; ///< whole, for what is looked up once
  example_note   *notes;
  size_t          n_notes;
  example_mistake mistakes[EXAMPLE_MISTAKES_MOST];
  size_t          n_mistakes;
  example_frame  *frames; ///< NULL: the take is no sound
  size_t          n_frames;
  example_sound  *sounds; ///< of a take without sound
  size_t          n_sounds;
  int             shift;    ///< semitones between what is asked and where it was heard
  double          length_s; ///< of the take
} example;

/// Read truth.json, verdict.json, and frames.csv or notes.csv of a folder. @return SHED_OK; SHED_E_NOTFOUND, SHED_E_FORMAT: err says
/// what. The caller frees with example_free() either way.
SHED_NODISCARD shed_status example_read(const char *folder, example *out, shed_error *err);
void                       example_free(example *e);

/// What was planted as a table, each with what the verdict says of it; then what the verdict says that was not planted. Appends
/// markdown. @return whether everything planted is named and nothing invented.
bool example_check(const example *e, shed_str *planted, shed_str *checklist);

/// The trace of the take over what is asked, with the signs of the verdict, as SVG. @return SHED_OK or SHED_E_IO.
SHED_NODISCARD shed_status example_trace(const example *e, const char *path, shed_error *err);

#endif
