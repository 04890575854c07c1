// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What each character stands for in base64 (RFC 4648); 64 for those that are none of it.
inline constexpr auto base64_values = [] {
  std::array<unsigned char, 256> values{};
  for (unsigned char& value : values) value = 64;
  unsigned char next = 0;
  for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"})
    values[static_cast<unsigned char>(c)] = next++;
  return values;
}();

/// Calls `take(piece)` for the bytes that `text` stands for, up to 768 at a time. False where it is no base64; what
/// stood before was taken then. Padding may be missing.
template <class Take>
bool decode_base64(std::string_view text, const Take& take) {
  while (text.ends_with('=')) text.remove_suffix(1);
  char bytes[768];
  std::size_t size = 0;
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : text) {
    const unsigned char value = base64_values[static_cast<unsigned char>(c)];
    if (value == 64) return false;
    bits = bits << 6 | value;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes[size++] = static_cast<char>(bits >> bit_count & 0xFF);
    if (size < sizeof bytes) continue;
    take(std::string_view{bytes, size});
    size = 0;
  }
  if (size > 0) take(std::string_view{bytes, size});
  return bit_count < 6;
}

}  // namespace tallyscope::inline v0::detail
