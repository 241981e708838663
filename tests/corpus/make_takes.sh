#!/bin/sh
# corpus_make from the outside: a take, its truth and its score are written, the same twice; nonsense is told.
set -eu
make=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() { echo "$*"; exit 1; }

"$make" a.wav --tune mary --instrument clarinet --mistake wrong@3:+2 --mistake 'restart@6>4:1' --noise pink:15 --room 0.4 \
  --truth a.json --abc a.abc
"$make" --out b.wav --tune mary --instrument clarinet --mistake wrong@3:+2 --mistake 'restart@6>4:1' --noise pink:15 \
  --room 0.4 --truth b.json
cmp a.wav b.wav
cmp a.json b.json
grep -q '"kind": "restart"' a.json || fail "the truth does not name the restart"
grep -q '^K:C$' a.abc || fail "the score has no key"
# a score as somebody else wrote it, and a keyboard's file of it
printf 'X:1\nM:4/4\nL:1/4\nQ:1/4=90\nK:C\nV:1\n[V:1]c d e f|\nV:2\n[V:2][CEG]4|\n' >two.abc
"$make" c.mid --score two.abc --part 2 --instrument piano --machine --truth c.json
[ "$(head -c 4 c.mid)" = MThd ] || fail "no MIDI file was written"
grep -q '"midi": 67' c.json || fail "the chord of the second part was not played"
"$make" d.wav --score two.abc --part 1 --instrument clarinet --squeaks 1 --breaths 1 --sink 40 --length .8 --truth d.json
grep -q '"bpm": 90' d.json || fail "the score's tempo was not taken"
cat >prompt.json <<'JSON'
{"schema": "woodshed/prompt/1"}
JSON
for arguments in "" "x.wav --tune nothing" "x.wav --mistake wrong@999:1" "x.wav --degrade fog" "x.wav --bpm fast" \
  "x.wav --prompt prompt.json" "x.wav --prompt none.json" "x.wav --instrument kazoo" "x.wav --what 1" "x.wav --score none.abc" \
  "x.wav --score two.abc --part 9" "x.wav --part 1"; do
  # shellcheck disable=SC2086 # several words on purpose
  if "$make" $arguments 2>told; then fail "taken: $arguments"; fi
  [ -s told ] || fail "nothing told: $arguments"
  [ ! -e x.wav ] || fail "a take was left: $arguments"
done
