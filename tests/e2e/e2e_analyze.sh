#!/bin/sh
# woodshed analyze from the outside: every form, and the same whatever the kind of file.
set -eu
. "$SOURCE/tests/e2e/lib.sh"

expect 0 "$WOODSHED" drill sound applied-instrumental/first-notes/scales --seed 1 --instrument flute --out take.wav
expect 0 "$WOODSHED" drill sound applied-instrumental/first-notes/scales --seed 1 --instrument flute --out take.flac
expect 0 "$WOODSHED" analyze take.wav
says out 'notes'
expect 0 "$WOODSHED" analyze take.wav --frames
[ "$(head -n 1 out)" = 'time_s,f0_hz,voiced,confidence,level_db' ] || fail 'the header of --frames'
cp out frames
expect 0 "$WOODSHED" analyze take.flac --frames
equal out frames
# shellcheck disable=SC2016 # meant literally
expect 0 sh -c '"$WOODSHED" analyze - --frames <take.wav'
equal out frames
expect 0 "$WOODSHED" analyze take.wav --notes
[ "$(head -n 1 out)" = 'onset_s,offset_s,midi,cents,confidence' ] || fail 'the header of --notes'
expect 0 "$WOODSHED" analyze take.wav --onsets
[ "$(head -n 1 out)" = 'onset_s,strength,confidence' ] || fail 'the header of --onsets'
expect 0 "$WOODSHED" analyze take.wav --onsets --click 96@0.5
expect 2 "$WOODSHED" analyze take.wav --onsets --click 96
expect 0 "$WOODSHED" analyze take.wav --events
says out '"at_frame"'
says out provisional
says out settled
says out '"kind": "beat"'
expect 0 "$WOODSHED" analyze take.wav --events --click 96@0.5
says out '"kind"'
# what a loudspeaker played: the take itself is nothing else, and another tune is not in it
expect 0 "$WOODSHED" analyze take.wav --json --playing take.wav@0
says out '"found": true'
expect 0 "$WOODSHED" drill sound applied-instrumental/first-notes/scales --seed 2 --instrument tuba --out other.wav
expect 0 "$WOODSHED" analyze take.wav --json --playing other.wav@0.25
says out '"found": false'
says out '"delay_s": null'
expect 0 "$WOODSHED" analyze take.wav --frames --playing other.wav@-1
equal out frames
expect 0 "$WOODSHED" analyze take.wav --events --playing other.wav
says out '"kind"'
expect 3 "$WOODSHED" analyze take.wav --playing nowhere.wav@1
says err 'nowhere.wav'
expect 3 "$WOODSHED" analyze take.wav --playing -
says err 'FILE@START_S'
expect 0 "$WOODSHED" analyze take.wav --json
says out '"playing": null'
says out '"schema": "woodshed/heard/1"'
says out '"tempo_bpm"'
says out '"beats"'
expect 2 "$WOODSHED" analyze take.wav --json --notes
expect 3 "$WOODSHED" analyze nowhere.f0.csv
says err 'nowhere.f0.csv'
expect 3 "$WOODSHED" analyze nowhere.wav
