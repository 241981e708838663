#!/bin/sh
# Every C file is as clang-format 14 writes it. Other versions lay some things out otherwise: skipped there.
set -eu
. tests/lint/sources.sh
clang-format --version 2>/dev/null | grep -q 'version 14\.' || { echo "skipped: clang-format 14 is not here"; exit 77; }
# shellcheck disable=SC2046
clang-format --dry-run -Werror $(sources '*.[ch]' engine mastery assessors drills rubrics app tests)
