/// The other parts of a score: what accompanies whoever plays one of them.
#ifndef SHED_SESSION_OTHERS_H
#define SHED_SESSION_OTHERS_H

#include "engine/score/score.h"

enum { SHED_OTHER_NAME = 80, SHED_OTHERS_MOST = 24 };

/// One of them, in the seconds of the line that is played against it.
typedef struct {
  shed_line line;
  char      name[SHED_OTHER_NAME];
  int       program; ///< General MIDI; the piano where the score does not say what plays it
} shed_other;

typedef struct {
  const char *path;
  const char *which;     ///< "all": every part but mine; else "N|NAME,...": these
  const char *mine;      ///< as --part has it; NULL: the first
  const char *measures;  ///< as --measures has it; NULL: all
  double      tempo_bpm; ///< as shed_selection has it
} shed_others_opts;

/// Parts without a note in the selection are left out.
/// @param[out] out  SHED_OTHERS_MOST places. @return SHED_OK; as shed_score_load() and shed_score_perform(); SHED_E_LIMIT: too many;
///         SHED_E_NOTFOUND: none is left that sounds. The caller frees them with shed_others_free().
SHED_NODISCARD shed_status shed_others_from_score(const shed_others_opts *opts, const shed_alloc *alloc,
                                                  shed_other *out, int *n, shed_error *err);
void                       shed_others_free(shed_other *others, int n);

#endif
