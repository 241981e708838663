#!/bin/sh
# Every shell script passes shellcheck.
set -eu
command -v shellcheck >/dev/null || { echo "skipped: shellcheck is not here"; exit 77; }
find dev .ci tests -name node_modules -prune -o -type f \( -name '*.sh' -o -name dev -o -name run \) -print |
  LC_ALL=C sort | xargs shellcheck -x -s sh
