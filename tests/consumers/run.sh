#!/usr/bin/env bash
# Usage: run.sh CONSUMER_FOLDER REPOSITORY CMAKE COMPILER
# Configures, builds and runs a consumer project in a temporary folder. The one named `installed` finds Tallyscope where
# it was just installed, the others are told where its source tree is.
set -euo pipefail
consumer=$1 repository=$2 cmake=$3 compiler=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flags=("-DCMAKE_CXX_COMPILER=$compiler" -DCMAKE_BUILD_TYPE=Debug)

location="-DTALLYSCOPE_ROOT=$repository"
if [[ $(basename "$consumer") == installed ]]; then
  "$cmake" -S "$repository" -B "$folder/tallyscope" "${flags[@]}" -DTALLYSCOPE_BUILD_TESTS=OFF \
    -DTALLYSCOPE_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX="$folder/prefix"
  "$cmake" --build "$folder/tallyscope"
  "$cmake" --install "$folder/tallyscope"
  # Moved: an installation that knows its old place would not be found in the new one.
  mv "$folder/prefix" "$folder/moved"
  location="-DCMAKE_PREFIX_PATH=$folder/moved"
fi
"$cmake" -S "$consumer" -B "$folder/consumer" "${flags[@]}" "$location"
"$cmake" --build "$folder/consumer"
"$folder/consumer/consumer"
