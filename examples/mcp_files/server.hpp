// SPDX-License-Identifier: MIT
// The messages of MCP, and where each call becomes a record.
#pragma once

#include "calls.hpp"
#include "in_flight.hpp"
#include "input.hpp"
#include "workers.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp_files {

struct ServerOptions {
  std::string name = "files";
  std::chrono::milliseconds turn_idle{30'000};
};

/// For one thread, the reader; what workers touch is guarded.
class Server {
 public:
  Server(const Folder& folder, Tracker& tracker, const ts::MemorySink& memory, Output& output, const Bell& bell,
         ServerOptions options)
      : calls_{folder, memory, output},
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
    // To be answered with the id of a call under way would end that call for the client.
    const bool is_taken = in_flight_.has(id_of(value));
    try {
      const Message message = read_message(value);
      if (message.is_response || message.is_notification()) {
        if (message.method == "notifications/cancelled") cancel(message.params);
        return reply.settle(std::nullopt);
      }
      if (in_batch && message.method == "initialize")
        throw ProtocolError{Code::invalid_request, "initialize stands alone."};
      if (is_taken) refuse_taken(message);
      answer(message, reply);
    } catch (const ProtocolError& error) {
      reply.settle(written(error_message(is_taken ? json{} : id_of(value), error)));
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
    reply.settle(written(result_message(message.id, result_of(method, message.params))));
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

  /// The record is under way from here on, whatever becomes of the call.
  void begin(const Message& message, bool is_tool, const Reply& reply) {
    const Offer* const offer = offer_for(message, is_tool);
    TurnedCall turned = begin_record(message, is_tool, offer);
    workers_.add({message.id, message.params, offer, is_tool, std::move(turned), in_flight_.begin(message.id), reply});
  }

  static const Offer* offer_for(const Message& message, bool is_tool) {
    const json name = message.params.is_object() ? message.params.value("name", json{}) : json{};
    if (!name.is_string()) return nullptr;
    return find_offer(is_tool ? offered_tools() : offered_prompts(), name.get<std::string>());
  }

  /// A name from outside never gets into it.
  TurnedCall begin_record(const Message& message, bool is_tool, const Offer* offer) {
    const std::string_view unknown = is_tool ? "unknown tool" : "unknown prompt";
    return turns_.begin(message.params, {.operation = is_tool ? ts::Operation::execute_tool : ts::Operation::get_prompt,
                                         .name = offer != nullptr ? std::string_view{offer->name} : unknown,
                                         .server = options_.name});
  }

  void end_record(TurnedCall turned) noexcept {
    { const Call ended = std::move(turned.call); }
    turns_.ended(turned.own);
  }

  [[noreturn]] void refuse_taken(const Message& message) {
    const bool is_tool = message.method == "tools/call";
    if (is_tool || message.method == "prompts/get") {
      TurnedCall turned = begin_record(message, is_tool, offer_for(message, is_tool));
      meter_arguments(turned.call, message.params);
      turned.call.outcome(ts::Outcome::error, "invalid_request");
      end_record(std::move(turned));
    }
    throw ProtocolError{Code::invalid_request, "A request of this id is not answered yet."};
  }

  /// On a worker, and nothing is thrown out of it. The record is written before the answer, so that whoever has the
  /// answer finds the call counted.
  void work(Job job) noexcept {
    std::optional<Answer> answer = calls_.run(job);
    if (!in_flight_.end(job.id) || output_.gone()) answer.reset();
    std::optional<std::string> line = answer ? line_for(job, std::move(*answer)) : std::nullopt;
    if (!answer) job.turned.call.outcome(ts::Outcome::cancelled);
    end_record(std::move(job.turned));
    job.reply.settle(std::move(line));
  }

  /// Nothing if there is not even the memory to say that there is none.
  static std::optional<std::string> line_for(Job& job, Answer answer) noexcept {
    try {
      if (answer.kind != Answer::Kind::broken) return admitted_line(job, std::move(answer));
    } catch (const std::exception&) {
    }
    job.turned.call.outcome(ts::Outcome::error, "internal");
    try {
      return written(message_of(job, {}));
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }

  static std::string admitted_line(Job& job, Answer answer) {
    const json message = message_of(job, std::move(answer));
    std::string line = written(message);
    if (!job.reply.admits(line.size())) {
      job.turned.call.outcome(ts::Outcome::error, "batch_too_large");
      return written(error_message(job.id, {Code::internal_error, "The answers to the batch exceed 64 MiB."}));
    }
    if (const std::string* const text = text_in(message)) job.turned.call.output_text(*text);  // counted, not kept
    return line;
  }

  const Calls calls_;
  Output& output_;
  const ServerOptions options_;
  InFlight in_flight_;
  Turns turns_;
  Workers<Job> workers_;  // last: its threads end before what they use
};

}  // namespace mcp_files
