// SPDX-License-Identifier: MIT
#include <tallyscope/read_result.hpp>

#include "catch.hpp"

TEST_CASE("reading nothing is no problem", "[read_result]") {
  const tallyscope::ReadResult result;
  CHECK(result.records == 0);
  CHECK(result.skipped == 0);
  CHECK_FALSE(result.torn_tail);
  CHECK(result.problem.empty());
}
