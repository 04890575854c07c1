// The smallest program: one call of a model, timed and priced by its scope, added up in memory.
#include <iostream>
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>
int main() {
  tallyscope::MemorySink sink;
  tallyscope::Tracker tracker{sink};
  {
    tallyscope::TrackScope call{tracker, {.model = "gpt-4.1"}};  // ... and the request goes here
    call.report({.input_tokens = 1000, .output_tokens = 500});   // what the response says it used
  }
  const auto total = sink.snapshot().total;
  std::cout << total.calls() << " call, " << total.used_tokens() << " tokens, " << total.cost().usd(6) << '\n';
}
