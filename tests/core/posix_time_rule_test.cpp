// SPDX-License-Identifier: MIT
#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/detail/posix_time_rule.hpp>

#include "catch.hpp"
#include "core/zone_samples.hpp"

#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

namespace detail = tallyscope::detail;

std::int64_t moment(std::string_view text) { return detail::parse_instant(text).value() / 1'000'000'000; }

std::int32_t offset(std::string_view rule, std::string_view time) {
  return detail::PosixTimeRule::parse(rule).value().period(moment(time)).offset;
}

constexpr std::int32_t hour = 3'600;

}  // namespace

TEST_CASE("a rule without summer time has one offset", "[posix_time_rule]") {
  CHECK(offset("JST-9", "1950-07-01T00:00:00Z") == 9 * hour);
  CHECK(offset("<-03>3", "2200-01-01T00:00:00Z") == -3 * hour);
  CHECK(offset("<+0545>-5:45", "2025-01-01T00:00:00Z") == 5 * hour + 45 * 60);
  CHECK(offset("LMT-0:25:21", "2025-01-01T00:00:00Z") == 25 * 60 + 21);
  CHECK(offset("XXX+24:59:59", "2025-01-01T00:00:00Z") == -89'999);
  const auto period = detail::PosixTimeRule::parse("UTC0").value().period(0);
  CHECK(period.from == std::numeric_limits<std::int64_t>::min());
  CHECK(period.until == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("clocks change on a weekday of a month, to the second", "[posix_time_rule]") {
  constexpr auto berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
  CHECK(offset(berlin, "2025-03-30T00:59:59Z") == hour);
  CHECK(offset(berlin, "2025-03-30T01:00:00Z") == 2 * hour);
  CHECK(offset(berlin, "2025-10-26T00:59:59Z") == 2 * hour);
  CHECK(offset(berlin, "2025-10-26T01:00:00Z") == hour);
  CHECK(offset(berlin, "2025-12-31T23:59:59Z") == hour);
  CHECK(offset(berlin, "2026-03-29T01:00:00Z") == 2 * hour);
  constexpr auto auckland = "NZST-12NZDT,M9.5.0,M4.1.0/3";
  CHECK(offset(auckland, "2025-01-01T00:00:00Z") == 13 * hour);
  CHECK(offset(auckland, "2025-04-05T13:59:59Z") == 13 * hour);
  CHECK(offset(auckland, "2025-04-05T14:00:00Z") == 12 * hour);
  CHECK(offset(auckland, "2025-09-27T13:59:59Z") == 12 * hour);
  CHECK(offset(auckland, "2025-09-27T14:00:00Z") == 13 * hour);
}

TEST_CASE("a day of 365 does not count February 29, a day from 0 does", "[posix_time_rule]") {
  for (const char* year : {"2023", "2024"}) {
    const auto at = [&](const char* rest) { return std::string{year} + rest; };
    CHECK(offset("AAA0BBB,J60/0,J365/0", at("-02-28T23:59:59Z")) == 0);
    CHECK(offset("AAA0BBB,J60/0,J365/0", at("-03-01T00:00:00Z")) == hour);
    CHECK(offset("AAA0BBB,J59/0,J365/0", at("-02-28T00:00:00Z")) == hour);
    CHECK(offset("AAA0BBB,J59/0,J365/0", at("-12-30T22:59:59Z")) == hour);
    CHECK(offset("AAA0BBB,J59/0,J365/0", at("-12-30T23:00:00Z")) == 0);
  }
  CHECK(offset("AAA0BBB,59/0,300/0", "2023-02-28T23:59:59Z") == 0);
  CHECK(offset("AAA0BBB,59/0,300/0", "2023-03-01T00:00:00Z") == hour);
  CHECK(offset("AAA0BBB,59/0,300/0", "2024-02-28T23:59:59Z") == 0);
  CHECK(offset("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z") == hour);
}

TEST_CASE("times of change may be negative or days away", "[posix_time_rule]") {
  constexpr auto nuuk = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
  CHECK(offset(nuuk, "2025-03-30T00:59:59Z") == -2 * hour);
  CHECK(offset(nuuk, "2025-03-30T01:00:00Z") == -hour);
  CHECK(offset(nuuk, "2025-10-26T00:59:59Z") == -hour);
  CHECK(offset(nuuk, "2025-10-26T01:00:00Z") == -2 * hour);
  constexpr auto gaza = "EET-2EEST,M3.4.4/50,M10.4.4/50";
  CHECK(offset(gaza, "2025-03-28T23:59:59Z") == 2 * hour);  // Saturday March 29, 02:00
  CHECK(offset(gaza, "2025-03-29T00:00:00Z") == 3 * hour);
  // A week before the year begins, and a week after it ended.
  CHECK(offset("AAA0BBB,0/-167,J182", "2024-12-25T01:00:00Z") == hour);
  CHECK(offset("AAA0BBB,0/-167,J182", "2024-12-25T00:59:59Z") == 0);
  CHECK(offset("AAA0BBB,J182,J365/167", "2026-01-06T21:59:59Z") == hour);
  CHECK(offset("AAA0BBB,J182,J365/167", "2026-01-06T22:00:00Z") == 0);
}

TEST_CASE("a summer may be behind its winter, and may last all year", "[posix_time_rule]") {
  constexpr auto dublin = "IST-1GMT0,M10.5.0,M3.5.0/1";
  CHECK(offset(dublin, "2025-01-15T12:00:00Z") == 0);
  CHECK(offset(dublin, "2025-03-30T00:59:59Z") == 0);
  CHECK(offset(dublin, "2025-03-30T01:00:00Z") == hour);
  CHECK(offset(dublin, "2025-10-26T01:00:00Z") == 0);
  constexpr auto always = "EST5EDT,0/0,J365/25";
  for (const char* time : {"2024-12-31T23:00:00Z", "2025-01-01T03:59:59Z", "2025-01-01T04:00:00Z",
                           "2025-01-01T05:00:00Z", "2025-07-01T00:00:00Z", "2023-12-31T23:59:59Z"})
    CHECK(offset(always, time) == -4 * hour);
}

TEST_CASE("periods of a rule join without a gap and contain what was asked for", "[posix_time_rule]") {
  for (const char* text :
       {"CET-1CEST,M3.5.0,M10.5.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3", "IST-1GMT0,M10.5.0,M3.5.0/1",
        "EST5EDT,0/0,J365/25", "AAA0BBB,0/-167,J182", "AAA0BBB,J182,J365/167", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "AAA-24BBB24,J1,J2", "AAA0BBB,J1/-167,J1/-100", "AAA0BBB,J365/160,J365/167"}) {
    INFO(text);
    const auto rule = detail::PosixTimeRule::parse(text).value();
    std::int64_t utc = moment("1900-01-01T00:00:00Z");
    for (int round = 0; round < 300; ++round) {
      const auto period = rule.period(utc);
      REQUIRE(period.from <= utc);
      REQUIRE(period.until > utc);
      REQUIRE(rule.period(period.until - 1).offset == period.offset);
      REQUIRE(period.until - utc < 800 * detail::seconds_a_day);
      utc = period.until;
    }
  }
}

TEST_CASE("what is not a rule is refused", "[posix_time_rule]") {
  for (const char* text : {"",
                           "UTC",
                           "0",
                           "AB0",
                           "<AB>0",
                           "<ABC0",
                           "ABC>0",
                           "ABC0 ",
                           "ABC25",
                           "ABC1:60",
                           "ABC1:5",
                           "ABC1:00:60",
                           "ABC--1",
                           "ABC0DEF",
                           "ABC0DEF,",
                           "ABC0DEF,J1",
                           "ABC0DEF,J1,",
                           "ABC0DEF,J0,J2",
                           "ABC0DEF,J366,J2",
                           "ABC0DEF,366,J2",
                           "ABC0DEF,M0.1.0,J2",
                           "ABC0DEF,M13.1.0,J2",
                           "ABC0DEF,M1.0.0,J2",
                           "ABC0DEF,M1.6.0,J2",
                           "ABC0DEF,M1.1.7,J2",
                           "ABC0DEF,M1.1,J2",
                           "ABC0DEF,J1/168,J2",
                           "ABC0DEF,J1/,J2",
                           "ABC0DEF,J1,J2/-168",
                           "ABC0DEF,J1,J2,J3",
                           "ABC0D,J1,J2",
                           "ABC0DEF,J1,J2x",
                           "AB\x80"
                           "C0",
                           ":Europe/Berlin",
                           "<A C>0",
                           "ABC0DEF,J1,J99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(detail::PosixTimeRule::parse(text));
  }
}

TEST_CASE("rules agree with those of the C library", "[posix_time_rule]") {
  if (!has_gnu_date())
    SKIP("GNU date was not found, so nothing here tells whether rules are read as POSIX means them.");
  std::mt19937_64 random{20250330};
  std::uniform_int_distribution<std::int64_t> anytime{moment("1971-01-01T00:00:00Z"), moment("2100-01-01T00:00:00Z")};
  for (const char* text :
       {"CET-1CEST,M3.5.0,M10.5.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3", "EST5EDT,M3.2.0,M11.1.0",
        "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", "AAA0BBB,J60/0,J300/1:30:15", "AAA3BBB,59,300",
        "AAA-5:30BBB-6:15,M2.4.6,M12.1.3/23", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"}) {
    std::vector<std::int64_t> moments;
    const auto rule = detail::PosixTimeRule::parse(text).value();
    for (int round = 0; round < 500; ++round) {
      moments.push_back(anytime(random));
      const auto change = rule.period(moments.back()).until;
      for (const std::int64_t near : {change - 1, change}) moments.push_back(near);
    }
    const auto expected = dates_elsewhere(text, moments);
    REQUIRE(expected.size() == moments.size());
    const auto zone = zone_by_rule(text);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      INFO(text << " at " << moments[i]);
      REQUIRE(date_of(zone, moments[i]) == expected[i]);
    }
  }
}
