/// A take judged against a reference, as `woodshed score TAKE --reference REFERENCE` does it.
#ifndef SHED_TEST_JURY_ECHO_H
#define SHED_TEST_JURY_ECHO_H

#include "engine/task/take.h"
#include "tests/accuracy/jury_fit.h"

/// Fills score and overall of @p out. @return false, and says why on standard output, where it is not judged as a whole.
bool jury_echo(const char *take_path, const char *reference_path, shed_take_kind kind, jury_take *out);

#endif
