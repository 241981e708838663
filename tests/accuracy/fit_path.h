/// What the whole choice (net, voicing, path, confidence) makes of heard items.
#ifndef SHED_TEST_FIT_PATH_H
#define SHED_TEST_FIT_PATH_H

#include "engine/dsp/path.h"
#include "engine/dsp/voicing.h"
#include "tests/accuracy/fit_frames.h"

typedef struct {
  shed_net        choice, voice;
  shed_path_costs costs;
} fit_ear;

/// Called for each frame of an item as it settles.
typedef void fit_settled(void *context, const fit_item *item, int frame, const shed_path_point *point,
                         const float evidence[SHED_PATH_EVIDENCE]);
void         fit_follow(const fit_ear *ear, const fit_item *item, fit_settled *settled, void *context);

/// Prints RPA50, octave errors, voicing and calibration of the items that were held out (or of the others), by row.
void fit_report(const fit_ear *ear, const fit_item *items, int n, bool held_out, const char *const *family,
                int families, const char *const *harm, int harms);

#endif
