#!/bin/sh
# Sourced by the others: prints the project's own files of that name below the folders given, those that are there.
sources() { # sources PATTERN FOLDER...
  pattern=$1
  shift
  for folder in "$@"; do
    [ -d "$folder" ] || continue
    find "$folder" -name node_modules -prune -o -name "$pattern" -type f -print
  done | LC_ALL=C sort
}
