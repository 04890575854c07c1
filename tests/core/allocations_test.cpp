// SPDX-License-Identifier: MIT
// What a scope and a turn allocate. The global operators count per thread, for this whole test program.
#include <tallyscope/estimators/byte_class.hpp>
#include <tallyscope/estimators/calibrated.hpp>
#include <tallyscope/estimators/token_stream.hpp>
#include <tallyscope/history_sink.hpp>
#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include "catch.hpp"
#include "estimators/small_vocabulary.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

thread_local constinit std::uint64_t allocations = 0;
thread_local constinit std::uint64_t failing_allocation = 0;  // the one with this number gets no memory

void* counted(std::size_t size) noexcept {
  if (++allocations == failing_allocation) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}

void* counted_or_thrown(std::size_t size) {
  void* const memory = counted(size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return counted_or_thrown(size); }
void* operator new[](std::size_t size) { return counted_or_thrown(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace ts = tallyscope;

namespace {

template <class Action>
std::uint64_t allocations_of(const Action& action) {
  const std::uint64_t before = allocations;
  action();
  return allocations - before;
}

/// A scope with everything that a call can have.
template <class Where>
void call_in_full(Where& where) {
  ts::TrackScope call{where,
                      {.tenant = "acme", .provider = "openai", .model = "gpt-4.1", .name = "a name", .region = "eu"}};
  call.input_text("some text that goes in");
  call.output_chunk("and some that comes out");
  call.report({.input_tokens = 100, .output_tokens = 250, .cache_read = 10});
  call.report(ts::Reading{.counts = {.input_tokens = 100, .output_tokens = 250}, .served_model = "gpt-4.1-2025-04-14"});
  call.outcome(ts::Outcome::timeout, "408");
  call.label("key", "value");
  call.tool_calls(2);
}

template <class Where>
void plain_calls(Where& where, const ts::PreparedCall& prepared) {
  {
    ts::TrackScope call{where, {.model = "gpt-4.1"}};
    call.report({.input_tokens = 100, .output_tokens = 250});
  }
  { ts::TrackScope tool{where, {.operation = ts::Operation::execute_tool, .name = "search", .server = "jira"}}; }
  { ts::TrackScope tool{where, prepared}; }
}

template <class Sink>
void check_steady_state(Sink& sink) {
  ts::Tracker tracker{sink};
  const auto prepared = tracker.prepare({.operation = ts::Operation::execute_tool, .name = "prepared"});
  const auto calls = [&](auto& where) {
    for (int round = 0; round < 100; ++round) {
      plain_calls(where, prepared);
      call_in_full(where);
    }
  };
  calls(tracker);  // every row is met
  CHECK(allocations_of([&] { calls(tracker); }) == 0);
  ts::TurnScope turn{tracker};
  CHECK(allocations_of([&] { calls(turn); }) == 0);
}

std::string temporary_file() { return "/tmp/tallyscope_allocations_" + std::to_string(::getpid()) + ".jsonl"; }

}  // namespace

TEST_CASE("the counters count", "[allocations]") {
  CHECK(allocations_of([] { delete new int; }) <= 1);  // a compiler may leave the pair out
  CHECK(allocations_of([] {
          std::vector<char> memory(1'000);
          static_cast<void>(memory.data());
        }) <= 1);
  const auto made = allocations_of([] {
    const std::string text(1'000, 'x');
    CHECK(text.size() == 1'000);
  });
  CHECK(made >= 1);
}

TEST_CASE("a scope on a MemorySink allocates nothing once its row is known", "[allocations]") {
  ts::MemorySink sink;
  check_steady_state(sink);
}

TEST_CASE("a scope on a MemorySink by other dimensions allocates nothing once its row is known", "[allocations]") {
  ts::MemorySink sink{{.by = {ts::Dimension::tenant, ts::Dimension::provider, ts::Dimension::server}}};
  check_steady_state(sink);
}

TEST_CASE("a scope on a HistorySink allocates nothing", "[allocations]") {
  ts::HistorySink<16> sink;
  check_steady_state(sink);
}

TEST_CASE("a scope on a JsonlSink allocates nothing", "[allocations]") {
  {
    ts::JsonlSink sink{temporary_file()};
    REQUIRE_FALSE(sink.error());
    check_steady_state(sink);
  }
  ::unlink(temporary_file().c_str());
}

TEST_CASE("a scope that is beyond the rows of its sink allocates nothing", "[allocations]") {
  ts::MemorySink sink{{.capacity = 1}};
  check_steady_state(sink);
}

TEST_CASE("a move and a scope that is off allocate nothing", "[allocations]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  call_in_full(tracker);
  CHECK(allocations_of([&] {
          ts::TrackScope first{tracker, {.provider = "openai", .model = "gpt-4.1", .name = "a name"}};
          ts::TrackScope second{std::move(first)};
          first = std::move(second);
        }) == 0);
  tracker.enable(false);
  CHECK(allocations_of([&] { call_in_full(tracker); }) == 0);
  CHECK(allocations_of([&] { ts::TurnScope turn{tracker, {.session = "s"}}; }) == 0);
}

TEST_CASE("a turn allocates once", "[allocations]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  const auto one_turn = [&] {
    ts::TurnScope turn{tracker, {.tenant = "acme", .user = ts::RawUser{"u"}, .session = "s"}};
    ts::TurnScope moved{std::move(turn)};
    for (int call = 0; call < 10; ++call)
      ts::TrackScope{moved, {.operation = ts::Operation::execute_tool, .name = "n"}};
    static_cast<void>(moved.totals());
  };
  one_turn();
  CHECK(allocations_of(one_turn) == 1);
}

TEST_CASE("a thread allocates for the rows that it meets, and not for its calls", "[allocations]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  std::uint64_t first = 0, rest = 0;
  std::jthread{[&] {
    const auto call = [&] { ts::TrackScope{tracker, {.operation = ts::Operation::execute_tool, .name = "search"}}; };
    first = allocations_of(call);
    rest = allocations_of([&] {
      for (int round = 0; round < 1'000; ++round) call();
    });
  }}.join();
  CHECK(first > 0);
  CHECK(rest == 0);
}

TEST_CASE("a prepared call allocates once, health nothing", "[allocations]") {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  CHECK(allocations_of([&] { static_cast<void>(tracker.prepare({.name = "search"})); }) == 1);
  call_in_full(tracker);
  CHECK(allocations_of([&] { static_cast<void>(tracker.health()); }) == 0);
}

TEST_CASE("to find a price, to price a call and to write its bill allocates nothing", "[allocations]") {
  ts::PriceBook book;
  REQUIRE_FALSE(book.add({.provider = "acme", .model = "m-*", .input = ts::per_million("1")}));
  REQUIRE_FALSE(book.add(ts::PriceAdjustment{.service_tier = "own", .multiplier = {1, 2}}));
  const ts::Response response{.service_tier = "own", .region = "us"};
  const ts::Part parts[] = {{"gpt-4.1", {.input_tokens = 10, .output_tokens = 1}},
                            {"m-x", {.input_tokens = 10, .output_tokens = 1}}};
  CHECK(allocations_of([&] {
          for (const std::string_view model :
               {"gpt-4.1", "gpt-4.1-2025-04-14", "openai/gpt-4o", "acme/m-1", "unheard-of"}) {
            static_cast<void>(book.find("", model, {.service_tier = "batch"}));
            const ts::Call call{.model = model};
            static_cast<void>(book.price(ts::Record{.call = call, .response = response, .parts = {parts, 2}}));
            static_cast<void>(book.lines(ts::Record{.call = call, .response = response, .parts = {parts, 2}}));
          }
        }) == 0);
}

TEST_CASE("estimating by characters or bytes allocates nothing, corrected or not", "[allocations]") {
  const auto calibration = std::make_unique<ts::Calibration>();
  const std::string text(100'000, 'x');
  const auto estimate = [&](const auto& prototype) {
    auto meter = prototype.for_model("gpt-4.1");
    meter.feed(text);
    return meter.tokens().tokens.value_or(0);
  };
  CHECK(allocations_of([&] {
          for (int call = 0; call < 20; ++call) calibration->learn("gpt-4.1", 0, 1'000, 1'100);
          if (estimate(ts::CharRatio{}) + estimate(ts::ByteClass{}) > 0)
            estimate(ts::Calibrated{*calibration, ts::ByteClass{}});
        }) == 0);
}

namespace {

/// Calls `action` again and again, each time with the next allocation failing, until none is left to fail; then
/// `check(threw)`, with memory again.
template <class Action, class Check>
void fail_each_allocation(const Action& action, const Check& check) {
  for (std::uint64_t number = 1;; ++number) {
    bool threw = false;
    failing_allocation = allocations + number;
    try {
      action();
    } catch (const std::bad_alloc&) {
      threw = true;
    }
    failing_allocation = 0;
    check(threw);
    if (!threw) break;
  }
}

}  // namespace

TEST_CASE("a tokenizer that gets no memory throws, and counts right with it again", "[allocations]") {
  std::string letters;
  for (std::uint32_t state = 1; letters.size() < 1'000; state = state * 1'664'525 + 1'013'904'223)
    letters += static_cast<char>('a' + (state >> 16) % 26);
  for (const std::string& text : {std::string(1'000, ' ') + "x", letters, "\xFF" + small_text().substr(0, 300)}) {
    const std::uint64_t tokens = ts::Tokenizer{small_vocabulary()}.count(text);
    std::unique_ptr<ts::Tokenizer> tokenizer;
    const auto right = [&](bool threw) {
      REQUIRE(tokenizer->count(text) == tokens);
      REQUIRE(tokenizer->encode(text).size() == tokens);
      if (threw) tokenizer = std::make_unique<ts::Tokenizer>(small_vocabulary());
    };
    tokenizer = std::make_unique<ts::Tokenizer>(small_vocabulary());
    fail_each_allocation([&] { static_cast<void>(tokenizer->count(text)); }, right);
    tokenizer = std::make_unique<ts::Tokenizer>(small_vocabulary());
    fail_each_allocation([&] { static_cast<void>(tokenizer->encode(text)); }, right);
  }
}

TEST_CASE("a stream that gets no memory loses no more than what was appended then", "[allocations]") {
  ts::VocabularySource source = small_source();
  source.nfc = true;
  const std::string image = image_of(source);
  std::string before = "the text: e", then;
  for (int count = 0; count < 40; ++count) before += "\xCC\x81", then += "\xCC\x80";
  then += " and more of the text\xC3";
  ts::Tokenizer whole{vocabulary_of(image)};
  const std::uint64_t without = whole.count(before), with = whole.count(before + then);
  for (std::uint64_t number = 1;; ++number) {
    ts::TokenStream fresh{vocabulary_of(image)};
    fresh.append(before);
    bool threw = false;
    failing_allocation = allocations + number;
    try {
      fresh.append(then);
    } catch (const std::bad_alloc&) {
      threw = true;
    }
    failing_allocation = 0;
    const std::uint64_t counted = fresh.count();
    REQUIRE((counted == without || counted == with));
    if (!threw) break;
  }
}
