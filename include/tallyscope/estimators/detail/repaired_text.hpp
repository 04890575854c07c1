// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_utf8.hpp>
#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// How many bytes of `text`, from its beginning, are well-formed UTF-8.
inline std::size_t well_formed_size(std::string_view text) noexcept {
  std::size_t place = 0;
  [[maybe_unused]] std::size_t block_from = 0;  // before it one by one, to where something is wrong
  while (place < text.size()) {
#if defined(__SSE2__)
    if (place >= block_from && text.size() - place >= 64) {
      const char* const block = text.data() + place;
      const std::uint64_t wide = mask_of_64(block, [](Bytes16 bytes) { return bytes < every(0); });
      const unsigned whole = wide == 0 ? 64 : whole_characters(block, wide);
      place += whole;
      if (whole != 0) continue;
      block_from = place + 64;
    }
#endif
    if (text.size() - place >= 8 && (load8(text.data() + place) & high_bits) == 0) {
      place += 8;
      continue;
    }
    const std::size_t size = character_size(text.substr(place));
    if (size == 0) break;
    place += size;
  }
  return place;
}

/// Of bytes that begin with none: how many belong to what could have become a character, at least one (Unicode 16,
/// section 3.9, "maximal subpart").
inline std::size_t broken_size(std::string_view bytes) noexcept {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(bytes[place]); };
  const unsigned char lead = byte(0);
  const std::size_t whole = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (whole == 1 || bytes.size() < 2 || byte(1) < least || byte(1) > most) return 1;
  std::size_t size = 2;
  while (size < whole && size < bytes.size() && is_continuation(bytes[size])) ++size;
  return size;
}

/// Appends `text` with U+FFFD for each piece of it that is not UTF-8, as the decoders of browsers and of Python do.
/// A character that the end of the text cuts off is one such piece. Throws what std::string throws.
inline void append_repaired(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size());
  while (!text.empty()) {
    const std::size_t sound = well_formed_size(text);
    out.append(text.substr(0, sound));
    text.remove_prefix(sound);
    if (text.empty()) return;
    out.append("\xEF\xBF\xBD");
    text.remove_prefix(broken_size(text));
  }
}

/// How many bytes at the end of `text` may be the beginning of a character that is still to come: 0 to 3.
inline std::size_t cut_size(std::string_view text) noexcept {
  for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
    const std::string_view end = text.substr(text.size() - size);
    if (is_continuation(end[0])) continue;
    const auto lead = static_cast<unsigned char>(end[0]);
    const std::size_t whole = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return size < whole && broken_size(end) == size ? size : 0;
  }
  return 0;
}

}  // namespace tallyscope::inline v0::detail
