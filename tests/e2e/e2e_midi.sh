#!/bin/sh
# woodshed practice with a MIDI keyboard: chords told key by key while they are played and judged in full; a file that stands for it,
# and a keyboard of the test's own in place of PortMidi's; what a kill leaves behind, what was lost on the way.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
cat >chords.abc <<'ABC'
X:1
T:Chords
M:4/4
L:1/4
Q:1/4=120
K:C
V:1 name="Piano"
[CEG] c [DFA] d | [EGB] e [FAc] f | [G,B,D] g [A,CE] [CEG] |
ABC
make() { file=$1; shift; "$CORPUS_MAKE" "$file" --score chords.abc --instrument piano --bpm 120 --lead-in 0 --seed 3 --human "$@" >/dev/null; }
make good.mid
make bad.mid --mistake missed@1 --mistake wrong@5:2
of='--score chords.abc --tempo 120'

expect 2 "$WOODSHED" practice --score chords.abc --midi good.mid --input good.wav
# shellcheck disable=SC2086 # words
expect 4 "$WOODSHED" practice $of --midi 'no such keyboard' --silent
says err 'no'

# a good take: each chord in one sentence, and the score has every key
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --midi good.mid --fast --click
says out 'Bar 1, beat 1, C4+E4+G4: right.'
says out 'Bar 3, beat 4, C4+E4+G4: right.'
says out 'A keyboard performance'
says_not out 'another note'

# a bad one: which key of which chord
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --midi bad.mid --fast
says out 'Bar 1, beat 1, C4 right; E4 not heard; G4 right.'
says out 'Bar 1, beat 3, D4 right; F4 another note; A4 right.'
says out 'Bar 1, beat 1: E4 not heard.'
says out 'Bar 1, beat 3: F4 was G4.'

# live and in the end the same keys; the same as the file by itself
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --midi bad.mid --fast --json
cp out events
# shellcheck disable=SC2086
expect 0 "$WOODSHED" score bad.mid $of --json
python3 - events out <<'PY'
import json, sys
live = [json.loads(line) for line in open(sys.argv[1])]
verdict = next(e["verdict"] for e in live if e["event"] == "result")
told = {e["index"]: e["pitch"] for e in live if e["event"] == "note"}
file = json.load(open(sys.argv[2]))
judged = [n["pitch"] for n in verdict["notes"]]
assert judged == [n["pitch"] for n in file["notes"]], (judged, file)
assert [told[i] for i in range(len(judged))] == judged, (told, judged)
PY

# a keyboard, in real time
LD_PRELOAD=$FAKE_PORTMIDI
ASAN_OPTIONS=verify_asan_link_order=0
WOODSHED_TEST_KEYS=$PWD/keys.txt
play() { # play OFFSET_MS [STOP_AT]: the keys of good.mid, from the keyboard's opening on
  python3 - "$@" <<'PY' >keys.txt
import sys
offset, stop = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 99
chords = [[60, 64, 67], [72], [62, 65, 69], [74], [64, 67, 71], [76], [65, 69, 72], [77], [55, 59, 62], [79], [57, 60, 64], [60, 64, 67]]
for i, chord in enumerate(chords[:stop]):
    for k, key in enumerate(chord):
        print(offset + 500 * i + 4 * k, "0x90", key, 80)
    for key in chord:
        print(offset + 500 * i + 430, "0x80", key, 0)
PY
}
play 900
with_keyboard() { LD_PRELOAD=$LD_PRELOAD ASAN_OPTIONS=$ASAN_OPTIONS WOODSHED_TEST_KEYS=$WOODSHED_TEST_KEYS "$@"; }
of='--score chords.abc --midi piano --silent'
expect 0 with_keyboard "$WOODSHED" devices
says out 'Test Piano'
# shellcheck disable=SC2086
expect 0 with_keyboard "$WOODSHED" practice $of --takes 1 --json --no-count-in
cp out events
python3 - events <<'PY'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
notes = [e for e in events if e["event"] == "note"]
assert len(notes) == 26 and all(n["pitch"] == "correct" for n in notes), notes
verdict = next(e["verdict"] for e in events if e["event"] == "result")
assert verdict["score"] > .99, verdict
assert all(abs(n["onset_error_ms"]) < 15 for n in verdict["notes"]), [n["onset_error_ms"] for n in verdict["notes"]]
PY

# some messages were lost: told, and what was played there is not judged
play 900
sed -i 's/^2900 0x90 .*/2900 overflow/' keys.txt
# shellcheck disable=SC2086
expect 0 with_keyboard "$WOODSHED" practice $of --takes 1 --json --no-count-in
says out '"code": "keys_lost"'
says out '"code": "keys_gaps"'

# nobody presses a key: that is asked about
: >keys.txt
# shellcheck disable=SC2086
(printf 'start\n'; sleep 8; printf 'stop\n'; sleep 1; printf 'quit\n') | with_keyboard "$WOODSHED" practice $of --no-count-in >out 2>err || true
says out 'No key came from Test Piano yet.'

# killed in mid-take: what was played until a moment before is kept as practice, and said
drill=applied-instrumental/first-notes/scales
"$WOODSHED" drill show $drill --instrument piano --seed 3 --json >item.json
python3 - item.json <<'PY' >keys.txt
import json, sys
notes = json.load(open(sys.argv[1]))["line"]["notes"]
for i, n in enumerate(notes[:7]):
    print(1200 + 500 * i, "0x90", n["midi"], 80)
    print(1600 + 500 * i, "0x80", n["midi"], 0)
PY
env LD_PRELOAD="$LD_PRELOAD" ASAN_OPTIONS=$ASAN_OPTIONS WOODSHED_TEST_KEYS="$WOODSHED_TEST_KEYS" \
  "$WOODSHED" practice $drill --instrument piano --seed 3 --midi piano --silent --student Bob --json --no-count-in >out 2>err </dev/null &
killed=$!
sleep 5.5
kill -9 $killed
wait $killed 2>/dev/null || true
expect 0 ls "$XDG_DATA_HOME/woodshed/store.db.live"
says out '.mid.part'
: >keys.txt
"$WOODSHED" drill sound $drill --instrument piano --seed 3 --out model.wav >/dev/null
"$WOODSHED" practice $drill --instrument piano --seed 3 --input model.wav --fast --student Bob >out 2>err || [ $? -eq 1 ]
grep -q 'A take of [45] s was cut off when the program ended' err || { cat err; fail 'the take that was cut off is not there'; }
says err 'kept as practice'
[ -z "$(ls "$XDG_DATA_HOME/woodshed/store.db.live")" ] || fail 'something was left among the recordings'
expect 0 "$WOODSHED" store check
