// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/providers/anthropic.hpp>
#include <tallyscope/providers/any.hpp>
#include <tallyscope/providers/bedrock.hpp>
#include <tallyscope/providers/cohere.hpp>
#include <tallyscope/providers/detail/answer_text.hpp>
#include <tallyscope/providers/detail/chunk_payload.hpp>
#include <tallyscope/providers/detail/framing.hpp>
#include <tallyscope/providers/detail/provider_error.hpp>
#include <tallyscope/providers/gemini.hpp>
#include <tallyscope/providers/hint.hpp>
#include <tallyscope/providers/ollama.hpp>
#include <tallyscope/providers/openai.hpp>
#include <tallyscope/reading.hpp>
#include <tallyscope/short_text.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <variant>

namespace tallyscope::inline v0 {

struct StreamOptions {
  /// A longer event is left out, which Diagnostic::event_too_long says. A reader holds one event at most, for a moment
  /// one and a half.
  std::size_t most_event_bytes = std::size_t{16} << 20;
};

/// What a provider says of a call in a stream, read from the bytes of the response's body as they come:
///
///   StreamReader reader;
///   while (...) reader.feed(chunk);           // of any size, cut anywhere
///   const Reading reading = reader.finish();
///
/// Server-sent events, JSON a line, a JSON array, AWS's event stream or a plain JSON body, of any provider in
/// providers/: the first bytes tell. Throws nothing; allocates only for an event that pieces share, and for one that is
/// left out, as there was no memory for it, it says event_too_long. Counts of which a provider sends several replace
/// each other. One thread at a time; a reader that was moved from can only be destroyed or assigned to.
class StreamReader {
 public:
  explicit StreamReader(const Hint& hint = {}, const StreamOptions& options = {}) noexcept
      : provider_{hint.provider},
        api_{hint.api},
        framing_{options.most_event_bytes},
        chunk_{options.most_event_bytes} {}

  /// Takes the next bytes, which need not stay.
  void feed(std::string_view bytes) noexcept { take_bytes(bytes, {}); }
  /// The same, and calls `on_text(std::string_view)` with each piece of the model's answer: its text, its reasoning,
  /// its arguments of tools. What it throws is swallowed.
  template <std::invocable<std::string_view> OnText>
  void feed(std::string_view bytes, OnText&& on_text) noexcept {
    take_bytes(bytes, listener(on_text));
  }

  /// The body came to its end. Bytes that are fed later are another body of the same response, as when a connection was
  /// lost and the provider goes on, or sends again, in a new one.
  Reading finish() noexcept { return end_body({}); }
  template <std::invocable<std::string_view> OnText>
  Reading finish(OnText&& on_text) noexcept {
    return end_body(listener(on_text));
  }

  /// What is known so far. `final` as soon as nothing can change any more, else `partial`; `missing` when no event was
  /// there, or when the stream is over and had no usage.
  Reading reading() const noexcept;

 private:
  using Kind = detail::StreamEvent::Kind;
  using Events = std::variant<std::monostate, Reading, openai::Events, anthropic::Events, gemini::Events,
                              bedrock::Events, cohere::Events, ollama::Events>;

  template <class OnText>
  static detail::AnswerText listener(OnText& on_text) noexcept {
    const auto call = [](void* context, std::string_view text) noexcept {
      static_cast<void>(detail::guarded([&] {
        (*static_cast<OnText*>(context))(text);
        return std::error_code{};
      }));
    };
    return {call, const_cast<void*>(static_cast<const void*>(std::addressof(on_text)))};
  }

  void take_bytes(std::string_view bytes, const detail::AnswerText& text) noexcept {
    if (!bytes.empty()) ended_ = false;
    framing_.feed(bytes, [&](const detail::StreamEvent& event) { take(event, text); });
  }
  Reading end_body(const detail::AnswerText& text) noexcept {
    const bool is_stream = framing_.is_stream();
    framing_.finish([&](const detail::StreamEvent& event) { take(event, text); });
    if (!is_stream && events_.index() == 0) diagnostics_.set(Diagnostic::body_malformed);
    ended_ = true;
    return reading();
  }

  template <class Use>
  void with_events(const Use& use) noexcept {
    visit_events(events_, use);
  }
  template <class Use>
  void with_events(const Use& use) const noexcept {
    visit_events(events_, use);
  }
  /// Of a plain body and of nothing there are no events.
  template <class AnyEvents, class Use>
  static void visit_events(AnyEvents& any, const Use& use) noexcept {
    if (auto* events = std::get_if<openai::Events>(&any)) return use(*events);
    if (auto* events = std::get_if<anthropic::Events>(&any)) return use(*events);
    if (auto* events = std::get_if<gemini::Events>(&any)) return use(*events);
    if (auto* events = std::get_if<bedrock::Events>(&any)) return use(*events);
    if (auto* events = std::get_if<cohere::Events>(&any)) return use(*events);
    if (auto* events = std::get_if<ollama::Events>(&any)) return use(*events);
  }

  void take(const detail::StreamEvent& event, const detail::AnswerText& text) noexcept;
  void take_chunk(const detail::StreamEvent& event, const detail::AnswerText& text) noexcept;
  void take_data(const detail::StreamEvent& event, const detail::AnswerText& text) noexcept;
  void fail(std::string_view type) noexcept;
  void recognise(const detail::StreamEvent& event) noexcept;
  void begin(Shape shape) noexcept;
  /// Does a frame's header name an event of ConverseStream? Its JSON need not tell.
  static bool is_bedrock_event(std::string_view type) noexcept {
    return type.starts_with("contentBlock") || type == "messageStart" || type == "messageStop" || type == "metadata";
  }

  ShortText<name_limit> provider_;  // of the hint
  ShortText<name_limit> api_;
  detail::Framing framing_;
  detail::ChunkPayload chunk_;
  Events events_{};
  detail::Ending failure_{};  // which the transport told, not an event
  Diagnostics diagnostics_{};
  bool more_than_body_ = false;  // a whole body was not all that came: there are calls that are not counted
  bool ended_ = false;           // finished, and nothing came since
};

inline void StreamReader::take(const detail::StreamEvent& event, const detail::AnswerText& text) noexcept {
  switch (event.kind) {
    case Kind::event:
    case Kind::body:
      return event.type == "chunk" ? take_chunk(event, text) : take_data(event, text);
    case Kind::failure:
      return fail(event.type);
    case Kind::too_long:
      return diagnostics_.set(Diagnostic::event_too_long);
    case Kind::broken:
      return diagnostics_.set(Diagnostic::body_malformed);
  }
}

/// What InvokeModelWithResponseStream wraps has no type of its own.
inline void StreamReader::take_chunk(const detail::StreamEvent& event, const detail::AnswerText& text) noexcept {
  const detail::StreamEvent inner = chunk_.unwrap(event);
  const bool is_wrapped = inner.kind != Kind::event || !inner.data.empty();
  is_wrapped ? take(inner, text) : take_data(event, text);
}

inline void StreamReader::take_data(const detail::StreamEvent& event, const detail::AnswerText& text) noexcept {
  if (event.data.starts_with("[DONE]")) {
    if (auto* events = std::get_if<openai::Events>(&events_)) events->take({}, "[DONE]", text);
    return;
  }
  const bool had_body = std::holds_alternative<Reading>(events_);
  if (had_body && event.kind != Kind::body) more_than_body_ = true;
  if (events_.index() == 0 || (had_body && event.kind == Kind::body)) recognise(event);
  with_events([&](auto& events) { events.take(event.type, event.data, text); });
}

/// Chooses the reader by the first event that tells. A body may be the first line of a stream, or all there is.
inline void StreamReader::recognise(const detail::StreamEvent& event) noexcept {
  if (event.type == "ping") return;
  const Hint hint{provider_, api_};
  const Shape shape = is_bedrock_event(event.type) ? Shape::bedrock : shape_of(event.data, hint);
  if (event.kind == Kind::body && !detail::is_event(event.data))
    events_.emplace<Reading>(usage(event.data, hint));
  else
    begin(shape);
}

inline void StreamReader::begin(Shape shape) noexcept {
  if (shape == Shape::openai) events_.emplace<openai::Events>(detail::provider_name(provider_));
  if (shape == Shape::anthropic) events_.emplace<anthropic::Events>();
  if (shape == Shape::gemini) events_.emplace<gemini::Events>();
  if (shape == Shape::bedrock) events_.emplace<bedrock::Events>();
  if (shape == Shape::cohere) events_.emplace<cohere::Events>();
  if (shape == Shape::ollama) events_.emplace<ollama::Events>();
}

inline void StreamReader::fail(std::string_view type) noexcept {
  failure_.fail(detail::outcome_of_word(type).value_or(Outcome::error), type);
  diagnostics_.set(Diagnostic::stream_error);
}

inline Reading StreamReader::reading() const noexcept {
  Reading reading;
  if (const auto* whole = std::get_if<Reading>(&events_)) reading = *whole;
  if (more_than_body_) reading.diagnostics.set(Diagnostic::body_malformed);
  if (more_than_body_ && reading.finality == Finality::final) detail::say_finality(reading, Finality::partial);
  with_events([&](const auto& events) { reading = events.reading(ended_); });
  reading.diagnostics.set(diagnostics_);
  if (failure_.failed()) failure_.give(reading);
  return reading;
}

}  // namespace tallyscope::inline v0
