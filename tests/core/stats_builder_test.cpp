// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/stats_builder.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tee.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>

namespace ts = tallyscope;

namespace {

struct ThreeCalls {
  template <class Visit>
  void for_each(const Visit& visit) {
    const ts::Call call{.model = "m"};
    for (int record = 0; record < 3; ++record) visit(ts::Record{.call = call});
  }
};

}  // namespace

TEST_CASE("records added one by one give the sums of a MemorySink", "[stats_builder]") {
  ts::MemorySink memory;
  ts::RecordingSink recording;
  ts::Tee tee{memory, recording};
  ts::Tracker tracker{tee};
  for (int call = 0; call < 300; ++call) {
    ts::TrackScope scope{tracker, {.model = call % 3 == 0 ? "gpt-4.1" : "", .name = "n" + std::to_string(call % 7)}};
    if (call % 2 == 0) scope.report({.input_tokens = call, .output_tokens = 2 * call});
    if (call % 5 == 0) scope.outcome(ts::Outcome::timeout);
  }
  ts::StatsBuilder builder;
  for (const ts::StoredRecord& record : recording.records()) builder.add(*record.view());
  const ts::Stats expected = memory.snapshot(), stats = builder.stats();
  CHECK(stats.total == expected.total);
  REQUIRE(stats.rows.size() == expected.rows.size());
  CHECK(stats.row_count == expected.row_count);
  CHECK(stats.dimensions == expected.dimensions);
  for (std::size_t place = 0; place < stats.rows.size(); ++place) {
    CHECK(stats.rows[place].key == expected.rows[place].key);
    CHECK(stats.rows[place].totals == expected.rows[place].totals);
  }
}

TEST_CASE("texts that run together the same way are keys of their own", "[stats_builder]") {
  ts::StatsBuilder builder{{ts::Dimension::name, ts::Dimension::model}};
  const ts::Call first{.model = "2:b", .name = "a"}, second{.model = "b", .name = "a2:"},
      third{.model = "a", .name = "2:b"};
  for (const ts::Call* call : {&first, &second, &third, &first}) builder.add(ts::Record{.call = *call});
  const ts::Stats stats = builder.stats();
  REQUIRE(stats.rows.size() == 3);
  CHECK(stats.rows[0].totals.calls() == 2);
  CHECK(stats.rows[0][ts::Dimension::model] == "2:b");
}

TEST_CASE("what any reader reads is added up", "[stats_builder]") {
  ThreeCalls reader;
  CHECK(ts::stats_of(reader, ts::Dimension::model).totals_of(ts::Dimension::model, "m").calls() == 3);
}
