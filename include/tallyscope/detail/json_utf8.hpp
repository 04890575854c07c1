// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_bytes.hpp>
#include <tallyscope/detail/text.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// The size of the well-formed character of more than one byte that four bytes begin with, or 0.
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

/// Returns the first ASCII byte from `from` on, or `end`, or where a character begins that is not well-formed.
inline const char* past_wide_characters(const char* from, const char* end) noexcept {
  while (from < end && !is_ascii(*from)) {
    const auto left = static_cast<std::size_t>(end - from);
    const std::size_t size = left >= 4 ? wide_character_size(from) : character_size({from, left});
    if (size == 0) break;
    from += size;
  }
  return from;
}

#if defined(__SSE2__)
/// Of 64 bytes, of which the first begins a character, how many are whole well-formed characters: 61 to 64, or 0 if one
/// of them is not well-formed. `wide` has a bit for each byte that is not ASCII, up to where the caller looks.
inline unsigned whole_characters(const char* from, std::uint64_t wide) noexcept {
  // Signed: what continues a character is below all else, and a byte that is not ASCII is below 0.
  const std::uint64_t continuing = wide & ~mask_of_64(from, [](Bytes16 bytes) { return bytes > every('\xBF'); });
  const std::uint64_t of_three = wide & mask_of_64(from, [](Bytes16 bytes) { return bytes > every('\xDF'); });
  const std::uint64_t of_four = wide & mask_of_64(from, [](Bytes16 bytes) { return bytes > every('\xEF'); });
  const std::uint64_t first = wide & ~continuing;
  if ((first << 1 | of_three << 2 | of_four << 3) != continuing) return 0;
  constexpr std::uint64_t last = std::uint64_t{1} << 63;
  const std::uint64_t cut = (first & last) | (of_three & last >> 1) | (of_four & last >> 2);
  const unsigned whole = cut == 0 ? 64 : static_cast<unsigned>(std::countr_zero(cut));
  // Of these the second byte is not free.
  const auto equal = [&](char byte) { return mask_of_64(from, [&](Bytes16 bytes) { return bytes == every(byte); }); };
  if ((of_three & ~cut) != 0) {
    const std::uint64_t high = mask_of_64(from, [](Bytes16 bytes) { return bytes > every('\x9F'); });
    if ((((equal('\xE0') & of_three & ~cut) << 1 & ~high) | ((equal('\xED') & of_three & ~cut) << 1 & high)) != 0)
      return 0;
  }
  std::uint64_t special =
      of_four | (wide & mask_of_64(from, [](Bytes16 bytes) { return (bytes & every('\xFE')) == every('\xC0'); }));
  for (special &= ~cut; special != 0; special &= special - 1) {
    const auto place = static_cast<unsigned>(std::countr_zero(special));
    if (character_size({from + place, 64 - place}) == 0) return 0;
  }
  return whole;
}
#endif

/// Does the text end within the character that begins at `from`, which is sound as far as it goes?
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
