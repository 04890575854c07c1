// SPDX-License-Identifier: MIT
// At which tier and in which region a call was served, and what that makes of its price.
#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <limits>
#include <string>

namespace ts = tallyscope;
using State = ts::CostState;

namespace {

constexpr ts::Usage million{.input_tokens = 1'000'000, .output_tokens = 0};

ts::PriceRule rule(std::string_view dollars, std::string_view tier = "", std::string_view region = "") {
  return {.provider = "acme",
          .model = "m-1",
          .service_tier = tier,
          .region = region,
          .input = ts::per_million(dollars),
          .output = ts::per_million(dollars),
          .web_search = ts::per_thousand("10")};
}

/// A dollar a million tokens, and a cent a search.
ts::PriceBook standard() {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule("1")));
  return book;
}

ts::PriceBook with(std::initializer_list<ts::PriceAdjustment> adjustments) {
  ts::PriceBook book = standard();
  for (const ts::PriceAdjustment& adjustment : adjustments) REQUIRE_FALSE(book.add(adjustment));
  return book;
}

struct Where {
  std::string_view tier{};
  std::string_view region{};
  std::int64_t start_utc = 0;
};

ts::Cost price(const ts::PriceBook& book, const Where& where, const ts::Usage& usage = million,
               std::string_view model = "m-1") {
  const ts::Call call{.provider = "acme", .model = model};
  const ts::Response response{.service_tier = where.tier, .region = where.region};
  return book.price(ts::Record{.call = call, .response = response, .start_utc = where.start_utc, .usage = usage});
}

/// In dollars, "?" where the cost is not whole.
std::string cost(const ts::PriceBook& book, const Where& where, const ts::Usage& usage = million,
                 std::string_view model = "m-1") {
  const ts::Cost cost = price(book, where, usage, model);
  return cost.whole() ? cost.amount.exact() : "?";
}

}  // namespace

TEST_CASE("a standard tier is called by many names", "[tiers]") {
  for (const std::string_view tier : {"", "default", "standard", "on_demand", "ON_DEMAND", "on-demand", "OnDemand",
                                      "auto", "standard_only", "Standard Only"}) {
    INFO(tier);
    CHECK(cost(standard(), {tier}) == "1");
  }
}

TEST_CASE("what was served at a tier without a price is never priced as standard", "[tiers]") {
  const ts::PriceBook book = standard();
  for (const std::string_view tier :
       {"flex", "priority", "batch", "fast", "scale", "PROVISIONED_THROUGHPUT", "stand"}) {
    INFO(tier);
    const ts::Cost cost = price(book, {tier}, {.input_tokens = 1000, .output_tokens = 0, .web_searches = 2});
    CHECK(cost.state == State::incomplete);
    CHECK(cost.amount == ts::Money{});
    CHECK(cost.known.exact() == "0.02");  // what is not billed by the token
  }
  CHECK(price(book, {std::string_view{}}, {}).state == State::no_usage);
  CHECK(price(book, {"flex"}, {}).state == State::no_usage);
  CHECK(price(book, {"flex"}, million, "unheard-of").state == State::unpriced);
}

TEST_CASE("a rule of a tier is the price there, by each name of the tier", "[tiers]") {
  ts::PriceBook book = standard();
  REQUIRE_FALSE(book.add(rule("0.5", "flex")));
  REQUIRE_FALSE(book.add(rule("2", "ON_DEMAND_PRIORITY")));
  REQUIRE_FALSE(book.add(rule("0.25", "batches")));
  CHECK(cost(book, {}) == "1");
  CHECK(cost(book, {"default"}) == "1");
  CHECK(cost(book, {"flex"}) == "0.5");
  CHECK(cost(book, {"ON_DEMAND_FLEX"}) == "0.5");
  CHECK(cost(book, {"Priority"}) == "2");
  CHECK(cost(book, {"batch"}) == "0.25");
  CHECK(cost(book, {"fast"}) == "?");
}

TEST_CASE("a rule of any tier holds at each, also the standard one", "[tiers]") {
  ts::PriceBook book = standard();
  REQUIRE_FALSE(book.add(rule("3", "*")));
  for (const std::string_view tier : {"", "flex", "batch", "never-heard-of"}) CHECK(cost(book, {tier}) == "3");
  REQUIRE_FALSE(book.add(rule("4", "flex")));
  CHECK(cost(book, {"flex"}) == "4");
  CHECK(cost(book, {"batch"}) == "3");
}

TEST_CASE("a rule without a tier or of a standard one holds at the standard tier alone", "[tiers]") {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(book.add(rule("1", "default")));
  CHECK(cost(book, {}) == "1");
  CHECK(cost(book, {"standard"}) == "1");
  CHECK(cost(book, {"flex"}) == "?");
  ts::PriceBook batch = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(batch.add(rule("1", "batch")));
  CHECK(price(batch, {}).state == State::unpriced);
  CHECK(cost(batch, {"batch"}) == "1");
}

TEST_CASE("what a host set without a tier it pays at any", "[tiers]") {
  ts::PriceBook book =
      with({{.service_tier = "batch", .multiplier = {1, 2}}, {.region = "eu", .multiplier = {11, 10}}});
  REQUIRE_FALSE(book.set_rate("m-1", ts::per_million("7"), ts::per_million("7")));
  for (const std::string_view tier : {"", "batch", "flex"})
    for (const std::string_view region : {"", "eu"}) CHECK(cost(book, {tier, region}) == "7");
  ts::PriceRule batch = rule("3", "batch");
  batch.model = "m-1";
  REQUIRE_FALSE(book.set_rate(batch));
  CHECK(cost(book, {"batch"}) == "3");
  CHECK(cost(book, {"flex"}) == "7");
  CHECK(cost(book, {}) == "7");
}

TEST_CASE("an adjustment makes the price of a tier from the standard one", "[tiers]") {
  const ts::PriceBook book = with({{.provider = "acme", .service_tier = "batch", .multiplier = {1, 2}}});
  CHECK(cost(book, {}) == "1");
  CHECK(cost(book, {"batch"}) == "0.5");
  CHECK(cost(book, {"Batches"}) == "0.5");
  CHECK(cost(book, {"flex"}) == "?");
}

TEST_CASE("a batch does not halve what is not billed by the token", "[tiers]") {
  ts::PriceBook book = with({{.service_tier = "batch", .multiplier = {1, 2}}});
  CHECK(cost(book, {"batch"}, {.input_tokens = 1'000'000, .output_tokens = 0, .web_searches = 3}) == "0.53");
  ts::PriceRule other = rule("1");
  other.model = "m-2";
  other.file_search = ts::per_thousand("2");
  other.search_unit = ts::per_thousand("3");
  other.page = ts::per_thousand("4");
  other.audio_millisecond = ts::Rate{*ts::Money::parse("5"), 1'000};
  other.request = ts::per_thousand("6");
  REQUIRE_FALSE(book.add(other));
  const ts::Usage usage{.input_tokens = 1'000'000,
                        .output_tokens = 0,
                        .requests = 1'000,
                        .file_searches = 1'000,
                        .search_units = 1'000,
                        .pages = 1'000,
                        .audio_milliseconds = 1'000};
  CHECK(cost(book, {"batch"}, usage, "m-2") == "20.5");
}

TEST_CASE("adjustments of a tier and of a region multiply each other", "[tiers]") {
  const ts::PriceBook book =
      with({{.service_tier = "batch", .multiplier = {1, 2}}, {.region = "us-east-1", .multiplier = {11, 10}}});
  CHECK(cost(book, {"", "us-east-1"}) == "1.1");
  CHECK(cost(book, {"batch", "US_East_1"}) == "0.55");
  CHECK(cost(book, {"batch", "eu-west-1"}) == "0.5");
  CHECK(cost(book, {"", "eu-west-1"}) == "1");
  CHECK(cost(book, {"flex", "us-east-1"}) == "?");
}

TEST_CASE("an adjustment of a tier and a region at once takes the place of one of each", "[tiers]") {
  const ts::PriceBook book = with({{.service_tier = "batch", .region = "eu", .multiplier = {3, 4}},
                                   {.service_tier = "batch", .multiplier = {1, 2}},
                                   {.region = "eu", .multiplier = {2, 1}}});
  CHECK(cost(book, {"batch", "eu"}) == "0.75");
  CHECK(cost(book, {"batch"}) == "0.5");
  CHECK(cost(book, {"", "eu"}) == "2");
}

TEST_CASE("a rule of the tier or of the region itself is not adjusted for it", "[tiers]") {
  ts::PriceBook book = with({{.service_tier = "batch", .multiplier = {1, 2}}, {.region = "eu", .multiplier = {2, 1}}});
  REQUIRE_FALSE(book.add(rule("10", "batch")));
  REQUIRE_FALSE(book.add(rule("100", "", "us")));
  REQUIRE_FALSE(book.add(ts::PriceAdjustment{.region = "us", .multiplier = {3, 1}}));
  CHECK(cost(book, {"batch"}) == "10");
  CHECK(cost(book, {"batch", "eu"}) == "20");  // for its region it is
  CHECK(cost(book, {"", "us"}) == "100");
  CHECK(cost(book, {"", "eu"}) == "2");
}

TEST_CASE("an adjustment holds for its provider, its models and from its day on", "[tiers]") {
  const std::int64_t day = ts::utc_day(2026, 2, 1);
  const ts::PriceBook book =
      with({{.provider = "other", .service_tier = "batch", .multiplier = {9, 1}},
            {.provider = "ACME", .model = "m-#", .from = day, .service_tier = "batch", .multiplier = {1, 2}},
            {.model = "claude*", .service_tier = "batch", .multiplier = {9, 1}}});
  CHECK(cost(book, {"batch", "", day - 1}) == "?");
  CHECK(cost(book, {"batch", "", day}) == "0.5");
  CHECK(cost(book, {"batch", "", day}, million, "m-1-2026-01-31") == "0.5");
  const ts::Call prefixed{.model = "acme/m-1"};
  const ts::Response batch{.service_tier = "batch"};
  CHECK(
      book.price(ts::Record{.call = prefixed, .response = batch, .start_utc = day, .usage = million}).amount.exact() ==
      "0.5");
}

TEST_CASE("of several adjustments of a tier the last one added counts", "[tiers]") {
  const ts::PriceBook book =
      with({{.service_tier = "batch", .multiplier = {1, 2}}, {.service_tier = "batch", .multiplier = {2, 3}}});
  CHECK(cost(book, {"batch"}, {.input_tokens = 3, .output_tokens = 0}) == "0.000002");
  CHECK(book.adjustments().size() == 2);
  CHECK(book.named("copy", "2").adjustments().size() == 2);
  CHECK(cost(book.named("copy", "2"), {"batch"}, {.input_tokens = 3, .output_tokens = 0}) == "0.000002");
}

TEST_CASE("an adjustment that is none is refused, and the book stays as it was", "[tiers]") {
  using Adjustment = ts::PriceAdjustment;
  ts::PriceBook book = standard();
  const std::string longer(161, 'm');
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  CHECK(book.add(Adjustment{.multiplier = {1, 2}}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.service_tier = "default", .multiplier = {1, 2}}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.service_tier = "*", .multiplier = {1, 2}}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.model = "", .service_tier = "batch"}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.model = longer, .service_tier = "batch"}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.service_tier = longer}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.service_tier = "batch", .multiplier = {0, 2}}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.service_tier = "batch", .multiplier = {1, -2}}) == std::errc::invalid_argument);
  CHECK(book.add(Adjustment{.service_tier = "batch", .multiplier = {most, 1}}) == std::errc::result_out_of_range);
  CHECK(book.adjustments().empty());
  CHECK(cost(book, {"batch"}) == "?");
}

TEST_CASE("a rate that an adjustment makes too fine to hold leaves the cost open", "[tiers]") {
  ts::PriceBook book = ts::PriceBook::empty("test", "1");
  REQUIRE_FALSE(
      book.add({.model = "m-1", .input = ts::Rate{ts::Money::from_picodollars(1), (std::int64_t{1} << 62) - 1}}));
  REQUIRE_FALSE(book.add(ts::PriceAdjustment{.service_tier = "batch", .multiplier = {1, 1'000'000}}));
  CHECK(price(book, {"batch"}).state == State::incomplete);
  CHECK(cost(book, {}) == "0");
}

TEST_CASE("context, hours, tier and region combine freely", "[tiers]") {
  constexpr std::int64_t hour = 3'600'000'000'000;
  ts::PriceBook book = with({{.service_tier = "flex", .multiplier = {1, 2}}, {.region = "eu", .multiplier = {11, 10}}});
  ts::PriceRule night = rule("0.2");
  night.daily_start = 22 * 3600;
  night.daily_end = 6 * 3600;
  ts::PriceRule large = rule("4");
  large.input_threshold = 200'000;
  ts::PriceRule large_night = rule("0.8");
  large_night.input_threshold = 200'000;
  large_night.daily_start = 22 * 3600;
  large_night.daily_end = 6 * 3600;
  ts::PriceRule large_batch = rule("3", "batch");
  large_batch.input_threshold = 200'000;
  for (const ts::PriceRule& one : {night, large, large_night, rule("0.4", "batch"), large_batch})
    REQUIRE_FALSE(book.add(one));
  const ts::Usage at{.input_tokens = 200'000, .output_tokens = 0}, above{.input_tokens = 200'001, .output_tokens = 0};
  CHECK(cost(book, {"", "", 12 * hour}, at) == "0.2");
  CHECK(cost(book, {"", "", 12 * hour}, above) == "0.800004");
  CHECK(cost(book, {"", "", 23 * hour}, at) == "0.04");
  CHECK(cost(book, {"flex", "", 23 * hour}, at) == "0.02");
  CHECK(cost(book, {"flex", "eu", 23 * hour}, at) == "0.022");
  CHECK(cost(book, {"flex", "eu", 23 * hour}, above) == "0.08800044");
  CHECK(cost(book, {"batch", "", 23 * hour}, at) == "0.08");
  CHECK(cost(book, {"batch", "eu", 12 * hour}, above) == "0.6600033");
}

TEST_CASE("the short way of pricing does not know tiers, and leaves calls in a region that matters to the long one",
          "[tiers]") {
  const auto quick = [](const ts::PriceBook& book, std::string_view region) {
    const ts::Call call{.provider = "acme", .model = "m-1", .region = region, .price_hash = 5};
    return book.quick_price(call, 1'000, 0, 0);
  };
  const ts::PriceBook plain = with({{.service_tier = "batch", .multiplier = {1, 2}}});
  CHECK(quick(plain, "eu") == 1'000'000'000);
  const ts::PriceBook regional = with({{.region = "eu", .multiplier = {11, 10}}});
  CHECK(quick(regional, "eu") == -1);
  CHECK(quick(regional, "") == 1'000'000'000);
  CHECK(quick(regional, "eu") == -1);
  ts::PriceBook by_request = ts::PriceBook::empty("test", "1");
  ts::PriceRule charged = rule("1");
  charged.request = ts::per_thousand("1");
  REQUIRE_FALSE(by_request.add(charged));
  CHECK(quick(by_request, "") == -1);
}

TEST_CASE("a person can ask what is charged at a tier and in a region", "[tiers]") {
  const ts::PriceBook book =
      with({{.service_tier = "batch", .multiplier = {1, 3}}, {.region = "eu", .multiplier = {11, 10}}});
  const auto rate = [&](const ts::Circumstances& circumstances, ts::PriceClass kind = ts::PriceClass::input) {
    const auto charged = book.charged_for("acme", "m-1", circumstances);
    REQUIRE(charged);
    CHECK(charged->multiplier.numerator == charged->multiplier.denominator);
    const auto found = (*charged).*ts::price_rule_rates[static_cast<std::size_t>(kind)];
    return found ? found->amount.exact() + " per " + std::to_string(found->per) : "?";
  };
  CHECK(rate({}) == "1 per 1000000");
  CHECK(rate({.region = "eu"}) == "1.1 per 1000000");
  CHECK(rate({.service_tier = "batch"}) == "1 per 3000000");
  CHECK(rate({.service_tier = "batch", .region = "eu"}) == "1.1 per 3000000");
  CHECK(rate({.service_tier = "flex"}) == "?");
  CHECK(rate({.service_tier = "flex"}, ts::PriceClass::web_search) == "10 per 1000");
  CHECK(rate({}, ts::PriceClass::cache_read) == "?");
  CHECK_FALSE(book.charged_for("acme", "m-2", {}));
  CHECK(book.charged_for("ollama", "m-2", {})->free);
  CHECK(book.charged_for("ollama", "m-2", {})->input->amount == ts::Money{});
  CHECK(book.find("acme", "m-1", {.service_tier = "batch"}) == book.find("acme", "m-1", {}));
  CHECK(book.find("acme", "m-2", {}) == nullptr);
}
