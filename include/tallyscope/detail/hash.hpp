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

// What hashes a text shows each word of it, with its place, to `seen(word, place)`, so that the text can be copied on
// the way. Words of 8 bytes, the last one overlapping the one before it; a text of less than 8 in smaller ones.

/// Up to 7 bytes as a word; with the size, no two texts give the same.
template <class Seen>
[[gnu::always_inline]] inline std::uint64_t load_few_seen(const char* bytes, std::size_t size,
                                                          const Seen& seen) noexcept {
  const auto load_at = [&]<class Word>(std::size_t place, Word) __attribute__((always_inline)) {
    const Word word = load<Word>(bytes + place);
    seen(word, place);
    return std::uint64_t{word};
  };
  if (size >= 4) return load_at(size - 4, std::uint32_t{}) << 32 | load_at(0, std::uint32_t{});
  if (size == 0) return 0;
  return load_at(0, std::uint8_t{}) << 16 | load_at(size / 2, std::uint8_t{}) << 8 | load_at(size - 1, std::uint8_t{});
}

inline std::uint64_t load_few(const char* bytes, std::size_t size) noexcept {
  return load_few_seen(bytes, size, [](auto, std::size_t) {});
}

template <class Seen>
[[gnu::always_inline]] inline std::uint64_t hash_seen(std::uint64_t state, std::string_view text,
                                                      const Seen& seen) noexcept {
  constexpr std::uint64_t odd = 0xD6E8FEB86659FD93u, other = 0xA0761D6478BD642Fu;
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  const auto load_at = [&](std::size_t place) __attribute__((always_inline)) {
    const std::uint64_t word = load8(bytes + place);
    seen(word, place);
    return word;
  };
  state ^= size * odd;
  if (size < 8) return fold(state ^ load_few_seen(bytes, size, seen), other) ^ state;
  for (std::size_t place = 0; place + 8 < size; place += 8) state = fold(state ^ load_at(place), odd);
  return fold(state ^ load_at(size - 8), other) ^ state;
}

/// Goes on from `state` with `text`: chain it over several texts. The length enters too, so that ("ab", "c") and
/// ("a", "bc") differ. 64 bits: two of 2,000 names meet once in 10^13 processes.
inline std::uint64_t hash(std::uint64_t state, std::string_view text) noexcept {
  return hash_seen(state, text, [](auto, std::size_t) {});
}

/// The same, and copies the text to `out` on the way. `bits` collects all that was seen: those of `high_bits` stand
/// where a byte is not ASCII.
[[gnu::always_inline]] inline std::uint64_t hash_and_copy(std::uint64_t state, std::string_view text, char* out,
                                                          std::uint64_t& bits) noexcept {
  return hash_seen(
      state, text, [&](auto word, std::size_t place) __attribute__((always_inline)) {
        store(out + place, word);
        bits |= word;
      });
}

}  // namespace tallyscope::inline v0::detail
