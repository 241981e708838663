/// What was heard in a take, kept in the build folder: the ear and the rendering cost a hundred times what judging costs.
#ifndef SHED_TEST_TAKES_HEARD_H
#define SHED_TEST_TAKES_HEARD_H

#include "engine/task/take.h"
#include "tests/corpus/take.h"

enum { TAKES_AUBIO_MOST = 1024 };

/// A note of aubio's own note detector.
typedef struct {
  double onset_s;
  int    midi;
} takes_aubio_note;

typedef struct {
  shed_take        take; ///< the caller frees it
  takes_aubio_note aubio[TAKES_AUBIO_MOST];
  int              n_aubio;
} takes_heard;

/// A name for the ear as it is: what it makes of a fixed take. So nothing is read that another ear heard.
/// @return SHED_OK, or what corpus_take_sound() and the ear return.
SHED_NODISCARD shed_status takes_ear_name(shed_sha256 *out, shed_error *err);

/// From @p dir, or heard now and kept there. Statuses as takes_ear_name().
SHED_NODISCARD shed_status takes_hear(const char *dir, const shed_sha256 *ear, const corpus_take *t,
                                      const corpus_performance *p, takes_heard *out, shed_error *err);

/// @return N where the last two of a program's arguments are "anew N", else 0
int                 takes_anew(int argc, char **argv);
typedef shed_status takes_visit(void *ctx, const corpus_take *t, const corpus_performance *p,
                                const shed_take *heard, shed_error *err);
/// Every take of the half FIT, as it is heard. Statuses as takes_ear_name(), or the first of @p visit that is not SHED_OK.
/// @param anew how many times all are made anew besides, with tunes, players and mistakes of other seeds
/// @param[out] n_takes how many
SHED_NODISCARD shed_status takes_each_of_fit(const char *dir, int anew, takes_visit *visit, void *ctx,
                                             int *n_takes, shed_error *err);
/// The same of the usual ones where a note that another one plays may be taken for the player's.
SHED_NODISCARD shed_status takes_each_beside(const char *dir, int anew, takes_visit *visit, void *ctx,
                                             int *n_takes, shed_error *err);

#endif
