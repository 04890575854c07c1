// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/model_name.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

inline constexpr std::uint16_t standard_tier = 0;
inline constexpr std::uint16_t any_tier = 1;
inline constexpr std::uint16_t first_named_tier = 2;

/// Four to eight bytes as one word: two halves that may overlap.
inline std::uint64_t short_word(std::string_view text) noexcept {
  const std::uint64_t last_half = load<std::uint32_t>(text.data() + text.size() - 4);
  return last_half << 32 | load<std::uint32_t>(text.data());
}

/// Does a provider call its usual service so? Nothing said is the usual one too.
[[gnu::noinline]] inline bool is_standard_name(std::string_view tier) noexcept {
  const auto is = [&](std::string_view name) { return tier.size() == name.size() && reads_as(tier, name); };
  if (tier.size() == 7) return (short_word(tier) | 0x2020202020202020u) == short_word("default");
  return is("auto") || is("standard") || is("ondemand") || is("on_demand") || is("standard_only");
}
[[gnu::always_inline]] inline bool is_standard_tier(const std::string_view& tier) noexcept {
  return tier.empty() || is_standard_name(tier);
}

/// The one plain name of a tier that is not the standard one.
constexpr std::string_view one_tier_name(std::string_view plain) noexcept {
  if (plain == "on_demand_flex") return "flex";
  if (plain == "on_demand_priority") return "priority";
  if (plain == "batches") return "batch";
  return plain;
}

}  // namespace tallyscope::inline v0::detail
