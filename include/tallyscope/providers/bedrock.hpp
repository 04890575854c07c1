// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/bedrock_document.hpp>
#include <tallyscope/providers/detail/settle.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

/// Amazon Bedrock's Converse. What InvokeModel answers has the shape of the model's own maker.
namespace tallyscope::inline v0::bedrock {

/// What a response's body says. Whatever the bytes are, nothing is thrown or allocated.
inline Reading usage(std::string_view body) noexcept { return detail::read_body<detail::BedrockDocument>(body); }

/// What the events of ConverseStream say, one after the other; the last of them has the usage.
class Events {
 public:
  /// `type` is that of the frame: of an event, or of an exception.
  void take(std::string_view type, std::string_view json, const detail::AnswerText& text) noexcept {
    detail::JsonSource source{json, text};
    detail::BedrockDocument event;
    event.take(source);
    diagnostics_.set(source.diagnostics());
    if (type.ends_with("xception")) take_exception(type);
    if (!source.complete()) return diagnostics_.set(Diagnostic::body_malformed);
    begun_ = true;
    known_.merge(event);
    ending_.merge(event.ending());
    settled_ = settled_ || event.usage.stated;
  }

  /// What is known so far. The usage comes last: without it the stream was cut off.
  Reading reading(bool) const noexcept {
    Reading reading;
    known_.give(reading);
    reading.diagnostics.set(diagnostics_);
    ending_.give(reading);
    detail::settle_stream(reading, settled_, !begun_ || settled_);
    return reading;
  }

 private:
  void take_exception(std::string_view type) noexcept {
    diagnostics_.set(Diagnostic::stream_error);
    ending_.fail(detail::outcome_of_word(type).value_or(Outcome::error), type);
  }

  detail::BedrockDocument known_{};
  detail::Ending ending_{};
  Diagnostics diagnostics_{};
  bool begun_ = false;
  bool settled_ = false;  // the usage came: it comes once
};

}  // namespace tallyscope::inline v0::bedrock
