#!/usr/bin/env bash
# Usage: commands.sh DOCUMENT DEV
# Every `./dev NAME` that a bash, console or text block of DOCUMENT shows must be one that `DEV help` lists.
set -euo pipefail
document=$1 dev=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
known=$("$dev" help | sed -nE 's|^ +\./dev ([a-z]+).*|\1|p')
awk -v FOLDER="$folder" -f "$here/extract.awk" "$document"
failures=0
while read -r name kind line _; do
  [[ $kind == bash || $kind == sh || $kind == console || $kind == text || $kind == plain ]] || continue
  while read -r command; do
    if ! grep -qx -- "$command" <<<"$known"; then
      echo "$document:$line: ./dev has no subcommand '$command'"
      failures=$((failures + 1))
    fi
  done < <(sed -nE 's|^ *(\$ +)?\./dev +([^ ]+).*|\2|p' "$folder/$name.$kind")
done <"$folder/index"
((failures == 0))
