// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

constexpr bool is_letter(char character) noexcept {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/// Takes a short text apart from its beginning. The first thing that is not as expected fails the scan, and all that
/// follows it, so that a reader of a format asks once, at its end. Views the text; for one thread.
class TextScanner {
 public:
  constexpr explicit TextScanner(std::string_view text) noexcept : rest_{text} {}

  /// Whether nothing was wrong and nothing is left.
  [[nodiscard]] constexpr bool complete() const noexcept { return good_ && rest_.empty(); }

  [[nodiscard]] constexpr bool at_end() const noexcept { return rest_.empty(); }

  /// The next character, 0 at the end.
  [[nodiscard]] constexpr char next() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

  constexpr void fail() noexcept {
    good_ = false;
    rest_ = {};
  }

  /// Takes `character` if it is the next.
  constexpr bool take(char character) noexcept {
    if (rest_.empty() || rest_.front() != character) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Takes one of the characters, or fails and returns 0.
  constexpr char expect(std::string_view characters) noexcept {
    for (const char character : characters)
      if (take(character)) return character;
    fail();
    return '\0';
  }

  /// Takes as many characters as `belongs` accepts. Returns how many.
  template <class Belongs>
  constexpr std::size_t take_while(Belongs belongs) noexcept {
    std::size_t size = 0;
    while (size < rest_.size() && belongs(rest_[size])) ++size;
    rest_.remove_prefix(size);
    return size;
  }

  /// Takes a number of `least` to `most` digits, with `most` at most 9; fails if it is above `limit`.
  constexpr std::uint32_t number(std::size_t least, std::size_t most, std::uint32_t limit) noexcept {
    std::uint32_t value = 0;
    std::size_t size = 0;
    for (; size < most && is_digit(next()); ++size, rest_.remove_prefix(1))
      value = value * 10 + static_cast<std::uint32_t>(next() - '0');
    if (size < least || value > limit) fail();
    return value;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace tallyscope::inline v0::detail
