#!/bin/sh
# Rubrics from the outside: listed, checked, held against a take, marks given, wrong marks refused.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
drill=applied-instrumental/first-notes/figures

expect 0 "$WOODSHED" rubric list
says out ap/sight-singing-2022
expect 0 "$WOODSHED" rubric list --json
says out '"sha256"'
expect 0 "$WOODSHED" rubric show ap-dictation-2008
says out 'A quarter of a point'
expect 3 "$WOODSHED" rubric show ap/sight-singing-1950
says err ap/sight-singing-2022
for file in "$SOURCE"/content/rubrics/*.yaml; do
  expect 0 "$WOODSHED" rubric check "$file"
done

# marks alone: a sheet that a person fills in
expect 0 "$WOODSHED" rubric show abrsm/aural --mark mark=17
says out 'distinction'
expect 3 "$WOODSHED" rubric show abrsm/aural --mark mark=19
says err '19 is not 0 to 18'
expect 3 "$WOODSHED" rubric show abrsm/aural --mark tone=3
says err 'is no criterion of abrsm/aural; there are mark'
expect 2 "$WOODSHED" rubric show abrsm/aural --mark seventeen
says err 'CRITERION=VALUE'

# one take, every rubric
expect 0 "$WOODSHED" drill sound "$drill" --seed 3 --instrument flute --out take.wav
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --rubric ap/sight-singing-2022 \
  --rubric nfhs/small-ensemble --rubric rcm/ear-tests-level-6 --mark tone-quality=5 --mark intonation=4
says out 'AP Music Theory, sight-singing, 2022'
says out '9 of 40, 6 open'
says out 'proposed 2 of 2'
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --rubric ap/sight-singing-2022 --json
says out '"schema": "woodshed/rubric-result/1"'
cp out first
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --rubric ap/sight-singing-2022 --json
equal out first
expect 3 "$WOODSHED" score take.wav --drill "$drill" --rubric ap/sight-singing-2022 --instrument flute --mark beauty=1
says err 'segments, flow'
expect 2 "$WOODSHED" score take.wav --drill "$drill" --instrument flute --mark flow=1
says err '--rubric'

# one's own, from a file; what is wrong in it is named by line, field and value
cat >mine.yaml <<'END'
id: mine/flow
title: Mine
pass: 0.5
criteria:
  - id: mine/flow/half-bars
    text: Half bars right
    source: segments
    needs: [pitch, rhythm]
    weight: 1
END
expect 0 "$WOODSHED" rubric check mine.yaml
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --rubric mine.yaml
says out ', passed'
sed 's/source: segments/source: guess/' mine.yaml >wrong.yaml
expect 1 "$WOODSHED" rubric check wrong.yaml
says err "wrong.yaml:7: criteria[0].source: 'guess'"
expect 3 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --rubric wrong.yaml
says err 'wrong.yaml:7'

# kept with the take
expect 0 "$WOODSHED" score take.wav --drill "$drill" --seed 3 --instrument flute --student Ada --store s.db --rubric mine.yaml
expect 0 "$WOODSHED" store export ada --student Ada --store s.db
grep -qF 'mine/flow' ada/events.jsonl || fail 'the points are not in the event'
exit 0
