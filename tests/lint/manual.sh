#!/bin/sh
# The manual page is the one that the program writes of itself, and well-formed.
set -eu
page=docs/man/woodshed.1
program=$1/woodshed
[ -x "$program" ] || { echo "no $program"; exit 1; }
"$program" help --man | cmp - "$page" || { echo "$page is old: $program help --man >$page"; exit 1; }
command -v mandoc >/dev/null || { echo "skipped: mandoc is not here"; exit 77; }
mandoc -T lint -W warning "$page"
