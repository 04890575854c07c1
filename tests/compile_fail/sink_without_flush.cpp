// expect: this sink is not a tallyscope::Sink
// SPDX-License-Identifier: MIT
#include <tallyscope/tallyscope.hpp>

struct WithoutFlush {
  std::error_code write(const tallyscope::Record&) { return {}; }
};

WithoutFlush sink;
tallyscope::Tracker tracker{sink};
