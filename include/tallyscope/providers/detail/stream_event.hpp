// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// One event of a stream, whatever carries it. Views bytes that are gone when the visitor returns.
struct StreamEvent {
  enum class Kind : std::uint8_t {
    event,
    body,      ///< the first of JSON values that no frame is around: a whole body, if it is no event
    failure,   ///< `type` is what the transport calls the failure
    too_long,  ///< there was an event here, which was left out
    broken,    ///< what came is damaged
  };

  std::string_view type{};  ///< of SSE's `event:`, or of a frame's header
  std::string_view data{};
  Kind kind = Kind::event;
};

}  // namespace tallyscope::inline v0::detail
