#!/bin/sh
# The manual page is well-formed, and names every sub-command and option that the program's own help names.
set -eu
page=docs/man/woodshed.1
[ -f "$page" ] || { echo "$page is missing"; exit 1; }
if command -v mandoc >/dev/null; then
  mandoc -T lint -W warning "$page"
fi
program=$1/woodshed
[ -x "$program" ] || { echo "no $program"; exit 1; }
bad=0
for command in $("$program" help --names); do
  grep -q "^\.Ss? *$command\|^\.Nm $command\|^\.It Cm $command\|Cm $command" "$page" || { echo "$page does not name: $command"; bad=1; }
  for option in $("$program" "$command" --help | grep -o -- '--[a-z][a-z-]*' | sort -u); do
    grep -q -- "Fl -${option#--}\|Fl Fl ${option#--}" "$page" || { echo "$page does not name $option of $command"; bad=1; }
  done
done
exit $bad
