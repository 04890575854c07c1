// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/ollama_document.hpp>
#include <tallyscope/providers/detail/settle.hpp>
#include <tallyscope/reading.hpp>

#include <string_view>

/// Ollama's own chat, generate and embed. Its other API has OpenAI's shape.
namespace tallyscope::inline v0::ollama {

/// What a response's body says. Whatever the bytes are, nothing is thrown or allocated.
inline Reading usage(std::string_view body) noexcept {
  detail::JsonSource source{body};
  detail::OllamaDocument document;
  document.take(source);
  Reading reading;
  document.give(reading);
  document.ending().give(reading);
  detail::settle_body(reading, source);
  if (document.done == false) detail::settle_pending(reading);
  return reading;
}

/// What the lines of a stream say, one after the other; the last of them has the usage.
class Events {
 public:
  void take(std::string_view, std::string_view json, const detail::AnswerText& text) noexcept {
    detail::JsonSource source{json, text};
    detail::OllamaDocument line;
    line.take(source);
    diagnostics_.set(source.diagnostics());
    if (!source.complete()) return diagnostics_.set(Diagnostic::body_malformed);
    begun_ = true;
    if (line.error.present()) diagnostics_.set(Diagnostic::stream_error);
    known_.merge(line);
    ending_.merge(line.ending());
    done_ = done_ || line.done == true;
  }

  /// What is known so far; `ended` says that the stream came to its regular end.
  Reading reading(bool) const noexcept {
    Reading reading;
    known_.give(reading);
    reading.diagnostics.set(diagnostics_);
    ending_.give(reading);
    detail::settle_stream(reading, done_, done_ || !begun_);
    return reading;
  }

 private:
  detail::OllamaDocument known_{};
  detail::Ending ending_{};
  Diagnostics diagnostics_{};
  bool begun_ = false;
  bool done_ = false;
};

}  // namespace tallyscope::inline v0::ollama
