#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What including Tallyscope costs a translation unit, against one that includes <chrono>, <string>, <atomic> and <vector>:
# lines after preprocessing, and the compiler's CPU time for -fsyntax-only, in turn, as medians of ratios. And how many
# bytes one call site takes at -O2.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${ROUNDS:-9}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '#include <%s>\n' chrono string atomic vector >"$work/base.cpp"
printf '#include <tallyscope/tallyscope.hpp>\n' >"$work/umbrella.cpp"
{
  cat "$work/umbrella.cpp"
  for header in sinks/tallyscope/*.hpp; do
    grep -q '^// Needs:' "$header" || printf '#include <tallyscope/%s>\n' "$(basename "$header")"
  done
} >"$work/everything.cpp"

cat >"$work/call_site.cpp" <<'CPP'
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>
namespace ts = tallyscope;
using Tracker = ts::Tracker<ts::MemorySink>;
void prepared(Tracker& tracker, const ts::PreparedCall& search) { ts::TrackScope call{tracker, search}; }
void with_usage(Tracker& tracker, const ts::PreparedCall& answer, long tokens) {
  ts::TrackScope call{tracker, answer};
  call.report({.input_tokens = tokens, .output_tokens = 500});
}
void with_strings(Tracker& tracker, long tokens) {
  ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "answer"}};
  call.report({.input_tokens = tokens, .output_tokens = 500});
}
CPP

compile() { "$1" -std=c++20 -Iinclude -Isinks "${@:2}"; }

cpu_seconds() {  # of a command and its children
  local TIMEFORMAT='%U %S'
  { time "$@"; } 2>&1 | awk '{print $1 + $2}'
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

lines() { compile "$1" -E "$work/$2.cpp" 2>/dev/null | wc -l; }

for compiler in g++ clang++; do
  command -v "$compiler" >/dev/null || continue
  echo "$compiler $("$compiler" -dumpversion)"
  base_lines=$(lines "$compiler" base)
  for unit in umbrella everything; do
    limit=1.08
    [[ $unit == everything ]] && limit=1.8
    for ((round = 0; round < rounds; ++round)); do
      base=$(cpu_seconds compile "$compiler" -fsyntax-only "$work/base.cpp")
      ours=$(cpu_seconds compile "$compiler" -fsyntax-only "$work/$unit.cpp")
      awk -v a="$ours" -v b="$base" 'BEGIN {print a / b}'
    done | median >"$work/time"
    awk -v unit="$unit" -v n="$(lines "$compiler" "$unit")" -v b="$base_lines" -v time="$(cat "$work/time")" \
      -v limit="$limit" 'BEGIN {printf "  %-12s %7d lines, %.2f x base; CPU time %.2f x base   (must <= %s)\n", unit, n, n / b, time, limit}'
  done
  compile "$compiler" -O2 -DNDEBUG -c "$work/call_site.cpp" -o "$work/call_site.o"
  for site in prepared with_usage with_strings; do
    size=$(nm -S "$work/call_site.o" | awk -v name="$site" '$4 ~ name && $3 == "T" {print $2}')
    limit=$([[ $site == with_strings ]] || echo "   (must <= 400)")  # two thirds of that one are the texts it names
    printf '  call site %-13s %4d bytes%s\n' "$site" $((16#$size)) "$limit"
  done
done
