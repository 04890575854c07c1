// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/track_scope.hpp>

#include "catch.hpp"

#include <atomic>
#include <cstdint>
#include <fstream>
#include <latch>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <unistd.h>

namespace ts = tallyscope;

namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(thread_sanitizer) || __has_feature(address_sanitizer);
#else
constexpr bool sanitized = false;
#endif
// A sanitizer makes a call twenty times slower: fewer of them then, so that no test takes long.

using Tracker = ts::Tracker<ts::MemorySink>;

constexpr ts::CallInfo search{.operation = ts::Operation::execute_tool, .name = "search"};

void call_tool(Tracker& tracker, std::string_view name) {
  ts::TrackScope{tracker, {.operation = ts::Operation::execute_tool, .name = name}};
}

/// Is every row as it stands between two records, when each of them reports output == 2 x input?
bool torn(const ts::Stats& stats) {
  ts::Totals sum;
  for (const ts::StatsRow& row : stats.rows) {
    const ts::Totals& totals = row.totals;
    if (totals.reported_output() != 2 * totals.reported_input()) return true;
    if (totals.calls() != totals.reported_input()) return true;
    if (totals.cost() != ts::MoneySum::from_picodollars(ts::detail::int128{totals.calls()} * 18'000'000)) return true;
    sum += totals;
  }
  return sum != stats.total;
}

void write_pair(Tracker& tracker, const ts::PreparedCall& prepared) {
  ts::TrackScope call{tracker, prepared};
  call.report({.input_tokens = 1, .output_tokens = 2});
}

std::size_t resident_pages() {
  std::ifstream file{"/proc/self/statm"};
  std::size_t size = 0, resident = 0;
  file >> size >> resident;
  return resident;
}

}  // namespace

TEST_CASE("an empty memory sink has no rows", "[memory_sink]") {
  const ts::MemorySink sink;
  CHECK(sink.snapshot().rows.empty());
  CHECK(sink.snapshot().total == ts::Totals{});
}

TEST_CASE("the totals of eight threads are exact, also after the threads are gone", "[memory_sink]") {
  constexpr std::uint64_t threads = 8, calls = sanitized ? 40'000 : 100'000;
  ts::MemorySink sink;
  Tracker tracker{sink};
  {
    std::vector<std::jthread> running;
    for (std::uint64_t thread = 0; thread < threads; ++thread)
      running.emplace_back([&tracker, thread] {
        const std::string own = "model-of-" + std::to_string(thread);
        for (std::uint64_t call = 0; call < calls; ++call) {
          ts::TrackScope scope{tracker, {.model = call % 4 == 0 ? std::string_view{own} : "gpt-4.1"}};
          scope.report({.input_tokens = 1, .output_tokens = thread});
          if (call % 10 == 0) scope.outcome(ts::Outcome::timeout);
        }
      });
  }
  const ts::Stats stats = sink.snapshot();
  REQUIRE(stats.rows.size() == threads + 1);
  CHECK(stats.total.calls() == threads * calls);
  CHECK(stats.total.reported_input() == threads * calls);
  CHECK(stats.total.reported_output() == calls * (threads * (threads - 1) / 2));
  CHECK(stats.total.outcome(ts::Outcome::timeout) == threads * calls / 10);
  CHECK(stats.total.outcome(ts::Outcome::success) == threads * calls / 10 * 9);
  CHECK(stats.total.unpriced() == threads * calls / 4);
  const ts::Totals shared = stats.totals_of(ts::Dimension::model, "gpt-4.1");
  CHECK(shared.calls() == threads * calls / 4 * 3);
  CHECK(shared.cost() == ts::MoneySum::from_picodollars(
                             calls / 4 * 3 * (threads * 2'000'000 + threads * (threads - 1) / 2 * 8'000'000)));
  for (std::uint64_t thread = 0; thread < threads; ++thread) {
    const ts::Totals own = stats.totals_of(ts::Dimension::model, "model-of-" + std::to_string(thread));
    CHECK(own.calls() == calls / 4);
    CHECK(own.reported_output() == calls / 4 * thread);
  }
  CHECK(tracker.health() == ts::Health{.recorded = threads * calls, .delivered = threads * calls});
  CHECK(sink.snapshot().rows.size() == stats.rows.size());
}

TEST_CASE("no snapshot is torn while two threads write as fast as they can", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  const auto one = tracker.prepare({.model = "gpt-4.1"}), two = tracker.prepare({.model = "gpt-4.1", .name = "two"});
  std::uint64_t written[2] = {};
  std::uint64_t snapshots = 0, wrong = 0, steps_back = 0, last = 0;
  {
    std::latch ready{3};
    std::atomic<bool> done{false};
    std::vector<std::jthread> writers;
    for (std::uint64_t& mine : written)
      writers.emplace_back([&] {
        ready.arrive_and_wait();
        for (; !done; ++mine) write_pair(tracker, mine % 8 == 0 ? two : one);
      });
    ready.arrive_and_wait();
    const int wanted = sanitized ? 300 : 3'000;
    for (; snapshots < static_cast<std::uint64_t>(wanted); ++snapshots) {
      const ts::Stats stats = sink.snapshot();
      if (torn(stats)) ++wrong;
      if (stats.total.calls() < last) ++steps_back;
      last = stats.total.calls();
    }
    done = true;
  }
  CHECK(wrong == 0);
  CHECK(steps_back == 0);
  CHECK(sink.snapshot().total.calls() == written[0] + written[1]);
}

TEST_CASE("several readers wait for each other, and each sees whole rows", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  const auto prepared = tracker.prepare({.model = "gpt-4.1"});
  std::atomic<int> wrong{0};
  {
    std::atomic<bool> done{false};
    std::jthread writer{[&] {
      while (!done) write_pair(tracker, prepared);
    }};
    {
      std::vector<std::jthread> readers;
      for (int reader = 0; reader < 3; ++reader)
        readers.emplace_back([&] {
          for (int round = 0; round < 100; ++round)
            if (torn(sink.snapshot())) ++wrong;
        });
    }
    done = true;
  }
  CHECK(wrong == 0);
}

TEST_CASE("ten thousand short threads keep their counts and no memory", "[memory_sink]") {
  constexpr int threads = sanitized ? 4'000 : 10'000, at_once = 4;
  ts::MemorySink sink;
  Tracker tracker{sink};
  std::size_t before = 0;
  for (int thread = 0; thread < threads; thread += at_once) {
    if (thread == threads / 5) before = resident_pages();
    std::vector<std::jthread> running;
    for (int each = 0; each < at_once; ++each)
      running.emplace_back([&] {
        call_tool(tracker, "search");
        call_tool(tracker, "read");
      });
  }
  CHECK(sink.snapshot().total.calls() == 2 * threads);
  CHECK(sink.snapshot().rows.size() == 2);
  CHECK(sink.snapshot().rows[0].totals.calls() == threads);
  CHECK(tracker.health().recorded == 2 * threads);
  // Cells of their own would take 8,000 threads x 2 rows x more than 512 bytes.
  const std::size_t grown = (resident_pages() - std::min(before, resident_pages())) * 4'096;
  if (!sanitized) CHECK(grown < 8'000 * 2 * 512);
}

TEST_CASE("a memory sink may go while the threads that wrote to it live on", "[memory_sink]") {
  std::uint64_t calls = 0;
  std::jthread writer{[&] {
    for (int round = 0; round < 200; ++round) {
      ts::MemorySink sink;
      Tracker tracker{sink};
      for (int call = 0; call < 10; ++call) call_tool(tracker, "search");
      calls += sink.snapshot().total.calls();
    }
  }};
  writer.join();
  CHECK(calls == 2'000);
}

TEST_CASE("keys beyond the capacity share one row, exactly", "[memory_sink]") {
  ts::MemorySink sink{{.capacity = 10}};
  Tracker tracker{sink};
  for (int round = 0; round < 3; ++round)
    for (int name = 0; name < 25; ++name) call_tool(tracker, "tool-" + std::to_string(name));
  std::jthread{[&] {
    for (int name = 0; name < 25; ++name) call_tool(tracker, "tool-" + std::to_string(name));
  }}.join();
  const ts::Stats stats = sink.snapshot();
  REQUIRE(stats.rows.size() == 11);
  CHECK(stats.rows[0].other);
  CHECK(stats.rows[0].totals.calls() == 15 * 4);
  CHECK(stats.rows[0][ts::Dimension::name].empty());
  for (std::size_t row = 1; row < 11; ++row) {
    CHECK_FALSE(stats.rows[row].other);
    CHECK(stats.rows[row].totals.calls() == 4);
  }
  CHECK(stats.total.calls() == 100);
  CHECK(stats.totals_of(ts::Dimension::name, "tool-9").calls() == 4);
  CHECK(stats.totals_of(ts::Dimension::name, "tool-10").calls() == 0);
}

TEST_CASE("two thousand keys have rows by default, as many threads as come", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int name = 0; name < 2'500; ++name) call_tool(tracker, "tool-" + std::to_string(name));
      });
  }
  const ts::Stats stats = sink.snapshot();
  CHECK(stats.rows.size() == 2'001);
  CHECK(stats.rows[0].other);
  CHECK(stats.rows[0].totals.calls() == 500 * 4);
  CHECK(stats.rows[1].totals.calls() == 4);
  CHECK(stats.total.calls() == 10'000);
}

TEST_CASE("a capacity of nothing leaves the shared row", "[memory_sink]") {
  ts::MemorySink sink{{.capacity = 0}};
  Tracker tracker{sink};
  call_tool(tracker, "search");
  REQUIRE(sink.snapshot().rows.size() == 1);
  CHECK(sink.snapshot().rows[0].other);
}

TEST_CASE("rows are told apart by what the options say", "[memory_sink]") {
  const auto rows_by = [](ts::Dimensions dimensions) {
    ts::MemorySink sink{{.by = dimensions}};
    Tracker tracker{sink};
    for (const std::string_view turn : {"t1", "t2"})
      for (const std::string_view model : {"gpt-4.1", "gpt-4.1-mini", "gpt-4.1"})
        ts::TrackScope{tracker, {.tenant = "acme", .session = "s", .turn = turn, .model = model}};
    return sink.snapshot();
  };
  const ts::Stats by_turn = rows_by(ts::Dimension::turn);
  REQUIRE(by_turn.rows.size() == 2);
  CHECK(by_turn.rows[0][ts::Dimension::turn] == "t2");  // of rows with as many calls, the latest
  CHECK(by_turn.rows[0][ts::Dimension::model].empty());
  CHECK(by_turn.rows[0].totals.calls() == 3);
  const ts::Stats by_model = rows_by(ts::Dimension::model);
  REQUIRE(by_model.rows.size() == 2);
  CHECK(by_model.rows[0][ts::Dimension::model] == "gpt-4.1");
  CHECK(by_model.rows[0].totals.calls() == 4);
  const ts::Stats by_both = rows_by({ts::Dimension::turn, ts::Dimension::model});
  REQUIRE(by_both.rows.size() == 4);
  CHECK(by_both.rows[0].totals.calls() == 2);
  CHECK(by_both.by(ts::Dimension::model).rows[0].totals.calls() == 4);
  REQUIRE(rows_by(ts::Dimension::session).rows.size() == 1);
  CHECK(rows_by(ts::Dimensions{}).rows.size() == 1);
}

TEST_CASE("texts that only together are the same are two rows", "[memory_sink]") {
  ts::MemorySink sink{{.by = {ts::Dimension::tenant, ts::Dimension::application}}};
  Tracker tracker{sink};
  ts::TrackScope{tracker, {.tenant = "ab", .application = "c"}};
  ts::TrackScope{tracker, {.tenant = "a", .application = "bc"}};
  ts::TrackScope{tracker, {.tenant = "abc"}};
  ts::TrackScope{tracker, {.application = "abc"}};
  CHECK(sink.snapshot().rows.size() == 4);
}

TEST_CASE("prepared and unprepared calls of one identity are one row", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  const ts::CallInfo info{.provider = "openai", .model = "gpt-4.1", .name = "summary"};
  const auto prepared = tracker.prepare(info);
  ts::TrackScope{tracker, info};
  ts::TrackScope{tracker, prepared};
  CHECK_FALSE(sink.write({.call = {.model = "gpt-4.1", .name = "summary"}}));  // nobody computed the hash
  REQUIRE(sink.snapshot().rows.size() == 1);
  CHECK(sink.snapshot().rows[0].totals.calls() == 3);
}

TEST_CASE("an operation by its constant and by its text is one row", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  ts::TrackScope{tracker, search};
  ts::TrackScope{tracker, {.operation = ts::Operation{std::string_view{"execute_tool"}}, .name = "search"}};
  CHECK_FALSE(sink.write({.call = {.operation = ts::Operation{"execute_tool"}, .name = "search"}}));
  CHECK(sink.snapshot().rows.size() == 1);
}

TEST_CASE("a tool and a prompt of one name are two rows, and so are two models", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  ts::TrackScope{tracker, {.operation = ts::Operation::execute_tool, .name = "report"}};
  ts::TrackScope{tracker, {.operation = ts::Operation::get_prompt, .name = "report"}};
  ts::TrackScope{tracker, {.model = "gpt-4.1", .name = "report"}};
  ts::TrackScope{tracker, {.model = "gpt-4.1-mini", .name = "report"}};
  CHECK(sink.snapshot().rows.size() == 4);
  CHECK(sink.snapshot().totals_of(ts::Dimension::name, "report").calls() == 4);
}

TEST_CASE("reset leaves earlier snapshots as they are and counts from zero", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  for (int call = 0; call < 5; ++call) call_tool(tracker, "search");
  call_tool(tracker, "read");
  const ts::Stats before = sink.snapshot();
  sink.reset();
  CHECK(sink.snapshot().rows.empty());
  CHECK(sink.snapshot().total == ts::Totals{});
  call_tool(tracker, "search");
  CHECK(before.total.calls() == 6);
  CHECK(before.rows.size() == 2);
  REQUIRE(sink.snapshot().rows.size() == 1);
  CHECK(sink.snapshot().total.calls() == 1);
  CHECK(sink.snapshot().rows[0].totals.duration_least() == sink.snapshot().rows[0].totals.duration_greatest());
}

TEST_CASE("a reset under threads loses nothing of what comes after it", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  const auto prepared = tracker.prepare({.model = "gpt-4.1"});
  std::uint64_t wrong = 0;
  {
    std::atomic<bool> done{false};
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 2; ++writer)
      writers.emplace_back([&] {
        while (!done) write_pair(tracker, prepared);
      });
    for (int round = 0; round < 300; ++round) {
      sink.reset();
      if (torn(sink.snapshot())) ++wrong;
    }
    done = true;
  }
  CHECK(wrong == 0);
  sink.reset();
  CHECK(sink.snapshot().total.calls() == 0);
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer)
      writers.emplace_back([&] {
        for (int call = 0; call < 1'000; ++call) write_pair(tracker, prepared);
      });
  }
  CHECK(sink.snapshot().total.calls() == 4'000);
}

TEST_CASE("a late report is no call, and has a row of its own where its call has none", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
  const ts::RecordId id = call.stop();
  CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1'000, .output_tokens = 500}));
  REQUIRE(sink.snapshot().rows.size() == 1);
  const ts::Totals totals = sink.snapshot().rows[0].totals;
  CHECK(totals.calls() == 1);
  CHECK(totals.late_reports() == 1);
  CHECK(totals.used_tokens() == 1'500);
  CHECK(totals.cost().usd(6) == "$0.006000");
  CHECK(totals.cost_state(ts::CostState::priced) == 1);
  CHECK(totals.cost_state(ts::CostState::no_usage) == 0);
  sink.reset();
  CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1}));
  REQUIRE(sink.snapshot().rows.size() == 1);
  CHECK(sink.snapshot().rows[0].totals.calls() == 0);
}

TEST_CASE("turns are in the sum of all, and in the rows that a turn's record belongs to", "[memory_sink]") {
  ts::MemorySink by_identity, by_turn{{.by = {ts::Dimension::turn}}};
  for (ts::MemorySink* sink : {&by_identity, &by_turn}) {
    Tracker tracker{*sink};
    ts::TurnScope turn{tracker, {.turn = "t"}};
    ts::TrackScope{turn, search};
  }
  CHECK(by_identity.snapshot().total.turns() == 1);
  CHECK(by_identity.snapshot().rows.size() == 1);
  REQUIRE(by_turn.snapshot().rows.size() == 1);
  CHECK(by_turn.snapshot().rows[0].totals.turns() == 1);
  CHECK(by_turn.snapshot().rows[0].totals.turns_succeeded() == 1);
}

TEST_CASE("an estimate is rounded once a call", "[memory_sink]") {
  const std::string text(800, 'x');
  ts::MemorySink sink;
  Tracker tracker{sink};
  for (int call = 0; call < 10; ++call) {
    ts::TrackScope scope{tracker, search};
    scope.output_text(text);
  }
  CHECK(sink.snapshot().total.estimated_output() == 2'280);
  sink.reset();
  {
    ts::TrackScope scope{tracker, search};
    for (int chunk = 0; chunk < 10; ++chunk) scope.output_chunk(text);
  }
  CHECK(sink.snapshot().total.estimated_output() == 2'285);
  CHECK(sink.snapshot().total.characters_out() == 8'000);
}

TEST_CASE("the average of a call that is estimated and one that is reported mixes neither", "[memory_sink]") {
  ts::MemorySink sink;
  Tracker tracker{sink};
  {
    ts::TrackScope estimated{tracker, search};
    estimated.output_text(std::string(7'000, 'x'));
  }
  {
    ts::TrackScope reported{tracker, search};
    reported.output_text(std::string(7'000, 'x'));
    reported.report({.input_tokens = 8, .output_tokens = 12});
  }
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.average_tokens() == 1'010);
  CHECK(total.estimated_output() == 4'000);
  CHECK(total.reported_output() == 12);
}

TEST_CASE("the key of a row outlives the texts it came from", "[memory_sink]") {
  ts::MemorySink sink;
  {
    Tracker tracker{sink};
    std::string name = "a name that is too long for any short string";
    call_tool(tracker, name);
    name.assign(name.size(), '#');
  }
  REQUIRE(sink.snapshot().rows.size() == 1);
  CHECK(sink.snapshot().rows[0][ts::Dimension::name] == "a name that is too long for any short string");
}
