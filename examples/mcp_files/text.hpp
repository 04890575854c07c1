// SPDX-License-Identifier: MIT
// UTF-8 from outside: told from what is none, repaired, cut between characters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mcp_files {

constexpr bool continues(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// The size of the character that the text begins with; 0 if its bytes are not UTF-8.
constexpr std::size_t first_size(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t at = 1; at < size; ++at)
    if (!continues(text[at])) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || beyond ? 0 : size;
}

/// UTF-8 without NUL.
constexpr bool is_text(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = first_size(text);
    if (size == 0 || text[0] == '\0') return false;
    text.remove_prefix(size);
  }
  return true;
}

/// With U+FFFD in the place of each byte that is not UTF-8: names of files may hold any bytes.
inline std::string repaired(std::string_view text) {
  std::string sound;
  while (!text.empty()) {
    const std::size_t size = first_size(text);
    sound += size == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return sound;
}

/// At most so many bytes of it, whole characters.
constexpr std::string_view cut(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  while (most > 0 && continues(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace mcp_files
