#!/usr/bin/env bash
# Usage: run.sh COMPILER FLAGS FILE
# Compiles FILE with -DWITH_SCOPES=1 and with -DWITH_SCOPES=0 and passes when both give the same instructions, for
# every function of the object file and with the same call targets. Absolute addresses are not compared: what is
# compared is the instruction, the function-relative jump target and the relocation.
set -euo pipefail
compiler=$1 flags=$2 file=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

disassemble() {
  # shellcheck disable=SC2086  # FLAGS is a list of words
  "$compiler" $flags -O2 -DWITH_SCOPES="$1" -c "$file" -o "$folder/code.o"
  objdump -dr --no-show-raw-insn "$folder/code.o" | sed -E \
    -e '/file format/d' \
    -e 's/^[0-9a-f]+ <(.*)>:$/<\1>:/' \
    -e 's/^[[:space:]]+[0-9a-f]+:[[:space:]]+/  /' \
    -e 's/\b(0x)?[0-9a-f]+ (<[^>]+>)/\2/g' \
    -e 's/(\.rodata[^ +-]*|\.LC[0-9]+|\.L[.A-Za-z]*[0-9]+)[+-]0x[0-9a-f]+/\1/' \
    -e 's/[[:space:]]+$//' >"$folder/$1.txt"
}

disassemble 1
disassemble 0
if ! grep -q '^  [a-z]' "$folder/0.txt"; then
  echo "$file defines no function: there is nothing to compare."
  exit 1
fi
if ! diff -u --label without_scopes --label with_scopes "$folder/0.txt" "$folder/1.txt"; then
  echo "$file: scopes on an off tracker left instructions behind."
  exit 1
fi
grep -c '^  [a-z]' "$folder/0.txt" | sed 's/$/ instructions, the same with and without scopes/'
