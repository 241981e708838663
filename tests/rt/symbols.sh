#!/bin/sh
# symbols.sh ALLOWED PLANTED OBJECT...: every symbol that the real-time objects need and do not define themselves must
# be allowed. PLANTED is an object with a fault that must be found, or this test sees nothing.
set -eu
allowed=$1
planted=$2
shift 2
[ $# -gt 0 ] || { echo "no real-time objects"; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
grep -v '^#' "$allowed" | sed 's/[.]/[.]/g; s/\*$/.*/; s/^/^/; s/$/$/' > "$tmp/patterns"
nm --defined-only --format=posix "$@" | awk 'NF > 2 {print $1}' | sort -u > "$tmp/defined"

# strangers OBJECT...: what they need, less what the real-time objects define, less what is allowed
strangers()
{
  nm --undefined-only --format=posix "$@" | awk 'NF > 1 {print $1}' | sort -u |
    comm -23 - "$tmp/defined" | grep -v -f "$tmp/patterns" || true
}

found=$(strangers "$planted")
case $found in
*malloc*) ;;
*) echo "the planted malloc was not found: this test sees nothing"; exit 1 ;;
esac
found=$(strangers "$@")
if [ -n "$found" ]; then
  echo "real-time code calls what is not allowed there (tests/rt/allowed_symbols.txt):"
  for symbol in $found; do
    echo "  $symbol, in $(nm -A --undefined-only "$@" | grep " $symbol\$" | sed 's/:.*//; s/.*\///' | tr '\n' ' ')"
  done
  exit 1
fi
echo "$# objects, nothing but allowed symbols"
