#!/bin/sh
# woodshed score from the outside: a score, an item of a drill, the document, wrong use, bad input.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
score=$SOURCE/content/applied-instrumental/scores/hot-cross-buns.abc
drill=applied-instrumental/first-notes/figures

# the model's own sound is a perfect take
expect 0 "$WOODSHED" drill sound "$drill" --seed 3 --instrument flute --out take.wav
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute
says out 'Every target is reached'
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --json
says out '"schema": "woodshed/verdict/1"'
says out '"passed": true'
says_not out '"pitch": "wrong"'
cp out first
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --json
equal out first

# another item of the same drill is not what was played: the answer is no, or too little was there to judge
code=0
"$WOODSHED" score take.wav --drill "$drill" --seed 4 --instrument flute --json >out 2>err || code=$?
[ "$code" -eq 1 ] || [ "$code" -eq 5 ] || fail "a wrong item gave exit code $code"

# a take through standard input is the same take
# shellcheck disable=SC2016 # meant literally
expect 0 sh -c '"$WOODSHED" score - --drill '"$drill"' --seed 3 --instrument flute --json <take.wav'
equal out first

# followed as if it came in now: every note is reached in order, all of them correct, and each event is a document
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --live
says out '"event": "position", "index": 0'
says out '"event": "note_provisional"'
says_not out '"wrong"'
says_not out '"missed"'
says_not out '"event": "jump"'
cp out followed
# shellcheck disable=SC2016 # meant literally
expect 0 sh -c '"$WOODSHED" score - --drill '"$drill"' --seed 3 --instrument flute --live <take.wav'
equal out followed
expect 2 "$WOODSHED" score take.wav --drill "$drill" --live --json
says err '--live'
printf 'onset_s,offset_s,midi,cents\n0.5,1.0,60,0\n' >some.notes.csv
expect 2 "$WOODSHED" score some.notes.csv --score "$score" --live
says err 'goes with sound'

# a score without targets neither passes nor fails
expect 0 "$WOODSHED" score take.wav --score "$score" --instrument flute --json
says out '"passed": null'
says out '"policy"'

# every option of scores is read, and nonsense in it refused
expect 0 "$WOODSHED" score take.wav --score "$score" --part 1 --measures 1-2 --tempo 96 --octave any --key any --policy college
expect 0 "$WOODSHED" score take.wav --score "$score" --tempo=free --policy year-1 --concert
expect 2 "$WOODSHED" score take.wav --score "$score" --tempo fast
says err '--tempo fast'
expect 2 "$WOODSHED" score take.wav --score "$score" --octave some
expect 3 "$WOODSHED" score take.wav --score "$score" --measures 70
says err 70
expect 3 "$WOODSHED" score take.wav --score "$score" --measures 1-2-3
expect 3 "$WOODSHED" score take.wav --score "$score" --part 9
expect 3 "$WOODSHED" score take.wav --score "$score" --instrument kazoo
says err 'kazoo'
expect 3 "$WOODSHED" score take.wav --score "$score" --policy year-9
says err 'year-1'
expect 2 "$WOODSHED" score take.wav
says err 'one of --score FILE, --reference TAKE and --drill ID is needed'
expect 2 "$WOODSHED" score take.wav --score "$score" --drill "$drill"
expect 2 "$WOODSHED" score take.wav --score "$score" --counts
expect 2 "$WOODSHED" score take.wav --drill "$drill" --tempo 90
expect 2 "$WOODSHED" score take.wav --drill "$drill"
says err '--instrument is needed'
expect 2 "$WOODSHED" score
expect 2 "$WOODSHED" score take.wav --score "$score" --score "$score"
says err '--score is given twice'
expect 3 "$WOODSHED" score take.wav --drill no-such-drill --instrument flute

# a policy from a file
printf '{"id": "strict", "version": 1, "pitch_cents": 20}' >policy.json
code=0
"$WOODSHED" score take.wav --score "$score" --policy policy.json >out 2>err || code=$?
[ "$code" -eq 0 ] || { [ "$code" -eq 3 ] && grep -q 'policy.json' err; } || fail "a policy file gave $code"
printf '{"id": "strict", "surprise": 1}' >policy.json
expect 3 "$WOODSHED" score take.wav --score "$score" --policy policy.json
says err 'policy.json'

# input that is none: each names the file and what is wrong
expect 3 "$WOODSHED" score nowhere.wav --score "$score"
says err 'nowhere.wav'
: >empty.wav
expect 3 "$WOODSHED" score empty.wav --score "$score"
says err 'empty.wav'
printf 'this is no sound' >text.wav
expect 3 "$WOODSHED" score text.wav --score "$score"
says err 'text.wav'
head -c 3000 take.wav >cut.wav
code=0
"$WOODSHED" score cut.wav --score "$score" >out 2>err || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "a truncated file gave $code"
expect 3 "$WOODSHED" score take.wav --score nowhere.musicxml
expect 3 "$WOODSHED" score take.wav --score take.wav
printf '<score-partwise><part-list>' >bad.musicxml
expect 3 "$WOODSHED" score take.wav --score bad.musicxml
says err 'bad.musicxml:1'

# smoothly repeated notes, with no dip between them, are no missed notes
for instrument in cello trumpet; do
  "$CORPUS_MAKE" repeats.wav --tune sailor --instrument $instrument --human --seed 11 --abc repeats.abc >/dev/null
  expect 0 "$WOODSHED" score repeats.wav --score repeats.abc --instrument $instrument --json
  says_not out '"pitch": "missed"'
  says_not out '"pitch": "wrong"'
done

# what was not heard clearly is not called right: this noisy take is well played, and one note of it is drowned
"$WOODSHED" drill show applied-instrumental/first-notes/scales --seed 3 --instrument flute --json >item.json
"$CORPUS_MAKE" noisy.wav --prompt item.json --instrument flute --seed 3 --human --degrade room:0.5:4 --degrade talk:8 \
  --degrade pink:6 >/dev/null
code=0
"$WOODSHED" score noisy.wav --drill applied-instrumental/first-notes/scales --seed 3 --instrument flute >out 2>err || code=$?
if grep -q 'not heard clearly' out; then
  says_not out 'All of it is right'
else
  says out 'All of it is right'
fi
