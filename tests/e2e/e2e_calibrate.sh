#!/bin/sh
# woodshed calibrate on a sound card of our own that hands back what is played: the round trip to the frame; a microphone that
# gives nothing; what is kept.
set -eu
. "$SOURCE/tests/e2e/lib.sh"
. "$SOURCE/tests/e2e/sound_card.sh"
JACK_NO_START_SERVER=1 JACK_DEFAULT_SERVER=woodshed-e2e-$$
export JACK_NO_START_SERVER JACK_DEFAULT_SERVER

expect 0 "$WOODSHED" calibrate --list
says out 'Nothing was measured yet'
expect 2 "$WOODSHED" calibrate --probes 99
expect 2 "$WOODSHED" calibrate --list --microphone
expect 4 "$WOODSHED" calibrate --input 'no such microphone'

card_start

expect 0 "$WOODSHED" calibrate --input loopback --output loopback --probes 4 --json
says out '"latency_frames": 256.0,'
says out '"spread_s": 0.0,'
says out '"rhythm": true'
says out '"heard": 4'
says out '"squeeze_db": 0.0'
says_not out sound_dead
expect 0 "$WOODSHED" calibrate --list
says out 'loopback, loopback (JACK Audio Connection Kit, 48000 Hz): 5.3 ms, spread 0.0 ms'

# another block is another delay, and another line of the list
expect 0 "$WOODSHED" calibrate --input loopback --output loopback --probes 3 --block 480
says out 'round trip 15.3 ms'
says out 'Rhythm can be judged'
expect 0 "$WOODSHED" calibrate --list
[ "$(wc -l <out)" -eq 2 ] || { cat out; fail 'two pairs were measured'; }

# the device "system" is silent: said, and nothing kept
expect 1 "$WOODSHED" calibrate --input system --output system --probes 3
says out 'system gives nothing at all'
says out '0 of 3 chirps came back'
expect 1 "$WOODSHED" calibrate --input system --microphone --json
says out '"dead": true'
says out 'sound_dead'
expect 0 "$WOODSHED" calibrate --list
[ "$(wc -l <out)" -eq 2 ] || { cat out; fail 'what was not heard is not kept'; }
