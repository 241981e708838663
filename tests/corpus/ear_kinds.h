/// The rows of the ear's corpus and who makes each group. Inside tests/corpus only.
#ifndef CORPUS_EAR_KINDS_H
#define CORPUS_EAR_KINDS_H

#include "tests/corpus/ear_tone.h"

/// For what makes a RESYNTH row: this and below, a singer of the recordings.
enum { CORPUS_EAR_SINGER = -10 };

/// Which harms a row's items come in, besides clean.
typedef enum {
  CORPUS_EAR_ALONE       = 0,
  CORPUS_EAR_LIVE_TOO    = 1, ///< LIVE, both halves
  CORPUS_EAR_HARM_FIT    = 2, ///< all but LIVE, the half named
  CORPUS_EAR_HARM_REPORT = 4
} corpus_ear_spread;

/// One row: a clean item in each half.
typedef struct {
  const char      *name;
  corpus_ear_group group;
  corpus_ear_class kind;
  int made; ///< SYNTH: corpus_ear_kind; SAMPLED, RESYNTH: General MIDI program, or the percussion key
  corpus_ear_tune style;
  double          low, high; ///< midi; the halves are moved apart a little inside it
  double          slurs, seconds;
  bool            trap, fast;
  int             spread; ///< corpus_ear_spread, together
} corpus_ear_row;

const corpus_ear_row *corpus_ear_row_of(const corpus_ear_item *item);
const corpus_ear_row *corpus_ear_rows(size_t *n); ///< all; static

/// Make a clean item of one group. Statuses as corpus_ear_make().
SHED_NODISCARD shed_status corpus_ear_synth(const corpus_ear_item *item, const corpus_ear_row *row,
                                            corpus_ear_sound *out, shed_error *err);
SHED_NODISCARD shed_status corpus_ear_sampled(const corpus_ear_item *item, const corpus_ear_row *row,
                                              corpus_ear_sound *out, shed_error *err);
SHED_NODISCARD shed_status corpus_ear_resynth(const corpus_ear_item *item, const corpus_ear_row *row,
                                              corpus_ear_sound *out, shed_error *err);
SHED_NODISCARD shed_status corpus_ear_sung(const corpus_ear_item *item, const corpus_ear_row *row,
                                           corpus_ear_sound *out, shed_error *err);

#endif
