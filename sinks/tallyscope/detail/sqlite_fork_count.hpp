// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <atomic>
#include <cstdint>

#include <pthread.h>

namespace tallyscope::inline v0::detail {

inline constinit std::atomic<std::uint32_t> forks{0};

/// How often this process has been forked off another one since somebody first asked: what differs from an earlier
/// answer was the parent's. A load, where getpid(2) would be a call of the system.
inline std::uint32_t fork_count() noexcept {
  static const int watched = ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  static_cast<void>(watched);
  return forks.load(std::memory_order_relaxed);
}

}  // namespace tallyscope::inline v0::detail
