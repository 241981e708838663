#!/bin/sh
# What comes in broken, extreme or hostile: a clear error that names the place, or a stated "not assessed"; nothing lost.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
score=$SOURCE/content/applied-instrumental/scores/hot-cross-buns.abc
against="--score $score --instrument flute"

judged_nothing() { # the document says that nothing was assessed, and why
  says out '"score": null'
  says out '"passed": null'
  says_not out '"wrong"'
  says_not out '"missed"'
  says out '"code": "'"$1"'"'
}

# silence, noise, NaN: heard, told, never wrong
# shellcheck disable=SC2086 # words
for kind in silence nan; do
  "$MAKE_SOUND" $kind.wav $kind 6 44100 1
  expect 0 "$WOODSHED" score $kind.wav $against --json
  judged_nothing take_silent
done
"$MAKE_SOUND" noise.wav noise 6 44100 1
# shellcheck disable=SC2086
expect 0 "$WOODSHED" score noise.wav $against --json
says out '"score": null'
says_not out '"wrong"'
expect 0 "$WOODSHED" analyze nan.wav --json
says out take_nan

# with targets set and nothing assessed the answer is neither yes nor no
expect 5 "$WOODSHED" score silence.wav --drill applied-instrumental/first-notes/scales --instrument flute

# many channels, low and high rates
"$MAKE_SOUND" eight.wav tone 2 44100 8
expect 0 "$WOODSHED" analyze eight.wav --json
says out take_channel
says out '"midi": 69'
for rate in 8000 192000; do
  "$MAKE_SOUND" rate.wav tone 2 $rate 1
  expect 0 "$WOODSHED" analyze rate.wav --notes
  says out ',69,'
done
"$MAKE_SOUND" rate.wav tone 1 4000 1
expect 3 "$WOODSHED" analyze rate.wav
says err rate.wav
"$MAKE_SOUND" none.wav tone 0 44100 1
expect 3 "$WOODSHED" analyze none.wav
says err none.wav
expect 3 "$WOODSHED" analyze .
expect 3 "$WOODSHED" read .
expect 3 "$WOODSHED" analyze - </dev/null

# kinds of sound that are not read name the remedy
printf '\0\0\0\040ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0' >phone.m4a
expect 3 "$WOODSHED" analyze phone.m4a
says err phone.m4a
says err wav

# scores: nothing to play, broken, hostile
cat >empty.musicxml <<'XML'
<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Nobody</part-name></score-part></part-list>
<part id="P1"><measure number="1"><note><rest/><duration>1</duration></note></measure></part></score-partwise>
XML
expect 3 "$WOODSHED" score noise.wav --score empty.musicxml
says err empty.musicxml
cat >bomb.musicxml <<'XML'
<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>
<score-partwise><part-list><score-part id="P1"><part-name>&f;&f;&f;&f;</part-name></score-part></part-list></score-partwise>
XML
expect 3 "$WOODSHED" score noise.wav --score bomb.musicxml
says err bomb.musicxml
cat >file.musicxml <<'XML'
<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<score-partwise><part-list><score-part id="P1"><part-name>&secret;</part-name></score-part></part-list>
<part id="P1"><measure number="1"/></part></score-partwise>
XML
code=0
"$WOODSHED" read file.musicxml >out 2>err || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "an external entity gave exit code $code"
says_not out root
says_not err root:

# 200,000 notes are read; judging a few seconds against them says so in bounded time
awk 'BEGIN { print "X:1\nT:long\nM:4/4\nL:1/4\nK:C"; for (i = 0; i < 25000; i++) print "CDEF GABc|" }' >long.abc
expect 0 timeout 60 "$WOODSHED" read long.abc --json
code=0
timeout 120 "$WOODSHED" score noise.wav --score long.abc --json >out 2>err || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "200,000 notes gave exit code $code"

# a disk that fills while a take is stored: told, and the store is as it was
if mkdir small && mount -t tmpfs -o size=600k none small 2>/dev/null; then
  trap 'umount small' EXIT
  "$MAKE_SOUND" minute.wav noise 30 44100 1
  code=0
  "$WOODSHED" score minute.wav --drill applied-instrumental/first-notes/scales --instrument flute --student Ada \
    --store small/s.db >out 2>err || code=$?
  [ "$code" -eq 4 ] || fail "a full disk gave exit code $code: $(cat err)"
  says err 'space left'
  rm -rf small/s.db.takes/*
  expect 0 "$WOODSHED" store check --store small/s.db
  says_not out 'take file'
  umount small
  trap - EXIT
else
  echo 'skipped: no tmpfs may be mounted here'
fi
