// SPDX-License-Identifier: MIT
#include <tallyscope/callback_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tee.hpp>
#include <tallyscope/track_scope.hpp>
#include <tallyscope/tracker.hpp>

#include "catch.hpp"

#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr ts::CallInfo search{.operation = ts::Operation::execute_tool, .name = "search"};

bool adds_up(const ts::Health& health) {
  return health.recorded == health.delivered + health.dropped_in_all() + health.pending;
}

template <class Tracker>
void call_once(Tracker& tracker, const ts::CallInfo& info = search) {
  ts::TrackScope<Tracker>{tracker, info};
}

template <class Tracker>
void use_model(Tracker& tracker, std::string_view model, ts::Count input, ts::Count output) {
  ts::TrackScope call{tracker, {.model = model}};
  call.report({.input_tokens = input, .output_tokens = output});
}

/// Does in every write what it is told.
struct SinkThat {
  std::function<std::error_code(const ts::Record&)> action;
  std::error_code write(const ts::Record& record) { return action(record); }
  std::error_code flush() { return action({}); }
};

std::string string_of(std::string_view text) { return std::string{text}; }

/// One price a token for everything, under a name of its own; the quick one tells when the short way is taken.
template <bool Quick>
struct Flat {
  std::int64_t a_token = 1;
  std::string_view name = "flat 1";
  std::function<void()>* asked = nullptr;

  ts::Cost price(const ts::Record& record) const noexcept {
    const std::int64_t tokens = record.input_tokens().value_or(0) + record.output_tokens().value_or(0);
    const auto amount = ts::Money::from_picodollars(tokens * a_token);
    return {.state = ts::CostState::priced, .amount = amount, .known = amount, .price_book = name};
  }
  std::int64_t quick_price(const ts::Call&, std::int64_t input, std::int64_t output,
                           std::int64_t) const noexcept requires Quick {
    if (asked != nullptr) (*asked)();
    return (input + output) * a_token;
  }
  std::string_view text() const noexcept requires Quick { return name; }
};
using FlatPrice = Flat<false>;
using QuickFlatPrice = Flat<true>;
static_assert(ts::QuickPricing<QuickFlatPrice> && !ts::QuickPricing<FlatPrice>);

}  // namespace

TEST_CASE("a tracker needs nothing but its sink", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  CHECK(&tracker.sink() == &sink);
  CHECK(tracker.enabled());
  CHECK(tracker.prices().name() == ts::PriceBook{}.name());
  CHECK(tracker.health() == ts::Health{});
  CHECK_FALSE(tracker.flush());
  call_once(tracker);
  CHECK(sink.size() == 1);
}

TEST_CASE("a tracker that is switched off records nothing", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  tracker.enable(false);
  call_once(tracker);
  CHECK_FALSE(tracker.enabled());
  CHECK(sink.size() == 0);
  CHECK(tracker.health().recorded == 0);
  tracker.enable(true);
  call_once(tracker);
  CHECK(sink.size() == 1);
}

TEST_CASE("a scope asks the switch once, when it is made", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  {
    ts::TrackScope begun_on{tracker, search};
    tracker.enable(false);
    ts::TrackScope begun_off{tracker, {.name = "never seen"}};
    tracker.enable(true);
    CHECK(begun_on.active());
    CHECK_FALSE(begun_off.active());
    begun_off.report({.input_tokens = 1});
    tracker.enable(false);
  }
  REQUIRE(sink.size() == 1);
  CHECK(sink.records()[0]->call.name == "search");
}

TEST_CASE("the switch may be turned while other threads make scopes", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  std::atomic<std::uint64_t> active{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 3; ++thread)
      threads.emplace_back([&] {
        for (int round = 0; round < 5'000; ++round) {
          ts::TrackScope call{tracker, search};
          if (call.active()) ++active;
        }
      });
    for (int turn = 0; turn < 2'000; ++turn) tracker.enable(turn % 2 == 0);
  }
  CHECK(sink.snapshot().total.calls() == active);
  CHECK(tracker.health().delivered == active);
}

TEST_CASE("what becomes of every record is counted, whatever the sink does", "[tracker]") {
  struct Case {
    std::string_view what;
    ts::DropReason reason;
    std::function<std::error_code(const ts::Record&)> action;
  };
  const std::vector<Case> cases{
      {"returns an error", ts::DropReason::sink_error,
       [](const auto&) { return std::make_error_code(std::errc::no_space_on_device); }},
      {"throws an exception", ts::DropReason::sink_threw,
       [](const auto&) -> std::error_code { throw std::runtime_error{"disk on fire"}; }},
      {"throws a number", ts::DropReason::sink_threw, [](const auto&) -> std::error_code { throw 42; }},
      {"is full", ts::DropReason::queue_full, [](const auto&) { return ts::make_error_code(ts::Error::full); }},
      {"has no memory", ts::DropReason::out_of_memory,
       [](const auto&) { return std::make_error_code(std::errc::not_enough_memory); }},
  };
  for (const Case& each : cases) {
    INFO("a sink that " << each.what);
    int written = 0;
    SinkThat sink{[&](const ts::Record& record) {
      return ++written % 3 == 0 ? each.action(record) : std::error_code{};  // two of three are taken
    }};
    ts::Tracker tracker{sink};
    for (int call = 0; call < 300; ++call) call_once(tracker);
    const ts::Health health = tracker.health();
    CHECK(health.recorded == 300);
    CHECK(health.delivered == 200);
    CHECK(health.dropped_for(each.reason) == 100);
    CHECK(health.dropped_in_all() == 100);
    CHECK(health.pending == 0);
    CHECK(adds_up(health));
  }
}

TEST_CASE("flush hands on what the sink says, and what it throws becomes an error", "[tracker]") {
  SinkThat failing{[](const auto&) { return std::make_error_code(std::errc::io_error); }};
  CHECK(ts::Tracker{failing}.flush() == std::errc::io_error);
  SinkThat throwing{[](const auto&) -> std::error_code { throw 42; }};
  CHECK(ts::Tracker{throwing}.flush() == ts::Error::sink_threw);
}

TEST_CASE("in a Tee the neighbours of a failing sink get everything", "[tracker]") {
  ts::RecordingSink before, after;
  int written = 0;
  SinkThat failing{[&](const auto&) -> std::error_code {
    switch (++written % 4) {
      case 0:
        return std::make_error_code(std::errc::io_error);
      case 1:
        throw std::runtime_error{"no"};
      case 2:
        throw 42;
      default:
        return ts::Error::full;
    }
  }};
  ts::Tee tee{before, failing, after};
  ts::Tracker tracker{tee};
  for (int call = 0; call < 100; ++call) call_once(tracker);
  CHECK(before.size() == 100);
  CHECK(after.size() == 100);
  const ts::Health health = tracker.health();
  CHECK(health.recorded == 100);
  CHECK(health.delivered == 0);
  CHECK(health.dropped_for(ts::DropReason::sink_error) == 25);
  CHECK(health.dropped_for(ts::DropReason::sink_threw) == 50);
  CHECK(health.dropped_for(ts::DropReason::queue_full) == 25);
  CHECK(tee.health<0>().delivered == 100);
  CHECK(adds_up(health));
}

TEST_CASE("health adds up while threads write", "[tracker]") {
  std::atomic<int> written{0};
  SinkThat sink{[&](const auto&) { return ++written % 2 == 0 ? std::error_code{} : ts::Error::full; }};
  ts::Tracker tracker{sink};
  std::uint64_t wrong = 0, last = 0, steps_back = 0;
  {
    std::vector<std::jthread> threads;
    std::atomic<int> running{4};
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int call = 0; call < 5'000; ++call) call_once(tracker);
        --running;
      });
    while (running > 0) {
      const ts::Health health = tracker.health();
      if (!adds_up(health) || health.pending > health.recorded) ++wrong;
      if (health.recorded < last) ++steps_back;
      last = health.recorded;
    }
  }
  CHECK(wrong == 0);
  CHECK(steps_back == 0);
  const ts::Health health = tracker.health();
  CHECK(health.recorded == 20'000);
  CHECK(health.delivered == 10'000);
  CHECK(health.dropped_for(ts::DropReason::queue_full) == 10'000);
  CHECK(health.pending == 0);
}

TEST_CASE("the failure handler hears the first failure, once", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  std::vector<std::string> heard;
  tracker.on_failure([&](const ts::Failure& failure) {
    heard.push_back(string_of(ts::drop_reason_names[static_cast<std::size_t>(failure.reason)]) + ": " +
                    string_of(failure.message));
  });
  call_once(tracker);
  CHECK(heard.empty());
  sink.fail_with(std::make_error_code(std::errc::no_space_on_device));
  for (int call = 0; call < 10; ++call) call_once(tracker);
  sink.throw_next(10);
  for (int call = 0; call < 10; ++call) call_once(tracker);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0] == "sink_error: " + std::make_error_code(std::errc::no_space_on_device).message());
  CHECK(tracker.health().dropped_in_all() == 20);
}

TEST_CASE("the failure handler hears what the sink threw", "[tracker]") {
  std::vector<std::string> heard;
  const auto listen = [&](const ts::Failure& failure) {
    heard.push_back(string_of(failure.message));
    if (failure.reason != ts::DropReason::sink_threw) heard.push_back("another reason");
    if (failure.error != ts::Error::sink_threw) heard.push_back("another error");
  };
  SinkThat throwing{[](const auto&) -> std::error_code { throw std::runtime_error{"disk on fire"}; }};
  ts::Tracker first{throwing};
  first.on_failure(listen);
  call_once(first);
  CHECK(heard == std::vector<std::string>{"disk on fire"});
  heard.clear();
  throwing.action = [](const auto&) -> std::error_code { throw 42; };
  ts::Tracker second{throwing};
  second.on_failure(listen);
  call_once(second);
  REQUIRE(heard.size() == 1);
  CHECK_FALSE(heard[0].empty());
}

TEST_CASE("what the failure handler throws ends there", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  int heard = 0;
  tracker.on_failure([&](const ts::Failure&) {
    ++heard;
    throw std::runtime_error{"the handler fails as well"};
  });
  sink.throw_next(1);
  CHECK_NOTHROW(call_once(tracker));
  sink.fail_with(std::make_error_code(std::errc::io_error));
  CHECK_NOTHROW(call_once(tracker));
  CHECK(heard == 1);
  CHECK(tracker.health().dropped_in_all() == 2);
}

TEST_CASE("one of many threads tells the failure handler", "[tracker]") {
  SinkThat sink{[](const auto&) { return ts::make_error_code(ts::Error::full); }};
  ts::Tracker tracker{sink};
  std::atomic<int> heard{0};
  tracker.on_failure([&](const ts::Failure&) { ++heard; });
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int call = 0; call < 100; ++call) call_once(tracker);
      });
  }
  CHECK(heard == 1);
  CHECK(tracker.health().dropped_for(ts::DropReason::queue_full) == 400);
}

TEST_CASE("new prices hold for the calls that end later", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, FlatPrice{1, "one 1"}};
  use_model(tracker, "m", 10, 5);
  {
    ts::TrackScope call{tracker, {.model = "m"}};
    call.report({.input_tokens = 10, .output_tokens = 5});
    tracker.prices(FlatPrice{3, "three 1"});
  }
  use_model(tracker, "m", 1, 1);
  const auto records = sink.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]->cost.amount.picodollars() == 15);
  CHECK(records[0]->cost.price_book == "one 1");
  CHECK(records[1]->cost.amount.picodollars() == 45);
  CHECK(records[1]->cost.price_book == "three 1");
  CHECK(records[2]->cost.amount.picodollars() == 6);
  CHECK(tracker.prices().name == "three 1");
}

TEMPLATE_TEST_CASE("a record names the book that priced it, also while the books change", "[tracker]", FlatPrice,
                   QuickFlatPrice) {
  const TestType one{1, "one"}, three{3, "three"};
  std::atomic<int> calls{0}, wrong{0};
  SinkThat sink{[&](const ts::Record& record) {
    ++calls;
    const std::int64_t tokens = record.input_tokens().value_or(0) + record.output_tokens().value_or(0);
    const std::int64_t a_token = record.cost.price_book == "one" ? 1 : 3;
    if (record.cost.amount.picodollars() != tokens * a_token) ++wrong;
    return std::error_code{};
  }};
  ts::Tracker tracker{sink, one};
  {
    std::latch both{2};
    std::jthread swapper{[&] {
      both.arrive_and_wait();
      for (int swap = 0; swap < 20'000; ++swap) tracker.prices(swap % 2 == 0 ? three : one);
    }};
    both.arrive_and_wait();
    for (int call = 0; call < 20'000; ++call) use_model(tracker, "m", 10, 5);
  }
  CHECK(calls == 20'000);
  CHECK(wrong == 0);
}

TEST_CASE("a book that is swapped while it prices a call does not lend its name to another price", "[tracker]") {
  ts::RecordingSink sink;
  std::function<void()> swap;
  ts::Tracker tracker{sink, QuickFlatPrice{1, "one", &swap}};
  swap = [&] { tracker.prices(QuickFlatPrice{3, "three"}); };
  use_model(tracker, "m", 10, 5);
  use_model(tracker, "m", 10, 5);
  const auto records = sink.records();
  CHECK(records[0]->cost.amount.picodollars() == 15);
  CHECK(records[0]->cost.price_book == "one");
  CHECK(records[1]->cost.amount.picodollars() == 45);
  CHECK(records[1]->cost.price_book == "three");
}

TEST_CASE("the short way to a price gives what the long way gives", "[tracker]") {
  int asked = 0;
  std::function<void()> count = [&] { ++asked; };
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, QuickFlatPrice{2, "quick", &count}};
  use_model(tracker, "m", 10, 5);
  CHECK(asked == 1);
  {
    ts::TrackScope call{tracker, {.model = "m"}};
    call.report({.input_tokens = 10, .output_tokens = 5});
    call.label("the", "long way");
  }
  for (const ts::StoredRecord& record : sink.records()) {
    CHECK(record->cost.state == ts::CostState::priced);
    CHECK(record->cost.amount.picodollars() == 30);
    CHECK(record->cost.known.picodollars() == 30);
    CHECK(record->cost.price_book == "quick");
    CHECK_FALSE(record->cost.estimated);
  }
}

TEST_CASE("prices of the host's own are asked about tool calls, too", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, FlatPrice{7, "a fee a token"}};
  {
    ts::TrackScope tool{tracker, search};
    tool.report({.input_tokens = 1, .output_tokens = 1});
  }
  {
    ts::TrackScope tool{tracker, search};
    tool.label("as well", "with a label");
    tool.report({.input_tokens = 1, .output_tokens = 1});
  }
  const auto records = sink.records();
  REQUIRE(records.size() == 2);
  for (const ts::StoredRecord& record : records) {
    CHECK(record->cost.state == ts::CostState::priced);
    CHECK(record->cost.amount.picodollars() == 14);
  }
}

TEST_CASE("late usage finds its call by id", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  ts::TrackScope call{tracker,
                      {.tenant = "acme",
                       .user = ts::RawUser{"u1"},
                       .session = "s",
                       .turn = "t",
                       .provider = "openai",
                       .model = "gpt-4.1",
                       .name = "summary",
                       .server = "srv"}};
  const ts::RecordId id = call.stop();
  CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1'000, .output_tokens = 500}));
  const auto records = sink.records();
  REQUIRE(records.size() == 2);
  const auto before = records[0].view(), late = records[1].view();
  CHECK(before->id == id);
  CHECK(before->cost.state == ts::CostState::no_usage);
  CHECK(late->kind == ts::Kind::late_usage);
  CHECK(late->of == id);
  CHECK(late->id != id);
  CHECK(late->start_utc == before->start_utc);
  CHECK(late->finality == ts::Finality::final);
  CHECK(late->input_source == ts::Source::reported);
  CHECK(late->output_source == ts::Source::reported);
  CHECK(late->cost.amount.usd() == "$0.006000");
  CHECK(late->caller.tenant == "acme");
  CHECK(late->caller.user == "u1");
  CHECK(late->caller.session == "s");
  CHECK(late->caller.turn == "t");
  CHECK(late->call.model == "gpt-4.1");
  CHECK(late->call.name == "summary");
  CHECK(late->call.server == "srv");
  CHECK(late->call.identity_hash == before->call.identity_hash);
}

TEST_CASE("late usage for an unknown id is an error and no record", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  CHECK(tracker.report_late({}, {.input_tokens = 1}) == ts::Error::unknown_id);
  CHECK(tracker.report_late({1, 2}, {.input_tokens = 1}) == ts::Error::unknown_id);
  ts::TrackScope call{tracker, search};
  const ts::RecordId id = call.stop();
  CHECK(tracker.report_late({id.process, id.number + 1}, {.input_tokens = 1}) == ts::Error::unknown_id);
  CHECK(sink.size() == 1);
}

TEST_CASE("the 2,001st stopped call makes the first one forgotten", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  std::vector<ts::RecordId> ids;
  for (int call = 0; call < 2'000; ++call) {
    ts::TrackScope scope{tracker, search};
    ids.push_back(scope.stop());
  }
  CHECK_FALSE(tracker.report_late(ids[0], {.input_tokens = 1}));
  ts::TrackScope one_more{tracker, search};
  ids.push_back(one_more.stop());
  CHECK(tracker.report_late(ids[0], {.input_tokens = 1}) == ts::Error::unknown_id);
  CHECK_FALSE(tracker.report_late(ids[1], {.input_tokens = 1}));
  CHECK_FALSE(tracker.report_late(ids[2'000], {.input_tokens = 1}));
  CHECK(sink.snapshot().total.reported_input() == 3);
}

TEST_CASE("late usage is priced by the model and the tier that served the call", "[tracker]") {
  auto book = ts::PriceBook::empty("test", "1");
  const ts::PriceRule usual{.model = "asked", .input = ts::per_million("10"), .output = ts::per_million("10")};
  const ts::PriceRule served{.model = "served", .input = ts::per_million("1"), .output = ts::per_million("1")};
  REQUIRE_FALSE(book.add(usual));
  REQUIRE_FALSE(book.add(served));
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, book};
  ts::TrackScope call{tracker, {.model = "asked"}};
  call.report(ts::Reading{.served_model = "served"});
  CHECK_FALSE(tracker.report_late(call.stop(), {.input_tokens = 1'000'000, .output_tokens = 0}));
  REQUIRE(sink.size() == 2);
  CHECK(sink.records()[1]->cost.amount.usd(2) == "$1.00");
  CHECK(sink.records()[1]->response.model == "served");
}

TEST_CASE("a negative late count is refused and said to be", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  call_once(tracker);
  CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", -1, 5));
  const auto records = sink.records();
  REQUIRE(records.size() == 2);
  CHECK_FALSE(records[1]->usage.input_tokens.has_value());
  CHECK(records[1]->usage.output_tokens == ts::Count{5});
  CHECK(records[1]->diagnostics.has(ts::Diagnostic::count_refused));
}

TEST_CASE("tokens by name go to the last call of the name", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  call_once(tracker);
  call_once(tracker, {.operation = ts::Operation::execute_tool, .name = "other"});
  call_once(tracker);
  call_once(tracker, {.operation = ts::Operation::get_prompt, .name = "search"});
  CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 50, 100));
  const auto records = sink.records();
  REQUIRE(records.size() == 5);
  CHECK(records[4]->kind == ts::Kind::late_usage);
  CHECK(records[4]->of == records[2]->id);
  CHECK(records[4]->call.operation == ts::Operation::execute_tool);
  CHECK(records[4]->call.name == "search");
  CHECK(records[4]->usage.input_tokens == ts::Count{50});
  CHECK(records[4]->usage.output_tokens == ts::Count{100});
}

TEST_CASE("tokens by an unknown name are an error and no record", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  CHECK(tracker.report_tokens(ts::Operation::execute_tool, "search", 1, 1) == ts::Error::unknown_name);
  call_once(tracker);
  CHECK(tracker.report_tokens(ts::Operation::execute_tool, "Search", 1, 1) == ts::Error::unknown_name);
  CHECK(tracker.report_tokens(ts::Operation::execute_tool, "", 1, 1) == ts::Error::unknown_name);
  CHECK(tracker.report_tokens(ts::Operation::get_prompt, "search", 1, 1) == ts::Error::unknown_name);
  CHECK(tracker.report_tokens(ts::Operation{"execute_tools"}, "search", 1, 1) == ts::Error::unknown_name);
  CHECK(sink.size() == 1);
  CHECK(tracker.health().recorded == 1);
}

TEST_CASE("an operation of the host's own is found again by its text", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  {
    const std::string text = "compile_shader";
    call_once(tracker, {.operation = ts::Operation{text}, .name = "blur"});
  }
  CHECK_FALSE(tracker.report_tokens(ts::Operation{"compile_shader"}, "blur", 1, 2));
  CHECK(sink.records()[1]->of == sink.records()[0]->id);
  CHECK(sink.records()[1]->call.operation.text() == "compile_shader");
}

TEST_CASE("tokens by name find the last call of any thread", "[tracker]") {
  ts::ManualClock::Time time;
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, ts::PriceBook{}, ts::CharRatio{}, ts::ManualClock{time}};
  for (int round = 0; round < 6; ++round) {
    time.advance(1'000);
    if (round % 2 == 0)
      call_once(tracker);
    else
      std::jthread{[&] { call_once(tracker); }};
    CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 1, 1));
    const auto records = sink.records();
    CHECK(records[records.size() - 1]->of == records[records.size() - 2]->id);
  }
}

TEST_CASE("a name beyond its limit is found by the same long name", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  const std::string stem(ts::name_limit - 1, 'n');
  call_once(tracker, {.operation = ts::Operation::execute_tool, .name = stem + "\xE6\x97\xA5 and more"});
  CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, stem + "\xE6\x97\xA5 and more", 1, 1));
  CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, stem, 1, 1));
  CHECK(sink.records()[0]->call.name == stem);
  CHECK(sink.records()[1]->call.name == stem);
  CHECK(tracker.report_tokens(ts::Operation::execute_tool, stem.substr(1), 1, 1) == ts::Error::unknown_name);
}

TEST_CASE("of several models under one name the last one called gets the tokens", "[tracker]") {
  ts::ManualClock::Time time;
  ts::RecordingSink sink;
  ts::Tracker tracker{sink, ts::PriceBook{}, ts::CharRatio{}, ts::ManualClock{time}};
  for (const std::string_view model : {"gpt-4.1", "gpt-4.1-mini", "gpt-4.1"}) {
    time.advance(1);
    call_once(tracker, {.model = model, .name = "summary"});
    CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", 1, 1));
    const auto records = sink.records();
    CHECK(records.back()->call.model == model);
    CHECK(records.back()->of == records[records.size() - 2]->id);
  }
}

TEST_CASE("late tokens beat the estimate of the call, which is still told", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  {
    ts::TrackScope call{tracker, search};
    call.output_text(std::string(1'000, 'x'));
  }
  CHECK(sink.snapshot().total.average_tokens() == 285);
  CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 50, 100));
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.calls() == 1);
  CHECK(total.late_reports() == 1);
  CHECK(total.average_tokens() == 150);
  CHECK(total.estimated_output() == 285);
  CHECK(total.reported_input() == 50);
  CHECK(total.reported_output() == 100);
}

TEST_CASE("a second late report adds to the first", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  ts::RecordId id;
  {
    ts::TrackScope call{tracker, search};
    call.output_text(std::string(1'000, 'x'));
    id = call.stop();
  }
  SECTION("by id") {
    CHECK_FALSE(tracker.report_late(id, {.input_tokens = 50, .output_tokens = 100}));
    CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1, .output_tokens = 2}));
  }
  SECTION("by name") {
    CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 50, 100));
    CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 1, 2));
  }
  CHECK(sink.snapshot().total.used_tokens() == 153);
  CHECK(sink.snapshot().total.calls() == 1);
}

TEST_CASE("late money takes the place of estimated money", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
  call.input_text(std::string(1'000, 'x'));
  call.output_text(std::string(1'000, 'x'));
  const ts::RecordId id = call.stop();
  const ts::Totals before = sink.snapshot().total;
  CHECK(before.estimated_cost().picodollars() == std::int64_t{285} * 10'000'000);
  CHECK(before.cost() == ts::MoneySum{});
  SECTION("by id") { CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1'000, .output_tokens = 500})); }
  SECTION("by name") { CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", 1'000, 500)); }
  const ts::Totals after = sink.snapshot().total;
  CHECK(after.cost().usd(6) == "$0.006000");
  CHECK(after.estimated_cost() == ts::MoneySum{});
  CHECK(after.cost_state(ts::CostState::priced) == 1);
  CHECK(after.used_tokens() == 1'500);
}

TEST_CASE("a late report of one direction leaves the estimate of the other", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
  call.input_text(std::string(1'000, 'x'));
  call.output_text(std::string(1'000, 'x'));
  const ts::RecordId id = call.stop();
  SECTION("by id") { CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1'000})); }
  SECTION("by name") { CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", 1'000, ts::Count{})); }
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.used_input() == 1'000);
  CHECK(total.used_output() == 285);
  CHECK(total.cost() == ts::MoneySum{});
  CHECK(total.estimated_cost().usd(6) == "$0.004280");  // 1,000 reported in, 285 estimated out
  CHECK(total.cost_state(ts::CostState::incomplete) == 0);
  CHECK(total.cost_state(ts::CostState::priced) == 1);
}

TEST_CASE("late output completes the cost of a call whose input was reported", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
  call.report({.input_tokens = 1'000});
  const ts::RecordId id = call.stop();
  CHECK(sink.snapshot().total.cost_state(ts::CostState::incomplete) == 1);
  CHECK_FALSE(tracker.report_late(id, {.output_tokens = 500}));
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.cost().usd(6) == "$0.006000");
  CHECK(total.known_cost() == ts::MoneySum{});
  CHECK(total.cost_state(ts::CostState::incomplete) == 0);
  CHECK(total.cost_state(ts::CostState::priced) == 1);
}

TEST_CASE("a replaced cost keeps no text of the record that it was of", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  ts::TrackScope call{tracker, {.tenant = "a tenant", .model = "gpt-4.1", .name = "summary"}};
  call.input_text("some text");
  call.output_text("some text");
  const ts::RecordId id = call.stop();
  REQUIRE_FALSE(tracker.report_late(id, {.input_tokens = 10}));
  REQUIRE_FALSE(tracker.report_late(id, {.output_tokens = 10}));
  for (const std::size_t late : {1u, 2u}) {
    const auto records = sink.records();
    const ts::RecordView record = records[late].view();
    REQUIRE(record->superseded != nullptr);
    CHECK(record->superseded->cost->price_book.empty());
    CHECK(record->cost.price_book == tracker.prices().text());
  }
}

TEST_CASE("late usage that crosses a tier prices the whole call by that tier", "[tracker]") {
  ts::MemorySink sink;
  ts::PriceBook book = ts::PriceBook::empty("own", "1");
  ts::PriceRule rule{.provider = "acme", .model = "m", .input = ts::per_million("1"), .output = ts::per_million("1")};
  REQUIRE_FALSE(book.add(rule));
  rule.input_threshold = 1'000;
  rule.input = ts::per_million("10");
  REQUIRE_FALSE(book.add(rule));
  ts::Tracker tracker{sink, book};
  ts::TrackScope call{tracker, {.provider = "acme", .model = "m"}};
  call.report({.input_tokens = 1'000, .output_tokens = 0});
  const ts::RecordId id = call.stop();
  CHECK(sink.snapshot().total.cost().usd(6) == "$0.001000");
  CHECK_FALSE(tracker.report_late(id, {.input_tokens = 1'000}));
  CHECK(sink.snapshot().total.cost().usd(6) == "$0.020000");
}

TEST_CASE("whatever is reported late, the sums are those of the call as it is known in the end", "[tracker]") {
  std::mt19937 random{11};
  const auto count = [&] { return random() % 2 == 0 ? ts::Count{} : ts::Count{random() % 5'000}; };
  for (int round = 0; round < 200; ++round) {
    ts::MemorySink sink;
    ts::Tracker tracker{sink};
    ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
    ts::Usage known;
    ts::Metered metered;
    if (random() % 2 == 0) call.input_text(std::string(350, 'x')), metered.input_tokens = 100;
    if (random() % 2 == 0) call.output_text(std::string(700, 'x')), metered.output_tokens = 200;
    if (random() % 2 == 0) call.report(known = {.input_tokens = count(), .output_tokens = count()});
    const bool stopped = known != ts::Usage{} || random() % 2 == 0;
    const ts::RecordId id = stopped ? call.stop() : ts::RecordId{};
    { const auto ended = std::move(call); }
    for (auto reports = random() % 4; reports > 0; --reports) {
      const ts::Usage late{.input_tokens = count(), .output_tokens = count()};
      if (stopped && random() % 2 == 0)
        REQUIRE_FALSE(tracker.report_late(id, late));
      else
        REQUIRE_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", late.input_tokens, late.output_tokens));
      known.input_tokens += late.input_tokens;
      known.output_tokens += late.output_tokens;
    }
    const ts::Call identity{.model = "gpt-4.1"};
    const auto source = [](ts::Count reported, ts::Count estimated) {
      return reported.has_value()    ? ts::Source::reported
             : estimated.has_value() ? ts::Source::estimated
                                     : ts::Source::none;
    };
    ts::Totals expected;
    ts::Record whole{.call = identity, .usage = known, .metered = metered};
    whole.input_source = source(known.input_tokens, metered.input_tokens);
    whole.output_source = source(known.output_tokens, metered.output_tokens);
    whole.cost = ts::PriceBook{}.price(whole);
    expected.add(whole);
    const ts::Totals total = sink.snapshot().total;
    const auto sums = [](const ts::Totals& totals) {
      std::vector<std::uint64_t> states;
      for (std::size_t state = 0; state < ts::cost_state_count; ++state)
        states.push_back(totals.cost_state(static_cast<ts::CostState>(state)));
      return std::tuple{totals.used_input(), totals.used_output(), totals.cost(), totals.estimated_cost(),
                        totals.known_cost(), totals.calls(),       states};
    };
    REQUIRE(sums(total) == sums(expected));
  }
}

TEST_CASE("late output of a call that was priced is added to what it cost", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
  call.report({.input_tokens = 1'000, .output_tokens = 250});
  CHECK_FALSE(tracker.report_late(call.stop(), {.output_tokens = 250}));
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.cost().usd(6) == "$0.006000");
  CHECK(total.cost_state(ts::CostState::priced) == 1);
  CHECK(total.cost_state(ts::CostState::incomplete) == 0);
}

TEST_CASE("late tokens by name are of the server that the last call of the name went to", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  const auto beta = tracker.prepare({.operation = ts::Operation::execute_tool, .name = "search", .server = "beta"});
  for (const std::string_view server : {"alpha", "beta", "alpha"})
    ts::TrackScope{tracker, {.operation = ts::Operation::execute_tool, .name = "search", .server = server}};
  REQUIRE_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 1, 2));
  { ts::TrackScope call{tracker, beta}; }
  REQUIRE_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "search", 1, 2));
  const auto records = sink.records();
  CHECK(records[3]->call.server == "alpha");
  CHECK(records[3]->of == records[2]->id);
  CHECK(records[5]->call.server == "beta");
  CHECK(records[5]->of == records[4]->id);
}

TEST_CASE("late tokens by name go by the provider of the last call", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call_once(tracker, {.provider = "ollama", .model = "gpt-4.1", .name = "summary"});
  call_once(tracker, {.provider = "openai", .model = "gpt-4.1", .name = "summary"});
  CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", 1'000, 500));
  CHECK(sink.snapshot().total.cost().usd(6) == "$0.006000");
}

TEST_CASE("a call without usage that is priced late is priced, and no longer without usage", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call_once(tracker, {.model = "gpt-4.1", .name = "summary"});
  CHECK(sink.snapshot().total.cost_state(ts::CostState::no_usage) == 1);
  CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", 1'000, 500));
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.cost_state(ts::CostState::no_usage) == 0);
  CHECK(total.cost_state(ts::CostState::priced) == 1);
  CHECK(total.cost().usd(6) == "$0.006000");
}

TEST_CASE("a late report about a call that was reset away leaves no absurd sums", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1", .name = "summary"}};
    call.output_text(std::string(1'000, 'x'));
  }
  sink.reset();
  CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "summary", 50, 100));
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.calls() == 0);
  CHECK(total.reported_output() == 100);
  CHECK(total.used_output() <= 100);
  for (const auto state : {ts::CostState::priced, ts::CostState::incomplete, ts::CostState::no_usage})
    CHECK(total.cost_state(state) <= 1);
}

TEST_CASE("a sink may call back into its tracker", "[tracker]") {
  struct Caller {
    ts::Tracker<Caller>* tracker = nullptr;
    std::vector<std::string> names;
    ts::Health within{};
    std::error_code write(const ts::Record& record) {
      names.push_back(string_of(record.call.name));
      if (record.call.name != "outer") return {};
      within = tracker->health();
      ts::TrackScope{*tracker, {.operation = ts::Operation::execute_tool, .name = "inner"}};
      ts::TurnScope turn{*tracker};
      ts::TrackScope stopped{turn, {.operation = ts::Operation::execute_tool, .name = "stopped"}};
      const ts::RecordId id = stopped.stop();
      if (tracker->report_late(id, {.input_tokens = 1})) names.emplace_back("no late report by id");
      if (tracker->report_tokens(ts::Operation::execute_tool, "inner", 1, 1)) names.emplace_back("none by name");
      return {};
    }
    std::error_code flush() { return tracker->health().recorded != 0 ? std::error_code{} : ts::Error::full; }
  };
  Caller sink;
  ts::Tracker tracker{sink};
  sink.tracker = &tracker;
  for (int round = 0; round < 2; ++round) call_once(tracker, {.operation = "o", .name = "outer"});
  CHECK(sink.names.size() == 12);
  CHECK(sink.names[0] == "outer");
  CHECK(sink.names[1] == "inner");
  CHECK(sink.within.pending == 1);
  CHECK(tracker.health().recorded == 12);
  CHECK(tracker.health().pending == 0);
  CHECK_FALSE(tracker.flush());
}

TEST_CASE("a failure handler may call back into the tracker", "[tracker]") {
  ts::RecordingSink sink;
  ts::Tracker tracker{sink};
  call_once(tracker);
  ts::Health within{};
  std::error_code by_name = ts::Error::unknown_name;
  tracker.on_failure([&](const ts::Failure&) {
    within = tracker.health();
    call_once(tracker, {.operation = ts::Operation::execute_tool, .name = "from the handler"});
    by_name = tracker.report_tokens(ts::Operation::execute_tool, "search", 1, 1);
  });
  sink.throw_next(2);
  call_once(tracker);
  CHECK(within.recorded == 2);
  CHECK(within.pending == 1);
  CHECK_FALSE(by_name);
  CHECK(sink.size() == 2);
  CHECK(tracker.health().recorded == 4);
  CHECK(tracker.health().dropped_for(ts::DropReason::sink_threw) == 2);
}

TEST_CASE("a tracker may go while the threads that used it live on", "[tracker]") {
  ts::MemorySink sink;
  constexpr int threads = 4, rounds = 20;
  auto tracker = std::make_unique<ts::Tracker<ts::MemorySink>>(sink);
  std::vector<std::jthread> running;
  std::vector<std::unique_ptr<std::latch>> begin, end;
  for (int round = 0; round < rounds; ++round) {
    begin.push_back(std::make_unique<std::latch>(1));
    end.push_back(std::make_unique<std::latch>(threads));
  }
  for (int thread = 0; thread < threads; ++thread)
    running.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        begin[static_cast<std::size_t>(round)]->wait();
        for (int call = 0; call < 50; ++call) call_once(*tracker);
        end[static_cast<std::size_t>(round)]->count_down();
      }
    });
  std::uint64_t recorded = 0;
  for (int round = 0; round < rounds; ++round) {
    begin[static_cast<std::size_t>(round)]->count_down();
    end[static_cast<std::size_t>(round)]->wait();
    recorded += tracker->health().recorded;
    tracker = std::make_unique<ts::Tracker<ts::MemorySink>>(sink);
  }
  running.clear();
  CHECK(recorded == threads * rounds * 50);
  CHECK(sink.snapshot().total.calls() == recorded);
}

TEST_CASE("beyond the names that it remembers a tracker still counts exactly", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  for (int round = 0; round < 2; ++round)
    for (int name = 0; name < 2'500; ++name)
      call_once(tracker, {.operation = ts::Operation::execute_tool, .name = "tool-" + std::to_string(name)});
  CHECK(tracker.health() == ts::Health{.recorded = 5'000, .delivered = 5'000});
  CHECK_FALSE(tracker.report_tokens(ts::Operation::execute_tool, "tool-1999", 1, 1));
  CHECK(tracker.report_tokens(ts::Operation::execute_tool, "tool-2000", 1, 1) == ts::Error::unknown_name);
  CHECK(tracker.health().recorded == 5'001);
}

TEST_CASE("a sink with a health of its own has the last word on what it took", "[tracker]") {
  struct Queue {
    std::atomic<std::uint64_t> taken{0};
    std::uint64_t lost = 0, waiting = 0;
    std::error_code write(const ts::Record&) {
      ++taken;
      return {};
    }
    std::error_code flush() { return {}; }
    ts::Health health() const {
      ts::Health health{.recorded = taken, .delivered = taken - lost - waiting, .pending = waiting};
      health.dropped[static_cast<std::size_t>(ts::DropReason::queue_full)] = lost;
      return health;
    }
  };
  STATIC_REQUIRE(ts::SinkWithHealth<Queue>);
  Queue queue;
  ts::Tracker tracker{queue};
  for (int call = 0; call < 10; ++call) call_once(tracker);
  CHECK(tracker.health() == ts::Health{.recorded = 10, .delivered = 10});
  queue.lost = 2;
  queue.waiting = 3;
  const ts::Health health = tracker.health();
  CHECK(health.recorded == 10);
  CHECK(health.delivered == 5);
  CHECK(health.dropped_for(ts::DropReason::queue_full) == 2);
  CHECK(health.pending == 3);
  CHECK(adds_up(health));
}

TEST_CASE("two trackers on one sink count each for itself", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker one{sink}, other{sink};
  for (int call = 0; call < 3; ++call) call_once(one);
  for (int call = 0; call < 5; ++call) call_once(other);
  CHECK(one.health().recorded == 3);
  CHECK(other.health().recorded == 5);
  CHECK(sink.snapshot().total.calls() == 8);
  CHECK_FALSE(one.report_tokens(ts::Operation::execute_tool, "search", 1, 1));
  CHECK(sink.snapshot().rows.size() == 1);
}

TEST_CASE("a tracker that is off by type answers all the same", "[tracker]") {
  ts::NullSink sink;
  ts::Tracker tracker{sink};
  STATIC_REQUIRE(std::is_same_v<decltype(tracker), ts::Tracker<ts::NullSink>>);
  STATIC_REQUIRE(std::is_empty_v<decltype(tracker)>);
  tracker.enable(true);
  CHECK_FALSE(tracker.enabled());
  tracker.prices(ts::PriceBook{});
  tracker.on_failure([](const ts::Failure&) {});
  CHECK_FALSE(tracker.report_late({1, 2}, {.input_tokens = 1}));
  CHECK_FALSE(tracker.report_tokens(ts::Operation::chat, "any", 1, 1));
  CHECK(tracker.health() == ts::Health{});
  CHECK_FALSE(tracker.flush());
  CHECK(tracker.prices().text() == ts::PriceBook{}.text());
  CHECK_FALSE(tracker.sink().flush());
  auto meter = tracker.estimator().for_model("gpt-4.1");
  meter.feed("seven c");
  CHECK(meter.tokens().tokens == 2);
  CHECK(tracker.clock().utc() > 0);
}

TEST_CASE("a call that was turned away has used no tokens, whatever was meant for it", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  for (const ts::Outcome outcome : {ts::Outcome::rate_limited, ts::Outcome::policy_blocked}) {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.input_text("a prompt of forty characters, no fewer..");
    call.outcome(outcome);
  }
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.characters_in() == 80);
  CHECK(total.used_tokens() == 0);
  CHECK(total.estimated_input() == 0);
  CHECK(total.cost_state(ts::CostState::no_usage) == 2);
}

TEST_CASE("a call that was stopped after it gave something back has used what it was given", "[tracker]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.input_text("seven c");
    call.output_chunk("1234567");
    call.outcome(ts::Outcome::policy_blocked);
  }
  {
    ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.input_text("seven c");
    call.report({.input_tokens = 3, .output_tokens = 0});
    call.outcome(ts::Outcome::policy_blocked);
  }
  const ts::Totals total = sink.snapshot().total;
  CHECK(total.used_input() == 5);
  CHECK(total.used_output() == 2);
  CHECK(total.cost_state(ts::CostState::priced) == 2);
}
