// SPDX-License-Identifier: MIT
#include <tallyscope/clock.hpp>
#include <tallyscope/concepts.hpp>

#include "catch.hpp"

#include <chrono>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace ts = tallyscope;

namespace {

template <class Clock>
std::int64_t nanoseconds_of() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

TEST_CASE("both clocks are clocks", "[clock]") {
  CHECK(ts::Clock<ts::SystemClock>);
  CHECK(ts::Clock<ts::ManualClock>);
  CHECK(std::is_empty_v<ts::SystemClock>);
  CHECK(noexcept(ts::SystemClock{}.steady()));
  CHECK(noexcept(ts::SystemClock{}.utc()));
}

TEST_CASE("the steady clock is the standard library's, in nanoseconds", "[clock]") {
  const ts::SystemClock clock;
  for (int round = 0; round < 1'000; ++round) {
    const std::int64_t before = nanoseconds_of<std::chrono::steady_clock>();
    const std::int64_t now = clock.steady();
    const std::int64_t after = nanoseconds_of<std::chrono::steady_clock>();
    if (now < before || now > after) FAIL(before << " <= " << now << " <= " << after);
  }
}

TEST_CASE("the UTC clock is the standard library's, in nanoseconds", "[clock]") {
  const ts::SystemClock clock;
  constexpr std::int64_t second = 1'000'000'000;  // the system may set its clock meanwhile
  const std::int64_t before = nanoseconds_of<std::chrono::system_clock>();
  const std::int64_t now = clock.utc();
  CHECK(now >= before - second);
  CHECK(now <= before + 60 * second);
}

TEST_CASE("the steady clock never steps back, within a thread or from one to the next", "[clock]") {
  const ts::SystemClock clock;
  const std::int64_t before = clock.steady();
  struct Seen {
    std::int64_t first = 0, last = 0;
    int steps_back = 0;
  };
  std::vector<Seen> seen(4);
  {
    std::vector<std::jthread> threads;
    for (Seen& mine : seen)
      threads.emplace_back([&mine, clock] {
        mine.first = mine.last = clock.steady();
        for (int round = 0; round < 50'000; ++round) {
          const std::int64_t now = clock.steady();
          if (now < mine.last) ++mine.steps_back;
          mine.last = now;
        }
      });
  }
  const std::int64_t after = clock.steady();
  for (const Seen& each : seen) {
    CHECK(each.steps_back == 0);
    CHECK(each.first >= before);
    CHECK(each.last <= after);
    CHECK(each.last > each.first);
  }
}

TEST_CASE("a manual clock stands still until it is told to move", "[clock]") {
  ts::ManualClock::Time time;
  const ts::ManualClock clock{time};
  CHECK(clock.steady() == 0);
  CHECK(clock.utc() == 0);
  time.utc = 1'700'000'000'000'000'000;
  CHECK(clock.steady() == 0);
  CHECK(clock.utc() == 1'700'000'000'000'000'000);
  time.advance(5);
  CHECK(clock.steady() == 5);
  CHECK(clock.utc() == 1'700'000'000'000'000'005);
  time.advance(-6);
  CHECK(clock.steady() == -1);
}

TEST_CASE("copies of a manual clock show the same time", "[clock]") {
  ts::ManualClock::Time time;
  const ts::ManualClock clock{time};
  const ts::ManualClock copy = clock;
  time.advance(42);
  CHECK(copy.steady() == 42);
  CHECK(clock.steady() == 42);
}

TEST_CASE("a manual clock may be moved while other threads read it", "[clock]") {
  ts::ManualClock::Time time;
  std::int64_t steps_back = 0;
  {
    const std::jthread reader{[clock = ts::ManualClock{time}, &steps_back] {
      std::int64_t last = 0;
      while (last < 10'000) {
        const std::int64_t now = clock.steady();
        if (now < last) ++steps_back;
        last = now;
      }
    }};
    for (int tick = 0; tick < 10'000; ++tick) time.advance(1);
  }
  CHECK(steps_back == 0);
  CHECK(time.utc.load() == 10'000);
}
