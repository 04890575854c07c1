// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/pattern.hpp>
#include <tallyscope/prices/detail/price_row.hpp>

#include <cstdint>
#include <string_view>
#include <system_error>

namespace tallyscope::inline v0::detail {

inline constexpr Fraction unchanged{};

/// A PriceAdjustment as it is evaluated.
struct AdjustmentRow {
  std::int64_t from = 0;
  Fraction multiplier{};
  std::string_view model{};  // plain
  std::uint16_t provider = no_provider;
  std::uint16_t tier = standard_tier;  // of a region alone
  std::uint16_t region = 0;            // of a tier alone

  bool is_of(std::uint16_t wanted_tier, std::uint16_t wanted_region) const noexcept {
    return tier == wanted_tier && region == wanted_region;
  }

  /// Of a name that has a date or stands behind a prefix, the model may be any piece that a book looks up.
  bool is_for(std::uint16_t of_provider, std::string_view plain, std::string_view behind_prefix) const noexcept {
    if (provider != no_provider && provider != of_provider) return false;
    for (const std::string_view name : {plain, without_date(plain), behind_prefix, without_date(behind_prefix)})
      if (!name.empty() && matches(model, name)) return true;
    return false;
  }
};

/// Small enough that two of them and a price are one fraction, large enough for any that is charged.
inline constexpr std::int64_t most_of_multiplier = 1'000'000;

inline std::error_code check(const PriceAdjustment& adjustment) noexcept {
  bool right = is_right(adjustment.multiplier) && !adjustment.model.empty() && adjustment.service_tier != "*" &&
               (!is_standard_tier(adjustment.service_tier) || adjustment.service_tier.empty()) &&
               !(adjustment.service_tier.empty() && adjustment.region.empty());
  for (const std::string_view name :
       {adjustment.provider, adjustment.model, adjustment.service_tier, adjustment.region})
    right = right && name.size() <= plain_name_limit;
  if (!right) return std::make_error_code(std::errc::invalid_argument);
  const bool small =
      adjustment.multiplier.numerator <= most_of_multiplier && adjustment.multiplier.denominator <= most_of_multiplier;
  return small ? std::error_code{} : std::make_error_code(std::errc::result_out_of_range);
}

}  // namespace tallyscope::inline v0::detail
