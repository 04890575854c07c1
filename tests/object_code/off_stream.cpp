// SPDX-License-Identifier: MIT
// A function that tracks a stream on a tracker that is off, beside the same function without it: see run.sh.
#include <tallyscope/tracked_stream.hpp>

#include <string_view>
#include <utility>

namespace ts = tallyscope;
using Off = ts::Tracker<ts::NullSink>;

std::string_view next_chunk(int place);
void show(std::string_view chunk);

void stream([[maybe_unused]] Off& tracker, [[maybe_unused]] std::string_view prompt, int chunks) {
#if WITH_SCOPES
  ts::TrackedStream stream{ts::TrackScope{tracker, {.provider = "openai", .model = "gpt-4.1"}}};
  stream.call().input_text(prompt);
#endif
  for (int place = 0; place < chunks; ++place) {
    const std::string_view chunk = next_chunk(place);
#if WITH_SCOPES
    stream.feed(chunk);
#endif
    show(chunk);
  }
#if WITH_SCOPES
  stream.finish();
  ts::TrackedStream moved{std::move(stream)};
  static_cast<void>(moved.stop());
#endif
}
