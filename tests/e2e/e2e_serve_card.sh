#!/bin/sh
# woodshed serve with the machine's own sound card as the microphone: a card of our own that hands back what is played to it, and a
# musician beside the server.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
command -v jackd >/dev/null || { echo 'skipped: jackd is not here'; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"
. "$SOURCE/tests/e2e/sound_card.sh"
JACK_NO_START_SERVER=1 JACK_DEFAULT_SERVER=woodshed-card-$$
export JACK_NO_START_SERVER JACK_DEFAULT_SERVER

# without any sound card, and with the option: not offered, and said so
serve_start --room Test
node "$SOURCE/tests/e2e/serve_card.mjs" "$PORT" "$SOURCE" none || { tail -n 5 server.err; fail "see above"; }
serve_stop
serve_start --room Test --no-card
node "$SOURCE/tests/e2e/serve_card.mjs" "$PORT" "$SOURCE" off || { tail -n 5 server.err; fail "see above"; }
serve_stop

card_start
trap 'serve_stop; card_stop' EXIT
expect 0 "$WOODSHED" calibrate --input loopback --output loopback --probes 3
serve_start --room Test --listen 0.0.0.0
node "$SOURCE/tests/e2e/serve_card.mjs" "$PORT" "$SOURCE" card "$PLAY_SOUND" || { tail -n 5 server.err; fail "see above"; }
serve_stop
expect 0 "$WOODSHED" store check --store store.db
