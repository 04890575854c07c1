// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <string_view>

namespace tallyscope::inline v0::detail {

constexpr bool is_wildcard(char byte) noexcept { return byte == '*' || byte == '#'; }

/// Does the text of a rule stand for several names?
constexpr bool is_pattern(std::string_view text) noexcept { return text.find_first_of("*#") != std::string_view::npos; }

/// Is `name` one of those that `pattern` stands for? Both plain: `*` is any characters, also none, `#` is one digit.
/// Takes at most as many steps as the product of the two sizes.
constexpr bool matches(std::string_view pattern, std::string_view name) noexcept {
  std::size_t at = 0, star = std::string_view::npos, taken = 0;
  for (std::size_t place = 0; place < name.size();) {
    const char wanted = at < pattern.size() ? pattern[at] : '\0';
    if (at < pattern.size() && wanted == '*') {
      star = at++;
      taken = place;
    } else if (at < pattern.size() &&
               (wanted == '#' ? name[place] >= '0' && name[place] <= '9' : wanted == name[place])) {
      ++at;
      ++place;
    } else if (star != std::string_view::npos) {  // the last star takes one more
      at = star + 1;
      place = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace tallyscope::inline v0::detail
