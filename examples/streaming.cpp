// SPDX-License-Identifier: MIT
// Streams: the first chunk sets the time to first token, the provider's own count comes last and beats the estimate.
// Where a stream breaks off there is no such count: then the estimate stands, and its money is kept apart.
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

#include <iostream>
#include <string_view>

namespace ts = tallyscope;

namespace {

constexpr std::string_view prompt = "Write one sentence about the sea.";
constexpr std::string_view chunks[] = {"The sea ", "is never ", "the same ", "twice."};

template <class Tracker>
void complete_stream(Tracker& tracker) {
  ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
  call.input_text(prompt);
  for (const std::string_view chunk : chunks) call.output_chunk(chunk);
  call.report({.input_tokens = 14, .output_tokens = 9});  // from the usage of the last event
}

template <class Tracker>
void broken_stream(Tracker& tracker) {
  ts::TrackScope call{tracker, {.model = "gpt-4.1"}};
  call.input_text(prompt);
  call.output_chunk(chunks[0]);
  call.outcome(ts::Outcome::cancelled, "user_stopped");
}

}  // namespace

int main() {
  ts::MemorySink sink;
  ts::Tracker tracker{sink};
  complete_stream(tracker);
  broken_stream(tracker);

  const ts::Totals total = sink.snapshot().total;
  std::cout << "reported:  " << total.reported_input() << " tokens in, " << total.reported_output() << " out, "
            << total.cost().usd(6) << '\n';
  std::cout << "estimated: " << total.used_input() - total.reported_input() << " tokens in, "
            << total.used_output() - total.reported_output() << " out, " << total.estimated_cost().usd(6)
            << " (the stream that broke off)\n";
  std::cout << "first token after " << total.average_first_token() << " ns on average of " << total.first_tokens()
            << " streams\n";
}
