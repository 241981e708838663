/// What is counted when a pitch track is held against the truth, and the shares that follow from the counts.
///
/// Counts add up: over items, over groups, over what a bootstrap draws. Frames stand on a grid of 10 ms.
#ifndef SHED_TEST_PITCH_METRICS_H
#define SHED_TEST_PITCH_METRICS_H

#include "tests/accuracy/interval.h"
#include "tests/corpus/ear.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  PITCH_REGISTERS  = 7,
  PITCH_ERROR_BINS = 501, ///< signed errors from -50 to 50 cents in steps of .2
  PITCH_LOCK_BINS  = 102  ///< 0, 10 .. 1000 ms, and never
};
extern const double      PITCH_REGISTER_TO_HZ[PITCH_REGISTERS]; ///< upper ends
extern const char *const PITCH_REGISTER_NAME[PITCH_REGISTERS];

/// What a tracker says of one frame. It is called voiced when @c sure exceeds the tracker's threshold.
typedef struct {
  float f0_hz; ///< best guess, also where it is not voiced; 0: none
  float sure;
} pitch_point;

/// What an item of the corpus is known to be.
typedef struct {
  float           *f0_hz; ///< frames: > 0 pitch, 0 none, -1 may be argued about and is not counted
  int              frames;
  corpus_ear_note *notes;
  int              n_notes;
  bool             exact_cents;
} pitch_truth;

typedef struct {
  long voiced, rpa50, octave;
  long exact, rpa10;
} pitch_band;

typedef struct {
  long       voiced, rpa50, rpa25, rca50, octave, gross, recalled; ///< frames with a pitch
  long       exact, rpa10;                                         ///< of them, in items with exact cents
  long       silent, false_voice;                                  ///< frames without one
  long       judged, right;                                        ///< all that are not argued about
  long       notes, notes_right;
  pitch_band band[PITCH_REGISTERS];   ///< by the truth's pitch
  uint32_t   error[PITCH_ERROR_BINS]; ///< of the exact frames that are within 50 cents
  uint32_t   lock[PITCH_LOCK_BINS];   ///< notes by the time to their first two good frames
} pitch_counts;

/// A share of the counts: two fields of pitch_counts by their offset.
typedef struct {
  const char *name;
  const char *says;
  size_t      part, of;
  bool        high_is_good;
} pitch_rate;

typedef enum {
#define PITCH_RATE(name, part, of, high, says) PITCH_RATE_##part,
#include "tests/accuracy/pitch_metrics.def"
#undef PITCH_RATE
  PITCH_RATES
} pitch_rate_id;
extern const pitch_rate PITCH_RATE_OF[PITCH_RATES];
extern const pitch_rate PITCH_BAND_RPA50[PITCH_REGISTERS], PITCH_BAND_RPA10[PITCH_REGISTERS],
    PITCH_BAND_OCTAVE[PITCH_REGISTERS];

int pitch_register_of(double f0_hz);

/// Hold @p said (@p n frames) against the truth and add to @p to. A frame f of the truth is compared with frame
/// f + @p shift of what was said; outside of it nothing was said.
void pitch_count(pitch_counts *to, const pitch_truth *truth, const pitch_point *said, int n, int shift,
                 double threshold);
void pitch_add(pitch_counts *to, const pitch_counts *more);

/// In percent; NaN where there is nothing to count.
double pitch_percent(const pitch_counts *c, const pitch_rate *rate);
double pitch_median_error(const pitch_counts *c); ///< cents, of the frames within 50; NaN without one
double pitch_bias(const pitch_counts *c);         ///< signed median, cents
double pitch_lock90(const pitch_counts *c);       ///< ms; 1000 and more: never

/// A share in percent with its 95 % interval, by bootstrap over base items: what was made from one clean item is drawn
/// together.
///
/// @param items  @p n counts; @param base what each was made from.
interval pitch_interval(const pitch_counts *const *items, const size_t *base, size_t n,
                        const pitch_rate *rate);

#endif
