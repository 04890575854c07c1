// SPDX-License-Identifier: MIT
// Which models there are, and in which shape each provider is spoken to.
#pragma once

#include <string_view>

namespace llm {

/// Requests and responses as OpenAI's Chat Completions, Anthropic's Messages, Gemini's generateContent and Mistral's
/// chat have them.
enum class Shape { openai, anthropic, gemini, mistral };

struct Model {
  std::string_view provider;
  std::string_view name;  // as it is asked for
  Shape shape;
};

inline constexpr Model gpt_4_1{"openai", "gpt-4.1", Shape::openai};
inline constexpr Model gpt_4_1_mini{"openai", "gpt-4.1-mini", Shape::openai};
inline constexpr Model sonnet{"anthropic", "claude-sonnet-4-5", Shape::anthropic};
inline constexpr Model flash{"google", "gemini-2.5-flash", Shape::gemini};
inline constexpr Model mistral_large{"mistral", "mistral-large-2512", Shape::mistral};

}  // namespace llm
