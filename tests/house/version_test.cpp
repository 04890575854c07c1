// SPDX-License-Identifier: MIT
#include <tallyscope/config.hpp>

#include "catch.hpp"

TEST_CASE("the version macros are the version of the project", "[house]") {
  const auto version = std::to_string(TALLYSCOPE_VERSION_MAJOR) + "." + std::to_string(TALLYSCOPE_VERSION_MINOR) + "." +
                       std::to_string(TALLYSCOPE_VERSION_PATCH);
  CHECK(version == TALLYSCOPE_PROJECT_VERSION);
}
