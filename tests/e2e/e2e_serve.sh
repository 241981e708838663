#!/bin/sh
# woodshed serve: accounts, permissions, live takes, cuts, signing out.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"
serve_start --room Test
node "$SOURCE/tests/e2e/serve.mjs" "$PORT" "$SOURCE" || fail "see above"
serve_stop
says server.err 'another student'
expect 0 "$WOODSHED" store check --store store.db
