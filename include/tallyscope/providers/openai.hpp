// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/detail/openai_document.hpp>
#include <tallyscope/providers/detail/settle.hpp>
#include <tallyscope/reading.hpp>

#include <cstdint>
#include <string_view>

namespace tallyscope::inline v0 {
namespace detail {

/// `provider` is as gen_ai.provider.name has it, or empty.
inline OpenAiDialect openai_dialect(const OpenAiDocument& document, std::string_view provider) noexcept {
  const bool xai = provider == "x_ai" || document.served_by() == "x_ai";
  return {.reasoning_beside = xai && document.object != "response",
          .five_minute_writes = document.model.view().starts_with("anthropic/")};
}

inline void give_openai_document(const OpenAiDocument& document, std::string_view provider, Reading& reading) noexcept {
  give_openai_usage(document.usage, openai_dialect(document, provider), reading);
  const OpenAiItems& items = document.items.any ? document.items : document.item;
  const auto unless_none = [](std::int64_t number) { return number == 0 ? Count{} : Count{number}; };
  reading.counts.tool_calls = document.choices.tool_calls().or_else(unless_none(items.tool_calls));
  reading.counts.web_searches = reading.counts.web_searches.or_else(unless_none(items.web_searches));
  reading.counts.file_searches = unless_none(items.file_searches);
  if (!document.usage.stated) reading.counts.audio_milliseconds = document.heard;
  reading.served_by = document.served_by();
  reading.served_model = document.model;
  reading.served_tier = document.batched ? "batch" : document.tier.view();
  reading.request_id = document.id;
}

}  // namespace detail

/// OpenAI's APIs (Chat Completions, Responses, embeddings, images, transcriptions, `response.done` of the realtime API)
/// and all that were made after them: Azure, Groq, DeepSeek, Mistral, OpenRouter, xAI, Cerebras, Perplexity, Voyage,
/// Gemini's compatibility endpoint and others.
namespace openai {

/// What a response's body says. `provider` settles what the shape leaves open; it is written as in
/// gen_ai.provider.name, for example "x_ai". Whatever the bytes are, nothing is thrown or allocated.
inline Reading usage(std::string_view body, std::string_view provider = {}) noexcept {
  detail::JsonSource source{body};
  detail::OpenAiDocument document;
  document.take(source);
  Reading reading;
  detail::give_openai_document(document, provider, reading);
  document.ending().give(reading);
  detail::settle_body(reading, source);
  if (document.is_pending()) detail::settle_pending(reading);
  return reading;
}

/// What the events of a stream say, one after the other. Usage is cumulative: what comes later takes the place of what
/// came before.
class Events {
 public:
  explicit Events(std::string_view provider = {}) noexcept : provider_{provider} {}

  /// One complete event; the type of the event itself says nothing that its JSON does not.
  void take(std::string_view, std::string_view json, const detail::AnswerText& text) noexcept {
    if (json == "[DONE]") {
      done_ = true;
      return;
    }
    detail::JsonSource source{json, text};
    detail::OpenAiDocument event;
    event.take(source);
    diagnostics_.set(source.diagnostics());
    if (!source.complete()) return diagnostics_.set(Diagnostic::body_malformed);
    begun_ = true;
    if (is_text(event.type)) detail::each_piece(event.delta, text);
    merge(event);
  }

  /// What is known so far; `ended` says that the stream came to its regular end.
  Reading reading(bool ended) const noexcept {
    Reading reading;
    detail::give_openai_document(known_, provider_, reading);
    reading.diagnostics.set(diagnostics_);
    ending_.give(reading);
    const bool usage_is_last = settled_ || closed_ || done_;
    const bool none_can_come = closed_ || done_ || !begun_ || (ended && known_.choices.finished() && !known_.promised);
    detail::settle_stream(reading, usage_is_last, none_can_come);
    return reading;
  }

 private:
  /// Does the event bring a piece of the answer? Sound as such is none.
  static bool is_text(std::string_view type) noexcept {
    return type.ends_with(".delta") && !type.ends_with("audio.delta");
  }

  /// Is this the last event of a response?
  static bool is_last(const detail::OpenAiDocument& event) noexcept {
    const std::string_view type = event.type;
    for (const std::string_view each :
         {"response.completed", "response.incomplete", "response.failed", "response.cancelled", "response.done"})
      if (type == each) return true;
    return event.usage.stated && (type.ends_with(".done") || type.ends_with(".completed"));
  }

  void merge(const detail::OpenAiDocument& event) noexcept {
    known_.merge(event);
    ending_.merge(event.ending());
    if (event.has_error() && !is_last(event)) diagnostics_.set(Diagnostic::stream_error);
    closed_ = closed_ || is_last(event);
    if (event.usage.stated)
      settled_ = event.choices.empty() || known_.choices.finished();
    else if (event.choices.present() && !known_.choices.finished())
      settled_ = false;
  }

  ShortText<32> provider_;
  detail::OpenAiDocument known_{};
  detail::Ending ending_{};
  Diagnostics diagnostics_{};
  bool begun_ = false;
  bool settled_ = false;  // the usage came where none can follow
  bool closed_ = false;   // the last event of a response came
  bool done_ = false;
};

}  // namespace openai
}  // namespace tallyscope::inline v0
