/// The kinds of file that are read. Each reader is one line in readers.def and one folder-private file (or several):
///
///     bool        shed_score_is_<id>(const char *data, size_t n);
///     shed_status shed_score_read_<id>(const char *data, size_t n, shed_score *score, shed_error *err);
///
/// is: cheap, looks at the content alone, true only when sure. read: fills an empty score by model.h's functions and does
/// not finish it; on failure err names "file:line" (shed_score_fail()) and the score is freed by the caller.
/// data[n] is 0, so that text can be read as a string; data may hold other zeros.
#ifndef SHED_SCORE_READERS_H
#define SHED_SCORE_READERS_H

#include "engine/score/model.h"

#define SHED_READER(id, title, endings)                                                                      \
  bool        shed_score_is_##id(const char *data, size_t n);                                                \
  shed_status shed_score_read_##id(const char *data, size_t n, shed_score *score, shed_error *err);
#include "engine/score/readers.def"
#undef SHED_READER

#endif
