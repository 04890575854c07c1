// SPDX-License-Identifier: MIT
// JSON-RPC 2.0: what a line says, and how answers are written. Nothing here knows of MCP.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp_files {

using nlohmann::json;

enum class Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
};

/// Thrown when a request cannot be served at all: becomes an error message.
struct ProtocolError {
  Code code;
  std::string sentence;
};

struct Message {
  json id{};  ///< null: a notification
  std::string method{};
  json params{};
  bool is_response = false;

  bool is_notification() const noexcept { return id.is_null(); }
};

inline json result_message(const json& id, json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

inline json error_message(const json& id, const ProtocolError& error) {
  return {
      {"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", static_cast<int>(error.code)}, {"message", error.sentence}}}};
}

inline json notification(std::string_view method, json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

/// One line. What is not UTF-8 is replaced.
inline std::string written(const json& message) { return message.dump(-1, ' ', false, json::error_handler_t::replace); }

/// How deep brackets stand in brackets, whether the text is JSON or not.
inline std::size_t nesting(std::string_view text) noexcept {
  std::size_t depth = 0, deepest = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') in_text = !in_text;
    if (in_text && text[at] == '\\') ++at;
    if (in_text) continue;
    if (text[at] == '[' || text[at] == '{') deepest = ++depth > deepest ? depth : deepest;
    if ((text[at] == ']' || text[at] == '}') && depth > 0) --depth;
  }
  return deepest;
}

// Writing JSON down recurses, so what nobody needs that deep is not let in.
inline constexpr std::size_t deepest_nesting = 100;

/// The value of a line; throws ProtocolError.
inline json parse(std::string_view line) {
  if (nesting(line) > deepest_nesting) throw ProtocolError{Code::invalid_request, "The message is nested too deeply."};
  json value = json::parse(line, nullptr, false);
  if (value.is_discarded()) throw ProtocolError{Code::parse_error, "The line is not JSON."};
  return value;
}

/// A text or a whole number of 64 bits: what can be given back as it came.
inline bool is_id(const json& value) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (const auto* const number = value.get_ptr<const json::number_unsigned_t*>()) return *number <= most;
  return value.is_string() || value.is_number_integer();
}

/// The id to answer with: null where there is none that could be given back.
inline json id_of(const json& value) {
  const auto id = value.is_object() ? value.find("id") : value.end();
  return id != value.end() && is_id(*id) ? *id : json{};
}

/// Reads one message; throws ProtocolError.
inline Message read_message(const json& value) {
  const auto refuse = [](const char* why) { throw ProtocolError{Code::invalid_request, why}; };
  if (!value.is_object()) refuse("A message is an object.");
  if (const auto version = value.find("jsonrpc"); version == value.end() || *version != "2.0")
    refuse("The message has no \"jsonrpc\": \"2.0\".");
  if (value.contains("id") && !is_id(value["id"])) refuse("An id is a string or a whole number of 64 bits.");
  Message message{.id = id_of(value), .params = value.value("params", json::object())};
  message.is_response = !value.contains("method") && (value.contains("result") || value.contains("error"));
  if (message.is_response) return message;
  if (!value.contains("method") || !value["method"].is_string()) refuse("The message has no method.");
  message.method = value["method"].get<std::string>();
  return message;
}

}  // namespace mcp_files
