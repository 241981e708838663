#!/bin/sh
# The frame of the command line: helps, wrong use, completions.
set -eu
. "$SOURCE/tests/e2e/lib.sh"

expect 2 "$WOODSHED"
says err 'usage: woodshed COMMAND'
expect 0 "$WOODSHED" --help
says out 'Exit status: 0 done'
expect 0 "$WOODSHED" --version
says out 'woodshed '
expect 2 "$WOODSHED" scroe
says err 'there is no command "scroe"'

for command in $("$WOODSHED" help --names); do
  expect 0 "$WOODSHED" "$command" --help
  says out "usage: woodshed $command"
  says out '--help'
  expect 2 "$WOODSHED" "$command" --no-such-option
  says err "woodshed $command: there is no option --no-such-option"
  "$WOODSHED" help "$command" >again
  "$WOODSHED" "$command" --help >out
  equal out again
done

expect 2 "$WOODSHED" completion
says err 'one of bash, zsh, words is needed'
expect 2 "$WOODSHED" completion fish
expect 2 "$WOODSHED" completion words nonsense
expect 0 "$WOODSHED" completion words policy
says out 'year-1'

# the completions do complete
if command -v bash >/dev/null; then
  "$WOODSHED" completion bash >completion.bash
  # shellcheck disable=SC2016 # expanded by bash
  offered=$(bash --norc -c '. ./completion.bash; COMP_WORDS=(woodshed hel); COMP_CWORD=1; _woodshed; echo "${COMPREPLY[*]}"')
  [ "$offered" = help ] || fail "bash offers \"$offered\" for \"hel\""
fi
if command -v zsh >/dev/null; then
  "$WOODSHED" completion zsh >_woodshed
  zsh -n _woodshed || fail 'zsh cannot read its completion'
fi

# an answer that cannot be written is trouble
if [ -e /dev/full ]; then
  code=0
  "$WOODSHED" help >/dev/full 2>err || code=$?
  [ "$code" -eq 4 ] || fail "writing to a full device gave $code"
fi
