#!/bin/sh
# Runs one test of the pages: run.sh FILE.test.mjs; or their bench. What it needs and has not is named, and the test skipped.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
[ -x "${WOODSHED_CHROMIUM:-/usr/bin/chromium}" ] || { echo "skipped: chromium is not here"; exit 77; }
[ -d "$root/app/web/node_modules/playwright-core" ] || { echo "skipped: no npm packages, run ./dev web"; exit 77; }
[ -f "$WOODSHED_PAGES/index.html" ] || { echo "skipped: the pages are not built, run ./dev web"; exit 77; }
# what was built before the last change would be another page than the one that is meant
newer=$(find "$root/app/web" -name node_modules -prune -o -type f -newer "$WOODSHED_PAGES/index.html" -print | head -n 1)
[ -z "$newer" ] || { echo "the pages are older than $newer: run ./dev web"; exit 1; }
case $1 in *.test.mjs) exec node --test "$1" ;; *) exec node "$1" ;; esac
