#!/bin/sh
# The whole server with everything going on at once: players with different sound who stop, leave, come back and sign out; then killed in mid-take,
# begun again on the same store, and ended in mid-take. Under the tsan preset a race anywhere is a failure (ctest -L tsan_load). STORM_S: how long.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"
seconds=${STORM_S:-20}
players=${STORM_PLAYERS:-6}

clean() { # what a sanitizer has said
  if grep -q 'WARNING: ThreadSanitizer\|ERROR: AddressSanitizer\|runtime error:' server.err; then
    grep -n -A 40 'WARNING: ThreadSanitizer\|ERROR: AddressSanitizer\|runtime error:' server.err | head -n 120
    fail "a sanitizer found something"
  fi
}
storm() { node "$SOURCE/tests/e2e/serve_storm.mjs" "$PORT" "$@"; }
# they play, and more than one of them
until_playing() {
  tries=0
  until [ -f playing ]; do
    tries=$((tries + 1))
    { [ $tries -lt 600 ] && kill -0 "$storm" 2>/dev/null; } || fail "nobody plays"
    sleep .2
  done
  sleep 3
}

serve_start --room Storm
storm "$seconds" "$players" 1 || { tail -n 20 server.err; fail "see above"; }
clean

# killed in mid-take
rm -f playing
storm 60 "$players" 2 killed &
storm=$!
until_playing
kill -9 "$SERVER"
wait "$storm" || fail "somebody waits for a server that is dead"
serve_stop
clean

# the same store once more, and ended while they play
serve_start --room Storm
rm -f playing
storm 60 "$players" 3 killed &
storm=$!
until_playing
kill -TERM "$SERVER"
wait "$SERVER" || { tail -n 20 server.err; fail "the server ended with $?"; }
SERVER=
wait "$storm" || fail "somebody waits for a server that has ended"
clean
expect 0 "$WOODSHED" store check --store store.db
