#!/bin/sh
# woodshed course and drill from the outside.
set -eu
. "$SOURCE/tests/e2e/lib.sh"

expect 0 "$WOODSHED" course list
says out applied-instrumental
expect 0 "$WOODSHED" course list --json
says out '"sha256"'
expect 0 "$WOODSHED" course show applied-instrumental
says out 'Rhythm by clapping'
expect 0 "$WOODSHED" course map applied-instrumental
says out 'Measured by'
expect 0 "$WOODSHED" course check
says out 'no fault'
expect 0 "$WOODSHED" course check --json
says out '"faults": []'
expect 3 "$WOODSHED" course show nonsense
says err applied-instrumental
for kind in course unit rubric; do
  expect 0 "$WOODSHED" course schema $kind
  # shellcheck disable=SC2016 # meant literally
  says out '"$schema"'
done
expect 2 "$WOODSHED" course schema symphony

# a new course passes as it is; each fault that is put in is named with file and line
expect 0 "$WOODSHED" course new mine
expect 0 "$WOODSHED" course check mine
says out 'My course'
expect 3 "$WOODSHED" course new mine
says err 'there already'
sed -i 's/^purpose: .*/purpsoe: oops/' mine/units/first.yaml
expect 1 "$WOODSHED" course check mine
says err 'units/first.yaml:3'
says err purpsoe
expect 1 "$WOODSHED" course check mine --json
says out 'purpsoe'
expect 3 "$WOODSHED" course check nowhere

expect 0 "$WOODSHED" drill list
expect 0 "$WOODSHED" drill list applied-instrumental --json
says out '"kind": "clap"'
for instrument in flute clarinet horn 'alto sax' trombone viola 'snare drum' 'changing voice'; do
  expect 0 "$WOODSHED" drill show applied-instrumental/rhythm/phrases --seed 2 --instrument "$instrument"
  says out 'Metre'
done
expect 0 "$WOODSHED" drill show applied-instrumental/first-notes/scales --seed 2 --instrument horn
cp out first
expect 0 "$WOODSHED" drill show applied-instrumental/first-notes/scales --seed 2 --instrument horn
equal out first
expect 0 "$WOODSHED" drill show applied-instrumental/first-notes/scales --seed 3 --instrument horn
cmp -s out first && fail 'two seeds gave the same item'
expect 0 "$WOODSHED" drill show applied-instrumental/first-notes/scales --seed 2 --instrument horn --json
says out '"generator"'
expect 2 "$WOODSHED" drill show applied-instrumental/first-notes/scales
expect 2 "$WOODSHED" drill show applied-instrumental/first-notes/scales --instrument horn --seed -1
expect 3 "$WOODSHED" drill show nothing --instrument horn
expect 0 "$WOODSHED" drill check applied-instrumental/first-notes/chords
says out 'none twice'
expect 0 "$WOODSHED" drill find 'wobbly long notes'
expect 1 "$WOODSHED" drill find 'xylquz'
expect 2 "$WOODSHED" drill sound applied-instrumental/rhythm/phrases --instrument flute
says err '--out'
