#!/bin/sh
# woodshed practice with a file as the microphone: a good take, a bad one, a silent one; lines, JSON, words on standard input; what is
# kept, what a kill leaves behind.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
drill=applied-instrumental/first-notes/scales
of="$drill --instrument flute --seed 3"

expect 2 "$WOODSHED" practice
expect 2 "$WOODSHED" practice "$drill" --score x.abc
expect 2 "$WOODSHED" practice "$drill" --instrument flute --counts
expect 2 "$WOODSHED" practice "$drill" --instrument flute --tempo 90
expect 4 "$WOODSHED" practice "$drill" --instrument flute --input 'no such microphone'

"$WOODSHED" drill show "$drill" --instrument flute --seed 3 --json >item.json
"$CORPUS_MAKE" good.wav --prompt item.json --instrument flute --seed 7 --human >/dev/null
"$CORPUS_MAKE" bad.wav --prompt item.json --instrument flute --seed 7 --human --mistake wrong@3:2 \
  --mistake missed@6 >/dev/null
"$MAKE_SOUND" silent.wav silence 12 44100 1

# a good take: each note is told once as it is played, and then the report
# shellcheck disable=SC2086 # words
expect 0 "$WOODSHED" practice $of --input good.wav --fast
says out 'This one is practice: it does not count.'
says out 'Count-in: 4 beats.'
says out 'Bar 1, beat 1, B♭4: right.'
says out 'Bar 3, beat 1, B♭4: right.'
says_not out 'another note'
says out 'Every target is reached.'

# the same take as a file gets the same marks
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --input good.wav --fast --no-count-in --json
cp out events
# shellcheck disable=SC2086
expect 0 "$WOODSHED" score good.wav --drill $of --json
python3 - events out <<'PY'
import json, sys
live = [json.loads(line) for line in open(sys.argv[1])]
live = next(e["verdict"] for e in live if e["event"] == "result")
file = json.load(open(sys.argv[2]))
assert live["dimensions"] == file["dimensions"], (live["dimensions"], file["dimensions"])
assert [n["onset_error_ms"] for n in live["notes"]] == [n["onset_error_ms"] for n in file["notes"]]
PY

# a bad take is marked where it is bad: the fourth note another one, the seventh not there
# shellcheck disable=SC2086
expect 1 "$WOODSHED" practice $of --input bad.wav --fast
says out 'Bar 1, beat 1, B♭4: right.'
says out 'Bar 1, beat 4, E♭5: another note.'
says out 'Bar 1, beat 4: '
says out 'Bar 2, beat 3: D5 not heard.'

# without colours nothing is told while it is played, and a take that counts is a test
# shellcheck disable=SC2086
expect 1 "$WOODSHED" practice $of --input bad.wav --fast --no-live
says_not out 'E♭5: another note.'
# shellcheck disable=SC2086
expect 1 "$WOODSHED" practice $of --input bad.wav --fast --student Ann --counts
says out 'This one counts.'
says_not out 'E♭5: another note.'
says out 'Kept. This one counts.'
expect 0 "$WOODSHED" progress Ann applied-instrumental
says_not out 'nothing played yet in First notes'

# a silent take says what to do, and nothing is judged
# shellcheck disable=SC2086
expect 5 "$WOODSHED" practice $of --input silent.wav --fast
says out 'silent.wav gives nothing at all'
says out 'Nothing was heard. Check that the microphone is on and is the right one.'

# events as JSON, a document a line, in order
# shellcheck disable=SC2086
expect 0 "$WOODSHED" drill sound $of --out model.wav
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --input model.wav --fast --json --click
python3 - out <<'PY'
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
states = [e["state"] for e in events if e["event"] == "state"]
assert states == ["prepare", "count_in", "listen", "judge", "feedback"], states
kinds = {e["event"] for e in events}
assert {"cue", "beat", "level", "pitch", "position", "note", "result"} <= kinds, kinds
beats = [e for e in events if e["event"] == "beat"]
assert [b["bar"] for b in beats[:4]] == [0, 0, 0, 0] and beats[4]["bar"] == 1, beats[:5]
cue = next(e for e in events if e["event"] == "cue")
assert abs((beats[4]["frame"] - cue["music_frame"])) <= 1, (beats[4], cue)
PY

# commands as lines; a rating comes before the result
# shellcheck disable=SC2086
(printf 'fly\nbefore even notes\nstart\n'; sleep 9; printf 'stop\n'; sleep 5; printf 'rate 80\n'; sleep 2; printf 'after I hurried\nquit\n') |
  "$WOODSHED" practice $of --input good.wav --rate-first --ask once --student Cleo >out 2>err || true
says err '"fly" is none of start, stop'
says out 'What do you want to reach? Say: before TEXT.'
says out 'how much was right? Say: rate PERCENT.'
says out 'You said 80 %'
[ "$(grep -n 'rate PERCENT' out | cut -d: -f1)" -lt "$(grep -n 'Overall' out | cut -d: -f1)" ] ||
  fail 'the result was told before the rating'

expect 0 "$WOODSHED" store export all
grep -q 'take.reflected' -r all || fail 'what was said afterwards was not kept'

# killed in the middle: the take is found the next time, and kept as practice
# shellcheck disable=SC2086
"$WOODSHED" practice $of --input good.wav --student Bob >/dev/null 2>&1 </dev/null &
killed=$!
sleep 8
kill -9 $killed
wait $killed 2>/dev/null || true
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --input good.wav --fast --student Bob
says err 'was cut off when the program ended'
says err 'kept as practice'
# shellcheck disable=SC2086
expect 0 "$WOODSHED" practice $of --input good.wav --fast --student Bob
says_not err 'cut off'
[ -z "$(ls "$XDG_DATA_HOME/woodshed/store.db.live")" ] || fail 'something was left among the recordings'
expect 0 "$WOODSHED" store check

# claps are listened to and judged at the end, and that is said
clap=applied-instrumental/rhythm/phrases
expect 0 "$WOODSHED" drill sound "$clap" --instrument flute --out clap.wav
expect 0 "$WOODSHED" practice "$clap" --instrument flute --input clap.wav --fast
says out 'This kind of task is judged when you have finished.'
says out 'Every target is reached.'
says_not out 'gives nothing at all'
