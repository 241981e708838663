#!/bin/sh
# A folder includes itself and folders of lower floors only, and outside headers only where docs/floors.txt allows their
# library. Prints every breach: file, line, what is wrong. Proves first, on a planted breach, that it can see one.
set -eu
. tests/lint/sources.sh

check() { # check FILE...: names are relative to the root
  awk '
    FILENAME == "docs/floors.txt" {
      if ($1 !~ /^#/ && NF >= 2) { floor[$2] = $1; for (i = 3; i <= NF; i++) may[$2, $i] = 1 }
      next
    }
    FNR == 1 {
      file = FILENAME; sub(/^\.\//, "", file); sub(/.*@@/, "", file); gsub(/%/, "/", file)
      folder = file; sub(/\/[^\/]*$/, "", folder)
      if (!(folder in floor)) { print file ": its folder " folder " has no floor in docs/floors.txt"; bad = 1 }
    }
    /^[ \t]*#[ \t]*include[ \t]+"/ {
      split($0, q, "\""); inc = q[2]; from = inc
      if (from !~ /\//) { print file ":" FNR ": \"" inc "\" is not written from the root"; bad = 1; next }
      sub(/\/[^\/]*$/, "", from)
      if (!(from in floor)) { print file ":" FNR ": \"" inc "\" is in a folder without a floor"; bad = 1 }
      else if (from != folder && floor[from] >= floor[folder]) {
        print file ":" FNR ": floor " floor[folder] " includes \"" inc "\" of floor " floor[from]; bad = 1
      }
    }
    /^[ \t]*#[ \t]*include[ \t]+</ {
      split($0, q, /[<>]/); inc = q[2]; lib = ""
      if (inc == "jansson.h") lib = "jansson"
      else if (inc ~ /^sodium/) lib = "libsodium"
      else if (inc ~ /^fftw3/) lib = "fftw3f"
      else if (inc ~ /^aubio/) lib = "aubio"
      else if (inc ~ /^libxml\//) lib = "libxml-2.0"
      else if (inc ~ /^zip/) lib = "libzip"
      else if (inc ~ /^portaudio/ || inc ~ /^pa_/) lib = "portaudio-2.0"
      else if (inc ~ /^portmidi/) lib = "portmidi"
      else if (inc ~ /^sndfile/) lib = "sndfile"
      else if (inc ~ /^samplerate/) lib = "samplerate"
      else if (inc ~ /^fluidsynth/) lib = "fluidsynth"
      else if (inc ~ /^sqlite3/) lib = "sqlite3"
      else if (inc ~ /^yaml/) lib = "yaml-0.1"
      else if (inc ~ /^libwebsockets/) lib = "libwebsockets"
      else if (inc ~ /^openssl\//) lib = "openssl"
      else if (inc ~ /^qrencode/) lib = "libqrencode"
      else if (inc !~ /^(assert|complex|ctype|dirent|dlfcn|emmintrin|errno|fcntl|fenv|float|getopt|inttypes|iso646|langinfo|limits|locale|math|poll|pthread|sched|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|termios|tgmath|time|unistd|wchar|wctype|arpa\/inet|ifaddrs|net\/if|netdb|netinet\/in|sys\/[a-z_]+)\.h$/) {
        print file ":" FNR ": <" inc "> belongs to no library that the house knows"; bad = 1
      }
      if (lib != "" && !((folder, lib) in may)) {
        print file ":" FNR ": <" inc "> of " lib " is not allowed in " folder; bad = 1
      }
    }
    END { exit bad }
  ' docs/floors.txt "$@"
}

plant=$(mktemp -d)
trap 'rm -rf "$plant"' EXIT
printf '#include "assessors/assessor.h"\n#include <sqlite3.h>\n' >"$plant/@@engine%base%planted.c"
if breaches=$(check "$plant/@@engine%base%planted.c"); then
  echo "the test is blind: a planted breach was not seen"
  exit 1
fi
[ "$(printf '%s\n' "$breaches" | wc -l)" -eq 2 ] || { echo "the test is half blind: $breaches"; exit 1; }

# shellcheck disable=SC2046 # our file names hold no blanks
check $(sources '*.[ch]' engine mastery assessors drills rubrics app)
