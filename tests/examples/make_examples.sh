#!/bin/sh
# The pages of docs/examples: each says in its "Make it again" how the take is made and scored. This makes and scores them and puts
# what came out (what was planted, the report, the trace, the machine's part of the checklist) into the page; the words between
# are a person's, and stay.
#   make_examples.sh [--check] BUILD-FOLDER [NAME...]
# --check: writes nothing, and fails where a page or its report is not what is made now. Names are those of pages: 03-flute.
set -eu
check=no
[ "${1:-}" != --check ] || { check=yes; shift; }
[ $# -ge 1 ] || { echo 'usage: make_examples.sh [--check] BUILD-FOLDER [NAME...]' >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
pages=$(cd "$here/../../docs/examples" && pwd)
room=$(mktemp -d "${TMPDIR:-/tmp}/woodshed-examples.XXXXXX")
trap 'rm -rf "$room"' EXIT
PATH=$build:$build/tests/corpus:$build/tests/examples:$PATH
WOODSHED_CONTENT=$here/../../content HOME=$room XDG_DATA_HOME=$room/data LC_ALL=C.UTF-8 NO_COLOR=1 COLUMNS=80
export PATH WOODSHED_CONTENT HOME XDG_DATA_HOME LC_ALL NO_COLOR COLUMNS

# What the page types, typed: `woodshed score` leaves its report and its document.
play() { # play PAGE, in the folder of the take
  ln -s "$pages/scores" scores
  awk '/^```/ { inside = /^```sh$/; next } inside' "$1" >recipe
  cat >run <<'SH'
woodshed() {
  code=0
  if [ "$1" = score ]; then
    command woodshed "$@" >report.txt || code=$?
    case $code in 0 | 1 | 5) ;; *) return $code ;; esac
    code=0
    command woodshed "$@" --json >verdict.json || code=$?
    case $code in 0 | 1 | 5) ;; *) return $code ;; esac
  else
    command woodshed "$@"
  fi
}
SH
  cat recipe >>run
  sh -eu run
  if [ -e take.wav ]; then woodshed analyze take.wav --frames >frames.csv; else woodshed analyze take.mid --notes >notes.csv; fi
}

# The page with what was made in the places that are marked for it.
splice() { # splice PAGE, in the folder of the take
  awk '
    /^<!-- made: .* -->$/ {
      print; name = $3; made = 1
      if (name == "report") print "```text"
      while ((getline line < (name == "report" ? "report.txt" : name ".md")) > 0) print line
      if (name == "report") print "```"
      next
    }
    /^<!-- end -->$/ { made = 0 }
    !made' "$1"
}

bad=0
for page in "$pages"/[0-9]*.md; do
  name=$(basename "$page" .md)
  if [ $# -gt 0 ]; then
    case " $* " in *" $name "*) ;; *) continue ;; esac
  fi
  mkdir "$room/$name"
  cd "$room/$name"
  play "$page" || { echo "$name: could not be played" >&2; exit 1; }
  code=0
  example_page . || code=$?
  [ $code -le 1 ] || exit 1
  digest=$(sha256sum report.txt | cut -c 1-8)
  if grep -q "Looked at report \`$digest\`" "$page"; then
    echo 'The report above is the one that was looked at.' >looked.md
  else
    echo "The report above (\`$digest\`) is newer than the one that was looked at: look again." >looked.md
    echo "$name: look again at report $digest" >&2
  fi
  splice "$page" >page.md
  if [ $check = no ]; then
    cp page.md "$page"
    cp trace.svg "$pages/$name.svg"
  elif ! diff -u "$page" page.md; then
    bad=1
  elif [ ! -s "$pages/$name.svg" ]; then
    echo "$name: its trace is not there"
    bad=1
  fi
  [ $code -eq 0 ] || echo "$name: not all that was planted is named, or something is invented; its checklist says what" >&2
done
[ $bad -eq 0 ] || {
  echo 'docs/examples is not what the program says now: look at the reports, run ./dev examples, and fill in the checklists again.'
  exit 1
}
