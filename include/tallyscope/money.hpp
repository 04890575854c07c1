// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace tallyscope::inline v0 {

namespace detail {

__extension__ using int128 = __int128;

/// Writes `picodollars` as a decimal number of dollars with at least `least` and at most `most` digits behind the point
/// (0 to 12); digits beyond `most` are rounded half to even. At most 44 characters; returns the end.
constexpr char* write_dollars(char* out, int128 picodollars, int least, int most) noexcept;

}  // namespace detail

/// Enough room for any amount that this header writes.
inline constexpr std::size_t money_text_size = 48;

/// An exact amount of US dollars in whole picodollars (1e-12 USD; $1 per million tokens = 1,000,000 a token).
/// 8 bytes; holds up to $9.2 million and saturates there, which `saturated()` says.
class Money {
 public:
  constexpr Money() noexcept = default;

  /// The amount; the smallest int64, which has no opposite, saturates.
  static constexpr Money from_picodollars(std::int64_t amount) noexcept { return saturate(amount); }

  /// Reads a decimal number of dollars such as "0.0006" exactly; nothing for any other text, more than 12 digits behind
  /// the point, or an amount that does not fit.
  static constexpr std::optional<Money> parse(std::string_view dollars) noexcept;

  constexpr std::int64_t picodollars() const noexcept { return picodollars_; }
  constexpr bool saturated() const noexcept { return picodollars_ == most || picodollars_ == -most; }

  /// The exact decimal, without a sign of currency: "0.006".
  std::string exact() const;
  /// For people: "$0.006000", rounded half to even to `places` (0 to 12) digits.
  std::string usd(int places = 6) const;

  friend constexpr Money operator+(Money a, Money b) noexcept { return saturate(wide(a) + wide(b)); }
  friend constexpr Money operator-(Money a, Money b) noexcept { return saturate(wide(a) - wide(b)); }
  constexpr Money& operator+=(Money other) noexcept { return *this = *this + other; }
  friend constexpr auto operator<=>(Money, Money) noexcept = default;

  /// The amount, or the nearest one that fits.
  static constexpr Money saturate(detail::int128 picodollars) noexcept {
    if (picodollars > most) return Money{most};
    if (picodollars < -detail::int128{most}) return Money{-most};
    return Money{static_cast<std::int64_t>(picodollars)};
  }

 private:
  static constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

  constexpr explicit Money(std::int64_t amount) noexcept : picodollars_{amount} {}
  static constexpr detail::int128 wide(Money money) noexcept { return money.picodollars_; }

  std::int64_t picodollars_ = 0;
};

/// A sum of amounts in 128 bits: exact whatever the order, and without a practical limit.
class MoneySum {
 public:
  constexpr MoneySum() noexcept = default;
  constexpr MoneySum(Money money) noexcept : picodollars_{money.picodollars()} {}
  static constexpr MoneySum from_picodollars(detail::int128 amount) noexcept {
    MoneySum sum;
    sum.picodollars_ = amount;
    return sum;
  }

  constexpr detail::int128 picodollars() const noexcept { return picodollars_; }
  std::string exact() const;
  std::string usd(int places = 2) const;

  constexpr MoneySum& operator+=(MoneySum other) noexcept {
    picodollars_ += other.picodollars_;
    return *this;
  }
  constexpr MoneySum& operator-=(MoneySum other) noexcept {
    picodollars_ -= other.picodollars_;
    return *this;
  }
  /// What part of `whole` this is: 0.5 for half of it, 0 where the whole is nothing. A share is for people; no amount
  /// is made from it.
  constexpr double share_of(MoneySum whole) const noexcept {
    return whole.picodollars_ == 0 ? 0 : static_cast<double>(picodollars_) / static_cast<double>(whole.picodollars_);
  }
  friend constexpr MoneySum operator+(MoneySum a, MoneySum b) noexcept { return a += b; }
  friend constexpr MoneySum operator-(MoneySum a, MoneySum b) noexcept { return a -= b; }
  friend constexpr auto operator<=>(MoneySum, MoneySum) noexcept = default;

 private:
  detail::int128 picodollars_ = 0;
};

namespace detail {

inline constexpr int dollar_digits = 12;

constexpr int128 power_of_ten(int exponent) noexcept {
  int128 power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

/// numerator / denominator, rounded half to even; both positive or the numerator 0.
constexpr int128 divide_half_even(int128 numerator, int128 denominator) noexcept {
  const int128 quotient = numerator / denominator;
  const int128 rest = numerator % denominator;
  const int128 other = denominator - rest;
  const bool up = rest > other || (rest == other && quotient % 2 != 0);
  return up ? quotient + 1 : quotient;
}

constexpr char* write_whole(char* out, int128 value) noexcept {
  char digits[40];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  while (count > 0) *out++ = digits[--count];
  return out;
}

constexpr char* write_dollars(char* out, int128 picodollars, int least, int most) noexcept {
  if (picodollars < 0) *out++ = '-';
  const int128 magnitude = picodollars < 0 ? -picodollars : picodollars;
  const int128 rounded = divide_half_even(magnitude, power_of_ten(dollar_digits - most));
  const int128 unit = power_of_ten(most);
  out = write_whole(out, rounded / unit);
  int128 fraction = rounded % unit;
  int places = most;
  for (; places > least && fraction % 10 == 0; --places) fraction /= 10;
  if (places == 0) return out;
  *out++ = '.';
  for (int128 digit = power_of_ten(places - 1); digit != 0; digit /= 10)
    *out++ = static_cast<char>('0' + static_cast<int>(fraction / digit % 10));
  return out;
}

inline std::string exact_dollars(int128 picodollars) {
  char text[money_text_size];
  return std::string(text, write_dollars(text, picodollars, 0, dollar_digits));
}

inline std::string rounded_dollars(int128 picodollars, int places) {
  places = places < 0 ? 0 : places > dollar_digits ? dollar_digits : places;
  char text[money_text_size];
  const std::string digits(text, write_dollars(text, picodollars < 0 ? -picodollars : picodollars, places, places));
  return (picodollars < 0 ? "-$" : "$") + digits;
}

}  // namespace detail

constexpr std::optional<Money> Money::parse(std::string_view dollars) noexcept {
  const bool negative = dollars.starts_with('-');
  if (negative) dollars.remove_prefix(1);
  detail::int128 amount = 0;
  int places = -1;  // digits behind the point so far; -1 before it
  bool digit_seen = false;
  for (const char c : dollars) {
    if (c == '.' && places < 0 && digit_seen) {
      places = 0;
      continue;
    }
    if (c < '0' || c > '9' || places == detail::dollar_digits) return std::nullopt;
    amount = amount * 10 + (c - '0');
    if (amount > detail::int128{most} * 10) return std::nullopt;
    if (places >= 0) ++places;
    digit_seen = true;
  }
  if (!digit_seen || places == 0) return std::nullopt;
  for (int left = places < 0 ? 0 : places; left < detail::dollar_digits; ++left) {
    amount *= 10;
    if (amount > most) return std::nullopt;
  }
  if (amount > most) return std::nullopt;
  return Money{static_cast<std::int64_t>(negative ? -amount : amount)};
}

inline std::string Money::exact() const { return detail::exact_dollars(picodollars_); }
inline std::string Money::usd(int places) const { return detail::rounded_dollars(picodollars_, places); }
inline std::string MoneySum::exact() const { return detail::exact_dollars(picodollars_); }
inline std::string MoneySum::usd(int places) const { return detail::rounded_dollars(picodollars_, places); }

}  // namespace tallyscope::inline v0
