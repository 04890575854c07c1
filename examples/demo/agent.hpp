// SPDX-License-Identifier: MIT
// The loop of an agent: the model is asked, wants tools, is shown what they found, and answers. Calls of models are
// tracked here, by the client; calls of tools by their servers, which are told the turn.
#pragma once

#include "mcp_client.hpp"
#include "script.hpp"

#include "llm_client/client.hpp"

#include <tallyscope/jsonl_sink.hpp>
#include <tallyscope/request_estimate.hpp>
#include <tallyscope/tallyscope.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace demo {

namespace ts = tallyscope;

using Tracker = ts::Tracker<ts::JsonlSink>;
using Turn = ts::TurnScope<Tracker>;

class Agent {
 public:
  /// Hears of every call of a tool that a server was sent, and of its result.
  using OnToolCall = std::function<void(const std::string& turn, const std::string& server, const llm::ToolCall& call,
                                        const ToolResult& result)>;

  Agent(Tracker& tracker, const llm::LlmClient& models, std::vector<McpClient*> servers, OnToolCall on_tool_call)
      : tracker_{tracker}, models_{models}, servers_{std::move(servers)}, on_tool_call_{std::move(on_tool_call)} {
    for (const McpClient* server : servers_)
      for (llm::Tool tool : server->tools()) {
        tool.name = server->name() + "__" + tool.name;
        tools_.push_back(std::move(tool));
      }
  }

  /// One turn: from the question to the answer, or to what keeps the agent from one.
  ts::Outcome answer(const Question& question) {
    Turn turn{tracker_, {.application = "demo", .session = "demo", .turn = question.turn}};
    llm::Prompt prompt{.messages = {{llm::Role::system, std::string{instructions}}, {llm::Role::user, question.text}},
                       .tools = tools_};
    ts::Outcome outcome = question.course == Course::over_budget && is_too_dear(question.model, prompt)
                              ? refuse(turn, question.model)
                              : converse(turn, question, prompt);
    turn.outcome(outcome);
    return outcome;
  }

 private:
  static constexpr std::string_view instructions =
      "You answer questions about the files of a folder. Use the tools, several at once where you can, and answer in "
      "one sentence.";
  static constexpr std::int64_t longest_review = 64'000;                                       // tokens
  static constexpr ts::Money budget_of_a_call = ts::Money::from_picodollars(500'000'000'000);  // $0.50
  static constexpr int most_rounds = 10;
  static constexpr std::size_t read_before_stop = 60;

  ts::Outcome converse(const Turn& turn, const Question& question, llm::Prompt& prompt) {
    bool failed = false;
    for (int round = 0; round < most_rounds; ++round) {
      const llm::Reply reply = ask(turn, question, prompt);
      if (reply.outcome != ts::Outcome::success) return reply.outcome;
      // Every call of a model may succeed and the task may fail: the host knows.
      if (reply.tool_calls.empty()) return failed ? ts::Outcome::error : ts::Outcome::success;
      prompt.messages.push_back({llm::Role::assistant, reply.text, reply.tool_calls});
      failed = use_tools(question.turn, reply.tool_calls, prompt);
    }
    return ts::Outcome::error;
  }

  llm::Reply ask(const Turn& turn, const Question& question, const llm::Prompt& prompt) {
    switch (question.course) {
      case Course::streamed:
      case Course::stream_breaks:
        return models_.stream(turn, question.model, prompt, [](std::string_view) { return true; });
      case Course::user_stops_stream: {
        std::size_t seen = 0;
        return models_.stream(turn, question.model, prompt,
                              [&](std::string_view text) { return (seen += text.size()) < read_before_stop; });
      }
      default:
        return models_.ask(turn, question.model, prompt);
    }
  }

  /// The calls of one round go to their servers at once. Returns whether all of them failed.
  bool use_tools(const std::string& turn, const std::vector<llm::ToolCall>& wanted, llm::Prompt& prompt) {
    bool all_failed = true;
    for (McpClient* server : servers_) {
      std::vector<llm::ToolCall> calls, own;
      for (const llm::ToolCall& call : wanted)
        if (const std::size_t end = call.name.find("__"); call.name.substr(0, end) == server->name()) {
          calls.push_back(call);
          own.push_back({call.id, call.name.substr(end + 2), call.arguments});
        }
      const std::vector<ToolResult> results = server->call(turn, own);
      for (std::size_t place = 0; place < results.size(); ++place) {
        on_tool_call_(turn, server->name(), own[place], results[place]);
        prompt.messages.push_back({llm::Role::tool, results[place].text, {}, calls[place]});
        all_failed = all_failed && results[place].failed;
      }
    }
    return all_failed;
  }

  /// What the call might cost, by the prices of now, if the answer is as long as a review may be.
  bool is_too_dear(const llm::Model& model, const llm::Prompt& prompt) const {
    std::vector<std::string_view> texts;
    prompt.for_each_text([&](const std::string& text) { texts.push_back(text); });
    const ts::RequestEstimate estimate =
        ts::estimate_request(tracker_, {.provider = model.provider, .model = model.name}, texts, longest_review);
    return estimate.estimated_total_cost && *estimate.estimated_total_cost > budget_of_a_call;
  }

  /// Not asking is recorded as well.
  static ts::Outcome refuse(const Turn& turn, const llm::Model& model) {
    ts::TrackScope call{turn, {.provider = model.provider, .model = model.name}};
    call.outcome(ts::Outcome::policy_blocked, "budget_exceeded");
    return ts::Outcome::policy_blocked;
  }

  Tracker& tracker_;
  const llm::LlmClient& models_;
  std::vector<McpClient*> servers_;
  OnToolCall on_tool_call_;
  std::vector<llm::Tool> tools_;
};

}  // namespace demo
