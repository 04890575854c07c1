// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/detail/text_scanner.hpp>
#include <tallyscope/providers/detail/decimal_number.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/usage.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>

// What stands in the headers of a response, whose bytes may be anything.
namespace tallyscope::inline v0::detail {

/// Digits and nothing else; any other text is absent.
inline Count header_count(std::string_view text) noexcept {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return {};
  const std::optional<int128> value = scaled_decimal(text, 0);
  const bool fits = value && *value <= std::numeric_limits<std::int64_t>::max();
  return fits ? Count{static_cast<std::int64_t>(*value)} : Count{};
}

struct DurationUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// A number alone is seconds, as in Retry-After.
inline constexpr DurationUnit duration_units[] = {
    {"", 1'000'000'000},
    {"h", 3'600'000'000'000},
    {"m", 60'000'000'000},
    {"s", 1'000'000'000},
    {"ms", 1'000'000},
    {"us", 1'000},
    {"ns", 1},
};

/// Takes "6m" off the front of `text`, in nanoseconds.
inline std::optional<int128> take_duration(std::string_view& text) noexcept {
  constexpr int places = 9;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view number = text.substr(0, digits);
  text.remove_prefix(digits);
  const std::size_t letters = std::min(text.find_first_of("0123456789."), text.size());
  const std::string_view name = text.substr(0, letters);
  text.remove_prefix(letters);
  if (digits == 0 || digits > 18 || number == "." || std::count(number.begin(), number.end(), '.') > 1)
    return std::nullopt;
  const auto unit = std::find_if(std::begin(duration_units), std::end(duration_units),
                                 [&](const DurationUnit& each) { return each.name == name; });
  const std::optional<int128> value = scaled_decimal(number, places);
  if (unit == std::end(duration_units) || !value) return std::nullopt;
  return *value * unit->nanoseconds / power_of_ten(places);
}

/// "6m0s", "1s", "20ms", "7.66s", or seconds, in nanoseconds; any other text is absent.
inline Count header_duration(std::string_view text) noexcept {
  int128 total = 0;
  if (text.empty()) return {};
  while (!text.empty()) {
    const std::optional<int128> part = take_duration(text);
    if (!part) return {};
    total += *part;
    if (total > std::numeric_limits<std::int64_t>::max()) return {};
  }
  return static_cast<std::int64_t>(total);
}

/// The value of a header, without regard to the case of its name, given to `take`. Headers are a range of names and
/// values, or a callable that returns the value of a name, empty where there is none.
template <class Headers, class Take>
void with_header(const Headers& headers, std::string_view name, const Take& take) {
  if constexpr (requires { headers(name); }) {
    const auto& value = headers(name);
    if (const std::string_view text{value}; !text.empty()) take(text);
  } else {
    for (const auto& [key, value] : headers) {
      const std::string_view text{value};
      if (same_name(std::string_view{key}, name) && !text.empty()) return take(text);
    }
  }
}

}  // namespace tallyscope::inline v0::detail
