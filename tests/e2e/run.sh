#!/bin/sh
# Runs one end-to-end script in an empty folder that goes away afterwards, with a home of its own.
#   tests/e2e/run.sh SCRIPT
set -eu
script=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
room=$(mktemp -d "${TMPDIR:-/tmp}/woodshed-e2e.XXXXXX")
trap 'rm -rf "$room"' EXIT
cd "$room"
HOME=$room XDG_DATA_HOME=$room/data XDG_CONFIG_HOME=$room/config
export HOME XDG_DATA_HOME XDG_CONFIG_HOME
sh "$script"
