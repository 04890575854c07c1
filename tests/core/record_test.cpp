// SPDX-License-Identifier: MIT
#include <tallyscope/record.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace ts = tallyscope;

namespace {

template <std::size_t Size>
bool distinct(const std::string_view (&names)[Size]) {
  const std::set<std::string_view> set(std::begin(names), std::end(names));
  return set.size() == Size && !set.contains("");
}

template <class Enumeration>
constexpr auto place(Enumeration value) {
  return static_cast<std::size_t>(value);
}

std::string hex(ts::RecordId id) {
  const auto text = id.hex();
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("every enumerator has its own name, and the names stand at their places", "[record]") {
  CHECK(distinct(ts::kind_names));
  CHECK(distinct(ts::outcome_names));
  CHECK(distinct(ts::source_names));
  CHECK(distinct(ts::finality_names));
  CHECK(distinct(ts::cost_state_names));
  CHECK(std::size(ts::outcome_names) == ts::outcome_count);
  CHECK(std::size(ts::cost_state_names) == ts::cost_state_count);

  CHECK(ts::kind_names[place(ts::Kind::late_usage)] == "late_usage");
  CHECK(ts::kind_names[place(ts::Kind::decision)] == "decision");
  CHECK(std::size(ts::kind_names) == place(ts::Kind::decision) + 1);
  CHECK(ts::outcome_names[place(ts::Outcome::success)] == "success");
  CHECK(ts::outcome_names[place(ts::Outcome::rate_limited)] == "rate_limited");
  CHECK(ts::outcome_names[place(ts::Outcome::policy_blocked)] == "policy_blocked");
  CHECK(ts::outcome_names[place(ts::Outcome::pending)] == "pending");
  CHECK(std::size(ts::outcome_names) == place(ts::Outcome::pending) + 1);
  CHECK(ts::source_names[place(ts::Source::reported)] == "reported");
  CHECK(ts::source_names[place(ts::Source::partial)] == "partial");
  CHECK(std::size(ts::source_names) == place(ts::Source::partial) + 1);
  CHECK(ts::finality_names[place(ts::Finality::final)] == "final");
  CHECK(std::size(ts::finality_names) == place(ts::Finality::final) + 1);
  CHECK(ts::cost_state_names[place(ts::CostState::not_applicable)] == "not_applicable");
  CHECK(ts::cost_state_names[place(ts::CostState::free)] == "free");
  CHECK(ts::cost_state_names[place(ts::CostState::unpriced)] == "unpriced");
  CHECK(ts::cost_state_names[place(ts::CostState::no_usage)] == "no_usage");
  CHECK(std::size(ts::cost_state_names) == place(ts::CostState::no_usage) + 1);
}

TEST_CASE("an id reads as its 32 lower-case hex digits", "[record]") {
  CHECK(hex({}) == "00000000000000000000000000000000");
  CHECK(hex({0x0123456789ABCDEFu, 0xFEDCBA9876543210u}) == "0123456789abcdeffedcba9876543210");
  std::mt19937_64 random{9};
  for (int round = 0; round < 20'000; ++round) {
    const ts::RecordId id{random() >> random() % 64, random() >> random() % 64};
    char expected[33];
    std::snprintf(expected, sizeof expected, "%016" PRIx64 "%016" PRIx64, id.process, id.number);
    if (hex(id) != expected) FAIL(hex(id) << " instead of " << expected);
  }
}

TEST_CASE("ids sort as their hex digits do", "[record]") {
  std::mt19937_64 random{10};
  for (int round = 0; round < 20'000; ++round) {
    const ts::RecordId a{random() % 3, random()}, b{random() % 3, random()};
    if ((a < b) != (hex(a) < hex(b)) || (a == b) != (hex(a) == hex(b))) FAIL(hex(a) << ", " << hex(b));
  }
}

TEST_CASE("an id that nobody drew is no id", "[record]") {
  CHECK_FALSE(ts::RecordId{});
  CHECK(ts::RecordId{1, 0});
}

TEST_CASE("a record of which nothing is known says so everywhere", "[record]") {
  const ts::Record record{};
  CHECK(record.kind == ts::Kind::call);
  CHECK(record.outcome == ts::Outcome::success);
  CHECK(record.finality == ts::Finality::missing);
  CHECK(record.input_source == ts::Source::none);
  CHECK(record.output_source == ts::Source::none);
  CHECK_FALSE(record.diagnostics.any());
  CHECK_FALSE(record.id);
  CHECK_FALSE(record.of);
  CHECK(record.call.operation.text().empty());
  CHECK_FALSE(record.call.operation.is_model_call());
  CHECK(record.usage == ts::Usage{});
  CHECK_FALSE(record.input_tokens().has_value());
  CHECK_FALSE(record.output_tokens().has_value());
  CHECK(record.cost.state == ts::CostState::not_applicable);
  CHECK_FALSE(record.cost.whole());
  CHECK_FALSE(record.provider_cost.has_value());
  CHECK(record.parts.empty());
  CHECK(record.labels.empty());
  CHECK(record.superseded == nullptr);
}

TEST_CASE("a report beats an estimate per direction, even when it reports zero", "[record]") {
  std::mt19937_64 random{11};
  const auto some = [&]() -> ts::Count { return random() % 2 ? ts::Count{} : ts::Count{random() % 3}; };
  for (int round = 0; round < 1'000; ++round) {
    ts::Record record{};
    record.usage.input_tokens = some(), record.usage.output_tokens = some();
    record.metered.input_tokens = some(), record.metered.output_tokens = some();
    const auto expected = [](ts::Count reported, ts::Count estimated) {
      return reported.has_value() ? reported : estimated;
    };
    CHECK(record.input_tokens() == expected(record.usage.input_tokens, record.metered.input_tokens));
    CHECK(record.output_tokens() == expected(record.usage.output_tokens, record.metered.output_tokens));
  }
  ts::Record zero{};
  zero.usage.input_tokens = 0;
  zero.metered.input_tokens = 500;
  CHECK(zero.input_tokens() == ts::Count{0});
}

TEST_CASE("a call of 2,000 estimated and one of 20 reported tokens make 1,010 a call", "[record]") {
  ts::Record estimated{}, reported{};
  estimated.metered.input_tokens = 2'000;
  reported.metered.input_tokens = 2'000;
  reported.usage.input_tokens = 20;
  ts::Count sum = estimated.input_tokens();
  sum += reported.input_tokens();
  CHECK(sum.value_or(0) / 2 == 1'010);
}

TEST_CASE("only a priced or a free cost is a whole amount", "[record]") {
  for (std::size_t state = 0; state < ts::cost_state_count; ++state) {
    ts::Cost cost{};
    cost.state = static_cast<ts::CostState>(state);
    CHECK(cost.whole() == (cost.state == ts::CostState::priced || cost.state == ts::CostState::free));
  }
}

TEST_CASE("a row shows what it borrows, in order", "[record]") {
  const ts::Label labels[] = {{"team", "search"}, {"stage", "canary"}};
  const ts::Row<ts::Label> row{labels, 2};
  CHECK(row.size() == 2);
  CHECK_FALSE(row.empty());
  CHECK(row[1].key == "stage");
  CHECK(std::equal(row.begin(), row.end(), labels,
                   [](const ts::Label& a, const ts::Label& b) { return a.key == b.key && a.value == b.value; }));
  CHECK(ts::Row<ts::Label>{}.empty());
  CHECK(ts::Row<ts::Label>{}.begin() == ts::Row<ts::Label>{}.end());
}
