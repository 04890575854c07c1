// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/builtin.hpp>
#include <tallyscope/prices/detail/price_table.hpp>
#include <tallyscope/prices/detail/supplement_lines.hpp>

namespace tallyscope::inline v0::detail {

/// Never destroyed, since statics of a host may price until the end.
inline PriceTable* builtin_table() {
  static PriceTable* const table = [] {
    auto* made = new PriceTable{builtin_prices_name, builtin_prices_version};
    for_each_builtin_price([&](const PriceRule& rule) { made->add(rule, Origin::builtin); });
    for_each_supplement([&](const PriceAdjustment& adjustment) { made->add(adjustment); });
    return made;
  }();
  return table;
}

}  // namespace tallyscope::inline v0::detail
