// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/null_sink.hpp>

#include <concepts>
#include <system_error>
#include <utility>

namespace tallyscope::inline v0 {

namespace detail {

/// What an AnySink can do with the sink it holds.
struct SinkVerbs {
  std::error_code (*write)(void* sink, const Record& record);
  std::error_code (*flush)(void* sink);
  void (*end)(void* sink) noexcept;
};

template <class S, bool Owned>
constexpr SinkVerbs make_sink_verbs() noexcept {
  static_assert(Sink<S>, "an AnySink holds a sink: std::error_code write(const Record&) and std::error_code flush()");
  return {[](void* sink, const Record& record) { return static_cast<S*>(sink)->write(record); },
          [](void* sink) { return static_cast<S*>(sink)->flush(); },
          [](void* sink) noexcept {
            if constexpr (Owned)
              delete static_cast<S*>(sink);
            else
              static_cast<void>(sink);
          }};
}

template <class S, bool Owned>
inline constexpr SinkVerbs sink_verbs = make_sink_verbs<S, Owned>();

inline NullSink discarding_sink;

}  // namespace detail

/// A sink that is chosen at run time:
///   AnySink sink;                                               discards everything
///   AnySink sink{memory};                                       borrows: declare `memory` first
///   AnySink sink = AnySink::make<JsonlSink>("calls.jsonl");     owns
///
/// Any thread may write and flush at any time, as the chosen sink allows; moving is for the time before and after. What
/// was moved from discards. A write costs one indirect call more than the sink's own; only make() allocates. It has no
/// health(): ask the chosen sink itself.
class AnySink {
 public:
  AnySink() noexcept : AnySink{detail::discarding_sink} {}

  template <class S>
  requires(!std::same_as<S, AnySink>) explicit AnySink(S& sink) noexcept
      : AnySink{&sink, detail::sink_verbs<S, false>} {}

  /// Constructs an S from `arguments` and owns it. Throws what that throws.
  template <class S, class... Arguments>
  static AnySink make(Arguments&&... arguments) {
    return AnySink{new S{std::forward<Arguments>(arguments)...}, detail::sink_verbs<S, true>};
  }

  AnySink(AnySink&& other) noexcept : AnySink{} { swap(other); }
  AnySink& operator=(AnySink&& other) noexcept {
    AnySink taken{std::move(other)};
    swap(taken);
    return *this;
  }
  ~AnySink() { verbs_->end(sink_); }

  std::error_code write(const Record& record) { return verbs_->write(sink_, record); }
  std::error_code flush() { return verbs_->flush(sink_); }

 private:
  AnySink(void* sink, const detail::SinkVerbs& verbs) noexcept : sink_{sink}, verbs_{&verbs} {}

  void swap(AnySink& other) noexcept {
    std::swap(sink_, other.sink_);
    std::swap(verbs_, other.verbs_);
  }

  void* sink_;
  const detail::SinkVerbs* verbs_;
};

static_assert(Sink<AnySink>);

}  // namespace tallyscope::inline v0
