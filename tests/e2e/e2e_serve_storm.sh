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

serve_start --room Storm
storm "$seconds" "$players" 1 || { tail -n 20 server.err; fail "see above"; }
clean

# killed in mid-take
storm 30 "$players" 2 killed &
storm=$!
sleep 6
kill -9 "$SERVER"
wait "$storm" || fail "somebody waits for a server that is dead"
serve_stop
clean

# the same store once more, and ended while they play
serve_start --room Storm
storm 30 "$players" 3 killed &
storm=$!
sleep 6
kill -TERM "$SERVER"
wait "$SERVER" || { tail -n 20 server.err; fail "the server ended with $?"; }
SERVER=
wait "$storm" || fail "somebody waits for a server that has ended"
clean
expect 0 "$WOODSHED" store check --store store.db
