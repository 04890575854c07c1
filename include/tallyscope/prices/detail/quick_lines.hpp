// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/price_row.hpp>

#include <cstdint>

namespace tallyscope::inline v0::detail {

/// Adds up the lines of a usual call in a few instructions: whole prices, and a sum that fits 64 bits. Else it is
/// `unusual`, and its sum is nothing.
class QuickLines {
 public:
  static constexpr bool takes_rare = false;

  [[gnu::always_inline]] explicit QuickLines(const PriceRow& row) noexcept : row_{row} {}

  [[gnu::always_inline]] bool has_price(PriceClass kind) const noexcept { return static_cast<bool>(row_.price(kind)); }

  [[gnu::always_inline]] void add(PriceClass kind, std::int64_t quantity) noexcept {
    std::int64_t amount = 0;
    const UnitPrice& price = row_.price(kind);
    unusual_ |= price.numerator < 0 || price.denominator != 1;
    unusual_ |= __builtin_mul_overflow(quantity, price.numerator, &amount);
    unusual_ |= __builtin_add_overflow(sum_, amount, &sum_);
  }

  [[gnu::always_inline]] void lacking() noexcept { unusual_ = true; }
  [[gnu::always_inline]] bool unusual() const noexcept { return unusual_; }
  [[gnu::always_inline]] std::int64_t sum() const noexcept { return sum_; }

 private:
  const PriceRow& row_;
  std::int64_t sum_ = 0;
  bool unusual_ = false;
};

}  // namespace tallyscope::inline v0::detail
