// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <string_view>

namespace tallyscope::inline v0::detail {

/// How the names of a vendor's models begin, in plain spelling. Where a vendor has two names, both stand here.
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

/// Asks `take(vendor)` for each vendor whose models are called like `plain`, until it says true; whether it did.
template <class Take>
bool any_vendor_of(std::string_view plain, Take&& take) {
  const char first = plain.empty() ? '\0' : plain.front();
  for (const VendorName& name : vendor_names)
    if (name.beginning.front() == first && plain.starts_with(name.beginning) && take(name.vendor)) return true;
  return false;
}

}  // namespace tallyscope::inline v0::detail
