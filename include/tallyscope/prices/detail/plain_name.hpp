// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The longest name that a price book knows; a longer one has no price.
inline constexpr std::size_t plain_name_limit = 160;

/// How names are compared: ASCII letters in lower case, and every separator as `_`.
inline constexpr std::array<char, 256> plain_bytes = [] {
  std::array<char, 256> bytes{};
  for (std::size_t byte = 0; byte < bytes.size(); ++byte) bytes[byte] = static_cast<char>(byte);
  for (std::size_t letter = 'A'; letter <= 'Z'; ++letter) bytes[letter] = static_cast<char>(letter - 'A' + 'a');
  for (const char separator : {'-', '.', '/', ':', ' '}) bytes[static_cast<unsigned char>(separator)] = '_';
  return bytes;
}();

constexpr char plain_byte(char byte) noexcept { return plain_bytes[static_cast<unsigned char>(byte)]; }

/// Does `name` read as `plain` does?
inline bool reads_as(std::string_view name, std::string_view plain) noexcept {
  if (name.size() != plain.size()) return false;
  for (std::size_t place = 0; place < name.size(); ++place)
    if (plain_byte(name[place]) != plain[place]) return false;
  return true;
}

/// Copies `size` bytes without a call of memcpy.
[[gnu::always_inline]] inline void copy_name(char* to, const char* from, std::size_t size) noexcept {
  if (size >= 8) {
    for (std::size_t place = 0; place + 8 < size; place += 8) store(to + place, load8(from + place));
    return store(to + size - 8, load8(from + size - 8));
  }
  for (std::size_t place = 0; place < size; ++place) to[place] = from[place];
}

/// Compares `size` bytes without a call of memcmp.
[[gnu::always_inline]] inline bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
  const auto differences = [&](std::size_t place) { return load8(a + place) ^ load8(b + place); };
  const auto differences4 = [&](std::size_t place) {
    return load<std::uint32_t>(a + place) ^ load<std::uint32_t>(b + place);
  };
  if (size > 32) {
    for (std::size_t place = 0; place + 8 < size; place += 8)
      if (differences(place) != 0) return false;
    return differences(size - 8) == 0;
  }
  if (size > 16) return (differences(0) | differences(8) | differences(size - 16) | differences(size - 8)) == 0;
  if (size >= 8) return (differences(0) | differences(size - 8)) == 0;
  if (size >= 4) return (differences4(0) | differences4(size - 4)) == 0;
  for (std::size_t place = 0; place < size; ++place)
    if (a[place] != b[place]) return false;
  return true;
}

/// Names are read, hashed and compared by blocks of 16 bytes, the last one with zeros behind the name.
using NameBlock = unsigned char __attribute__((vector_size(16)));
using NameWords = std::uint64_t __attribute__((vector_size(16)));
inline constexpr std::size_t name_block = sizeof(NameBlock);

/// The plain form of 16 bytes at once.
[[gnu::always_inline]] inline NameBlock plain_block(NameBlock bytes) noexcept {
  const auto every = [](char byte) { return NameBlock{} + static_cast<unsigned char>(byte); };
  const auto among = [&](char first, char count) {
    return std::bit_cast<NameBlock>(bytes - every(first) < every(count));
  };
  bytes += among('A', 26) & every('a' - 'A');
  const NameBlock separators = among('-', 3) | among(':', 1) | among(' ', 1);
  return (bytes & ~separators) | (every('_') & separators);
}

/// What is left of a name behind its last whole block, one byte at least, with zeros behind it. Reads no byte outside
/// of the name.
[[gnu::always_inline]] inline NameBlock last_block(const char* name, std::size_t size) noexcept {
  const std::size_t rest = size % name_block;
  if constexpr (std::endian::native == std::endian::little) {
    __extension__ using Both = unsigned __int128;
    const char* const end = name + size;
    std::uint64_t first = 0, second = 0;
    if (size > name_block) {
      const Both both = (Both{load8(end - 8)} << 64 | load8(end - 16)) >> 8 * (name_block - rest);
      first = static_cast<std::uint64_t>(both);
      second = static_cast<std::uint64_t>(both >> 64);
    } else if (size >= 8) {
      first = load8(name);
      second = load8(end - 8) >> 8 * (15 - size) >> 8;
    } else if (size >= 4) {
      first = load<std::uint32_t>(name) | std::uint64_t{load<std::uint32_t>(end - 4)} << 8 * (size - 4);
    } else {
      const auto byte = [&](std::size_t place) { return std::uint64_t{load<std::uint8_t>(name + place)} << 8 * place; };
      first = byte(0) | byte(size / 2) | byte(size - 1);
    }
    return std::bit_cast<NameBlock>(NameWords{first, second});
  } else {
    NameBlock block{};
    std::memcpy(&block, name + (size - rest), rest);
    return block;
  }
}

/// A name as it is compared, in the stack; empty when the name is too long.
class PlainName {
 public:
  explicit PlainName(std::string_view name) noexcept
      : size_{static_cast<std::uint16_t>(name.size() > plain_name_limit ? 0 : name.size())} {
    const std::size_t size = size_;
    std::uint64_t state = size * 0xD6E8FEB86659FD93u + 1;
    std::size_t place = 0;
    for (; place + name_block <= size; place += name_block)
      state = put(place, load<NameBlock>(name.data() + place), state);
    if (place < size) state = put(place, last_block(name.data(), size), state);
    hash_ = state * 0x9E3779B97F4A7C15u;
  }

  std::string_view text() const noexcept { return {bytes_, size_}; }
  bool empty() const noexcept { return size_ == 0; }
  std::uint16_t size() const noexcept { return size_; }
  std::uint64_t hash() const noexcept { return hash_; }

  std::size_t blocks() const noexcept { return (size_ + name_block - 1u) / name_block; }
  NameBlock block(std::size_t number) const noexcept { return load<NameBlock>(bytes_ + number * name_block); }
  [[gnu::always_inline]] bool has_blocks(const NameBlock* others) const noexcept {
    for (std::size_t number = 0; number < blocks(); ++number) {
      const auto differences = std::bit_cast<NameWords>(block(number) ^ others[number]);
      if ((differences[0] | differences[1]) != 0) return false;
    }
    return true;
  }

 private:
  [[gnu::always_inline]] std::uint64_t put(std::size_t place, NameBlock block, std::uint64_t state) noexcept {
    block = plain_block(block);
    store(bytes_ + place, block);
    const auto words = std::bit_cast<NameWords>(block);
    return fold(state ^ words[0], words[1] ^ 0xA0761D6478BD642Fu);
  }

  alignas(NameBlock) char bytes_[plain_name_limit];
  std::uint64_t hash_;
  std::uint16_t size_;
};
static_assert(plain_name_limit % name_block == 0);

}  // namespace tallyscope::inline v0::detail
