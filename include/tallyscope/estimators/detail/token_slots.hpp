// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0::detail {

// The tables of a vocabulary image: slots in buckets of one cache line. What finds its bucket full stands in the next
// one, so that a bucket with room ends each search. The hashes are a part of the format: they must not change.

inline constexpr std::uint32_t no_token = 0xFFFFFFFF;

constexpr std::uint64_t slot_hash(std::uint64_t key) noexcept {
  key *= 0x9E3779B97F4A7C15u;
  return key ^ key << 32;
}
constexpr std::uint64_t slot_hash(std::uint64_t low, std::uint64_t high) noexcept {
  return slot_hash((slot_hash(low) >> 29 ^ high) * 0xD6E8FEB86659FD93u);
}

/// Where `hash` belongs among `count` buckets.
inline std::size_t bucket_of(std::uint64_t hash, std::size_t count) noexcept {
  __extension__ using uint128 = unsigned __int128;
  return static_cast<std::size_t>(uint128{hash} * count >> 64);
}

/// Words that are not 0, eight in a bucket.
struct WordSlots {
  static constexpr std::size_t bucket_size = 8;

  const std::uint64_t* slots = nullptr;
  std::size_t buckets = 0;

  /// The slot whose word is `key` above its lowest `ignored` bits, or null. Looks at all of a bucket: sooner done than
  /// guessed where in it the slot is.
  template <unsigned ignored>
  [[gnu::always_inline]] const std::uint64_t* find(std::uint64_t key) const noexcept {
    std::size_t bucket = bucket_of(slot_hash(key), buckets);
    for (std::size_t left = buckets; left > 0; --left, bucket = bucket + 1 == buckets ? 0 : bucket + 1) {
      const std::uint64_t* const first = slots + bucket * bucket_size;
      std::size_t found = bucket_size;
      for (std::size_t place = 0; place < bucket_size; ++place) found = first[place] >> ignored == key ? place : found;
      if (found != bucket_size) return first + found;
      if (first[bucket_size - 1] == 0) break;
    }
    return nullptr;
  }
  [[gnu::always_inline]] void prefetch(std::uint64_t key) const noexcept {
    __builtin_prefetch(slots + bucket_of(slot_hash(key), buckets) * bucket_size);
  }
};

/// Pairs of words, the second of which is not 0, four in a bucket.
struct WidePair {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const WidePair&, const WidePair&) = default;
};

/// Has the text that such a pair stands for, with its size on top, at most 7 bytes?
constexpr bool is_short(const WidePair& text) noexcept { return text.high >> 59 == 0; }

struct WideSlots {
  static constexpr std::size_t bucket_size = 4;

  const WidePair* slots = nullptr;
  std::size_t buckets = 0;

  [[gnu::always_inline]] const WidePair* find(const WidePair& key) const noexcept {
    std::size_t bucket = bucket_of(slot_hash(key.low, key.high), buckets);
    for (std::size_t left = buckets; left > 0; --left, bucket = bucket + 1 == buckets ? 0 : bucket + 1) {
      const WidePair* const first = slots + bucket * bucket_size;
      std::size_t found = bucket_size;
      for (std::size_t place = 0; place < bucket_size; ++place)
        found = ((first[place].low ^ key.low) | (first[place].high ^ key.high)) == 0 ? place : found;
      if (found != bucket_size) return first + found;
      if (first[bucket_size - 1].high == 0) break;
    }
    return nullptr;
  }
  [[gnu::always_inline]] void prefetch(const WidePair& key) const noexcept {
    __builtin_prefetch(slots + bucket_of(slot_hash(key.low, key.high), buckets) * bucket_size);
  }
};

/// A text of up to 7 bytes as a word that is not 0: its bytes and, on top, its size.
inline std::uint64_t short_key(const char* bytes, std::size_t size) noexcept {
  std::uint64_t word = 0;
  for (std::size_t place = size; place-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes[place]);
  return word | static_cast<std::uint64_t>(size) << 56;
}

/// A text of 8 to 15 bytes the same way.
inline WidePair middle_key(const char* bytes, std::size_t size) noexcept {
  WidePair pair;
  for (std::size_t place = 8; place-- > 0;) pair.low = pair.low << 8 | static_cast<unsigned char>(bytes[place]);
  for (std::size_t place = size; place-- > 8;) pair.high = pair.high << 8 | static_cast<unsigned char>(bytes[place]);
  pair.high |= static_cast<std::uint64_t>(size) << 56;
  return pair;
}

/// A longer text as a word of 46 bits that is not 0, by a hash: two texts may have the same.
inline std::uint64_t long_key(const char* bytes, std::size_t size) noexcept {
  std::uint64_t state = size;
  for (std::size_t place = 0; place < size; ++place)
    state = (state ^ static_cast<unsigned char>(bytes[place])) * 0x100000001B3u;
  return slot_hash(state) >> 18 | std::uint64_t{1} << 45;
}

}  // namespace tallyscope::inline v0::detail
