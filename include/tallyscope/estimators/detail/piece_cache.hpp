// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/estimators/detail/token_slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace tallyscope::inline v0::detail {

/// What is kept of 16 bytes for the key of a piece of each size.
inline constexpr auto piece_key_masks = [] {
  struct {
    WidePair of[16];
  } masks{};
  for (std::size_t size = 1; size < 16; ++size) {
    masks.of[size].low = ~std::uint64_t{0} >> (size < 8 ? 64 - 8 * size : 0);
    masks.of[size].high = size > 8 ? ~std::uint64_t{0} >> (128 - 8 * size) : 0;
  }
  return masks;
}();

/// A piece of 1 to 15 bytes as two words, its size in bits 56 to 59 of the upper one. Reads 16 bytes at once where the
/// text goes on that far behind `piece`.
[[gnu::always_inline]] inline WidePair piece_key(const char* piece, std::size_t size, const char* text_end) noexcept {
  if (std::endian::native != std::endian::little || text_end - piece < 16) [[unlikely]] {
    if (size >= 8) return middle_key(piece, size);
    const std::uint64_t key = short_key(piece, size);
    return {key & ~std::uint64_t{0} >> 8, static_cast<std::uint64_t>(size) << 56};
  }
  const WidePair& kept = piece_key_masks.of[size];
  return {load8(piece) & kept.low, (load8(piece + 8) & kept.high) | static_cast<std::uint64_t>(size) << 56};
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

  /// It keeps nothing until it has memory; false if there is none. One allocation, of which the system makes ready what
  /// is used.
  bool open() noexcept {
    memory_.reset(static_cast<char*>(std::calloc(1, memory_size)));
    return is_open();
  }
  bool is_open() const noexcept { return memory_ != nullptr; }

  /// 0 for a piece that it does not have.
  [[gnu::always_inline]] std::size_t find(const WidePair& key) const noexcept {
    std::uint64_t found = 0;  // looks at all four: sooner done than guessed which it is
    for (const WidePair& entry : set_of(key).entries) {
      const std::uint64_t differences = (entry.low ^ key.low) | (entry.high ^ key.high) << (64 - count_place);
      found |= differences == 0 ? entry.high : 0;
    }
    return static_cast<std::size_t>(found >> count_place);
  }
  std::size_t find(const LongPieceKey& key) const noexcept {
    for (const LongPieceKey& entry : set_of(key).entries)
      if (entry.first == key.first && entry.rest.low == key.rest.low &&
          (entry.rest.high & ~count_bits) == key.rest.high)
        return entry.rest.high >> count_place;
    return 0;
  }

  /// `tokens` is 1 to most_tokens.
  void put(const WidePair& key, std::size_t tokens) noexcept {
    Set& set = set_of(key);
    for (std::size_t place = 3; place > 0; --place) set.entries[place] = set.entries[place - 1];
    set.entries[0] = {key.low, key.high | std::uint64_t{tokens} << count_place};
  }
  void put(const LongPieceKey& key, std::size_t tokens) noexcept {
    LongSet& set = set_of(key);
    set.entries[1] = set.entries[0];
    set.entries[0] = key;
    set.entries[0].rest.high |= std::uint64_t{tokens} << count_place;
  }

 private:
  static constexpr unsigned count_place = 60;
  static constexpr std::uint64_t count_bits = std::uint64_t{15} << count_place;
  static constexpr unsigned set_bits = 14, long_set_bits = 12;

  struct Set {
    WidePair entries[4];
  };
  struct LongSet {
    LongPieceKey entries[2];
  };
  struct alignas(64) Sets {
    Set sets[std::size_t{1} << set_bits];                // 1 MiB
    LongSet long_sets[std::size_t{1} << long_set_bits];  // 256 KiB
  };
  struct Free {
    void operator()(char* memory) const noexcept { std::free(memory); }
  };

 public:
  static constexpr std::size_t memory_size = sizeof(Sets) + alignof(Sets);

 private:
  Sets& sets() const noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    return *reinterpret_cast<Sets*>(memory_.get() + (0 - address) % alignof(Sets));
  }
  Set& set_of(const WidePair& key) const noexcept { return sets().sets[hash(key) >> (64 - set_bits)]; }
  LongSet& set_of(const LongPieceKey& key) const noexcept {
    return sets().long_sets[fold(hash(key.first), hash(key.rest)) >> (64 - long_set_bits)];
  }
  static std::uint64_t hash(const WidePair& key) noexcept {
    return fold(key.low ^ 0x9E3779B97F4A7C15u, key.high ^ 0xD6E8FEB86659FD93u);
  }

  std::unique_ptr<char, Free> memory_;
};

}  // namespace tallyscope::inline v0::detail
