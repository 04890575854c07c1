// SPDX-License-Identifier: MIT
// Plays the models: answers each request in its provider's own form with what the script has for it, and counts what
// it sent. The counts in a response come from the size of the request and of the answer.
#pragma once

#include "script.hpp"

#include "llm_client/events.hpp"
#include "llm_client/recorded.hpp"
#include "llm_client/recorded_files.hpp"
#include "llm_client/replay_server.hpp"

#include <tallyscope/usage.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace demo {

namespace ts = tallyscope;

struct Tokens {
  std::int64_t input = 0, output = 0, cache_read = 0, cache_write = 0;
};

/// What was sent in the name of one model.
struct SentByModel {
  std::int64_t answers = 0, refusals = 0, cut_short = 0;
  Tokens whole;          // of the answers
  Tokens told_at_start;  // of a stream that was cut short
};

class PlayedModels {
 public:
  /// `recorded` is the folder of the bodies that all responses are made of.
  explicit PlayedModels(std::string recorded) : recorded_{std::move(recorded)} {}

  /// The requests from now on belong to this question.
  void play(const Question& question) {
    const std::lock_guard lock{mutex_};
    requests_ = &requests_by_turn_[question.turn];
    question_ = &question;
    round_ = 0;
    read_before_ = 0;
    refused_ = false;
  }

  llm::Recorded operator()(const llm::Request& request) {
    const std::lock_guard lock{mutex_};
    ++*requests_;
    const bool refuses =
        question_->course == Course::rate_limited_at_first || question_->course == Course::overloaded_at_first;
    if (refuses && !std::exchange(refused_, true)) return refuse();
    return answer(request);
  }

  std::map<std::string, SentByModel> sent() const {
    const std::lock_guard lock{mutex_};
    return sent_;
  }
  std::map<std::string, std::int64_t> requests_by_turn() const {
    const std::lock_guard lock{mutex_};
    return requests_by_turn_;
  }

 private:
  llm::Recorded refuse() {
    ++sent_of(question_->model).refusals;
    if (question_->course == Course::overloaded_at_first)
      return {.status = 529, .body = R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"};
    return {.status = 429,
            .body = R"({"error":{"type":"rate_limit_error","message":"Too many requests"}})",
            .headers = {{"retry-after", "1"}}};
  }

  llm::Recorded answer(const llm::Request& request) {
    const bool is_last = round_ >= question_->rounds.size();
    std::vector<llm::ToolCall> calls = is_last ? std::vector<llm::ToolCall>{} : question_->rounds[round_++];
    for (llm::ToolCall& call : calls) call.id = "call_" + std::to_string(++last_call_);
    const std::string text = is_last ? last_words() : std::string{};
    const ts::Usage usage = usage_of(request, text, calls);
    const llm::Shape shape = question_->model.shape;
    llm::json body = llm::with(shape, recorded_of(shape), text, calls, usage);
    put_model(body);
    const bool is_cut =
        is_last && (question_->course == Course::user_stops_stream || question_->course == Course::stream_breaks);
    count(usage, is_cut);
    if (question_->course != Course::streamed && question_->course != Course::user_stops_stream &&
        question_->course != Course::stream_breaks)
      return {.body = llm::written(body)};
    llm::Recorded stream = llm::stream_of(llm::events_of(shape, body));
    if (is_last && question_->course == Course::stream_breaks) stream.breaks_off_after = stream.body.size() / 2;
    return stream;
  }

  std::string last_words() const {
    std::string words = "I have looked, and this is what I found.";
    for (int more = 0; question_->course == Course::user_stops_stream && more < 50; ++more)
      words += " And there is more to tell about it, of course.";
    return words;
  }

  /// Four bytes a token, and what was read before is cached, in steps of 128 tokens.
  ts::Usage usage_of(const llm::Request& request, const std::string& text, const std::vector<llm::ToolCall>& calls) {
    std::size_t said = text.size();
    for (const llm::ToolCall& call : calls) said += call.name.size() + call.arguments.size();
    const auto input = static_cast<std::int64_t>(request.body.size() / 4);
    const std::int64_t cached = std::exchange(read_before_, input) / 128 * 128;
    ts::Usage usage{.input_tokens = input, .output_tokens = said / 4 + 1, .cache_read = cached};
    if (question_->model.shape == llm::Shape::anthropic) usage.cache_write_5m = (input - cached) / 2;
    if (question_->model.shape == llm::Shape::gemini) usage.reasoning = said / 8;
    return usage;
  }

  void put_model(llm::json& body) const {
    const char* const key = question_->model.shape == llm::Shape::gemini ? "modelVersion" : "model";
    body[key] = question_->model.name;
  }

  /// Only one shape tells at the beginning of a stream what the input was.
  void count(const ts::Usage& usage, bool is_cut) {
    SentByModel& sent = sent_of(question_->model);
    ++(is_cut ? sent.cut_short : sent.answers);
    if (is_cut && question_->model.shape != llm::Shape::anthropic) return;
    Tokens& tokens = is_cut ? sent.told_at_start : sent.whole;
    tokens.input += usage.input_tokens.value_or(0);
    tokens.cache_read += usage.cache_read.value_or(0);
    tokens.cache_write += usage.cache_write_5m.value_or(0);
    if (!is_cut) tokens.output += usage.output_tokens.value_or(0);
  }

  SentByModel& sent_of(const llm::Model& model) { return sent_[std::string{model.name}]; }

  const llm::json& recorded_of(llm::Shape shape) {
    constexpr const char* names[] = {"openai", "anthropic", "google", "mistral"};
    const std::string name = names[static_cast<std::size_t>(shape)];
    llm::json& body = bodies_[name];
    if (body.is_null()) body = llm::parsed(recorded_.file(name + ".json"));
    return body;
  }

  const llm::RecordedFiles recorded_;
  mutable std::mutex mutex_;
  const Question* question_ = nullptr;
  std::int64_t* requests_ = nullptr;
  std::size_t round_ = 0;
  std::int64_t read_before_ = 0;  // tokens of the last request of this question
  bool refused_ = false;
  std::size_t last_call_ = 0;
  std::map<std::string, llm::json> bodies_;
  std::map<std::string, SentByModel> sent_;
  std::map<std::string, std::int64_t> requests_by_turn_;
};

}  // namespace demo
