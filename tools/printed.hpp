// SPDX-License-Identifier: MIT
#pragma once

#include "problem.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace tallyscope_program {

/// Writes a whole answer to the standard output, or throws a Problem.
inline void print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) != 0 || !written) throw Problem{"the answer could not be written to the standard output"};
}

/// Tells of what an answer had to leave out. Returns the status that the program ends with.
inline int tell(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) std::fprintf(stderr, "tallyscope: %s\n", problem.c_str());
  return problems.empty() ? 0 : 1;
}

}  // namespace tallyscope_program
