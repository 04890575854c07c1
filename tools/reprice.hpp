// SPDX-License-Identifier: MIT
#pragma once

#include "record_files.hpp"

#include <tallyscope/detail/late_usage.hpp>
#include <tallyscope/prices/price_book.hpp>
#include <tallyscope/record.hpp>
#include <tallyscope/stored_record.hpp>
#include <tallyscope/totals.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace tallyscope_program {

namespace ts = tallyscope;

/// Calls from `from` up to `to`, in UTC nanoseconds since 1970.
struct RepriceRange {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t to = std::numeric_limits<std::int64_t>::max();

  bool has(std::int64_t start) const noexcept { return start >= from && start < to; }
};

/// What calls were said to cost, and what they cost by another book.
struct Repriced {
  ts::Totals before{};
  ts::Totals after{};
};

/// Prices records anew, from the counts that they hold and at the time when the call began. Estimates stay estimates.
///
/// What became known late of a call is priced with the call, so each record goes through `note` first.
class Repricer {
 public:
  Repricer(const ts::PriceBook& book, RepriceRange range) : book_{book}, range_{range} {}

  const ts::PriceBook& book() const noexcept { return book_; }
  const std::map<std::string, Repriced>& models() const noexcept { return models_; }
  const Repriced& total() const noexcept { return total_; }
  /// Late reports whose call stands in none of the files, or behind them: their costs stayed as they were.
  std::uint64_t orphans() const noexcept { return orphans_; }

  void note(const ts::Record& record) {
    if (record.kind == ts::Kind::late_usage) with_late_reports_.insert(record.of);
  }

  /// Gives the record with its new cost to `take`; one that has no price, or lies out of the range, as it is.
  template <class Take>
  void add(const ts::Record& record, const Take& take) {
    if (record.kind == ts::Kind::call && range_.has(record.start_utc)) return add_call(record, take);
    if (record.kind == ts::Kind::late_usage) return add_late(record, take);
    take(record);
  }

 private:
  /// A call as it is known so far, and what it cost by then.
  struct Known {
    ts::StoredRecord call;
    ts::Cost cost;
  };

  template <class Take>
  void add_call(const ts::Record& record, const Take& take) {
    const ts::Cost cost = book_.price(record);
    if (with_late_reports_.contains(record.id))
      calls_.insert_or_assign(record.id, Known{ts::StoredRecord{record}, cost});
    enter(record, with_cost(record, cost, record.superseded), take);
  }

  template <class Take>
  void add_late(const ts::Record& record, const Take& take) {
    const auto found = calls_.find(record.of);
    if (found == calls_.end()) {
      const bool is_alone = record.superseded == nullptr || !record.superseded->cost;
      if (is_alone && range_.has(record.start_utc))
        return enter(record, with_cost(record, book_.price(record), record.superseded), take);
      if (range_.has(record.start_utc)) ++orphans_;
      return take(record);
    }
    const ts::Superseded replaced = add_to(found->second, record);
    enter(record, with_cost(record, found->second.cost, &replaced), take);
  }

  /// Adds late usage to its call, and says what that takes the place of.
  ts::Superseded add_to(Known& known, const ts::Record& late) const {
    const ts::RecordView view = known.call.view();
    ts::Record call = *view;
    ts::Superseded replaced = ts::detail::superseded_by(late.usage, call);
    replaced.cost = known.cost;
    ts::detail::add_late_usage(call, late.usage);
    known.cost = book_.price(call);
    known.call = ts::StoredRecord{call};
    return replaced;
  }

  static ts::Record with_cost(const ts::Record& record, const ts::Cost& cost, const ts::Superseded* replaced) {
    ts::Record priced = record;
    priced.cost = cost;
    priced.superseded = replaced;
    return priced;
  }

  template <class Take>
  void enter(const ts::Record& before, const ts::Record& after, const Take& take) {
    constexpr auto no_model = ts::CostState::not_applicable;
    if (before.cost.state == no_model && after.cost.state == no_model) return take(after);
    const std::string_view model = before.call.model.empty() ? before.response.model : before.call.model;
    for (Repriced* const sums : {&total_, &models_[std::string{model}]}) {
      sums->before.add(before);
      sums->after.add(after);
    }
    take(after);
  }

  ts::PriceBook book_;
  RepriceRange range_;
  std::unordered_set<ts::RecordId, HashOfId> with_late_reports_;
  std::unordered_map<ts::RecordId, Known, HashOfId> calls_;
  std::map<std::string, Repriced> models_;
  Repriced total_{};
  std::uint64_t orphans_ = 0;
};

}  // namespace tallyscope_program
