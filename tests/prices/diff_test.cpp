// SPDX-License-Identifier: MIT
#include <tallyscope/prices/diff.hpp>

#include "catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ts = tallyscope;

namespace {

std::string text(const std::optional<ts::Rate>& rate) {
  return rate ? rate->amount.exact() + "/" + std::to_string(rate->per) : "-";
}

/// "acme m-1 flex large input: 1/1000000 2/1000000", or "acme m-1: only in a".
std::string text(const ts::PriceDifference& difference) {
  std::string text{difference.provider};
  text += ' ' + std::string{difference.model};
  if (!difference.service_tier.empty()) text += ' ' + std::string{difference.service_tier};
  if (difference.large_input) text += " large";
  if (!difference.kind) return text + (difference.in_a ? ": only in a" : ": only in b");
  text += ' ' + std::string{ts::price_class_names[static_cast<std::size_t>(*difference.kind)]};
  return text + ": " + ::text(difference.a) + ' ' + ::text(difference.b);
}

using Texts = std::vector<std::string>;

Texts differences(const ts::PriceBook& a, const ts::PriceBook& b, std::int64_t at = 0) {
  Texts texts;
  ts::diff_prices(a, b, at, [&](const ts::PriceDifference& difference) { texts.push_back(text(difference)); });
  return texts;
}

ts::PriceRule rule(std::string_view model, std::string_view input, std::string_view provider = "acme") {
  return {.provider = provider, .model = model, .input = ts::per_million(input), .output = ts::per_million("10")};
}

ts::PriceBook book(std::initializer_list<ts::PriceRule> rules) {
  ts::PriceBook book = ts::PriceBook::empty("test", "");
  for (const ts::PriceRule& one : rules) REQUIRE_FALSE(book.add(one));
  return book;
}

}  // namespace

TEST_CASE("a book does not differ from itself, nor from one that says the same in other words", "[diff]") {
  CHECK(differences({}, {}, ts::utc_day(2026, 9, 23)).empty());
  ts::PriceRule halved = rule("m", "2");
  halved.output = ts::Rate{*ts::Money::parse("0.02"), 1'000};
  halved.multiplier = {1, 2};
  CHECK(differences(book({rule("m", "1")}), book({halved})).empty());
}

TEST_CASE("a model that one book lacks is told once", "[diff]") {
  CHECK(differences(book({rule("m", "1"), rule("n", "1"), rule("m", "2")}), book({rule("m", "2"), rule("k", "3")})) ==
        Texts{"acme n: only in a", "acme k: only in b"});
}

TEST_CASE("a rate that differs is told with both, one that only one book has as well", "[diff]") {
  ts::PriceRule cached = rule("m", "1.5");
  cached.cache_read = ts::per_million("0.1");
  CHECK(differences(book({rule("m", "1")}), book({cached})) ==
        Texts{"acme m input: 1/1000000 1.5/1000000", "acme m cache_read: - 0.1/1000000"});
}

TEST_CASE("rates beyond a threshold are told where they are others than those below", "[diff]") {
  ts::PriceRule large = rule("m", "2"), larger = rule("m", "3");
  large.input_threshold = 200'000;
  larger.input_threshold = 272'000;
  CHECK(differences(book({rule("m", "1"), large}), book({rule("m", "1"), larger})) ==
        Texts{"acme m large input: 2/1000000 3/1000000"});
  CHECK(differences(book({rule("m", "1"), large}), book({rule("m", "1")})) ==
        Texts{"acme m large input: 2/1000000 1/1000000"});
}

TEST_CASE("each tier is compared, whether it has rules or an adjustment", "[diff]") {
  ts::PriceRule flex = rule("m", "0.5");
  flex.service_tier = "flex";
  flex.output = ts::per_million("6");
  ts::PriceBook adjusted = book({rule("m", "1"), rule("n", "1")});
  REQUIRE_FALSE(adjusted.add(ts::PriceAdjustment{.service_tier = "ON_DEMAND_FLEX", .multiplier = {1, 2}}));
  CHECK(differences(book({rule("m", "1"), flex, rule("n", "1")}), adjusted) ==
        Texts{"acme m flex output: 6/1000000 5/1000000", "acme n flex: only in b"});
}

TEST_CASE("the prices in force at the time are compared", "[diff]") {
  ts::PriceRule later = rule("m", "2");
  later.from = ts::utc_day(2026, 2, 1);
  const ts::PriceBook changed = book({rule("m", "1"), later}), same = book({rule("m", "1")});
  CHECK(differences(changed, same, later.from - 1).empty());
  CHECK(differences(changed, same, later.from) == Texts{"acme m input: 2/1000000 1/1000000"});
  Texts now;
  ts::diff_prices(changed, same, [&](const ts::PriceDifference& difference) { now.push_back(text(difference)); });
  CHECK(now == Texts{"acme m input: 2/1000000 1/1000000"});
}

TEST_CASE("a name in one book is compared with the pattern for it in the other", "[diff]") {
  CHECK(differences(book({rule("m-1", "1")}), book({rule("m-#*", "1")})) == Texts{"acme m-#*: only in b"});
  CHECK(differences(book({rule("m-0", "1")}), book({rule("m-#*", "1")})).empty());
  CHECK(differences(book({rule("m-0", "1")}), book({rule("m-#*", "2")})) ==
        Texts{"acme m-0 input: 1/1000000 2/1000000", "acme m-#* input: 1/1000000 2/1000000"});
}

TEST_CASE("providers are one under each of their names", "[diff]") {
  CHECK(differences(book({rule("m", "1", "gemini")}), book({rule("M", "1", "google")})).empty());
}
