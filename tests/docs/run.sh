#!/usr/bin/env bash
# Usage: run.sh DOCUMENT COMPILER COMPILE_FLAGS LINK_FLAGS
# Holds a document to its word. Every ```cpp block is compiled:
#   - one with `int main` as a program of its own, which must also run and return 0; if the next block is ```text and no
#     heading stands between, it must be what the program prints (in a line of it, an ellipsis stands for anything);
#   - one after the line `<!-- declarations -->` at namespace scope;
#   - any other as the body of a function, its #include lines moved to the top. preamble.hpp is there for both.
set -euo pipefail
document=$1 compiler=$2 compile_flags=$3 link_flags=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "$document:$1: $2"
  failures=$((failures + 1))
}

# Whether line $2 is what $1 describes: the pieces between ellipses occur in order, the outer ones at the ends.
line_matches() {
  local wanted=$1 actual=$2 piece
  [[ $wanted == *…* ]] || { [[ $wanted == "$actual" ]]; return; }
  piece=${wanted%%…*}
  [[ $actual == "$piece"* ]] || return 1
  actual=${actual#"$piece"}
  wanted=${wanted#*…}
  while [[ $wanted == *…* ]]; do
    piece=${wanted%%…*}
    [[ $actual == *"$piece"* ]] || return 1
    actual=${actual#*"$piece"}
    wanted=${wanted#*…}
  done
  [[ $actual == *"$wanted" ]]
}

compare_output() {
  local line=$1 wanted actual i
  mapfile -t wanted <"$2"
  mapfile -t actual <"$3"
  for ((i = 0; i < ${#wanted[@]} || i < ${#actual[@]}; i++)); do
    if ((i >= ${#wanted[@]})); then
      fail $((line + i)) "the program prints more than is shown: ${actual[i]}"
      return
    elif ((i >= ${#actual[@]})); then
      fail $((line + i)) "the program does not print: ${wanted[i]}"
      return
    elif ! line_matches "${wanted[i]}" "${actual[i]}"; then
      fail $((line + i)) "shown: ${wanted[i]}"$'\n'"  printed: ${actual[i]}"
    fi
  done
}

run_program() {
  local name=$1 line=$2
  { echo "#line $line \"$document\""; cat "$folder/$name.program"; } >"$folder/$name.cpp"
  # shellcheck disable=SC2086  # flags are lists of words
  if ! "$compiler" -std=c++20 $compile_flags "$folder/$name.cpp" -o "$folder/$name.run" $link_flags; then
    fail "$line" "the program does not compile"
    return
  fi
  mkdir "$folder/$name.place"
  if ! (cd "$folder/$name.place" && "$folder/$name.run" >"$folder/$name.out" 2>"$folder/$name.err" </dev/null); then
    fail "$line" "the program fails: $(tail -n 5 "$folder/$name.err")"
  fi
}

awk -v FOLDER="$folder" -f "$here/extract.awk" "$document"

program=""
programs=0 others=0
includes="$folder/includes.hpp" fragments="$folder/fragments.cpp"
: >"$includes"
: >"$fragments"
while read -r name kind line after_heading; do
  if [[ $kind == text && -n $program && $after_heading == 0 && -f $folder/$program.out ]]; then
    compare_output "$line" "$folder/$name.text" "$folder/$program.out"
  fi
  program=""
  case $kind in
    program)
      program=$name
      programs=$((programs + 1))
      run_program "$name" "$line"
      ;;
    declarations | fragment)
      others=$((others + 1))
      grep -E '^ *# *include' "$folder/$name.$kind" >>"$includes" || true
      {
        [[ $kind == declarations ]] || echo "void block_$name(); void block_$name() {"
        echo "#line $line \"$document\""
        sed -E 's/^ *# *include.*//' "$folder/$name.$kind"
        [[ $kind == declarations ]] || echo "}"
      } >>"$fragments"
      ;;
  esac
done <"$folder/index"

if ((others > 0)); then
  { echo "#include \"$here/preamble.hpp\""; cat "$includes" "$fragments"; } >"$folder/document.cpp"
  # shellcheck disable=SC2086  # flags are lists of words
  "$compiler" -std=c++20 -w -fsyntax-only $compile_flags "$folder/document.cpp" || fail 1 "a fragment does not compile"
fi
echo "$document: $programs programs, $others fragments, $failures failures"
((failures == 0))
