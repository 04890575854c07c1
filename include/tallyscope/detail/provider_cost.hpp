// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>

namespace tallyscope::inline v0::detail {

/// Is what the provider says it charges another amount than the whole cost by the prices? Up to a hundredth, and up to
/// a microdollar, is taken for rounding.
inline bool provider_cost_differs(const std::optional<Money>& stated, const Cost& cost) noexcept {
  if (!stated || !cost.whole() || cost.estimated) return false;
  constexpr std::int64_t microdollar = 1'000'000;
  const int128 more = int128{stated->picodollars()} - cost.amount.picodollars();
  const int128 difference = more < 0 ? -more : more;
  return difference > microdollar && difference * 100 > stated->picodollars();
}

}  // namespace tallyscope::inline v0::detail
