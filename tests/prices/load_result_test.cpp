// SPDX-License-Identifier: MIT
#include <tallyscope/prices/load_result.hpp>

#include "catch.hpp"

namespace ts = tallyscope;

TEST_CASE("a result without an error is that of a list that was loaded", "[load_result]") {
  CHECK(ts::LoadResult{}.loaded());
  CHECK_FALSE(ts::LoadResult{.error = "line 1, column 1: no"}.loaded());
}

TEST_CASE("the models that were left out are counted over all reasons", "[load_result]") {
  const ts::LoadResult result{.left_out = {{"a", 3, "first"}, {"b", 4, "first"}}, .unsaid = {{"c", 5, "first"}}};
  CHECK(result.models_left_out() == 7);
}
