// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What a key of LiteLLM's list and its `litellm_provider` say together: "bedrock/us-east-1/anthropic.claude-v2" is
/// anthropic.claude-v2 of bedrock in us-east-1.
struct LitellmKey {
  std::string_view provider{};
  std::string_view region{};
  std::string_view model{};
};

/// LiteLLM tells apart by the provider what are several interfaces of one.
constexpr std::string_view litellm_provider(std::string_view provider) noexcept {
  if (provider.starts_with("vertex_ai")) return "vertex_ai";
  if (provider.starts_with("fireworks_ai")) return "fireworks_ai";
  constexpr std::string_view names[][2] = {{"bedrock_converse", "bedrock"},
                                           {"cohere_chat", "cohere"},
                                           {"text-completion-openai", "openai"},
                                           {"azure_text", "azure"},
                                           {"text-completion-codestral", "codestral"}};
  for (const auto& [interface, name] : names)
    if (provider == interface) return name;
  return provider;
}

/// A region of AWS: two letters, words, a number.
constexpr bool is_aws_region(std::string_view text) noexcept {
  if (text.size() < 7 || text[2] != '-' || text[text.size() - 2] != '-') return false;
  if (text.back() < '0' || text.back() > '9') return false;
  for (const char letter : text.substr(0, text.size() - 1))
    if (letter != '-' && (letter < 'a' || letter > 'z')) return false;
  return true;
}

/// Is `segment`, between a provider and a model, a region? Of `*` it is any.
constexpr bool is_region_of(std::string_view provider, std::string_view segment) noexcept {
  if (provider == "bedrock") return segment == "*" || is_aws_region(segment);
  return provider == "azure" && (segment == "eu" || segment == "us" || segment == "apac" || segment == "global" ||
                                 segment == "global-standard");
}

constexpr LitellmKey litellm_key(std::string_view key, std::string_view provider) noexcept {
  LitellmKey read{litellm_provider(provider), {}, key};
  std::size_t end = read.model.find('/');
  if (end == std::string_view::npos || end + 1 == key.size()) return read;
  const std::string_view first = key.substr(0, end);
  if (first != provider && first != read.provider) return read;
  read.model.remove_prefix(end + 1);
  end = read.model.find('/');
  if (end == std::string_view::npos || end + 1 == read.model.size()) return read;
  const std::string_view segment = read.model.substr(0, end);
  if (!is_region_of(read.provider, segment)) return read;
  if (segment != "*") read.region = segment;
  read.model.remove_prefix(end + 1);
  return read;
}

}  // namespace tallyscope::inline v0::detail
