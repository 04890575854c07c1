// SPDX-License-Identifier: MIT
#include <tallyscope/totals.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ts = tallyscope;

namespace {

ts::Totals totals_of_durations(const std::vector<std::int64_t>& durations) {
  ts::Totals totals;
  for (const std::int64_t duration : durations) totals.add({.duration_ns = duration});
  return totals;
}

/// Anything that a sink may be given, but for its texts.
ts::Record random_record(std::mt19937_64& random) {
  const auto count = [&]() -> ts::Count {
    return random() % 3 == 0 ? ts::Count{} : ts::Count{static_cast<std::int64_t>(random() % 1'000'000)};
  };
  const auto money = [&] { return ts::Money::from_picodollars(static_cast<std::int64_t>(random() >> 1)); };
  ts::Record record{.kind = static_cast<ts::Kind>(random() % 4), .outcome = static_cast<ts::Outcome>(random() % 7)};
  record.duration_ns = static_cast<std::int64_t>(random() % (std::uint64_t{1} << (random() % 50)));
  record.first_token_ns = count();
  for (const ts::UsageField& field : ts::usage_fields) record.usage.*field.count = count();
  record.metered = {count(), count(), count(), count(), {}, 0};
  record.cost.state = static_cast<ts::CostState>(random() % 6);
  record.cost.estimated = random() % 2 == 0;
  record.cost.amount = record.cost.known = money();
  if (random() % 4 == 0) record.provider_cost = money();
  return record;
}

}  // namespace

TEST_CASE("totals of nothing are nothing", "[totals]") {
  const ts::Totals none;
  CHECK(none.calls() == 0);
  CHECK(none.average_tokens() == 0);
  CHECK(none.average_duration() == 0);
  CHECK(none.average_first_token() == 0);
  CHECK(none.duration_least() == 0);
  CHECK(none.duration_greatest() == 0);
  CHECK(none.duration_quantile(0.5) == 0);
  CHECK(none.cost() == ts::MoneySum{});
  CHECK(none == ts::Totals{});
}

TEST_CASE("a call enters the totals with all that it has", "[totals]") {
  ts::Totals totals;
  totals.add(
      {.outcome = ts::Outcome::timeout,
       .duration_ns = 700,
       .first_token_ns = 300,
       .usage = {.input_tokens = 10,
                 .output_tokens = 20,
                 .cache_read = 1,
                 .cache_write = 2,
                 .cache_write_5m = 3,
                 .cache_write_1h = 4,
                 .input_audio = 5,
                 .reasoning = 6,
                 .output_audio = 7,
                 .web_searches = 8,
                 .requests = 9,
                 .tool_calls = 11,
                 .cache_read_audio = 12,
                 .cache_read_image = 13,
                 .input_image = 14,
                 .input_video = 15,
                 .output_image = 16,
                 .file_searches = 17,
                 .search_units = 18,
                 .pages = 19,
                 .audio_milliseconds = 20},
       .metered = {.characters_in = 100, .characters_out = 200, .input_tokens = 28, .output_tokens = 57},
       .cost = {.state = ts::CostState::priced, .amount = *ts::Money::parse("0.5"), .known = *ts::Money::parse("0.5")},
       .provider_cost = *ts::Money::parse("0.25")});
  CHECK(totals.calls() == 1);
  CHECK(totals.outcome(ts::Outcome::timeout) == 1);
  CHECK(totals.failures() == 1);
  CHECK(totals.reported_input() == 10);
  CHECK(totals.reported_output() == 20);
  std::uint64_t expected[] = {10, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
  REQUIRE(std::size(expected) == ts::usage_field_count);
  for (std::size_t field = 0; field < ts::usage_field_count; ++field)
    CHECK(totals.reported(ts::usage_fields[field].count) == expected[field]);
  CHECK(totals.estimated_input() == 28);
  CHECK(totals.estimated_output() == 57);
  CHECK(totals.used_tokens() == 30);
  CHECK(totals.characters_in() == 100);
  CHECK(totals.characters_out() == 200);
  CHECK(totals.duration_sum() == 700);
  CHECK(totals.average_first_token() == 300);
  CHECK(totals.cost().usd() == "$0.50");
  CHECK(totals.provider_cost().usd() == "$0.25");
  CHECK(totals.cost_state(ts::CostState::priced) == 1);
}

TEST_CASE("an average does not mix what is estimated with what is reported", "[totals]") {
  ts::Totals totals;
  totals.add({.metered = {.output_tokens = 2'000}});
  totals.add({.usage = {.input_tokens = 10, .output_tokens = 10}, .metered = {.output_tokens = 900}});
  CHECK(totals.used_tokens() == 2'020);
  CHECK(totals.average_tokens() == 1'010);
  CHECK(totals.estimated_output() == 2'900);
}

TEST_CASE("money stays apart by how it is known", "[totals]") {
  ts::Totals totals;
  const auto cost = [](ts::CostState state, std::int64_t amount, bool estimated) {
    const auto money = ts::Money::from_picodollars(amount);
    return ts::Cost{.state = state, .estimated = estimated, .amount = money, .known = money};
  };
  totals.add({.cost = cost(ts::CostState::priced, 1, false)});
  totals.add({.cost = cost(ts::CostState::priced, 10, true)});
  totals.add({.cost = {.state = ts::CostState::incomplete, .known = ts::Money::from_picodollars(100)}});
  totals.add({.cost = {.state = ts::CostState::unpriced}});
  totals.add({.cost = {.state = ts::CostState::free}});
  CHECK(totals.cost().picodollars() == 1);
  CHECK(totals.estimated_cost().picodollars() == 10);
  CHECK(totals.known_cost().picodollars() == 100);
  CHECK(totals.unpriced() == 1);
  CHECK(totals.cost_state(ts::CostState::free) == 1);
}

TEST_CASE("sums of money go beyond 64 bits, up and down", "[totals]") {
  const auto most = ts::Money::from_picodollars(std::numeric_limits<std::int64_t>::max());
  ts::Totals totals;
  for (int call = 0; call < 10; ++call)
    totals.add({.cost = {.state = ts::CostState::priced, .amount = most, .known = most}});
  ts::Totals twice = totals;
  twice += totals;
  CHECK(twice.cost() == ts::MoneySum::from_picodollars(ts::detail::int128{most.picodollars()} * 20));
  const ts::Superseded old{
      .cost = ts::Cost{.state = ts::CostState::priced, .estimated = true, .amount = most, .known = most}};
  twice.add({.kind = ts::Kind::late_usage, .cost = {.state = ts::CostState::priced}, .superseded = &old});
  CHECK(twice.estimated_cost() == ts::MoneySum::from_picodollars(-ts::detail::int128{most.picodollars()}));
}

TEST_CASE("ten dimes are a dollar, and a hundred thousand small amounts are sixty", "[totals]") {
  const auto sum = [](int calls, std::string_view amount) {
    ts::Totals totals;
    const ts::Money money = *ts::Money::parse(amount);
    for (int call = 0; call < calls; ++call)
      totals.add({.cost = {.state = ts::CostState::priced, .amount = money, .known = money}});
    return totals.cost().usd();
  };
  CHECK(sum(10, "0.10") == "$1.00");
  CHECK(sum(100'000, "0.0006") == "$60.00");
  CHECK(sum(1'000, "9000000") == "$9000000000.00");
}

TEST_CASE("turns are counted as turns, not as calls", "[totals]") {
  ts::Totals totals;
  totals.add({.kind = ts::Kind::turn, .outcome = ts::Outcome::success, .duration_ns = 5});
  totals.add({.kind = ts::Kind::turn, .outcome = ts::Outcome::error});
  totals.add({.kind = ts::Kind::decision});
  CHECK(totals.calls() == 0);
  CHECK(totals.turns() == 2);
  CHECK(totals.turns_succeeded() == 1);
  CHECK(totals.duration_sum() == 0);
}

TEST_CASE("a call that is pending is no failure", "[totals]") {
  ts::Totals totals;
  for (std::size_t outcome = 0; outcome < ts::outcome_count; ++outcome)
    totals.add({.outcome = static_cast<ts::Outcome>(outcome)});
  CHECK(totals.calls() == 7);
  CHECK(totals.failures() == 5);
  CHECK(totals.outcome(ts::Outcome::pending) == 1);
}

TEST_CASE("a quantile is within its bound of the one in the sorted durations", "[totals]") {
  std::mt19937_64 random{5};
  const std::vector<double> shares{0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> durations(1 + random() % 400);
    const double scale = std::pow(10, 3.5 + static_cast<double>(random() % 80) / 10);  // 3 us to 5 minutes
    for (std::int64_t& duration : durations) {
      const double spread = std::exp(static_cast<double>(random() % 1'000) / 500 - 1);
      duration = std::max<std::int64_t>(1'024, static_cast<std::int64_t>(scale * spread));
    }
    const ts::Totals totals = totals_of_durations(durations);
    std::sort(durations.begin(), durations.end());
    CHECK(totals.duration_quantile(0) == static_cast<std::uint64_t>(durations.front()));
    CHECK(totals.duration_quantile(1) == static_cast<std::uint64_t>(durations.back()));
    double last = 0;
    for (const double share : shares) {
      const double wanted = std::ceil(share * static_cast<double>(durations.size()));
      const std::size_t place = wanted < 1 ? 0 : static_cast<std::size_t>(wanted) - 1;
      const auto exact = static_cast<double>(durations[place]),
                 told = static_cast<double>(totals.duration_quantile(share));
      if (told > exact * 1.5 || told * 1.5 < exact) FAIL_CHECK(share << ": " << told << " instead of " << exact);
      if (told < last) FAIL_CHECK("quantiles go down at " << share);
      last = told;
    }
  }
}

TEST_CASE("a quantile of one duration is that duration", "[totals]") {
  for (const std::int64_t duration : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1'000}, std::int64_t{1'500'000},
                                      std::int64_t{1} << 43, std::numeric_limits<std::int64_t>::max()})
    for (const double share : {0.0, 0.5, 0.99, 1.0})
      CHECK(totals_of_durations({duration}).duration_quantile(share) == static_cast<std::uint64_t>(duration));
}

TEST_CASE("shares that are none give the nearest quantile", "[totals]") {
  const ts::Totals totals = totals_of_durations({5'000, 7'000, 90'000});
  CHECK(totals.duration_quantile(-1) == 5'000);
  CHECK(totals.duration_quantile(2) == 90'000);
  CHECK(totals.duration_quantile(std::nan("")) <= 90'000);
}

TEST_CASE("sums do not depend on the order or on the grouping of the records", "[totals]") {
  std::mt19937_64 random{3};
  std::vector<ts::Record> records;
  for (int record = 0; record < 300; ++record) records.push_back(random_record(random));
  ts::Totals in_order;
  for (const ts::Record& record : records) in_order.add(record);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::size_t> order(records.size());
    for (std::size_t place = 0; place < order.size(); ++place) order[place] = place;
    std::shuffle(order.begin(), order.end(), random);
    std::vector<ts::Totals> groups(7);
    for (const std::size_t place : order) groups[random() % groups.size()].add(records[place]);
    std::shuffle(groups.begin(), groups.end(), random);
    ts::Totals sum;
    for (const ts::Totals& group : groups) sum += group;
    CHECK(sum == in_order);
  }
}

TEST_CASE("nothing added leaves totals as they are", "[totals]") {
  std::mt19937_64 random{4};
  ts::Totals totals;
  for (int record = 0; record < 10; ++record) totals.add(random_record(random));
  ts::Totals same = totals;
  same += ts::Totals{};
  CHECK(same == totals);
  ts::Totals other;
  other += totals;
  CHECK(other == totals);
}

TEST_CASE("a late report takes the place of the estimates of its call", "[totals]") {
  ts::Totals totals;
  totals.add({.metered = {.input_tokens = 28, .output_tokens = 285}, .cost = {.state = ts::CostState::no_usage}});
  const ts::Superseded old{
      .input_tokens = 28, .output_tokens = 285, .cost = ts::Cost{.state = ts::CostState::no_usage}};
  totals.add({.kind = ts::Kind::late_usage,
              .usage = {.input_tokens = 50, .output_tokens = 100},
              .cost = {.state = ts::CostState::free},
              .superseded = &old});
  CHECK(totals.calls() == 1);
  CHECK(totals.late_reports() == 1);
  CHECK(totals.used_input() == 50);
  CHECK(totals.used_output() == 100);
  CHECK(totals.estimated_output() == 285);
  CHECK(totals.cost_state(ts::CostState::no_usage) == 0);
  CHECK(totals.cost_state(ts::CostState::free) == 1);
}

TEST_CASE("a late report about a call that is not in the sums leaves none below zero", "[totals]") {
  ts::Totals totals;
  const ts::Superseded old{
      .input_tokens = 28, .output_tokens = 285, .cost = ts::Cost{.state = ts::CostState::no_usage}};
  totals.add({.kind = ts::Kind::late_usage,
              .usage = {.input_tokens = 50, .output_tokens = 100},
              .cost = {.state = ts::CostState::free},
              .superseded = &old});
  CHECK(totals.used_input() == 50);
  CHECK(totals.used_output() == 100);
  CHECK(totals.cost_state(ts::CostState::no_usage) == 0);
}

TEST_CASE("averages are over all calls and over those that took time", "[totals]") {
  ts::Totals totals = totals_of_durations({10, 20, 0, 0, 30});
  CHECK(totals.timed_calls() == 3);
  CHECK(totals.average_duration() == 12);
  CHECK(totals.average_timed_duration() == 20);
  CHECK(ts::Totals{}.average_timed_duration() == 0);
}

TEST_CASE("the latest start is kept, in whatever order calls are added", "[totals]") {
  ts::Totals totals, other;
  for (const std::int64_t start : {5, 9, 7}) totals.add({.start_utc = start});
  CHECK(totals.last_start() == 9);
  other.add({.start_utc = 8});
  other += totals;
  CHECK(other.last_start() == 9);
  totals.add({.start_utc = -3});
  CHECK(totals.last_start() == 9);
}

TEST_CASE("counts beyond all measure stop at the largest number, and wipe out no others", "[totals]") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ts::Totals totals, more;
  for (const std::int64_t count : {most, most, std::int64_t{9}}) totals.add({.usage = {.input_tokens = count}});
  CHECK(totals.reported_input() == static_cast<std::uint64_t>(most));
  more.add({.usage = {.input_tokens = 5}});
  more += totals;
  CHECK(more.reported_input() == static_cast<std::uint64_t>(most));
  CHECK(more.calls() == 4);
}
