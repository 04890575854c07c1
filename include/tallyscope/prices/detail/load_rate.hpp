// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_scan.hpp>
#include <tallyscope/prices/price_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What a number of a list is the price of: it stands for 10^-`scale` of `per`. Of LiteLLM's price of one token per is
/// a million and scale 6, so that rates read as people write them.
struct PriceUnit {
  std::int64_t per = 1'000'000;
  int scale = 0;
};

/// Why a text is no price; empty for none.
inline constexpr std::string_view no_number = "a price is a number";
inline constexpr std::string_view negative_price = "a price is not negative";
inline constexpr std::string_view price_too_long = "the price has more digits than can be held exactly";
inline constexpr std::string_view no_multiplier = "a multiplier is a positive number of few digits";

/// digits x 10^exponent, exactly.
struct Decimal {
  std::int64_t digits = 0;
  std::int64_t exponent = 0;
  bool negative = false;
};

inline constexpr std::int64_t most_int64 = std::numeric_limits<std::int64_t>::max();

/// value x 10^times, unless that is beyond int64. Zero stays zero.
constexpr bool times_ten(std::int64_t& value, std::int64_t times) noexcept {
  if (value == 0) return true;
  for (; times > 0; --times) {
    if (value > most_int64 / 10) return false;
    value *= 10;
  }
  return true;
}

/// The exponent behind `e`, bounded by what no number of digits outweighs.
constexpr std::int64_t decimal_exponent(std::string_view text) noexcept {
  constexpr std::int64_t most = 1'000'000'000'000;
  const bool down = text.starts_with('-');
  if (down || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  for (const char digit : text)
    if (exponent < most) exponent = exponent * 10 + (digit - '0');
  return down ? -exponent : exponent;
}

/// A number as JSON writes it; nothing where its digits are more than int64 holds.
constexpr std::optional<Decimal> decimal_of(std::string_view text) noexcept {
  Decimal decimal{.negative = text.starts_with('-')};
  if (decimal.negative) text.remove_prefix(1);
  const std::size_t mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) decimal.exponent = decimal_exponent(text.substr(mark + 1));
  bool behind_point = false;
  std::int64_t zeros = 0;  // seen, and taken in only when another digit follows
  for (const char letter : text.substr(0, mark)) {
    if (letter == '.') {
      behind_point = true;
      continue;
    }
    decimal.exponent -= behind_point ? 1 : 0;
    if (letter == '0') {
      ++zeros;
      continue;
    }
    if (!times_ten(decimal.digits, zeros + 1)) return std::nullopt;
    zeros = 0;
    const std::int64_t digit = letter - '0';
    if (decimal.digits > most_int64 - digit) return std::nullopt;
    decimal.digits += digit;
  }
  decimal.exponent += zeros;
  return decimal;
}

/// Exactly the rate that `text` says, or why there is none. What whole picodollars cannot say per `unit.per` they say
/// per ten, a hundred ... times as many.
constexpr std::string_view rate_of(std::string_view text, PriceUnit unit, Rate& rate) noexcept {
  constexpr int picodollar_digits = 12;
  const std::optional<Decimal> decimal = decimal_of(text);
  if (!decimal) return price_too_long;
  if (decimal->digits == 0) return rate = Rate{Money{}, unit.per}, std::string_view{};
  if (decimal->negative) return negative_price;
  std::int64_t amount = decimal->digits, per = unit.per;
  const std::int64_t exponent = decimal->exponent + picodollar_digits + unit.scale;
  if (!times_ten(exponent >= 0 ? amount : per, exponent >= 0 ? exponent : -exponent)) return price_too_long;
  if (amount == most_int64) return price_too_long;  // which Money takes for saturated
  rate = Rate{Money::from_picodollars(amount), per};
  return {};
}

/// Exactly the multiplier that `text` says, or why there is none.
constexpr std::string_view fraction_of(std::string_view text, Fraction& fraction) noexcept {
  const std::optional<Decimal> decimal = decimal_of(text);
  if (!decimal || decimal->digits == 0 || decimal->negative) return no_multiplier;
  Fraction read{decimal->digits, 1};
  const std::int64_t exponent = decimal->exponent;
  if (!times_ten(exponent >= 0 ? read.numerator : read.denominator, exponent >= 0 ? exponent : -exponent))
    return no_multiplier;
  std::int64_t divisor = read.denominator;
  for (std::int64_t rest = read.numerator; rest != 0;) {
    const std::int64_t next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  constexpr std::int64_t most = 1'000'000;  // of what a book keeps
  fraction = {read.numerator / divisor, read.denominator / divisor};
  return fraction.numerator > most || fraction.denominator > most ? no_multiplier : std::string_view{};
}

/// Takes a number, or a string that holds one, as it is written; empty for anything else, which is taken too.
inline std::string_view take_number(JsonScan& scan) noexcept {
  std::string_view number;
  if (scan.number(number)) return number;
  JsonString text;
  if (!scan.string(text)) return scan.skip(), std::string_view{};
  JsonScan inner{text.raw()};
  return inner.number(number) && inner.at_end() ? number : std::string_view{};
}

}  // namespace tallyscope::inline v0::detail
