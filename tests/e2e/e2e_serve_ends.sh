#!/bin/sh
# woodshed serve: a take whose player does not come back, a server that is stopped in mid-take, one that is killed: what was played is
# kept as practice, the store is whole, and who was signed in still is.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"

play() { # play STAGE: returns when a take is being played
  rm -f ada.playing
  node "$SOURCE/tests/e2e/serve_ends.mjs" "$PORT" "$1" ada >player 2>&1 &
  PLAYER=$!
  tries=0
  until [ -f ada.playing ]; do
    tries=$((tries + 1))
    if [ $tries -ge 1200 ] || ! kill -0 "$PLAYER" 2>/dev/null; then
      cat player
      tail -n 5 server.err
      fail "no take is played"
    fi
    sleep .1
  done
}
stop_player() { kill "$PLAYER" 2>/dev/null || true; wait "$PLAYER" 2>/dev/null || true; }

serve_start --room Test
play first
serve_stop # in mid-take
stop_player
cat player
expect 0 "$WOODSHED" store check --store store.db
serve_start --room Test
node "$SOURCE/tests/e2e/serve_ends.mjs" "$PORT" look ada 2 || fail "see above"
play again
kill -9 "$SERVER"
wait "$SERVER" 2>/dev/null || true
SERVER=
stop_player
serve_start --room Test
node "$SOURCE/tests/e2e/serve_ends.mjs" "$PORT" look ada 3 || { cat server.err; fail "see above"; }
says server.err 'was cut off when the program ended. Its sound is safe, and it is kept as practice.'
serve_stop
expect 0 "$WOODSHED" store check --store store.db
