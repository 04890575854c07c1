// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>

#include <atomic>
#include <cstdint>
#include <limits>

namespace tallyscope::inline v0::detail {

/// Tells UTC from a reading of the monotonic clock, so that a scope reads no third clock. The difference of the two is
/// taken anew when it is older than a second, which follows every step of the wall clock.
class UtcAnchor {
 public:
  template <Clock C>
  [[gnu::always_inline]] std::int64_t utc(const C& clock, std::int64_t steady, std::int64_t steady_now) noexcept {
    const std::int64_t age = steady_now - anchored_.load(std::memory_order_acquire);  // then the difference is as new
    if (age < 0 || age > 1'000'000'000) [[unlikely]]
      anchor(clock);
    return steady + difference_.load(std::memory_order_relaxed);
  }

 private:
  template <Clock C>
  [[gnu::cold, gnu::noinline]] void anchor(const C& clock) noexcept {
    const std::int64_t steady = clock.steady();
    difference_.store(clock.utc() - steady, std::memory_order_relaxed);
    anchored_.store(steady, std::memory_order_release);
  }

  std::atomic<std::int64_t> difference_{0};
  std::atomic<std::int64_t> anchored_{std::numeric_limits<std::int64_t>::min() / 2};
};

}  // namespace tallyscope::inline v0::detail
