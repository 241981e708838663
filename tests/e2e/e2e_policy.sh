#!/bin/sh
# Credit policies: shown before the take, changed in a file, given to a student.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
drill=applied-instrumental/rhythm/phrases

expect 0 "$WOODSHED" policy list
says out 'college'
expect 0 "$WOODSHED" policy show year-1
says out '70 cents'
expect 0 "$WOODSHED" policy show college --json
says out '"timing_ms": 50'
expect 3 "$WOODSHED" policy show year-9
says err 'year-1, year-2'

# what holds is seen before playing
expect 0 "$WOODSHED" drill show "$drill" --instrument flute
says out 'How it is judged (year-'

# a file: what is wrong in it is named by line, field and value
cat >strict.yaml <<'END'
id: strict
version: 1
extends: college
timing_ms: 36
timing_ioi_share: 0.05
END
expect 0 "$WOODSHED" policy check strict.yaml
sed 's/36/-36/' strict.yaml >wrong.yaml
expect 1 "$WOODSHED" policy check wrong.yaml
says err "wrong.yaml:4: timing_ms: '-36'"
expect 3 "$WOODSHED" policy check nowhere.yaml

# credit follows the policy, labels do not
"$WOODSHED" drill sound "$drill" --seed 1 --instrument flute --out take.wav >/dev/null
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 1 --instrument flute --policy strict.yaml --json
says out '"id": "strict"'
expect 3 "$WOODSHED" score take.wav --drill "$drill" --seed 1 --instrument flute --policy wrong.yaml
says err 'timing_ms'

# given to a student: it goes before the course's, and is taken back
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 1 --instrument flute --student Ada --store s.db
expect 2 "$WOODSHED" policy give Ada strict.yaml --store s.db
says err '--by and --reason'
expect 0 "$WOODSHED" policy give Ada strict.yaml --store s.db --by 'Mr Hill' --reason 'wants to be held to it'
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 1 --instrument flute --student Ada --store s.db --json
says out '"id": "strict"'
expect 0 "$WOODSHED" policy give Ada year-1 --unit applied-instrumental/rhythm --store s.db --by 'Mr Hill' --reason 'but not here'
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 1 --instrument flute --student Ada --store s.db --json
says out '"id": "year-1"'
expect 0 "$WOODSHED" policy lift Ada --unit applied-instrumental/rhythm --store s.db --by 'Mr Hill' --reason 'as before'
expect 0 "$WOODSHED" policy lift Ada --store s.db --by 'Mr Hill' --reason 'as before'
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 1 --instrument flute --student Ada --store s.db --json
says_not out '"id": "strict"'
expect 3 "$WOODSHED" policy lift Ada --store s.db --by 'Mr Hill' --reason 'nothing left'
expect 0 "$WOODSHED" store check --store s.db
expect 0 "$WOODSHED" store rebuild --store s.db
exit 0
