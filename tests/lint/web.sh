#!/bin/sh
# The pages: strict types, and every word of theirs in one catalogue.
set -eu
cd app/web
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
[ -d node_modules/typescript ] || { echo "skipped: no npm packages, run npm ci in app/web"; exit 77; }
node node_modules/typescript/bin/tsc --noEmit
node check_words.mjs
