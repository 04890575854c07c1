// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/exceptions.hpp>
#include <tallyscope/detail/turn_state.hpp>
#include <tallyscope/tracker.hpp>

#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace tallyscope::inline v0 {

/// A turn: everything from one user message until the reply. Scopes made with it inherit its caller, session and turn
/// id and get a place in it; they may outlive it and may run on other threads. Its end writes a record of kind `turn`,
/// whose outcome is what was said, else `error` if an exception is in flight, else that of its last model call.
/// Allocates once; without memory its scopes are recorded outside of any turn.
template <class Tracker>
class TurnScope {
 public:
  /// Borrows the tracker.
  explicit TurnScope(Tracker& tracker, const TurnInfo& info = {}) noexcept {
    if (!tracker.enabled()) return;
    state_ = new (std::nothrow) detail::TurnState{info};
    tracker_ = &tracker;
    exceptions_ = detail::uncaught_exceptions();
    start_ = tracker.clock().steady();
  }
  /// The turn moves; the one moved from is inert.
  TurnScope(TurnScope&& other) noexcept { *this = std::move(other); }
  TurnScope& operator=(TurnScope&& other) noexcept {
    if (this == &other) return *this;
    end();
    tracker_ = std::exchange(other.tracker_, nullptr);
    state_ = std::exchange(other.state_, nullptr);
    start_ = other.start_;
    exceptions_ = detail::uncaught_exceptions();
    said_ = other.said_;
    outcome_ = other.outcome_;
    return *this;
  }
  ~TurnScope() { end(); }

  /// How the turn, the user's task, ended.
  void outcome(Outcome outcome) noexcept {
    said_ = true;
    outcome_ = outcome;
  }

  /// The sums over the calls that have ended so far.
  TurnTotals totals() const noexcept { return state_ != nullptr ? state_->totals() : TurnTotals{}; }

  /// The turn's id; empty when inert. Valid while the TurnScope lives.
  std::string_view id() const noexcept { return state_ != nullptr ? state_->caller().turn : std::string_view{}; }

  /// Ends the turn now: writes its record and becomes inert.
  void end() noexcept {
    Tracker* const tracker = std::exchange(tracker_, nullptr);
    if (tracker == nullptr) return;
    if (state_ != nullptr) write_record(*tracker);
    if (state_ != nullptr) std::exchange(state_, nullptr)->leave();
  }

 private:
  friend class TrackScope<Tracker>;

  [[gnu::noinline]] void write_record(Tracker& tracker) noexcept {
    const std::int64_t end = tracker.clock().steady();
    const bool thrown = detail::uncaught_exceptions() > exceptions_;
    Record record{.caller = state_->caller(), .call = no_call, .kind = Kind::turn};
    record.outcome = said_ ? outcome_ : thrown ? Outcome::error : state_->last_model_outcome();
    record.diagnostics = state_->diagnostics();
    record.id = detail::next_record_id();
    record.start_utc = tracker.utc(start_, end);
    record.duration_ns = end > start_ ? end - start_ : 0;
    tracker.deliver(record);
  }

  Tracker* tracker_ = nullptr;  // null: inert
  detail::TurnState* state_ = nullptr;
  std::int64_t start_ = 0;
  int exceptions_ = 0;
  bool said_ = false;
  Outcome outcome_ = Outcome::success;
};

/// Off.
template <class P, class E, class C>
class TurnScope<Tracker<NullSink, P, E, C>> {
 public:
  explicit TurnScope(Tracker<NullSink, P, E, C>&, const TurnInfo& = {}) noexcept {}
  TurnScope(TurnScope&&) noexcept = default;
  TurnScope& operator=(TurnScope&&) noexcept = default;

  void outcome(Outcome) noexcept {}
  TurnTotals totals() const noexcept { return {}; }
  std::string_view id() const noexcept { return {}; }
  void end() noexcept {}
};

template <class S, class P, class E, class C>
TurnScope(Tracker<S, P, E, C>&) -> TurnScope<Tracker<S, P, E, C>>;
template <class S, class P, class E, class C>
TurnScope(Tracker<S, P, E, C>&, const TurnInfo&) -> TurnScope<Tracker<S, P, E, C>>;

}  // namespace tallyscope::inline v0
