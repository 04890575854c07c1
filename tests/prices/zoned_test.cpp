// SPDX-License-Identifier: MIT
#include <tallyscope/prices/zoned.hpp>

#include <tallyscope/prices/price_book.hpp>

#include "catch.hpp"

#include <thread>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr std::int64_t second = 1'000'000'000, hour = 3600 * second, day = 24 * hour;
constexpr std::uint8_t monday = 1, saturday = 1 << 5, sunday = 1 << 6;

ts::ZoneOffset zone(std::string_view name) {
  const auto found = ts::in_zone(name);
  REQUIRE(found);
  return *found;
}

/// A dollar a token, and two where the rule holds.
ts::PriceBook book_with(ts::PriceRule rule) {
  ts::PriceBook book = ts::PriceBook::empty("test", "");
  rule.model = "m";
  rule.input = ts::Rate{*ts::Money::parse("2"), 1};
  REQUIRE_FALSE(book.add({.model = "m", .input = ts::Rate{*ts::Money::parse("1"), 1}}));
  REQUIRE_FALSE(book.add(rule));
  return book;
}

/// Does the rule hold then?
bool holds(const ts::PriceBook& book, std::int64_t utc) {
  const ts::Call call{.operation = ts::Operation::embeddings, .model = "m"};
  const ts::Cost cost = book.price(ts::Record{.call = call, .start_utc = utc, .usage = {.input_tokens = 1}});
  return cost.amount.exact() == "2";
}

}  // namespace

TEST_CASE("a zone is ahead of UTC by what it is at the moment", "[zoned]") {
  const ts::ZoneOffset berlin = zone("Europe/Berlin"), shanghai = zone("Asia/Shanghai");
  CHECK(berlin.seconds(berlin.zone, ts::utc_day(2026, 1, 15)) == 3600);
  CHECK(berlin.seconds(berlin.zone, ts::utc_day(2026, 7, 15)) == 7200);
  CHECK(berlin.seconds(berlin.zone, ts::utc_day(2026, 3, 29) + hour - 1) == 3600);
  CHECK(berlin.seconds(berlin.zone, ts::utc_day(2026, 3, 29) + hour) == 7200);
  CHECK(shanghai.seconds(shanghai.zone, -1) == 8 * 3600);
  CHECK(zone("UTC").seconds(zone("UTC").zone, 0) == 0);
}

TEST_CASE("a name that is no zone has none, and does not lead out of the folders", "[zoned]") {
  for (const std::string_view name : {"", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe"}) {
    INFO(name);
    CHECK_FALSE(ts::in_zone(name));
  }
}

TEST_CASE("a zone that is named again is the same one", "[zoned]") {
  std::vector<std::thread> threads;
  std::vector<const void*> found(4);
  for (std::size_t place = 0; place < found.size(); ++place)
    threads.emplace_back([&, place] { found[place] = ts::in_zone("America/New_York")->zone; });
  for (std::thread& thread : threads) thread.join();
  CHECK(found == std::vector<const void*>(4, found[0]));
}

TEST_CASE("the hours of a rule are those of its zone, in summer and in winter", "[zoned]") {
  const ts::PriceBook book =
      book_with({.daily_start = 9 * 3600, .daily_end = 18 * 3600, .zone = zone("Europe/Berlin")});
  const std::int64_t winter = ts::utc_day(2026, 1, 15), summer = ts::utc_day(2026, 7, 15);
  CHECK_FALSE(holds(book, winter + 8 * hour - 1));
  CHECK(holds(book, winter + 8 * hour));
  CHECK(holds(book, winter + 17 * hour - 1));
  CHECK_FALSE(holds(book, winter + 17 * hour));
  CHECK_FALSE(holds(book, summer + 7 * hour - 1));
  CHECK(holds(book, summer + 7 * hour));
  CHECK_FALSE(holds(book, summer + 16 * hour));
}

TEST_CASE("a weekday is that of the zone", "[zoned]") {
  const std::int64_t sunday_utc = ts::utc_day(2026, 9, 20);
  const ts::PriceBook book = book_with({.weekdays = monday, .zone = zone("Asia/Shanghai")});
  CHECK_FALSE(holds(book, sunday_utc + 16 * hour - 1));
  CHECK(holds(book, sunday_utc + 16 * hour));  // midnight in Shanghai
  CHECK(holds(book, sunday_utc + 40 * hour - 1));
  CHECK_FALSE(holds(book, sunday_utc + 40 * hour));
  CHECK(holds(book_with({.weekdays = monday}), sunday_utc + day));
  CHECK_FALSE(holds(book_with({.weekdays = monday}), sunday_utc + 16 * hour));
}

TEST_CASE("a window that spans midnight belongs to the weekday on which it began", "[zoned]") {
  const std::int64_t friday = ts::utc_day(2026, 9, 18);
  const ts::PriceBook book =
      book_with({.daily_start = 22 * 3600, .daily_end = 6 * 3600, .weekdays = saturday | sunday});
  CHECK_FALSE(holds(book, friday + 23 * hour));
  CHECK_FALSE(holds(book, friday + day + 5 * hour));  // Saturday morning: Friday's window
  CHECK_FALSE(holds(book, friday + day + 22 * hour - 1));
  CHECK(holds(book, friday + day + 22 * hour));
  CHECK(holds(book, friday + 2 * day + 6 * hour - 1));
  CHECK_FALSE(holds(book, friday + 2 * day + 6 * hour));
  CHECK(holds(book, friday + 3 * day + 6 * hour - 1));  // Monday morning: Sunday's window
  CHECK_FALSE(holds(book, friday + 3 * day + 22 * hour));
}

TEST_CASE("a host's own function may be a zone", "[zoned]") {
  static constexpr std::int32_t ahead = 5 * 3600 + 45 * 60;
  const ts::ZoneOffset own{
      [](const void* offset, std::int64_t) noexcept { return *static_cast<const std::int32_t*>(offset); }, &ahead};
  const ts::PriceBook book = book_with({.daily_start = 0, .daily_end = 3600, .zone = own});
  CHECK(holds(book, 24 * hour - 1 - ahead * second + 1));
  CHECK_FALSE(holds(book, 24 * hour - ahead * second - 1));
  CHECK_FALSE(holds(book, 25 * hour - ahead * second));
}
