// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>

namespace tallyscope::inline v0::detail {

inline constexpr std::int64_t no_price = -1;

constexpr std::int64_t common_divisor(std::int64_t a, std::int64_t b) noexcept {
  while (b != 0) {
    const std::int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// The same for numbers that may need more bits; division in 128 bits is slow, so no longer than needed.
constexpr int128 common_divisor_wide(int128 a, int128 b) noexcept {
  constexpr int128 most = std::numeric_limits<std::int64_t>::max();
  while (b != 0 && (a > most || b > most)) {
    const int128 rest = a % b;
    a = b;
    b = rest;
  }
  return b == 0 ? a : common_divisor(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
}

/// Picodollars for one: a rate times its multiplier as one reduced fraction, so that a count times the numerator fits
/// 126 bits whatever the count is.
struct UnitPrice {
  std::int64_t numerator = no_price;
  std::int64_t denominator = 1;

  constexpr explicit operator bool() const noexcept { return numerator >= 0; }
  friend constexpr bool operator==(const UnitPrice&, const UnitPrice&) noexcept = default;

  /// What `rate` times `multiplier` comes to; an error for what is no price, or none that the fraction can hold.
  std::error_code set(const Rate& rate, const Fraction& multiplier) noexcept {
    if (rate.amount < Money{} || rate.per <= 0) return std::make_error_code(std::errc::invalid_argument);
    const bool fits =
        reduce(int128{rate.amount.picodollars()} * multiplier.numerator, int128{rate.per} * multiplier.denominator);
    return fits ? std::error_code{} : std::make_error_code(std::errc::result_out_of_range);
  }

  /// This price times a fraction of small numbers; no price if it cannot be held.
  constexpr UnitPrice times(const Fraction& factor) const noexcept {
    UnitPrice price;
    const bool held = price.reduce(int128{numerator} * factor.numerator, int128{denominator} * factor.denominator);
    return held ? price : UnitPrice{};
  }

 private:
  constexpr bool reduce(int128 above, int128 below) noexcept {
    constexpr int128 most = std::numeric_limits<std::int64_t>::max();
    const int128 divisor = common_divisor_wide(above, below);
    if (above / divisor > most || below / divisor > most) return false;
    numerator = static_cast<std::int64_t>(above / divisor);
    denominator = static_cast<std::int64_t>(below / divisor);
    return true;
  }
};

/// `rate` times `factor`, exactly, for as many as the rate is for where that comes out even. Nothing where two int64
/// numbers cannot say it.
constexpr std::optional<Rate> times(const Rate& rate, const Fraction& factor) noexcept {
  if (factor.numerator == factor.denominator) return rate;
  constexpr int128 most = std::numeric_limits<std::int64_t>::max();
  const int128 above = int128{rate.amount.picodollars()} * factor.numerator;
  const int128 divisor = common_divisor_wide(above, factor.denominator);
  const int128 amount = above / divisor, per = factor.denominator / divisor * rate.per;
  if (amount > most || per > most) return {};
  return Rate{Money::from_picodollars(static_cast<std::int64_t>(amount)), static_cast<std::int64_t>(per)};
}

/// Is a class of prices billed by the token, so that tiers and regions change it?
constexpr bool is_by_token(PriceClass kind) noexcept {
  switch (kind) {
    case PriceClass::web_search:
    case PriceClass::request:
    case PriceClass::file_search:
    case PriceClass::search_unit:
    case PriceClass::page:
    case PriceClass::audio_millisecond:
      return false;
    default:
      return true;
  }
}

}  // namespace tallyscope::inline v0::detail
