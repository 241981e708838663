#!/bin/sh
# woodshed practice with what plays along: other parts of the score and recordings sound with the click, the ear knows of them, and what
# comes back through the microphone is nobody's note.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
. "$SOURCE/tests/e2e/sound_card.sh"
cat >duet.abc <<'ABC'
X:1
T:Little duet
M:4/4
L:1/4
Q:1/4=100
K:C
V:1 name="Flute"
V:2 name="Oboe"
[V:1] c' d' e' f' | g' e' c'2 | d' f' e' d' | c'4 |
[V:2] e g a2 | c e g2 | f2 g2 | e4 |
ABC
of='--score duet.abc --part 1 --instrument flute'

expect 2 "$WOODSHED" practice applied-instrumental/first-notes/scales --instrument flute --with all
"$CORPUS_MAKE" flute.wav --score duet.abc --part 1 --instrument flute --bpm 100 --lead-in 0 --seed 4 --human >/dev/null
"$CORPUS_MAKE" oboe.wav --score duet.abc --part 2 --instrument oboe --bpm 100 --lead-in 0 --seed 5 --human >/dev/null
# shellcheck disable=SC2086 # words
expect 3 "$WOODSHED" practice $of --with Tuba --input flute.wav --fast
says err 'there is no part "Tuba"'

# a recording plays along and comes back 40 ms later, twice as loud: it is told to the ear
python3 - <<'PY'
import wave
def read(name):
    w = wave.open(name)
    size = w.getsampwidth()
    assert w.getnchannels() == 1, name
    raw = w.readframes(w.getnframes())
    return w.getframerate(), [int.from_bytes(raw[i:i + size], "little", signed=True) >> 8 * size - 16 for i in range(0, len(raw), size)]
rate, out = read("flute.wav")
other, oboe = read("oboe.wav")
assert rate == other
late = int(.04 * rate)
for i, x in enumerate(oboe):
    if i + late < len(out):
        out[i + late] = max(-32768, min(32767, out[i + late] + 2 * x))
w = wave.open("both.wav", "wb")
w.setparams((1, 2, rate, 0, "NONE", ""))
w.writeframes(b"".join(x.to_bytes(2, "little", signed=True) for x in out))
PY
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --backing oboe.wav --others 0 --input both.wav --fast --json
cp out events
python3 - <<'PY'
import json
events = [json.loads(line) for line in open("events")]
cue = next(e for e in events if e["event"] == "cue")
assert cue["music_frame"] > cue["frame"], cue
v = next(e["verdict"] for e in events if e["event"] == "result")
assert v["score"] > .95 and not v["extras"], (v["score"], v["extras"])
PY

# without being told of it the ear takes it for the player's
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --tempo 100 --input both.wav --fast --json
python3 - out <<'PY'
import json, sys
v = next(e["verdict"] for e in map(json.loads, open(sys.argv[1])) if e["event"] == "result")
assert v["score"] < .95 or v["extras"], v["score"]
PY

# on the card: the other part sounds while nobody plays, and nobody is heard
card_start
# shellcheck disable=SC2086
practise_with - 0 $of --with all
python3 - <<'PY'
import json
events = [json.loads(line) for line in open("events")]
result = next(e for e in events if e["event"] == "result")
heard = [n for n in result["verdict"]["notes"] if n["pitch"] == "correct"]
assert not heard and not result["verdict"]["extras"], result["verdict"]
levels = [e["rms_db"] for e in events if e["event"] == "level"]
assert max(levels) > -60, max(levels) # it did sound
PY

# and with the flute: every note is the flute's
# shellcheck disable=SC2086
practise_with flute.wav 0 $of --with all
python3 - <<'PY'
import json
events = [json.loads(line) for line in open("events")]
v = next(e["verdict"] for e in events if e["event"] == "result")
right = sum(n["pitch"] == "correct" for n in v["notes"])
assert right >= len(v["notes"]) - 1 and not v["extras"], [n["pitch"] for n in v["notes"]] + v["extras"]
assert any(e["event"] == "note" for e in events)
PY
