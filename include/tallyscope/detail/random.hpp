// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/clock.hpp>

#include <atomic>
#include <cstdint>
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#define TALLYSCOPE_DETAIL_GETENTROPY 1
#endif

namespace tallyscope::inline v0::detail {

/// One step of splitmix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
constexpr std::uint64_t spread(std::uint64_t value) noexcept {
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
  value = (value ^ value >> 27) * 0x94D049BB133111EBu;
  return value ^ value >> 31;
}

/// 8 bytes from the operating system, never 0; from the clocks and an address where it has none to give.
[[gnu::cold, gnu::noinline]] inline std::uint64_t random_word() noexcept {
  std::uint64_t word = 0;
#if defined(TALLYSCOPE_DETAIL_GETENTROPY)
  if (::getentropy(&word, sizeof word) != 0) word = 0;
#endif
  const SystemClock clock;
  while (word == 0)
    word = spread(static_cast<std::uint64_t>(clock.utc()) ^ spread(static_cast<std::uint64_t>(clock.steady())) ^
                  reinterpret_cast<std::uintptr_t>(&word));
  return word;
}

/// What `cell` holds; the first caller fills it with a random word.
[[gnu::cold, gnu::noinline]] inline std::uint64_t draw_once(std::atomic<std::uint64_t>& cell) noexcept {
  std::uint64_t expected = 0;
  const std::uint64_t drawn = random_word();
  return cell.compare_exchange_strong(expected, drawn) ? drawn : expected;
}

}  // namespace tallyscope::inline v0::detail
