// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstdint>
#include <string>

namespace tallyscope::inline v0 {

/// What became of reading records that a sink has stored. Whatever could be read was given to the visitor, also where
/// something else could not.
struct ReadResult {
  std::uint64_t records = 0;  ///< given to the visitor
  std::uint64_t skipped = 0;  ///< lines or rows of which something could not be read
  bool torn_tail = false;  ///< the last of the skipped is the end of the file, cut off by a crash or being written now
  std::string problem{};   ///< one sentence: why not the whole was read; empty when it was. Safe in a terminal
};

}  // namespace tallyscope::inline v0
