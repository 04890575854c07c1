// SPDX-License-Identifier: MIT
// A stream in a scope: the bytes of the response's body go into it as they come, and the provider's own count is in the
// record. Of a stream that is dropped, what was known by then is kept, and the rest is estimated.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>
#include <tallyscope/tracked_stream.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string_view>

namespace ts = tallyscope;

namespace {

constexpr std::string_view prompt = "Write one sentence about the sea.";

/// What came from the provider's socket, which cuts it anywhere.
constexpr std::string_view body =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","model":"claude-sonnet-4-5","usage":{"input_tokens":16,)"
    R"("output_tokens":1}}})"
    "\n\n"
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The sea is never "}})"
    "\n\n"
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"the same twice."}})"
    "\n\n"
    "event: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":11}})"
    "\n\n";

/// Reads the first `size` bytes of the body. Did the stream end by then?
template <class Tracker>
bool ask(Tracker& tracker, std::size_t size) {
  ts::TrackedStream stream{ts::TrackScope{tracker, {.provider = "anthropic", .model = "claude-sonnet-4-5"}}};
  stream.call().input_text(prompt);
  constexpr std::size_t chunk = 50;
  for (std::size_t place = 0; place < size; place += chunk)
    stream.feed(body.substr(place, std::min(chunk, size - place)));
  if (size < body.size()) return false;  // the user has seen enough
  stream.finish();
  return true;
}

void print(const ts::Totals& total) {
  std::cout << total.used_input() << " tokens in, " << total.used_output() << " out, reported to "
            << total.cost().usd(6) << ", estimated to " << total.estimated_cost().usd(6) << '\n';
}

}  // namespace

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  const bool whole = ask(tracker, body.size());
  print(sink.snapshot().total);  // as the provider counted: 16 in, 11 out
  sink.reset();
  const bool dropped = !ask(tracker, 2 * body.size() / 3);
  print(sink.snapshot().total);  // 16 in as reported; out what "The sea is never " comes to
  const bool cancelled = sink.snapshot().total.outcome(ts::Outcome::cancelled) == 1;
  return whole && dropped && cancelled ? 0 : 1;
}
