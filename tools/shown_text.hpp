// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/shown_text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tallyscope_program {

struct CodePoints {
  std::uint32_t first, last;
};

template <std::size_t Size>
bool is_among(std::uint32_t point, const std::array<CodePoints, Size>& ranges) noexcept {
  for (const CodePoints& range : ranges)
    if (point >= range.first && point <= range.last) return true;
  return false;
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
  for_each_character(text, [&](std::string_view character, bool valid) {
    columns += valid ? columns_of(tallyscope::detail::code_point(character)) : 1;
  });
  return columns;
}

/// A text from outside as it can be shown: one line, nothing that a terminal obeys, nothing unseen. In quotation marks
/// where it could be taken for something else: empty, spaces at an end or several in a row.
inline std::string shown(std::string_view text) {
  const bool quoted = text.empty() || text.front() == ' ' || text.back() == ' ' || text.find("  ") != text.npos;
  const std::string safe = tallyscope::detail::shown(text);
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
