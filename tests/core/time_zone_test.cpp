// SPDX-License-Identifier: MIT
#include <tallyscope/detail/time_zone.hpp>

#include "catch.hpp"
#include "core/zone_samples.hpp"

#include <cstdlib>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

namespace detail = tallyscope::detail;
using detail::TimeZone;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t hour = 3'600 * second;

/// A zone of this system; UTC if it was not found.
TimeZone system_zone(std::string_view name, bool& found) {
  std::string problem;
  auto zone = TimeZone::load(name, problem);
  found = zone.has_value();
  return found ? *zone : TimeZone{};
}

std::int64_t at(std::string_view text) { return detail::parse_instant(text).value(); }

std::int64_t day(std::string_view text) { return detail::parse_day(text).value(); }

std::string day_at(const TimeZone& zone, std::string_view time) { return detail::day_text(zone.day_of(at(time))); }

std::string hour_at(const TimeZone& zone, std::string_view time) { return zone.hour_text(zone.hour_of(at(time))); }

std::int64_t hours_of(const TimeZone& zone, std::string_view date) {
  return (zone.start_of_day(day(date) + 1) - zone.start_of_day(day(date))) / hour;
}

TimeZone berlin() { return zone_by_rule("CET-1CEST,M3.5.0,M10.5.0/3"); }

TimeZone lord_howe() { return zone_by_rule("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"); }

/// Of all sorts: far east and west, half hours, changes at midnight, days left out, negative and half-hour summers.
constexpr const char* zones_of_all_sorts[] = {"UTC",
                                              "Europe/Berlin",
                                              "Europe/Dublin",
                                              "Europe/Lisbon",
                                              "America/New_York",
                                              "America/St_Johns",
                                              "America/Nuuk",
                                              "America/Sao_Paulo",
                                              "America/Havana",
                                              "America/Caracas",
                                              "America/Anchorage",
                                              "America/Santiago",
                                              "Asia/Tokyo",
                                              "Asia/Kolkata",
                                              "Asia/Kathmandu",
                                              "Asia/Beirut",
                                              "Asia/Gaza",
                                              "Asia/Pyongyang",
                                              "Africa/Cairo",
                                              "Africa/Casablanca",
                                              "Africa/Monrovia",
                                              "Pacific/Apia",
                                              "Pacific/Kiritimati",
                                              "Pacific/Kwajalein",
                                              "Pacific/Chatham",
                                              "Australia/Lord_Howe",
                                              "Antarctica/Troll"};

}  // namespace

TEST_CASE("UTC needs no file, whatever it is called", "[time_zone]") {
  std::string problem = "left over";
  for (const char* name : {"UTC", "Etc/UTC", "Z"}) {
    const auto zone = TimeZone::load(name, problem, {});
    REQUIRE(zone);
    CHECK(zone->name() == "UTC");
    CHECK(zone->offset(0) == 0);
    CHECK(problem.empty());
  }
  CHECK(TimeZone{}.name() == "UTC");
}

TEST_CASE("the seconds around midnight fall on the right days", "[time_zone]") {
  const TimeZone tokyo = zone_by_rule("JST-9"), newfoundland = zone_by_rule("NST3:30NDT,M3.2.0,M11.1.0");
  for (const char* time : {"2025-01-15T23:59:59Z", "2025-01-16T05:29:59+05:30", "2025-01-15T23:59:59.999999999Z"}) {
    CHECK(day_at(TimeZone{}, time) == "2025-01-15");
    CHECK(day_at(tokyo, time) == "2025-01-16");
    CHECK(day_at(newfoundland, time) == "2025-01-15");
    CHECK(day_at(berlin(), time) == "2025-01-16");
  }
  for (const char* time : {"2025-01-16T00:00:00Z", "2025-01-16T05:30:00+05:30"}) {
    CHECK(day_at(TimeZone{}, time) == "2025-01-16");
    CHECK(day_at(tokyo, time) == "2025-01-16");
    CHECK(day_at(newfoundland, time) == "2025-01-15");
    CHECK(day_at(berlin(), time) == "2025-01-16");
  }
  CHECK(day_at(tokyo, "2025-01-15T14:59:59Z") == "2025-01-15");
  CHECK(day_at(tokyo, "2025-01-15T15:00:00Z") == "2025-01-16");
  CHECK(day_at(newfoundland, "2025-01-16T03:29:59Z") == "2025-01-15");
  CHECK(day_at(newfoundland, "2025-01-16T03:30:00Z") == "2025-01-16");
}

TEST_CASE("days before 1970 are counted downwards", "[time_zone]") {
  CHECK(TimeZone{}.day_of(-1) == -1);
  CHECK(TimeZone{}.day_of(-86'400 * second) == -1);
  CHECK(TimeZone{}.day_of(-86'400 * second - 1) == -2);
  CHECK(TimeZone{}.start_of_day(-1) == -86'400 * second);
  CHECK(TimeZone{}.hour_of(-1).shown() == -1);
  CHECK(hour_at(TimeZone{}, "1969-12-31T23:59:59Z") == "1969-12-31 23:00");
  CHECK(zone_by_rule("JST-9").day_of(-1) == 0);
}

TEST_CASE("the days on which clocks change have 23 and 25 hours", "[time_zone]") {
  const TimeZone zone = berlin();
  CHECK(zone.start_of_day(day("2025-03-30")) == at("2025-03-29T23:00:00Z"));
  CHECK(zone.start_of_day(day("2025-03-31")) == at("2025-03-30T22:00:00Z"));
  CHECK(hours_of(zone, "2025-03-30") == 23);
  CHECK(hours_of(zone, "2025-10-26") == 25);
  CHECK(hours_of(zone, "2025-10-27") == 24);
  CHECK(day_at(zone, "2025-03-30T21:59:59Z") == "2025-03-30");
  CHECK(day_at(zone, "2025-03-30T22:00:00Z") == "2025-03-31");
  CHECK(day_at(zone, "2025-10-26T22:59:59Z") == "2025-10-26");
  CHECK(day_at(zone, "2025-10-26T23:00:00Z") == "2025-10-27");
}

TEST_CASE("the last 30 days are 30 dates also when clocks change among them", "[time_zone]") {
  const TimeZone zone = berlin();
  for (const char* now : {"2025-04-10T21:59:59Z", "2025-04-10T22:00:00Z", "2025-11-05T23:30:00+01:00"}) {
    const std::int64_t today = zone.day_of(at(now));
    std::set<std::string> dates;
    for (std::int64_t utc = zone.start_of_day(today - 29); utc <= at(now); utc += hour / 4)
      dates.insert(detail::day_text(zone.day_of(utc)));
    CHECK(dates.size() == 30);
    CHECK(*dates.rbegin() == day_at(zone, now));
  }
}

TEST_CASE("a day whose midnight was skipped begins after the gap", "[time_zone]") {
  const TimeZone beirut = zone_by_rule("EET-2EEST,M3.5.0/0,M10.5.0/0");
  CHECK(beirut.start_of_day(day("2025-03-30")) == at("2025-03-29T22:00:00Z"));
  CHECK(hour_at(beirut, "2025-03-29T22:00:00Z") == "2025-03-30 01:00");
  CHECK(hours_of(beirut, "2025-03-30") == 23);
  CHECK(hours_of(beirut, "2025-10-25") == 25);  // clocks go from midnight back to 23:00
  const TimeZone cairo = zone_by_rule("EET-2EEST,M4.5.5/0,M10.5.4/24");
  CHECK(cairo.start_of_day(day("2025-04-25")) == at("2025-04-24T22:00:00Z"));
  CHECK(hours_of(cairo, "2025-04-25") == 23);
  CHECK(hours_of(cairo, "2025-10-30") == 25);
}

TEST_CASE("of two midnights the earlier one begins the day", "[time_zone]") {
  const TimeZone havana = zone_by_rule("CST5CDT,M3.2.0/0,M11.1.0/1");
  CHECK(havana.start_of_day(day("2025-11-02")) == at("2025-11-02T04:00:00Z"));
  CHECK(hours_of(havana, "2025-11-02") == 25);
  CHECK(havana.start_of_day(day("2025-03-09")) == at("2025-03-09T05:00:00Z"));
}

TEST_CASE("a day that was left out begins where the next one does", "[time_zone]") {
  ZoneFolder folder;
  folder.add("Apia", ZoneSample{.kinds = {-10 * 3'600, 14 * 3'600}, .changes = {{1'325'239'200, 1}}}.bytes());
  const auto apia = folder.load("Apia").value();
  CHECK(day_at(apia, "2011-12-30T09:59:59Z") == "2011-12-29");
  CHECK(day_at(apia, "2011-12-30T10:00:00Z") == "2011-12-31");
  CHECK(apia.start_of_day(day("2011-12-30")) == at("2011-12-30T10:00:00Z"));
  CHECK(apia.start_of_day(day("2011-12-31")) == at("2011-12-30T10:00:00Z"));
  CHECK(hours_of(apia, "2011-12-30") == 0);
  CHECK(hours_of(apia, "2011-12-31") == 24);
}

TEST_CASE("zones of this system begin their days where history did", "[time_zone]") {
  struct Start {
    const char* zone;
    const char* date;
    const char* time;
  };
  bool found = true;
  for (const Start& start : {Start{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
                             Start{"America/Sao_Paulo", "2018-11-05", "2018-11-05T02:00:00Z"},
                             Start{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"},
                             Start{"Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z"},
                             Start{"Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z"},
                             Start{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
                             Start{"America/St_Johns", "2025-01-16", "2025-01-16T03:30:00Z"},
                             Start{"Asia/Tokyo", "2025-01-16", "2025-01-15T15:00:00Z"},
                             Start{"Europe/Berlin", "2025-10-27", "2025-10-26T23:00:00Z"}}) {
    const TimeZone zone = system_zone(start.zone, found);
    if (!found) SKIP("The time zone files of this system were not found (Debian: tzdata), so none were read.");
    INFO(start.zone << ' ' << start.date);
    CHECK(zone.name() == start.zone);
    CHECK(zone.start_of_day(day(start.date)) == at(start.time));
  }
}

TEST_CASE("an hour that clocks show twice is two hours, told apart by their offsets", "[time_zone]") {
  const TimeZone zone = berlin();
  CHECK(hour_at(zone, "2024-10-26T23:59:59Z") == "2024-10-27 01:00");
  CHECK(hour_at(zone, "2024-10-27T00:00:00Z") == "2024-10-27 02:00+02:00");
  CHECK(hour_at(zone, "2024-10-27T01:59:59Z") == "2024-10-27 02:00+01:00");
  CHECK(hour_at(zone, "2024-10-27T02:00:00Z") == "2024-10-27 03:00");
  CHECK(hour_at(zone, "2025-03-30T00:59:59Z") == "2025-03-30 01:00");
  CHECK(hour_at(zone, "2025-03-30T01:00:00Z") == "2025-03-30 03:00");
  CHECK(zone.hour_of(at("2024-10-27T00:30:00Z")) < zone.hour_of(at("2024-10-27T01:30:00Z")));
  CHECK(zone.hour_of(at("2024-10-27T00:00:00Z")) == zone.hour_of(at("2024-10-27T00:59:59.999999999Z")));
}

TEST_CASE("clocks that go back half an hour show two different halves", "[time_zone]") {
  const TimeZone zone = lord_howe();
  CHECK(hour_at(zone, "2025-04-05T13:59:59Z") == "2025-04-06 00:00");
  CHECK(hour_at(zone, "2025-04-05T14:59:59Z") == "2025-04-06 01:00+11:00");
  CHECK(hour_at(zone, "2025-04-05T15:00:00Z") == "2025-04-06 01:00+10:30");
  CHECK(hour_at(zone, "2025-04-05T15:29:59Z") == "2025-04-06 01:00+10:30");
  CHECK(hour_at(zone, "2025-04-05T15:30:00Z") == "2025-04-06 02:00");
  CHECK(hour_at(zone, "2025-10-04T15:30:00Z") == "2025-10-05 02:00");
}

TEST_CASE("an offset with seconds is written with them, one behind UTC with its sign", "[time_zone]") {
  ZoneFolder folder;
  folder.add("Local", ZoneSample{.kinds = {-2'670, -2'700}, .changes = {{1'800, 1}}}.bytes());
  const auto zone = folder.load("Local").value();
  CHECK(hour_at(zone, "1970-01-01T00:29:00Z") == "1969-12-31 23:00-00:44:30");
  CHECK(hour_at(zone, "1970-01-01T00:30:00Z") == "1969-12-31 23:00-00:45");
}

TEST_CASE("no two hours of a zone have the same text, and they are ordered as they passed", "[time_zone]") {
  for (const TimeZone& zone : {TimeZone{}, berlin(), lord_howe(), zone_by_rule("CST5CDT,M3.2.0/0,M11.1.0/1")}) {
    std::set<std::string> texts;
    detail::LocalHour last = zone.hour_of(at("2023-12-31T00:00:00Z") - 1);
    for (std::int64_t utc = at("2023-12-31T00:00:00Z"); utc < at("2025-01-02T00:00:00Z"); utc += hour / 4) {
      const detail::LocalHour next = zone.hour_of(utc);
      REQUIRE(last <= next);
      if (last != next) REQUIRE(texts.insert(zone.hour_text(next)).second);
      last = next;
    }
  }
}

TEST_CASE("the ends of int64 are days like any other", "[time_zone]") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  for (const TimeZone& zone : {TimeZone{}, berlin(), zone_by_rule("XXX24:59:59"), zone_by_rule("XXX-24:59:59")}) {
    for (const std::int64_t utc : {least, most}) {
      const std::int64_t of = zone.day_of(utc);
      CHECK(std::abs(of) <= 106'754);
      CHECK(zone.day_of(zone.start_of_day(of)) == of);
      CHECK_FALSE(zone.hour_text(zone.hour_of(utc)).empty());
    }
    CHECK(zone.start_of_day(least) == -9'223'372'036 * second);
    CHECK(zone.start_of_day(most) == 9'223'372'036 * second);
    CHECK(zone.offset(least) == zone.offset(-62'135'596'800));
    CHECK(zone.offset(most) == zone.offset(253'402'300'799));
  }
}

TEST_CASE("an unknown zone is one clear sentence", "[time_zone]") {
  ZoneFolder folder;
  CHECK_FALSE(folder.load("Europe/Berln"));
  CHECK(
      folder.problem ==
      "There is no time zone \"Europe/Berln\": this machine has no time zone files; install the package tzdata or use "
      "UTC");
  folder.add("Etc/UTC", ZoneSample{}.bytes());
  CHECK_FALSE(folder.load("Europe/Berln"));
  CHECK(folder.problem == "There is no time zone \"Europe/Berln\": use a name such as Europe/Berlin or UTC");
  CHECK_FALSE(folder.load(""));
  CHECK(folder.problem == "There is no time zone \"\": use a name such as Europe/Berlin or UTC");
  CHECK_FALSE(folder.load("Etc"));
  CHECK(folder.problem == "There is no time zone \"Etc\": use a name such as Europe/Berlin or UTC");
  folder.add("leapseconds", "# no time zone\n");
  CHECK_FALSE(folder.load("leapseconds"));
  CHECK(folder.problem == "There is no time zone \"leapseconds\": use a name such as Europe/Berlin or UTC");
}

TEST_CASE("a name cannot lead out of the folders, and is not repeated if it could do harm", "[time_zone]") {
  ZoneFolder folder;
  folder.add("Etc/UTC", ZoneSample{}.bytes());
  folder.add("zones/Good", ZoneSample{}.bytes());
  CHECK(folder.load("zones/Good"));
  for (const char* name : {"../Etc/UTC", "zones/../Etc/UTC", "..", ".", "./zones/Good", "zones//Good", "zones/Good/",
                           "/etc/passwd", "zones/Good\n", "zones/Good ", "zones\\Good", "~/zone", "$HOME", "a:b"}) {
    INFO(name);
    CHECK_FALSE(folder.load(name));
  }
  CHECK_FALSE(folder.load(folder.path() + "/zones/Good"));
  for (const std::string& name : {std::string{"zones/Good\0", 11}, std::string{"\x1b[2J"}, std::string{"\xff\xfe"},
                                  std::string{"\"quoted\""}, std::string(129, 'a'), std::string(1'000'000, 'a')}) {
    CHECK_FALSE(folder.load(name));
    CHECK(folder.problem == "There is no time zone of that name: use a name such as Europe/Berlin or UTC");
  }
  const std::string longest(128, 'a');
  folder.add(longest, ZoneSample{}.bytes());
  CHECK(folder.load(longest));
}

TEST_CASE("a file that is damaged, too large or counts leap seconds is told", "[time_zone]") {
  ZoneFolder folder;
  folder.add("Half", ZoneSample{}.bytes().substr(0, 60));
  CHECK_FALSE(folder.load("Half"));
  CHECK(folder.problem == "The time zone \"Half\" has a damaged file, " + folder.path() +
                              "/Half: install the package tzdata again or use UTC");
  folder.add("Large", ZoneSample{}.bytes() + std::string(1 << 20, ' '));
  CHECK_FALSE(folder.load("Large"));
  CHECK_THAT(folder.problem, Catch::Matchers::ContainsSubstring("has a damaged file"));
  folder.add("right/Zone", ZoneSample{.leap_seconds = 27}.bytes());
  CHECK_FALSE(folder.load("right/Zone"));
  CHECK(
      folder.problem ==
      "The time zone \"right/Zone\" counts leap seconds, which UTC here does not: use the name without right/ or UTC");
}

TEST_CASE("in zones of this system every day begins at the first moment of its date", "[time_zone]") {
  std::mt19937_64 random{20111230};
  bool found = true;
  for (const char* name : zones_of_all_sorts) {
    const TimeZone zone = system_zone(name, found);
    if (!found) SKIP("The time zone files of this system were not found (Debian: tzdata), so none were read.");
    INFO(name);
    int wrong = 0;
    for (std::int64_t of = day("1900-01-01") + static_cast<std::int64_t>(random() % 7); of < day("2100-01-01");
         of += 3) {
      const std::int64_t start = zone.start_of_day(of);
      if (zone.day_of(start) < of || zone.day_of(start - 1) >= of || zone.start_of_day(of + 1) < start) ++wrong;
      for (std::int64_t before = 1; before < 30; before += 7)
        if (zone.day_of(start - before * hour) >= of) ++wrong;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("dates and hours of this system's zones agree with those of GNU date or Python", "[time_zone]") {
  if (!has_gnu_date() && !has_python_zones())
    SKIP("Neither GNU date nor Python's zoneinfo was found, so no zone was compared with what others make of it.");
  std::mt19937_64 random{1900};
  std::uniform_int_distribution<std::int64_t> anytime{-2'208'988'800, 4'102'444'800};
  bool found = true;
  for (const char* name : zones_of_all_sorts) {
    const TimeZone zone = system_zone(name, found);
    if (!found) SKIP("The time zone files of this system were not found (Debian: tzdata), so none were read.");
    std::vector<std::int64_t> moments;
    for (int round = 0; round < 2'000; ++round) moments.push_back(anytime(random));
    for (std::int64_t of = day("1900-01-01"); of < day("2100-01-01"); of += 29)
      for (const std::int64_t near : {-1, 0}) moments.push_back(zone.start_of_day(of) / second + near);
    const auto expected = dates_elsewhere(name, moments);
    REQUIRE(expected.size() == moments.size());
    std::string wrong;
    for (std::size_t i = 0; i < moments.size() && wrong.empty(); ++i)
      if (date_of(zone, moments[i]) != expected[i])
        wrong = std::to_string(moments[i]) + ": " + date_of(zone, moments[i]) + ", not " + expected[i];
    INFO(name);
    CHECK(wrong == "");
  }
}
