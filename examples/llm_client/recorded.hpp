// SPDX-License-Identifier: MIT
// Responses as they were once given, and others made of them: the same body with another text, other tool calls, other
// counts. Each has its provider's own form.
#pragma once

#include "json.hpp"
#include "models.hpp"
#include "prompt.hpp"

#include <tallyscope/usage.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace llm {

/// Puts a count behind a key; one that is absent takes the key away.
inline void put_count(json& object, const char* key, ts::Count count) {
  if (count.has_value())
    object[key] = count.value_or(0);
  else if (object.is_object())
    object.erase(key);
}

inline ts::Count less(ts::Count total, std::initializer_list<ts::Count> parts) {
  if (!total.has_value()) return {};
  std::int64_t rest = total.value_or(0);
  for (const ts::Count part : parts) rest -= part.value_or(0);
  return rest;
}

/// In all of them the counts are inclusive totals and their parts, as tallyscope has them; without either total the
/// body has no usage.
inline bool is_counted(const ts::Usage& counts) {
  return counts.input_tokens.has_value() || counts.output_tokens.has_value();
}

inline json openai_with(json body, const std::string& text, const std::vector<ToolCall>& tool_calls,
                        const ts::Usage& counts) {
  json& choice = body["choices"][0];
  choice["message"]["content"] = text.empty() && !tool_calls.empty() ? json{} : json(text);
  choice["message"].erase("tool_calls");
  for (const ToolCall& call : tool_calls)
    choice["message"]["tool_calls"].push_back(
        {{"id", call.id}, {"type", "function"}, {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  choice["finish_reason"] = tool_calls.empty() ? "stop" : "tool_calls";
  if (!is_counted(counts)) return body.erase("usage"), body;
  json& usage = body["usage"];
  put_count(usage, "prompt_tokens", counts.input_tokens);
  put_count(usage, "completion_tokens", counts.output_tokens);
  put_count(usage, "total_tokens", counts.input_tokens.value_or(0) + counts.output_tokens.value_or(0));
  put_count(usage["prompt_tokens_details"], "cached_tokens", counts.cache_read);
  put_count(usage["completion_tokens_details"], "reasoning_tokens", counts.reasoning);
  return body;
}

/// As OpenAI's, with another name for what the cache served; nothing is said of what was thought.
inline json mistral_with(json body, const std::string& text, const std::vector<ToolCall>& tool_calls,
                         const ts::Usage& counts) {
  body = openai_with(std::move(body), text, tool_calls, counts);
  if (!body.contains("usage")) return body;
  for (const char* const details : {"prompt_tokens_details", "completion_tokens_details"}) body["usage"].erase(details);
  put_count(body["usage"], "num_cached_tokens", counts.cache_read);
  return body;
}

inline json anthropic_with(json body, const std::string& text, const std::vector<ToolCall>& tool_calls,
                           const ts::Usage& counts) {
  json& content = body["content"] = json::array();
  if (!text.empty()) content.push_back({{"type", "text"}, {"text", text}});
  for (const ToolCall& call : tool_calls)
    content.push_back({{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", parsed(call.arguments)}});
  body["stop_reason"] = tool_calls.empty() ? "end_turn" : "tool_use";
  if (!is_counted(counts)) return body.erase("usage"), body;
  json& usage = body["usage"];
  ts::Count written = counts.cache_write;
  (written += counts.cache_write_5m) += counts.cache_write_1h;
  put_count(usage, "input_tokens", less(counts.input_tokens, {counts.cache_read, written}));
  put_count(usage, "output_tokens", counts.output_tokens);
  put_count(usage, "cache_read_input_tokens", counts.cache_read);
  put_count(usage, "cache_creation_input_tokens", written);
  usage.erase("cache_creation");
  if (counts.cache_write_5m.has_value() || counts.cache_write_1h.has_value())
    usage["cache_creation"] = {{"ephemeral_5m_input_tokens", counts.cache_write_5m.value_or(0)},
                               {"ephemeral_1h_input_tokens", counts.cache_write_1h.value_or(0)}};
  return body;
}

inline json gemini_with(json body, const std::string& text, const std::vector<ToolCall>& tool_calls,
                        const ts::Usage& counts) {
  json& candidate = body["candidates"][0];
  json& parts = candidate["content"]["parts"] = json::array();
  if (!text.empty()) parts.push_back({{"text", text}});
  for (const ToolCall& call : tool_calls)
    parts.push_back({{"functionCall", {{"name", call.name}, {"args", parsed(call.arguments)}}}});
  if (!is_counted(counts)) return body.erase("usageMetadata"), body;
  json& usage = body["usageMetadata"];
  put_count(usage, "promptTokenCount", counts.input_tokens);
  put_count(usage, "candidatesTokenCount", less(counts.output_tokens, {counts.reasoning}));
  put_count(usage, "thoughtsTokenCount", counts.reasoning);
  put_count(usage, "cachedContentTokenCount", counts.cache_read);
  put_count(usage, "totalTokenCount", counts.input_tokens.value_or(0) + counts.output_tokens.value_or(0));
  return body;
}

/// A recorded body that says something else.
inline json with(Shape shape, const json& recorded, const std::string& text, const std::vector<ToolCall>& tool_calls,
                 const ts::Usage& counts) {
  switch (shape) {
    case Shape::openai:
      return openai_with(recorded, text, tool_calls, counts);
    case Shape::mistral:
      return mistral_with(recorded, text, tool_calls, counts);
    case Shape::anthropic:
      return anthropic_with(recorded, text, tool_calls, counts);
    case Shape::gemini:
      return gemini_with(recorded, text, tool_calls, counts);
  }
  return recorded;
}

}  // namespace llm
