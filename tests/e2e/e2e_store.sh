#!/bin/sh
# Kept takes from the outside: counting, progress, decisions, merge, export, erase, check.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
drill=applied-instrumental/rhythm/phrases
unit=applied-instrumental/rhythm

take() { # take STORE STUDENT SEED DAY: a perfect counted take
  "$WOODSHED" drill sound "$drill" --seed "$3" --instrument flute --out take.wav >/dev/null
  expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed "$3" --instrument flute --student "$2" --counts \
    --performed-at "2026-11-$4T10:00:00+01:00" --store "$1"
}

take one.db Ada 1 10
says err 'new student: Ada'
says out 'This one counts'
take one.db Ada 2 11
says out '2 of 3'
expect 0 "$WOODSHED" progress Ada --store one.db
says out 'Rhythm by clapping'
says out 'woodshed score TAKE.wav'
take one.db Ada 3 11
expect 0 "$WOODSHED" progress Ada applied-instrumental --store one.db --json
says out '"advance": true'

# practice is kept and does not count
"$WOODSHED" drill sound "$drill" --seed 4 --instrument flute --out take.wav >/dev/null
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 4 --instrument flute --student Ada --store one.db
says out 'does not count'

# decisions have a name and a reason
expect 2 "$WOODSHED" override Ada "$unit" hold --store one.db
says err '--by and --reason'
expect 0 "$WOODSHED" override Ada "$unit" hold --by 'Mr Hill' --reason 'play it for me first' --store one.db
expect 0 "$WOODSHED" override Ada "$unit" lift --by 'Mr Hill' --reason 'she did' --store one.db --json
expect 3 "$WOODSHED" override Ada "$unit" sideways --by 'Mr Hill' --reason 'no such thing' --store one.db
expect 0 "$WOODSHED" waive Ada applied-instrumental/first-piece prerequisites --by 'Mr Hill' --reason 'plays it already' --store one.db
expect 3 "$WOODSHED" waive Ada "$unit" rhythmm --by 'Mr Hill' --reason 'a slip of the pen' --store one.db
says err 'rhythm, continuity'
expect 0 "$WOODSHED" confirm Ada "$unit" --by 'Mr Hill' --reason 'heard it' --store one.db
expect 3 "$WOODSHED" confirm Ada "$unit" no-take --by 'Mr Hill' --reason 'heard it' --store one.db
expect 3 "$WOODSHED" progress Bob --store one.db
says err Ada
expect 3 "$WOODSHED" progress Ada --store nowhere.db

# two stores become one, whichever takes the other in
take two.db Ben 1 12
expect 0 "$WOODSHED" store merge two.db --store one.db
expect 0 "$WOODSHED" progress Ben --store one.db
expect 0 "$WOODSHED" store check --store one.db
expect 0 "$WOODSHED" store rebuild --store one.db
expect 0 "$WOODSHED" store check --store one.db --json
says out '"faults": 0'

# everything of one student, then nothing
expect 0 "$WOODSHED" store export ada --student Ada --store one.db
[ -s ada/events.jsonl ] || fail 'no events were exported'
expect 3 "$WOODSHED" store export ada --student Ada --store one.db
expect 2 "$WOODSHED" store erase Ada --store one.db
says err '--yes'
expect 0 "$WOODSHED" store erase Ada --yes --by 'Mr Hill' --store one.db
expect 3 "$WOODSHED" progress Ada --store one.db
expect 0 "$WOODSHED" store check --store one.db
expect 0 "$WOODSHED" progress Ben --store one.db
grep -qa Ada one.db && fail 'the name is still in the file'

# a store that is none, and one of a newer version
printf 'not a database, by any means, but long enough to be read as one' >text.db
expect 3 "$WOODSHED" progress Ada --store text.db
says err 'text.db'
expect 3 "$WOODSHED" progress Ada --store postgres://x/y
exit 0
