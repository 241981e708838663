#!/bin/sh
# clang-tidy over every file of the product, by the compile commands of the build given.
set -eu
. tests/lint/sources.sh
command -v clang-tidy >/dev/null || { echo "skipped: clang-tidy is not here"; exit 77; }
[ -f "$1/compile_commands.json" ] || { echo "no compile commands in $1"; exit 1; }
sources '*.c' engine mastery assessors drills rubrics app |
  xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p "$1" 2>/dev/null
