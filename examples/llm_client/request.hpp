// SPDX-License-Identifier: MIT
// A prompt in the words of each provider.
#pragma once

#include "json.hpp"
#include "models.hpp"
#include "prompt.hpp"

#include <string>

namespace llm {

/// The arguments as the object that they should be; an empty one where they are none.
inline json object_of(const std::string& arguments) {
  json object = parsed(arguments);
  return object.is_object() ? object : json::object();
}

inline json chat_message(const Message& message) {
  constexpr const char* roles[] = {"system", "user", "assistant", "tool"};
  json result{{"role", roles[static_cast<int>(message.role)]}, {"content", message.text}};
  if (message.role == Role::tool) result["tool_call_id"] = message.answers.id;
  for (const ToolCall& call : message.tool_calls)
    result["tool_calls"].push_back(
        {{"id", call.id}, {"type", "function"}, {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  return result;
}

inline json declaration(const Tool& tool, const char* parameters) {
  return {{"name", tool.name}, {"description", tool.description}, {parameters, object_of(tool.parameters)}};
}

/// OpenAI's shape, which Mistral's follows but for the usage of a stream: there it comes unasked.
inline json chat_request(const Model& model, const Prompt& prompt, bool streamed) {
  json request{{"model", model.name}, {"messages", json::array()}};
  request[model.shape == Shape::openai ? "max_completion_tokens" : "max_tokens"] = prompt.most_output_tokens;
  for (const Message& message : prompt.messages) request["messages"].push_back(chat_message(message));
  for (const Tool& tool : prompt.tools)
    request["tools"].push_back({{"type", "function"}, {"function", declaration(tool, "parameters")}});
  if (streamed) request["stream"] = true;
  if (streamed && model.shape == Shape::openai && prompt.asks_for_usage)
    request["stream_options"] = {{"include_usage", true}};
  return request;
}

inline json anthropic_content(const Message& message) {
  if (message.role == Role::tool)
    return json::array({{{"type", "tool_result"}, {"tool_use_id", message.answers.id}, {"content", message.text}}});
  json content = json::array();
  if (!message.text.empty()) content.push_back({{"type", "text"}, {"text", message.text}});
  for (const ToolCall& call : message.tool_calls)
    content.push_back(
        {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", object_of(call.arguments)}});
  return content;
}

/// The instructions are marked for the cache: they are the same each time.
inline json anthropic_request(const Model& model, const Prompt& prompt, bool streamed) {
  json request{{"model", model.name}, {"max_tokens", prompt.most_output_tokens}, {"messages", json::array()}};
  for (const Message& message : prompt.messages)
    if (message.role == Role::system)
      request["system"].push_back(
          {{"type", "text"}, {"text", message.text}, {"cache_control", {{"type", "ephemeral"}}}});
    else
      request["messages"].push_back(
          {{"role", message.role == Role::assistant ? "assistant" : "user"}, {"content", anthropic_content(message)}});
  for (const Tool& tool : prompt.tools) request["tools"].push_back(declaration(tool, "input_schema"));
  if (streamed) request["stream"] = true;
  return request;
}

inline json gemini_parts(const Message& message) {
  json parts = json::array();
  if (message.role == Role::tool) {
    parts.push_back({{"functionResponse", {{"name", message.answers.name}, {"response", {{"result", message.text}}}}}});
    return parts;
  }
  if (!message.text.empty()) parts.push_back({{"text", message.text}});
  for (const ToolCall& call : message.tool_calls)
    parts.push_back({{"functionCall", {{"name", call.name}, {"args", object_of(call.arguments)}}}});
  return parts;
}

/// Its model stands in the path, and whether it streams too.
inline json gemini_request(const Prompt& prompt) {
  json request{{"contents", json::array()}, {"generationConfig", {{"maxOutputTokens", prompt.most_output_tokens}}}};
  for (const Message& message : prompt.messages)
    if (message.role == Role::system)
      request["systemInstruction"]["parts"].push_back({{"text", message.text}});
    else
      request["contents"].push_back(
          {{"role", message.role == Role::assistant ? "model" : "user"}, {"parts", gemini_parts(message)}});
  json declarations = json::array();
  for (const Tool& tool : prompt.tools) declarations.push_back(declaration(tool, "parameters"));
  if (!declarations.empty()) request["tools"].push_back({{"functionDeclarations", declarations}});
  return request;
}

inline json request_body(const Model& model, const Prompt& prompt, bool streamed) {
  switch (model.shape) {
    case Shape::openai:
    case Shape::mistral:
      return chat_request(model, prompt, streamed);
    case Shape::anthropic:
      return anthropic_request(model, prompt, streamed);
    case Shape::gemini:
      return gemini_request(prompt);
  }
  return {};
}

}  // namespace llm
