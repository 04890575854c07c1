// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text_scanner.hpp>
#include <tallyscope/money.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The exponent of a number as JSON writes it, cut at a million; takes it off the number.
inline int take_exponent(std::string_view& number) noexcept {
  const std::size_t mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return 0;
  int exponent = 0;
  for (const char c : number.substr(mark + 1))
    if (is_digit(c) && exponent < 1'000'000) exponent = exponent * 10 + (c - '0');
  const bool down = number[mark + 1] == '-';
  number = number.substr(0, mark);
  return down ? -exponent : exponent;
}

/// A number as JSON writes it, times 10^places, exactly; what is beyond the last place is rounded half to even. Nothing
/// for what is far beyond 64 bits.
inline std::optional<int128> scaled_decimal(std::string_view number, int places) noexcept {
  constexpr int128 most = int128{1} << 100;
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  places += take_exponent(number);
  const std::size_t point = number.find('.');
  auto wanted = static_cast<std::int64_t>(point < number.size() ? point : number.size()) + places;  // digits to keep
  int128 value = 0;
  int first_rest = 0;
  bool more_rest = false;
  for (const char c : number) {
    if (c == '.') continue;
    if (wanted > 0 && value > most) return std::nullopt;
    if (wanted > 0) value = value * 10 + (c - '0');
    if (wanted == 0) first_rest = c - '0';
    if (wanted < 0 && c != '0') more_rest = true;
    --wanted;
  }
  for (; wanted > 0 && value != 0; --wanted, value *= 10)
    if (value > most) return std::nullopt;
  if (first_rest > 5 || (first_rest == 5 && (more_rest || value % 2 != 0))) ++value;
  return negative ? -value : value;
}

}  // namespace tallyscope::inline v0::detail
