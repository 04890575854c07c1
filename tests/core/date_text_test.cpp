// SPDX-License-Identifier: MIT
#include <tallyscope/detail/date_text.hpp>

#include "catch.hpp"

#include <limits>
#include <string>

using tallyscope::detail::day_text;
using tallyscope::detail::instant_text;
using tallyscope::detail::parse_day;
using tallyscope::detail::parse_instant;

namespace {

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

TEST_CASE("a day is read as it is written", "[date_text]") {
  CHECK(parse_day("1970-01-01") == 0);
  CHECK(parse_day("1969-12-31") == -1);
  CHECK(parse_day("2025-01-15") == 20'103);
  CHECK(parse_day("2024-02-29") == 19'782);
  for (std::int64_t day = -719'162; day <= 2'932'896; day += 997) REQUIRE(parse_day(day_text(day)) == day);
}

TEST_CASE("days outside the years 0001 to 9999 are written as the nearest one inside", "[date_text]") {
  CHECK(day_text(std::numeric_limits<std::int64_t>::min()) == "0001-01-01");
  CHECK(day_text(-719'162) == "0001-01-01");
  CHECK(day_text(2'932'896) == "9999-12-31");
  CHECK(day_text(std::numeric_limits<std::int64_t>::max()) == "9999-12-31");
}

TEST_CASE("what is not a day is refused", "[date_text]") {
  for (const char* text :
       {"",           "2025",       "2025-1-15",  "2025-01-15 ", " 2025-01-15",          "25-01-15",
        "2025/01/15", "2025-13-01", "2025-00-10", "2025-01-00",  "2025-01-32",           "2025-02-29",
        "1900-02-29", "2025-04-31", "0000-01-01", "+2025-01-15", "2025-01-15T00:00:00Z", "20250115",
        "2025-01-1x", "2025--1-15"}) {
    INFO(text);
    CHECK_FALSE(parse_day(text));
  }
  CHECK_FALSE(parse_day(std::string_view{"2025-01-15\0", 11}));
}

TEST_CASE("an RFC 3339 time is read as UTC nanoseconds", "[date_text]") {
  CHECK(parse_instant("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_instant("2025-01-15T23:59:59Z") == 1'736'985'599 * second);
  CHECK(parse_instant("2025-01-16t05:29:59+05:30") == 1'736'985'599 * second);
  CHECK(parse_instant("2025-01-15 20:29:59-03:30") == 1'736'985'599 * second);
  CHECK(parse_instant("2025-01-15T23:59:59-00:00") == 1'736'985'599 * second);
  CHECK(parse_instant("2025-01-15T23:59:59.5z") == 1'736'985'599 * second + 500'000'000);
  CHECK(parse_instant("2025-01-15T23:59:59.000000001Z") == 1'736'985'599 * second + 1);
  CHECK(parse_instant("1969-12-31T23:59:59.999999999Z") == -1);
  CHECK(parse_instant("1678-01-01T00:00:00Z") == -9'214'560'000 * second);
  CHECK(parse_instant("2261-12-31T23:59:59.999999999Z") == 9'214'646'400 * second - 1);
}

TEST_CASE("what is not an RFC 3339 time, or beyond what int64 holds, is refused", "[date_text]") {
  for (const char* text : {"",
                           "2025-01-15",
                           "2025-01-15T23:59:59",
                           "2025-01-15T23:59Z",
                           "2025-01-15T24:00:00Z",
                           "2025-01-15T23:60:00Z",
                           "2016-12-31T23:59:60Z",
                           "2025-01-15T23:59:59.Z",
                           "2025-01-15T23:59:59.1234567890Z",
                           "2025-01-15T23:59:59,5Z",
                           "2025-01-15T23:59:59+0530",
                           "2025-01-15T23:59:59+5:30",
                           "2025-01-15T23:59:59+24:00",
                           "2025-01-15T23:59:59+01:60",
                           "2025-01-15T23:59:59Z ",
                           "2025-01-15T23:59:59ZZ",
                           "2025-02-29T00:00:00Z",
                           "2025-01-15_23:59:59Z",
                           "1677-12-31T23:59:59Z",
                           "2262-01-01T00:00:00Z",
                           "2261-12-31T23:59:59-00:01",
                           "9999-12-31T23:59:59Z"}) {
    INFO(text);
    CHECK_FALSE(parse_instant(text));
  }
}

TEST_CASE("a moment is written as RFC 3339, with a fraction where there is one, and reads back", "[date_text]") {
  CHECK(instant_text(0) == "1970-01-01T00:00:00Z");
  CHECK(instant_text(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(instant_text(1'787'191'199'500'000'000) == "2026-08-20T01:59:59.5Z");
  for (const std::int64_t moment :
       {std::int64_t{1}, std::int64_t{-86'400'000'000'001}, std::int64_t{1'787'191'200'000'000'000}})
    CHECK(parse_instant(instant_text(moment)) == moment);
}
