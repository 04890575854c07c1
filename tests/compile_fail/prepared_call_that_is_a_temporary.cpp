// expect: deleted
// SPDX-License-Identifier: MIT
#include <tallyscope/memory_sink.hpp>
#include <tallyscope/tallyscope.hpp>

namespace ts = tallyscope;

void track(ts::Tracker<ts::MemorySink>& tracker) {
  ts::TrackScope<ts::Tracker<ts::MemorySink>> call{tracker, tracker.prepare({.name = "search"})};
}
