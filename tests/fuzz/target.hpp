// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace fuzz {

/// Reads one input, whatever it is. What must not happen ends the program: a finding of a sanitizer, or require().
using Run = void (*)(std::string_view input);

/// A target makes itself known by being there: `const fuzz::Target target{"json", read_json};`
struct Target {
  Target(std::string_view its_name, Run its_run) : name{its_name}, run{its_run}, next{std::exchange(first(), this)} {}
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  static const Target*& first() {
    static const Target* target = nullptr;
    return target;
  }

  std::string_view name;
  Run run;
  const Target* next;
};

inline void require(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

}  // namespace fuzz
