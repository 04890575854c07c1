// SPDX-License-Identifier: MIT
#include <tallyscope/reading.hpp>

#include "catch.hpp"

#include <string_view>

namespace ts = tallyscope;

namespace {

// What a scope offers: which of the two does a braced argument mean?
constexpr std::string_view report(const ts::Usage&) { return "usage"; }
constexpr std::string_view report(const ts::Reading&) { return "reading"; }

}  // namespace

TEST_CASE("a braced report means a usage by any of a usage's names, and a reading by a reading's", "[reading]") {
  CHECK(report({.input_tokens = 1}) == "usage");
  CHECK(report({.output_tokens = 1}) == "usage");
  CHECK(report({.cache_read = 1}) == "usage");
  CHECK(report({.cache_write = 1}) == "usage");
  CHECK(report({.cache_write_5m = 1}) == "usage");
  CHECK(report({.cache_write_1h = 1}) == "usage");
  CHECK(report({.input_audio = 1}) == "usage");
  CHECK(report({.reasoning = 1}) == "usage");
  CHECK(report({.output_audio = 1}) == "usage");
  CHECK(report({.web_searches = 1}) == "usage");
  CHECK(report({.requests = 1}) == "usage");
  CHECK(report({.tool_calls = 1}) == "usage");
  CHECK(report({.input_image = 1}) == "usage");
  CHECK(report({.pages = 1}) == "usage");
  CHECK(report({.counts = {.input_tokens = 1}}) == "reading");
  CHECK(report({.served_model = "gpt-4.1-2025-04-14"}) == "reading");
}

TEST_CASE("a reading of nothing claims nothing", "[reading]") {
  const ts::Reading reading{};
  CHECK(reading.counts == ts::Usage{});
  CHECK(reading.part_count == 0);
  CHECK(reading.parts.size() == ts::part_limit);
  CHECK(reading.finality == ts::Finality::missing);
  CHECK_FALSE(reading.outcome.has_value());  // an outcome that the provider did not state is inferred by the scope
  CHECK_FALSE(reading.diagnostics.any());
  CHECK_FALSE(reading.provider_cost.has_value());
  for (const std::string_view text :
       {reading.served_by.view(), reading.served_model.view(), reading.served_tier.view(), reading.served_region.view(),
        reading.request_id.view(), reading.error_type.view()})
    CHECK(text.empty());
}
