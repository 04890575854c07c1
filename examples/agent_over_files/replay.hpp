// SPDX-License-Identifier: MIT
// The other end of the line: writes the response that a provider would send.
#pragma once

#include "json.hpp"
#include "models.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace agent {

/// What the model says: a text, or that it wants a tool to be used.
struct Saying {
  std::string_view text;
  std::string_view tool{};
  std::string_view argument{};
};

/// What the model is sent. The instructions are the same each time, so that providers keep them in their caches.
struct Prompt {
  std::string_view instructions;
  std::string conversation;

  std::string text() const { return std::string{instructions} + conversation; }
};

struct Response {
  int status = 200;
  std::string body;
};

class ReplayedModels {
 public:
  Response send(const Model& model, const Prompt& prompt, const Saying& saying) {
    return {200, body(model, counts(model, prompt, saying), saying)};
  }

  Response send_too_soon() const {
    return {429, R"({"type":"error","error":{"type":"rate_limit_error","message":"Too many requests."}})"};
  }

  /// A stream of server-sent events in the shape of Chat Completions: the text in pieces, then, if the host asked for
  /// it, a chunk with the usage.
  std::string stream(const Model& model, const Prompt& prompt, std::string_view text, bool with_usage) {
    const Counts counts = this->counts(model, prompt, {.text = text});
    std::string events;
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), piece_size(text))))
      events += event(
          model, R"([{"index":0,"delta":{"content":)" + json_string(text.substr(0, piece_size(text))) + "}}]", "null");
    if (with_usage) events += event(model, "[]", chat_usage(counts));
    return events + "data: [DONE]\n\n";
  }

  /// What the provider's usage export says later of a stream without usage.
  std::string usage_export(const Model& model, const Prompt& prompt, std::string_view text) {
    return R"({"usage":)" + chat_usage(counts(model, prompt, {.text = text})) + '}';
  }

 private:
  struct Counts {
    std::size_t input = 0, cached = 0, written = 0, output = 0, thoughts = 0;
  };

  /// Four bytes a token: about what a tokenizer makes of English and of source code.
  static std::size_t tokens(std::string_view text) noexcept { return text.size() / 4 + 1; }

  /// Caches begin to work at 1,024 tokens. One provider counts what is written to its cache, the others do not.
  Counts counts(const Model& model, const Prompt& prompt, const Saying& saying) {
    constexpr std::size_t least_cached = 1024;
    Counts counts;
    const std::size_t instructions = tokens(prompt.instructions);
    counts.input = instructions + tokens(prompt.conversation);
    counts.output = tokens(saying.text) + tokens(saying.tool) + tokens(saying.argument);
    if (model.shape == Shape::gemini) counts.thoughts = 40 + 2 * counts.output;
    if (instructions < least_cached || model.provider == in_house.provider) return counts;
    const bool is_first = seen_.insert(model.name).second;
    if (!is_first)
      counts.cached = instructions;
    else if (model.shape == Shape::anthropic)
      counts.written = instructions;
    return counts;
  }

  std::string body(const Model& model, const Counts& counts, const Saying& saying) {
    switch (model.shape) {
      case Shape::openai_chat:
        return openai_chat(model, counts, saying);
      case Shape::openai_responses:
        return openai_responses(model, counts, saying);
      case Shape::anthropic:
        return anthropic(model, counts, saying);
      case Shape::gemini:
        return gemini(model, counts, saying);
    }
    return {};
  }

  std::string next_id() { return std::to_string(++last_id_); }

  static std::string arguments(const Saying& saying) { return R"({"argument":)" + json_string(saying.argument) + '}'; }

  static std::string chat_usage(const Counts& counts) {
    return filled(R"({"prompt_tokens":$input,"completion_tokens":$output,"total_tokens":$total,)"
                  R"("prompt_tokens_details":{"cached_tokens":$cached,"audio_tokens":0},)"
                  R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}})",
                  {{"$input", std::to_string(counts.input)},
                   {"$output", std::to_string(counts.output)},
                   {"$total", std::to_string(counts.input + counts.output)},
                   {"$cached", std::to_string(counts.cached)}});
  }

  std::string openai_chat(const Model& model, const Counts& counts, const Saying& saying) {
    const std::string message =
        saying.tool.empty()
            ? R"("content":)" + json_string(saying.text)
            : filled(R"("content":null,"tool_calls":[{"id":"call_1","type":"function",)"
                     R"("function":{"name":$tool,"arguments":$arguments}}])",
                     {{"$tool", json_string(saying.tool)}, {"$arguments", json_string(arguments(saying))}});
    return filled(R"({"id":"chatcmpl-$id","object":"chat.completion","model":$model,)"
                  R"("choices":[{"index":0,"message":{"role":"assistant",$message},"finish_reason":$reason}],)"
                  R"("usage":$usage,"service_tier":"default"})",
                  {{"$id", next_id()},
                   {"$model", json_string(model.served)},
                   {"$message", message},
                   {"$reason", json_string(saying.tool.empty() ? "stop" : "tool_calls")},
                   {"$usage", chat_usage(counts)}});
  }

  std::string openai_responses(const Model& model, const Counts& counts, const Saying& saying) {
    const std::string output =
        saying.tool.empty()
            ? R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":)" +
                  json_string(saying.text) + "}]}"
            : filled(R"({"type":"function_call","call_id":"call_1","name":$tool,"arguments":$arguments})",
                     {{"$tool", json_string(saying.tool)}, {"$arguments", json_string(arguments(saying))}});
    return filled(R"({"id":"resp_$id","object":"response","status":"completed","model":$model,"output":[$output],)"
                  R"("usage":{"input_tokens":$in,"input_tokens_details":{"cached_tokens":$cached},)"
                  R"("output_tokens":$out,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":$total}})",
                  {{"$id", next_id()},
                   {"$model", json_string(model.served)},
                   {"$output", output},
                   {"$in", std::to_string(counts.input)},
                   {"$cached", std::to_string(counts.cached)},
                   {"$out", std::to_string(counts.output)},
                   {"$total", std::to_string(counts.input + counts.output)}});
  }

  std::string anthropic(const Model& model, const Counts& counts, const Saying& saying) {
    const std::string content = saying.tool.empty()
                                    ? R"({"type":"text","text":)" + json_string(saying.text) + '}'
                                    : filled(R"({"type":"tool_use","id":"toolu_1","name":$tool,"input":$arguments})",
                                             {{"$tool", json_string(saying.tool)}, {"$arguments", arguments(saying)}});
    return filled(R"({"id":"msg_$id","type":"message","role":"assistant","model":$model,"content":[$content],)"
                  R"("stop_reason":$reason,"usage":{"input_tokens":$new,"cache_creation_input_tokens":$written,)"
                  R"("cache_read_input_tokens":$cached,"cache_creation":{"ephemeral_5m_input_tokens":$written,)"
                  R"("ephemeral_1h_input_tokens":0},"output_tokens":$output,"service_tier":"standard"}})",
                  {{"$id", next_id()},
                   {"$model", json_string(model.served)},
                   {"$content", content},
                   {"$reason", json_string(saying.tool.empty() ? "end_turn" : "tool_use")},
                   {"$new", std::to_string(counts.input - counts.cached - counts.written)},
                   {"$written", std::to_string(counts.written)},
                   {"$cached", std::to_string(counts.cached)},
                   {"$output", std::to_string(counts.output)}});
  }

  std::string gemini(const Model& model, const Counts& counts, const Saying& saying) {
    const std::string part = saying.tool.empty()
                                 ? R"({"text":)" + json_string(saying.text) + '}'
                                 : filled(R"({"functionCall":{"name":$tool,"args":$arguments}})",
                                          {{"$tool", json_string(saying.tool)}, {"$arguments", arguments(saying)}});
    return filled(R"({"candidates":[{"content":{"parts":[$part],"role":"model"},"finishReason":"STOP","index":0}],)"
                  R"("usageMetadata":{"promptTokenCount":$input,"candidatesTokenCount":$output,)"
                  R"("totalTokenCount":$total,"cachedContentTokenCount":$cached,"thoughtsTokenCount":$thoughts},)"
                  R"("modelVersion":$model,"responseId":"$id"})",
                  {{"$part", part},
                   {"$input", std::to_string(counts.input)},
                   {"$output", std::to_string(counts.output)},
                   {"$total", std::to_string(counts.input + counts.output + counts.thoughts)},
                   {"$cached", std::to_string(counts.cached)},
                   {"$thoughts", std::to_string(counts.thoughts)},
                   {"$model", json_string(model.served)},
                   {"$id", next_id()}});
  }

  std::string event(const Model& model, const std::string& choices, const std::string& usage) const {
    return filled(
        "data: {\"id\":\"chatcmpl-stream\",\"object\":\"chat.completion.chunk\",\"model\":$model,"
        "\"choices\":$choices,\"usage\":$usage}\n\n",
        {{"$model", json_string(model.served)}, {"$choices", choices}, {"$usage", usage}});
  }

  /// Up to the end of the next word.
  static std::size_t piece_size(std::string_view text) noexcept {
    const std::size_t space = text.find(' ', 1);
    return space == std::string_view::npos ? text.size() : space;
  }

  std::set<std::string_view> seen_;
  std::size_t last_id_ = 0;
};

}  // namespace agent
