// SPDX-License-Identifier: MIT
#include <tallyscope/detail/time_zone_file.hpp>

#include "catch.hpp"
#include "core/zone_samples.hpp"

#include <initializer_list>
#include <limits>
#include <random>
#include <string>

namespace {

namespace detail = tallyscope::detail;
using detail::ZoneFileState;

constexpr std::int32_t hour = 3'600;

ZoneFileState state_of(std::string_view bytes) {
  detail::ZoneOffsets zone;
  return detail::ZoneFileReader{bytes}.read(zone);
}

detail::ZoneOffsets read(const ZoneSample& sample) {
  detail::ZoneOffsets zone;
  REQUIRE(detail::ZoneFileReader{sample.bytes()}.read(zone) == ZoneFileState::good);
  return zone;
}

ZoneSample berlin() {
  return {.kinds = {3'208, hour, 2 * hour},
          .changes = {{-2'422'054'408, 1}, {-1'693'706'400, 2}, {-1'680'483'600, 1}, {1'729'990'800, 1}},
          .rule = "CET-1CEST,M3.5.0,M10.5.0/3"};
}

}  // namespace

TEST_CASE("a zone has its first offset, then those of its changes, then those of its rule", "[time_zone_file]") {
  const auto zone = read(berlin());
  CHECK(zone.period(-3'000'000'000).offset == 3'208);
  CHECK(zone.period(-2'422'054'409).offset == 3'208);
  CHECK(zone.period(-2'422'054'408).offset == hour);
  CHECK(zone.period(-1'693'706'400).offset == 2 * hour);
  CHECK(zone.period(-1'680'483'601).offset == 2 * hour);
  CHECK(zone.period(-1'680'483'600).offset == hour);
  CHECK(zone.period(1'743'296'399).offset == hour);
  CHECK(zone.period(1'743'296'400).offset == 2 * hour);
}

TEST_CASE("periods of a zone join without a gap", "[time_zone_file]") {
  const auto zone = read(berlin());
  std::int64_t utc = -5'000'000'000;
  CHECK(zone.period(utc).from == std::numeric_limits<std::int64_t>::min());
  for (int round = 0; round < 300; ++round) {
    const auto period = zone.period(utc);
    REQUIRE(period.from <= utc);
    REQUIRE(period.until > utc);
    REQUIRE(zone.period(period.until).from == period.until);
    utc = period.until;
  }
}

TEST_CASE("without a rule the last offset stays, without changes the rule always holds", "[time_zone_file]") {
  const auto last = read({.kinds = {0, hour}, .changes = {{100, 1}}});
  CHECK(last.period(99).offset == 0);
  CHECK(last.period(200'000'000'000).offset == hour);
  CHECK(last.period(100).until == std::numeric_limits<std::int64_t>::max());
  CHECK(read({.rule = "JST-9"}).period(-10'000'000'000).offset == 9 * hour);
  CHECK(read({.kinds = {hour}}).period(0).offset == hour);
}

TEST_CASE("version 1 is read from its 32-bit data, later versions from the 64-bit data", "[time_zone_file]") {
  const auto old = read({.kinds = {0, hour}, .changes = {{-2'000'000'000, 1}}, .version = '\0'});
  CHECK(old.period(-2'000'000'001).offset == 0);
  CHECK(old.period(-2'000'000'000).offset == hour);
  for (const char version : {'2', '3', '4'}) {
    const auto zone = read({.kinds = {0, hour}, .changes = {{-5'000'000'000, 1}}, .rule = "XXX0", .version = version});
    CHECK(zone.period(-5'000'000'001).offset == 0);
    CHECK(zone.period(-5'000'000'000).until == std::numeric_limits<std::int64_t>::max());
  }
}

TEST_CASE("what is not a time zone file is told from one that is damaged", "[time_zone_file]") {
  CHECK(state_of("") == ZoneFileState::foreign);
  CHECK(state_of("TZi") == ZoneFileState::foreign);
  CHECK(state_of("# Leap seconds\n") == ZoneFileState::foreign);
  CHECK(state_of("TZif") == ZoneFileState::damaged);
  CHECK(state_of(ZoneSample{.leap_seconds = 2}.bytes()) == ZoneFileState::leap_seconds);
}

TEST_CASE("a file that ends too early is damaged wherever it ends", "[time_zone_file]") {
  for (const char version : {'\0', '2'}) {
    auto sample = berlin();
    sample.version = version;
    sample.changes.erase(sample.changes.begin());  // which 32 bits do not hold
    const std::string whole = sample.bytes();
    REQUIRE(state_of(whole) == ZoneFileState::good);
    for (std::size_t size = 4; size < whole.size(); ++size) {
      INFO(size);
      REQUIRE(state_of(std::string{whole, 0, size}) == ZoneFileState::damaged);
    }
  }
}

TEST_CASE("contradictions within a file are damage", "[time_zone_file]") {
  const auto damaged = [](const ZoneSample& sample) { return state_of(sample.bytes()) == ZoneFileState::damaged; };
  CHECK(damaged({.kinds = {}}));
  CHECK(damaged({.kinds = {0}, .changes = {{100, 1}}}));
  CHECK(damaged({.kinds = {0}, .changes = {{100, 255}}}));
  CHECK(damaged({.changes = {{100, 0}, {100, 0}}}));
  CHECK(damaged({.changes = {{100, 0}, {99, 0}}}));
  CHECK(damaged({.kinds = {93'600}}));
  CHECK(damaged({.kinds = {-90'000}}));
  CHECK(damaged({.kinds = {std::numeric_limits<std::int32_t>::min()}}));
  CHECK(damaged({.rule = "nonsense"}));
  CHECK_FALSE(damaged({.kinds = {93'599}}));
  CHECK_FALSE(damaged({.kinds = {-89'999}}));
}

TEST_CASE("counts beyond the size of the file are damage, however large", "[time_zone_file]") {
  const std::string whole = berlin().bytes();
  for (std::size_t place = 20; place < 44; ++place) {
    std::string bytes = whole;
    bytes[place] = '\xFF';
    CHECK(state_of(bytes) == ZoneFileState::damaged);
  }
}

TEST_CASE("a file with any bytes changed is read without harm", "[time_zone_file]") {
  std::mt19937_64 random{8536};
  const std::string whole = berlin().bytes();
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (auto changes = random() % 4 + 1; changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    detail::ZoneOffsets zone;
    if (detail::ZoneFileReader{bytes}.read(zone) != ZoneFileState::good) continue;
    for (const std::int64_t utc :
         std::initializer_list<std::int64_t>{-62'135'596'800, -1'700'000'000, 1'743'296'400, 253'402'300'799}) {
      const auto period = zone.period(utc);
      REQUIRE((period.from <= utc && utc < period.until));
    }
  }
}
