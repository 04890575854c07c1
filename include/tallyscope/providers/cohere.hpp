// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/cohere_document.hpp>
#include <tallyscope/providers/detail/settle.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

/// Cohere's chat, embed and rerank. The counts are what is billed; what was used stands beside them.
namespace tallyscope::inline v0::cohere {

/// What a response's body says. Whatever the bytes are, nothing is thrown or allocated.
inline Reading usage(std::string_view body) noexcept { return detail::read_body<detail::CohereDocument>(body); }

/// What the events of a chat's stream say, one after the other; the last of them has the usage.
class Events {
 public:
  void take(std::string_view, std::string_view json, const detail::AnswerText& text) noexcept {
    detail::JsonSource source{json, text};
    detail::CohereDocument event;
    event.take(source);
    diagnostics_.set(source.diagnostics());
    if (!source.complete()) return diagnostics_.set(Diagnostic::body_malformed);
    begun_ = true;
    if (event.error.present()) diagnostics_.set(Diagnostic::stream_error);
    known_.merge(event);
    ending_.merge(event.ending());
    last_ = last_ || event.is_last();
  }

  /// What is known so far; `ended` says that the stream came to its regular end.
  Reading reading(bool) const noexcept {
    Reading reading;
    known_.give(reading);
    reading.diagnostics.set(diagnostics_);
    ending_.give(reading);
    detail::settle_stream(reading, last_, last_ || !begun_);
    return reading;
  }

 private:
  detail::CohereDocument known_{};
  detail::Ending ending_{};
  Diagnostics diagnostics_{};
  bool begun_ = false;
  bool last_ = false;  // the last event came
};

}  // namespace tallyscope::inline v0::cohere
