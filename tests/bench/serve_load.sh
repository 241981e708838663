#!/bin/sh
# Browsers' streams at once, with whole verdicts: serve_load.sh WOODSHED SOURCE [PLAYERS ...]. Prints delays and what it cost; never fails for being slow.
set -eu
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
WOODSHED=$1
SOURCE=$2
shift 2
[ $# -gt 0 ] || set -- 1 20 40 60
room=$(mktemp -d)
cd "$room"
. "$SOURCE/tests/e2e/lib.sh"
. "$SOURCE/tests/e2e/serve_lib.sh"
trap 'serve_stop; rm -rf "$room"' EXIT
for players in "$@"; do
  rm -rf store.db*
  serve_start --room Test
  echo "== $players players"
  node "$SOURCE/tests/bench/serve_load.mjs" "$PORT" "$SERVER" "$players" || tail -n 3 server.err
  serve_stop
done
