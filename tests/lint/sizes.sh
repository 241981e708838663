#!/bin/sh
# A .c file has at most 600 lines, a header 320: what outgrows that is split by subject. Tables of data (.def) are exempt.
set -eu
. tests/lint/sources.sh
bad=0
for file in $(sources '*.[ch]' engine mastery assessors drills rubrics app); do
  lines=$(wc -l <"$file")
  case $file in *.h) most=320 ;; *) most=600 ;; esac
  [ "$lines" -le "$most" ] || { echo "$file has $lines lines, the most is $most: split it by subject"; bad=1; }
done
exit $bad
