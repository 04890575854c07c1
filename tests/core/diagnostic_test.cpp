// SPDX-License-Identifier: MIT
#include <tallyscope/diagnostic.hpp>

#include "catch.hpp"

#include <iterator>
#include <random>
#include <set>
#include <string_view>

namespace ts = tallyscope;

namespace {

constexpr ts::Diagnostic every_code[] = {
    ts::Diagnostic::text_cut,
    ts::Diagnostic::text_repaired,
    ts::Diagnostic::label_dropped,
    ts::Diagnostic::count_refused,
    ts::Diagnostic::parts_exceed_total,
    ts::Diagnostic::total_mismatch,
    ts::Diagnostic::amount_saturated,
    ts::Diagnostic::clock_stepped_back,
    ts::Diagnostic::hidden_output,
    ts::Diagnostic::cache_lifetime_assumed,
    ts::Diagnostic::body_malformed,
    ts::Diagnostic::event_too_long,
    ts::Diagnostic::stream_error,
    ts::Diagnostic::tier_without_price,
    ts::Diagnostic::provider_cost_differs,
    ts::Diagnostic::usage_not_final,
};

}  // namespace

TEST_CASE("every diagnostic has the name that files give it", "[diagnostic]") {
  const auto name = [](ts::Diagnostic code) { return ts::diagnostic_names[static_cast<std::size_t>(code)]; };
  CHECK(std::size(ts::diagnostic_names) == std::size(every_code));
  CHECK(name(ts::Diagnostic::text_cut) == "text_cut");
  CHECK(name(ts::Diagnostic::text_repaired) == "text_repaired");
  CHECK(name(ts::Diagnostic::label_dropped) == "label_dropped");
  CHECK(name(ts::Diagnostic::count_refused) == "count_refused");
  CHECK(name(ts::Diagnostic::parts_exceed_total) == "parts_exceed_total");
  CHECK(name(ts::Diagnostic::total_mismatch) == "total_mismatch");
  CHECK(name(ts::Diagnostic::amount_saturated) == "amount_saturated");
  CHECK(name(ts::Diagnostic::clock_stepped_back) == "clock_stepped_back");
  CHECK(name(ts::Diagnostic::hidden_output) == "hidden_output");
  CHECK(name(ts::Diagnostic::cache_lifetime_assumed) == "cache_lifetime_assumed");
  CHECK(name(ts::Diagnostic::body_malformed) == "body_malformed");
  CHECK(name(ts::Diagnostic::event_too_long) == "event_too_long");
  CHECK(name(ts::Diagnostic::stream_error) == "stream_error");
  CHECK(name(ts::Diagnostic::tier_without_price) == "tier_without_price");
  CHECK(name(ts::Diagnostic::provider_cost_differs) == "provider_cost_differs");
  CHECK(name(ts::Diagnostic::usage_not_final) == "usage_not_final");
}

TEST_CASE("a new set of diagnostics is empty", "[diagnostic]") {
  constexpr ts::Diagnostics none;
  CHECK_FALSE(none.any());
  for (const ts::Diagnostic code : every_code) CHECK_FALSE(none.has(code));
}

TEST_CASE("a diagnostic that is set is the only one that is there", "[diagnostic]") {
  for (const ts::Diagnostic set : every_code) {
    ts::Diagnostics one;
    one.set(set);
    one.set(set);
    CHECK(one.any());
    for (const ts::Diagnostic code : every_code) CHECK(one.has(code) == (code == set));
  }
}

TEST_CASE("two sets of diagnostics unite as sets do", "[diagnostic]") {
  std::mt19937_64 random{4};
  for (int round = 0; round < 2'000; ++round) {
    ts::Diagnostics left, right;
    std::set<ts::Diagnostic> expected;
    for (const ts::Diagnostic code : every_code) {
      if (random() % 2) left.set(code), expected.insert(code);
      if (random() % 2) right.set(code), expected.insert(code);
    }
    ts::Diagnostics other_way = right;
    left.set(right);
    for (const ts::Diagnostic code : every_code)
      if (left.has(code) != expected.contains(code)) FAIL("round " << round);
    other_way.set(left);
    if (!(other_way == left)) FAIL("round " << round);
  }
}
