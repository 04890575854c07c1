// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/owned_call.hpp>
#include <tallyscope/detail/record_ids.hpp>
#include <tallyscope/detail/sequence_cell.hpp>
#include <tallyscope/record.hpp>

#include <atomic>
#include <cstdint>
#include <new>

namespace tallyscope::inline v0 {

/// The sums over the finished calls of one turn.
struct TurnTotals {
  std::uint64_t calls = 0;
  std::uint64_t model_calls = 0;
  std::uint64_t tool_calls = 0;    ///< scopes of execute_tool
  std::uint64_t failures = 0;      ///< calls that did not end in success
  std::uint64_t input_tokens = 0;  ///< call by call: reported, else estimated
  std::uint64_t output_tokens = 0;
  MoneySum cost{};                 ///< whole costs that stand on reported counts alone
  MoneySum estimated_cost{};       ///< whole costs with an estimated count in them
  std::uint64_t without_cost = 0;  ///< model calls whose cost is not known whole
};

namespace detail {

/// What a turn adds up of one call.
struct TurnEntry {
  [[gnu::always_inline]] explicit TurnEntry(const Record& record) noexcept
      : amount{record.cost.amount},
        input_tokens{record.input_tokens().value_or(0)},
        output_tokens{record.output_tokens().value_or(0)},
        outcome{record.outcome},
        tool_call{record.call.operation == Operation::execute_tool},
        model_call{!record.call.model.empty() || record.call.operation.is_model_call()},
        whole{record.cost.whole()},
        estimated{record.cost.estimated} {}

  Money amount;
  std::int64_t input_tokens, output_tokens;
  Outcome outcome;
  bool tool_call, model_call, whole, estimated;
};

/// What the scopes of a turn share: who calls, the next place in the turn, and the sums. Counted by reference, since a
/// scope may outlive its TurnScope. The thread that opened the turn adds without a locked instruction, others take
/// turns.
class TurnState {
 public:
  TurnState(const TurnInfo& info) noexcept : home_{&id_block} {
    copy_caller(texts_, info, caller_, diagnostics_);
    if (!caller_.turn.empty()) return;
    const auto id = next_record_id().hex();
    caller_.turn = texts_.copy({id.data(), id.size()}, id.size(), diagnostics_);
  }
  TurnState(const TurnState&) = delete;
  TurnState& operator=(const TurnState&) = delete;

  const Caller& caller() const noexcept { return caller_; }
  Diagnostics diagnostics() const noexcept { return diagnostics_; }

  /// Holds the state for one more scope and returns the scope's place in the turn: one locked instruction for both.
  std::uint64_t join() noexcept { return state_.fetch_add(next_place | one_holder, std::memory_order_relaxed) >> 32; }
  void leave() noexcept {
    if ((state_.fetch_sub(one_holder, std::memory_order_acq_rel) & holders) == one_holder) delete this;
  }

  [[gnu::always_inline]] void add(const TurnEntry& entry) noexcept {
    if (home_ == &id_block) return enter(at_home_, entry);
    const std::lock_guard lock{visiting_};
    enter(visitors_, entry);
  }

  TurnTotals totals() noexcept {
    const std::lock_guard lock{visiting_};
    TurnTotals sum;
    for (auto* cell : {&at_home_, &visitors_}) add_words(sum, cell->read().words);
    return sum;
  }

  /// How the last model call ended, success when there was none.
  Outcome last_model_outcome() const noexcept { return last_model_outcome_.load(std::memory_order_relaxed); }

 private:
  enum Word : std::size_t {
    calls,
    model_calls,
    tool_calls,
    failures,
    input_tokens,
    output_tokens,
    without_cost,
    cost,
    estimated_cost = cost + 2,
    number_of_words = estimated_cost + 2
  };
  using Cell = SequenceCell<number_of_words>;

  void enter(Cell& cell, const TurnEntry& entry) noexcept {
    const std::uint64_t begun = cell.begin();
    cell.add(calls, 1);
    if (entry.outcome != Outcome::success) cell.add(failures, 1);
    if (entry.tool_call) cell.add(tool_calls, 1);
    cell.add(input_tokens, static_cast<std::uint64_t>(entry.input_tokens));
    cell.add(output_tokens, static_cast<std::uint64_t>(entry.output_tokens));
    if (entry.model_call) enter_model_call(cell, entry);
    cell.end(begun);
  }

  void enter_model_call(Cell& cell, const TurnEntry& entry) noexcept {
    cell.add(model_calls, 1);
    if (entry.whole)
      cell.add_money(entry.estimated ? estimated_cost : cost, entry.amount);
    else
      cell.add(without_cost, 1);
    last_model_outcome_.store(entry.outcome, std::memory_order_relaxed);
  }

  static void add_words(TurnTotals& sum, const std::uint64_t (&words)[number_of_words]) noexcept {
    sum.calls += words[calls];
    sum.model_calls += words[model_calls];
    sum.tool_calls += words[tool_calls];
    sum.failures += words[failures];
    sum.input_tokens += words[input_tokens];
    sum.output_tokens += words[output_tokens];
    sum.without_cost += words[without_cost];
    sum.cost += MoneySum::from_picodollars(Cell::money_at(words[cost], words[cost + 1]));
    sum.estimated_cost += MoneySum::from_picodollars(Cell::money_at(words[estimated_cost], words[estimated_cost + 1]));
  }

  static constexpr std::uint64_t one_holder = 1, next_place = std::uint64_t{1} << 32, holders = next_place - 1;

  std::atomic<std::uint64_t> state_{one_holder};  // upper half: next place; lower half: holders
  const void* const home_;                        // an address that only the opening thread has
  std::atomic<Outcome> last_model_outcome_{Outcome::success};
  Cell at_home_, visitors_;
  std::mutex visiting_;
  TextBuffer<texts_limit> texts_;  // as many as all of a caller can be
  Caller caller_;
  Diagnostics diagnostics_;
};

}  // namespace detail
}  // namespace tallyscope::inline v0
