#!/bin/sh
# kill -9 at any moment of a scoring run, a hundred times: the store opens, there is no half take and no lost event.
# And two programs that write one store at once both get through.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
drill=applied-instrumental/rhythm/phrases
"$WOODSHED" drill sound $drill --seed 2 --instrument flute --out take.wav >/dev/null
store() { "$WOODSHED" score take.wav --drill $drill --seed 2 --instrument flute --student "$1" --store s.db; }
count() { "$WOODSHED" store check --store s.db --json | sed -n 's/.*"files": \([0-9]*\).*/\1/p'; }

store Ada >/dev/null 2>&1 || [ $? -eq 1 ]
start=$(date +%s%N)
store Ada >/dev/null 2>&1 || [ $? -eq 1 ]
whole=$((($(date +%s%N) - start) / 1000000))
told=2
for i in $(seq 1 100); do
  # anywhere from the start of the run to a little after its end
  delay=$(((i * 37 % 110) * whole / 100))
  store Ada >out 2>err &
  pid=$!
  sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
  kill -9 $pid 2>/dev/null || true
  code=0
  wait $pid 2>/dev/null || code=$?
  # whoever ended by itself has said that the take is kept: it must be there
  [ "$code" -ne 0 ] || told=$((told + 1))
  if [ $((i % 20)) -eq 0 ]; then
    "$WOODSHED" store check --store s.db >out 2>err || { cat out err; fail "after $i kills the store has faults"; }
    takes=$("$WOODSHED" store export "export-$i" --store s.db >/dev/null && grep -c '"take' "export-$i/events.jsonl")
    [ "$takes" -ge "$told" ] || fail "after $i kills: $told takes were acknowledged, $takes are there"
  fi
done
"$WOODSHED" store clean --store s.db >out 2>err || { cat err; fail 'the store cannot be cleaned'; }
expect 0 "$WOODSHED" store check --store s.db
says_not out 'no event names'

# two at once
for who in Ben Cleo; do
  (for i in 1 2 3 4 5; do store $who >/dev/null 2>"err-$who-$i" || [ $? -eq 1 ] || touch "failed-$who-$i"; done) &
done
wait
for f in failed-*; do [ ! -e "$f" ] || { cat "err-${f#failed-}"; fail "$f"; }; done
expect 0 "$WOODSHED" store check --store s.db
expect 0 "$WOODSHED" store export all --store s.db
for who in Ben Cleo; do
  id=$(sed -n 's/.*"id": *"\([^"]*\)".*"name": *"'$who'".*/\1/p' all/people.jsonl)
  [ -n "$id" ] || fail "$who is not among the people"
  [ "$(grep '"take' all/events.jsonl | grep -c "\"subject\": *\"$id\"")" -eq 5 ] || fail "$who has not five takes"
done
