// SPDX-License-Identifier: MIT
#pragma once

#include "count_files.hpp"
#include "problem.hpp"
#include "read_input.hpp"
#include "token_counting.hpp"

#include <tallyscope/estimators/messages.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tallyscope_program {

/// A chat as its JSON has it: a list of messages, or a request with `messages` and `tools`. Keeps the texts.
class Chat {
 public:
  explicit Chat(const std::string& json) {
    const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
    if (document.is_discarded()) throw Problem{"it is no JSON"};
    const nlohmann::json& messages =
        document.is_object() && document.contains("messages") ? document["messages"] : document;
    if (!messages.is_array()) throw Problem{"it is neither a list of messages nor an object with `messages`"};
    for (const nlohmann::json& message : messages) add_message(message);
    if (document.is_object() && document.contains("model")) model_ = text_of(document, "model");
    if (document.is_object() && document.contains("tools") && document["tools"].is_array())
      for (const nlohmann::json& tool : document["tools"]) add_tool(tool);
  }

  const std::vector<ts::Message>& messages() const noexcept { return messages_; }
  const std::vector<ts::ToolDefinition>& tools() const noexcept { return tools_; }
  std::string_view model() const noexcept { return model_; }
  /// Are there parts, such as images, that no text stands for?
  bool has_other_parts() const noexcept { return has_other_parts_; }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::string_view text_of(const nlohmann::json& object, const char* name) {
    if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return {};
    return keep(object[name].get<std::string>());
  }

  void add_message(const nlohmann::json& message) {
    if (!message.is_object()) throw Problem{"a message in it is no object"};
    std::vector<ts::ToolCall>& calls = calls_.emplace_back();
    if (message.contains("tool_calls") && message["tool_calls"].is_array())
      for (const nlohmann::json& call : message["tool_calls"])
        if (call.is_object() && call.contains("function"))
          calls.push_back({text_of(call["function"], "name"), text_of(call["function"], "arguments")});
    messages_.push_back({.role = text_of(message, "role"),
                         .content = content_of(message),
                         .name = text_of(message, "name"),
                         .tool_calls = calls});
  }

  /// A text, or the texts of its parts.
  std::string_view content_of(const nlohmann::json& message) {
    if (!message.contains("content") || !message["content"].is_array()) return text_of(message, "content");
    std::string whole;
    for (const nlohmann::json& part : message["content"])
      if (part.is_object() && part.contains("text") && part["text"].is_string())
        whole += part["text"].get<std::string>();
      else
        has_other_parts_ = true;
    return keep(std::move(whole));
  }

  void add_tool(const nlohmann::json& tool) {
    if (!tool.is_object() || !tool.contains("function") || !tool["function"].is_object()) return;
    const nlohmann::json& function = tool["function"];
    std::vector<ts::ToolProperty>& properties = properties_.emplace_back();
    if (function.contains("parameters") && function["parameters"].is_object() &&
        function["parameters"].contains("properties") && function["parameters"]["properties"].is_object())
      for (const auto& [name, property] : function["parameters"]["properties"].items())
        properties.push_back({.name = keep(name),
                              .type = text_of(property, "type"),
                              .description = text_of(property, "description"),
                              .choices = choices_of(property)});
    tools_.push_back({text_of(function, "name"), text_of(function, "description"), properties});
  }

  const std::vector<std::string_view>& choices_of(const nlohmann::json& property) {
    std::vector<std::string_view>& choices = choices_.emplace_back();
    if (property.is_object() && property.contains("enum") && property["enum"].is_array())
      for (const nlohmann::json& choice : property["enum"])
        if (choice.is_string()) choices.push_back(keep(choice.get<std::string>()));
    return choices;
  }

  std::deque<std::string> texts_;
  std::deque<std::vector<ts::ToolCall>> calls_;
  std::deque<std::vector<ts::ToolProperty>> properties_;
  std::deque<std::vector<std::string_view>> choices_;
  std::vector<ts::Message> messages_;
  std::vector<ts::ToolDefinition> tools_;
  std::string_view model_;
  bool has_other_parts_ = false;
};

struct TextCounter {
  const TokenCounting& counting;

  std::uint64_t count(std::string_view text) const {
    GrowingCount growing{counting};
    growing.add(text);
    return growing.tokens();
  }
};

/// The tokens of a chat: its texts, and around them what OpenAI's published formula for the model says.
inline FileCount count_chat(const std::string& path, const std::string& model, const TokenCounting& counting) {
  FileCount count{.file = path};
  try {
    const std::string json = read_input(path);
    count.bytes = json.size();
    const Chat chat{json};
    if (chat.has_other_parts()) throw Problem{"it has parts that are no texts, such as images, which are not counted"};
    const std::string named{model.empty() ? chat.model() : model};
    const auto profile = ts::message_profile_of(named);
    const TextCounter counter{counting};
    count.tokens = ts::count_messages(counter, chat.messages(), profile.value_or(ts::openai_messages));
    if (!chat.tools().empty())
      count.tokens += ts::count_tools(counter, chat.tools(), ts::tool_profile_of(named).value_or(ts::gpt_4o_tools));
  } catch (const Problem& problem) {
    count.problem = shown(path) + ": " + problem.what();
  }
  return count;
}

inline std::vector<FileCount> count_chats(const std::vector<std::string>& paths, const std::string& model,
                                          const TokenCounting& counting) {
  std::vector<FileCount> counts;
  for (const std::string& path : paths) counts.push_back(count_chat(path, model, counting));
  return counts;
}

}  // namespace tallyscope_program
