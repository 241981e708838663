#!/bin/sh
# The pages: strict types, and every word of theirs in one catalogue; and what tests them can be read.
set -eu
cd app/web
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
find . ../../tests -name node_modules -prune -o -type f -name '*.mjs' -print | LC_ALL=C sort | xargs -n 1 node --check
[ -d node_modules/typescript ] || { echo "skipped: no npm packages, run npm ci in app/web"; exit 77; }
node node_modules/typescript/bin/tsc --noEmit
node check_words.mjs
