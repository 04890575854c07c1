#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Exact counting beside other tokenizers, in one run: tiktoken (native and WebAssembly) and gpt-tokenizer. What is not
# there is said and left out; `./dev bench tokenizer_bench` installs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source=bench/tokenizer_bench
folder=build/tokenizer_bench
modules=$folder/node_modules
peers=()

if [[ ! -d $modules/tiktoken && -d build/tokenizer_packages/node_modules/tiktoken ]]; then
  modules=build/tokenizer_packages/node_modules  # those of the tests
fi
if [[ ! -d $modules/tiktoken ]] || ! command -v node >/dev/null; then
  echo "Nothing is measured: vocabularies and texts are made from packages of npm, by node, and these are not there."
  exit 1
fi
mkdir -p "$folder"
node $source/corpora.mjs "$modules" "$folder"

if "$folder/venv/bin/python" -c 'import tiktoken' 2>/dev/null; then
  peers+=("native=$folder/venv/bin/python $source/peer.py list $modules")
  peers+=("buffer=$folder/venv/bin/python $source/peer.py buffer $modules")
else
  echo "Native tiktoken is left out: it could not be installed."
fi
peers+=("wasm=node $source/peer.mjs tiktoken $modules")
if [[ -d $modules/gpt-tokenizer ]]; then
  peers+=("gpt-tokenizer=node $source/peer.mjs gpt-tokenizer $modules")
else
  echo "gpt-tokenizer is left out: it could not be installed."
fi
build/release/bench/tokenizer_bench "$folder" "$modules" "${peers[@]}"
