#!/bin/sh
# kill -9 while a take is recorded: what was handed over up to a second before is in the recovered take, every sample of it.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
rate=48000
for tenths in 13 15 17 19 21 23 26 31; do
  "$RECORD_SOUND" record take.flac >told 2>err &
  pid=$!
  sleep "$((tenths / 10)).$((tenths % 10))"
  kill -9 $pid
  wait $pid 2>/dev/null || true
  [ ! -s err ] || { cat err; fail 'it could not record'; }
  told=$(tail -n 1 told)
  [ ! -e take.flac ] || fail 'a take that was broken off has the name of a whole one'
  least=$((told > rate ? told - rate : 0))
  expect 0 "$RECORD_SOUND" recover take.flac "$least"
  echo "killed after $told frames: $(cat out)"
  [ ! -e take.flac.part ] || fail 'the broken take is still there'
  rm take.flac
done
