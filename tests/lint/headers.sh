#!/bin/sh
# Each header compiles alone, twice included.
set -eu
. tests/lint/sources.sh
bad=0
set -- -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wstrict-prototypes -Wno-unused -Werror -I.
for flag in $(pkg-config --cflags libxml-2.0 fluidsynth aubio); do # for the folders that wrap them
  set -- "$@" "$flag"
done
for header in $(sources '*.h' engine mastery assessors drills rubrics app); do
  printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
    cc "$@" -fsyntax-only -x c - || { echo "$header does not compile alone"; bad=1; }
done
exit $bad
