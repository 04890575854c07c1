// SPDX-License-Identifier: MIT
// What the model says, out of a whole body or out of the events of a stream: each provider builds both alike.
#pragma once

#include "json.hpp"
#include "models.hpp"
#include "prompt.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace llm {

class Answer {
 public:
  explicit Answer(Shape shape) noexcept : shape_{shape} {}

  /// Takes a body or an event; returns the text that came with it.
  std::string take(const json& value) {
    const std::size_t before = text_.size();
    switch (shape_) {
      case Shape::openai:
      case Shape::mistral:
        take_chat(value);
        break;
      case Shape::anthropic:
        take_anthropic(value);
        break;
      case Shape::gemini:
        take_gemini(value);
        break;
    }
    return text_.substr(before);
  }

  const std::string& text() const noexcept { return text_; }
  std::vector<ToolCall> tool_calls() const {
    std::vector<ToolCall> calls;
    for (const auto& numbered : calls_) calls.push_back(numbered.second);
    return calls;
  }

 private:
  static constexpr std::size_t most_calls = 128;

  void take_chat(const json& value) {
    const json& choice = item(at(value, "choices"), 0);
    const json& said = at(choice, "message").is_object() ? at(choice, "message") : at(choice, "delta");
    text_ += text_at(said, "content");
    const json& calls = at(said, "tool_calls");
    for (std::size_t place = 0; place < calls.size() && calls.is_array(); ++place) {
      const ts::Count index = count_at(calls[place], "index");
      take_call(index.value_or(static_cast<std::int64_t>(place)), text_at(calls[place], "id"),
                at(calls[place], "function"));
    }
  }

  /// A stream names a call once and then adds to its arguments.
  void take_call(std::int64_t index, std::string_view id, const json& function) {
    ToolCall* const call = call_at(index);
    if (call == nullptr) return;
    if (!id.empty()) call->id = id;
    if (const std::string_view name = text_at(function, "name"); !name.empty()) call->name = name;
    call->arguments += arguments_of(at(function, "arguments"));
  }

  void take_anthropic(const json& value) {
    const json& content = at(value, "content");
    for (std::size_t place = 0; place < content.size() && content.is_array(); ++place)
      take_block(static_cast<std::int64_t>(place), content[place], true);
    const std::int64_t index = count_at(value, "index").value_or(0);
    if (text_at(value, "type") == "content_block_start") take_block(index, at(value, "content_block"), false);
    if (text_at(value, "type") == "content_block_delta") take_delta(index, at(value, "delta"));
  }

  /// The input of a block that a stream begins is always empty: its pieces follow.
  void take_block(std::int64_t index, const json& block, bool is_whole) {
    if (text_at(block, "type") == "text") text_ += text_at(block, "text");
    if (text_at(block, "type") != "tool_use") return;
    if (ToolCall* const call = call_at(index))
      *call = {std::string{text_at(block, "id")}, std::string{text_at(block, "name")},
               is_whole ? arguments_of(at(block, "input")) : ""};
  }

  void take_delta(std::int64_t index, const json& delta) {
    if (text_at(delta, "type") == "text_delta") text_ += text_at(delta, "text");
    if (text_at(delta, "type") != "input_json_delta") return;
    if (ToolCall* const call = call_at(index)) call->arguments += text_at(delta, "partial_json");
  }

  /// Whole calls, which need not have an id; a part with the thoughts is none of the answer.
  void take_gemini(const json& value) {
    const json& parts = at(at(item(at(value, "candidates"), 0), "content"), "parts");
    for (std::size_t place = 0; place < parts.size() && parts.is_array(); ++place) {
      const json& part = parts[place];
      if (at(part, "thought") != true) text_ += text_at(part, "text");
      const json& wanted = at(part, "functionCall");
      if (!wanted.is_object() || calls_.size() == most_calls) continue;
      calls_.emplace_back(static_cast<std::int64_t>(calls_.size()),
                          ToolCall{std::string{text_at(wanted, "id")}, std::string{text_at(wanted, "name")},
                                   arguments_of(at(wanted, "args"))});
    }
  }

  /// Some providers send the object, some its text.
  static std::string arguments_of(const json& arguments) {
    if (arguments.is_string()) return arguments.get<std::string>();
    return arguments.is_null() ? std::string{} : written(arguments);
  }

  /// The call of this number, a new one if need be; none beyond the most.
  ToolCall* call_at(std::int64_t index) {
    for (auto& [number, call] : calls_)
      if (number == index) return &call;
    return calls_.size() == most_calls ? nullptr : &calls_.emplace_back(index, ToolCall{}).second;
  }

  Shape shape_;
  std::string text_;
  std::vector<std::pair<std::int64_t, ToolCall>> calls_;
};

}  // namespace llm
