// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/random.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/money.hpp>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

inline constinit std::atomic<std::uint64_t> hash_seed_cell{0};

/// Drawn once a process, so that nobody outside can choose names that collide.
inline std::uint64_t hash_seed() noexcept {
  const std::uint64_t seed = hash_seed_cell.load(std::memory_order_relaxed);
  return seed != 0 ? seed : draw_once(hash_seed_cell);
}

/// The two halves of the 128-bit product, folded: every bit of both words reaches every bit of the result.
constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using uint128 = unsigned __int128;
  const uint128 product = static_cast<uint128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Up to 8 bytes as a word; with the size, no two texts give the same.
inline std::uint64_t load_few(const char* bytes, std::size_t size) noexcept {
  if (size >= 4) {
    const std::uint64_t low = load<std::uint32_t>(bytes), high = load<std::uint32_t>(bytes + size - 4);
    return high << 32 | low;
  }
  if (size == 0) return 0;
  const auto byte = [&](std::size_t place) { return std::uint64_t{static_cast<unsigned char>(bytes[place])}; };
  return byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
}

/// Goes on from `state` with `text`: chain it over several texts. The length enters too, so that ("ab", "c") and
/// ("a", "bc") differ. 64 bits: two of 2,000 names meet once in 10^13 processes.
inline std::uint64_t hash(std::uint64_t state, std::string_view text) noexcept {
  constexpr std::uint64_t odd = 0xD6E8FEB86659FD93u, other = 0xA0761D6478BD642Fu;
  const char* bytes = text.data();
  std::size_t left = text.size();
  state ^= text.size() * odd;
  for (; left > 8; bytes += 8, left -= 8) state = fold(state ^ load8(bytes), odd);
  return fold(state ^ load_few(bytes, left), other) ^ state;
}

}  // namespace tallyscope::inline v0::detail
