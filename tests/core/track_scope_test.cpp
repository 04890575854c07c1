// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/track_scope.hpp>

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ts = tallyscope;

namespace {

using Tracker = ts::Tracker<ts::RecordingSink>;
using Scope = ts::TrackScope<Tracker>;

constexpr ts::CallInfo search{.operation = ts::Operation::execute_tool, .name = "search"};

/// A tracker on a sink and a clock that only the test moves.
struct Manual {
  ts::ManualClock::Time time;
  ts::RecordingSink sink;
  ts::Tracker<ts::RecordingSink, ts::PriceBook, ts::CharRatio, ts::ManualClock> tracker{
      sink, ts::PriceBook{}, ts::CharRatio{}, ts::ManualClock{time}};
};

/// A tracker, and the one record that is expected to be there in the end.
struct Recorded {
  ts::RecordingSink sink;
  Tracker tracker{sink};

  ts::StoredRecord one() const {
    const auto records = sink.records();
    REQUIRE(records.size() == 1);
    return records[0];
  }
};

/// A coroutine that waits where it is told to, and is destroyed with its owner.
class Task {
 public:
  struct promise_type {
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };

  explicit Task(std::coroutine_handle<promise_type> handle) : handle_{handle} {}
  Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
  ~Task() {
    if (handle_) handle_.destroy();
  }
  void go_on() { handle_.resume(); }
  bool done() const { return handle_.done(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

bool is_utf8_without(std::string_view text, char unwanted) {
  ts::Diagnostics diagnostics;
  std::string copy(text.size() * 3 + 1, '\0');
  const std::size_t size = ts::detail::copy_repaired(copy.data(), text, copy.size(), diagnostics);
  return !diagnostics.any() && size == text.size() && text.find(unwanted) == std::string_view::npos;
}

bool same(const ts::Cost& a, const ts::Cost& b) {
  return a.state == b.state && a.estimated == b.estimated && a.saturated == b.saturated && a.amount == b.amount &&
         a.known == b.known && a.price_book == b.price_book;
}

}  // namespace

TEST_CASE("a scope that is left by return is a success", "[track_scope]") {
  Recorded here;
  const auto called = [&] {
    const Scope call{here.tracker, search};
    return call.active();
  };
  CHECK(called());
  const auto record = here.one();
  CHECK(record->kind == ts::Kind::call);
  CHECK(record->outcome == ts::Outcome::success);
  CHECK(record->error_type.empty());
  CHECK(record->call.name == "search");
  CHECK(record->cost.state == ts::CostState::not_applicable);
  CHECK(record->finality == ts::Finality::missing);
  CHECK_FALSE(record->sequence.has_value());
  CHECK_FALSE(record->diagnostics.any());
  CHECK(record->id);
}

TEST_CASE("a scope left by an exception records an error", "[track_scope]") {
  Recorded here;
  const auto called = [&] {
    const Scope call{here.tracker, search};
    throw std::runtime_error{"no"};
  };
  CHECK_THROWS_AS(called(), std::runtime_error);
  CHECK(here.one()->outcome == ts::Outcome::error);
}

TEST_CASE("every scope that an exception leaves records an error, the ones caught before it do not", "[track_scope]") {
  Recorded here;
  const auto called = [&] {
    const Scope outer{here.tracker, {.name = "outer"}};
    {
      const Scope caught_within{here.tracker, {.name = "caught within"}};
      try {
        throw 1;
      } catch (int) {
      }
    }
    const Scope inner{here.tracker, {.name = "inner"}};
    throw std::runtime_error{"no"};
  };
  CHECK_THROWS_AS(called(), std::runtime_error);
  const auto records = here.sink.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]->outcome == ts::Outcome::success);
  CHECK(records[1]->outcome == ts::Outcome::error);
  CHECK(records[2]->outcome == ts::Outcome::error);
}

TEST_CASE("a scope within a destructor that runs during unwinding ends for itself", "[track_scope]") {
  Recorded here;
  struct Cleaning {
    Tracker& tracker;
    ~Cleaning() {
      { const Scope normal{tracker, {.name = "normal"}}; }
      try {
        const Scope failing{tracker, {.name = "failing"}};
        throw 1;
      } catch (int) {
      }
    }
  };
  const auto called = [&] {
    const Scope outer{here.tracker, {.name = "outer"}};
    const Cleaning cleaning{here.tracker};
    throw std::runtime_error{"no"};
  };
  CHECK_THROWS_AS(called(), std::runtime_error);
  const auto records = here.sink.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]->call.name == "normal");
  CHECK(records[0]->outcome == ts::Outcome::success);
  CHECK(records[1]->call.name == "failing");
  CHECK(records[1]->outcome == ts::Outcome::error);
  CHECK(records[2]->call.name == "outer");
  CHECK(records[2]->outcome == ts::Outcome::error);
}

TEST_CASE("a scope in a catch block is a success", "[track_scope]") {
  Recorded here;
  try {
    throw 1;
  } catch (int) {
    const Scope call{here.tracker, search};
  }
  CHECK(here.one()->outcome == ts::Outcome::success);
}

TEST_CASE("what is said of the outcome beats what is inferred", "[track_scope]") {
  Recorded here;
  const auto called = [&](ts::Outcome outcome) {
    Scope call{here.tracker, search};
    call.outcome(outcome, "said");
    throw 1;
  };
  for (std::size_t outcome = 0; outcome < ts::outcome_count; ++outcome)
    CHECK_THROWS_AS(called(static_cast<ts::Outcome>(outcome)), int);
  const auto records = here.sink.records();
  for (std::size_t outcome = 0; outcome < ts::outcome_count; ++outcome) {
    CHECK(records[outcome]->outcome == static_cast<ts::Outcome>(outcome));
    CHECK(records[outcome]->error_type == "said");
  }
}

TEST_CASE("of two outcomes the last one said counts, with its own error type", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    call.outcome(ts::Outcome::rate_limited, "429");
    call.outcome(ts::Outcome::success);
  }
  CHECK(here.one()->outcome == ts::Outcome::success);
  CHECK(here.one()->error_type.empty());
}

TEST_CASE("an early refusal is one record", "[track_scope]") {
  Recorded here;
  const auto ask = [&](bool budget_left) {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    if (!budget_left) return call.outcome(ts::Outcome::policy_blocked, "budget_exceeded");
    call.report({.input_tokens = 1, .output_tokens = 1});
  };
  ask(false);
  CHECK(here.one()->outcome == ts::Outcome::policy_blocked);
  CHECK(here.one()->error_type == "budget_exceeded");
  CHECK(here.one()->cost.state == ts::CostState::no_usage);
}

TEST_CASE("a scope that moves leaves one record, and the one moved from is inert", "[track_scope]") {
  Recorded here;
  {
    Scope first{here.tracker, {.operation = "custom", .model = "m", .name = "moving"}};
    first.output_chunk("abc");
    first.label("stage", "one");
    Scope second{std::move(first)};
    CHECK_FALSE(first.active());
    CHECK(second.active());
    first.report({.input_tokens = 99});
    first.report([]() -> ts::Usage { throw std::logic_error{"run although inert"}; });
    first.input_text("ignored");
    first.input_text([]() -> std::string { throw std::logic_error{"run although inert"}; });
    first.output_text("ignored");
    first.output_text([]() -> std::string { throw std::logic_error{"run although inert"}; });
    first.output_chunk("ignored");
    first.outcome(ts::Outcome::error, "ignored");
    first.tool_calls(9);
    first.label("ignored", "ignored");
    CHECK_FALSE(first.stop());
    CHECK(here.sink.size() == 0);
    second.output_chunk("defg");
  }
  const auto record = here.one();
  CHECK(record->call.operation.text() == "custom");
  CHECK(record->call.name == "moving");
  CHECK(record->call.model == "m");
  CHECK(record->outcome == ts::Outcome::success);
  CHECK(record->metered.characters_out == ts::Count{7});
  CHECK(record->metered.output_tokens == ts::Count{2});
  CHECK_FALSE(record->usage.input_tokens.has_value());
  CHECK_FALSE(record->usage.tool_calls.has_value());
  REQUIRE(record.view()->labels.size() == 1);
}

TEST_CASE("everything that a scope holds survives its moves, on memory that is gone", "[track_scope]") {
  Recorded here;
  {
    auto first = std::make_unique<Scope>(here.tracker, ts::CallInfo{.tenant = "ten",
                                                                    .application = "app",
                                                                    .user = ts::RawUser{"usr"},
                                                                    .session = "ses",
                                                                    .turn = "trn",
                                                                    .operation = "opr",
                                                                    .provider = "prv",
                                                                    .model = "mod",
                                                                    .name = "nam",
                                                                    .server = "srv",
                                                                    .endpoint = "end",
                                                                    .region = "reg"});
    first->label("key", "value");
    first->outcome(ts::Outcome::timeout, "err");
    ts::Reading reading{.served_model = "smod", .served_tier = "stier", .served_region = "sreg", .request_id = "req"};
    reading.counts = {.input_tokens = 1, .output_tokens = 2, .reasoning = 1};
    reading.parts[0] = {"part", {.input_tokens = 1, .output_tokens = 2}};
    reading.part_count = 1;
    reading.provider_cost = ts::Money::from_picodollars(7);
    first->report(reading);
    auto second = std::make_unique<Scope>(std::move(*first));
    std::memset(static_cast<void*>(first.get()), 0, sizeof(Scope));  // inert is null in every bit that counts
    first.reset();
    Scope third{std::move(*second)};
    second.reset();
  }
  const auto stored = here.one();
  const auto record = stored.view();
  CHECK(record->caller.tenant == "ten");
  CHECK(record->caller.application == "app");
  CHECK(record->caller.user == "usr");
  CHECK(record->caller.session == "ses");
  CHECK(record->caller.turn == "trn");
  CHECK(record->call.operation.text() == "opr");
  CHECK(record->call.provider == "prv");
  CHECK(record->call.model == "mod");
  CHECK(record->call.name == "nam");
  CHECK(record->call.server == "srv");
  CHECK(record->call.endpoint == "end");
  CHECK(record->call.region == "reg");
  CHECK(record->response.model == "smod");
  CHECK(record->response.service_tier == "stier");
  CHECK(record->response.region == "sreg");
  CHECK(record->response.request_id == "req");
  CHECK(record->error_type == "err");
  REQUIRE(record->labels.size() == 1);
  CHECK(record->labels[0].key == "key");
  CHECK(record->labels[0].value == "value");
  REQUIRE(record->parts.size() == 1);
  CHECK(record->parts[0].model == "part");
  CHECK(record->provider_cost == ts::Money::from_picodollars(7));
  CHECK(record->usage.reasoning == ts::Count{1});
}

TEST_CASE("a scope that is assigned to ends the call that it held", "[track_scope]") {
  Recorded here;
  {
    Scope held{here.tracker, {.name = "held"}};
    held.input_text("metered");
    Scope other{here.tracker, {.name = "other"}};
    held = std::move(other);
    CHECK(here.one()->call.name == "held");
    CHECK(held.active());
    CHECK_FALSE(other.active());
  }
  const auto records = here.sink.records();
  REQUIRE(records.size() == 2);
  CHECK(records[1]->call.name == "other");
  CHECK_FALSE(records[1]->metered.input_tokens.has_value());
}

TEST_CASE("an inert scope that is assigned ends the call, and one assigned to takes the next", "[track_scope]") {
  Recorded here;
  Scope call{here.tracker, {.name = "first"}};
  Scope inert{std::move(call)};
  static_cast<void>(inert.stop());
  call = std::move(inert);
  CHECK_FALSE(call.active());
  CHECK(here.sink.size() == 1);
  call = Scope{here.tracker, {.name = "second"}};
  CHECK(call.active());
  CHECK(here.sink.size() == 1);
  static_cast<void>(call.stop());
  CHECK(here.sink.records()[1]->call.name == "second");
}

TEST_CASE("a scope that is moved to itself goes on", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    Scope& itself = call;
    call = std::move(itself);
    CHECK(call.active());
    CHECK(here.sink.size() == 0);
  }
  CHECK(here.one()->call.name == "search");
}

TEST_CASE("stop ends the call once, with the id of its record", "[track_scope]") {
  Manual here;
  {
    ts::TrackScope call{here.tracker, search};
    here.time.advance(7);
    const ts::RecordId id = call.stop();
    here.time.advance(100);
    CHECK(id);
    CHECK_FALSE(call.active());
    CHECK_FALSE(call.stop());
    call.outcome(ts::Outcome::error);
    REQUIRE(here.sink.size() == 1);
    CHECK(here.sink.records()[0]->id == id);
  }
  REQUIRE(here.sink.size() == 1);
  CHECK(here.sink.records()[0]->duration_ns == 7);
}

TEST_CASE("a call may end on another thread", "[track_scope]") {
  Recorded here;
  Scope call{here.tracker, {.model = "gpt-4.1", .name = "handed over"}};
  std::jthread{[call = std::move(call)]() mutable { call.report({.input_tokens = 1, .output_tokens = 2}); }}.join();
  CHECK_FALSE(call.active());
  CHECK(here.one()->call.name == "handed over");
  CHECK(here.one()->usage.output_tokens == ts::Count{2});
  CHECK(here.one()->outcome == ts::Outcome::success);
}

TEST_CASE("an exception on the thread that a call was handed to is the call's", "[track_scope]") {
  Recorded here;
  std::jthread{[call = Scope{here.tracker, search}]() mutable {
    try {
      const Scope mine{std::move(call)};
      throw 1;
    } catch (int) {
    }
  }}.join();
  CHECK(here.one()->outcome == ts::Outcome::error);
}

TEST_CASE("a coroutine destroyed while it waits records its call as it was said before", "[track_scope]") {
  Recorded here;
  const auto ask = [](Tracker& tracker, bool say) -> Task {
    Scope call{tracker, search};
    if (say) call.outcome(ts::Outcome::cancelled);
    co_await std::suspend_always{};
    call.outcome(ts::Outcome::success);
  };
  { const Task said = ask(here.tracker, true); }
  { const Task unsaid = ask(here.tracker, false); }
  const auto records = here.sink.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0]->outcome == ts::Outcome::cancelled);
  CHECK(records[1]->outcome == ts::Outcome::success);
}

TEST_CASE("a coroutine that goes on elsewhere records its call when it ends", "[track_scope]") {
  Recorded here;
  const auto ask = [](Tracker& tracker) -> Task {
    Scope call{tracker, search};
    co_await std::suspend_always{};
    call.outcome(ts::Outcome::timeout);
  };
  Task task = ask(here.tracker);
  CHECK(here.sink.size() == 0);
  std::jthread{[&] { task.go_on(); }}.join();
  CHECK(task.done());
  CHECK(here.one()->outcome == ts::Outcome::timeout);
}

TEST_CASE("callables run once when the call is recorded, and not at all when it is not", "[track_scope]") {
  Recorded here;
  int runs = 0;
  const auto use = [&](Scope& call) {
    call.report([&] { return ++runs, ts::Usage{.input_tokens = 1}; });
    call.report([&] { return ++runs, ts::Reading{}; });
    call.input_text([&] { return ++runs, std::string{"made up"}; });
    call.output_text([&] { return ++runs, std::string_view{"made up"}; });
  };
  here.tracker.enable(false);
  {
    Scope off{here.tracker, search};
    use(off);
  }
  CHECK(runs == 0);
  here.tracker.enable(true);
  {
    Scope on{here.tracker, search};
    use(on);
  }
  CHECK(runs == 4);
  CHECK(here.one()->metered.characters_in == ts::Count{7});
  CHECK(here.one()->metered.characters_out == ts::Count{7});
}

TEST_CASE("an exception from a callable is the host's own, and its call is an error", "[track_scope]") {
  Recorded here;
  const auto called = [&] {
    Scope call{here.tracker, search};
    call.report([]() -> ts::Usage { throw std::runtime_error{"no usage in this body"}; });
  };
  CHECK_THROWS_AS(called(), std::runtime_error);
  CHECK(here.one()->outcome == ts::Outcome::error);
}

TEST_CASE("a second report takes the place of the first", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    call.report({.input_tokens = 9, .output_tokens = 9, .cache_read = 3});
    call.report({.input_tokens = 1'000, .output_tokens = 500});
  }
  CHECK(here.one()->usage == ts::Usage{.input_tokens = 1'000, .output_tokens = 500});
  CHECK(here.one()->cost.amount.usd() == "$0.006000");
}

TEST_CASE("a report takes the place of a whole reading: its parts and its money go", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    ts::Reading reading{.served_model = "gpt-4.1-mini", .finality = ts::Finality::partial};
    reading.counts = {.input_tokens = 1, .output_tokens = 1};
    reading.parts[0] = {"gpt-4.1-mini", {.input_tokens = 1, .output_tokens = 1}};
    reading.part_count = 1;
    reading.provider_cost = ts::Money::from_picodollars(1);
    call.report(reading);
    call.report({.input_tokens = 1'000, .output_tokens = 500});
  }
  CHECK(here.one()->parts.empty());
  CHECK_FALSE(here.one()->provider_cost.has_value());
  CHECK(here.one()->finality == ts::Finality::final);
  CHECK(here.one()->response.model.empty());
  CHECK(here.one()->cost.amount.usd() == "$0.006000");
}

TEST_CASE("a reading that is reported again and again, as a stream goes on, uses up no room for texts",
          "[track_scope]") {
  Recorded here;
  const std::string model(100, 'm'), request(100, 'r');
  {
    Scope call{here.tracker, search};
    for (int event = 0; event < 100; ++event)
      call.report(ts::Reading{.counts = {.output_tokens = event},
                              .served_model = model,
                              .request_id = request,
                              .outcome = ts::Outcome::error,
                              .error_type = "overloaded"});
  }
  CHECK(here.one()->response.model == model);
  CHECK(here.one()->response.request_id == request);
  CHECK(here.one()->error_type == "overloaded");
  CHECK(here.one()->usage.output_tokens == ts::Count{99});
  CHECK_FALSE(here.one()->diagnostics.any());
}

TEST_CASE("an absent count is not zero", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    call.report({.output_tokens = 0});
  }
  CHECK_FALSE(here.one()->usage.input_tokens.has_value());
  CHECK(here.one()->usage.output_tokens == ts::Count{0});
  CHECK(here.one()->input_source == ts::Source::none);
  CHECK(here.one()->output_source == ts::Source::reported);
}

TEST_CASE("a count that is none is absent, and the record says so", "[track_scope]") {
  Recorded here;
  const auto call_with = [&](auto&& use) {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    use(call);
  };
  call_with([](Scope& call) { call.report({.input_tokens = -5, .output_tokens = 1}); });
  call_with([](Scope& call) { call.report({.input_tokens = 5, .output_tokens = 1, .reasoning = -1}); });
  call_with([](Scope& call) { call.report({.output_tokens = ~std::uint64_t{0}}); });
  call_with([](Scope& call) { call.tool_calls(-1); });
  call_with([](Scope& call) {
    ts::Reading reading;
    reading.parts[0] = {"gpt-4.1", {.input_tokens = -1}};
    reading.part_count = 1;
    call.report(reading);
  });
  const auto records = here.sink.records();
  REQUIRE(records.size() == 5);
  for (const auto& record : records) CHECK(record->diagnostics.has(ts::Diagnostic::count_refused));
  CHECK_FALSE(records[0]->usage.input_tokens.has_value());
  CHECK(records[1]->usage.input_tokens == ts::Count{5});
  CHECK_FALSE(records[1]->usage.reasoning.has_value());
  CHECK_FALSE(records[3]->usage.tool_calls.has_value());
}

TEST_CASE("texts are metered beside what is reported", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    call.input_text(std::string(800, 'x'));
    call.output_text("1234567");
    call.report({.output_tokens = 100});
  }
  const auto record = here.one();
  CHECK(record->metered.characters_in == ts::Count{800});
  CHECK(record->metered.characters_out == ts::Count{7});
  CHECK(record->metered.input_tokens == ts::Count{228});
  CHECK(record->metered.output_tokens == ts::Count{2});
  CHECK(record->metered.estimator == "char_ratio");
  CHECK(record->metered.relative_error > 0);
  CHECK(record->input_source == ts::Source::estimated);
  CHECK(record->output_source == ts::Source::reported);
  CHECK(record->input_tokens() == ts::Count{228});
  CHECK(record->output_tokens() == ts::Count{100});
}

TEST_CASE("an estimate makes a cost an estimated one", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    call.input_text(std::string(1'000, 'x'));
    call.report({.output_tokens = 100});
  }
  CHECK(here.one()->cost.state == ts::CostState::priced);
  CHECK(here.one()->cost.estimated);
  CHECK(here.one()->cost.amount.picodollars() == 285 * 2'000'000 + 100 * 8'000'000);
}

TEST_CASE("pieces of a text are one text, wherever they are split", "[track_scope]") {
  Recorded here;
  const std::string text = "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E";  // three characters of three bytes
  const auto call_with = [&](std::size_t piece) {
    Scope call{here.tracker, search};
    for (std::size_t place = 0; place < text.size(); place += piece) {
      call.output_chunk(std::string_view{text}.substr(place, piece));
      call.input_text(std::string_view{text}.substr(place, piece));
    }
  };
  for (std::size_t piece = 1; piece <= text.size(); ++piece) call_with(piece);
  for (const ts::StoredRecord& record : here.sink.records()) {
    CHECK(record->metered.characters_out == ts::Count{3});
    CHECK(record->metered.output_tokens == ts::Count{1});
    CHECK(record->metered.characters_in == ts::Count{3});
    CHECK(record->metered.input_tokens == ts::Count{1});
  }
}

TEST_CASE("an empty text is metered as nothing, no text is not metered", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    call.input_text("");
  }
  CHECK(here.one()->metered.input_tokens == ts::Count{0});
  CHECK(here.one()->metered.characters_in == ts::Count{0});
  CHECK_FALSE(here.one()->metered.output_tokens.has_value());
  CHECK(here.one()->output_source == ts::Source::none);
}

TEST_CASE("the time to the first token is that of the first piece with something in it", "[track_scope]") {
  Manual here;
  {
    ts::TrackScope call{here.tracker, {.model = "gpt-4.1"}};
    here.time.advance(10);
    call.output_chunk("");  // streams begin with one that only names the role
    here.time.advance(20);
    call.output_chunk("Hel");
    here.time.advance(30);
    call.output_chunk("lo");
    here.time.advance(40);
  }
  {
    ts::TrackScope call{here.tracker, {.model = "gpt-4.1"}};
    call.output_text("not a stream");
  }
  const auto records = here.sink.records();
  CHECK(records[0]->first_token_ns == ts::Count{30});
  CHECK(records[0]->duration_ns == 100);
  CHECK_FALSE(records[1]->first_token_ns.has_value());
}

TEST_CASE("the time to the first token survives a move and a clock at zero", "[track_scope]") {
  Manual here;
  {
    ts::TrackScope call{here.tracker, search};
    call.output_chunk("at once");
    here.time.advance(5);
    ts::TrackScope moved{std::move(call)};
    moved.output_chunk("later");
  }
  CHECK(here.sink.records()[0]->first_token_ns == ts::Count{0});
}

TEST_CASE("tool calls that the host counted stand where the provider says nothing of them", "[track_scope]") {
  Recorded here;
  const auto call_with = [&](const ts::Usage& usage) {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    call.report(usage);
    call.tool_calls(3);
  };
  call_with({.input_tokens = 1'000, .output_tokens = 500});
  call_with({.input_tokens = 1'000, .output_tokens = 500, .tool_calls = 2});
  const auto records = here.sink.records();
  CHECK(records[0]->usage.tool_calls == ts::Count{3});
  CHECK(records[1]->usage.tool_calls == ts::Count{2});
  CHECK(records[0]->cost.amount.usd() == "$0.006000");
  CHECK(same(records[0]->cost, records[1]->cost));
}

TEST_CASE("eight labels are kept in their order, the ninth is dropped and said to be", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    for (int label = 0; label < 9; ++label) call.label("key" + std::to_string(label), "value" + std::to_string(label));
  }
  const auto stored = here.one();
  const auto record = stored.view();
  REQUIRE(record->labels.size() == 8);
  for (std::size_t label = 0; label < 8; ++label) {
    CHECK(record->labels[label].key == "key" + std::to_string(label));
    CHECK(record->labels[label].value == "value" + std::to_string(label));
  }
  CHECK(record->diagnostics.has(ts::Diagnostic::label_dropped));
}

TEST_CASE("a label of the same key replaces the value, also when eight are there", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    for (int label = 0; label < 8; ++label) call.label("key" + std::to_string(label), "old");
    call.label("key7", "new");
  }
  CHECK(here.one().view()->labels[7].value == "new");
  CHECK_FALSE(here.one()->diagnostics.any());
}

TEST_CASE("labels are cut at their limits, between characters, and found again by the key as it was given",
          "[track_scope]") {
  Recorded here;
  const std::string key = std::string(ts::label_key_limit - 1, 'k') + "\xE6\x97\xA5";
  {
    Scope call{here.tracker, search};
    call.label(key, "first");
    call.label(key, std::string(ts::label_value_limit + 1, 'v'));
    call.label("", "without a key");
  }
  const auto stored = here.one();
  const auto record = stored.view();
  REQUIRE(record->labels.size() == 1);
  CHECK(record->labels[0].key == key.substr(0, ts::label_key_limit - 1));
  CHECK(record->labels[0].value == std::string(ts::label_value_limit, 'v'));
  CHECK(record->diagnostics.has(ts::Diagnostic::text_cut));
  CHECK(record->diagnostics.has(ts::Diagnostic::label_dropped));
}

TEST_CASE("a reading brings all that a provider says, in copies", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, {.provider = "openai", .model = "gpt-4.1"}};
    {
      std::vector<std::string> body{"gpt-4.1-2025-04-14", "flex", "eu", "req_1", "429", "gpt-4.1", "gpt-4.1-mini"};
      ts::Reading reading{.counts = {.input_tokens = 3'000, .output_tokens = 1'500, .reasoning = 7},
                          .part_count = 2,
                          .served_model = body[0],
                          .served_tier = body[1],
                          .served_region = body[2],
                          .request_id = body[3],
                          .finality = ts::Finality::partial,
                          .outcome = ts::Outcome::rate_limited,
                          .error_type = body[4],
                          .provider_cost = ts::Money::from_picodollars(99)};
      reading.parts[0] = {body[5], {.input_tokens = 1'000, .output_tokens = 500}};
      reading.parts[1] = {body[6], {.input_tokens = 2'000, .output_tokens = 1'000}};
      reading.diagnostics.set(ts::Diagnostic::total_mismatch);
      call.report(reading);
      for (std::string& text : body) text.assign(text.size(), '#');
    }
  }
  const auto stored = here.one();
  const auto record = stored.view();
  CHECK(record->usage == ts::Usage{.input_tokens = 3'000, .output_tokens = 1'500, .reasoning = 7});
  CHECK(record->response.model == "gpt-4.1-2025-04-14");
  CHECK(record->response.service_tier == "flex");
  CHECK(record->response.region == "eu");
  CHECK(record->response.request_id == "req_1");
  CHECK(record->finality == ts::Finality::partial);
  CHECK(record->input_source == ts::Source::partial);
  CHECK(record->outcome == ts::Outcome::rate_limited);
  CHECK(record->error_type == "429");
  CHECK(record->diagnostics.has(ts::Diagnostic::total_mismatch));
  CHECK(record->provider_cost == ts::Money::from_picodollars(99));
  REQUIRE(record->parts.size() == 2);
  CHECK(record->parts[0].model == "gpt-4.1");
  CHECK(record->parts[1].model == "gpt-4.1-mini");
  CHECK(record->parts[1].usage.input_tokens == ts::Count{2'000});
}

TEST_CASE("what the host says of the outcome after a reading counts", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, search};
    call.report(ts::Reading{.outcome = ts::Outcome::error, .error_type = "500"});
    call.outcome(ts::Outcome::cancelled);
  }
  CHECK(here.one()->outcome == ts::Outcome::cancelled);
  CHECK(here.one()->error_type.empty());
}

TEST_CASE("more parts than a reading holds are not read", "[track_scope]") {
  Recorded here;
  {
    Scope call{here.tracker, {.model = "gpt-4.1"}};
    call.report(ts::Reading{.part_count = 1'000});
  }
  CHECK(here.one().view()->parts.size() == ts::part_limit);
}

TEST_CASE("temporaries are safe as arguments", "[track_scope]") {
  Recorded here;
  for (const std::size_t length : {1u, 7u, 8u, 15u, 16u, 33u, 64u, 65u, 96u}) {
    INFO("texts of " << length << " bytes");
    here.sink.clear();
    std::optional<Scope> call;
    {
      const auto text = [&](char letter) { return std::string(length, letter); };
      std::vector<std::string> texts{text('a'), text('b'), text('c'), text('d'), text('e')};
      call.emplace(here.tracker, ts::CallInfo{.tenant = texts[0],
                                              .session = texts[1],
                                              .operation = ts::Operation{texts[2]},
                                              .model = texts[3],
                                              .name = texts[4]});
      for (std::string& each : texts) each.assign(length, '#');
    }
    call->label(std::string(length, 'k'), std::string(length, 'v'));
    call->outcome(ts::Outcome::error, std::string(length, 'x'));
    call.reset();
    const auto stored = here.one();
    const auto record = stored.view();
    CHECK(record->caller.tenant == std::string(length, 'a'));
    CHECK(record->caller.session == std::string(length, 'b'));
    CHECK(record->call.operation.text() == std::string(length, 'c'));
    CHECK(record->call.model == std::string(length, 'd'));
    CHECK(record->call.name == std::string(length, 'e'));
    CHECK(record->error_type == std::string(length, 'x'));
  }
}

TEST_CASE("texts of every length come through whole", "[track_scope]") {
  Recorded here;
  std::mt19937 random{11};
  const auto text = [&](char from) {
    std::string made(random() % 66, ' ');
    for (char& letter : made) letter = static_cast<char>(from + static_cast<char>(random() % 10));
    return made;
  };
  for (int round = 0; round < 2'000; ++round) {
    here.sink.clear();
    const std::string tenant = text('A'), session = text('K'), turn = text('a'), provider = text('0'),
                      model = text('b'), name = text('c'), server = text('d'), region = text('e');
    {
      const Scope call{here.tracker,
                       {.tenant = tenant,
                        .session = session,
                        .turn = turn,
                        .provider = provider,
                        .model = model,
                        .name = name,
                        .server = server,
                        .region = region}};
    }
    const auto stored = here.one();
    const auto record = stored.view();
    const bool whole = record->caller.tenant == tenant && record->caller.session == session &&
                       record->caller.turn == turn && record->call.provider == provider &&
                       record->call.model == model && record->call.name == name && record->call.server == server &&
                       record->call.region == region && !record->diagnostics.any() &&
                       record->caller.application.empty();
    if (!whole) FAIL("round " << round);
  }
}

TEST_CASE("texts of a mebibyte, wrong UTF-8 and control characters end up short and whole", "[track_scope]") {
  Recorded here;
  const std::size_t huge = std::size_t{1} << 20;
  std::vector<std::string> hostile{std::string(huge, 'x'),
                                   std::string(huge, '\xFF'),
                                   "\xC3\x28 \xE2\x82 \xF0\x9F\x98",
                                   "\x01\x1B[31mred\x7F\n\r\t",
                                   std::string("nul\0nul", 7),
                                   std::string(ts::name_limit - 1, 'y') + "\xE6\x97\xA5",
                                   "\xED\xA0\x80",
                                   "short \xFF"};
  for (const std::string& text : hostile) {
    here.sink.clear();
    {
      Scope call{here.tracker,
                 {.tenant = text,
                  .application = text,
                  .user = ts::RawUser{text},
                  .session = text,
                  .turn = text,
                  .operation = ts::Operation{text},
                  .provider = text,
                  .model = text,
                  .name = text,
                  .server = text,
                  .endpoint = text,
                  .region = text}};
      call.label(text, text);
      call.outcome(ts::Outcome::error, text);
      call.report(ts::Reading{.served_model = text, .served_tier = text, .served_region = text, .request_id = text});
      call.input_text(text);
    }
    const auto stored = here.one();
    const auto record = stored.view();
    for (const std::string_view kept :
         {record->caller.tenant, record->caller.application, record->caller.user, record->caller.session,
          record->caller.turn, record->call.operation.text(), record->call.provider, record->call.model,
          record->call.name, record->call.region, record->response.model, record->response.request_id}) {
      CHECK(kept.size() <= ts::name_limit);
      CHECK(is_utf8_without(kept, '\xFF'));
    }
    CHECK(record->call.server.size() <= ts::long_text_limit);
    CHECK(record->error_type.size() <= ts::long_text_limit);
    CHECK(record->metered.characters_in.has_value());
    if (text.size() > ts::name_limit) CHECK(record->diagnostics.has(ts::Diagnostic::text_cut));
    if (!is_utf8_without(text, '\xFF')) CHECK(record->diagnostics.has(ts::Diagnostic::text_repaired));
  }
}

TEST_CASE("a text that is cut or repaired falls into the row of what it became", "[track_scope]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  const std::string long_name(200, 'n');
  for (const std::string& name :
       {long_name, long_name.substr(0, 128), std::string{"a\xFF"}, std::string{"a\xEF\xBF\xBD"}})
    ts::TrackScope{tracker, {.operation = ts::Operation::execute_tool, .name = name}};
  const ts::Stats stats = sink.snapshot();
  REQUIRE(stats.rows.size() == 2);
  CHECK(stats.rows[0].totals.calls() == 2);
  CHECK(stats.rows[1].totals.calls() == 2);
}

TEST_CASE("a clock that steps back gives no negative duration, and the record says so", "[track_scope]") {
  Manual here;
  here.time.steady = 1'000;
  here.time.utc = 1'700'000'000'000'000'000;
  {
    ts::TrackScope call{here.tracker, search};
    here.time.steady = 400;
    call.output_chunk("x");
    here.time.steady = 300;
  }
  {
    ts::TrackScope call{here.tracker, search};
    call.label("the", "long way");
    here.time.steady = 200;
  }
  for (const ts::StoredRecord& record : here.sink.records()) {
    CHECK(record->duration_ns == 0);
    CHECK(record->first_token_ns.value_or(0) == 0);
    CHECK(record->diagnostics.has(ts::Diagnostic::clock_stepped_back));
  }
}

TEST_CASE("a wall clock that is set does not touch durations", "[track_scope]") {
  Manual here;
  here.time.utc = 1'700'000'000'000'000'000;
  {
    ts::TrackScope call{here.tracker, search};
    here.time.utc -= 3'600'000'000'000;
    here.time.steady += 50;
  }
  CHECK(here.sink.records()[0]->duration_ns == 50);
  CHECK_FALSE(here.sink.records()[0]->diagnostics.any());
}

TEST_CASE("the start of a call in UTC follows the wall clock within a second", "[track_scope]") {
  Manual here;
  const std::int64_t begin = 1'700'000'000'000'000'000, second = 1'000'000'000, hour = 3'600 * second;
  here.time.steady = 5'000;
  here.time.utc = begin;
  ts::TrackScope{here.tracker, search};
  here.time.advance(second / 2);
  ts::TrackScope{here.tracker, search};
  here.time.utc += hour;  // set by its owner
  here.time.advance(second);
  ts::TrackScope{here.tracker, search};
  {
    ts::TrackScope call{here.tracker, search};
    here.time.advance(10 * second);
  }
  const auto records = here.sink.records();
  REQUIRE(records.size() == 4);
  CHECK(records[0]->start_utc == begin);
  CHECK(records[1]->start_utc == begin + second / 2);
  CHECK(records[2]->start_utc == begin + hour + 3 * second / 2);
  CHECK(records[3]->start_utc == records[2]->start_utc);
  CHECK(records[3]->duration_ns == 10 * second);
}

TEST_CASE("on the clocks of the system a record lies between the moments around it", "[track_scope]") {
  Recorded here;
  const ts::SystemClock clock;
  const std::int64_t utc = clock.utc(), before = clock.steady();
  {
    const Scope call{here.tracker, search};
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  const std::int64_t took = clock.steady() - before;
  CHECK(here.one()->duration_ns >= 2'000'000);
  CHECK(here.one()->duration_ns <= took);
  CHECK(here.one()->start_utc >= utc - 1'000'000'000);
  CHECK(here.one()->start_utc <= utc + took + 1'000'000'000);
}

TEST_CASE("ids are unique over threads and calls", "[track_scope]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&] {
        for (int call = 0; call < 500; ++call) ts::TrackScope{tracker, search};
      });
  }
  std::set<std::array<char, 32>> ids;
  for (const ts::StoredRecord& record : sink.records()) ids.insert(record->id.hex());
  CHECK(ids.size() == 8 * 500);
}

TEST_CASE("a tracker takes prices, an estimator and a clock of the host's own", "[track_scope]") {
  struct APenny {
    ts::Cost price(const ts::Record&) const noexcept {
      const auto penny = *ts::Money::parse("0.01");
      return {.state = ts::CostState::priced, .amount = penny, .known = penny, .price_book = "a penny a call"};
    }
  };
  struct Words {
    std::string model;
    std::int64_t spaces = 0;
    Words for_model(std::string_view name) const { return Words{std::string{name}}; }
    void feed(std::string_view text) { spaces += std::count(text.begin(), text.end(), ' '); }
    ts::Estimate tokens() const { return {.tokens = spaces + 1, .method = model.empty() ? "words" : "model's words"}; }
  };
  struct Ticking {
    std::shared_ptr<std::int64_t> ticks = std::make_shared<std::int64_t>(0);
    std::int64_t steady() const { return ++*ticks; }
    std::int64_t utc() const { return 1'000'000 + *ticks; }
  };
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, APenny{}, Words{}, Ticking{}};
  {
    ts::TrackScope call{tracker, {.model = "m"}};
    call.output_text("three little words");
    ts::TrackScope moved{std::move(call)};
    moved.output_text(" and more");
  }
  { ts::TrackScope plain{tracker, {.model = "m"}}; }
  const auto records = sink.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0]->cost.amount.usd(2) == "$0.01");
  CHECK(records[0]->cost.price_book == "a penny a call");
  CHECK(records[0]->metered.output_tokens == ts::Count{5});
  CHECK(records[0]->metered.estimator == "model's words");
  CHECK(records[0]->duration_ns > 0);
  CHECK(records[0]->start_utc > 1'000'000 - 10);
  CHECK(records[1]->cost.amount.usd(2) == "$0.01");
}

TEST_CASE("the tokens of the issue's examples cost what they should", "[track_scope]") {
  Recorded here;
  const auto cost = [&](std::string_view model) {
    here.sink.clear();
    {
      Scope call{here.tracker, {.model = model}};
      call.report({.input_tokens = 1'000, .output_tokens = 500});
    }
    return here.one()->cost.amount.usd();
  };
  CHECK(cost("gpt-4.1") == "$0.006000");
  CHECK(cost("claude-sonnet-4-20250514") == "$0.010500");
}

TEST_CASE("a record priced again from what is stored costs the same, and so does the long way", "[track_scope]") {
  const ts::PriceBook book;
  std::vector<std::string> models{"gpt-4.1-mini-2025-04-14", "GPT-4.1", "openai/gpt-4o", "gptx", "claudia", "", "x"};
  for (const ts::PriceRule& rule : book.rates())
    if (models.empty() || models.back() != rule.model) models.emplace_back(rule.model);
  Manual here;
  here.time.utc = ts::utc_day(2025, 1, 1);
  std::mt19937_64 random{7};
  const auto count = [&]() -> ts::Count {
    switch (random() % 6) {
      case 0:
        return {};
      case 1:
        return 0;
      case 2:
        return static_cast<std::int64_t>(random() % 10);
      case 3:
        return static_cast<std::int64_t>(random() % 300'000);
      case 4:
        return static_cast<std::int64_t>(random() % 5'000'000);
      default:
        return random() % 50 == 0 ? static_cast<std::int64_t>(random() >> 1) : std::int64_t{1'000};
    }
  };
  const auto choose = [&](std::initializer_list<std::string_view> texts) {
    return texts.begin()[random() % texts.size()];
  };
  int different = 0, differing_ways = 0;
  for (int round = 0; round < 5'000; ++round) {
    here.sink.clear();
    here.time.advance(static_cast<std::int64_t>(random() % 7'200'000'000'000));
    const std::string& model = models[random() % models.size()];
    const ts::CallInfo info{.operation = random() % 8 == 0   ? ts::Operation::embeddings
                                         : random() % 8 == 1 ? ts::Operation::execute_tool
                                                             : ts::Operation::chat,
                            .provider = choose({"", "", "openai", "anthropic", "ollama", "nobody"}),
                            .model = model,
                            .region = choose({"", "", "eu"})};
    ts::Usage usage{.input_tokens = count(), .output_tokens = count()};
    const bool detailed = random() % 3 == 0;
    if (detailed)
      for (const ts::UsageField& field : ts::usage_fields)
        if (random() % 4 == 0) usage.*field.count = count();
    ts::Reading reading{.counts = usage, .finality = random() % 2 == 0 ? ts::Finality::final : ts::Finality::partial};
    const bool read = random() % 4 == 0;
    if (random() % 2 == 0) reading.served_model = models[random() % models.size()];
    if (random() % 2 == 0) reading.served_tier = choose({"priority", "batch", "flex", "default"});
    for (; reading.part_count < 8 && random() % 4 == 0; ++reading.part_count)
      reading.parts[reading.part_count] = {models[random() % models.size()],
                                           {.input_tokens = count(), .output_tokens = count()}};
    const std::string text(random() % 3 == 0 ? random() % 100 : 0, 'x');
    const auto use = [&](auto& call) {
      if (read)
        call.report(reading);
      else
        call.report(usage);
      if (!text.empty()) call.output_text(text);
    };
    {
      ts::TrackScope call{here.tracker, info};
      use(call);
    }
    {
      ts::TrackScope call{here.tracker, info};
      use(call);
      call.label("the", "long way");
    }
    const auto prepared = here.tracker.prepare(info);
    {
      ts::TrackScope call{here.tracker, prepared};
      use(call);
    }
    const auto records = here.sink.records();
    for (const ts::StoredRecord& stored : records) {
      const auto record = stored.view();
      if (!same(book.price(*record), record->cost)) ++different;
      if (!same(record->cost, records[0].view()->cost)) ++differing_ways;
    }
  }
  CHECK(different == 0);
  CHECK(differing_ways == 0);
}

TEST_CASE("what the host said of the outcome beats a reading, and an exception beats a reading too", "[track_scope]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  const ts::Reading fine{.outcome = ts::Outcome::success};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.outcome(ts::Outcome::cancelled, "client_gone");
    call.report(fine);
  }
  try {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.report(fine);
    throw 1;
  } catch (int) {
  }
  const auto records = sink.records();
  CHECK(records[0]->outcome == ts::Outcome::cancelled);
  CHECK(records[0]->error_type == "client_gone");
  CHECK(records[1]->outcome == ts::Outcome::error);
}

TEST_CASE("an estimator that throws costs its estimate and nothing else", "[track_scope]") {
  struct Throwing {
    Throwing for_model(std::string_view) const { return {}; }
    void feed(std::string_view) { throw 1; }
    ts::Estimate tokens() const { throw 2; }
  };
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, ts::PriceBook{}, Throwing{}};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.input_text("hello");
  }
  const auto records = sink.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0]->metered.characters_in.value_or(0) == 5);
  CHECK_FALSE(records[0]->metered.input_tokens.has_value());
}

TEST_CASE("a label that is set again and again leaves room for the call's own texts", "[track_scope]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    for (int step = 0; step < 200; ++step) call.label("progress", std::string(30, 'x') + std::to_string(step));
    call.report(ts::Reading{.counts = {.input_tokens = 1, .output_tokens = 1}, .served_model = "gpt-4.1-2025-04-14"});
  }
  const auto records = sink.records();
  CHECK(records[0]->response.model == "gpt-4.1-2025-04-14");
  CHECK(records[0]->diagnostics.has(ts::Diagnostic::label_dropped));
}
