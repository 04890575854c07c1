// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/call_cells.hpp>
#include <tallyscope/detail/first_failure.hpp>
#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/detail/late_reports.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/open_call.hpp>
#include <tallyscope/detail/prices_in_force.hpp>
#include <tallyscope/detail/provider_cost.hpp>
#include <tallyscope/detail/record_ids.hpp>
#include <tallyscope/detail/utc_anchor.hpp>
#include <tallyscope/error.hpp>
#include <tallyscope/estimators/char_ratio.hpp>
#include <tallyscope/health.hpp>
#include <tallyscope/null_sink.hpp>
#include <tallyscope/prepared_call.hpp>
#include <tallyscope/prices/price_book.hpp>

#include <atomic>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

namespace tallyscope::inline v0 {

template <class Tracker>
class TurnScope;
template <class Tracker>
class TrackScope;

/// Where scopes leave their records: prices them, hands them to the sink, counts what became of them. Borrows the sink,
/// which must outlive it; scopes and turns borrow the tracker. Safe to use from many threads at once.
/// `Tracker tracker{sink};` is all that is needed; `Tracker<NullSink>` is the same interface with nothing behind it.
template <class S, class P = PriceBook, class E = CharRatio, class C = SystemClock>
class Tracker {
  static_assert(Sink<S>,
                "this sink is not a tallyscope::Sink: give it std::error_code write(const Record&) and "
                "std::error_code flush()");
  static_assert(Pricing<P>,
                "these prices are not a tallyscope::Pricing: give them Cost price(const Record&) const noexcept");
  static_assert(Estimator<E>,
                "this estimator is not a tallyscope::Estimator: give it for_model(model) const returning its own type, "
                "feed(text), and Estimate tokens() const");
  static_assert(Clock<C>,
                "this clock is not a tallyscope::Clock: give it std::int64_t steady() const and std::int64_t utc() "
                "const, in nanoseconds");

 public:
  static constexpr std::size_t remembered_calls = 2000;

  explicit Tracker(S& sink, P prices = P{}, E estimator = E{}, C clock = C{})
      : sink_{sink}, prices_{std::move(prices)}, estimator_{std::move(estimator)}, clock_{std::move(clock)} {}
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  /// The run-time switch. A scope asks once, when it is constructed; while off it costs a load and a branch.
  void enable(bool on) noexcept { enabled_.store(on, std::memory_order_relaxed); }
  bool enabled() const noexcept { return enabled_.load(std::memory_order_relaxed); }

  /// Copies, cuts and hashes an identity once, for scopes that are made often.
  PreparedCall prepare(const CallInfo& info) const noexcept { return PreparedCall{info}; }

  /// Prices calls that end from now on by another book. The book before stays in memory until the tracker goes, since
  /// a call that is ending on another thread may still read it. Allocates.
  void prices(P prices) { prices_.replace(std::move(prices)); }
  [[gnu::always_inline]] const P& prices() const noexcept { return prices_.get(); }

  /// Adds usage that became known after `TrackScope::stop()` to the call of this id: a late_usage record, whose cost is
  /// that of the whole call as it is known then, at the prices of its start, and takes the place of what the call was
  /// said to cost before. Error::unknown_id when it is not among the last 2,000 stopped calls.
  std::error_code report_late(RecordId id, const Usage& usage) noexcept;

  /// Adds tokens to the last call of this operation and name that ended on this tracker, on any thread. The late record
  /// names no caller and no turn, unless the call was stopped by hand. If that call reported tokens itself, these are
  /// priced by themselves.
  /// Error::unknown_name when none of the first 2,000 (operation, name, model) is it.
  std::error_code report_tokens(Operation operation, std::string_view name, Count input, Count output) noexcept;

  /// Where the records went: recorded == delivered + dropped + pending. Exact once the threads are quiet; a record that
  /// is being written at the moment is pending. A sink with a health() of its own has the last word.
  Health health() const noexcept;

  /// `handler(const Failure&)` hears of the first record that is lost, once, on the thread that lost it. What it throws
  /// is swallowed. Set it before the first scope. Allocates.
  template <class Handler>
  void on_failure(Handler handler) {
    first_failure_.on_failure(std::move(handler));
  }

  /// Brings what the sink holds to where it lasts. Never throws: Error::sink_threw if the sink did.
  std::error_code flush() noexcept { return detail::guarded_flush(sink_); }

  S& sink() noexcept { return sink_; }
  const E& estimator() const noexcept { return estimator_; }
  const C& clock() const noexcept { return clock_; }

 private:
  friend class TurnScope<Tracker>;
  friend class TrackScope<Tracker>;

  [[gnu::always_inline]] std::int64_t utc(std::int64_t steady, std::int64_t steady_now) noexcept {
    return anchor_.utc(clock_, steady, steady_now);
  }

  static constexpr bool prices_quickly = QuickPricing<P>;

  /// The picodollars of a plain call that has both totals, if they are clear without a record; -1 if not.
  [[gnu::always_inline]] static std::int64_t quick_price(const P& prices, const detail::OpenCall& call,
                                                         std::int64_t start_utc) noexcept {
    if (call.has_no_price() || !call.has_totals()) return -1;
    return prices.quick_price(call.call(), call.input_tokens(), call.output_tokens(), start_utc);
  }
  [[gnu::always_inline]] static void put_price(Record& record, const P& prices, std::int64_t picodollars) noexcept {
    record.cost.price_book = prices.text();
    record.cost.state = CostState::priced;
    record.cost.amount = Money::from_picodollars(picodollars);
    record.cost.known = Money::from_picodollars(picodollars);
  }
  /// Prices the record and hands it on.
  void price_and_deliver(Record& record) noexcept {
    record.cost = prices().price(record);
    if (record.cost.tier_unpriced) record.diagnostics.set(Diagnostic::tier_without_price);
    if (detail::provider_cost_differs(record.provider_cost, record.cost))
      record.diagnostics.set(Diagnostic::provider_cost_differs);
    deliver(record);
  }
  void deliver(const Record& record) noexcept;
  std::error_code write(const Record& record) noexcept;
  void deliver_late(const detail::LateReport& report, const Usage& late) noexcept;
  /// Calls of one name and model through two providers are remembered apart: late tokens are priced by the right one.
  static std::uint64_t cell_key(const Call& call) noexcept {
    return call.identity_hash + call.price_hash + call.server_hash;
  }
  detail::CallCell* cell_of(const Call& call) noexcept;
  void count_apart(std::error_code error) noexcept;
  void add_counted_apart(Health& health) const noexcept;
  void remember_stopped(const Record& record) noexcept { late_reports_.remember(record); }

  S& sink_;
  std::atomic<bool> enabled_{true};
  detail::PricesInForce<P> prices_;
  E estimator_;
  [[no_unique_address]] C clock_;
  detail::UtcAnchor anchor_;
  detail::FirstFailure first_failure_;
  mutable detail::CallCells cells_{remembered_calls};
  std::atomic<std::uint64_t> delivered_apart_{0};  // records that no cell could count
  std::atomic<std::uint64_t> dropped_apart_[drop_reason_count]{};
  detail::LateReports late_reports_;
};

template <class S, class P, class E, class C>
[[gnu::always_inline]] inline void Tracker<S, P, E, C>::deliver(const Record& record) noexcept {
  const Call& call = record.call;
  detail::CallCell* cell = cells_.recent(cell_key(call));
  if (cell == nullptr) [[unlikely]]
    cell = cell_of(call);
  if (cell == nullptr) [[unlikely]]
    return count_apart(write(record));
  cell->recorded();
  const std::error_code error = write(record);
  if (!error) [[likely]]
    return cell->settle(record);
  cell->settle(record);
  cell->dropped(detail::drop_reason(error));
}

/// Null without memory.
template <class S, class P, class E, class C>
[[gnu::noinline]] detail::CallCell* Tracker<S, P, E, C>::cell_of(const Call& call) noexcept {
  return cells_.find_or_make(cell_key(call), [&] { return detail::OwnedCall{call}; });
}

/// Counts a record for which no cell of its thread has memory.
template <class S, class P, class E, class C>
[[gnu::cold, gnu::noinline]] void Tracker<S, P, E, C>::count_apart(std::error_code error) noexcept {
  if (error)
    dropped_apart_[static_cast<std::size_t>(detail::drop_reason(error))].fetch_add(1, std::memory_order_relaxed);
  else
    delivered_apart_.fetch_add(1, std::memory_order_relaxed);
}

template <class S, class P, class E, class C>
[[gnu::always_inline]] inline std::error_code Tracker<S, P, E, C>::write(const Record& record) noexcept {
  const std::error_code error = detail::guarded(
      [&]() __attribute__((always_inline)) { return sink_.write(record); },
      [&](std::string_view what) {
        first_failure_.tell({DropReason::sink_threw, Error::sink_threw, what});
      });
  if (error) [[unlikely]]
    first_failure_.tell({detail::drop_reason(error), error, {}});
  return error;
}

template <class S, class P, class E, class C>
Health Tracker<S, P, E, C>::health() const noexcept {
  Health health;
  cells_.for_each([&](const auto*, const detail::CallCell& cell) { cell.add_to(health); });
  add_counted_apart(health);
  if constexpr (SinkWithHealth<S>) {
    const Health sinks = sink_.health();
    for (std::size_t reason = 0; reason < drop_reason_count; ++reason) health.dropped[reason] += sinks.dropped[reason];
    const std::uint64_t elsewhere = sinks.dropped_in_all() + sinks.pending;
    health.delivered = health.delivered > elsewhere ? health.delivered - elsewhere : 0;
  }
  const std::uint64_t settled = health.delivered + health.dropped_in_all();
  health.pending = health.recorded > settled ? health.recorded - settled : 0;
  return health;
}

template <class S, class P, class E, class C>
void Tracker<S, P, E, C>::add_counted_apart(Health& health) const noexcept {
  const std::uint64_t delivered = delivered_apart_.load(std::memory_order_relaxed);
  health.delivered += delivered;
  health.recorded += delivered;
  for (std::size_t reason = 0; reason < drop_reason_count; ++reason) {
    const std::uint64_t dropped = dropped_apart_[reason].load(std::memory_order_relaxed);
    health.dropped[reason] += dropped;
    health.recorded += dropped;
  }
}

template <class S, class P, class E, class C>
std::error_code Tracker<S, P, E, C>::report_late(RecordId id, const Usage& usage) noexcept {
  const auto report = late_reports_.by_id(id, usage, prices());
  if (!report) return Error::unknown_id;
  deliver_late(*report, usage);
  return {};
}

template <class S, class P, class E, class C>
std::error_code Tracker<S, P, E, C>::report_tokens(Operation operation, std::string_view name, Count input,
                                                   Count output) noexcept {
  const Usage usage{.input_tokens = input, .output_tokens = output};
  const auto report = late_reports_.by_name(cells_, operation, name, usage, prices());
  if (!report) return Error::unknown_name;
  deliver_late(*report, usage);
  return {};
}

template <class S, class P, class E, class C>
void Tracker<S, P, E, C>::deliver_late(const detail::LateReport& report, const Usage& late) noexcept {
  const RecordView call = report.call.view();
  Record record{.caller = call->caller,
                .call = call->call,
                .response = call->response,
                .kind = Kind::late_usage,
                .finality = Finality::final};
  if (late.has_refused()) record.diagnostics.set(Diagnostic::count_refused);
  record.id = detail::next_record_id();
  record.of = call->id;
  record.start_utc = call->start_utc;
  record.usage = late;
  if (late.input_tokens.has_value()) record.input_source = Source::reported;
  if (late.output_tokens.has_value()) record.output_source = Source::reported;
  record.superseded = report.superseded ? &*report.superseded : nullptr;
  record.cost = report.superseded ? call->cost : prices().price(record);
  deliver(record);
}

/// Off: the same interface, with nothing behind it. Scopes and turns on it are empty types, and a function that has
/// them compiles to the same instructions as one that has not.
template <class P, class E, class C>
class Tracker<NullSink, P, E, C> {
 public:
  Tracker() noexcept = default;
  template <class... Policies>
  explicit Tracker(NullSink&, const Policies&...) noexcept {}

  void enable(bool) noexcept {}
  static constexpr bool enabled() noexcept { return false; }
  NothingPrepared prepare(const CallInfo&) const noexcept { return {}; }
  template <class Prices>
  void prices(const Prices&) noexcept {}
  std::error_code report_late(RecordId, const Usage&) noexcept { return {}; }
  std::error_code report_tokens(Operation, std::string_view, Count, Count) noexcept { return {}; }
  Health health() const noexcept { return {}; }
  template <class Handler>
  void on_failure(const Handler&) noexcept {}
  std::error_code flush() noexcept { return {}; }

  /// These four are kept nowhere: each is made anew by whoever asks.
  P prices() const { return P{}; }
  NullSink sink() const noexcept { return {}; }
  E estimator() const { return E{}; }
  C clock() const { return C{}; }
};

}  // namespace tallyscope::inline v0
