// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/price_rule.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

namespace tallyscope::inline v0 {

/// One line of a bill: so many of a class, at a rate. `amount` is quantity x rate, rounded half to even to picodollars.
struct CostLine {
  PriceClass kind = PriceClass::input;
  std::int64_t quantity = 0;
  Rate rate{};  ///< as charged: with the multiplier of the rule and those of the tier and the region in it, exactly
  Money amount{};
  std::string_view model{};  ///< of a part that another model than the call's own served; else empty
};

/// A cost, and what it is made of: the known part of the cost is the sum of the lines. Equal classes at one rate for
/// one model are one line. What was used and has no price has no line, which the state of the cost says; what is free
/// has lines with a rate of 0. Texts live as long as the record's and the book's.
class CostLines {
 public:
  static constexpr std::size_t limit = 64;  ///< a call with more is incomplete

  CostLines() noexcept {}  // the lines stay as they are until they are used

  Cost cost{};
  Diagnostics diagnostics{};  ///< tier_without_price, amount_saturated

  const CostLine* begin() const noexcept { return lines_; }
  const CostLine* end() const noexcept { return lines_ + size_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const CostLine& operator[](std::size_t place) const noexcept { return lines_[place]; }

  void add(const CostLine& line) noexcept {
    if (size_ < limit) new (&lines_[size_++]) CostLine{line};
  }

 private:
  std::size_t size_ = 0;
  union {
    CostLine lines_[limit];
  };
};

}  // namespace tallyscope::inline v0
