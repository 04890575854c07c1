// SPDX-License-Identifier: MIT
// The messages of MCP, and where each call becomes a record.
#pragma once

#include "batch.hpp"
#include "file_tools.hpp"
#include "in_flight.hpp"
#include "input.hpp"
#include "turns.hpp"
#include "usage_prompt.hpp"
#include "workers.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace mcp_files {

/// A tools/call or prompts/get on its way. Its scope was made when the request came, so that the record's duration is
/// what the client waited; it is handed from the reader to a worker by a move.
struct Job {
  json id;
  json params;
  const Offer* offer;
  bool is_tool;
  TurnedCall turned;
  std::stop_token stop;
  Reply reply;
};

struct ServerOptions {
  std::string name = "files";
  std::chrono::milliseconds turn_idle{30'000};
};

/// For one thread, the reader; what workers touch is guarded.
class Server {
 public:
  Server(const Folder& folder, Tracker& tracker, const ts::MemorySink& memory, Output& output, const Bell& bell,
         ServerOptions options)
      : folder_{folder},
        usage_{memory},
        output_{output},
        options_{std::move(options)},
        turns_{tracker, options_.turn_idle},
        workers_{4, 64, bell, [this](Job job) { work(std::move(job)); }} {}

  bool has_room() const { return workers_.has_room(); }
  bool is_idle() const { return in_flight_.empty(); }
  void cancel_all() { in_flight_.cancel_all(); }
  Turns& turns() noexcept { return turns_; }

  void receive(const Line& line) {
    if (line.text.find_first_not_of(" \t\r") == std::string::npos && !line.too_long) return;
    try {
      if (line.too_long) throw ProtocolError{Code::invalid_request, "The line is longer than 1 MiB."};
      const json value = parse(line.text);
      if (value.is_array())
        receive_batch(value);
      else
        receive_one(value, Reply{output_}, false);
    } catch (const ProtocolError& error) {
      output_.send(error_message(nullptr, error));
    }
  }

 private:
  static constexpr std::size_t most_in_batch = 100;

  void receive_batch(const json& messages) {
    if (messages.empty()) throw ProtocolError{Code::invalid_request, "The batch is empty."};
    if (messages.size() > most_in_batch)
      throw ProtocolError{Code::invalid_request, "A batch has at most 100 messages."};
    const auto batch = std::make_shared<Batch>(output_, messages.size());
    for (const json& message : messages) receive_one(message, Reply{output_, batch}, true);
  }

  void receive_one(const json& value, const Reply& reply, bool in_batch) {
    try {
      const Message message = read_message(value);
      if (message.is_response || message.is_notification()) {
        if (message.method == "notifications/cancelled") cancel(message.params);
        return reply.settle(std::nullopt);
      }
      if (in_batch && message.method == "initialize")
        throw ProtocolError{Code::invalid_request, "initialize stands alone."};
      answer(message, reply);
    } catch (const ProtocolError& error) {
      reply.settle(error_message(id_of(value), error));
    }
  }

  void cancel(const json& params) {
    const json id = params.is_object() ? params.value("requestId", json{}) : json{};
    if (is_id(id)) in_flight_.cancel(id);
  }

  void answer(const Message& message, const Reply& reply) {
    const std::string& method = message.method;
    if (method == "tools/call") return begin(message, true, reply);
    if (method == "prompts/get") return begin(message, false, reply);
    if (!message.params.is_object()) throw ProtocolError{Code::invalid_params, "The params are an object."};
    reply.settle(result_message(message.id, result_of(method, message.params)));
  }

  static json result_of(const std::string& method, const json& params) {
    if (method == "initialize") return initialized(params);
    if (method == "ping") return json::object();
    if (method == "tools/list") return listed_tools();
    if (method == "prompts/list") return listed_prompts();
    throw ProtocolError{Code::method_not_found, "There is no such method."};
  }

  static json initialized(const json& params) {
    constexpr std::string_view known[] = {"2025-06-18", "2025-03-26", "2024-11-05"};
    const json asked = params.value("protocolVersion", json{});
    if (!asked.is_string()) throw ProtocolError{Code::invalid_params, "protocolVersion is a text."};
    const bool is_known = std::find(std::begin(known), std::end(known), asked.get<std::string>()) != std::end(known);
    return {{"protocolVersion", is_known ? asked : json(known[0])},
            {"capabilities", {{"tools", json::object()}, {"prompts", json::object()}}},
            {"serverInfo", {{"name", "mcp_files"}, {"version", "0.1.0"}}},
            {"instructions",
             "Lists, reads and searches the files of one folder; paths are relative to it. usage_stats and "
             "usage_catalog tell what was called how often and what it cost."}};
  }

  /// The record is under way from here on, whatever becomes of the call. A name from outside never gets into it.
  void begin(const Message& message, bool is_tool, const Reply& reply) {
    const std::optional<std::stop_token> stop = in_flight_.begin(message.id);
    if (!stop) throw ProtocolError{Code::invalid_request, "A request of this id is not answered yet."};
    const json& params = message.params;
    const json name = params.is_object() ? params.value("name", json{}) : json{};
    const Offer* const offer =
        name.is_string() ? find_offer(is_tool ? offered_tools() : offered_prompts(), name.get<std::string>()) : nullptr;
    const std::string_view unknown = is_tool ? "unknown tool" : "unknown prompt";
    TurnedCall turned =
        turns_.begin(params, {.operation = is_tool ? ts::Operation::execute_tool : ts::Operation::get_prompt,
                              .name = offer != nullptr ? std::string_view{offer->name} : unknown,
                              .server = options_.name});
    workers_.add({message.id, params, offer, is_tool, std::move(turned), *stop, reply});
  }

  /// On a worker. The record is written before the answer, so that whoever has the answer finds the call counted.
  void work(Job job) {
    std::optional<json> answer;
    try {
      answer = result_message(job.id, result_of(job));
    } catch (const ProtocolError& error) {
      answer = error_message(job.id, error);
    } catch (const Cancelled&) {
    } catch (const std::exception&) {
      job.turned.call.outcome(ts::Outcome::error, "internal");
      answer = error_message(job.id, {Code::internal_error, "The server could not do that."});
    }
    const bool wanted = in_flight_.end(job.id) && answer.has_value() && !output_.gone();
    if (!wanted) job.turned.call.outcome(ts::Outcome::cancelled);
    { const Call ended = std::move(job.turned.call); }
    turns_.ended(job.turned.own);
    job.reply.settle(wanted ? std::move(answer) : std::nullopt);
  }

  json result_of(Job& job) {
    if (job.stop.stop_requested()) throw Cancelled{};
    Call& call = job.turned.call;
    const auto refuse = [&](std::string_view type, const char* sentence) {
      call.outcome(ts::Outcome::error, type);
      throw ProtocolError{Code::invalid_params, sentence};
    };
    const json& params = job.params;
    if (!params.is_object() || !params.contains("name") || !params["name"].is_string())
      refuse("invalid_params", "The params have no name.");
    const json arguments = params.value("arguments", json::object());
    call.input_text([&] { return params.contains("arguments") ? arguments.dump() : std::string{}; });
    if (job.offer == nullptr && job.is_tool) refuse("unknown_tool", "There is no tool of that name.");
    if (job.offer == nullptr) refuse("unknown_prompt", "There is no prompt of that name.");
    if (!arguments.is_object()) refuse("invalid_params", "The arguments are an object.");
    return job.is_tool ? call_tool(job, Arguments{arguments}) : get_prompt(job, Arguments{arguments});
  }

  json call_tool(Job& job, const Arguments& arguments) {
    Progress progress{output_, progress_token(job.params)};
    const Task task{folder_, job.stop, progress};
    bool failed = false;
    std::string text;
    try {
      text = text_of_tool(job.offer->name, task, arguments);
    } catch (const ToolFailure& failure) {
      job.turned.call.outcome(ts::Outcome::error, failure.type);
      failed = true;
      text = failure.sentence;
    }
    job.turned.call.output_text(text);  // counted, not kept
    json content = json::array({{{"type", "text"}, {"text", std::move(text)}}});
    return {{"content", std::move(content)}, {"isError", failed}};
  }

  std::string text_of_tool(std::string_view name, const Task& task, const Arguments& arguments) const {
    if (name == "list_files") return list_files(task, arguments);
    if (name == "read_file") return read_file(task, arguments);
    if (name == "search") return search(task, arguments);
    if (name == "largest_files") return largest_files(task, arguments);
    if (name == "usage_stats") return usage_.usage_stats(arguments);
    return usage_.usage_catalog(arguments);
  }

  json get_prompt(Job& job, const Arguments& arguments) {
    std::string text;
    try {
      text = usage_prompt(usage_, arguments);
    } catch (const ToolFailure& failure) {
      job.turned.call.outcome(ts::Outcome::error, failure.type);
      throw ProtocolError{Code::invalid_params, failure.sentence};
    }
    job.turned.call.output_text(text);
    return {
        {"description", job.offer->summary},
        {"messages", json::array({{{"role", "user"}, {"content", {{"type", "text"}, {"text", std::move(text)}}}}})}};
  }

  const Folder& folder_;
  const UsageAnswers usage_;
  Output& output_;
  const ServerOptions options_;
  InFlight in_flight_;
  Turns turns_;
  Workers<Job> workers_;  // last: its threads end before what they use
};

}  // namespace mcp_files
