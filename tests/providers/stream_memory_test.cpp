// SPDX-License-Identifier: MIT
// What reading a stream allocates, and what it does without memory. The global operators are those of this whole test
// program; what they count and refuse is of one thread.
// Needs: <zlib.h> -lz zlib1g-dev
#include <tallyscope/history_sink.hpp>
#include <tallyscope/tracked_stream.hpp>

#include "catch.hpp"
#include "described.hpp"
#include "framed.hpp"
#include "streams.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>

#include <malloc.h>

namespace {

thread_local constinit std::uint64_t allocations = 0;
thread_local constinit std::uint64_t refused_from = std::numeric_limits<std::uint64_t>::max();
thread_local constinit std::int64_t in_use = 0;
thread_local constinit std::int64_t most_in_use = 0;

void* counted(std::size_t size) noexcept {
  if (++allocations >= refused_from) return nullptr;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  in_use += static_cast<std::int64_t>(::malloc_usable_size(memory));
  if (in_use > most_in_use) most_in_use = in_use;
  return memory;
}

void* counted_or_thrown(std::size_t size) {
  void* const memory = counted(size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

void given_back(void* memory) noexcept {
  in_use -= static_cast<std::int64_t>(::malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted_or_thrown(size); }
void* operator new[](std::size_t size) { return counted_or_thrown(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { given_back(memory); }
void operator delete[](void* memory) noexcept { given_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { given_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { given_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { given_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { given_back(memory); }

namespace {

namespace ts = tallyscope;

template <class Action>
std::uint64_t allocations_of(const Action& action) {
  const std::uint64_t before = allocations;
  action();
  return allocations - before;
}

/// Runs `action` without memory from its `place`-th allocation on. How many allocations were refused?
template <class Action>
std::uint64_t without_memory_from(std::uint64_t place, const Action& action) {
  const std::uint64_t first = allocations + place;
  refused_from = first;
  action();
  refused_from = std::numeric_limits<std::uint64_t>::max();
  return allocations < first ? 0 : allocations - first + 1;
}

}  // namespace

TEST_CASE("events that lie whole in their pieces allocate nothing", "[stream]") {
  for (const streams::Stream& stream : streams::all()) {
    if (stream.name == "plain body" || stream.name == "bedrock invoke model") continue;  // kept, or unwrapped
    INFO(stream.name);
    CHECK(allocations_of([&] {
            ts::StreamReader reader;
            reader.feed(stream.bytes, [](std::string_view) {});
            static_cast<void>(reader.finish());
          }) == 0);
  }
}

TEST_CASE("a tracked stream that ends in its destructor allocates nothing there", "[tracked_stream]") {
  ts::HistorySink<4> sink;
  ts::Tracker tracker{sink};
  const std::string bytes = streams::anthropic_messages().bytes;
  const auto some = std::string_view{bytes}.substr(0, 700);
  { ts::TrackedStream{ts::TrackScope{tracker, {.model = "claude-sonnet-4-5"}}}.feed(some); }  // makes its row
  std::optional<ts::TrackedStream<ts::Tracker<ts::HistorySink<4>>>> stream;
  stream.emplace(ts::TrackScope{tracker, {.model = "claude-sonnet-4-5"}});
  stream->feed(some);
  CHECK(allocations_of([&] { stream.reset(); }) == 0);
  CHECK(sink.records().size() == 2);
}

TEST_CASE("an event of 64 MiB needs no more memory than the limit says", "[stream]") {
  constexpr std::int64_t mebibyte = 1 << 20;
  const std::string part(mebibyte, 'x');
  for (const std::string begin :
       {"data: {\"choices\":[{\"delta\":{\"content\":\"", "{\"done\":\"", "[{\"text\":\"", "{\n\""}) {
    ts::StreamReader reader;
    most_in_use = in_use;
    const std::int64_t before = in_use;
    reader.feed(begin);
    for (int count = 0; count < 64; ++count) reader.feed(part);
    CHECK(most_in_use - before <= 25 * mebibyte);
    CHECK(in_use - before <= mebibyte);
    CHECK(reader.finish().diagnostics.has(ts::Diagnostic::event_too_long) == (begin[0] != '['));
  }
}

TEST_CASE("without memory a reader goes on, and is never final by what it could not hold", "[stream]") {
  for (const streams::Stream& stream : streams::all()) {
    INFO(stream.name);
    const std::vector<std::size_t> cuts = framed::every_byte(stream.bytes);
    std::uint64_t refused = 1;
    for (std::uint64_t place = 1; refused > 0; ++place) {
      ts::Reading reading;
      std::string text;
      text.reserve(1000);
      refused = without_memory_from(place, [&] {
        ts::StreamReader reader;
        const auto listen = [&](std::string_view piece) { text += piece; };
        for (const char& byte : stream.bytes) reader.feed({&byte, 1}, listen);
        reading = reader.finish(listen);
      });
      if (reading.finality == ts::Finality::final) CHECK(streams::described(reading).starts_with(stream.said));
      if (refused > 0)
        CHECK((reading.diagnostics.has(ts::Diagnostic::event_too_long) ||
               reading.diagnostics.has(ts::Diagnostic::body_malformed)));
      else
        CHECK(streams::described(reading) == stream.said);
    }
  }
}
