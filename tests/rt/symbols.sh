#!/bin/sh
# symbols.sh ROOT PLANTED OBJECT...: every symbol that the real-time objects need and do not define themselves must be in
# allowed_symbols.txt; every *_rt.c of the tree is one of the objects; what a header marks SHED_RT stands in one of them.
# PLANTED is an object with a fault that must be found, or this test sees nothing.
set -eu
root=$1
planted=$2
shift 2
[ $# -gt 0 ] || { echo "no real-time objects"; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
folders='engine mastery assessors drills rubrics app'
grep -v '^#' "$root/tests/rt/allowed_symbols.txt" | sed 's/[.]/[.]/g; s/\*$/.*/; s/^/^/; s/$/$/' > "$tmp/patterns"
nm --defined-only --format=posix "$@" | awk 'NF > 2 {print $1}' | sort -u > "$tmp/defined"
bad=0

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
  bad=1
fi

cd "$root"
# shellcheck disable=SC2086 # a list of folders
find $folders -name '*_rt.c' | sort > "$tmp/files"
while read -r file; do
  name=$(basename "$file")
  case " $* " in
  *"/$name.o "*) ;;
  *) echo "$file is not among the RT sources of its folder's CMakeLists.txt"; bad=1 ;;
  esac
done < "$tmp/files"

# the name of a function is what stands before the first bracket
# shellcheck disable=SC2086
find $folders -name '*.h' -exec sed -n 's/^SHED_RT [^(]*[ *]\([a-z_0-9]*\)(.*/\1/p' {} + | sort -u > "$tmp/marked"
[ -s "$tmp/marked" ] || { echo "no function is marked SHED_RT: this test sees nothing"; exit 1; }
for name in $(comm -23 "$tmp/marked" "$tmp/defined"); do
  echo "$name is marked SHED_RT but does not stand in a *_rt.c file"
  bad=1
done
[ $bad -eq 0 ] || exit 1
echo "$# objects, nothing but allowed symbols; $(wc -l < "$tmp/files") *_rt.c files, $(wc -l < "$tmp/marked") functions marked SHED_RT"
