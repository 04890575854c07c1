// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>

namespace tallyscope::inline v0 {

/// The sink that says "off": a scope on a `Tracker<NullSink>` is an empty type, and nothing is compiled in.
struct NullSink {
  std::error_code write(const Record&) noexcept { return {}; }
  std::error_code flush() noexcept { return {}; }
};

static_assert(Sink<NullSink>);

}  // namespace tallyscope::inline v0
