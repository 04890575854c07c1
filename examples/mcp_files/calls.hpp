// SPDX-License-Identifier: MIT
// What is done for a tools/call or a prompts/get, and what its client is told.
#pragma once

#include "batch.hpp"
#include "file_tools.hpp"
#include "turns.hpp"
#include "usage_prompt.hpp"

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
  const Offer* offer;  ///< null: there is none of that name
  bool is_tool;
  TurnedCall turned;
  std::stop_token stop;
  Reply reply;
};

/// What came of it.
struct Answer {
  enum class Kind { result, failure, refusal, broken };
  Kind kind = Kind::broken;
  std::string text{};  ///< for the model; of a refusal: why
};

/// The message that tells it to the client.
inline json message_of(const Job& job, Answer answer) {
  if (answer.kind == Answer::Kind::broken)
    return error_message(job.id, {Code::internal_error, "The server could not do that."});
  if (answer.kind == Answer::Kind::refusal)
    return error_message(job.id, {Code::invalid_params, std::move(answer.text)});
  json content{{"type", "text"}, {"text", std::move(answer.text)}};
  if (!job.is_tool)
    return result_message(job.id, {{"description", job.offer->summary},
                                   {"messages", json::array({{{"role", "user"}, {"content", std::move(content)}}})}});
  return result_message(
      job.id, {{"content", json::array({std::move(content)})}, {"isError", answer.kind == Answer::Kind::failure}});
}

/// The text in such a message; null if it has none for the model.
inline const std::string* text_in(const json& message) {
  if (!message.contains("result")) return nullptr;
  const json& result = message["result"];
  const json& content = result.contains("content") ? result["content"][0] : result["messages"][0]["content"];
  return content["text"].get_ptr<const std::string*>();
}

inline void meter_arguments(Call& call, const json& params) {
  const bool has_arguments = params.is_object() && params.contains("arguments");
  call.input_text([&] { return has_arguments ? params["arguments"].dump() : std::string{}; });
}

/// Does what jobs ask for, on any thread.
class Calls {
 public:
  Calls(const Folder& folder, const ts::MemorySink& memory, Output& output)
      : folder_{folder}, usage_{memory}, output_{output} {}

  /// Nothing if it noticed that it is cancelled.
  std::optional<Answer> run(Job& job) const noexcept {
    try {
      return answer_to(job);
    } catch (const Cancelled&) {
      return std::nullopt;
    } catch (...) {
      return Answer{};
    }
  }

 private:
  Answer answer_to(Job& job) const {
    if (job.stop.stop_requested()) throw Cancelled{};
    const json& params = job.params;
    meter_arguments(job.turned.call, params);
    if (!params.is_object() || !params.contains("name") || !params["name"].is_string())
      return refused(job, "invalid_params", "The params have no name.");
    if (job.offer == nullptr)
      return job.is_tool ? refused(job, "unknown_tool", "There is no tool of that name.")
                         : refused(job, "unknown_prompt", "There is no prompt of that name.");
    const json arguments = params.value("arguments", json::object());
    if (!arguments.is_object()) return refused(job, "invalid_params", "The arguments are an object.");
    return answer_of(job, Arguments{arguments});
  }

  static Answer refused(Job& job, std::string_view type, const char* sentence) {
    job.turned.call.outcome(ts::Outcome::error, type);
    return {Answer::Kind::refusal, sentence};
  }

  Answer answer_of(Job& job, const Arguments& arguments) const {
    try {
      return {Answer::Kind::result, job.is_tool ? text_of_tool(job, arguments) : usage_prompt(usage_, arguments)};
    } catch (const ToolFailure& failure) {
      job.turned.call.outcome(ts::Outcome::error, failure.type);
      return {job.is_tool ? Answer::Kind::failure : Answer::Kind::refusal, failure.sentence};
    }
  }

  std::string text_of_tool(const Job& job, const Arguments& arguments) const {
    Progress progress{output_, progress_token(job.params)};
    const Task task{folder_, job.stop, progress};
    const std::string_view name = job.offer->name;
    if (name == "list_files") return list_files(task, arguments);
    if (name == "read_file") return read_file(task, arguments);
    if (name == "search") return search(task, arguments);
    if (name == "largest_files") return largest_files(task, arguments);
    if (name == "usage_stats") return usage_.usage_stats(arguments);
    return usage_.usage_catalog(arguments);
  }

  const Folder& folder_;
  const UsageAnswers usage_;
  Output& output_;
};

}  // namespace mcp_files
