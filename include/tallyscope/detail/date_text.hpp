// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/civil_time.hpp>
#include <tallyscope/detail/text_scanner.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Takes "2025-01-15" as a count of days since 1970-01-01; fails the scan if there is no such day.
constexpr std::int64_t take_date(TextScanner& scan) noexcept {
  CivilDate date;
  date.year = scan.number(4, 4, 9'999);
  scan.expect("-");
  date.month = scan.number(2, 2, 12);
  scan.expect("-");
  date.day = scan.number(2, 2, 31);
  if (date.year == 0 || date.month == 0 || date.day == 0) scan.fail();
  const std::int64_t day = civil_day(date);
  if (civil_date(day) != date) scan.fail();
  return day;
}

/// Takes "23:59:59", in seconds.
constexpr std::int64_t take_time_of_day(TextScanner& scan) noexcept {
  const std::int64_t hours = scan.number(2, 2, 23);
  scan.expect(":");
  const std::int64_t minutes = scan.number(2, 2, 59);
  scan.expect(":");
  return hours * 3'600 + minutes * 60 + std::int64_t{scan.number(2, 2, 59)};
}

/// Takes nothing or ".5" to ".123456789", in nanoseconds.
constexpr std::int64_t take_fraction(TextScanner& scan) noexcept {
  if (!scan.take('.')) return 0;
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < 9 && is_digit(scan.next()); ++digits) value = value * 10 + std::int64_t{scan.number(1, 1, 9)};
  if (digits == 0) scan.fail();
  for (; digits < 9; ++digits) value *= 10;
  return value;
}

/// Takes "Z" or "+05:30", in seconds east of UTC.
constexpr std::int64_t take_offset(TextScanner& scan) noexcept {
  const char sign = scan.expect("Zz+-");
  if (sign != '+' && sign != '-') return 0;
  const std::int64_t hours = scan.number(2, 2, 23);
  scan.expect(":");
  const std::int64_t seconds = hours * 3'600 + std::int64_t{scan.number(2, 2, 59)} * 60;
  return sign == '-' ? -seconds : seconds;
}

/// "YYYY-MM-DD", years 0001 to 9999, as days since 1970-01-01. Nothing for any other text and for days that do not
/// exist.
constexpr std::optional<std::int64_t> parse_day(std::string_view text) noexcept {
  TextScanner scan{text};
  const std::int64_t day = take_date(scan);
  if (!scan.complete()) return std::nullopt;
  return day;
}

/// An RFC 3339 time such as "2025-01-15T23:59:59Z" or "2025-01-16t05:30:00.5+05:30" as UTC nanoseconds since 1970; a
/// space may stand for the T. The offset must be there, a fraction has up to 9 digits. Nothing for any other text, for
/// leap seconds (":60"), which UTC as computers count it does not have, and for years outside 1678 to 2261.
constexpr std::optional<std::int64_t> parse_instant(std::string_view text) noexcept {
  constexpr std::int64_t second = 1'000'000'000, day = 86'400;
  constexpr std::int64_t first_second = civil_day({1678, 1, 1}) * day, end_second = civil_day({2262, 1, 1}) * day;
  TextScanner scan{text};
  std::int64_t seconds = take_date(scan) * day;
  scan.expect("Tt ");
  seconds += take_time_of_day(scan);
  const std::int64_t fraction = take_fraction(scan);
  seconds -= take_offset(scan);
  if (!scan.complete() || seconds < first_second || seconds >= end_second) return std::nullopt;
  return seconds * second + fraction;
}

/// "YYYY-MM-DD" from days since 1970-01-01. Days outside the years 0001 to 9999 are written as the nearest one inside.
inline std::string day_text(std::int64_t day) {
  constexpr std::int64_t first = civil_day({1, 1, 1}), last = civil_day({9999, 12, 31});
  const CivilDate date = civil_date(std::clamp(day, first, last));
  std::string text = "0000-00-00";
  write_digits(text.data(), static_cast<std::uint64_t>(date.year), 4);
  write_pair(text.data() + 5, date.month);
  write_pair(text.data() + 8, date.day);
  return text;
}

/// RFC 3339 in UTC, such as "2025-01-15T23:59:59.5Z", from nanoseconds since 1970; a fraction only where there is one.
inline std::string instant_text(std::int64_t utc) {
  char digits[civil_time_size];
  write_civil_time(digits, utc);
  std::string text{digits, civil_time_size - 1};
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + "Z";
}

}  // namespace tallyscope::inline v0::detail
