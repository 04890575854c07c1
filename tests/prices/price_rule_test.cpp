// SPDX-License-Identifier: MIT
#include <tallyscope/prices/price_rule.hpp>

#include "catch.hpp"

#include <set>

namespace ts = tallyscope;

TEST_CASE("a rate is read from the decimal that a price list prints", "[price_rule]") {
  STATIC_REQUIRE(ts::per_million("0.15")->amount.picodollars() == 150'000'000'000);
  STATIC_REQUIRE(ts::per_million("0.15")->per == 1'000'000);
  STATIC_REQUIRE(ts::per_thousand("10")->per == 1'000);
  CHECK_FALSE(ts::per_million("cheap"));
  CHECK_FALSE(ts::per_million(""));
  CHECK_FALSE(ts::per_thousand("1e-3"));
}

TEST_CASE("a day begins at midnight in UTC", "[price_rule]") {
  constexpr std::int64_t second = 1'000'000'000;
  STATIC_REQUIRE(ts::utc_day(1970, 1, 1) == 0);
  STATIC_REQUIRE(ts::utc_day(1970, 1, 2) == 86'400 * second);
  STATIC_REQUIRE(ts::utc_day(2000, 2, 29) == 951'782'400 * second);
  STATIC_REQUIRE(ts::utc_day(2000, 3, 1) == 951'868'800 * second);
  STATIC_REQUIRE(ts::utc_day(2025, 6, 10) == 1'749'513'600 * second);
  STATIC_REQUIRE(ts::utc_day(2100, 3, 1) - ts::utc_day(2100, 2, 28) == 86'400 * second);
  STATIC_REQUIRE(ts::utc_day(2027, 1, 1) == 1'798'761'600 * second);
}

TEST_CASE("every class of price has a name and a rate of its own", "[price_rule]") {
  std::set<std::string_view> names{std::begin(ts::price_class_names), std::end(ts::price_class_names)};
  CHECK(names.size() == ts::price_class_count);
  ts::PriceRule rule;
  for (std::size_t kind = 0; kind < ts::price_class_count; ++kind) {
    CHECK_FALSE((rule.*ts::price_rule_rates[kind]).has_value());
    rule.*ts::price_rule_rates[kind] = ts::Rate{};
  }
  CHECK(ts::price_class_names[static_cast<std::size_t>(ts::PriceClass::request)] == "request");
  CHECK(ts::price_rule_rates[static_cast<std::size_t>(ts::PriceClass::request)] == &ts::PriceRule::request);
  CHECK(ts::price_rule_rates[static_cast<std::size_t>(ts::PriceClass::cache_write_1h)] ==
        &ts::PriceRule::cache_write_1h);
}

TEST_CASE("a rule that names only its model and rates holds always and everywhere", "[price_rule]") {
  const ts::PriceRule rule{.model = "acme-1", .input = ts::per_million("2")};
  CHECK(rule.from == std::numeric_limits<std::int64_t>::min());
  CHECK(rule.daily_end - rule.daily_start == 86'400);
  CHECK_FALSE(rule.input_threshold.has_value());
  CHECK(rule.multiplier.numerator == rule.multiplier.denominator);
  CHECK_FALSE(rule.free);
}
