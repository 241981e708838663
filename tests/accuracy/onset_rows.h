/// One item of the ear's corpus heard by everybody: what the tables of onsets and notes are made of.
#ifndef SHED_TEST_ONSET_ROWS_H
#define SHED_TEST_ONSET_ROWS_H

#include "tests/accuracy/matching.h"
#include "tests/accuracy/onset_peers.h"
#include "tests/accuracy/reliability.h"
#include "tests/accuracy/vibrato_truth.h"
#include "tests/corpus/ear.h"

enum { ONSET_NOTES_MAX = 512, ONSET_FOUND_MAX = 4096 };

/// The two ways in which a peer's threshold is chosen on the fitting half.
typedef enum {
  ONSET_FOR_CLASS, ///< for each class of onsets, clean and live apart: the best that could be done
  ONSET_FOR_ALL,   ///< one for everything, as ours is
  ONSET_CHOICES
} onset_choice;

/// Thresholds by class and by clean or live, and one for everything.
typedef struct {
  double for_class[ONSET_PEERS][CORPUS_EAR_CLASSES][2];
  double for_all[ONSET_PEERS];
} onset_thresholds;

typedef struct {
  corpus_ear_item item;
  double          seconds;
  onset_score     own, peer[ONSET_PEERS][ONSET_CHOICES];
  note_score      notes;
  long            clicks, clicks_told; ///< metronome clicks apart from notes; of them called onsets
  long            strokes;             ///< unpitched notes told where all have pitch
  number_list     late_s;
  vibrato_count   vibrato;
  reliability     onset_sure, note_sure; ///< what was said, and whether it was so
} onset_row;

/// What is true of an item. @return the number of notes.
int onset_truth(const corpus_ear_sound *s, match_note out[ONSET_NOTES_MAX]);

/// Our ear on the item. @return false (and prints why) when it could not be heard.
bool onset_row_hear(const corpus_ear_sound *s, onset_row *row);
void onset_row_peers(const corpus_ear_sound *s, const onset_thresholds *t, onset_row *row);
void onset_row_free(onset_row *row);

/// Label by label, what was heard: to look into one item.
void onset_row_detail(const corpus_ear_sound *s);

#endif
