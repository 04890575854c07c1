// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

int main() {
  tallyscope::MemorySink sink;
  tallyscope::Tracker tracker{sink};
  {
    tallyscope::TrackScope call{tracker, {.model = "gpt-4.1"}};
    call.report({.input_tokens = 1000, .output_tokens = 500});
  }
  return tracker.health().recorded == 1 ? 0 : 1;
}
