// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/estimators/detail/char_class_table.hpp>

#include <cstddef>
#include <cstdint>

// What the patterns that cut a text into pieces tell apart, by Unicode 16.0 whatever the machine knows: the
// vocabularies were made with one version, and so must be counted with one.
namespace tallyscope::inline v0::detail {

/// Each code point is of one class: \p{Lu} and \p{Lt}, \p{Ll}, \p{Lm} and \p{Lo}, \p{M}, \p{N}, \s (White_Space),
/// \p{P}, \p{S}, or none of these.
enum class CharClass : std::uint8_t { other, upper, lower, letter, mark, number, space, punctuation, symbol };

/// Several classes.
using CharSet = std::uint32_t;
template <class... Classes>
constexpr CharSet set_of(Classes... classes) noexcept {
  return ((CharSet{1} << static_cast<unsigned>(classes)) | ...);
}
constexpr bool belongs(CharClass one, CharSet set) noexcept { return (set >> static_cast<unsigned>(one) & 1u) != 0; }

namespace char_sets {
inline constexpr CharSet letters = set_of(CharClass::upper, CharClass::lower, CharClass::letter);
inline constexpr CharSet numbers = set_of(CharClass::number);
inline constexpr CharSet spaces = set_of(CharClass::space);
/// [^\s\p{L}\p{N}]
inline constexpr CharSet others = set_of(CharClass::other, CharClass::mark, CharClass::punctuation, CharClass::symbol);
}  // namespace char_sets

constexpr CharClass char_class(std::uint32_t code) noexcept {
  if (code >= char_class_end) return code >= far_marks && code < far_marks_end ? CharClass::mark : CharClass::other;
  const std::size_t block = char_class_blocks[code / 128];
  return static_cast<CharClass>(char_class_digits[block * 128 + code % 128] & 15);
}

/// One character of a text.
struct Character {
  std::uint32_t code;
  CharClass kind;
  std::uint8_t size;  ///< in bytes
};

/// The character of several bytes that begins at `place`. Of bytes that are not UTF-8 it makes some character, within
/// the text all the same.
inline Character wide_character(const char* place, const char* end) noexcept {
  const auto low = [place](int at) -> std::uint32_t { return static_cast<unsigned char>(place[at]) & 0x3Fu; };
  const auto made = [](std::uint32_t code, std::uint8_t size) { return Character{code, char_class(code), size}; };
  const std::uint32_t lead = static_cast<unsigned char>(*place);
  if (lead < 0xE0 && end - place >= 2) return made((lead & 0x1F) << 6 | low(1), 2);
  if (lead < 0xF0 && end - place >= 3) return made((lead & 0x0F) << 12 | low(1) << 6 | low(2), 3);
  if (end - place >= 4) return made((lead & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3), 4);
  return {0xFFFD, CharClass::symbol, 1};
}

/// The character that begins at `place`, before `end`.
[[gnu::always_inline]] inline Character character_at(const char* place, const char* end) noexcept {
  const std::uint32_t lead = static_cast<unsigned char>(*place);
  if (lead < 0x80) [[likely]]
    return {lead, static_cast<CharClass>(char_class_digits[lead] & 15), 1};
  return wide_character(place, end);
}

}  // namespace tallyscope::inline v0::detail
