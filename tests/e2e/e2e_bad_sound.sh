#!/bin/sh
# woodshed practice when something goes wrong in the middle of a take: the microphone is pulled out and plugged in again, the driver loses
# something, it is dead, the wrong one, too loud, turned up and down by the machine, Bluetooth; the disk is full. Each is told with what to
# do, and what nobody heard is not judged.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
cat >tune.abc <<'ABC'
X:1
T:Tune
M:4/4
L:1/4
Q:1/4=120
K:C
V:1 name="Flute"
c' d' e' f' | g' e' c' z | d' f' e' d' | c' g' c'2 |
ABC
"$CORPUS_MAKE" flute.wav --score tune.abc --instrument flute --bpm 120 --rate 48000 --lead-in 0 --seed 4 --human >/dev/null
python3 - <<'PY'
import array, math, random, wave
def read(name):
    w = wave.open(name)
    size = w.getsampwidth()
    raw = w.readframes(w.getnframes())
    return array.array("f", [int.from_bytes(raw[i:i + size], "little", signed=True) / 2.0 ** (8 * size - 1) for i in range(0, len(raw), size)])
def write(name, x):
    with open(name, "wb") as f:
        array.array("f", x).tofile(f)
flute = read("flute.wav")
write("flute.raw", flute)
random.seed(3)
# a gain that comes up by 20 dB in two seconds of pause and falls at once where it is loud; three notes far apart
out, gain = [], 1.0
for i in range(48000 * 14):
    note = 0.25 * math.sin(2 * math.pi * 880 * i / 48000) if (i // 24000) % 8 < 2 else 0.0
    x = (note + 0.001 * random.gauss(0, 1)) * gain
    out.append(max(-1, min(1, x)))
    gain = max(1.0, gain * 0.9995) if note else min(10.0, gain * 1.00003)
write("agc.raw", out)
PY
of='--score tune.abc --instrument flute --tempo 120'

# take CARD...: a card by these lines, one take on it; events to ./events, messages to ./err
take() {
  printf '%s\n' "$@" >card.txt
  code=0
  # shellcheck disable=SC2086 # words
  env TMPDIR="${disk:-/tmp}" LD_PRELOAD="$FAKE_PORTAUDIO" ASAN_OPTIONS=verify_asan_link_order=0 WOODSHED_TEST_CARD="$PWD/card.txt" \
    "$WOODSHED" practice $of --click --json --takes 1 ${more:-} >events 2>err || code=$?
}
# told CODE: a message of the take, or a warning of its result
told() { grep -q "\"$1\"" events || { echo "FAILED: $1 was not told"; cut -c1-300 events | grep -v '"level"\|"pitch"\|"beat"' | head -n 40; cat err; exit 1; }; }
not_told() { ! grep -q "\"$1\"" events || fail "$1 was told"; }
verdict() { python3 - "$1" <<'PY'
import json, sys
events = [json.loads(line) for line in open("events")]
v = next(e["verdict"] for e in events if e["event"] == "result")
labels = [n["pitch"] for n in v["notes"]]
gaps = v["take"].get("gaps", [])
ok = eval(sys.argv[1], {"v": v, "labels": labels, "gaps": gaps, "n": len(labels), "events": events, "any": any, "all": all, "sum": sum, "len": len})
assert ok, (sys.argv[1], labels, v["score"], v["take"].get("warnings"), gaps)
PY
}

# how late the card is, is measured first: rhythm may be judged then
mkdir -p "$XDG_CONFIG_HOME/woodshed"
latency() { cat >"$XDG_CONFIG_HOME/woodshed/latency.json"; }
python3 - <<'PY' | latency
import json
print(json.dumps({"schema": "woodshed/latency/1", "pairs": [{"input": "Test Card", "output": "Test Card", "api": "ALSA", "rate_hz": 48000, "block_frames": 0,
    "latency_s": 0.0, "spread_s": 0.0, "gain_db": -60.0, "probes": 8, "heard": 8, "measured_ms": 1795303800000}]}))
PY

# all is well
take 'sound flute.raw 2.0'
verdict 'sum(l == "correct" for l in labels) >= n - 1'
not_told sound_gaps

# pulled out for a second and a half and plugged in again: the take goes on, a note in between is not judged, nor when the one
# began that it cut into; the others are
take 'sound flute.raw 2.0' 'gone 4.6 6.1'
told sound_gap
told sound_gaps
verdict 'v["notes"][6]["credit"] is None and not any(l in ("missed", "wrong") for l in labels)'
verdict 'v["notes"][7]["timing"] in (None, "unsure")'
verdict 'sum(l == "correct" for l in labels) >= n // 2'
verdict 'labels[0] == "correct" and labels[-1] == "correct"'

# the driver says that it lost something: told, and the take goes on
take 'sound flute.raw 2.0' 'torn 5.0'
verdict 'sum(l == "correct" for l in labels) >= n - 3'

# switched off, or not allowed: exactly nothing
take 'hum 0'
told sound_dead
verdict 'v["score"] is None'

# the wrong one: the room alone
take 'hum 0.01'
told sound_not_heard
verdict 'v["score"] is None'

# too loud
take 'sound flute.raw 2.0' 'gain 30'
told sound_clipped

# the machine turns it up in pauses
take 'sound agc.raw 0.5'
told sound_gain

# Bluetooth: notes are judged, rhythm is not
take 'name WH-1000XM4 Hands-Free' 'sound flute.raw 2.0'
told sound_bluetooth
verdict 'v["dimensions"]["rhythm"]["score"] is None'
verdict 'sum(l == "correct" for l in labels) >= n - 1'

# never measured: against a click rhythm is not judged
echo '{"schema": "woodshed/latency/1", "pairs": []}' | latency
take 'sound flute.raw 2.0'
told sound_not_calibrated
verdict 'v["dimensions"]["rhythm"]["score"] is None'

# the disk is full in mid-take: told at once, and when there is room again nothing is lost
mkdir small
if mount -t tmpfs -o size=1200k none small 2>/dev/null; then
  trap 'umount small' EXIT
  head -c 1000k /dev/zero >small/ballast
  (sleep 10; rm small/ballast) &
  disk=$PWD/small
  take 'sound flute.raw 2.0'
  wait
  told sound_disk_full
  verdict 'sum(l == "correct" for l in labels) >= n - 1'
  not_told sound_gaps
else
  echo 'the full disk: skipped, nothing can be mounted here'
fi
