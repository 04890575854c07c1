// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>
#include <tallyscope/estimators/detail/token_slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace tallyscope::inline v0::detail {

/// A piece of 1 to 15 bytes as two words, its size in bits 56 to 59 of the upper one. Reads 16 bytes at once where the
/// text goes on that far behind `piece`.
[[gnu::always_inline]] inline WidePair piece_key(const char* piece, std::size_t size, const char* text_end) noexcept {
  if (std::endian::native != std::endian::little || text_end - piece < 16) {
    if (size >= 8) return middle_key(piece, size);
    const std::uint64_t key = short_key(piece, size);
    return {key & ~std::uint64_t{0} >> 8, static_cast<std::uint64_t>(size) << 56};
  }
  const std::uint64_t low = load8(piece), high = load8(piece + 8);
  const std::uint64_t kept = ~std::uint64_t{0} >> (64 - 8 * (size & 7)) % 64;
  if (size >= 8) return {low, (size == 8 ? 0 : high & kept) | static_cast<std::uint64_t>(size) << 56};
  return {low & kept, static_cast<std::uint64_t>(size) << 56};
}

/// How many tokens the pieces have that a text had before: what repeats is found again in the cache of the processor.
/// Four entries of 16 bytes in a set, the newest first. For one thread.
class PieceCache {
 public:
  static constexpr std::size_t set_count = 16'384;  // 1 MiB in all

  PieceCache() : sets_{std::make_unique<Set[]>(set_count)} {}

  /// 0 for a piece that it does not have.
  [[gnu::always_inline]] std::uint32_t find(const WidePair& key) const noexcept {
    const Set& set = sets_[place_of(key)];
    for (const WidePair& entry : set.entries)
      if (entry.low == key.low && (entry.high & ~count_bits) == key.high)
        return static_cast<std::uint32_t>(entry.high >> count_place);
    return 0;
  }

  /// `tokens` is 1 to 15.
  void put(const WidePair& key, std::uint32_t tokens) noexcept {
    Set& set = sets_[place_of(key)];
    for (std::size_t place = 3; place > 0; --place) set.entries[place] = set.entries[place - 1];
    set.entries[0] = {key.low, key.high | std::uint64_t{tokens} << count_place};
  }

 private:
  static constexpr unsigned count_place = 60;
  static constexpr std::uint64_t count_bits = std::uint64_t{15} << count_place;

  struct alignas(64) Set {
    WidePair entries[4];
  };

  static std::size_t place_of(const WidePair& key) noexcept {
    return static_cast<std::size_t>(slot_hash(key.low, key.high) >> 50);
  }
  static_assert(set_count == std::size_t{1} << 14);

  std::unique_ptr<Set[]> sets_;
};

}  // namespace tallyscope::inline v0::detail
