// SPDX-License-Identifier: MIT
#include <tallyscope/money.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ts = tallyscope;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

ts::Money dollars(std::string_view text) {
  const auto money = ts::Money::parse(text);
  INFO(text);
  REQUIRE(money);
  return *money;
}

ts::Money picodollars(std::int64_t amount) { return ts::Money::from_picodollars(amount); }

/// An amount of any order of magnitude and either sign.
std::int64_t random_amount(std::mt19937_64& random) {
  const auto magnitude = static_cast<std::int64_t>(random() >> (1 + random() % 63));
  return random() % 2 ? magnitude : -magnitude;
}

/// `picodollars` with exactly 12 digits behind the point, by way of the decimal digits alone.
std::string twelve_places(std::int64_t amount) {
  std::string digits = std::to_string(amount);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (digits.size() < 13) digits.insert(0, 13 - digits.size(), '0');
  digits.insert(digits.size() - 12, ".");
  return (negative ? "-" : "") + digits;
}

std::string exact_oracle(std::int64_t amount) {
  std::string text = twelve_places(amount);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Rounding as at school: look at the digits that fall away, and at the last one that stays when they are 5 and zeros.
std::string rounding_oracle(std::int64_t amount, int places) {
  std::string text = twelve_places(amount);
  const bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  const std::size_t point = text.find('.');
  std::string kept = text.substr(0, point) + text.substr(point + 1, static_cast<std::size_t>(places));
  const std::string gone = text.substr(point + 1 + static_cast<std::size_t>(places));
  const std::string half = gone.empty() ? "" : "5" + std::string(gone.size() - 1, '0');
  const bool up = !gone.empty() && (gone > half || (gone == half && (kept.back() - '0') % 2 != 0));
  if (up) {
    std::size_t digit = kept.size();
    while (digit > 0 && kept[digit - 1] == '9') kept[--digit] = '0';
    if (digit > 0)
      ++kept[digit - 1];
    else
      kept.insert(0, "1");
  }
  if (places > 0) kept.insert(kept.size() - static_cast<std::size_t>(places), ".");
  return (negative ? "-$" : "$") + kept;
}

}  // namespace

TEST_CASE("ten times ten cents is one dollar", "[money]") {
  ts::Money sum;
  for (int time = 0; time < 10; ++time) sum += dollars("0.10");
  CHECK(sum == dollars("1"));
  CHECK(sum.exact() == "1");
  CHECK(sum.usd(2) == "$1.00");
}

TEST_CASE("a hundred thousand calls at $0.0006 are sixty dollars", "[money]") {
  ts::Money sum;
  ts::MoneySum total;
  for (int call = 0; call < 100'000; ++call) {
    sum += dollars("0.0006");
    total += dollars("0.0006");
  }
  CHECK(sum.exact() == "60");
  CHECK(total.exact() == "60");
  CHECK(total.usd() == "$60.00");
}

TEST_CASE("one dollar a million tokens is a million picodollars a token", "[money]") {
  CHECK(dollars("1").picodollars() / 1'000'000 == 1'000'000);
  CHECK(dollars("0.000000000001").picodollars() == 1);
}

TEST_CASE("what an amount prints is what it is, for random amounts and the extremes", "[money]") {
  std::mt19937_64 random{5};
  std::vector<std::int64_t> amounts{0, 1, -1, 9, -10, largest, largest - 1, smallest + 1};
  for (std::int64_t power = 1; power <= largest / 10; power *= 10)
    amounts.insert(amounts.end(), {power, power - 1, power + 1, -power});
  for (int round = 0; round < 200'000; ++round) amounts.push_back(random_amount(random));
  for (const std::int64_t amount : amounts) {
    const ts::Money money = picodollars(amount);
    const std::string text = money.exact();
    if (text != exact_oracle(amount)) FAIL(text << " instead of " << exact_oracle(amount));
    const auto back = ts::Money::parse(text);
    if (!back || *back != money) FAIL(text << " is not read back");
    if (ts::MoneySum{money}.exact() != text) FAIL(text << " is another sum");
    if (text.size() > ts::money_text_size) FAIL(text << " is too long");
  }
}

TEST_CASE("trailing and leading zeros do not change what is read", "[money]") {
  CHECK(dollars("0.006") == dollars("0.006000000000"));
  CHECK(dollars("0.006") == dollars("000000000000000000000000000000000000000000000000.006"));
  CHECK(dollars("12") == dollars("12.0"));
  CHECK(dollars("-0") == ts::Money{});
  CHECK(dollars("-0.5").picodollars() == -500'000'000'000);
}

TEST_CASE("what is not a decimal number of dollars is not read", "[money]") {
  for (const std::string_view text : {"",
                                      "-",
                                      ".",
                                      "-.",
                                      "+1",
                                      "--1",
                                      "1-",
                                      ".5",
                                      "5.",
                                      "-.5",
                                      "1..2",
                                      "1.2.3",
                                      "1,5",
                                      "1e3",
                                      "0x1",
                                      "$1",
                                      " 1",
                                      "1 ",
                                      "\t1",
                                      "1\n",
                                      "nan",
                                      "inf",
                                      "NaN",
                                      "Infinity",
                                      "1/2",
                                      "\xD9\xA1",
                                      "1.0000000000000",
                                      "0.0000000000001",
                                      "9223372.036854775808",
                                      "-9223372.036854775808",
                                      "9223373",
                                      "-9223373",
                                      "92233720368547758070000",
                                      "170141183460469231731687303715884105728",
                                      "340282366920938463463374607431768211456",
                                      "99999999999999999999999999999999999999999999999999999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(ts::Money::parse(text));
  }
  CHECK_FALSE(ts::Money::parse(std::string_view{"1\0", 2}));
  CHECK_FALSE(ts::Money::parse(std::string(1'000'000, '9')));
}

TEST_CASE("every text of up to six characters that looks like a number is read as the schoolbook reads it", "[money]") {
  constexpr std::string_view alphabet = "019.-";
  std::size_t read = 0;
  for (std::size_t length = 0; length <= 6; ++length) {
    std::size_t words = 1;
    for (std::size_t place = 0; place < length; ++place) words *= alphabet.size();
    for (std::size_t word = 0; word < words; ++word) {
      std::string text;
      for (std::size_t rest = word; text.size() < length; rest /= alphabet.size())
        text += alphabet[rest % alphabet.size()];
      // The grammar: -?[0-9]+(\.[0-9]+)?
      const std::string digits = text.substr(text.starts_with('-') ? 1 : 0);
      const std::size_t point = digits.find('.');
      const std::string whole = digits.substr(0, point);
      const std::string fraction = point == std::string::npos ? "0" : digits.substr(point + 1);
      const bool good = !whole.empty() && !fraction.empty() &&
                        (whole + fraction).find_first_not_of("0123456789") == std::string::npos;
      const auto money = ts::Money::parse(text);
      if (money.has_value() != good) FAIL("'" << text << "' was " << (good ? "not " : "") << "read");
      if (!good) continue;
      ++read;
      const std::string padded = fraction + std::string(12 - fraction.size(), '0');
      const std::int64_t expected = std::stoll(whole + padded) * (text.starts_with('-') ? -1 : 1);
      if (money->picodollars() != expected) FAIL("'" << text << "' reads " << money->picodollars());
    }
  }
  CHECK(read > 3'000);
}

TEST_CASE("an amount for people is rounded half to even at every number of places", "[money]") {
  std::mt19937_64 random{6};
  std::vector<std::int64_t> amounts{0, 1, -1, largest, smallest + 1, 999'999'999'999, 9'999'999'999'999};
  for (int round = 0; round < 20'000; ++round) amounts.push_back(random_amount(random));
  std::int64_t half = 5;
  for (int digits = 0; digits < 12; ++digits, half *= 10)  // the ties and their neighbours
    for (std::int64_t times = 0; times < 40; ++times)
      for (std::int64_t off = -1; off <= 1; ++off) {
        amounts.push_back(half * (2 * times + 1) + off);
        amounts.push_back(-half * (2 * times + 1) + off);
      }
  for (const std::int64_t amount : amounts)
    for (int places = 0; places <= 12; ++places) {
      const std::string expected = rounding_oracle(amount, places);
      const std::string text = picodollars(amount).usd(places);
      if (text != expected) FAIL(amount << " at " << places << ": " << text << " instead of " << expected);
      if (ts::MoneySum{picodollars(amount)}.usd(places) != expected) FAIL(amount << " as a sum");
    }
}

TEST_CASE("known examples of rounding", "[money]") {
  CHECK(dollars("0.125").usd(2) == "$0.12");
  CHECK(dollars("0.135").usd(2) == "$0.14");
  CHECK(dollars("0.125000000001").usd(2) == "$0.13");
  CHECK(dollars("-0.125").usd(2) == "-$0.12");
  CHECK(dollars("0.5").usd(0) == "$0");
  CHECK(dollars("1.5").usd(0) == "$2");
  CHECK(dollars("9.995").usd(2) == "$10.00");
  CHECK(dollars("0.006").usd() == "$0.006000");
  CHECK(ts::MoneySum{dollars("1.234")}.usd() == "$1.23");
}

TEST_CASE("a number of places that makes no sense is the nearest one that does", "[money]") {
  CHECK(dollars("1.5").usd(-3) == "$2");
  CHECK(dollars("1.5").usd(13) == "$1.500000000000");
  CHECK(dollars("1.5").usd(std::numeric_limits<int>::max()) == "$1.500000000000");
  CHECK(dollars("1.5").usd(std::numeric_limits<int>::min()) == "$2");
}

TEST_CASE("an amount beyond what fits stays at the end and says so", "[money]") {
  const ts::Money most = picodollars(largest);
  CHECK((most + picodollars(1)).saturated());
  CHECK(most + most == most);
  CHECK((most + most).saturated());
  CHECK((ts::Money{} - most - most).saturated());
  CHECK(ts::Money{} - most - most == picodollars(-largest));
  CHECK_FALSE((most - picodollars(1)).saturated());
  CHECK_FALSE(ts::Money{}.saturated());
  CHECK(ts::Money::saturate(ts::detail::int128{largest} * 1000).saturated());
  CHECK(ts::Money::saturate(-(ts::detail::int128{largest} * 1000)).saturated());
}

TEST_CASE("the smallest int64 is as far as the largest: saturated, printed and read back", "[money]") {
  const ts::Money least = picodollars(smallest);
  CHECK(least.saturated());
  CHECK(least == picodollars(-largest));
  CHECK(least.exact() == "-9223372.036854775807");
  CHECK(ts::Money::parse(least.exact()) == least);
  CHECK(least - picodollars(1) == least);
  CHECK((ts::Money{} - least) + least == ts::Money{});
}

TEST_CASE("addition and subtraction agree with 128 bits, saturated once", "[money]") {
  std::mt19937_64 random{7};
  for (int round = 0; round < 200'000; ++round) {
    const std::int64_t a = random_amount(random), b = random_amount(random);
    const auto expected = [](ts::detail::int128 wide) {
      return static_cast<std::int64_t>(std::clamp<ts::detail::int128>(wide, -largest, largest));
    };
    if ((picodollars(a) + picodollars(b)).picodollars() != expected(ts::detail::int128{a} + b)) FAIL(a << " + " << b);
    if ((picodollars(a) - picodollars(b)).picodollars() != expected(ts::detail::int128{a} - b)) FAIL(a << " - " << b);
    if ((picodollars(a) < picodollars(b)) != (a < b)) FAIL(a << " < " << b);
  }
}

TEST_CASE("totals of tens of millions of dollars do not overflow", "[money]") {
  ts::MoneySum total;
  for (int call = 0; call < 1'000; ++call) total += dollars("10000.000000000001");
  CHECK(total.exact() == "10000000.000000001");
  CHECK(total.usd() == "$10000000.00");

  ts::MoneySum more;
  for (int call = 0; call < 1'000'000; ++call) more += picodollars(largest);
  CHECK(more.exact() == "9223372036854.775807");
  CHECK((more.picodollars() == ts::detail::int128{largest} * 1'000'000));
  CHECK(ts::MoneySum::from_picodollars(more.picodollars()) == more);
}

TEST_CASE("the longest sum fits the room for its text", "[money]") {
  const ts::detail::int128 most = ~(ts::detail::int128{1} << 127);
  const ts::MoneySum sum = ts::MoneySum::from_picodollars(-most);
  CHECK(sum.exact() == "-170141183460469231731687303.715884105727");
  CHECK(sum.exact().size() <= ts::money_text_size);
  CHECK(sum.usd(12) == "-$170141183460469231731687303.715884105727");
}

TEST_CASE("a sum does not depend on the order, and subtraction takes back what was added", "[money]") {
  std::mt19937_64 random{8};
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> amounts(200);
    for (std::int64_t& amount : amounts) amount = random_amount(random);
    ts::MoneySum forwards, shuffled, halves[2];
    for (const std::int64_t amount : amounts) forwards += picodollars(amount);
    std::shuffle(amounts.begin(), amounts.end(), random);
    for (std::size_t place = 0; place < amounts.size(); ++place) {
      shuffled += picodollars(amounts[place]);
      halves[place % 2] += picodollars(amounts[place]);
    }
    CHECK(forwards == shuffled);
    CHECK(halves[0] + halves[1] == forwards);
    for (const std::int64_t amount : amounts) forwards -= picodollars(amount);
    CHECK(forwards == ts::MoneySum{});
  }
}

TEST_CASE("a share is the part of a whole, and none of nothing", "[money]") {
  const ts::MoneySum whole = ts::Money::parse("5").value();
  CHECK(ts::MoneySum{ts::Money::parse("3.25").value()}.share_of(whole) == 0.65);
  CHECK(whole.share_of(ts::MoneySum{}) == 0);
  CHECK(ts::MoneySum{}.share_of(whole) == 0);
}
