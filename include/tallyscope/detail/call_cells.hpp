// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/guarded.hpp>
#include <tallyscope/detail/keyed_cells.hpp>
#include <tallyscope/detail/late_usage.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/owned_call.hpp>
#include <tallyscope/detail/sequence_cell.hpp>
#include <tallyscope/health.hpp>
#include <tallyscope/record.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace tallyscope::inline v0::detail {

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

  /// The call remembered, with what has been reported late of it; nothing when there is none. Only under the lock of
  /// late reports, as is the next one.
  std::optional<LastCall> last() noexcept {
    const auto copy = last_.read();
    if (copy.words[process] == 0) return std::nullopt;
    LastCall call = call_of(copy.words);
    if (late_.id == call.id) call.usage = late_.usage, call.cost = late_.cost;
    return call;
  }
  /// What is known of the call now.
  void note_late(const Record& call) noexcept { late_ = {call.id, call.usage, call.cost}; }

 private:
  // The last three count where `state` says so.
  enum Word : std::size_t { process, number, start, end, state, input_tokens, output_tokens, amount, number_of_words };

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
    last_.set(input_tokens, estimate(record.metered.input_tokens));
    last_.set(output_tokens, estimate(record.metered.output_tokens));
    last_.set(amount, static_cast<std::uint64_t>(record.cost.known.picodollars()));
  }

  static LastCall call_of(const std::uint64_t (&words)[number_of_words]) noexcept {
    LastCall call{{words[process], words[number]},
                  static_cast<std::int64_t>(words[start]),
                  static_cast<std::int64_t>(words[end]),
                  (words[state] & is_reported) != 0};
    call.cost.state = static_cast<CostState>(words[state] & 0xFF);
    if ((words[state] & is_estimated) == 0) return call;
    call.estimated_input = words[input_tokens];
    call.estimated_output = words[output_tokens];
    call.cost.estimated = true;
    call.cost.known = Money::from_picodollars(static_cast<std::int64_t>(words[amount]));
    if (call.cost.whole()) call.cost.amount = call.cost.known;
    return call;
  }

  struct Late {
    RecordId id{};
    Usage usage{};
    Cost cost{};
  };

  std::atomic<std::uint64_t> recorded_{0};
  SequenceCell<number_of_words> last_;
  std::atomic<std::uint64_t> dropped_[drop_reason_count]{};
  Late late_{};  // only under the lock of late reports
};

using CallCells = KeyedCells<CallCell, OwnedCall>;

}  // namespace tallyscope::inline v0::detail
