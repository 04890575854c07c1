// SPDX-License-Identifier: MIT
// What a model is sent, in no provider's words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace llm {

enum class Role { system, user, assistant, tool };

/// A tool that the model wants to be used.
struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  // a JSON object, as text; from the model, so it may be anything
};

struct Message {
  Role role = Role::user;
  std::string text{};
  std::vector<ToolCall> tool_calls{};  // of the assistant
  ToolCall answers{};                  // of a tool: what its text is the result of
};

/// A tool that the model may ask for.
struct Tool {
  std::string name;
  std::string description;
  std::string parameters = R"({"type":"object","properties":{}})";  // JSON Schema
};

struct Prompt {
  std::vector<Message> messages{};
  std::vector<Tool> tools{};
  std::int64_t most_output_tokens = 1024;
  bool asks_for_usage = true;  // of a stream in OpenAI's shape, which has none unasked

  /// Calls `visit(text)` for all that the model gets to read.
  template <class Visit>
  void for_each_text(const Visit& visit) const {
    for (const Tool& tool : tools)
      for (const auto* text : {&tool.name, &tool.description, &tool.parameters}) visit(*text);
    for (const Message& message : messages) {
      visit(message.text);
      for (const ToolCall& call : message.tool_calls)
        for (const auto* text : {&call.name, &call.arguments}) visit(*text);
    }
  }
};

}  // namespace llm
