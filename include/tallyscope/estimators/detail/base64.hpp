// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What a digit of base64 (RFC 4648, section 4) stands for, or 64.
constexpr std::uint32_t base64_digit(char digit) noexcept {
  if (digit >= 'A' && digit <= 'Z') return static_cast<std::uint32_t>(digit - 'A');
  if (digit >= 'a' && digit <= 'z') return static_cast<std::uint32_t>(digit - 'a') + 26;
  if (digit >= '0' && digit <= '9') return static_cast<std::uint32_t>(digit - '0') + 52;
  return digit == '+' ? 62 : digit == '/' ? 63 : 64;
}

/// Puts the bytes in the place of what `bytes` holds; false for a text that is none.
inline bool decode_base64(std::string_view text, std::string& bytes) {
  bytes.clear();
  if (text.size() % 4 != 0) return false;
  while (!text.empty()) {
    const std::size_t digits = text[3] != '=' ? 4 : text[2] != '=' ? 3 : 2;
    std::uint32_t word = 0;
    for (std::size_t place = 0; place < 4; ++place) {
      const std::uint32_t digit = place < digits ? base64_digit(text[place]) : 0;
      if (digit == 64) return false;
      word = word << 6 | digit;
    }
    for (std::size_t place = 0; place + 1 < digits; ++place)
      bytes += static_cast<char>(word >> (16 - 8 * place) & 0xFF);
    text.remove_prefix(4);
    if (digits < 4 && !text.empty()) return false;
  }
  return true;
}

}  // namespace tallyscope::inline v0::detail
