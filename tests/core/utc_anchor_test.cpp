// SPDX-License-Identifier: MIT
#include <tallyscope/clock.hpp>
#include <tallyscope/detail/utc_anchor.hpp>

#include "catch.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr std::int64_t second = 1'000'000'000, begin = 1'700'000'000 * second;

/// Counts how often the wall clock is read.
struct Counting {
  ts::ManualClock clock;
  std::atomic<int>* reads;

  std::int64_t steady() const { return clock.steady(); }
  std::int64_t utc() const {
    ++*reads;
    return clock.utc();
  }
};

}  // namespace

TEST_CASE("a steady reading becomes UTC by the difference of the clocks", "[utc_anchor]") {
  ts::ManualClock::Time time;
  time.steady = 77;
  time.utc = begin;
  ts::detail::UtcAnchor anchor;
  const ts::ManualClock clock{time};
  CHECK(anchor.utc(clock, 77, 77) == begin);
  CHECK(anchor.utc(clock, 70, 77) == begin - 7);
  time.advance(1'000);
  CHECK(anchor.utc(clock, 1'077, 1'077) == begin + 1'000);
}

TEST_CASE("the wall clock is read once a second, not once a call", "[utc_anchor]") {
  ts::ManualClock::Time time;
  time.utc = begin;
  std::atomic<int> reads{0};
  const Counting clock{ts::ManualClock{time}, &reads};
  ts::detail::UtcAnchor anchor;
  for (int call = 0; call < 1'000; ++call) {
    CHECK(anchor.utc(clock, clock.steady(), clock.steady()) == begin + call * (second / 100));
    time.advance(second / 100);
  }
  CHECK(reads >= 9);
  CHECK(reads <= 11);
}

TEST_CASE("a wall clock that is set is followed after a second at the latest", "[utc_anchor]") {
  ts::ManualClock::Time time;
  time.utc = begin;
  const ts::ManualClock clock{time};
  ts::detail::UtcAnchor anchor;
  CHECK(anchor.utc(clock, 0, 0) == begin);
  time.utc -= 3'600 * second;
  time.advance(second);
  CHECK(anchor.utc(clock, second, second) == begin + second);
  time.advance(1);
  CHECK(anchor.utc(clock, second + 1, second + 1) == begin - 3'599 * second + 1);
}

TEST_CASE("a steady clock that steps back is followed at once", "[utc_anchor]") {
  ts::ManualClock::Time time;
  time.steady = 500 * second;
  time.utc = begin;
  const ts::ManualClock clock{time};
  ts::detail::UtcAnchor anchor;
  CHECK(anchor.utc(clock, 500 * second, 500 * second) == begin);
  time.steady = 3 * second;
  CHECK(anchor.utc(clock, 3 * second, 3 * second) == begin);
}

TEST_CASE("threads share an anchor", "[utc_anchor]") {
  const ts::SystemClock clock;
  ts::detail::UtcAnchor anchor;
  std::atomic<int> far_off{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        for (int call = 0; call < 10'000; ++call) {
          const std::int64_t steady = clock.steady();
          const std::int64_t off = anchor.utc(clock, steady, steady) - clock.utc();
          if (off > 5 * second || off < -5 * second) ++far_off;
        }
      });
  }
  CHECK(far_off == 0);
}
