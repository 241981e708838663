#!/bin/sh
# Runs a comparison with a Python that has mido: Debian's own, where another stands before it in the path.
#   run.sh COMPARISON.py ARGUMENT...
set -eu
cd "$(dirname "$0")"
for python in /usr/bin/python3 python3; do
  if "$python" -c 'import mido' 2>/dev/null; then
    exec "$python" -B "$@"
  fi
done
echo 'skipped: mido is not installed (Debian: python3-mido)'
exit 77
