// SPDX-License-Identifier: MIT
// A second count, made of what went over the wires and of nothing that the tracking says: to hold the report against.
#pragma once

#include "mcp_client.hpp"
#include "played_models.hpp"

#include "llm_client/json.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace demo {

class Counted {
 public:
  void tool_call(const std::string& turn, const std::string& server, const llm::ToolCall& call,
                 const ToolResult& result) {
    for (json* sums : {&tools_[result.is_unknown ? unknown : call.name], &servers_[server]}) {
      add(*sums, "calls", 1);
      add(*sums, "failed", result.failed ? 1 : 0);
      add(*sums, "estimated_input_tokens", tokens(call.arguments));
      add(*sums, "estimated_output_tokens", result.is_unknown ? 0 : tokens(result.text));
    }
    add(turns_[turn], "tool_calls", 1);
  }

  json with(const PlayedModels& models) const {
    json sent_by_model = json::object(), turns = turns_;
    for (const auto& [name, sent] : models.sent())
      sent_by_model[name] = {{"answers", sent.answers},
                             {"refusals", sent.refusals},
                             {"cut_short", sent.cut_short},
                             {"whole", tokens_json(sent.whole)},
                             {"told_at_start", tokens_json(sent.told_at_start)}};
    for (const auto& [turn, requests] : models.requests_by_turn()) turns[turn]["model_calls"] = requests;
    return {{"tools", tools_}, {"servers", servers_}, {"turns", turns}, {"models", sent_by_model}};
  }

 private:
  /// The name under which a server records what it does not know.
  static constexpr const char* unknown = "unknown tool";

  static json tokens_json(const Tokens& tokens) {
    return {{"input_tokens", tokens.input},
            {"output_tokens", tokens.output},
            {"cache_read_tokens", tokens.cache_read},
            {"cache_write_5m_tokens", tokens.cache_write}};
  }

  static void add(json& sums, const char* key, std::int64_t more) {
    json& sum = sums[key];
    sum = (sum.is_null() ? 0 : sum.get<std::int64_t>()) + more;
  }

  /// A token is taken for 3.5 characters; no text has less than one.
  static std::int64_t tokens(std::string_view text) {
    const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const std::int64_t characters = std::count_if(text.begin(), text.end(), is_first_byte);
    return characters == 0 ? 0 : std::max<std::int64_t>(1, characters * 2 / 7);
  }

  json tools_ = json::object(), servers_ = json::object(), turns_ = json::object();
};

}  // namespace demo
