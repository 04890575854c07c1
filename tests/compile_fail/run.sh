#!/usr/bin/env bash
# Usage: run.sh COMPILER FLAGS FILE
# Passes when FILE does not compile and the first error says what FILE's first line (`// expect: ...`) asks for.
set -euo pipefail
compiler=$1 flags=$2 file=$3
expected=$(sed -n '1s|^// expect: *||p' "$file")
if [[ -z $expected ]]; then
  echo "The first line of $file must be '// expect: <part of the message>'."
  exit 1
fi
# shellcheck disable=SC2086  # FLAGS is a list of words
if output=$(LC_ALL=C "$compiler" $flags -fsyntax-only "$file" 2>&1); then
  echo "$file compiled, although it must not."
  exit 1
fi
first=$(grep -m 1 'error:' <<<"$output" || true)
if [[ $first != *"$expected"* ]]; then
  printf 'The first error should say: %s\nIt says: %s\n\n%s\n' "$expected" "$first" "$output"
  exit 1
fi
echo "$first"
