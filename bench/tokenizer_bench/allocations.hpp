// SPDX-License-Identifier: MIT
#pragma once

namespace bench {

/// Of the whole program, which has one thread.
struct Allocations {
  long made = 0;   ///< calls of operator new
  long bytes = 0;  ///< asked for by them
};
Allocations allocations() noexcept;

}  // namespace bench
