// SPDX-License-Identifier: MIT
#include <tallyscope/detail/provider_cost.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include "catch.hpp"

#include <string_view>

namespace ts = tallyscope;

namespace {

/// What a record says of a call that costs $0.006 by the built-in prices, when its provider states another amount.
ts::Diagnostics told(std::string_view provider_says) {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.report(ts::Reading{.counts = {.input_tokens = 1'000, .output_tokens = 500},
                            .finality = ts::Finality::final,
                            .provider_cost = ts::Money::parse(provider_says)});
  }
  return sink.records().at(0)->diagnostics;
}

}  // namespace

TEST_CASE("a record says where its provider charges another amount than the prices come to", "[provider_cost]") {
  CHECK_FALSE(told("0.006").any());
  CHECK_FALSE(told("0.00601").any());  // rounded
  CHECK(told("0.0066").has(ts::Diagnostic::provider_cost_differs));
  CHECK(told("0.003").has(ts::Diagnostic::provider_cost_differs));
  CHECK(told("0").has(ts::Diagnostic::provider_cost_differs));
}

TEST_CASE("where no whole cost is known by counts, none differs", "[provider_cost]") {
  const ts::Money stated = ts::Money::from_picodollars(9'000'000'000);
  const auto differs = [&](const ts::Cost& cost) { return ts::detail::provider_cost_differs(stated, cost); };
  CHECK(differs({.state = ts::CostState::priced}));
  CHECK_FALSE(differs({.state = ts::CostState::unpriced}));
  CHECK_FALSE(differs({.state = ts::CostState::incomplete}));
  CHECK_FALSE(differs({.state = ts::CostState::priced, .estimated = true}));
  CHECK_FALSE(ts::detail::provider_cost_differs({}, {.state = ts::CostState::priced}));
}

TEST_CASE("a record says where it was served at a tier that has no price", "[provider_cost]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  for (const std::string_view tier : {"scale", "default"}) {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.report(ts::Reading{
        .counts = {.input_tokens = 1'000, .output_tokens = 500}, .served_tier = tier, .finality = ts::Finality::final});
  }
  CHECK(sink.records().at(0)->diagnostics.has(ts::Diagnostic::tier_without_price));
  CHECK(sink.records().at(0)->cost.state == ts::CostState::incomplete);
  CHECK_FALSE(sink.records().at(1)->diagnostics.any());
  CHECK(sink.records().at(1)->cost.state == ts::CostState::priced);
}

TEST_CASE("what a stream had counted until it broke off is not its cost, unless its text stands for the rest",
          "[provider_cost]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  for (const bool metered : {false, true}) {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    if (metered) call.output_chunk("some text");
    call.report(
        ts::Reading{.counts = {.input_tokens = 1'000, .output_tokens = 500}, .finality = ts::Finality::partial});
  }
  CHECK(sink.records().at(0)->cost.state == ts::CostState::incomplete);
  CHECK(sink.records().at(0)->cost.known.exact() == "0.006");
  CHECK(sink.records().at(1)->cost.state == ts::CostState::priced);
  CHECK(sink.records().at(1)->cost.estimated);
}
