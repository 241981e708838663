#!/bin/sh
# The same sound gives the same verdict, byte for byte: twice by one build, and by builds of other compilers, options and
# sanitizers. Takes are made here: well played, with mistakes, in a noisy room, a voice, claps.
#   tests/same.sh BUILD OTHER-BUILD...
set -eu
cd "$(dirname "$0")/.."
first=$1
shift
maker=$first/tests/corpus/corpus_make
room=$(mktemp -d "${TMPDIR:-/tmp}/woodshed-same.XXXXXX")
trap 'rm -rf "$room"' EXIT
n=0

compare() { # compare TAKE ARGUMENT...: --json of score, and the frames, from every build
  take=$1
  shift
  for build in "$first" "$first" $others; do
    code=0
    "$build/woodshed" score "$take" "$@" --json >"$room/now.json" 2>"$room/err" || code=$?
    case $code in 0 | 1 | 5) ;; *) cat "$room/err"; exit 1 ;; esac
    "$build/woodshed" analyze "$take" --frames >>"$room/now.json"
    [ -f "$room/then.json" ] || mv "$room/now.json" "$room/then.json"
    if [ -f "$room/now.json" ]; then
      cmp "$room/then.json" "$room/now.json" || { echo "$build judges $take otherwise than $first"; exit 1; }
      n=$((n + 1))
    fi
  done
  rm -f "$room/then.json"
}

others=$*
drill=applied-instrumental/first-notes/scales
"$first/woodshed" drill show $drill --seed 3 --instrument flute --json >"$room/item.json"
for how in '' '--mistake wrong@1:2 --mistake late@3:140' '--degrade room:0.5:4 --degrade talk:8 --degrade pink:6'; do
  # shellcheck disable=SC2086 # words
  "$maker" "$room/take.wav" --prompt "$room/item.json" --instrument flute --human --seed 3 $how >/dev/null
  compare "$room/take.wav" --drill $drill --seed 3 --instrument flute
done
"$maker" "$room/sung.wav" --instrument alto --human --seed 5 --abc "$room/sung.abc" --rate 48000 >/dev/null
compare "$room/sung.wav" --score "$room/sung.abc" --instrument alto
"$first/woodshed" drill sound applied-instrumental/rhythm/phrases --seed 3 --instrument flute --out "$room/claps.wav" >/dev/null
compare "$room/claps.wav" --drill applied-instrumental/rhythm/phrases --seed 3 --instrument flute
echo "$n comparisons, all the same bytes"
