// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tallyscope::inline v0::detail {

/// "00" to "99": two digits a division.
inline constexpr std::array<char, 200> digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t value = 0; value < 100; ++value) {
    pairs[2 * value] = static_cast<char>('0' + value / 10);
    pairs[2 * value + 1] = static_cast<char>('0' + value % 10);
  }
  return pairs;
}();

/// "00" to "ff".
inline constexpr std::array<char, 512> hex_pairs = [] {
  std::array<char, 512> pairs{};
  for (std::size_t value = 0; value < 512; ++value)
    pairs[value] = "0123456789abcdef"[value % 2 == 0 ? value / 32 : value / 2 % 16];
  return pairs;
}();

/// The 16 lower-case hex digits. Returns the end.
inline char* write_hex(char* out, std::uint64_t value) noexcept {
  for (int shift = 56; shift >= 0; shift -= 8, out += 2) std::memcpy(out, &hex_pairs[(value >> shift & 255) * 2], 2);
  return out;
}

/// Enough room for any integer that is written here.
inline constexpr std::size_t decimal_room = 20;

constexpr std::size_t decimal_size(std::uint64_t value) noexcept {
  for (std::size_t size = 1;; size += 4, value /= 10'000) {
    if (value < 10) return size;
    if (value < 100) return size + 1;
    if (value < 1'000) return size + 2;
    if (value < 10'000) return size + 3;
  }
}

/// Two digits of a value below 100. Returns the end.
inline char* write_pair(char* out, std::uint64_t value) noexcept {
  std::memcpy(out, &digit_pairs[value * 2], 2);
  return out + 2;
}

/// The last `size` digits of `value`, with leading zeros. Returns the end.
inline char* write_digits(char* out, std::uint64_t value, std::size_t size) noexcept {
  char* const end = out + size;
  for (char* place = end; size >= 2; size -= 2, value /= 100) write_pair(place -= 2, value % 100);
  if (size == 1) *out = static_cast<char>('0' + value % 10);
  return end;
}

// As often as it is called, inlining it costs kilobytes and gains nothing.
[[gnu::noinline]] inline char* write_decimal(char* out, std::uint64_t value) noexcept {
  return write_digits(out, value, decimal_size(value));
}

/// A point and the `size` digits of `value` without the zeros at their end; nothing for 0. Returns the end.
inline char* write_fraction(char* out, std::uint64_t value, std::size_t size) noexcept {
  if (value == 0) return out;
  *out = '.';
  char* end = write_digits(out + 1, value, size);
  while (end[-1] == '0') --end;
  return end;
}

}  // namespace tallyscope::inline v0::detail
