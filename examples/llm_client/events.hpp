// SPDX-License-Identifier: MIT
// A whole body as the events of a stream, in the sequence in which its provider would send them.
#pragma once

#include "json.hpp"
#include "models.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace llm {

/// Calls `visit(piece)` for the text word by word.
template <class Visit>
void for_each_piece(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' ', 1), text.size());
    visit(std::string{text.substr(0, end)});
    text.remove_prefix(end);
  }
}

inline std::string event(const json& data) { return "data: " + written(data) + "\n\n"; }
inline std::string named_event(const json& data) {
  return "event: " + std::string{text_at(data, "type")} + '\n' + event(data);
}

/// What all chunks of a stream in OpenAI's shape have in common.
inline json chat_chunk(const json& body, const json& delta, const json& finish_reason) {
  json chunk = body;
  chunk["object"] = "chat.completion.chunk";
  chunk.erase("usage");
  chunk["choices"] = json::array({{{"index", 0}, {"delta", delta}, {"finish_reason", finish_reason}}});
  return chunk;
}

/// The usage comes last, in a chunk without choices; every chunk before says that it has none.
inline std::string openai_events(const json& body) {
  const bool has_usage = at(body, "usage").is_object();
  std::string events;
  const auto add = [&](const json& delta, const json& finish_reason) {
    json chunk = chat_chunk(body, delta, finish_reason);
    if (has_usage) chunk["usage"] = nullptr;
    events += event(chunk);
  };
  const json& choice = item(at(body, "choices"), 0);
  const json& message = at(choice, "message");
  add({{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}}, nullptr);
  for_each_piece(text_at(message, "content"), [&](const std::string& piece) { add({{"content", piece}}, nullptr); });
  const json& calls = at(message, "tool_calls");
  for (std::size_t index = 0; index < calls.size(); ++index) {
    json first = calls[index];
    first["index"] = index;
    first["function"]["arguments"] = "";
    add({{"tool_calls", json::array({first})}}, nullptr);
    for_each_piece(text_at(at(calls[index], "function"), "arguments"), [&](const std::string& piece) {
      add({{"tool_calls", json::array({{{"index", index}, {"function", {{"arguments", piece}}}}})}}, nullptr);
    });
  }
  add(json::object(), at(choice, "finish_reason"));
  if (has_usage) {
    json last = chat_chunk(body, {}, {});
    last["choices"] = json::array();
    last["usage"] = body["usage"];
    events += event(last);
  }
  return events + "data: [DONE]\n\n";
}

/// Tool calls come whole, and the usage with the last choice.
inline std::string mistral_events(const json& body) {
  const json& choice = item(at(body, "choices"), 0);
  const json& message = at(choice, "message");
  std::string events = event(chat_chunk(body, {{"role", "assistant"}, {"content", ""}}, nullptr));
  for_each_piece(text_at(message, "content"), [&](const std::string& piece) {
    events += event(chat_chunk(body, {{"content", piece}}, nullptr));
  });
  json delta{{"content", ""}};
  if (at(message, "tool_calls").is_array()) delta["tool_calls"] = message["tool_calls"];
  for (std::size_t index = 0; index < at(delta, "tool_calls").size(); ++index)
    delta["tool_calls"][index]["index"] = index;
  json last = chat_chunk(body, delta, at(choice, "finish_reason"));
  if (at(body, "usage").is_object()) last["usage"] = body["usage"];
  return events + event(last) + "data: [DONE]\n\n";
}

inline std::string anthropic_block_events(const json& block, std::size_t index) {
  json start = block;
  const bool is_text = text_at(block, "type") == "text";
  if (is_text)
    start["text"] = "";
  else
    start["input"] = json::object();
  std::string events = named_event({{"type", "content_block_start"}, {"index", index}, {"content_block", start}});
  for_each_piece(is_text ? std::string{text_at(block, "text")} : written(at(block, "input")),
                 [&](const std::string& piece) {
                   json delta{{"type", is_text ? "text_delta" : "input_json_delta"}};
                   delta[is_text ? "text" : "partial_json"] = piece;
                   events += named_event({{"type", "content_block_delta"}, {"index", index}, {"delta", delta}});
                 });
  return events + named_event({{"type", "content_block_stop"}, {"index", index}});
}

/// The first event has the usage of the input and next to none of the output; the last but one has the output.
inline std::string anthropic_events(const json& body) {
  json message = body;
  message["content"] = json::array();
  message["stop_reason"] = message["stop_sequence"] = nullptr;
  const json output = at(at(body, "usage"), "output_tokens");
  if (at(body, "usage").is_object()) message["usage"]["output_tokens"] = 1;
  std::string events = named_event({{"type", "message_start"}, {"message", message}});
  events += named_event({{"type", "ping"}});
  const json& content = at(body, "content");
  for (std::size_t index = 0; index < content.size(); ++index) events += anthropic_block_events(content[index], index);
  json end{{"type", "message_delta"}};
  end["delta"] = {{"stop_reason", at(body, "stop_reason")}, {"stop_sequence", nullptr}};
  if (!output.is_null()) end["usage"] = {{"output_tokens", output}};
  return events + named_event(end) + named_event({{"type", "message_stop"}});
}

/// Each chunk is a response of its own kind, with the counts as they stand by then; the last one has the reason.
inline std::string gemini_events(const json& body) {
  std::string events;
  const json& candidate = item(at(body, "candidates"), 0);
  const json& parts = at(at(candidate, "content"), "parts");
  std::int64_t pieces = 0;
  const auto add = [&](const json& part, bool is_last) {
    json chunk = body;
    chunk["candidates"][0]["content"]["parts"] = json::array({part});
    if (!is_last) {
      chunk["candidates"][0].erase("finishReason");
      json usage = at(body, "usageMetadata");
      const std::int64_t said = std::min(++pieces, count_at(usage, "candidatesTokenCount").value_or(0));
      const ts::Count total = count_at(usage, "totalTokenCount");
      if (usage.is_object()) {
        usage["totalTokenCount"] = total.value_or(0) - count_at(usage, "candidatesTokenCount").value_or(0) + said;
        usage["candidatesTokenCount"] = said;
        chunk["usageMetadata"] = usage;
      }
    }
    events += event(chunk);
  };
  for (std::size_t place = 0; place < parts.size(); ++place) {
    const std::string_view text = text_at(parts[place], "text");
    if (text.empty()) add(parts[place], false);
    for_each_piece(text, [&](const std::string& piece) { add({{"text", piece}}, false); });
  }
  add({{"text", ""}}, true);
  return events;
}

/// The body as a stream. One without usage makes a stream without.
inline std::string events_of(Shape shape, const json& body) {
  switch (shape) {
    case Shape::openai:
      return openai_events(body);
    case Shape::mistral:
      return mistral_events(body);
    case Shape::anthropic:
      return anthropic_events(body);
    case Shape::gemini:
      return gemini_events(body);
  }
  return {};
}

}  // namespace llm
