// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0 {

/// Whose shape a response has. Most providers answer in OpenAI's.
enum class Shape : std::uint8_t { unknown, openai, anthropic, gemini, bedrock, cohere, ollama };
inline constexpr std::string_view shape_names[] = {"unknown", "openai", "anthropic", "gemini",
                                                   "bedrock", "cohere", "ollama"};

/// What a caller knows of a response before it is read, in any usual spelling: "xai", "x-ai", "x_ai". It settles only
/// what the response itself leaves open.
struct Hint {
  std::string_view provider{};
  std::string_view api{};
};

namespace detail {

struct KnownProvider {
  std::string_view spelling;  // lower case, without what separates words
  std::string_view name;      // as gen_ai.provider.name has it, where it has one
  Shape shape = Shape::openai;
};

inline constexpr KnownProvider known_providers[] = {
    {"openai", "openai"},
    {"azure", "azure.ai.openai"},
    {"azureopenai", "azure.ai.openai"},
    {"azureaiopenai", "azure.ai.openai"},
    {"azureaiinference", "azure.ai.inference"},
    {"xai", "x_ai"},
    {"grok", "x_ai"},
    {"openrouter", "openrouter"},
    {"groq", "groq"},
    {"deepseek", "deepseek"},
    {"mistral", "mistral_ai"},
    {"mistralai", "mistral_ai"},
    {"cerebras", "cerebras"},
    {"perplexity", "perplexity"},
    {"moonshot", "moonshot_ai"},
    {"moonshotai", "moonshot_ai"},
    {"zai", "z_ai"},
    {"zhipu", "z_ai"},
    {"huggingface", "huggingface"},
    {"voyage", "voyageai"},
    {"voyageai", "voyageai"},
    {"together", "together"},
    {"togetherai", "together"},
    {"fireworks", "fireworks"},
    {"fireworksai", "fireworks"},
    {"anthropic", "anthropic", Shape::anthropic},
    {"claude", "anthropic", Shape::anthropic},
    {"google", "gcp.gemini", Shape::gemini},
    {"gemini", "gcp.gemini", Shape::gemini},
    {"googleai", "gcp.gemini", Shape::gemini},
    {"gcpgemini", "gcp.gemini", Shape::gemini},
    {"gcpgenai", "gcp.gen_ai", Shape::gemini},
    {"vertex", "gcp.vertex_ai", Shape::gemini},
    {"vertexai", "gcp.vertex_ai", Shape::gemini},
    {"googlevertex", "gcp.vertex_ai", Shape::gemini},
    {"gcpvertexai", "gcp.vertex_ai", Shape::gemini},
    {"bedrock", "aws.bedrock", Shape::bedrock},
    {"awsbedrock", "aws.bedrock", Shape::bedrock},
    {"amazonbedrock", "aws.bedrock", Shape::bedrock},
    {"cohere", "cohere", Shape::cohere},
    {"ollama", "ollama", Shape::ollama},
};

struct KnownApi {
  std::string_view spelling;
  Shape shape;
};

inline constexpr KnownApi known_apis[] = {
    {"responses", Shape::openai},
    {"completions", Shape::openai},
    {"chatcompletions", Shape::openai},
    {"messages", Shape::anthropic},
    {"invokemodel", Shape::anthropic},
    {"generatecontent", Shape::gemini},
    {"streamgeneratecontent", Shape::gemini},
    {"converse", Shape::bedrock},
    {"conversestream", Shape::bedrock},
    {"v2/chat", Shape::cohere},
    {"rerank", Shape::cohere},
    {"api/chat", Shape::ollama},
    {"api/generate", Shape::ollama},
};

/// Is `text` this spelling, whatever its case and what separates its words?
constexpr bool is_spelled(std::string_view text, std::string_view spelling) noexcept {
  std::size_t place = 0;
  for (const char c : text) {
    if (c == '.' || c == '-' || c == '_' || c == ' ') continue;
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (place == spelling.size() || spelling[place++] != lower) return false;
  }
  return place == spelling.size();
}

/// The provider's name as gen_ai.provider.name has it; an unknown one as it is.
constexpr std::string_view provider_name(std::string_view text) noexcept {
  for (const KnownProvider& known : known_providers)
    if (is_spelled(text, known.spelling)) return known.name;
  return text;
}

/// The shape to be expected.
constexpr Shape hinted_shape(const Hint& hint) noexcept {
  for (const KnownApi& known : known_apis)
    if (is_spelled(hint.api, known.spelling)) return known.shape;
  for (const KnownProvider& known : known_providers)
    if (is_spelled(hint.provider, known.spelling)) return known.shape;
  return Shape::unknown;
}

}  // namespace detail
}  // namespace tallyscope::inline v0
