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

/// A piece of 16 to 31 bytes: its first 16, and the rest as above.
struct LongPieceKey {
  WidePair first{}, rest{};

  friend bool operator==(const LongPieceKey&, const LongPieceKey&) = default;
};

[[gnu::always_inline]] inline LongPieceKey long_piece_key(const char* piece, std::size_t size,
                                                          const char* text_end) noexcept {
  const WidePair first{load8(piece), load8(piece + 8)};
  if (size == 16) return {first, {}};  // a rest has a size
  return {first, piece_key(piece + 16, size - 16, text_end)};
}

/// How many tokens the pieces have that a text had before: what repeats is found again in the cache of the processor.
/// Sets of four entries of 16 bytes and of two of 32, the newest first. For one thread.
class PieceCache {
 public:
  static constexpr std::size_t longest_short = 15;  // bytes of a piece
  static constexpr std::size_t longest = 31;
  static constexpr std::size_t most_tokens = 15;

  PieceCache() : sets_{std::make_unique<Set[]>(set_count)}, long_sets_{std::make_unique<LongSet[]>(long_set_count)} {}

  /// 0 for a piece that it does not have.
  [[gnu::always_inline]] std::size_t find(const WidePair& key) const noexcept {
    for (const WidePair& entry : sets_[place_of(key)].entries)
      if (entry.low == key.low && (entry.high & ~count_bits) == key.high) return entry.high >> count_place;
    return 0;
  }
  std::size_t find(const LongPieceKey& key) const noexcept {
    for (const LongPieceKey& entry : long_sets_[place_of(key)].entries)
      if (entry.first == key.first && entry.rest.low == key.rest.low &&
          (entry.rest.high & ~count_bits) == key.rest.high)
        return entry.rest.high >> count_place;
    return 0;
  }

  /// `tokens` is 1 to most_tokens.
  void put(const WidePair& key, std::size_t tokens) noexcept {
    Set& set = sets_[place_of(key)];
    for (std::size_t place = 3; place > 0; --place) set.entries[place] = set.entries[place - 1];
    set.entries[0] = {key.low, key.high | std::uint64_t{tokens} << count_place};
  }
  void put(const LongPieceKey& key, std::size_t tokens) noexcept {
    LongSet& set = long_sets_[place_of(key)];
    set.entries[1] = set.entries[0];
    set.entries[0] = key;
    set.entries[0].rest.high |= std::uint64_t{tokens} << count_place;
  }

 private:
  static constexpr unsigned count_place = 60;
  static constexpr std::uint64_t count_bits = std::uint64_t{15} << count_place;
  static constexpr unsigned set_bits = 14, long_set_bits = 12;
  static constexpr std::size_t set_count = std::size_t{1} << set_bits;            // 1 MiB
  static constexpr std::size_t long_set_count = std::size_t{1} << long_set_bits;  // 256 KiB

  struct alignas(64) Set {
    WidePair entries[4];
  };
  struct alignas(64) LongSet {
    LongPieceKey entries[2];
  };

  static std::size_t place_of(const WidePair& key) noexcept {
    return static_cast<std::size_t>(slot_hash(key.low, key.high) >> (64 - set_bits));
  }
  static std::size_t place_of(const LongPieceKey& key) noexcept {
    const std::uint64_t first = slot_hash(key.first.low, key.first.high);
    return static_cast<std::size_t>((first ^ slot_hash(key.rest.low, key.rest.high) >> 17) * 0x9E3779B97F4A7C15u >>
                                    (64 - long_set_bits));
  }

  std::unique_ptr<Set[]> sets_;
  std::unique_ptr<LongSet[]> long_sets_;
};

}  // namespace tallyscope::inline v0::detail
