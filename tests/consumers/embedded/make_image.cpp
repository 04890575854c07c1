// SPDX-License-Identifier: MIT
// Writes the image of a small vocabulary to the path that it is given.
#include <tallyscope/estimators/vocabulary_builder.hpp>

#include "estimators/small_source.hpp"

#include <fstream>

int main(int, char** arguments) {
  std::string problem;
  const std::string image = tallyscope::build_vocabulary(small_source(), problem);
  std::ofstream file{arguments[1], std::ios::binary};
  return problem.empty() && file << image ? 0 : 1;
}
