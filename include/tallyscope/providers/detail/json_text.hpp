// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_string.hpp>
#include <tallyscope/short_text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The size of the escape that `raw` begins with; both halves of a pair of surrogates are one.
inline std::size_t escape_size(std::string_view raw) noexcept {
  if (raw[1] != 'u') return 2;
  std::string_view rest = raw.substr(1);
  take_code_point(rest);
  return raw.size() - rest.size();
}

/// Calls `take(piece)` for the text of `string` piece by piece, of which none ends within a character.
template <class Take>
void each_piece(const JsonString& string, const Take& take) noexcept {
  std::string_view rest = string.raw();
  while (!rest.empty()) {
    const std::size_t plain = string.escaped() ? std::min(rest.find('\\'), rest.size()) : rest.size();
    if (plain > 0) take(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.empty()) return;
    char character[8];
    const std::size_t size = escape_size(rest);
    const char* const end = JsonString{rest.substr(0, size), true}.write(character);
    take(std::string_view{character, static_cast<std::size_t>(end - character)});
    rest.remove_prefix(size);
  }
}

/// Sets `text` to what `string` says, cut where it is too long.
template <std::size_t Limit>
void assign_unescaped(ShortText<Limit>& text, const JsonString& string, Diagnostics& diagnostics) noexcept {
  if (!string.escaped()) return text.assign(string.raw(), diagnostics);
  char bytes[Limit + 4];  // one character more than fits, so that a cut is seen
  std::size_t used = 0;
  each_piece(string, [&](std::string_view piece) {
    const std::size_t size = std::min(piece.size(), sizeof bytes - used);
    std::memcpy(bytes + used, piece.data(), size);
    used += size;
  });
  text.assign({bytes, used}, diagnostics);
}

}  // namespace tallyscope::inline v0::detail
