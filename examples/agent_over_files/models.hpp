// SPDX-License-Identifier: MIT
// Four shapes of responses: how they look, and how the usage in them is read. No request is made: where a host has its
// HTTP client, bodies are written here, and their counts are computed from the texts.
#pragma once

#include "json.hpp"
#include "tracking.hpp"

#include <string_view>

namespace agent {

enum class Shape { openai_chat, openai_responses, anthropic, gemini };

struct Model {
  std::string_view provider;
  std::string_view name;    // as it is asked for
  std::string_view served;  // as it calls itself in a response
  Shape shape;
};

inline constexpr Model gpt_4_1{"openai", "gpt-4.1", "gpt-4.1-2025-04-14", Shape::openai_chat};
inline constexpr Model gpt_4_1_mini{"openai", "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", Shape::openai_responses};
inline constexpr Model sonnet{"anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929", Shape::anthropic};
inline constexpr Model flash{"google", "gemini-2.5-flash", "gemini-2.5-flash", Shape::gemini};
inline constexpr Model in_house{"in-house", "house-7b", "house-7b", Shape::openai_chat};  // in no price list

// What a host does with the responses it gets. Each provider includes other parts in its totals.

/// `prompt_tokens` and `completion_tokens` include everything.
inline ts::Reading read_openai_chat(std::string_view body) {
  const std::string_view usage = behind(body, "usage");
  return {.counts = {.input_tokens = number(usage, "prompt_tokens"),
                     .output_tokens = number(usage, "completion_tokens"),
                     .cache_read = number(usage, "cached_tokens"),
                     .reasoning = number(usage, "reasoning_tokens"),
                     .tool_calls = occurrences(body, R"("type":"function")")},
          .served_model = plain_text(body, "model"),
          .request_id = plain_text(body, "id"),
          .finality = ts::Finality::final};
}

/// As in Chat Completions, under other names.
inline ts::Reading read_openai_responses(std::string_view body) {
  const std::string_view usage = behind(body, "usage");
  return {.counts = {.input_tokens = number(usage, "input_tokens"),
                     .output_tokens = number(usage, "output_tokens"),
                     .cache_read = number(usage, "cached_tokens"),
                     .reasoning = number(usage, "reasoning_tokens"),
                     .tool_calls = occurrences(body, R"("type":"function_call")")},
          .served_model = plain_text(body, "model"),
          .request_id = plain_text(body, "id"),
          .finality = ts::Finality::final};
}

/// `input_tokens` are only those that the cache did not serve or take: all three make the total.
inline ts::Reading read_anthropic(std::string_view body) {
  const std::string_view usage = behind(body, "usage");
  ts::Count input = number(usage, "input_tokens");
  input += number(usage, "cache_read_input_tokens");
  input += number(usage, "cache_creation_input_tokens");
  return {.counts = {.input_tokens = input,
                     .output_tokens = number(usage, "output_tokens"),
                     .cache_read = number(usage, "cache_read_input_tokens"),
                     .cache_write_5m = number(usage, "ephemeral_5m_input_tokens"),
                     .cache_write_1h = number(usage, "ephemeral_1h_input_tokens"),
                     .tool_calls = occurrences(body, R"("type":"tool_use")")},
          .served_model = plain_text(body, "model"),
          .request_id = plain_text(body, "id"),
          .finality = ts::Finality::final};
}

/// Thoughts come on top of the candidates and are billed as output; the cached content is a part of the prompt.
inline ts::Reading read_gemini(std::string_view body) {
  const std::string_view usage = behind(body, "usageMetadata");
  ts::Count output = number(usage, "candidatesTokenCount");
  output += number(usage, "thoughtsTokenCount");
  return {.counts = {.input_tokens = number(usage, "promptTokenCount"),
                     .output_tokens = output,
                     .cache_read = number(usage, "cachedContentTokenCount"),
                     .reasoning = number(usage, "thoughtsTokenCount"),
                     .tool_calls = occurrences(body, R"("functionCall":)")},
          .served_model = plain_text(body, "modelVersion"),
          .request_id = plain_text(body, "responseId"),
          .finality = ts::Finality::final};
}

/// Borrows from the body.
inline ts::Reading read(Shape shape, std::string_view body) {
  switch (shape) {
    case Shape::openai_chat:
      return read_openai_chat(body);
    case Shape::openai_responses:
      return read_openai_responses(body);
    case Shape::anthropic:
      return read_anthropic(body);
    case Shape::gemini:
      return read_gemini(body);
  }
  return {};
}

}  // namespace agent
