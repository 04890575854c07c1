// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/concepts.hpp>
#include <tallyscope/detail/call_cells.hpp>
#include <tallyscope/detail/late_usage.hpp>
#include <tallyscope/detail/mutex.hpp>
#include <tallyscope/detail/stopped_calls.hpp>
#include <tallyscope/detail/text.hpp>
#include <tallyscope/stored_record.hpp>

#include <optional>
#include <string_view>

namespace tallyscope::inline v0::detail {

/// What a late report found: the call as it is known with it, and what its record takes the place of. Nothing is
/// replaced where it is not known what the call had before: the late tokens are then priced by themselves, and add.
struct LateReport {
  StoredRecord call;
  std::optional<Superseded> superseded{};
};

/// The calls that late usage may be reported for: stopped ones by their id, the last one of each name from the cells.
/// For any thread; two reports of one call come one after the other. About 4 KB of stack.
class LateReports {
 public:
  void remember(const Record& stopped) noexcept {
    const std::lock_guard lock{lock_};
    stopped_.remember(stopped);
  }

  template <Pricing P>
  std::optional<LateReport> by_id(RecordId id, const Usage& late, const P& prices) noexcept {
    const std::lock_guard lock{lock_};
    return of_stopped(id, late, prices);
  }

  template <Pricing P>
  std::optional<LateReport> by_name(CallCells& cells, Operation operation, std::string_view name, const Usage& late,
                                    const P& prices) noexcept {
    const std::lock_guard lock{lock_};
    const Found found = last_of(cells, operation, name);
    if (found.cell == nullptr) return std::nullopt;
    if (auto stopped = of_stopped(found.last.id, late, prices)) return stopped;  // more is known of it
    Record call = found.last.record(*found.call);
    if (found.last.reported) return LateReport{StoredRecord{call}};
    const Superseded superseded = add(call, late, prices);
    found.cell->note_late(call);
    return LateReport{StoredRecord{call}, superseded};
  }

 private:
  struct Found {
    const Call* call = nullptr;
    CallCell* cell = nullptr;
    LastCall last{};
  };

  template <Pricing P>
  static Superseded add(Record& call, const Usage& late, const P& prices) noexcept {
    const Superseded superseded = superseded_by(late, call);
    add_late_usage(call, late);
    call.cost = prices.price(call);
    return superseded;
  }

  template <Pricing P>
  std::optional<LateReport> of_stopped(RecordId id, const Usage& late, const P& prices) noexcept {
    StoredRecord stopped;
    if (!stopped_.find(id, stopped)) return std::nullopt;
    const RecordView view = stopped.view();
    Record call = *view;
    // Of a call that several models served it is not known which the late tokens are of.
    if (!call.parts.empty()) return LateReport{stopped};
    const Superseded superseded = add(call, late, prices);
    stopped_.replace(call);
    return LateReport{StoredRecord{call}, superseded};
  }

  static Found last_of(CallCells& cells, Operation operation, std::string_view name) noexcept {
    Diagnostics cut;
    TextBuffer<name_limit> texts;
    name = texts.copy(name, name_limit, cut);  // as it was cut when it was recorded
    Found found;
    cells.for_each([&](const auto* entry, CallCell& cell) {
      if (entry == nullptr || entry->key.call().operation != operation || entry->key.call().name != name) return;
      const auto last = cell.last();
      if (last && (found.cell == nullptr || last->end_utc >= found.last.end_utc))
        found = {&entry->key.call(), &cell, *last};
    });
    return found;
  }

  std::mutex lock_;
  StoppedCalls stopped_;
};

}  // namespace tallyscope::inline v0::detail
