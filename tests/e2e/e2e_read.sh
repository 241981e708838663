#!/bin/sh
# woodshed read: what a score is said to sound like, as JSON and in words, and what it says of files that are none.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
scores=$SOURCE/tests/fixtures/score

# Rows "index midi onset length measure beat pass" of the JSON, numbers to 3 places; - for a note without pitch.
rows_of_json() {
  awk '
    function value(line) { sub(/^[^:]*: */, "", line); sub(/,$/, "", line); gsub(/"/, "", line); return line }
    /^  "notes"/ { notes = 1 }
    /^  "warnings"/ { notes = 0 }
    !notes { next }
    /"index":/ { index_ = value($0) }
    /"pass":/ { pass = value($0) }
    /"measure":/ { measure = value($0) }
    /"beat":/ { beat = value($0) }
    /"midi":/ { midi = value($0); if (midi == "null") midi = "-" }
    /"onset_beats":/ { onset = value($0) }
    /"duration_beats":/ { length_ = value($0) }
    /^    }/ { printf "%d %s %.3f %.3f %s %.3f %d\n", index_, midi, onset, length_, measure, beat, pass }
  ' "$1"
}

# The same rows of one selection of an expectation, counted from 1.
rows_of_expectation() {
  awk -v wanted="$2" '
    function number(text,  parts) { return split(text, parts, "/") == 2 ? parts[1] / parts[2] : text + 0 }
    /^select/ { block++; next }
    block == wanted && /^[0-9]/ {
      printf "%d %s %.3f %.3f %s %.3f %d\n", $1, $2, number($3), number($4), $5, number($6), $7
    }
  ' "$1"
}

# each selection of each fixture that the options can say (not a tempo)
compared=0
for expectation in "$scores"/*.expect; do
  score=
  for ending in abc musicxml mxl; do
    [ ! -f "${expectation%.expect}.$ending" ] || score=${expectation%.expect}.$ending
  done
  block=0
  grep '^select' "$expectation" >selections
  while read -r selection; do
    block=$((block + 1))
    part='' staff='' voice='' from='' to='' tempo=''
    for word in ${selection#select}; do
      case $word in
      part=*) part=${word#part=} ;;
      staff=*) staff=${word#staff=} ;;
      voice=*) voice=${word#voice=} ;;
      from=*) from=${word#from=} ;;
      to=*) to=${word#to=} ;;
      tempo=*) tempo=${word#tempo=} ;;
      *) fail "$expectation: $word is not known here" ;;
      esac
    done
    [ -z "$tempo" ] || continue
    if [ -n "$from$to" ] && { [ -z "$from" ] || [ -z "$to" ]; }; then
      continue
    fi
    set -- --json
    [ -z "$part$staff$voice" ] || set -- "$@" --part "${part:-1}:${staff:-}${voice:+:$voice}"
    [ -z "$from" ] || set -- "$@" --measures "$from-$to"
    expect 0 "$WOODSHED" read "$score" "$@"
    rows_of_json out >is
    rows_of_expectation "$expectation" "$block" >should
    diff should is >differences || { echo "$score $*:"; head -n 20 differences; fail 'JSON is not as expected'; }
    compared=$((compared + 1))
  done <selections
done
[ "$compared" -ge 100 ] || fail "only $compared selections were compared"

# all members, and seconds by the tempo mark: dotted quarters at 112 a minute
expect 0 "$WOODSHED" read "$scores/abc_kesh.abc" --json
for member in parts notes warnings id name staves transpose index pass measure beat midi step alter octave onset_beats \
  duration_beats onset_s duration_s; do
  says out "\"$member\":"
done
says out '"onset_s": 0.178571'
[ ! -s err ] || fail 'JSON comes with messages'
expect 0 "$WOODSHED" read "$scores/abc_transposing.abc" --part cl --json
says out '"transpose": -2'
says out '"midi": 60'
says out '"step": "C"'
expect 0 "$WOODSHED" read "$scores/abc_drums.abc" --json
says out '"midi": null'
says out '"step": null'
expect 0 "$WOODSHED" read "$scores/abc_ties.abc" --json
says out '"what": "a tie leads to no note of the same pitch; it is not played"'
says out '"where": "abc_ties.abc:6"'

# in words
expect 0 "$WOODSHED" read "$scores/abc_kesh.abc"
says out 'The Kesh (traditional, Irish)'
says out 'Part 1: 94 notes, 17.1 s at 168 quarter notes a minute'
says out '             0  6 D4 1/2'
says out '   8, 2nd time  1 A4 1/2   2 G4 1/2   3 F♯4 1/2  4 G4 1'
expect 0 env LC_ALL=C "$WOODSHED" read "$scores/abc_kesh.abc"
says out '3 F#4 1/2'
expect 0 "$WOODSHED" read "$scores/abc_transposing.abc"
says out '  5  Horn in F (Hn), sounds 7 semitones lower than written'
expect 0 "$WOODSHED" read "$scores/abc_chords.abc" --measures 1
says out '1 C4+E4+G4 1'
says_not out 'A4'
expect 0 "$WOODSHED" read "$scores/abc_rests.abc" --measures 2-3
says out 'Part 1: 0 notes'
expect 0 "$WOODSHED" read "$scores/abc_rests.abc" --measures 1-2
says out '             2  rest'
expect 0 "$WOODSHED" read "$scores/abc_ties.abc"
says err 'woodshed: abc_ties.abc:6: a tie leads to no note'
awk 'length($0) > 80 || / $/ { bad = 1 } END { exit bad }' out || fail 'lines are too long or end in blanks'

# which part, staff, voice and measures
expect 0 "$WOODSHED" read "$scores/abc_voices.abc" --part 'SECOND VOICE' --measures 3-4
says out 'Part 2, Second voice: 8 notes'
expect 0 "$WOODSHED" read "$scores/abc_overlay.abc" --part 1:1:2
says out '1 C4 2'
says_not out 'C5'
expect 3 "$WOODSHED" read "$scores/abc_voices.abc" --part 3
says err 'there is no part "3"; the parts are: 1 1 "First voice", 2 2 "Second voice"'
expect 3 "$WOODSHED" read "$scores/abc_voices.abc" --part 1:2
says err 'there is no staff 2'
expect 3 "$WOODSHED" read "$scores/abc_voices.abc" --part 1:1:7
says err 'there is no voice "7"'
expect 3 "$WOODSHED" read "$scores/abc_voices.abc" --measures 7-9
says err 'there is no measure "9"; the measures are 1 to 8'
expect 3 "$WOODSHED" read "$scores/abc_voices.abc" --measures 4-2
says err 'measure 2 comes before measure 4'
expect 2 "$WOODSHED" read "$scores/abc_voices.abc" --measures 1-2-3
says err 'is not of the form A-B or A'
expect 2 "$WOODSHED" read "$scores/abc_voices.abc" --part 1:x
expect 2 "$WOODSHED" read
expect 2 "$WOODSHED" read one.abc two.abc

# files that are no score
expect 3 "$WOODSHED" read missing.abc
says err 'missing.abc'
: >empty.abc
expect 3 "$WOODSHED" read empty.abc
says err 'is empty'
expect 3 "$WOODSHED" read .
says err 'is a folder, a file is needed'
printf 'X:1\nK:C\nCDE|\n[CE\n' >broken.abc
expect 3 "$WOODSHED" read broken.abc
says err "broken.abc:4: the chord that begins with '[' is not closed by ']' on its line"
[ ! -s out ] || fail 'a refused file gives an answer'
printf '<?xml version="1.0"?>\n<score-partwise>\n<part-list>\n' >broken.musicxml
expect 3 "$WOODSHED" read broken.musicxml
says err 'broken.musicxml:'
printf 'MThd\0\0\0\006' >tune.mid
expect 3 "$WOODSHED" read tune.mid
says err 'tune.mid: byte 0: no MIDI file: it must begin with MThd and a head of 14 bytes'
printf 'this is no score\n' >words.txt
expect 3 "$WOODSHED" read words.txt
says err 'is no kind of score that is read'

# a score without notes is one; a long one is read in seconds; a longer one is refused
printf 'X:1\nT:Silence\nM:4/4\nK:C\nZ4|\n' >silence.abc
expect 0 "$WOODSHED" read silence.abc --json
says out '"notes": []'
long() { awk -v n="$1" 'BEGIN { print "X:1\nM:4/4\nL:1/4\nK:C"; for (i = 0; i < n; i++) print "CDEF|" }'; }
long 49999 >long.abc
expect 0 "$WOODSHED" read long.abc --json
[ "$(grep -c '"index"' out)" -eq 199996 ] || fail 'notes of the long score are missing'
long 250001 >longer.abc
expect 3 "$WOODSHED" read longer.abc
says err 'has more than'
