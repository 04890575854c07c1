// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/gemini_document.hpp>
#include <tallyscope/providers/detail/settle.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

/// Google's generateContent and embeddings, from AI Studio and from Vertex AI.
namespace tallyscope::inline v0::gemini {

/// What a response's body says; also of a stream that came as one array. Whatever the bytes are, nothing is thrown or
/// allocated.
inline Reading usage(std::string_view body) noexcept { return detail::read_body<detail::GeminiDocument>(body); }

/// What the chunks of a stream say, one after the other. Each has the usage so far, as a whole.
class Events {
 public:
  void take(std::string_view, std::string_view json, const detail::AnswerText& text) noexcept {
    detail::JsonSource source{json, text};
    detail::GeminiDocument chunk;
    chunk.take(source);
    diagnostics_.set(source.diagnostics());
    if (!source.complete()) return diagnostics_.set(Diagnostic::body_malformed);
    begun_ = true;
    if (chunk.error.present()) diagnostics_.set(Diagnostic::stream_error);
    known_.merge(chunk);
    ending_.merge(chunk.ending());
    if (chunk.usage.stated || !known_.finished()) settled_ = known_.finished();
  }

  /// What is known so far; `ended` says that the stream came to its regular end.
  Reading reading(bool ended) const noexcept {
    Reading reading;
    known_.give(reading);
    reading.diagnostics.set(diagnostics_);
    ending_.give(reading);
    detail::settle_stream(reading, settled_, !begun_ || (ended && known_.finished()));
    return reading;
  }

 private:
  detail::GeminiDocument known_{};
  detail::Ending ending_{};
  Diagnostics diagnostics_{};
  bool begun_ = false;
  bool settled_ = false;  // the usage came when every candidate had ended
};

}  // namespace tallyscope::inline v0::gemini
