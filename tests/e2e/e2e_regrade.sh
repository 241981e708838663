#!/bin/sh
# Judging again: the same to the byte when nothing changed; who moves under another policy; written down as events; what a teacher
# decided stays.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
drill=applied-instrumental/rhythm/phrases
unit=applied-instrumental/rhythm

# counted takes on two days, perfect ones and one off time: the sound of another item's rhythm does not fit
take() { # take STUDENT SEED DAY [SOUND_SEED]
  "$WOODSHED" drill sound "$drill" --seed "${4:-$2}" --instrument flute --out take.wav >/dev/null
  code=0
  "$WOODSHED" score take.wav --drill "$drill" --seed "$2" --instrument flute --student "$1" --counts \
    --performed-at "2026-11-$3T10:00:00+01:00" --store s.db >out 2>err || code=$?
  case $code in 0 | 1 | 5) ;; *) fail "score ended with $code: $(cat err)" ;; esac
}
take Ada 1 10
take Ada 2 11
take Ada 3 11
take Ben 1 10
take Ben 2 11 7

expect 0 "$WOODSHED" regrade --store s.db
says out '5 takes of 2 students judged again: 5 the same to the byte, 0 moved'
says out 's for a thousand takes'
expect 0 "$WOODSHED" regrade --store s.db --student Ada --dry-run --json
says out '"same": 3'
says out '"written": 0'

# under a policy that asks for the impossible: everybody falls, and nothing is written
cat >iron.yaml <<'END'
id: iron
version: 1
extends: college
timing_ms: 1
timing_ioi_share: 0.01
END
cp s.db before.db
expect 0 "$WOODSHED" regrade --store s.db --policy college
expect 0 "$WOODSHED" regrade --store s.db --policy iron.yaml --json
says out '"written": 0'
expect 0 "$WOODSHED" progress Ada applied-instrumental --store s.db --json
says out '"advance": true'

# rubrics over kept takes
expect 0 "$WOODSHED" regrade --store s.db --rubric rcm/ear-tests-level-6
says out 'rcm/ear-tests-level-6: '

# written down: with a name and a reason; then that is what stands
expect 2 "$WOODSHED" regrade --store s.db --policy high-school --apply
says err '--by and --reason'
expect 0 "$WOODSHED" regrade --store s.db --policy high-school --apply --by 'Mr Hill' --reason 'first year after all'
says out 'Written down: '
says_not out 'Written down: 0'
expect 0 "$WOODSHED" regrade --store s.db
says out '5 the same to the byte'
expect 0 "$WOODSHED" regrade --store s.db --policy high-school
says out '5 the same to the byte'
expect 0 "$WOODSHED" store check --store s.db
expect 0 "$WOODSHED" store rebuild --store s.db
expect 0 "$WOODSHED" store check --store s.db

# a policy that a teacher gave goes before the one that is asked for
expect 0 "$WOODSHED" policy give Ben year-1 --store s.db --by 'Mr Hill' --reason 'is catching up'
expect 0 "$WOODSHED" regrade --store s.db --policy college --json
says out '"given": 2'

# a gate that was set by hand stays as it was set
expect 0 "$WOODSHED" override Ben "$unit" advance --store s.db --by 'Mr Hill' --reason 'heard him live'
expect 0 "$WOODSHED" regrade --store s.db --policy iron.yaml --apply --by 'Mr Hill' --reason 'a trial'
expect 0 "$WOODSHED" progress Ben applied-instrumental --store s.db --json
says out '"advance": true'
expect 3 "$WOODSHED" regrade --store nowhere.db
exit 0
