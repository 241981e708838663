#!/bin/sh
# Instructions per second of sound of every workload of bench_ear, counted by callgrind: the same number on every run.
#   tests/bench/callgrind.sh BENCH_EAR [KEY...]
set -eu
bench=$1
shift
command -v valgrind >/dev/null 2>&1 || { echo "skipped: no valgrind (Debian package valgrind)"; exit 77; }
all=$#
[ $# -gt 0 ] || eval "set -- $("$bench" --list | tr '\n' ' ')"

count() { # count KEY: instructions of ten seconds
  valgrind --tool=callgrind --toggle-collect=bench_measured --callgrind-out-file=/dev/null "$bench" --count "$1" 2>&1 |
    sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

peer=$(count yinfft4096)
echo "instructions (callgrind), millions a second of sound; ratio to aubio yinfft 4096"
for key; do
  n=$peer
  [ "$key" = yinfft4096 ] || n=$(count "$key")
  echo "$key $n $peer" | awk '{ printf "%-16s %10.2f %8.2f\n", $1, $2 / 1e7, $2 / $3 }'
done
[ "$all" -eq 0 ] || exit 0
echo
echo "instructions (callgrind), millions for judging one take of about a minute, once heard"
for kind in 'an instrument' 'with three restarts' 'sung'; do
  n=$(valgrind --tool=callgrind --toggle-collect=bench_judged --callgrind-out-file=/dev/null "$bench" --judge "$kind" 1 2>&1 |
    sed -n 's/.*Collected : *\([0-9]*\).*/\1/p')
  echo "$kind: $n" | awk -F': ' '{ printf "%-32s %8.0f\n", $1, $2 / 1e6 }'
done
