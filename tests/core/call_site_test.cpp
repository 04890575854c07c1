// SPDX-License-Identifier: MIT
// The statements that a host writes, as the documents show them; they must compile as they stand, and run.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include "catch.hpp"

#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace tallyscope::anthropic {

/// Stands in for the reader of the provider's responses.
inline tallyscope::Reading usage(std::string_view body) {
  return {.counts = {.input_tokens = 1'000, .output_tokens = 500},
          .served_model = body.substr(0, body.find(' ')),
          .finality = tallyscope::Finality::final};
}

}  // namespace tallyscope::anthropic

namespace ts = tallyscope;

namespace {

struct Client {
  struct Reply {
    std::string body;
  };
  Reply send(std::string_view) const { return {"claude-sonnet-4-5 says hello"}; }
};

constexpr std::string_view id = "session-1", prompt = "Where is X defined?", result = "in x.cpp";
const std::vector<std::string> stream{"In ", "x", ".cpp"};

using Off = ts::Tracker<ts::NullSink>;

template <class Tracker>
void run_call_sites(Tracker& tracker) {
  const Client client;

  ts::TurnScope turn{tracker, {.session = id}};
  {
    ts::TrackScope call{turn, {.model = "claude-sonnet-4-5"}};
    auto reply = client.send(prompt);
    call.report([&] { return ts::anthropic::usage(reply.body); });
  }
  {
    ts::TrackScope call{tracker, {.model = "claude-sonnet-4-5"}};
    call.report({.input_tokens = 100, .output_tokens = 250});
  }
  {
    ts::TrackScope tool{turn, {.operation = ts::Operation::execute_tool, .name = "search_issues", .server = "jira"}};
    tool.output_text(result);
  }
  ts::TrackScope call{turn, {.model = "gpt-4.1"}};
  call.input_text(prompt);
  for (auto chunk : stream) call.output_chunk(chunk);
  call.outcome(ts::Outcome::rate_limited, "429");
  std::jthread{[call = std::move(call)]() mutable { call.label("handed", "over"); }};
  auto search = tracker.prepare({.operation = ts::Operation::execute_tool, .name = "search"});
  ts::TrackScope fast{turn, search};
  ts::TrackScope faster{tracker, search};
  ts::TrackScope nothing_said{tracker};
  ts::TrackScope nothing_said_in_turn{turn};
}

}  // namespace

TEST_CASE("the statements of a call site compile and record what they say", "[call_site]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  run_call_sites(tracker);
  const ts::Stats stats = sink.snapshot();
  CHECK(stats.total.calls() == 8);
  CHECK(stats.total.turns() == 1);
  CHECK(stats.total.reported_input() == 1'100);
  CHECK(stats.total.reported_output() == 750);
  CHECK(stats.total.outcome(ts::Outcome::rate_limited) == 1);
  CHECK(stats.totals_of(ts::Dimension::name, "search").calls() == 2);
  CHECK(stats.totals_of(ts::Dimension::name, "search_issues").estimated_output() == 2);
  const ts::Totals claude = stats.totals_of(ts::Dimension::model, "claude-sonnet-4-5");
  CHECK(claude.calls() == 2);
  CHECK(claude.cost().usd(6) == "$0.014550");
  const ts::Totals gpt = stats.totals_of(ts::Dimension::model, "gpt-4.1");
  CHECK(gpt.characters_in() == prompt.size());
  CHECK(gpt.characters_out() == 8);
  CHECK(gpt.first_tokens() == 1);
}

TEST_CASE("the same statements compile on a tracker that is off, and do nothing", "[call_site]") {
  Off off;
  run_call_sites(off);
  ts::NullSink sink;
  ts::Tracker tracker{sink};
  run_call_sites(tracker);
  CHECK(off.health() == ts::Health{});
}

TEST_CASE("the same statements record nothing on a tracker that is switched off", "[call_site]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  tracker.enable(false);
  run_call_sites(tracker);
  CHECK(sink.snapshot().rows.empty());
  CHECK(tracker.health() == ts::Health{});
}

static_assert(std::is_empty_v<Off>);
static_assert(std::is_empty_v<ts::TrackScope<Off>>);
static_assert(std::is_empty_v<ts::TurnScope<Off>>);
static_assert(std::is_trivially_destructible_v<ts::TrackScope<Off>>);
static_assert(std::is_trivially_destructible_v<ts::TurnScope<Off>>);
static_assert(std::is_nothrow_move_constructible_v<ts::TrackScope<ts::Tracker<ts::MemorySink>>>);
static_assert(std::is_nothrow_move_assignable_v<ts::TrackScope<ts::Tracker<ts::MemorySink>>>);
static_assert(!std::is_copy_constructible_v<ts::TrackScope<ts::Tracker<ts::MemorySink>>>);
static_assert(!std::is_copy_constructible_v<ts::TrackScope<Off>>);
static_assert(!std::is_copy_constructible_v<ts::TurnScope<Off>>);
