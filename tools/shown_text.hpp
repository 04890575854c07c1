// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace tallyscope_program {

inline std::uint32_t code_point(std::string_view character) noexcept {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(character[place]); };
  if (character.size() == 1) return byte(0);
  std::uint32_t value = byte(0) & (0xFFu >> (character.size() + 1));
  for (std::size_t place = 1; place < character.size(); ++place) value = value << 6 | (byte(place) & 0x3Fu);
  return value;
}

struct CodePoints {
  std::uint32_t first, last;
};

template <std::size_t Size>
bool is_among(std::uint32_t point, const std::array<CodePoints, Size>& ranges) noexcept {
  for (const CodePoints& range : ranges)
    if (point >= range.first && point <= range.last) return true;
  return false;
}

/// What moves the cursor, changes the direction of writing, or cannot be seen.
inline bool is_treacherous(std::uint32_t point) noexcept {
  static constexpr std::array<CodePoints, 8> ranges{{{0x00, 0x1F},
                                                     {0x7F, 0x9F},
                                                     {0x200B, 0x200F},
                                                     {0x2028, 0x202E},
                                                     {0x2060, 0x206F},
                                                     {0xFEFF, 0xFEFF},
                                                     {0xFFF9, 0xFFFB},
                                                     {0xE0000, 0xE007F}}};
  return is_among(point, ranges);
}

/// How many columns of a terminal a character takes (Unicode's East Asian Width, roughly).
inline std::size_t columns_of(std::uint32_t point) noexcept {
  static constexpr std::array<CodePoints, 9> wide{{{0x1100, 0x115F},
                                                   {0x2E80, 0xA4CF},
                                                   {0xAC00, 0xD7A3},
                                                   {0xF900, 0xFAFF},
                                                   {0xFE30, 0xFE6F},
                                                   {0xFF00, 0xFF60},
                                                   {0xFFE0, 0xFFE6},
                                                   {0x1F300, 0x1FAFF},
                                                   {0x20000, 0x3FFFD}}};
  if (point >= 0x0300 && point <= 0x036F) return 0;
  return is_among(point, wide) ? 2 : 1;
}

template <class Visit>
void for_each_character(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t size = tallyscope::detail::character_size(text);
    visit(text.substr(0, size == 0 ? 1 : size), size != 0);
    text.remove_prefix(size == 0 ? 1 : size);
  }
}

inline std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for_each_character(
      text, [&](std::string_view character, bool valid) { columns += valid ? columns_of(code_point(character)) : 1; });
  return columns;
}

inline std::string escape_of(std::uint32_t point) {
  char text[16];
  std::snprintf(text, sizeof text, point < 0x100 ? "\\x%02x" : "\\u{%x}", point);
  return text;
}

/// A text from outside as it can be shown: one line, nothing that a terminal obeys, nothing unseen. In quotation marks
/// where it could be taken for something else: empty, spaces at an end or several in a row.
inline std::string shown(std::string_view text) {
  std::string safe;
  bool quoted = text.empty() || text.front() == ' ' || text.back() == ' ' || text.find("  ") != text.npos;
  for_each_character(text, [&](std::string_view character, bool valid) {
    if (!valid)
      safe += escape_of(static_cast<unsigned char>(character[0]));
    else if (is_treacherous(code_point(character)))
      safe += escape_of(code_point(character));
    else if (character == "\\" || character == "\"")
      (safe += '\\') += character;
    else
      safe += character;
  });
  return quoted ? '"' + safe + '"' : safe;
}

/// The same in at most `columns` columns, at least 1.
inline std::string shown(std::string_view text, std::size_t columns) {
  const std::string whole = shown(text);
  if (columns_of(whole) <= columns) return whole;
  std::string cut;
  std::size_t used = 0;
  bool full = false;
  for_each_character(whole, [&](std::string_view character, bool) {
    const std::size_t more = columns_of(character);
    full = full || used + more > columns - 1;
    if (full) return;
    cut += character;
    used += more;
  });
  return cut + "\u2026";
}

}  // namespace tallyscope_program
