#!/bin/sh
# woodshed serve on a disk that is full in mid-take: said, nothing is lost, and the take is judged and kept once there is room.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"
mkdir -p small
mount -t tmpfs -o size=16m woodshed-test small 2>err || { echo "skipped: no small disk can be mounted here"; exit 77; }
room=$PWD
trap 'serve_stop; cd "$room"; umount -l small' EXIT
cd small || exit 1
serve_start --room Test
node "$SOURCE/tests/e2e/serve_full.mjs" "$PORT" . || { tail -n 5 server.err; fail "see above"; }
serve_stop
expect 0 "$WOODSHED" store check --store store.db
