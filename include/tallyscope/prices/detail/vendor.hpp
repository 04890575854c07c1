// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// How the names of a vendor's models begin, in plain spelling, by the alphabet. Where a vendor has two names, both
/// stand here.
struct VendorName {
  std::string_view beginning;
  std::string_view vendor;
};

inline constexpr VendorName vendor_names[] = {
    {"chatgpt_", "openai"},
    {"claude_", "anthropic"},
    {"codestral_", "mistral"},
    {"command_", "cohere"},
    {"computer_use", "openai"},
    {"deepseek_", "deepseek"},
    {"devstral_", "mistral"},
    {"gemini_", "google"},
    {"glm_", "zai"},
    {"glm_", "zhipuai"},
    {"gpt_", "openai"},
    {"grok_", "x_ai"},
    {"kimi_", "moonshotai"},
    {"magistral_", "mistral"},
    {"ministral_", "mistral"},
    {"mistral_", "mistral"},
    {"moonshot_", "moonshotai"},
    {"o1", "openai"},
    {"o3", "openai"},
    {"o4", "openai"},
    {"open_mistral_", "mistral"},
    {"open_mixtral_", "mistral"},
    {"pixtral_", "mistral"},
    {"sonar", "perplexity"},
    {"text_embedding_", "openai"},
    {"voxtral_", "mistral"},
};

inline constexpr std::size_t vendor_name_count = sizeof(vendor_names) / sizeof(vendor_names[0]);

/// Where the names that begin with a letter begin, and at last where all of them end.
inline constexpr std::array<std::uint8_t, 27> vendor_places = [] {
  std::array<std::uint8_t, 27> places{};
  for (const VendorName& name : vendor_names)
    for (std::size_t letter = static_cast<std::size_t>(name.beginning.front() - 'a') + 1; letter < 27; ++letter)
      ++places[letter];
  return places;
}();

/// Asks `take(number)` of each of vendor_names that `plain` begins with, until it says true; whether it did.
template <class Take>
bool any_vendor_of(std::string_view plain, Take&& take) {
  const std::size_t letter = plain.empty() ? 26 : static_cast<unsigned char>(plain.front() - 'a');
  if (letter >= 26) return false;
  for (std::size_t number = vendor_places[letter]; number < vendor_places[letter + 1]; ++number)
    if (plain.starts_with(vendor_names[number].beginning) && take(number)) return true;
  return false;
}

}  // namespace tallyscope::inline v0::detail
