// SPDX-License-Identifier: MIT
// The loop: the model is asked, wants tools, is shown what they found, and answers. Every call, of a model or of a
// tool, is a scope within the scope of its turn.
#pragma once

#include "models.hpp"
#include "questions.hpp"
#include "replay.hpp"
#include "tools.hpp"
#include "tracking.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agent {

struct Answer {
  std::string turn;  // its id
  std::string question;
  std::string text;
  ts::Outcome outcome = ts::Outcome::success;
};

class Agent {
 public:
  Agent(Tracker& tracker, const Folder& folder) : tracker_{tracker}, tools_{folder} {
    for (const File& file : folder.files())
      if (instructions_.size() < most_instructions) instructions_ += file.name + '\n';
  }

  Answer answer(const Question& question) {
    Turn turn{tracker_, {.application = "agent_over_files", .session = "demo"}};
    Prompt prompt{instructions_, "\nuser: " + question.text};
    Answer answer{std::string{turn.id()}, question.text, {}, ts::Outcome::success};
    Found found;
    for (const ToolUse& use : question.tools) {
      const std::string argument = use.argument.empty() ? found.file : use.argument;
      ask_for_tool(turn, question.model, prompt, use.tool, argument);
      try {
        found = tools_.use(turn, use.tool, argument);
        if (answer.text.empty()) answer.text = found.gist;
      } catch (const FileError& error) {
        found.text = error.what();
        answer.text = std::string{"I could not read it: "} + error.what() + '.';
        answer.outcome = ts::Outcome::error;  // every call may succeed and the task may fail: the host knows
      }
      prompt.conversation += "\ntool: " + found.text;
    }
    const ts::Outcome last = say(turn, question, prompt, answer.text);
    if (last != ts::Outcome::success) answer.outcome = last;
    turn.outcome(answer.outcome);
    return answer;
  }

  /// Reports the usage that has become known since.
  void settle() {
    for (const auto& [id, usage_export] : late_)
      tracker_.report_late(id, read(Shape::openai_chat, usage_export).counts);
    late_.clear();
  }

 private:
  static constexpr std::size_t most_instructions = 16'000;
  static constexpr std::int64_t longest_review = 64'000;                                       // tokens
  static constexpr ts::Money budget_of_a_call = ts::Money::from_picodollars(500'000'000'000);  // $0.50

  static ts::CallInfo chat(const Model& model) { return {.provider = model.provider, .model = model.name}; }

  void ask_for_tool(const Turn& turn, const Model& model, const Prompt& prompt, Tool tool,
                    const std::string& argument) {
    Call call{turn, chat(model)};
    const Response response = models_.send(model, prompt, {.text = {}, .tool = name_of(tool), .argument = argument});
    call.report([&] { return read(model.shape, response.body); });
  }

  ts::Outcome say(const Turn& turn, const Question& question, const Prompt& prompt, std::string& text) {
    const Model& model = question.model;
    switch (question.course) {
      case Course::usual:
        return send(turn, model, prompt, text);
      case Course::streamed:
        return stream(turn, model, prompt, text);
      case Course::user_stops_stream:
        return stop_stream(turn, model, prompt, text);
      case Course::usage_comes_late:
        return stream_without_usage(turn, model, prompt, text);
      case Course::rate_limited_at_first:
        return send_again(turn, model, prompt, text);
      case Course::over_budget:
        return refuse_if_too_dear(turn, model, prompt, text);
    }
    return ts::Outcome::success;
  }

  ts::Outcome send(const Turn& turn, const Model& model, const Prompt& prompt, const std::string& text) {
    Call call{turn, chat(model)};
    const Response response = models_.send(model, prompt, {.text = text});
    call.report([&] { return read(model.shape, response.body); });
    return ts::Outcome::success;
  }

  ts::Outcome send_again(const Turn& turn, const Model& model, const Prompt& prompt, const std::string& text) {
    {
      Call call{turn, chat(model)};
      const Response response = models_.send_too_soon();
      if (response.status == 429) call.outcome(ts::Outcome::rate_limited, "429");
    }
    return send(turn, model, prompt, text);
  }

  /// Gives each piece of a stream to `take`, until that says no; returns the last event, which has the usage.
  template <class Take>
  static std::string_view read_stream(std::string_view events, const Take& take) {
    constexpr std::string_view begin = "data: ", end = "\n\n", done = "[DONE]";
    std::string_view last;
    while (!events.empty()) {
      const std::string_view event = events.substr(begin.size(), events.find(end) - begin.size());
      events.remove_prefix(begin.size() + event.size() + end.size());
      if (event == done) break;
      last = event;
      if (const std::string piece = agent::text(event, "content"); !piece.empty() && !take(piece)) break;
    }
    return last;
  }

  ts::Outcome stream(const Turn& turn, const Model& model, const Prompt& prompt, const std::string& text) {
    Call call{turn, chat(model)};
    const std::string events = models_.stream(model, prompt, text, true);
    const std::string_view last = read_stream(events, [&](const std::string& piece) {
      call.output_chunk(piece);
      return true;
    });
    call.report([&] { return read(model.shape, last); });
    return ts::Outcome::success;
  }

  /// The user has seen enough: the provider's count never comes, so the estimate stands.
  ts::Outcome stop_stream(const Turn& turn, const Model& model, const Prompt& prompt, std::string& text) {
    Call call{turn, chat(model)};
    call.input_text([&] { return prompt.text(); });
    std::string seen;
    read_stream(models_.stream(model, prompt, text, true), [&](const std::string& piece) {
      call.output_chunk(piece);
      return (seen += piece).size() < text.size() / 2;
    });
    call.outcome(ts::Outcome::cancelled);
    text = seen + " ...";
    return ts::Outcome::cancelled;
  }

  /// An estimate until the provider's usage export tells.
  ts::Outcome stream_without_usage(const Turn& turn, const Model& model, const Prompt& prompt,
                                   const std::string& text) {
    Call call{turn, chat(model)};
    call.input_text([&] { return prompt.text(); });
    read_stream(models_.stream(model, prompt, text, false), [&](const std::string& piece) {
      call.output_chunk(piece);
      return true;
    });
    late_.emplace_back(call.stop(), models_.usage_export(model, prompt, text));
    return ts::Outcome::success;
  }

  ts::Outcome refuse_if_too_dear(const Turn& turn, const Model& model, const Prompt& prompt, std::string& text) {
    const ts::Money worst = worst_case(model, prompt);
    if (worst <= budget_of_a_call) return send(turn, model, prompt, text);
    Call call{turn, chat(model)};
    call.outcome(ts::Outcome::policy_blocked, "budget_exceeded");
    text = "I did not ask: it might cost " + worst.usd(2) + ", the budget is " + budget_of_a_call.usd(2) + '.';
    return ts::Outcome::policy_blocked;
  }

  /// What a call costs at most, by the prices of now.
  ts::Money worst_case(const Model& model, const Prompt& prompt) const {
    auto meter = tracker_.estimator().for_model(model.name);
    meter.feed(prompt.text());
    const ts::Call call{.provider = model.provider, .model = model.name};
    ts::Record record{.call = call, .start_utc = tracker_.clock().utc()};
    record.usage = {.input_tokens = meter.tokens().tokens, .output_tokens = longest_review};
    return tracker_.prices().price(record).amount;
  }

  Tracker& tracker_;
  Tools tools_;
  ReplayedModels models_;
  std::string instructions_ =
      "You answer questions about the files of a folder. Use the tools list_files, largest_files, read_file, search "
      "and count_lines, and answer in one sentence. The files are:\n";
  std::vector<std::pair<ts::RecordId, std::string>> late_;
};

}  // namespace agent
