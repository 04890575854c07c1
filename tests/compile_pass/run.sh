#!/usr/bin/env bash
# Usage: run.sh COMPILER FLAGS FILE
# Passes when FILE compiles without a warning.
set -euo pipefail
compiler=$1 flags=$2 file=$3
# shellcheck disable=SC2086  # FLAGS is a list of words
LC_ALL=C "$compiler" $flags -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only "$file"
