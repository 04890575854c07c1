// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/track_scope.hpp>
#include <tallyscope/turn_scope.hpp>

#include "catch.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ts = tallyscope;

namespace {

using Tracker = ts::Tracker<ts::RecordingSink>;
using Turn = ts::TurnScope<Tracker>;
using Scope = ts::TrackScope<Tracker>;

constexpr ts::CallInfo search{.operation = ts::Operation::execute_tool, .name = "search"};
constexpr ts::CallInfo model{.model = "gpt-4.1"};

struct Recorded {
  ts::RecordingSink sink;
  Tracker tracker{sink};

  /// The last record, which is the turn's when the turn has just ended.
  ts::StoredRecord last() const {
    const auto records = sink.records();
    REQUIRE_FALSE(records.empty());
    return records.back();
  }
};

void use_model(const Turn& turn, ts::Outcome outcome = ts::Outcome::success) {
  Scope call{turn, model};
  call.report({.input_tokens = 1'000, .output_tokens = 500});
  call.outcome(outcome);
}

}  // namespace

TEST_CASE("scopes inherit the caller of their turn", "[turn_scope]") {
  Recorded here;
  Turn turn{here.tracker,
            {.tenant = "acme", .application = "bot", .user = ts::RawUser{"u"}, .session = "s", .turn = "t"}};
  CHECK(turn.id() == "t");
  { const Scope call{turn, search}; }
  const auto stored = here.last();
  const auto record = stored.view();
  CHECK(record->caller.tenant == "acme");
  CHECK(record->caller.application == "bot");
  CHECK(record->caller.user == "u");
  CHECK(record->caller.session == "s");
  CHECK(record->caller.turn == "t");
  CHECK(record->call.name == "search");
}

TEST_CASE("a call that names its caller overrides the turn's, and only what it names", "[turn_scope]") {
  Recorded here;
  ts::Pseudonym pseudonym{.keyed_hash = {0xAB, 0xCD}, .key_id = {'k', '1'}};
  Turn turn{here.tracker, {.tenant = "acme", .application = "bot", .user = pseudonym, .session = "s", .turn = "t"}};
  const auto check = [&](std::string_view user, std::string_view key) {
    const auto stored = here.last();
    const auto record = stored.view();
    CHECK(record->caller.tenant == "other");
    CHECK(record->caller.application == "bot");
    CHECK(record->caller.user == user);
    CHECK(record->caller.user_key == key);
    CHECK(record->caller.session == "s");
    CHECK(record->caller.turn == "t");
  };
  const std::string hex = "abcd" + std::string(28, '0');
  const std::string odd = "\xC3\xA9t\xC3\xA9";  // a text that is not ASCII takes another way in
  { const Scope call{turn, {.tenant = "other"}}; }
  check(hex, "k1");
  { const Scope call{turn, {.tenant = "other", .name = odd}}; }
  check(hex, "k1");
  { const Scope call{turn, {.tenant = "other", .user = ts::RawUser{"u2"}}}; }
  check("u2", "");
  const auto tenant_only = here.tracker.prepare({.tenant = "other"});
  { const Scope call{turn, tenant_only}; }
  check(hex, "k1");
  const auto with_user = here.tracker.prepare({.tenant = "other", .user = ts::RawUser{"u3"}});
  { const Scope call{turn, with_user}; }
  check("u3", "");
  { const Scope call{turn, search}; }
  CHECK(here.last()->caller.tenant == "acme");
  CHECK(here.last()->caller.user_key == "k1");
}

TEST_CASE("the longest texts of a turn fit together", "[turn_scope]") {
  Recorded here;
  const auto longest = [](char letter) { return std::string(ts::name_limit, letter); };
  {
    Turn turn{here.tracker,
              {.tenant = longest('a'),
               .application = longest('b'),
               .user = ts::RawUser{longest('c')},
               .session = longest('d'),
               .turn = longest('e')}};
    const Scope call{turn, search};
  }
  for (const ts::StoredRecord& stored : here.sink.records()) {
    CHECK(stored->caller.tenant == longest('a'));
    CHECK(stored->caller.application == longest('b'));
    CHECK(stored->caller.user == longest('c'));
    CHECK(stored->caller.session == longest('d'));
    CHECK(stored->caller.turn == longest('e'));
    CHECK_FALSE(stored->diagnostics.any());
  }
}

TEST_CASE("texts that a turn has to cut are said to be, in its own record", "[turn_scope]") {
  Recorded here;
  { const Turn turn{here.tracker, {.session = std::string(ts::name_limit + 1, 's')}}; }
  CHECK(here.last()->diagnostics.has(ts::Diagnostic::text_cut));
  CHECK(here.last()->caller.session.size() == ts::name_limit);
}

TEST_CASE("a turn without an id gets a fresh one of 32 hex digits", "[turn_scope]") {
  Recorded here;
  std::set<std::string> ids;
  for (int turn = 0; turn < 100; ++turn) {
    const Turn fresh{here.tracker};
    const std::string_view id = fresh.id();
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string_view::npos);
    ids.emplace(id);
    { const Scope call{fresh, search}; }
    CHECK(here.last()->caller.turn == id);
  }
  CHECK(ids.size() == 100);
}

TEST_CASE("the calls of a turn are numbered from 0 in the order of their beginning", "[turn_scope]") {
  Recorded here;
  {
    const Turn turn{here.tracker};
    Scope first{turn, {.name = "0"}};
    const Scope second{turn, {.name = "1"}};
    static_cast<void>(first.stop());
    const Scope third{turn, {.name = "2"}};
  }
  const auto records = here.sink.records();
  REQUIRE(records.size() == 4);
  for (std::size_t place = 0; place < 3; ++place)
    CHECK(records[place]->sequence == ts::Count{std::stoi(std::string{records[place]->call.name})});
  CHECK(records[3]->kind == ts::Kind::turn);
  CHECK_FALSE(records[3]->sequence.has_value());
}

TEST_CASE("places in a turn are unique over threads, and its totals exact", "[turn_scope]") {
  constexpr std::uint64_t threads = 8, calls = 1'000;
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  std::uint64_t torn = 0, steps_back = 0;
  {
    ts::TurnScope turn{tracker};
    std::atomic<std::uint64_t> running{threads};
    {
      const auto work = [&] {
        for (std::uint64_t call = 0; call < calls; ++call) {
          ts::TrackScope scope{turn, model};
          scope.report({.input_tokens = 1, .output_tokens = 2});
        }
        --running;
      };
      std::vector<std::jthread> visitors;
      for (std::uint64_t thread = 1; thread < threads; ++thread) visitors.emplace_back(work);
      std::jthread reader{[&] {
        std::uint64_t last = 0;
        while (running > 0) {
          const ts::TurnTotals totals = turn.totals();
          if (totals.output_tokens != 2 * totals.input_tokens || totals.calls != totals.input_tokens) ++torn;
          if (totals.calls < last) ++steps_back;
          last = totals.calls;
        }
      }};
      work();  // the thread that opened the turn
    }
    const ts::TurnTotals totals = turn.totals();
    CHECK(totals.calls == threads * calls);
    CHECK(totals.model_calls == threads * calls);
    CHECK(totals.input_tokens == threads * calls);
    CHECK(totals.output_tokens == 2 * threads * calls);
    CHECK(totals.cost == ts::MoneySum::from_picodollars(threads * calls * (2'000'000 + 2 * 8'000'000)));
  }
  CHECK(torn == 0);
  CHECK(steps_back == 0);
  std::set<std::int64_t> places;
  for (const ts::StoredRecord& record : sink.records()) places.insert(record->sequence.value_or(-1));
  CHECK(places.size() == threads * calls + 1);
  CHECK(*places.begin() == -1);  // the turn's own record
  CHECK(*places.rbegin() == static_cast<std::int64_t>(threads * calls) - 1);
}

TEST_CASE("a turn sums its calls up by what they were", "[turn_scope]") {
  Recorded here;
  Turn turn{here.tracker};
  CHECK(turn.totals().calls == 0);
  use_model(turn);
  {
    Scope tool{turn, search};
    tool.output_text(std::string(1'000, 'x'));
    tool.outcome(ts::Outcome::error);
  }
  {
    Scope estimated{turn, model};
    estimated.input_text(std::string(1'000, 'x'));
    estimated.output_text(std::string(1'000, 'x'));
  }
  { const Scope unknown{turn, {.model = "gptx"}}; }
  { const Scope prompt{turn, {.operation = ts::Operation::get_prompt, .name = "p"}}; }
  const ts::TurnTotals totals = turn.totals();
  CHECK(totals.calls == 5);
  CHECK(totals.model_calls == 3);
  CHECK(totals.tool_calls == 1);
  CHECK(totals.failures == 1);
  CHECK(totals.input_tokens == 1'000 + 285);
  CHECK(totals.output_tokens == 500 + 285 + 285);
  CHECK(totals.cost.usd(6) == "$0.006000");
  CHECK(totals.estimated_cost == ts::MoneySum::from_picodollars(std::int64_t{285} * 10'000'000));
  CHECK(totals.without_cost == 1);
}

TEST_CASE("a call that has not ended is not in the totals", "[turn_scope]") {
  Recorded here;
  const Turn turn{here.tracker};
  Scope call{turn, search};
  CHECK(turn.totals().calls == 0);
  static_cast<void>(call.stop());
  CHECK(turn.totals().calls == 1);
}

TEST_CASE("a turn's record has its caller, its own duration and no tokens", "[turn_scope]") {
  ts::ManualClock::Time time;
  time.utc = 1'700'000'000'000'000'000;
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, ts::PriceBook{}, ts::CharRatio{}, ts::ManualClock{time}};
  {
    ts::TurnScope turn{tracker, {.tenant = "acme", .session = "s", .turn = "t"}};
    time.advance(30);
    {
      ts::TrackScope call{turn, model};
      call.report({.input_tokens = 1, .output_tokens = 1});
      time.advance(12);
    }
  }
  const auto records = sink.records();
  REQUIRE(records.size() == 2);
  const auto turn = records[1].view();
  CHECK(turn->kind == ts::Kind::turn);
  CHECK(turn->caller.tenant == "acme");
  CHECK(turn->caller.session == "s");
  CHECK(turn->caller.turn == "t");
  CHECK(turn->start_utc == 1'700'000'000'000'000'000);
  CHECK(turn->duration_ns == 42);
  CHECK(turn->outcome == ts::Outcome::success);
  CHECK(turn->cost.state == ts::CostState::not_applicable);
  CHECK_FALSE(turn->input_tokens().has_value());
  CHECK(turn->id != records[0]->id);
  CHECK(turn->call.model.empty());
}

TEST_CASE("a turn ends as was said, else by an exception, else as its last model call", "[turn_scope]") {
  Recorded here;
  const auto outcome_of = [&](auto&& during) {
    try {
      Turn turn{here.tracker};
      during(turn);
    } catch (int) {
    }
    CHECK(here.last()->kind == ts::Kind::turn);
    return here.last()->outcome;
  };
  CHECK(outcome_of([](Turn&) {}) == ts::Outcome::success);
  CHECK(outcome_of([](Turn& turn) { use_model(turn, ts::Outcome::timeout); }) == ts::Outcome::timeout);
  CHECK(outcome_of([](Turn& turn) {
          use_model(turn, ts::Outcome::timeout);
          use_model(turn);
        }) == ts::Outcome::success);
  CHECK(outcome_of([](Turn& turn) {  // a failed tool is not a failed task
          use_model(turn);
          Scope tool{turn, search};
          tool.outcome(ts::Outcome::error);
        }) == ts::Outcome::success);
  CHECK(outcome_of([](Turn& turn) {
          use_model(turn);
          throw 1;
        }) == ts::Outcome::error);
  CHECK(outcome_of([](Turn& turn) {
          use_model(turn, ts::Outcome::error);
          turn.outcome(ts::Outcome::cancelled);
          throw 1;
        }) == ts::Outcome::cancelled);
  CHECK(outcome_of([](Turn& turn) { std::jthread{[&] { use_model(turn, ts::Outcome::rate_limited); }}.join(); }) ==
        ts::Outcome::rate_limited);
}

TEST_CASE("a scope may outlive its turn", "[turn_scope]") {
  Recorded here;
  std::optional<Turn> turn{std::in_place, here.tracker, ts::TurnInfo{.tenant = "acme", .turn = "t"}};
  std::optional<Scope> call{std::in_place, *turn, search};
  turn.reset();
  CHECK(here.sink.size() == 1);
  CHECK(here.last()->kind == ts::Kind::turn);
  std::jthread{[call = std::move(*call)]() mutable { call.output_text("late"); }}.join();
  call.reset();
  REQUIRE(here.sink.size() == 2);
  CHECK(here.last()->caller.tenant == "acme");
  CHECK(here.last()->caller.turn == "t");
  CHECK(here.last()->sequence == ts::Count{0});
}

TEST_CASE("a stopped call may be reported late after its turn has gone", "[turn_scope]") {
  Recorded here;
  ts::RecordId id;
  {
    const Turn turn{here.tracker, {.turn = "t"}};
    Scope call{turn, search};
    id = call.stop();
  }
  CHECK_FALSE(here.tracker.report_late(id, {.input_tokens = 1}));
  CHECK(here.last()->caller.turn == "t");
}

TEST_CASE("a turn that moves stays one turn", "[turn_scope]") {
  Recorded here;
  {
    Turn first{here.tracker, {.turn = "t"}};
    use_model(first);
    Turn second{std::move(first)};
    CHECK(first.id().empty());
    CHECK(first.totals().calls == 0);
    { const Scope inert{first, search}; }
    first.outcome(ts::Outcome::error);
    first.end();
    CHECK(here.sink.size() == 1);
    CHECK(second.id() == "t");
    std::jthread{[turn = std::move(second)]() mutable {
      use_model(turn);
      turn.outcome(ts::Outcome::cancelled);
    }}.join();
  }
  REQUIRE(here.sink.size() == 3);
  CHECK(here.sink.records()[1]->sequence == ts::Count{1});
  CHECK(here.last()->kind == ts::Kind::turn);
  CHECK(here.last()->outcome == ts::Outcome::cancelled);
}

TEST_CASE("what was said of a turn moves with it", "[turn_scope]") {
  Recorded here;
  {
    Turn first{here.tracker};
    first.outcome(ts::Outcome::timeout);
    const Turn second{std::move(first)};
  }
  CHECK(here.last()->outcome == ts::Outcome::timeout);
}

TEST_CASE("a turn that is assigned to ends first, and one assigned to itself goes on", "[turn_scope]") {
  Recorded here;
  {
    Turn turn{here.tracker, {.turn = "one"}};
    turn.outcome(ts::Outcome::error);
    turn = Turn{here.tracker, {.turn = "two"}};
    REQUIRE(here.sink.size() == 1);
    CHECK(here.last()->caller.turn == "one");
    CHECK(here.last()->outcome == ts::Outcome::error);
    Turn& itself = turn;
    turn = std::move(itself);
    CHECK(turn.id() == "two");
    CHECK(here.sink.size() == 1);
  }
  REQUIRE(here.sink.size() == 2);
  CHECK(here.last()->caller.turn == "two");
  CHECK(here.last()->outcome == ts::Outcome::success);
}

TEST_CASE("a turn ends once", "[turn_scope]") {
  Recorded here;
  {
    Turn turn{here.tracker};
    turn.end();
    CHECK(turn.id().empty());
    turn.end();
    { const Scope inert{turn, search}; }
  }
  CHECK(here.sink.size() == 1);
}

TEST_CASE("a turn on a tracker that is off is inert, and so are its scopes", "[turn_scope]") {
  Recorded here;
  here.tracker.enable(false);
  {
    Turn turn{here.tracker, {.turn = "t"}};
    CHECK(turn.id().empty());
    Scope call{turn, search};
    CHECK_FALSE(call.active());
    CHECK(turn.totals().calls == 0);
  }
  CHECK(here.sink.size() == 0);
  {
    here.tracker.enable(true);
    Turn turn{here.tracker};
    here.tracker.enable(false);
    const Scope call{turn, search};
    CHECK_FALSE(call.active());
  }
  REQUIRE(here.sink.size() == 1);  // the turn was begun while on
  CHECK(here.last()->kind == ts::Kind::turn);
}

TEST_CASE("a turn that is off by type is an empty type", "[turn_scope]") {
  using Off = ts::Tracker<ts::NullSink>;
  STATIC_REQUIRE(std::is_empty_v<ts::TurnScope<Off>>);
  STATIC_REQUIRE(std::is_trivially_destructible_v<ts::TurnScope<Off>>);
  Off off;
  ts::TurnScope turn{off, {.session = "s"}};
  ts::TurnScope moved{std::move(turn)};
  moved.outcome(ts::Outcome::error);
  CHECK(moved.id().empty());
  CHECK(moved.totals().calls == 0);
  moved.end();
}

TEST_CASE("turns of many threads do not meet", "[turn_scope]") {
  ts::MemorySink sink{{.by = {ts::Dimension::turn}}};
  ts::Tracker tracker{sink};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&, thread] {
        for (int round = 0; round < 50; ++round) {
          const std::string id = std::to_string(thread) + "/" + std::to_string(round);
          ts::TurnScope turn{tracker, {.turn = id}};
          for (int call = 0; call <= thread; ++call) ts::TrackScope{turn, search};
        }
      });
  }
  const ts::Stats stats = sink.snapshot();
  CHECK(stats.rows.size() == 200);
  CHECK(stats.total.turns() == 200);
  CHECK(stats.total.turns_succeeded() == 200);
  for (const ts::StatsRow& row : stats.rows) {
    CHECK(row.totals.calls() == static_cast<std::uint64_t>(row[ts::Dimension::turn][0] - '0') + 1);
    CHECK(row.totals.turns() == 1);
  }
}
