// SPDX-License-Identifier: MIT
// One response, from its first byte to what it comes down to: text, tool calls, usage and outcome.
#pragma once

#include "answer.hpp"
#include "ending.hpp"
#include "http.hpp"
#include "json.hpp"
#include "models.hpp"
#include "sse.hpp"
#include "usage.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace llm {

class Exchange {
 public:
  Exchange(Shape shape, bool streamed) noexcept : shape_{shape}, streamed_{streamed}, usage_{shape}, answer_{shape} {}

  /// Takes bytes as they come. Calls `on_text(text)` for text that a stream brings. False when that returned false or
  /// the stream has come to its end: then the rest need not be read.
  template <class OnText>
  bool take(int status, std::string_view bytes, const OnText& on_text) {
    size_ += bytes.size();
    if (is_too_large()) return false;
    if (!streamed_ || status != 200) return body_ += bytes, true;
    return events_.feed(bytes, [&](const Event& event) { return take_event(event, on_text); });
  }

  /// No bytes follow. Says how the call ended; from now on all of it can be read.
  Ending finish(const HttpEnd& end) {
    if (!streamed_ || end.status != 200) {
      const json body = is_too_large() ? json{} : parsed(body_);
      at_end_ = end.how == HttpEnd::How::complete && body.is_object();
      usage_body_ = body;
      answer_.take(body);
      note_error(body, "body_error");
    }
    return ending(end);
  }

  const Answer& answer() const noexcept { return answer_; }

  /// Borrows from this.
  ts::Reading reading() const { return streamed_ ? usage_.reading(at_end_) : read_usage(shape_, usage_body_); }

 private:
  static constexpr std::size_t most_bytes = 32 << 20;

  bool is_too_large() const noexcept { return size_ > most_bytes; }

  template <class OnText>
  bool take_event(const Event& event, const OnText& on_text) {
    if (event.data == "[DONE]") {
      at_end_ = true;
      return false;
    }
    const json value = parsed(event.data);
    if (value.is_discarded()) return true;
    usage_.take(value);
    note_end(value);
    const std::string text = answer_.take(value);
    stopped_ = !text.empty() && !on_text(text);
    return !stopped_ && !is_over();
  }

  /// Nothing follows, so that nobody waits until the connection is closed. Gemini has no last event: after the reason
  /// for the end the usage may still come.
  bool is_over() const noexcept { return error_ || (at_end_ && shape_ != Shape::gemini); }

  /// OpenAI and Mistral say [DONE] at the end; the others have an event or a field for it.
  void note_end(const json& value) {
    if (shape_ == Shape::anthropic && text_at(value, "type") == "message_stop") at_end_ = true;
    if (shape_ == Shape::gemini && !text_at(item(at(value, "candidates"), 0), "finishReason").empty()) at_end_ = true;
    note_error(value, "stream_error");
  }

  void note_error(const json& value, const char* otherwise) {
    const json& error = at(value, "error");
    if (error.is_object() || error.is_string()) error_ = ending_of(error, otherwise);
  }

  /// A refusal stands before what else happened, and what the provider said before how the connection ended.
  Ending ending(const HttpEnd& end) const {
    using How = HttpEnd::How;
    if (end.status == 429) return {ts::Outcome::rate_limited, "429"};
    if (end.status != 200 && end.status != 0) return {ts::Outcome::error, std::to_string(end.status)};
    if (stopped_) return {ts::Outcome::cancelled, "user_stopped"};
    if (is_too_large()) return {ts::Outcome::error, "response_too_large"};
    if (error_) return *error_;
    if (at_end_) return {};
    if (end.how == How::timeout) return {ts::Outcome::timeout, "timeout"};
    if (end.how == How::connection_timeout) return {ts::Outcome::timeout, "connection_timeout"};
    if (end.how == How::unreachable) return {ts::Outcome::error, "unreachable"};
    if (end.how == How::broken) return {ts::Outcome::error, "connection_lost"};
    return {ts::Outcome::error, streamed_ ? "stream_unfinished" : "not_json"};
  }

  Shape shape_;
  bool streamed_;
  bool at_end_ = false;
  bool stopped_ = false;
  std::size_t size_ = 0;
  std::string body_;
  std::optional<Ending> error_;
  json usage_body_{};
  SseReader events_;
  StreamUsage usage_;
  Answer answer_;
};

}  // namespace llm
