// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>
#include <tallyscope/short_text.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tallyscope::inline v0 {

/// The share of one model in a reading.
struct ReadPart {
  ShortText<name_limit> model{};
  Usage usage{};

  ReadPart() noexcept {}  // one that the compiler makes zeroes all bytes first
  ReadPart(std::string_view named, const Usage& used) noexcept : model{named}, usage{used} {}
};

/// What a provider's response says of a call: usage and everything around it. It owns its texts, so that the response
/// may be gone. No member bears the name of one of Usage's, so that `report({.input_tokens = 1})` means a Usage.
struct Reading {
  Usage counts{};
  std::array<ReadPart, part_limit> parts{};  ///< filled from the front when several models served the response
  std::size_t part_count = 0;
  ShortText<name_limit> served_by{};  ///< the provider, in the words of gen_ai.provider.name, where the shape tells
  ShortText<name_limit> served_model{};
  ShortText<name_limit> served_tier{};  ///< as the provider writes it
  ShortText<name_limit> served_region{};
  ShortText<name_limit> request_id{};
  Finality finality = Finality::missing;
  std::optional<Outcome> outcome{};
  ShortText<long_text_limit> error_type{};
  Diagnostics diagnostics{};
  std::optional<Money> provider_cost{};  ///< what the provider itself says that the call costs
  Count used_input_tokens{};             ///< where the provider states what was used beside what is billed (`counts`)
  Count used_output_tokens{};
};

}  // namespace tallyscope::inline v0
