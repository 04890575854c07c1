// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_bytes.hpp>
#include <tallyscope/detail/text.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The size of the well-formed character of more than one byte that four bytes
/// begin with, or 0.
[[gnu::always_inline]] inline std::size_t wide_character_size(const char* bytes) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    // The masks are in the order of the bytes, from the last to the first.
    const auto word = load<std::uint32_t>(bytes);
    if ((word & 0x00C0C0F0) == 0x008080E0) {
      const std::uint32_t high = word & 0x0000200F;  // of E0 the first half is of two bytes, of ED the
                                                     // second surrogates
      return high != 0 && high != 0x0000200D ? 3 : 0;
    }
    if ((word & 0x0000C0E0) == 0x000080C0) return (word & 0x0000001E) != 0 ? 2 : 0;
  }
  return character_size({bytes, 4});
}

/// Returns the first ASCII byte from `from` on, or `end`, or where a character
/// begins that is not well-formed.
inline const char* past_wide_characters(const char* from, const char* end) noexcept {
  while (from < end && !is_ascii(*from)) {
    const auto left = static_cast<std::size_t>(end - from);
    const std::size_t size = left >= 4 ? wide_character_size(from) : character_size({from, left});
    if (size == 0) break;
    from += size;
  }
  return from;
}

/// Does the text end within the character that begins at `from`, which is sound
/// as far as it goes?
inline bool is_cut_character(const char* from, const char* end) noexcept {
  const auto left = static_cast<std::size_t>(end - from);
  for (const char second : {'\x80', '\xA0'}) {  // each lead is followed by one of them, whatever
                                                // else it demands
    char whole[4] = {*from, second, '\x80', '\x80'};
    for (std::size_t place = 1; place < left && place < 4; ++place) whole[place] = from[place];
    if (character_size({whole, 4}) > left) return true;
  }
  return false;
}

}  // namespace tallyscope::inline v0::detail
