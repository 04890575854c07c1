// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Byte-level vocabularies write each byte as one visible character (Radford et al. 2019): printable Latin-1 as itself,
/// all others as U+0100 on, in their order.
inline constexpr std::uint32_t no_byte = 256;

constexpr bool is_own_letter(std::uint32_t code) noexcept {
  return (code >= 0x21 && code <= 0x7E) || (code >= 0xA1 && code <= 0xAC) || (code >= 0xAE && code <= 0xFF);
}

/// The bytes that U+0100 on stand for.
inline constexpr std::array<std::uint8_t, 68> other_bytes = [] {
  std::array<std::uint8_t, 68> bytes{};
  std::size_t count = 0;
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    if (!is_own_letter(byte)) bytes[count++] = static_cast<std::uint8_t>(byte);
  return bytes;
}();

constexpr std::uint32_t byte_of_letter(std::uint32_t code) noexcept {
  if (is_own_letter(code)) return code;
  return code >= 0x100 && code < 0x100 + other_bytes.size() ? other_bytes[code - 0x100] : no_byte;
}

/// Puts the bytes that the letters stand for in the place of what `bytes` holds; false if one stands for none.
inline bool decode_letters(std::string_view letters, std::string& bytes) {
  bytes.clear();
  for (std::size_t place = 0; place < letters.size();) {
    const auto lead = static_cast<unsigned char>(letters[place]);
    const bool two = lead >= 0xC2 && lead <= 0xDF && place + 1 < letters.size() && is_continuation(letters[place + 1]);
    if (lead >= 0x80 && !two) return false;
    const std::uint32_t code =
        two ? (lead & 0x1Fu) << 6 | (static_cast<unsigned char>(letters[place + 1]) & 0x3Fu) : lead;
    const std::uint32_t byte = byte_of_letter(code);
    if (byte == no_byte) return false;
    bytes += static_cast<char>(byte);
    place += two ? 2 : 1;
  }
  return true;
}

}  // namespace tallyscope::inline v0::detail
