// SPDX-License-Identifier: MIT
#include <tallyscope/detail/civil_time.hpp>

#include "catch.hpp"

#include <chrono>
#include <cstdio>
#include <limits>
#include <random>
#include <string>

namespace {

namespace detail = tallyscope::detail;

std::string civil(std::int64_t utc) {
  char text[detail::civil_time_size];
  return {text, detail::write_civil_time(text, utc)};
}

std::string civil_second(std::int64_t seconds) {
  char text[detail::civil_time_size];
  return {text, detail::write_civil_time(text, seconds, 0)};
}

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

TEST_CASE("a moment is written as RFC 3339 with nanoseconds", "[civil_time]") {
  CHECK(civil(0) == "1970-01-01T00:00:00.000000000Z");
  CHECK(civil(1'772'357'400 * second + 250'000) == "2026-03-01T09:30:00.000250000Z");
  CHECK(civil(951'782'400 * second + 123'456'789) == "2000-02-29T00:00:00.123456789Z");
  CHECK(civil(4'107'542'399 * second + 999'999'999) == "2100-02-28T23:59:59.999999999Z");
  CHECK(civil(4'107'542'400 * second) == "2100-03-01T00:00:00.000000000Z");
}

TEST_CASE("a moment before 1970 counts its nanoseconds forwards", "[civil_time]") {
  CHECK(civil(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(civil(-second) == "1969-12-31T23:59:59.000000000Z");
  CHECK(civil(std::numeric_limits<std::int64_t>::min()) == "1677-09-21T00:12:43.145224192Z");
  CHECK(civil(std::numeric_limits<std::int64_t>::max()) == "2262-04-11T23:47:16.854775807Z");
}

TEST_CASE("what lies outside the years 0001 to 9999 is written as the nearest moment inside", "[civil_time]") {
  CHECK(civil_second(detail::first_civil_second) == "0001-01-01T00:00:00.000000000Z");
  CHECK(civil_second(detail::first_civil_second - 1) == "0001-01-01T00:00:00.000000000Z");
  CHECK(civil_second(std::numeric_limits<std::int64_t>::min()) == "0001-01-01T00:00:00.000000000Z");
  CHECK(civil_second(detail::last_civil_second) == "9999-12-31T23:59:59.000000000Z");
  CHECK(civil_second(detail::last_civil_second + 1) == "9999-12-31T23:59:59.000000000Z");
  CHECK(civil_second(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59.000000000Z");
}

TEST_CASE("every day of the years 0001 to 9999 has the date that the standard library's calendar gives it",
          "[civil_time]") {
  const int first = static_cast<int>(detail::first_civil_second / 86'400);
  const int last = static_cast<int>(detail::last_civil_second / 86'400);
  int wrong = 0;
  for (int day = first; day <= last; ++day) {
    const std::chrono::year_month_day expected{std::chrono::sys_days{std::chrono::days{day}}};
    const detail::CivilDate date = detail::civil_date(day);
    if (date.year != int{expected.year()} || date.month != unsigned{expected.month()} ||
        date.day != unsigned{expected.day()})
      ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(last - first == 3'652'058);
}

TEST_CASE("every day of the years 0001 to 9999 is found again from its date", "[civil_time]") {
  int wrong = 0;
  for (std::int64_t day = detail::first_civil_second / 86'400; day <= detail::last_civil_second / 86'400; ++day)
    if (detail::civil_day(detail::civil_date(day)) != day) ++wrong;
  CHECK(wrong == 0);
  CHECK(detail::civil_day(detail::civil_date(-800'000)) == -800'000);
}

TEST_CASE("a date that does not exist is a day of the next month", "[civil_time]") {
  CHECK(detail::civil_day({2025, 2, 29}) == detail::civil_day({2025, 3, 1}));
  CHECK(detail::civil_day({2025, 4, 31}) == detail::civil_day({2025, 5, 1}));
}

TEST_CASE("random moments are written as the standard library takes them apart", "[civil_time]") {
  std::mt19937_64 random{20260301};
  std::uniform_int_distribution<std::int64_t> seconds{detail::first_civil_second, detail::last_civil_second};
  for (int round = 0; round < 20'000; ++round) {
    const std::chrono::sys_seconds moment{std::chrono::seconds{seconds(random)}};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{moment - day};
    char expected[64];
    std::snprintf(expected, sizeof expected, "%04d-%02u-%02uT%02d:%02d:%02d.000000000Z", int{date.year()},
                  unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    REQUIRE(civil_second(moment.time_since_epoch().count()) == expected);
  }
}
