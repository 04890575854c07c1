// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/detail/keyed_cells.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/owned_call.hpp>
#include <tallyscope/detail/sequence_cell.hpp>
#include <tallyscope/health.hpp>
#include <tallyscope/record.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace tallyscope::inline v0::detail {

/// A call that late tokens may be reported for: what the late record needs of it.
struct LateCall {
  RecordId id{};
  std::int64_t start_utc = 0;
  std::optional<Superseded> superseded{};  // nothing once a late report has replaced the estimates
};

/// What a late report for this record may take the place of: estimates where nothing was reported.
inline Superseded superseded_by_late_usage(const Record& record) noexcept {
  Superseded old;
  const bool in_reported = record.usage.input_tokens.has_value(), out_reported = record.usage.output_tokens.has_value();
  if (!in_reported) old.input_tokens = record.metered.input_tokens;
  if (!out_reported) old.output_tokens = record.metered.output_tokens;
  if (!in_reported && !out_reported) old.cost = record.cost;
  return old;
}

/// What of it this late report does take the place of.
inline void keep_what_stays(Superseded& old, const Usage& late) noexcept {
  const bool all = (late.input_tokens.has_value() || !old.input_tokens.has_value()) &&
                   (late.output_tokens.has_value() || !old.output_tokens.has_value());
  if (!all) old.cost.reset();
  if (!late.input_tokens.has_value()) old.input_tokens = {};
  if (!late.output_tokens.has_value()) old.output_tokens = {};
}

/// What a tracker counts for one identity on one thread, and the last call it saw of it. Every record that the sink has
/// answered for passes through `last_`, whose sequence number so counts them.
class CallCell {
 public:
  [[gnu::always_inline]] void recorded() noexcept {
    recorded_.store(recorded_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  /// After settle().
  void dropped(DropReason reason) noexcept {
    auto& count = dropped_[static_cast<std::size_t>(reason)];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// Read in the opposite order of writing, so that the sums hold while the thread goes on.
  void add_to(Health& health) const noexcept {
    std::uint64_t dropped = 0;
    for (std::size_t reason = 0; reason < drop_reason_count; ++reason) {
      const std::uint64_t count = dropped_[reason].load(std::memory_order_acquire);
      health.dropped[reason] += count;
      dropped += count;
    }
    health.delivered += last_.writes() - dropped;
    health.recorded += recorded_.load(std::memory_order_relaxed);
  }

  /// Counts a record that the sink has answered for, and remembers the call for late tokens: 5 stores.
  [[gnu::always_inline]] void settle(const Record& record) noexcept {
    const std::uint64_t begun = last_.begin();
    if (record.kind == Kind::call) remember(record);
    last_.end(begun);
  }

  /// The call remembered, with its end; nothing when there is none. One reader at a time.
  std::optional<LateCall> last(std::int64_t& end_utc) noexcept {
    const auto copy = last_.read();
    if (copy.words[process] == 0) return std::nullopt;
    end_utc = static_cast<std::int64_t>(copy.words[end]);
    LateCall late{{copy.words[process], copy.words[number]}, static_cast<std::int64_t>(copy.words[start]), {}};
    if (reported_late_ != late.id) late.superseded = superseded_of(copy.words);
    return late;
  }
  /// Its estimates are replaced from now on. One caller at a time.
  void note_late_report(RecordId id) noexcept { reported_late_ = id; }

 private:
  // The last three count where `state` says so.
  enum Word : std::size_t { process, number, start, end, state, input_tokens, output_tokens, amount, number_of_words };

  static constexpr std::uint64_t none = ~std::uint64_t{0};                   // a Count refuses it, and is absent
  static constexpr std::uint64_t is_reported = 0x100, is_estimated = 0x200;  // beside the CostState in `state`

  static std::uint64_t estimate(Count count) noexcept { return static_cast<std::uint64_t>(count.value_or(-1)); }

  [[gnu::always_inline]] void remember(const Record& record) noexcept {
    const bool reported = record.usage.input_tokens.has_value() || record.usage.output_tokens.has_value();
    const bool estimated = record.metered.input_tokens.has_value() || record.metered.output_tokens.has_value();
    last_.set(process, record.id.process);
    last_.set(number, record.id.number);
    last_.set(start, static_cast<std::uint64_t>(record.start_utc));
    last_.set(end, static_cast<std::uint64_t>(record.start_utc + record.duration_ns));
    last_.set(state, static_cast<std::uint64_t>(record.cost.state) | (reported ? is_reported : 0) |
                         (estimated ? is_estimated : 0));
    if (estimated) remember_estimates(record);
  }

  void remember_estimates(const Record& record) noexcept {
    const bool in_reported = record.usage.input_tokens.has_value(),
               out_reported = record.usage.output_tokens.has_value();
    const std::int64_t known = in_reported || out_reported ? 0 : record.cost.known.picodollars();
    last_.set(input_tokens, in_reported ? none : estimate(record.metered.input_tokens));
    last_.set(output_tokens, out_reported ? none : estimate(record.metered.output_tokens));
    last_.set(amount, static_cast<std::uint64_t>(known));
  }

  static Superseded superseded_of(const std::uint64_t (&words)[number_of_words]) noexcept {
    Superseded old;
    const auto old_state = static_cast<CostState>(words[state] & 0xFF);
    const bool nothing_reported = (words[state] & is_reported) == 0;
    if (nothing_reported) old.cost = Cost{.state = old_state};
    if ((words[state] & is_estimated) == 0) return old;
    old.input_tokens = words[input_tokens];
    old.output_tokens = words[output_tokens];
    if (!nothing_reported) return old;
    old.cost->estimated = true;
    old.cost->known = Money::from_picodollars(static_cast<std::int64_t>(words[amount]));
    if (old.cost->whole()) old.cost->amount = old.cost->known;
    return old;
  }

  std::atomic<std::uint64_t> recorded_{0};
  SequenceCell<number_of_words> last_;
  std::atomic<std::uint64_t> dropped_[drop_reason_count]{};
  RecordId reported_late_{};  // only under the lock of late reports
};

using CallCells = KeyedCells<CallCell, OwnedCall>;

}  // namespace tallyscope::inline v0::detail
