#!/bin/sh
# Sourced by the scripts: expectations that print both sides.

fail() { echo "FAILED: $*"; exit 1; }

# expect CODE COMMAND...: runs it, output to ./out, messages to ./err, and compares the exit code
expect() {
  wanted=$1
  shift
  code=0
  "$@" >out 2>err || code=$?
  [ "$code" -eq "$wanted" ] || {
    echo "FAILED: exit code $code, expected $wanted: $*"
    echo '-- output'; head -n 30 out
    echo '-- messages'; head -n 30 err
    exit 1
  }
}

# says FILE TEXT: the file (out or err) has the text in it
says() { grep -qF -- "$2" "$1" || { echo "FAILED: \"$2\" is not in $1:"; head -n 40 "$1"; exit 1; }; }
# says_not FILE TEXT
says_not() { ! grep -qF -- "$2" "$1" || { echo "FAILED: \"$2\" is in $1:"; head -n 40 "$1"; exit 1; }; }
# equal A B: two files are the same
equal() { cmp "$1" "$2" || fail "$1 and $2 differ"; }
