#!/bin/sh
# woodshed serve under hostile input: paths, headers, bodies, frames, foreign pages, guesses, ten thousand connections.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"
# shellcheck disable=SC3045 # dash and bash have it: as many connections as there may be
ulimit -n "$(ulimit -H -n)" 2>/dev/null || echo "the number of open files stays at $(ulimit -n)"
serve_start --room Test
node "$SOURCE/tests/e2e/serve_hostile.mjs" "$PORT" || { tail -n 5 server.err; fail "see above"; }
serve_stop
expect 0 "$WOODSHED" store check --store store.db
