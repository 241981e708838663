#!/bin/sh
# Browsers' streams at once, with whole verdicts: serve_load.sh WOODSHED SOURCE [PLAYERS ...]. Prints delays and what it cost; never fails for being slow.
# Without PLAYERS the last row is what is asked for: the ears alone take 80 % of all processors, by the cost of one ear among 64 as
# bench_live measures it just before.
set -eu
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
WOODSHED=$1
SOURCE=$2
shift 2
ear=0
if [ $# -eq 0 ]; then
  line=$("$(dirname "$WOODSHED")/tests/bench/bench_live" | grep '^64 listeners')
  ear=$(echo "$line" | sed 's/.*turn: \([0-9.]*\) ms.*/\1/')
  asked=$(awk "BEGIN { printf \"%d\", 0.8 * $(nproc) * 1000 / $ear }")
  [ "$asked" -le 190 ] || asked=190 # a server takes 200 players
  echo "one ear among 64 takes $ear ms a second of sound: 80 % of $(nproc) processors are $asked players"
  set -- 1 40 80 "$asked"
fi
room=$(mktemp -d)
cd "$room"
. "$SOURCE/tests/e2e/lib.sh"
. "$SOURCE/tests/e2e/serve_lib.sh"
trap 'serve_stop; rm -rf "$room"' EXIT
WOODSHED_LOAD_BEFORE=$room/before.json
export WOODSHED_LOAD_BEFORE
for players in "$@"; do
  rm -rf store.db*
  serve_start --room Test
  echo "== $players players"
  node "$SOURCE/tests/bench/serve_load.mjs" "$PORT" "$SERVER" "$players" "$ear" || tail -n 3 server.err
  serve_stop
done
