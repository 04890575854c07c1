// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/decimal.hpp>
#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Texts from outside as people may be shown them: nothing in them moves a cursor, ends a line or turns the direction of
// reading, and no two of them look the same because of an escape.
namespace tallyscope::inline v0::detail {

/// The most bytes that one byte of a text can become.
inline constexpr std::size_t shown_factor = 4;

/// The code point of a well-formed character.
inline std::uint32_t code_point(std::string_view character) noexcept {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  std::uint32_t value = lead & (0x7Fu >> character.size());
  for (const char c : character.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  return value;
}

/// C0, DEL, C1, what ends a line or turns the direction in Unicode, and what has no width.
constexpr bool is_unshowable(std::uint32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 ||
         c == 0x17B4 || c == 0x17B5 || c == 0x180E || c == 0x2800 || c == 0x3164 || c == 0xFFA0 ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

/// Each of the `bytes` as \xNN. Returns the end.
inline char* write_byte_escapes(char* out, std::string_view bytes) noexcept {
  for (const char byte : bytes) {
    *out++ = '\\', *out++ = 'x';
    std::memcpy(out, &hex_pairs[std::size_t{static_cast<unsigned char>(byte)} * 2], 2);
    out += 2;
  }
  return out;
}

/// Takes the first character of `rest`, or a byte of it that is not UTF-8, and writes what is shown for it. Returns the
/// end.
inline char* write_shown_character(char* out, std::string_view& rest) noexcept {
  const std::size_t size = character_size(rest);
  const std::string_view character = rest.substr(0, size == 0 ? 1 : size);
  rest.remove_prefix(character.size());
  if (size == 0 || is_unshowable(code_point(character))) return write_byte_escapes(out, character);
  if (character == "\\" || character == "\"") *out++ = '\\';
  std::memcpy(out, character.data(), size);
  return out + size;
}

/// `text` as it may be shown. For messages: allocates.
inline std::string shown(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    char piece[shown_factor * 4];
    result.append(piece, write_shown_character(piece, text));
  }
  return result;
}

}  // namespace tallyscope::inline v0::detail
