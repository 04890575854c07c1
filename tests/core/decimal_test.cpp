// SPDX-License-Identifier: MIT
#include <tallyscope/detail/decimal.hpp>

#include "catch.hpp"

#include <limits>
#include <random>
#include <string>

namespace {

namespace detail = tallyscope::detail;

std::string decimal(std::uint64_t value) {
  char text[detail::decimal_room];
  return {text, detail::write_decimal(text, value)};
}

std::string fraction(std::uint64_t value, std::size_t size) {
  char text[detail::decimal_room + 1];
  return {text, detail::write_fraction(text, value, size)};
}

std::string hex(std::uint64_t value) {
  char text[16];
  return {text, detail::write_hex(text, value)};
}

}  // namespace

TEST_CASE("an integer of any size reads as the standard library prints it", "[decimal]") {
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits, power *= 10)
    for (const std::uint64_t value : {power - 1, power, power + 1}) CHECK(decimal(value) == std::to_string(value));
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  CHECK(decimal(most) == std::to_string(most));
  std::mt19937_64 random{1};
  for (int round = 0; round < 20'000; ++round) {
    const std::uint64_t value = random() >> (random() % 64);
    REQUIRE(decimal(value) == std::to_string(value));
  }
}

TEST_CASE("a fraction keeps its zeros in front and loses those at its end", "[decimal]") {
  CHECK(fraction(0, 12) == "");
  CHECK(fraction(1, 12) == ".000000000001");
  CHECK(fraction(600'000'000, 12) == ".0006");
  CHECK(fraction(999'999, 6) == ".999999");
  CHECK(fraction(5, 1) == ".5");
}

TEST_CASE("hex digits are lower case, all sixteen of them", "[decimal]") {
  CHECK(hex(0) == "0000000000000000");
  CHECK(hex(0x0123456789abcdef) == "0123456789abcdef");
  CHECK(hex(~std::uint64_t{0}) == "ffffffffffffffff");
}
