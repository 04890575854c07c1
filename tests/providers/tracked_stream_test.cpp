// SPDX-License-Identifier: MIT
// Needs: <zlib.h> -lz zlib1g-dev
#include <tallyscope/recording_sink.hpp>
#include <tallyscope/tracked_stream.hpp>

#include "catch.hpp"
#include "streams.hpp"

#include <coroutine>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace {

namespace ts = tallyscope;
using streams::Stream;

/// A tracker on a clock that only the test moves, and the one record that is expected to be there in the end.
struct Recorded {
  using Tracker = ts::Tracker<ts::RecordingSink, ts::PriceBook, ts::CharRatio, ts::ManualClock>;

  ts::ManualClock::Time time;
  ts::RecordingSink sink;
  Tracker tracker{sink, ts::PriceBook{}, ts::CharRatio{}, ts::ManualClock{time}};

  auto scope(std::string_view model = "gpt-4.1") { return ts::TrackScope{tracker, {.model = model}}; }
  ts::StoredRecord one() const {
    const auto records = sink.records();
    REQUIRE(records.size() == 1);
    return records[0];
  }
};

/// The beginning of a chat: some text, no count.
std::string begun() {
  const std::string bytes = streams::openai_chat().bytes;
  return bytes.substr(0, bytes.find("data: ", bytes.find("caf")));
}

/// The beginning of a stream that has said what went in.
std::string begun_with_input() {
  const std::string bytes = streams::anthropic_messages().bytes;
  return bytes.substr(0, bytes.find("event: content_block_stop"));
}

}  // namespace

TEST_CASE("a stream that was read to its end is recorded as the provider counted it", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.call().input_text("where is the printer?");
    const Stream chat = streams::openai_chat();
    for (const char byte : chat.bytes) stream.feed({&byte, 1});
    stream.finish();
  }
  const auto stored = here.one();
  const auto record = stored.view();
  CHECK(record->usage.input_tokens == ts::Count{53});
  CHECK(record->usage.output_tokens == ts::Count{15});
  CHECK(record->finality == ts::Finality::final);
  CHECK(record->input_source == ts::Source::reported);
  CHECK(record->output_source == ts::Source::reported);
  CHECK(record->outcome == ts::Outcome::success);
  CHECK(record->response.model == "gpt-4.1-2025-04-14");
  CHECK(record->metered.characters_in == ts::Count{21});
  CHECK(record->metered.characters_out == ts::Count{26});
  CHECK_FALSE(record->cost.estimated);
}

TEST_CASE("the first piece of the answer sets the time to first token", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    const std::string bytes = begun();
    const std::size_t role_only = bytes.find("\n\n") + 2;
    here.time.steady += 1'000;
    stream.feed(std::string_view{bytes}.substr(0, role_only));
    here.time.steady += 1'000;
    stream.feed(std::string_view{bytes}.substr(role_only));
    here.time.steady += 1'000;
  }
  CHECK(here.one()->first_token_ns == ts::Count{2'000});
  CHECK(here.one()->duration_ns == 3'000);
}

TEST_CASE("a stream that is dropped is cancelled, and stands on estimates where nothing was counted",
          "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.call().input_text("where is the printer?");
    stream.feed(begun());
  }
  const auto stored = here.one();
  const auto record = stored.view();
  CHECK(record->outcome == ts::Outcome::cancelled);
  CHECK(record->finality == ts::Finality::partial);
  CHECK(record->diagnostics.has(ts::Diagnostic::usage_not_final));
  CHECK(record->input_source == ts::Source::estimated);
  CHECK(record->output_source == ts::Source::estimated);
  CHECK(record->metered.input_tokens == ts::Count{6});
  CHECK(record->metered.output_tokens == ts::Count{7});
  CHECK(record->cost.state == ts::CostState::priced);
  CHECK(record->cost.estimated);
  CHECK(record->cost.amount == ts::Money::from_picodollars(6 * 2'000'000 + 7 * 8'000'000));
}

TEST_CASE("what was counted before a stream was dropped counts, the rest is estimated", "[tracked_stream]") {
  Recorded here;
  { ts::TrackedStream{here.scope("claude-sonnet-4-5")}.feed(begun_with_input()); }
  const auto stored = here.one();
  const auto record = stored.view();
  CHECK(record->usage.input_tokens == ts::Count{1320});
  CHECK_FALSE(record->usage.output_tokens.has_value());
  CHECK(record->output_source == ts::Source::estimated);
  CHECK(record->output_tokens() == ts::Count{3});  // "Let me see. "
  CHECK(record->cost.state == ts::CostState::priced);
  CHECK(record->cost.estimated);
}

TEST_CASE("a stream that was dropped before any of the answer came has an incomplete cost", "[tracked_stream]") {
  Recorded here;
  const std::string bytes = begun_with_input();
  { ts::TrackedStream{here.scope("claude-sonnet-4-5")}.feed(bytes.substr(0, bytes.find("event: content_block"))); }
  CHECK(here.one()->usage.input_tokens == ts::Count{1320});
  CHECK(here.one()->output_source == ts::Source::none);
  CHECK(here.one()->cost.state == ts::CostState::incomplete);
  CHECK(here.one()->cost.known > ts::Money{});
}

TEST_CASE("a count of the output so far is partial, and what it costs an estimate", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope("gemini-2.5-flash")};
    const std::string bytes = streams::gemini_sse().bytes;
    stream.feed(std::string_view{bytes}.substr(0, bytes.find("\n\n") + 2));
  }
  const auto stored = here.one();
  const auto record = stored.view();
  CHECK(record->usage.output_tokens == ts::Count{66});
  CHECK(record->output_source == ts::Source::partial);
  CHECK(record->cost.state == ts::CostState::priced);
  CHECK(record->cost.estimated);
}

TEST_CASE("an exception that leaves a stream is an error with what was known", "[tracked_stream]") {
  Recorded here;
  const auto broken = [&] {
    ts::TrackedStream stream{here.scope("claude-sonnet-4-5")};
    stream.feed(begun_with_input());
    throw std::runtime_error{"no"};
  };
  CHECK_THROWS_AS(broken(), std::runtime_error);
  CHECK(here.one()->outcome == ts::Outcome::error);
  CHECK(here.one()->usage.input_tokens == ts::Count{1320});
  CHECK(here.one()->finality == ts::Finality::partial);
}

TEST_CASE("what the host says of a stream beats what is inferred", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.feed(begun());
    stream.call().outcome(ts::Outcome::timeout, "30 s");
  }
  CHECK(here.one()->outcome == ts::Outcome::timeout);
  CHECK(here.one()->error_type == "30 s");
}

TEST_CASE("a body that ended before its provider said so is an error", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.feed(begun());
    stream.finish();
  }
  CHECK(here.one()->outcome == ts::Outcome::error);
  CHECK(here.one()->error_type == "stream_unfinished");
  CHECK(here.one()->finality == ts::Finality::partial);
}

TEST_CASE("a whole stream without usage is a success, and its counts are estimates", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.feed(streams::openai_chat_without_usage().bytes);
    stream.finish();
  }
  CHECK(here.one()->outcome == ts::Outcome::success);
  CHECK(here.one()->finality == ts::Finality::missing);
  CHECK(here.one()->output_source == ts::Source::estimated);
  CHECK(here.one()->output_tokens() == ts::Count{2});
}

TEST_CASE("an empty body that ended is an error, and one that was never read cancelled", "[tracked_stream]") {
  Recorded ended, dropped;
  ts::TrackedStream{ended.scope()}.finish();
  { ts::TrackedStream stream{dropped.scope()}; }
  CHECK(ended.one()->outcome == ts::Outcome::error);
  CHECK(dropped.one()->outcome == ts::Outcome::cancelled);
  CHECK(dropped.one()->cost.state == ts::CostState::no_usage);
}

TEST_CASE("a stream that is final is a success although nobody finished it", "[tracked_stream]") {
  Recorded here;
  { ts::TrackedStream{here.scope()}.feed(streams::openai_chat().bytes); }
  CHECK(here.one()->outcome == ts::Outcome::success);
  CHECK(here.one()->finality == ts::Finality::final);
}

TEST_CASE("a refusal instead of a stream is recorded as that", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.call().input_text("never taken");
    stream.feed(streams::error_body().bytes);
    stream.finish();
  }
  CHECK(here.one()->outcome == ts::Outcome::rate_limited);
  CHECK(here.one()->error_type == "rate_limit_exceeded");
  CHECK_FALSE(here.one()->input_tokens().has_value());
}

TEST_CASE("a stream finished twice is recorded once and the same", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope()};
    stream.feed(streams::openai_chat().bytes);
    stream.finish();
    stream.finish();
  }
  CHECK(here.one()->usage.output_tokens == ts::Count{15});
  CHECK(here.one()->metered.characters_out == ts::Count{26});
}

TEST_CASE("a response that goes on in another body is one call", "[tracked_stream]") {
  Recorded here;
  {
    ts::TrackedStream stream{here.scope("gpt-5")};
    const std::string bytes = streams::openai_responses().bytes;
    stream.feed(std::string_view{bytes}.substr(0, bytes.size() / 2));
    stream.finish();
    stream.feed(std::string_view{bytes}.substr(bytes.find("event: response.completed")));
  }
  CHECK(here.one()->usage.output_tokens == ts::Count{52});
  CHECK(here.one()->finality == ts::Finality::final);
  CHECK(here.one()->outcome == ts::Outcome::success);
}

TEST_CASE("a stream that is stopped is recorded then, and usage can follow", "[tracked_stream]") {
  Recorded here;
  ts::TrackedStream stream{here.scope()};
  stream.feed(begun());
  const ts::RecordId id = stream.stop();
  CHECK(here.one()->id == id);
  CHECK_FALSE(stream.call().active());
  stream.feed(begun());
  stream.finish();
  CHECK_FALSE(here.tracker.report_late(id, {.input_tokens = 53, .output_tokens = 15}));
  CHECK(here.sink.size() == 2);
}

TEST_CASE("a stream that is moved goes on in another thread", "[tracked_stream]") {
  Recorded here;
  const std::string bytes = streams::openai_chat().bytes;
  ts::TrackedStream stream{here.scope()};
  stream.feed(std::string_view{bytes}.substr(0, 100));
  std::jthread{[&bytes, taken = std::move(stream)]() mutable {
    taken.feed(std::string_view{bytes}.substr(100));
    taken.finish();
  }}.join();
  stream.feed(bytes);  // moved from: inert
  stream.finish();
  CHECK(here.one()->usage.output_tokens == ts::Count{15});
  CHECK(here.one()->metered.characters_out == ts::Count{26});
}

TEST_CASE("a stream that another is moved into is dropped first", "[tracked_stream]") {
  Recorded here;
  const std::string bytes = streams::openai_chat().bytes;
  {
    ts::TrackedStream stream{here.scope()}, other{here.scope()};
    stream.feed(begun());
    other.feed(std::string_view{bytes}.substr(0, 500));
    stream = std::move(other);
    REQUIRE(here.sink.size() == 1);
    CHECK(here.sink.records()[0]->outcome == ts::Outcome::cancelled);
    stream.feed(std::string_view{bytes}.substr(500));
    stream.finish();
  }
  REQUIRE(here.sink.size() == 2);
  CHECK(here.sink.records()[1]->usage.output_tokens == ts::Count{15});
}

namespace {

struct Task {
  struct promise_type {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

Task read_some(Recorded& here) {
  ts::TrackedStream stream{here.scope("claude-sonnet-4-5")};
  stream.feed(begun_with_input());
  co_await std::suspend_always{};
  stream.finish();
}

}  // namespace

TEST_CASE("a stream in a coroutine that is destroyed while it waits is cancelled", "[tracked_stream]") {
  Recorded here;
  const Task task = read_some(here);
  CHECK(here.sink.size() == 0);
  task.handle.destroy();
  CHECK(here.one()->outcome == ts::Outcome::cancelled);
  CHECK(here.one()->usage.input_tokens == ts::Count{1320});
}

TEST_CASE("a stream of a tracker that is off at run time looks at nothing", "[tracked_stream]") {
  Recorded here;
  here.tracker.enable(false);
  ts::TrackedStream stream{here.scope()};
  stream.feed(streams::openai_chat().bytes);
  stream.finish();
  CHECK(stream.reading().finality == ts::Finality::missing);
  CHECK_FALSE(stream.stop());
  CHECK(here.sink.size() == 0);
}

TEST_CASE("a stream of a tracker that is off by type is empty", "[tracked_stream]") {
  ts::Tracker<ts::NullSink> tracker;
  ts::TrackedStream stream{ts::TrackScope{tracker, {.model = "gpt-4.1"}}};
  static_assert(sizeof stream == 1);
  stream.call().input_text("some");
  stream.feed(streams::openai_chat().bytes);
  stream.finish();
  const auto moved = std::move(stream);
  CHECK(moved.reading().finality == ts::Finality::missing);
}
