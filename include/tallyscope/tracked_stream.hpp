// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/providers/stream.hpp>
#include <tallyscope/track_scope.hpp>

#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

/// One call whose response is a stream: its scope, and a reader of the bytes that come.
///
///   TrackedStream stream{TrackScope{turn, {.model = "gpt-4.1"}}};
///   stream.call().input_text(prompt);
///   while (...) stream.feed(chunk);
///   stream.finish();
///
/// What the provider counts is reported when the stream is finished, stopped or destroyed, so that nothing is lost of
/// one that is dropped, cancelled or left by an exception: what was known by then counts, marked as partial, and where
/// there is no count of a direction, the text that went by stands for it, as an estimate. The answer's text is metered
/// as by `TrackScope::output_chunk`, which also takes the time of the first token, and is never kept.
///
/// If neither the host nor the provider says how the call ended, and no exception is in flight: a stream that is
/// destroyed before it is finished is `cancelled`; one whose body ended before the provider said so is an `error`,
/// "stream_unfinished".
///
/// Throws nothing. As with a TrackScope: one thread at a time, moving it hands the call over, and a stream moved from
/// is inert. While the call is not recorded, bytes are not looked at.
template <class Tracker>
class TrackedStream {
 public:
  explicit TrackedStream(TrackScope<Tracker> call, const Hint& hint = {}, const StreamOptions& options = {}) noexcept
      : call_{std::move(call)}, reader_{hint, options} {}
  TrackedStream(TrackedStream&&) noexcept = default;
  /// Ends the call that this stream holds, if any, and takes over the other's.
  TrackedStream& operator=(TrackedStream&& other) noexcept {
    if (this == &other) return *this;
    drop();
    call_ = std::move(other.call_);
    reader_ = std::move(other.reader_);
    finished_ = other.finished_;
    return *this;
  }
  ~TrackedStream() { drop(); }

  /// For what is known beside the stream: texts that went in, labels, the outcome.
  TrackScope<Tracker>& call() noexcept { return call_; }

  /// Takes the next bytes of the response's body, of any size, cut anywhere.
  void feed(std::string_view bytes) noexcept {
    if (!call_.active()) return;
    finished_ = finished_ && bytes.empty();
    reader_.feed(bytes, [&](std::string_view text) { call_.output_chunk(text); });
  }

  /// The body came to its end. The call goes on until the stream is destroyed or stopped. What is fed later is another
  /// body of the same response.
  void finish() noexcept {
    if (!call_.active() || finished_) return;
    reader_.finish([&](std::string_view text) { call_.output_chunk(text); });
    finished_ = true;
    report({Outcome::error, "stream_unfinished"});
  }

  /// Ends the call now, as `TrackScope::stop()` does.
  RecordId stop() noexcept {
    drop();
    return call_.stop();
  }

  /// What the provider has said until now.
  Reading reading() const noexcept { return reader_.reading(); }

 private:
  struct BrokenOff {
    Outcome outcome;
    std::string_view error_type;
  };

  void drop() noexcept {
    if (call_.active() && !finished_) report({Outcome::cancelled, {}});
  }

  void report(const BrokenOff& otherwise) noexcept {
    Reading reading = reader_.reading();
    if (!reading.outcome && reading.finality != Finality::final) {
      reading.outcome = otherwise.outcome;
      reading.error_type = otherwise.error_type;
    }
    call_.report(reading);
  }

  TrackScope<Tracker> call_;
  StreamReader reader_;
  bool finished_ = false;
};

/// Off: the same interface, with nothing behind it.
template <class P, class E, class C>
class TrackedStream<Tracker<NullSink, P, E, C>> {
  using Call = TrackScope<Tracker<NullSink, P, E, C>>;

 public:
  explicit TrackedStream(Call call, const Hint& = {}, const StreamOptions& = {}) noexcept : call_{std::move(call)} {}
  TrackedStream(TrackedStream&&) noexcept = default;
  TrackedStream& operator=(TrackedStream&&) noexcept = default;

  Call& call() noexcept { return call_; }
  void feed(std::string_view) noexcept {}
  void finish() noexcept {}
  RecordId stop() noexcept { return {}; }
  Reading reading() const noexcept { return {}; }

 private:
  [[no_unique_address]] Call call_;
};

}  // namespace tallyscope::inline v0
