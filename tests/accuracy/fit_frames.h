/// The ear's material as what the choice of a pitch looks at: every frame's candidates with their features, and the truth.
#ifndef SHED_TEST_FIT_FRAMES_H
#define SHED_TEST_FIT_FRAMES_H

#include "engine/dsp/cands.h"
#include "tests/accuracy/ear_material.h"

typedef struct {
  shed_cand_set set;
  float         truth_hz; ///< 0 none, -1 may be argued about
  int           right;    ///< candidate; -1: none is
} fit_frame;

typedef struct {
  char       name[64];
  int        family, harm; ///< rows of the tables
  double     snr_db;
  bool       clean, held_out;
  fit_frame *frames;
  int        n;
} fit_item;

/// Makes sound @p i with @p context. @return false where it cannot be had.
typedef bool fit_source(void *context, int i, ear_sound *sound, fit_item *item);

/// Hear @p n sounds, on as many threads as there are cores; the same items whatever their number. Freed by
/// fit_items_free(). Ends the program when memory runs out.
fit_item *fit_items_hear(fit_source *source, void *context, int n);
/// What was heard, kept in a file for the next fit on this machine: frames as they lie in memory. @return NULL where
/// there is no such file or it is of another build.
fit_item *fit_items_read(const char *path, int *n);
/// @return false, with the reason on stderr.
bool fit_items_write(const char *path, const fit_item *items, int n);
void fit_items_free(fit_item *items, int n);

#endif
