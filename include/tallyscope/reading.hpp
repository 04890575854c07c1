// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// What a provider's response says of a call: usage and everything around it. The texts borrow from the response; a
/// scope copies them when it is given the reading. No member bears the name of one of Usage's, so that
/// `report({.input_tokens = 1})` means a Usage.
struct Reading {
  Usage counts{};
  std::array<Part, part_limit> parts{};  ///< filled from the front when several models served the response
  std::size_t part_count = 0;
  std::string_view served_model{};
  std::string_view served_tier{};
  std::string_view served_region{};
  std::string_view request_id{};
  Finality finality = Finality::missing;
  std::optional<Outcome> outcome{};
  std::string_view error_type{};
  Diagnostics diagnostics{};
  std::optional<Money> provider_cost{};
};

}  // namespace tallyscope::inline v0
