// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0 {

/// Why a record did not reach its place.
enum class DropReason : std::uint8_t {
  sink_error,  ///< the sink returned an error
  sink_threw,  ///< the sink threw
  queue_full,  ///< a bounded queue had no room
  out_of_memory,
};
inline constexpr std::string_view drop_reason_names[] = {"sink_error", "sink_threw", "queue_full", "out_of_memory"};
inline constexpr std::size_t drop_reason_count = 4;

/// Where the records went. Always: recorded == delivered + the sum of dropped + pending.
struct Health {
  std::uint64_t recorded = 0;
  std::uint64_t delivered = 0;
  std::uint64_t dropped[drop_reason_count] = {};
  std::uint64_t pending = 0;

  constexpr std::uint64_t dropped_for(DropReason reason) const noexcept {
    return dropped[static_cast<std::size_t>(reason)];
  }
  constexpr std::uint64_t dropped_in_all() const noexcept {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : dropped) sum += count;
    return sum;
  }
  friend constexpr bool operator==(const Health&, const Health&) noexcept = default;
};

/// One record that was lost, as the failure handler hears it. The message is valid only during the call.
struct Failure {
  DropReason reason = DropReason::sink_error;
  std::error_code error{};     ///< what the sink returned; Error::sink_threw when it threw
  std::string_view message{};  ///< what() of what it threw, or the error's own
};

}  // namespace tallyscope::inline v0
