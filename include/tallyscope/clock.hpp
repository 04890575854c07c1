// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <atomic>
#include <cstdint>
#include <ctime>
#if !defined(CLOCK_MONOTONIC)
#include <chrono>
#endif

namespace tallyscope::inline v0 {

/// The clocks of the operating system, in nanoseconds. Stateless; from any thread.
/// Reading one costs 25 to 40 ns, which is nearly all that a scope costs. clock_gettime is what std::chrono calls, and
/// spares every host the 31,000 lines of <chrono>.
struct SystemClock {
  /// Monotonic: for durations.
  std::int64_t steady() const noexcept { return now(steady_id); }
  /// Since 1970-01-01T00:00:00Z, without leap seconds.
  std::int64_t utc() const noexcept { return now(utc_id); }

 private:
#if defined(CLOCK_MONOTONIC)
  static constexpr clockid_t steady_id = CLOCK_MONOTONIC;
  static constexpr clockid_t utc_id = CLOCK_REALTIME;

  static std::int64_t now(clockid_t id) noexcept {
    timespec time;
    ::clock_gettime(id, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }
#else
  struct Steady {};
  struct Utc {};
  static constexpr Steady steady_id{};
  static constexpr Utc utc_id{};

  static std::int64_t now(Steady) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  static std::int64_t now(Utc) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
#endif
};

/// A clock that stands still until it is told to move: for tests of a host's instrumentation. Copies share the time
/// that the first one borrows, since a Tracker keeps a copy of its clock.
class ManualClock {
 public:
  struct Time {
    std::atomic<std::int64_t> steady{0};
    std::atomic<std::int64_t> utc{0};

    void advance(std::int64_t nanoseconds) noexcept {
      steady += nanoseconds;
      utc += nanoseconds;
    }
  };

  /// Borrows `time`, which must outlive the clock and its copies.
  explicit ManualClock(const Time& time) noexcept : time_{&time} {}

  std::int64_t steady() const noexcept { return time_->steady.load(std::memory_order_relaxed); }
  std::int64_t utc() const noexcept { return time_->utc.load(std::memory_order_relaxed); }

 private:
  const Time* time_;
};

}  // namespace tallyscope::inline v0
