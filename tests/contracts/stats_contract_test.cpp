// SPDX-License-Identifier: MIT
// Whatever keeps the records, memory, a JSONL file or a SQLite database, answers alike.
#include <tallyscope/catalog.hpp>
#include <tallyscope/jsonl_reader.hpp>
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/sqlite_reader.hpp>
#include <tallyscope/sqlite_sink.hpp>
#include <tallyscope/stats_builder.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tee.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sinks/temporary_folder.hpp"

namespace ts = tallyscope;

namespace {

constexpr ts::Dimensions by_caller{ts::Dimension::tenant, ts::Dimension::user, ts::Dimension::turn,
                                   ts::Dimension::server};

/// The same records in all of them.
struct Everywhere {
  TemporaryFolder folder;
  ts::JsonlSink jsonl{folder.file("calls.jsonl")};
  ts::SqliteSink sqlite{folder.file("usage.db")};
  ts::MemorySink memory;
  ts::MemorySink memory_by_caller{{.by = by_caller}};
  ts::Tee<ts::JsonlSink, ts::SqliteSink, ts::MemorySink, ts::MemorySink> tee{jsonl, sqlite, memory, memory_by_caller};
  ts::Tracker<decltype(tee)> tracker{tee};

  std::vector<ts::Stats> stats(ts::Dimensions dimensions = ts::by_identity) {
    REQUIRE_FALSE(tracker.flush());
    ts::JsonlReader jsonl_reader{folder.file("calls.jsonl")};
    ts::SqliteReader sqlite_reader{folder.file("usage.db")};
    return {(dimensions == ts::by_identity ? memory : memory_by_caller).snapshot(),
            ts::stats_of(jsonl_reader, dimensions), ts::stats_of(sqlite_reader, dimensions)};
  }
};

void check_same(const ts::Stats& stats, const ts::Stats& expected) {
  CHECK(stats.total == expected.total);
  CHECK(stats.dimensions == expected.dimensions);
  CHECK(stats.row_count == expected.row_count);
  CHECK(stats.unused == expected.unused);
  REQUIRE(stats.rows.size() == expected.rows.size());
  for (std::size_t place = 0; place < stats.rows.size(); ++place) {
    CHECK(stats.rows[place].key == expected.rows[place].key);
    CHECK(stats.rows[place].totals == expected.rows[place].totals);
  }
}

/// 200 calls of every kind, some of which report more later.
void run_calls(Everywhere& everywhere, std::uint32_t seed) {
  std::mt19937 random{seed};
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  static constexpr const char* models[] = {"gpt-4.1", "claude-sonnet-4-20250514", "house-7b", ""};
  static const ts::Operation operations[] = {ts::Operation::chat, ts::Operation::execute_tool,
                                             ts::Operation::get_prompt};
  std::vector<ts::RecordId> stopped;
  for (int call = 0; call < 200; ++call) {
    ts::TurnScope turn{everywhere.tracker,
                       {.tenant = one_in(3) ? "" : "acme",
                        .user = ts::RawUser{one_in(2) ? "ann" : "bob"},
                        .turn = one_in(9) ? "t" : ""}};
    const ts::Operation& operation = operations[random() % 3];
    ts::TrackScope scope{turn,
                         {.operation = operation,
                          .model = operation.is_model_call() ? models[random() % 4] : "",
                          .name = "name " + std::to_string(random() % 6),
                          .server = one_in(4) ? "https://jira.example" : ""}};
    if (one_in(2))
      scope.report({.input_tokens = random() % 9'000, .output_tokens = random() % 900, .cache_read = random() % 10});
    else if (one_in(3))
      scope.report({.input_tokens = random() % 9'000});
    if (one_in(3)) scope.input_text("what goes in");
    if (one_in(3)) scope.output_chunk(std::string(random() % 500, 'x'));
    if (one_in(4)) scope.outcome(static_cast<ts::Outcome>(random() % ts::outcome_count), "503");
    if (one_in(5)) turn.outcome(ts::Outcome::cancelled);
    if (one_in(3)) stopped.push_back(scope.stop());
  }
  for (const ts::RecordId id : stopped)
    for (auto reports = random() % 3; reports > 0; --reports)
      REQUIRE_FALSE(everywhere.tracker.report_late(
          id, {.input_tokens = random() % 100, .output_tokens = one_in(2) ? ts::Count{} : ts::Count{random() % 50}}));
}

}  // namespace

TEST_CASE("memory, a JSONL file and a SQLite database give the same stats of the same records", "[stats_contract]") {
  for (std::uint32_t seed = 0; seed < 5; ++seed) {
    Everywhere everywhere;
    run_calls(everywhere, seed);
    for (const ts::Dimensions dimensions : {ts::by_identity, by_caller}) {
      const auto all = everywhere.stats(dimensions);
      CHECK(all[0].total.calls() == 200);
      CHECK(all[0].total.turns() == 200);
      for (const ts::Stats& stats : all) check_same(stats, all[0]);
    }
  }
}

TEST_CASE("limits, types and known tools are the same wherever the records are", "[stats_contract]") {
  Everywhere everywhere;
  run_calls(everywhere, 77);
  ts::Catalog catalog;
  for (const char* const name : {"name 1", "name 2", "never used", "not used either"}) catalog.add({.name = name});
  const auto all = everywhere.stats();
  for (const ts::Stats& stats : all) {
    check_same(stats.first(2), all[0].first(2));
    CHECK(stats.first(2).total.calls() == 200);
    check_same(stats.of_type("tool"), all[0].of_type("tool"));
    check_same(stats.by(ts::Dimension::name), all[0].by(ts::Dimension::name));
    check_same(catalog.stats(stats), catalog.stats(all[0]));
    CHECK(catalog.stats(stats).unused == 2);
  }
}

TEST_CASE("late tokens by name complete an estimate everywhere: one call, 150 tokens, an estimate of 285",
          "[stats_contract]") {
  Everywhere everywhere;
  {
    ts::TrackScope call{everywhere.tracker, {.operation = ts::Operation::execute_tool, .name = "search"}};
    call.output_text(std::string(1'000, 'x'));
  }
  REQUIRE_FALSE(everywhere.tracker.report_tokens(ts::Operation::execute_tool, "search", 50, 100));
  CHECK(everywhere.tracker.report_tokens(ts::Operation::execute_tool, "unheard of", 1, 1) == ts::Error::unknown_name);
  for (const ts::Stats& stats : everywhere.stats()) {
    CHECK(stats.total.calls() == 1);
    CHECK(stats.total.average_tokens() == 150);
    CHECK(stats.total.estimated_output() == 285);
  }
}
