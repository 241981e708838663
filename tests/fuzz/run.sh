#!/bin/sh
# Runs each fuzzer for SECONDS (default 60), two at a time, from its committed corpus, then prints the line coverage of
# the reader that it aims at. A finding is kept under build/fuzz/findings and fails the run.
#   tests/fuzz/run.sh [SECONDS [NAME...]]
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzzers >build/fuzz/log 2>&1 || { tail -n 30 build/fuzz/log; exit 1; }
cmake --preset fuzz -B build/fuzz-coverage -DSHED_SANITIZE= -DSHED_FUZZ_COVERAGE=ON \
  -DCMAKE_C_FLAGS='-fprofile-instr-generate -fcoverage-mapping' >/dev/null
cmake --build build/fuzz-coverage --target fuzzers >build/fuzz/log 2>&1 || { tail -n 30 build/fuzz/log; exit 1; }
work=build/fuzz/work
mkdir -p "$work" build/fuzz/findings
names=${*:-$(find tests/fuzz -name 'fuzz_*.c' | sed 's,.*/fuzz_,,; s/\.c$//' | LC_ALL=C sort | tr '\n' ' ')}

one() {
  name=$1
  mkdir -p "$work/$name"
  dict=
  [ ! -f "tests/fuzz/$name.dict" ] || dict=-dict=tests/fuzz/$name.dict
  # shellcheck disable=SC2086 # dict is one word or none
  if "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 \
    -artifact_prefix="build/fuzz/findings/$name-" -print_final_stats=1 $dict "$work/$name" "tests/fuzz/corpus/$name" \
    >"$work/$name.log" 2>&1; then
    printf '%-12s %s executions in %s s: no finding\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")" "$seconds"
  else
    printf '%-12s FINDING, see %s\n' "$name" "$work/$name.log"
    grep -m 3 'ERROR\|SUMMARY\|runtime error' "$work/$name.log" || true
    return 1
  fi
}

coverage() {
  name=$1
  reader=$(sed -n 's,^// *covers: *,,p' "tests/fuzz/fuzz_$name.c")
  [ -n "$reader" ] || { echo "fuzz_$name.c does not say what it covers"; return 1; }
  LLVM_PROFILE_FILE="$work/$name.profraw" "build/fuzz-coverage/tests/fuzz/fuzz_$name" -runs=0 -rss_limit_mb=3000 \
    "$work/$name" "tests/fuzz/corpus/$name" >/dev/null 2>&1 || true
  llvm-profdata merge -sparse "$work/$name.profraw" -o "$work/$name.profdata"
  # the report leaves off what all its paths begin with: a row is the reader's when the reader's path ends with it
  # shellcheck disable=SC2086 # reader is a list of files, globs among them
  set -- $reader
  llvm-cov report "build/fuzz-coverage/tests/fuzz/fuzz_$name" -instr-profile="$work/$name.profdata" |
    awk -v name="$name" -v readers="$*" '
      BEGIN { n = split(readers, file, " ") }
      $8 ~ /^[0-9]+$/ {
        for (i = 1; i <= n; i++) {
          at = length(file[i]) - length($1)
          if (at >= 0 && substr(file[i], at + 1) == $1 && (at == 0 || substr(file[i], at, 1) == "/")) {
            lines += $8; missed += $9
          }
        }
      }
      END { printf "%-12s lines covered %d of %d: %.1f %%\n", name, lines - missed, lines, lines ? 100 * (lines - missed) / lines : 0 }'
}

status=0
running=0
pids=
for name in $names; do
  one "$name" &
  pids="$pids $!"
  running=$((running + 1))
  if [ $((running % $(nproc))) -eq 0 ]; then
    for pid in $pids; do wait "$pid" || status=1; done
    pids=
  fi
done
for pid in $pids; do wait "$pid" || status=1; done
for name in $names; do coverage "$name" || status=1; done
exit $status
