#!/bin/sh
# Takes that are not sound, echoes of a reference, and MIDI files as scores, from the outside.
set -eu
. "$SOURCE/tests/e2e/lib.sh"

printf 'X:1\nT:Small tune\nM:4/4\nL:1/4\nQ:100\nK:F\nF G A B|c2 F2|]\n' >tune.abc
# the same at 100 a minute as a keyboard plays it: notes of 60 hundredths of a second, ticks of a thousandth of a quarter
printf 'MThd\0\0\0\006\0\0\0\001\001\340MTrk\0\0\0\137\0\377\121\003\011\047\300\0\377\131\002\377\0' >tune.mid
for key in 101 103 105 106; do printf '%b' "\\0000\\0220\\0$key\\0144\\0203\\0110\\0200\\0$key\\0000\\0030\\0260\\0100\\0000" >>tune.mid; done
for key in 110 101; do printf '%b' "\\0000\\0220\\0$key\\0144\\0207\\0010\\0200\\0$key\\0000\\0070\\0260\\0100\\0000" >>tune.mid; done
printf '\0\377\057\0' >>tune.mid

expect 0 "$WOODSHED" read tune.mid
says out '6 notes, 4.8 s at 100 quarter notes a minute'
says out 'B♭4 1'
says out '2  1 C5 2'
expect 0 "$WOODSHED" read tune.mid --json
says out '"warnings": []'
expect 0 "$WOODSHED" score tune.mid --score tune.abc --json
says out '"score": 1.0'
says_not out '"intonation"'
expect 0 "$WOODSHED" score tune.mid --score tune.mid
says out 'A keyboard performance'
expect 0 "$WOODSHED" analyze tune.mid --notes
says out '0.6,1.17,67,0,1'
expect 0 "$WOODSHED" analyze tune.mid --json
says out '"rate_hz": null'
says out '"snr_db": null'
expect 2 "$WOODSHED" analyze tune.mid --events
says err '--events goes with sound, and tune.mid holds none'

# lists of notes and of onsets, and what analyze writes is read again
printf 'onset_s,offset_s,midi,cents\n1,1.55,65,4\n1.6,2.15,67,2\n2.2,2.75,69,-3\n2.8,3.3,71,0\n3.4,4.5,72,1\n4.6,5.7,65,2\n' >take.notes.csv
expect 0 "$WOODSHED" score take.notes.csv --score tune.abc --json
says out '"pitch": "wrong"'
says out '"played_midi": 71'
expect 0 "$WOODSHED" analyze take.notes.csv --onsets
cp out take.onsets.csv
expect 0 "$WOODSHED" score take.onsets.csv --score tune.abc
says out 'only their time is judged'
says_not out 'Pitch'
expect 0 "$WOODSHED" analyze take.notes.csv --notes
cp out again.notes.csv
expect 0 "$WOODSHED" analyze again.notes.csv --notes
equal out again.notes.csv

# a pitch track of five milliseconds, a fourth lower: another key is no fault when one plays after another
awk 'BEGIN { print "time_s,f0_hz"
  split("60 62 64 65 67 60", key); split("0.6 0.6 0.6 0.6 1.2 1.2", length_s); t = 0.3
  for (i = 1; i <= 6; i++) {
    for (end = t + length_s[i]; t < end - 0.0025; t += 0.005) {
      printf "%.3f,%.2f\n", t, t < end - 0.06 ? 440 * exp((key[i] - 69) / 12 * log(2)) : 0
    }
  } }' >take.f0.csv
expect 0 "$WOODSHED" score take.f0.csv --reference tune.mid --json
says out '"kind": "reference"'
says out '"key_shift": -5'
says out '"score": 1.0'
expect 0 "$WOODSHED" score take.f0.csv --reference take.f0.csv
says out 'After take.f0.csv'
says out 'Phrase 1'
expect 0 "$WOODSHED" score take.f0.csv --reference take.notes.csv
says out 'lower than the reference'
expect 0 "$WOODSHED" score take.onsets.csv --reference take.onsets.csv --json
says out '"rhythm": {'
says out '"score": 1.0,'
says out '"tempo_bpm": null'
says out '"tempo_ratio": 1.0'
expect 0 "$WOODSHED" score tune.mid --reference take.onsets.csv
expect 2 "$WOODSHED" score tune.mid --reference tune.mid --score tune.abc
expect 2 "$WOODSHED" score tune.mid --reference tune.mid --measures 1
says err '--measures goes with --score'
expect 3 "$WOODSHED" score tune.mid --reference nowhere.f0.csv
says err nowhere.f0.csv

# what is wrong is named with its line, or its byte
refused() { # FILE CONTENT TEXT
  printf '%b' "$2" >"$1"
  expect 3 "$WOODSHED" analyze "$1"
  says err "$3"
  [ ! -s out ] || fail "$1 gives an answer"
}
refused a.f0.csv 'time,hz\n0,1\n' 'a.f0.csv:1: the first line must name the columns, and there is no time_s in "time,hz"'
refused a.f0.csv 'time_s,f0_hz\n0,220\n0.01,nan\n' 'a.f0.csv:3: f0_hz is "nan", which is no number'
refused a.f0.csv 'time_s,f0_hz\n0,220\n0,220\n' 'a.f0.csv:3: time_s 0 does not lie behind that of the row above, 0'
refused a.f0.csv 'time_s,f0_hz\n0,99999\n' 'a.f0.csv:2: f0_hz is 99999; it must lie between 0 and 20000'
refused a.f0.csv 'time_s,f0_hz\n0;220\n' 'a.f0.csv:2: time_s is "0;220", which is no number'
refused a.notes.csv 'onset_s,offset_s,midi,cents\n1,0.5,60,0\n' 'a.notes.csv:2: offset_s 0.5 lies before onset_s 1'
refused a.notes.csv 'onset_s,offset_s,midi,cents\n1,2\n' 'a.notes.csv:2: has 2 fields, the first line names 4: "1,2"'
refused a.onsets.csv 'onset_s\n2\n1\n' 'a.onsets.csv:3: onset_s 1 lies before that of the row above, 2'
refused a.onsets.csv 'onset_s\n1e9\n' 'a.onsets.csv:2: onset_s is 1e9; it must lie between -1 and 14400'
refused a.csv 'x\n' 'a.csv: is no take'
refused a.mid 'MThd\0\0\0\006\0\002\0\001\0\140' 'a.mid: byte 8: is a MIDI file of format 2'
refused a.mid 'MThd\0\0\0\006\0\0\0\001\0\140MTrk\0\0\0\002\0\105' 'a.mid: byte 23: 45 stands where an event begins'
printf 'onset_s\n' >none.onsets.csv
expect 3 "$WOODSHED" score tune.mid --reference none.onsets.csv
says err 'nothing is played in it'

# what is kept of such a take is the file itself, named by its kind
drill=applied-instrumental/first-notes/figures
expect 0 "$WOODSHED" drill sound "$drill" --seed 3 --instrument piano --out item.wav
expect 0 "$WOODSHED" analyze item.wav --notes
cp out item.notes.csv
expect 0 "$WOODSHED" score item.notes.csv --drill "$drill" --seed 3 --instrument piano --student Ada --store kept.db
kept=$(find kept.db.takes -name '*.notes.csv')
equal "$kept" item.notes.csv
expect 0 "$WOODSHED" store check --store kept.db
