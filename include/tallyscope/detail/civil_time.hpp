// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/decimal.hpp>

#include <algorithm>
#include <cstdint>

namespace tallyscope::inline v0::detail {

/// A day of the Gregorian calendar, also before it was introduced.
struct CivilDate {
  std::int64_t year = 1970;
  unsigned month = 1;
  unsigned day = 1;

  friend constexpr bool operator==(const CivilDate&, const CivilDate&) noexcept = default;
};

/// The date of a count of days since 1970-01-01. Years are taken to begin in March, so that the leap day is the last of
/// its year and the months before it have lengths that one line fits: 31, 30, 31, 30, 31 again and again.
constexpr CivilDate civil_date(std::int64_t days) noexcept {
  constexpr std::int64_t days_in_400_years = 146'097;
  constexpr std::int64_t from_march_of_year_0 = 719'468;
  days += from_march_of_year_0;
  const std::int64_t cycle = (days >= 0 ? days : days - (days_in_400_years - 1)) / days_in_400_years;
  const std::int64_t day_of_cycle = days - cycle * days_in_400_years;
  const std::int64_t leap_days = day_of_cycle / 1'460 - day_of_cycle / 36'524 + day_of_cycle / 146'096;
  const std::int64_t year_of_cycle = (day_of_cycle - leap_days) / 365;
  const std::int64_t day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
  const auto month_from_march = static_cast<unsigned>((5 * day_of_year + 2) / 153);
  const auto day = static_cast<unsigned>(day_of_year) - (153 * month_from_march + 2) / 5 + 1;
  const bool next_year = month_from_march >= 10;
  return {cycle * 400 + year_of_cycle + (next_year ? 1 : 0), next_year ? month_from_march - 9 : month_from_march + 3,
          day};
}

/// The inverse: days since 1970-01-01. A date that does not exist, such as February 30, is counted on into the next
/// month.
constexpr std::int64_t civil_day(CivilDate date) noexcept {
  const bool next_year = date.month <= 2;
  const std::int64_t year = date.year - (next_year ? 1 : 0);
  const std::int64_t cycle = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_cycle = year - cycle * 400;
  const std::int64_t month_from_march = std::int64_t{date.month} + (next_year ? 9 : -3);
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + std::int64_t{date.day} - 1;
  return cycle * 146'097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year - 719'468;
}

inline constexpr std::int64_t first_civil_second = -62'135'596'800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t last_civil_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

/// The characters of "2026-03-01T12:00:00.000000000Z".
inline constexpr std::size_t civil_time_size = 30;

/// Writes UTC as RFC 3339 with nanoseconds. Seconds outside the years 0001 to 9999, which are all that RFC 3339 has,
/// are written as the nearest one inside. `nanoseconds` is below 1,000,000,000. Returns the end.
inline char* write_civil_time(char* out, std::int64_t seconds, std::uint32_t nanoseconds) noexcept {
  seconds = std::clamp(seconds, first_civil_second, last_civil_second);
  constexpr std::int64_t day = 86'400;
  const std::int64_t days = (seconds >= 0 ? seconds : seconds - (day - 1)) / day;
  const CivilDate date = civil_date(days);
  const auto time = static_cast<std::uint32_t>(seconds - days * day);
  std::memcpy(out, "0000-00-00T00:00:00.000000000Z", civil_time_size);
  write_pair(out, static_cast<std::uint32_t>(date.year) / 100);
  write_pair(out + 2, static_cast<std::uint32_t>(date.year) % 100);
  write_pair(out + 5, date.month);
  write_pair(out + 8, date.day);
  write_pair(out + 11, time / 3'600);
  write_pair(out + 14, time / 60 % 60);
  write_pair(out + 17, time % 60);
  out[20] = static_cast<char>('0' + nanoseconds / 100'000'000);
  write_pair(out + 21, nanoseconds / 1'000'000 % 100);
  write_pair(out + 23, nanoseconds / 10'000 % 100);
  write_pair(out + 25, nanoseconds / 100 % 100);
  write_pair(out + 27, nanoseconds % 100);
  return out + civil_time_size;
}

/// The same from nanoseconds since 1970-01-01T00:00:00Z, which int64 holds for the years 1677 to 2262.
inline char* write_civil_time(char* out, std::int64_t utc) noexcept {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t rest = utc % second;
  const std::int64_t within = rest < 0 ? rest + second : rest;
  return write_civil_time(out, (utc - rest) / second - (rest < 0 ? 1 : 0), static_cast<std::uint32_t>(within));
}

}  // namespace tallyscope::inline v0::detail
