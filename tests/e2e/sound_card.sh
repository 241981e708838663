#!/bin/sh
# Sourced by the scripts that need one: a sound card of their own, whose device "loopback" hands back what is played on it.

card_start() { # 77 where jackd does not run
  JACK_NO_START_SERVER=1
  JACK_DEFAULT_SERVER=woodshed-e2e-$$
  export JACK_NO_START_SERVER JACK_DEFAULT_SERVER
  command -v jackd >/dev/null || { echo 'skipped: jackd is not here'; exit 77; }
  jackd -n "$JACK_DEFAULT_SERVER" -p 128 --no-realtime -S -L1 -C /dev/null -d dummy -r 48000 -p 256 >jackd.log 2>&1 &
  card=$!
  trap card_stop EXIT
  n=0
  until jack_lsp 2>/dev/null | grep -q loopback:capture_1; do
    n=$((n + 1))
    [ $n -lt 200 ] || { echo 'skipped: jackd does not run here'; exit 77; }
    sleep .05
  done
}
card_stop() {
  [ -z "${card:-}" ] || { kill "$card" 2>/dev/null && wait "$card" 2>/dev/null; } || true
  card=
}

# practise_with SOUND GAIN_DB ARGUMENTS...: woodshed practice on the card, while another musician plays SOUND from the music's first beat
# on (SOUND -: nobody does). Events to ./events, messages to ./err; the exit code to $code.
# shellcheck disable=SC2034 # the caller reads $code
practise_with() {
  sound=$1 gain=$2
  shift 2
  code=0
  python3 - "$sound" "$gain" "$PLAY_SOUND" "$WOODSHED" practice "$@" --input loopback --output loopback --json --takes 1 <<'PY' || code=$?
import json, subprocess, sys
sound, gain, player = sys.argv[1:4]
musician = None
if sound != "-":
    musician = subprocess.Popen([player, sound, "loopback", gain], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert musician.stdout.readline() == "ready\n"
run = subprocess.Popen(sys.argv[4:], stdout=subprocess.PIPE, stderr=open("err", "w"), text=True)
with open("events", "w") as events:
    for line in run.stdout:
        events.write(line)
        e = json.loads(line)
        if e["event"] == "cue" and musician:
            musician.stdin.write("%.3f\n" % max(0, (e["music_frame"] - e["at_s"] * 48000) / 48000))
            musician.stdin.flush()
code = run.wait()
if musician:
    musician.stdin.close()
    musician.wait()
sys.exit(code)
PY
}
