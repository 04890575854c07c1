// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/model_name.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

inline constexpr std::uint16_t standard_tier = 0;
inline constexpr std::uint16_t any_tier = 1;
inline constexpr std::uint16_t first_named_tier = 2;

/// Does a provider call its usual service so? Nothing said is the usual one too.
inline bool is_standard_tier(std::string_view tier) noexcept {
  switch (tier.size()) {
    case 0:
      return true;
    case 4:
      return reads_as(tier, "auto");
    case 7:
      return reads_as(tier, "default");
    case 8:
      return reads_as(tier, "standard") || reads_as(tier, "ondemand");
    case 9:
      return reads_as(tier, "on_demand");
    case 13:
      return reads_as(tier, "standard_only");
    default:
      return false;
  }
}

/// The one plain name of a tier that is not the standard one.
constexpr std::string_view one_tier_name(std::string_view plain) noexcept {
  if (plain == "on_demand_flex") return "flex";
  if (plain == "on_demand_priority") return "priority";
  if (plain == "batches") return "batch";
  return plain;
}

}  // namespace tallyscope::inline v0::detail
