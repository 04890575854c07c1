// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/prices/detail/plain_name.hpp>

#include <cstddef>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// Where a name has a prefix that may be its provider: the place of its first slash or colon, or its size.
inline std::size_t prefix_size(std::string_view name) noexcept {
  const std::string_view before_slash = name.substr(0, name.find('/'));
  return before_slash.substr(0, before_slash.find(':')).size();
}

/// The number that two digits are, or one beyond 99.
constexpr unsigned two_digits(const char* digits) noexcept {
  return is_digit(digits[0]) && is_digit(digits[1])
             ? static_cast<unsigned>(digits[0] - '0') * 10 + static_cast<unsigned>(digits[1] - '0')
             : 100;
}
constexpr bool is_year(const char* digits) noexcept { return two_digits(digits) == 20 && two_digits(digits + 2) < 100; }
constexpr bool is_month(const char* digits) noexcept { return two_digits(digits) - 1 < 12; }
constexpr bool is_day(const char* digits) noexcept { return two_digits(digits) - 1 < 31; }

/// How many bytes the date of this century takes that a plain name ends with: -YYYY-MM-DD, -YYYYMMDD, @YYYYMMDD or
/// -MMDD; 0 for none.
constexpr std::size_t date_size(std::string_view plain) noexcept {
  const std::size_t size = plain.size();
  if (size < 6 || !is_digit(plain[size - 1]) || !is_digit(plain[size - 2])) return 0;
  const char* const end = plain.data() + size;
  if (end[-3] == '_') {
    const bool right = size > 11 && end[-11] == '_' && end[-6] == '_';
    return right && is_year(end - 10) && is_month(end - 5) && is_day(end - 2) ? 11 : 0;
  }
  if (!is_month(end - 4) || !is_day(end - 2)) return 0;
  if (end[-5] == '_') return 5;
  return size > 9 && (end[-9] == '_' || end[-9] == '@') && is_year(end - 8) ? 9 : 0;
}

/// A plain name without the date it ends with; empty when it has none. Any other ending is a part of the name: another
/// model.
constexpr std::string_view without_date(std::string_view plain) noexcept {
  const std::size_t date = date_size(plain);
  return date == 0 ? std::string_view{} : plain.substr(0, plain.size() - date);
}

/// Plain names of providers that have several, and the one that is taken for all: OpenTelemetry's gen_ai.provider.name,
/// older gen_ai.system and those that price lists and gateways write.
inline constexpr std::string_view other_provider_names[][2] = {
    {"gcp_gemini", "google"},
    {"gcp_vertex_ai", "google"},
    {"gcp_gen_ai", "google"},
    {"gemini", "google"},
    {"vertex_ai", "google"},
    {"vertexai", "google"},
    {"vertex", "google"},
    {"google_vertex", "google"},
    {"amazon_bedrock", "aws"},
    {"voyage", "voyageai"},
    {"together_ai", "together"},
    {"fireworks_ai", "fireworks"},
    {"xai", "x_ai"},
    {"mistral_ai", "mistral"},
    {"mistralai", "mistral"},
    {"moonshot_ai", "moonshotai"},
    {"moonshot", "moonshotai"},
    {"z_ai", "zai"},
    {"azure_ai_openai", "azure"},
    {"azure_openai", "azure"},
    {"azure_ai_inference", "azure"},
    {"aws_bedrock", "aws"},
    {"bedrock", "aws"},
};

constexpr std::string_view one_provider_name(std::string_view plain) noexcept {
  for (const auto& [other, name] : other_provider_names)
    if (plain == other) return name;
  return plain;
}

/// Models that run on the host's own machine: known to cost nothing a call.
constexpr bool is_local(std::string_view plain_provider) noexcept {
  return plain_provider == "ollama" || plain_provider == "local";
}

}  // namespace tallyscope::inline v0::detail
