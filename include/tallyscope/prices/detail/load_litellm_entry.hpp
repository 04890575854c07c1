// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/load_list.hpp>
#include <tallyscope/prices/detail/load_litellm_hours.hpp>
#include <tallyscope/prices/detail/load_litellm_member.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <vector>

namespace tallyscope::inline v0::detail {

inline constexpr std::string_view billed_twice = "what is priced by the token too is billed by the token";
inline constexpr std::string_view any_region = "a multiplier of every region but the global one has no place in a book";
inline constexpr std::string_view unread_range = "a range of input tokens that cannot be read";
inline constexpr std::string_view unknown_unit = "searches are billed by a unit that is not known";

/// A multiplier of a service tier or of a region.
struct LitellmMultiplier {
  std::string_view tier{};
  std::string_view region{};
  Fraction multiplier{};
};

/// What LiteLLM's list says of one model.
struct LitellmEntry {
  std::string_view provider{};
  std::string_view mode{};
  std::map<std::string_view, SteppedRates> tiers{};  // by service tier; "" is the standard one
  std::vector<LitellmMultiplier> multipliers{};
  StatedRates off_peak{};
  std::vector<UtcWindow> windows{};
  std::vector<ModelFault> unsaid{};
  ModelFault fault{};  // why the model is left out

  /// Does it price the tokens of one direction, at any tier?
  bool has_token_price(bool of_input) const {
    constexpr PriceClass inputs[] = {PriceClass::input, PriceClass::input_audio, PriceClass::input_image,
                                     PriceClass::input_video};
    constexpr PriceClass outputs[] = {PriceClass::output, PriceClass::output_audio, PriceClass::output_image};
    const auto is_priced = [&](PriceClass kind) {
      for (const auto& [tier, steps] : tiers)
        for (const auto& [above, rates] : steps.steps())
          if (rates[kind] && rates[kind]->amount != Money{}) return true;
      return false;
    };
    if (of_input) return std::any_of(std::begin(inputs), std::end(inputs), is_priced);
    return std::any_of(std::begin(outputs), std::end(outputs), is_priced);
  }
};

}  // namespace tallyscope::inline v0::detail
