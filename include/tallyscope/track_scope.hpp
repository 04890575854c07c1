// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/exceptions.hpp>
#include <tallyscope/detail/metering.hpp>
#include <tallyscope/detail/open_call.hpp>
#include <tallyscope/reading.hpp>
#include <tallyscope/tracker.hpp>
#include <tallyscope/turn_scope.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tallyscope::inline v0 {

/// One call, from the constructor to the destructor: timed, metered, priced, written. Exactly one record on every path:
/// return, exception, early refusal, `stop()`, or the destruction of a coroutine that never went on.
/// Borrows the tracker and a PreparedCall; copies every other text. Allocates nothing (an Estimator may), throws
/// nothing: an Estimator that throws gives no estimate. Used by one thread at a time; moving it hands the call over,
/// and the scope moved from is inert. Costs two readings of the clock and some nanoseconds; about 2 KB of stack, most
/// of it untouched.
template <class Tracker>
class TrackScope {
 public:
  // type_identity: what a scope is of is deduced by the guides below, since a turn may stand in the tracker's place.
  [[gnu::always_inline]] explicit TrackScope(std::type_identity_t<Tracker>& tracker,
                                             const CallInfo& info = {}) noexcept {
    const bool fits = detail::SaidCall::fits(info);  // first: behind an atomic load the compiler forgets what it knows
    if (tracker.enabled()) [[likely]]
      open(tracker, nullptr, info, fits);
  }
  TrackScope(std::type_identity_t<Tracker>& tracker, const PreparedCall& call) noexcept {
    if (tracker.enabled()) [[likely]]
      open(tracker, nullptr, call);
  }
  TrackScope(std::type_identity_t<Tracker>&, PreparedCall&&) = delete;  // it is borrowed: keep it in a variable
  TrackScope(const TurnScope<Tracker>&, PreparedCall&&) = delete;
  /// In a turn: inherits its caller, unless the call names another, and gets the next place in it.
  [[gnu::always_inline]] explicit TrackScope(const TurnScope<Tracker>& turn, const CallInfo& info = {}) noexcept {
    const bool fits = detail::SaidCall::fits(info);
    if (turn.tracker_ != nullptr && turn.tracker_->enabled()) [[likely]]
      open(*turn.tracker_, turn.state_, info, fits);
  }
  TrackScope(const TurnScope<Tracker>& turn, const PreparedCall& call) noexcept {
    if (turn.tracker_ != nullptr && turn.tracker_->enabled()) [[likely]]
      open(*turn.tracker_, turn.state_, call);
  }

  TrackScope(TrackScope&& other) noexcept { take(other); }
  /// Ends the call that this scope holds, if any, and takes over the other's.
  TrackScope& operator=(TrackScope&& other) noexcept {
    if (this == &other) return *this;
    end();
    take(other);
    return *this;
  }
  ~TrackScope() { end(); }

  /// Is there a call to record? False when the tracker was off, after stop(), and when moved from.
  bool active() const noexcept { return tracker_ != nullptr; }

  /// What the call used, as its provider reported it. A second report replaces the first.
  [[gnu::always_inline]] void report(const Usage& usage) noexcept {
    if (active()) open_.call.take_usage(usage, Finality::final);
  }
  /// What a provider reader found in a response; its texts are copied.
  void report(const Reading& reading) noexcept {
    if (active()) open_.call.take_reading(reading);
  }
  /// Runs `read()` only when the call is recorded. What it throws is the host's own.
  template <std::invocable Read>
  void report(Read&& read) {
    if (active()) report(std::forward<Read>(read)());
  }

  /// Meters text that goes in: counted in characters and estimated in tokens, never kept. A call that is rate limited
  /// or blocked and gives nothing back has used no tokens: its texts are counted only.
  void input_text(std::string_view text) {
    if (!active()) return;
    open_.call.note_extra();
    open_.metering.feed_input(tracker_->estimator(), open_.call.model(), text);
  }
  template <std::invocable Text>
  void input_text(Text&& text) {
    if (active()) input_text(std::string_view{std::forward<Text>(text)()});
  }
  /// Meters text that comes out, whole or in pieces.
  void output_text(std::string_view text) {
    if (!active()) return;
    open_.call.note_extra();
    open_.metering.feed_output(tracker_->estimator(), open_.call.model(), text);
  }
  template <std::invocable Text>
  void output_text(Text&& text) {
    if (active()) output_text(std::string_view{std::forward<Text>(text)()});
  }
  /// A piece of a stream: output_text, and the first one that is not empty sets the time to first token.
  void output_chunk(std::string_view text) {
    if (!active()) return;
    if (open_.first_token < 0 && !text.empty()) open_.first_token = tracker_->clock().steady();
    output_text(text);
  }

  /// How the call ended; beats what would be inferred. The error type is a short code such as "429" or "timeout".
  void outcome(Outcome outcome, std::string_view error_type = {}) noexcept {
    if (active()) open_.call.take_outcome(outcome, error_type);
  }

  /// How many tool calls the model asked for; stands where the reported usage says nothing of it.
  void tool_calls(Count count) noexcept {
    if (active()) open_.call.take_tool_calls(count);
  }

  /// A word of the host's own: at most 8 a record, key 32 and value 128 bytes. The same key again replaces the value.
  void label(std::string_view key, std::string_view value) noexcept {
    if (active()) open_.call.take_label(key, value);
  }

  /// Ends the call now and keeps its record at hand for `Tracker::report_late`. Returns its id; an empty one when
  /// inert.
  RecordId stop() noexcept {
    return active() ? commit_in_full<Keep::for_late_usage>(tracker_->clock().steady()) : RecordId{};
  }

 private:
  enum class Keep : bool { no, for_late_usage };
  using Estimator = std::remove_cvref_t<decltype(std::declval<Tracker&>().estimator())>;

  /// What there is only of a call that is recorded.
  struct Open {
    std::int64_t start = 0;
    detail::OpenCall call{};
    std::int64_t first_token = -1;
    int exceptions = detail::uncaught_exceptions();
    detail::Metering<Estimator> metering{};
  };

  // The clock is read last, so that a call is timed without what it takes to note who calls; and nothing needs to be
  // kept over it in registers, which a host's function would have to save even while the tracker is off.
  [[gnu::always_inline]] void open(Tracker& tracker, detail::TurnState* turn, const PreparedCall& call) noexcept {
    tracker_ = &tracker;
    (new (&open_) Open)->call.join(turn);
    open_.call.identify(call);
    open_.start = tracker.clock().steady();
  }
  [[gnu::always_inline]] void open(Tracker& tracker, detail::TurnState* turn, const CallInfo& info,
                                   bool fits) noexcept {
    tracker_ = &tracker;
    if (fits)
      identify(turn, detail::SaidCall{info});
    else
      identify(turn, info);
    open_.start = tracker_->clock().steady();
  }
  template <class Info>
  [[gnu::noinline]] void identify(detail::TurnState* turn, const Info& info) noexcept {
    (new (&open_) Open)->call.join(turn);
    open_.call.identify(info);
  }
  void end() noexcept {
    if (active()) commit_at(tracker_->clock().steady());
  }

  void commit_at(std::int64_t end) noexcept;
  void finish(Record& record, std::int64_t start_utc, std::int64_t end) noexcept;
  void close(const Record& record) noexcept;
  template <Keep keep>
  RecordId commit_in_full(std::int64_t end) noexcept;
  void put_facts(Record& record, std::int64_t end) const noexcept;

  void take(TrackScope& other) noexcept {
    if (!other.active()) return;
    tracker_ = std::exchange(other.tracker_, nullptr);
    new (&open_) Open{std::move(other.open_)};
    open_.exceptions = detail::uncaught_exceptions();  // of the thread that hands it over
    other.open_.~Open();
  }

  Tracker* tracker_ = nullptr;  // null: inert
  union {
    Open open_;  // while tracker_ is not null
  };
};

/// Most calls are plain: a tool call that reports nothing, or a model call that is priced the short way. Then
/// everything down to a MemorySink is inlined here, nothing takes the record's address, and it never exists but in
/// registers.
template <class Tracker>
[[gnu::noinline]] void TrackScope<Tracker>::commit_at(std::int64_t end) noexcept {
  if constexpr (Tracker::prices_quickly) {
    if (open_.call.is_plain()) [[likely]] {
      const std::int64_t start_utc = tracker_->utc(open_.start, end);
      if (open_.call.has_no_price() && !open_.call.is_reported()) {
        Record record = open_.call.bare_record();
        return finish(record, start_utc, end);
      }
      const auto& prices = tracker_->prices();  // read once: the price and the name of its book belong together
      const std::int64_t price = Tracker::quick_price(prices, open_.call, start_utc);
      if (price >= 0) [[likely]] {
        Record record = open_.call.plain_record();
        Tracker::put_price(record, prices, price);
        record.input_source = record.output_source =
            detail::source_of(record.usage.input_tokens, Count{}, record.finality);
        return finish(record, start_utc, end);
      }
    }
  }
  commit_in_full<Keep::no>(end);
}

/// Delivers a plain call's record. For the commit above alone, where it is inlined with what is constant there.
template <class Tracker>
[[gnu::always_inline]] inline void TrackScope<Tracker>::finish(Record& record, std::int64_t start_utc,
                                                               std::int64_t end) noexcept {
  Tracker& tracker = *std::exchange(tracker_, nullptr);
  record.start_utc = start_utc;
  put_facts(record, end);
  tracker.deliver(record);
  close(record);
}

/// The call is over: its turn adds it up.
template <class Tracker>
[[gnu::always_inline]] inline void TrackScope<Tracker>::close(const Record& record) noexcept {
  if (open_.call.turn() != nullptr) open_.call.turn()->add(detail::TurnEntry{record});
  open_.call.leave();
  open_.~Open();
}

template <class Tracker>
template <typename TrackScope<Tracker>::Keep keep>
[[gnu::noinline]] RecordId TrackScope<Tracker>::commit_in_full(std::int64_t end) noexcept {
  Tracker& tracker = *std::exchange(tracker_, nullptr);
  Record record = open_.call.record();
  record.start_utc = tracker.utc(open_.start, end);
  put_facts(record, end);
  if (open_.first_token >= 0)
    record.first_token_ns = open_.first_token > open_.start ? open_.first_token - open_.start : 0;
  open_.metering.put_into(record);
  tracker.price_and_deliver(record);
  open_.metering.teach(tracker.estimator(), record);
  if constexpr (keep == Keep::for_late_usage) tracker.remember_stopped(record);
  const RecordId id = record.id;
  close(record);
  return id;
}

template <class Tracker>
[[gnu::always_inline]] inline void TrackScope<Tracker>::put_facts(Record& record, std::int64_t end) const noexcept {
  record.outcome = open_.call.outcome(detail::uncaught_exceptions() > open_.exceptions);
  record.id = detail::next_record_id();
  record.duration_ns = end - open_.start;
  if (record.duration_ns >= 0) [[likely]]
    return;
  record.duration_ns = 0;
  record.diagnostics.set(Diagnostic::clock_stepped_back);
}

/// Off: an empty type. What its arguments cost to build is the caller's; callables are not run.
template <class P, class E, class C>
class TrackScope<Tracker<NullSink, P, E, C>> {
  using Off = Tracker<NullSink, P, E, C>;

 public:
  explicit TrackScope(Off&, const CallInfo& = {}) noexcept {}
  explicit TrackScope(const TurnScope<Off>&, const CallInfo& = {}) noexcept {}
  TrackScope(Off&, NothingPrepared) noexcept {}
  TrackScope(const TurnScope<Off>&, NothingPrepared) noexcept {}
  TrackScope(TrackScope&&) noexcept = default;
  TrackScope& operator=(TrackScope&&) noexcept = default;

  static constexpr bool active() noexcept { return false; }
  void report(const Usage&) noexcept {}
  void report(const Reading&) noexcept {}
  template <std::invocable Read>
  void report(Read&&) noexcept {}
  void input_text(std::string_view) noexcept {}
  template <std::invocable Text>
  void input_text(Text&&) noexcept {}
  void output_text(std::string_view) noexcept {}
  template <std::invocable Text>
  void output_text(Text&&) noexcept {}
  void output_chunk(std::string_view) noexcept {}
  void outcome(Outcome, std::string_view = {}) noexcept {}
  void tool_calls(Count) noexcept {}
  void label(std::string_view, std::string_view) noexcept {}
  RecordId stop() noexcept { return {}; }
};

template <class S, class P, class E, class C>
TrackScope(Tracker<S, P, E, C>&) -> TrackScope<Tracker<S, P, E, C>>;
template <class S, class P, class E, class C>
TrackScope(Tracker<S, P, E, C>&, const CallInfo&) -> TrackScope<Tracker<S, P, E, C>>;
template <class S, class P, class E, class C>
TrackScope(Tracker<S, P, E, C>&, const PreparedCall&) -> TrackScope<Tracker<S, P, E, C>>;
template <class S, class P, class E, class C>
TrackScope(Tracker<S, P, E, C>&, NothingPrepared) -> TrackScope<Tracker<S, P, E, C>>;
template <class T>
TrackScope(const TurnScope<T>&) -> TrackScope<T>;
template <class T>
TrackScope(const TurnScope<T>&, const CallInfo&) -> TrackScope<T>;
template <class T>
TrackScope(const TurnScope<T>&, const PreparedCall&) -> TrackScope<T>;
template <class T>
TrackScope(const TurnScope<T>&, NothingPrepared) -> TrackScope<T>;

}  // namespace tallyscope::inline v0
