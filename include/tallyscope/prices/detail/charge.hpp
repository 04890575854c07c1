// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/bill.hpp>
#include <tallyscope/prices/detail/name_cache.hpp>
#include <tallyscope/prices/detail/price_table.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// The names and the circumstances of what is to be charged for.
struct ChargedCall {
  std::string_view provider{};
  std::string_view model{};
  std::int64_t start_utc = 0;
  Served served{};
};

/// A row for the tier itself, else that of the standard tier, which an adjustment makes one of the tier.
class ChargeFinder {
 public:
  ChargeFinder(const PriceTable& table, const ChargedCall& call) noexcept
      : table_{table}, call_{call}, rows_{rows_of(table, call.provider, call.model)} {}

  const ModelRows& rows() const noexcept { return rows_; }

  Charge find(std::int64_t input_tokens) const noexcept {
    if (rows_.own == free_rows) return {&free_row};
    if (call_.served.usual()) return {table_.usual_row(rows_, call_.start_utc, input_tokens)};
    const PriceRow* const of_tier = row_at(call_.served.tier, input_tokens);
    if (of_tier != nullptr) return {of_tier, of_region(*of_tier)};
    const PriceRow* const standard = row_at(standard_tier, input_tokens);
    return standard == nullptr ? Charge{} : at_tier(*standard);
  }

 private:
  const PriceRow* row_at(std::uint16_t tier, std::int64_t input_tokens) const noexcept {
    return table_.first_of(rows_, [&](const PriceRow& row) {
      return row.applies_at(tier) && row.applies_in(call_.served.region) && row.applies_to(input_tokens) &&
             row.applies_when(call_.start_utc);
    });
  }

  const AdjustmentRow* adjustment(const PriceRow& row, std::uint16_t tier, std::uint16_t region) const noexcept {
    const std::uint16_t provider =
        row.provider != no_provider ? row.provider : table_.provider_number(PlainName{call_.provider});
    return table_.adjustment(tier, region, provider, call_.model, call_.start_utc);
  }

  Fraction of_region(const PriceRow& row) const noexcept {
    if (row.region != 0 || row.origin == Origin::set || call_.served.region == 0) return {};
    const AdjustmentRow* const found = adjustment(row, standard_tier, call_.served.region);
    return found ? found->multiplier : Fraction{};
  }

  Charge at_tier(const PriceRow& row) const noexcept {
    if (call_.served.region != 0 && row.region == 0)
      if (const AdjustmentRow* const both = adjustment(row, call_.served.tier, call_.served.region))
        return {&row, both->multiplier};
    const AdjustmentRow* const tier = adjustment(row, call_.served.tier, 0);
    if (tier == nullptr) return {&row, {}, true};
    const Fraction &a = tier->multiplier, b = of_region(row);
    return {&row, {a.numerator * b.numerator, a.denominator * b.denominator}};
  }

  const PriceTable& table_;
  const ChargedCall& call_;
  ModelRows rows_;
};

}  // namespace tallyscope::inline v0::detail
