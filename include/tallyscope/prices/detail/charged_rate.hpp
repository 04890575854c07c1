// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/bill.hpp>
#include <tallyscope/prices/detail/price_table.hpp>

#include <cstddef>
#include <optional>

namespace tallyscope::inline v0::detail {

/// What is charged for one of a class, in the words of the rule where its numbers allow it.
inline Rate charged_rate(const PriceTable& table, const PriceRow& row, PriceClass kind, const UnitPrice& price,
                         const Fraction& adjusted) noexcept {
  if (&row == &free_row) return {Money{}, is_by_token(kind) ? 1'000'000 : 1'000};
  const PriceRule& rule = table.rule(row);
  const Rate& listed = *(rule.*price_rule_rates[static_cast<std::size_t>(kind)]);
  if (const std::optional<Rate> rate = times(listed, rule.multiplier))
    if (const std::optional<Rate> charged = times(*rate, is_by_token(kind) ? adjusted : Fraction{})) return *charged;
  return {Money::from_picodollars(price.numerator), price.denominator};
}

inline PriceRule charged_rule(const PriceTable& table, const Charge& charge) noexcept {
  const PriceRow& row = charge.priced_row();
  PriceRule rule = charge.row == &free_row ? PriceRule{} : table.rule(*charge.row);
  for (std::size_t place = 0; place < price_class_count; ++place) {
    const auto kind = static_cast<PriceClass>(place);
    const UnitPrice price = price_of(charge, kind);
    std::optional<Rate> charged;
    if (price) charged = charged_rate(table, row, kind, price, charge.adjusted);
    rule.*price_rule_rates[place] = charged;
  }
  rule.free = row.free;
  rule.multiplier = {};
  return rule;
}

inline void put_lines(CostLines& lines, const PriceTable& table, const Bill& bill) noexcept {
  for (const Bill::Line& line : bill.lines()) {
    const Rate rate = charged_rate(table, *line.row, line.kind, line.price, line.adjusted);
    lines.add({line.kind, line.quantity, rate, Money::saturate(line.amount()), line.model});
  }
  lines.cost = bill.cost(table.text());
  if (bill.without_tier()) lines.diagnostics.set(Diagnostic::tier_without_price);
  if (lines.cost.saturated) lines.diagnostics.set(Diagnostic::amount_saturated);
}

}  // namespace tallyscope::inline v0::detail
