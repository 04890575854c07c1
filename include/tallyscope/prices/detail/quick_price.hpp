// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/price_table.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace tallyscope::inline v0::detail {

/// What a thread remembers of pricing the usual call of one model: two prices, and the times and sizes of input between
/// which no rule of the model begins or ends to apply. The key stands for (table, provider, model).
struct QuickPrice {
  static constexpr std::int64_t below = std::int64_t{1} << 31;  // counts and prices, so that no sum overflows

  /// A range of numbers from `least` on: one subtraction and one comparison tell what is in it.
  struct Range {
    std::int64_t least = 0;
    std::uint64_t size = 0;

    [[gnu::always_inline]] bool has(std::int64_t number) const noexcept {
      return static_cast<std::uint64_t>(number) - static_cast<std::uint64_t>(least) < size;
    }
    /// Narrows the range to the side of the border that `number` is on; the border itself belongs to the upper side.
    void narrow(std::int64_t border, std::int64_t number) noexcept {
      if (!has(border)) return;
      const std::uint64_t lower = static_cast<std::uint64_t>(border) - static_cast<std::uint64_t>(least);
      size = number >= border ? size - lower : lower;
      if (number >= border) least = border;
    }
  };

  std::uint64_t key = 0;
  Range times{};
  Range input_tokens{};
  std::int64_t input = 0;  // picodollars a token
  std::int64_t output = 0;
  bool by_region = false;  // prices of a call whose region is known may be others

  [[gnu::always_inline]] bool covers(std::uint64_t wanted, std::int64_t start_utc, std::int64_t tokens) const noexcept {
    return key == wanted && times.has(start_utc) && input_tokens.has(tokens);
  }
};

inline thread_local constinit QuickPrice quick_prices[64]{};

[[gnu::always_inline]] inline QuickPrice& quick_price_place(std::uint64_t key) noexcept {
  return quick_prices[key % 64];
}

/// Finds the prices for `rows` of `table` around a call, or nothing that covers it.
inline QuickPrice find_quick_price(const PriceTable& table, ModelRows rows, std::int64_t start_utc,
                                   std::int64_t tokens) noexcept {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  QuickPrice found{.times = {least, std::numeric_limits<std::uint64_t>::max()},
                   .input_tokens = {0, static_cast<std::uint64_t>(QuickPrice::below)}};
  bool timed = false;
  table.for_each(rows, [&](const PriceRow& row) {
    found.by_region = found.by_region || row.region != 0;
    if (!row.applies_at(standard_tier) || row.region != 0) return;
    found.times.narrow(row.from, start_utc);
    found.input_tokens.narrow(row.above + 1, tokens);
    timed = timed || row.timed;
  });
  const PriceRow* const row = timed ? nullptr : table.usual_row(rows, start_utc, tokens);
  if (row == nullptr || row->free || row->special) return {};
  const UnitPrice &input = row->price(PriceClass::input), &output = row->price(PriceClass::output);
  found.input = input.numerator;
  found.output = output.numerator;
  found.by_region =
      found.by_region || (row->provider == no_provider && table.has_regions()) || table.adjusts_regions(row->provider);
  const bool whole = input.denominator == 1 && output.denominator == 1;
  const bool usual = whole && found.input >= 0 && found.output >= 0 && (found.input | found.output) < QuickPrice::below;
  return usual ? found : QuickPrice{};
}

}  // namespace tallyscope::inline v0::detail
