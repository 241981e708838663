#!/bin/sh
# A student's first lesson, played by the computer: three takes of the first course (one good, one with mistakes, one in a
# noisy room), scored and kept, with what the gate answers each time, and what to type with a recording of one's own.
# Then the practice room is opened on the same store, and stays open until Ctrl-C.
#   tests/demo/run.sh [--once] [FOLDER]   (default build/demo; it is emptied first. --once: the room is closed again at once)
set -eu
cd "$(dirname "$0")/../.."
once=
[ "${1:-}" != --once ] || { once=--once && shift; }
room=${1:-build/demo}
build=build/release
woodshed=$build/woodshed
maker=$build/tests/corpus/corpus_make
student=Demo
instrument=flute
drill=applied-instrumental/first-notes/scales
store=$room/store.db

rm -rf "$room"
mkdir -p "$room"

say() { printf '\n%s\n' "$1"; }
type_in() { # type_in COMMAND...: shows what is typed, and runs it; 0, 1 and 5 are answers, anything else is trouble
  printf '\n$ woodshed'
  for word in "$@"; do
    case $word in *[!a-zA-Z0-9_./:+-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
  done
  printf '\n\n'
  code=0
  "$woodshed" "$@" || code=$?
  case $code in 0 | 1 | 5) ;; *) echo "dev: woodshed ended with $code" >&2; exit "$code" ;; esac
}
play() { # play SEED WHAT-THE-CORPUS-DOES...: a take of that item
  seed=$1
  shift
  "$woodshed" drill show "$drill" --seed "$seed" --instrument $instrument --json >"$room/item-$seed.json"
  "$maker" "$room/take-$seed.wav" --prompt "$room/item-$seed.json" --instrument $instrument --seed "$seed" --human \
    --truth "$room/truth-$seed.json" "$@" >/dev/null
}
score() {
  type_in score "$room/take-$1.wav" --drill $drill --seed "$1" --instrument $instrument --student $student --counts \
    --performed-at "2026-11-2$1T10:00:00+01:00" --store "$store"
}

cat <<TEXT
== A first lesson ==

A student, called $student here, plays the $instrument. The computer plays the student's part: it makes three
recordings, as if through a microphone, and Woodshed hears them knowing nothing but what was asked.
The course is Applied Instrumental Music. Its first drill here asks for this:
TEXT
type_in drill show $drill --seed 1 --instrument $instrument

say '== Take 1: played well =='
play 1
score 1

say '== The teacher decides: this student has held long tones before, and may start here =='
type_in waive $student applied-instrumental/first-notes prerequisites --by Teacher \
  --reason 'has played long tones in tune last year' --store "$store"

say '== Take 2: another item, with three mistakes: a wrong note, a late note, a note left out =='
play 2 --mistake wrong@1:2 --mistake late@3:140 --mistake missed@5
score 2

say '== Take 3: a third item, played well in a noisy room =='
play 3 --degrade room:0.5:4 --degrade talk:8 --degrade pink:6
score 3

say '== Where the student stands now =='
type_in progress $student --store "$store"

cat <<TEXT

== Now you ==

In the browser, below. Or record yourself (a phone will do), copy the file here, and type, with your own file, instrument and name:

  $woodshed score my-take.wav --score content/applied-instrumental/scores/hot-cross-buns.abc --instrument flute

The three takes of this lesson are in $room, with the truth about each beside it: listen to them.
$woodshed help tells the rest.
TEXT

exec node tests/demo/room.mjs "$woodshed" "$store" build/web ${once:+"$once"}
