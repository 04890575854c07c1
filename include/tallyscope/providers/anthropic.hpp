// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/anthropic_document.hpp>
#include <tallyscope/providers/detail/settle.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

/// Anthropic's Messages API, its batch results, and the same from Bedrock's InvokeModel and from Vertex AI.
namespace tallyscope::inline v0::anthropic {

/// What a response's body, or a line of a batch's results, says. Whatever the bytes are, nothing is thrown or
/// allocated.
inline Reading usage(std::string_view body) noexcept { return detail::read_body<detail::AnthropicDocument>(body); }

/// What the events of a stream say, one after the other: the first has the input, each later usage is cumulative and
/// takes the place of what it names.
class Events {
 public:
  void take(std::string_view, std::string_view json, const detail::AnswerText& text) noexcept {
    detail::JsonSource source{json, text};
    detail::AnthropicDocument event;
    event.take(source);
    diagnostics_.set(source.diagnostics());
    if (!source.complete()) return diagnostics_.set(Diagnostic::body_malformed);
    begun_ = true;
    if (event.type == "message_start") forget_output(event.usage);
    if (event.type == "error") diagnostics_.set(Diagnostic::stream_error);
    if (event.type == "message_stop" || (!event.stop_reason.empty() && event.usage.stated)) stopped_ = true;
    known_.merge(event);
    ending_.merge(event.ending());
  }

  /// What is known so far; `ended` says that the stream came to its regular end.
  Reading reading(bool) const noexcept {
    Reading reading;
    known_.give(reading);
    reading.diagnostics.set(diagnostics_);
    ending_.give(reading);
    detail::settle_stream(reading, stopped_ && reading.counts.output_tokens.has_value(), stopped_ || !begun_);
    return reading;
  }

 private:
  /// What the first event says of the output is only where the count begins.
  static void forget_output(detail::AnthropicUsage& usage) noexcept {
    usage.tokens.output = usage.tokens.thinking = {};
    usage.rounds = {};
  }

  detail::AnthropicDocument known_{};
  detail::Ending ending_{};
  Diagnostics diagnostics_{};
  bool begun_ = false;
  bool stopped_ = false;
};

}  // namespace tallyscope::inline v0::anthropic
