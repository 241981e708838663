/// A look at the bytes before libxml2 gets them: what would cost more than it weighs is refused unparsed.
#ifndef SHED_SCORE_MUSICXML_GUARD_H
#define SHED_SCORE_MUSICXML_GUARD_H

#include "engine/score/model.h"

/// Counts elements (at most SHED_SCORE_MAX_ELEMENTS) and the attributes of a tag (parsers compare each with each), and
/// refuses declarations of entities and of default attributes. Works for UTF-8, Latin-1 and kin, and UTF-16, by leaving out
/// zero bytes.
/// @return SHED_OK, SHED_E_LIMIT, SHED_E_FORMAT; err says the line.
SHED_NODISCARD shed_status musicxml_guard(const shed_score *score, const char *data, size_t n,
                                          shed_error *err);

#endif
