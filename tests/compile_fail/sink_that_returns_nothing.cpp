// expect: this sink is not a tallyscope::Sink
// SPDX-License-Identifier: MIT
#include <tallyscope/tallyscope.hpp>

struct ReturnsNothing {
  void write(const tallyscope::Record&) {}
  void flush() {}
};

void use(tallyscope::Tracker<ReturnsNothing>& tracker) { tallyscope::TrackScope call{tracker}; }
