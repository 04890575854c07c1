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

/// The class of each code point of two bytes.
inline constexpr auto char_class_of_two = [] {
  struct {
    CharClass of[0x800];
  } classes{};
  for (std::uint32_t code = 0; code < 0x800; ++code) classes.of[code] = char_class(code);
  return classes;
}();

/// Do all characters that begin with this byte have three and the class `letter`? Nearly all of Chinese and Korean.
constexpr bool begins_letter_of_three(unsigned char lead) noexcept {
  return lead >> 4 == 0xE && (0b0001'1011'1110'0000u >> (lead & 15) & 1u) != 0;
}

/// One character of a text.
struct Character {
  std::uint32_t code;
  CharClass kind;
  std::uint8_t size;  ///< in bytes
};

/// The character of four bytes that begins at `place`. Of bytes that are not UTF-8 it makes some character, within the
/// text all the same.
[[gnu::noinline]] inline Character character_of_four(const char* place, const char* end) noexcept {
  if (end - place < 4) return {0xFFFD, CharClass::symbol, 1};
  const auto low = [place](int at) -> std::uint32_t { return static_cast<unsigned char>(place[at]) & 0x3Fu; };
  const std::uint32_t code = (static_cast<std::uint32_t>(*place) & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3);
  return {code, char_class(code), 4};
}

/// The character that begins at `place`, before `end`.
[[gnu::always_inline]] inline Character character_at(const char* place, const char* end) noexcept {
  const auto byte = [place](int at) -> std::uint32_t { return static_cast<unsigned char>(place[at]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) [[likely]]
    return {lead, static_cast<CharClass>(char_class_digits[lead] & 15), 1};
  if (lead < 0xE0 && end - place >= 2) {
    const std::uint32_t code = (lead & 0x1F) << 6 | (byte(1) & 0x3F);
    return {code, char_class_of_two.of[code], 2};
  }
  if (lead < 0xF0 && end - place >= 3) {
    const std::uint32_t code = (lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    return {code, char_class(code), 3};
  }
  return character_of_four(place, end);
}

}  // namespace tallyscope::inline v0::detail
