#!/bin/sh
# Each header compiles alone, with the flags of the first file in the build's compile commands.
set -eu
. tests/lint/sources.sh
bad=0
for header in $(sources '*.h' engine mastery assessors drills app); do
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
    cc -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wstrict-prototypes -Wno-unused -Werror -I. \
      -fsyntax-only -x c - || { echo "$header does not compile alone"; bad=1; }
done
exit $bad
