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
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
    if (document.is_object()) refuse_members(document, {"system", "functions", "instructions"});
    for (const nlohmann::json& message : messages) add_message(message);
    if (document.is_object() && document.contains("model")) model_ = text_of(document, "model");
    if (document.is_object() && document.contains("tools") && document["tools"].is_array())
      for (const nlohmann::json& tool : document["tools"]) add_tool(tool);
  }

  const std::vector<ts::Message>& messages() const noexcept { return messages_; }
  const std::vector<ts::ToolDefinition>& tools() const noexcept { return tools_; }
  std::string_view model() const noexcept { return model_; }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::string_view text_of(const nlohmann::json& object, const char* name) {
    if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return {};
    return keep(object[name].get<std::string>());
  }

  /// What is there and would be left out is told of.
  static void refuse_members(const nlohmann::json& object, std::initializer_list<const char*> names) {
    for (const char* name : names)
      if (object.contains(name) && !object[name].is_null())
        throw Problem{"it has `" + std::string{name} + "`, which is not counted here"};
  }

  void add_message(const nlohmann::json& message) {
    if (!message.is_object()) throw Problem{"a message in it is no object"};
    if (!message.contains("role") || !message["role"].is_string()) throw Problem{"a message in it has no role"};
    refuse_members(message, {"function_call", "refusal", "audio"});
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
    if (!message.contains("content") || message["content"].is_null()) return {};
    if (message["content"].is_string()) return text_of(message, "content");
    if (!message["content"].is_array()) throw Problem{"the content of a message in it is neither a text nor a list"};
    std::string whole;
    for (const nlohmann::json& part : message["content"]) {
      if (!part.is_object() || !part.contains("text") || !part["text"].is_string())
        throw Problem{"it has parts that are no texts, such as images, which are not counted"};
      whole += part["text"].get<std::string>();
    }
    return keep(std::move(whole));
  }

  void add_tool(const nlohmann::json& tool) {
    if (!tool.is_object() || !tool.contains("function") || !tool["function"].is_object())
      throw Problem{"a tool in it has no `function`, and is not counted here"};
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
inline std::uint64_t chat_tokens(const Chat& chat, const std::string& model, const TokenCounting& counting) {
  const TextCounter counter{counting};
  const std::uint64_t tokens =
      ts::count_messages(counter, chat.messages(), ts::message_profile_of(model).value_or(ts::openai_messages));
  if (chat.tools().empty()) return tokens;
  return tokens + ts::count_tools(counter, chat.tools(), ts::tool_profile_of(model).value_or(ts::gpt_4o_tools));
}

/// The chats of files, or why one is none.
class ChatFiles {
 public:
  explicit ChatFiles(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      File& file = files_.emplace_back();
      file.count.file = path;
      try {
        const std::string json = read_input(path);
        file.count.bytes = json.size();
        file.chat = std::make_unique<Chat>(json);
      } catch (const Problem& problem) {
        const std::string why = problem.what();
        file.count.problem = why.starts_with(shown(path)) ? why : shown(path) + ": " + why;
      }
    }
  }

  /// The one that they name; empty for none.
  std::string model() const {
    std::string_view one;
    for (const File& file : files_) {
      if (file.chat == nullptr || file.chat->model().empty()) continue;
      if (!one.empty() && file.chat->model() != one)
        throw Problem{"the chats are of several models, " + shown(one) + " and " + shown(file.chat->model()) +
                      ": count those of each by themselves, or name one with --model"};
      one = file.chat->model();
    }
    return std::string{one};
  }

  std::vector<FileCount> count(const std::string& model, const TokenCounting& counting) const {
    std::vector<FileCount> counts;
    for (const File& file : files_) {
      counts.push_back(file.count);
      if (file.chat != nullptr) counts.back().tokens = chat_tokens(*file.chat, model, counting);
    }
    return counts;
  }

 private:
  struct File {
    FileCount count{};
    std::unique_ptr<Chat> chat{};
  };

  std::vector<File> files_;
};

}  // namespace tallyscope_program
