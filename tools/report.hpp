// SPDX-License-Identifier: MIT
#pragma once

#include "result_price.hpp"

#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/detail/time_zone.hpp>
#include <tallyscope/money.hpp>
#include <tallyscope/record.hpp>
#include <tallyscope/stats.hpp>
#include <tallyscope/totals.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope_program {

namespace ts = tallyscope;

/// What rows of a report are told apart by: a dimension of Stats, or one of the three that depend on the report.
enum class Key : std::uint8_t {
  name,
  type,
  model,
  provider,
  server,
  tenant,
  application,
  user,
  session,
  turn,
  day,
  hour
};
inline constexpr std::string_view key_names[] = {"name",        "type", "model",   "provider", "server", "tenant",
                                                 "application", "user", "session", "turn",     "day",    "hour"};

inline std::optional<Key> key_of(std::string_view name) noexcept {
  for (std::size_t place = 0; place < std::size(key_names); ++place)
    if (key_names[place] == name) return static_cast<Key>(place);
  return std::nullopt;
}

constexpr bool is_time(Key key) noexcept { return key == Key::day || key == Key::hour; }

constexpr ts::Dimension dimension_of(Key key) noexcept {
  using enum ts::Dimension;
  constexpr ts::Dimension dimensions[] = {name,   operation,   model, provider, server,
                                          tenant, application, user,  session,  turn};
  return dimensions[static_cast<std::size_t>(key)];
}

/// What is asked for. Times are UTC nanoseconds since 1970; `to` is exclusive.
struct ReportQuery {
  std::vector<Key> by{};
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
  ts::detail::TimeZone zone{};
  std::optional<std::pair<std::int64_t, std::int64_t>>
      days{};                          ///< first and last day asked for, in the place of moments
  std::size_t top = 0;                 ///< rows shown; 0: all
  std::vector<std::string> columns{};  ///< of the table, as they are typed; none: those that say something
  std::string type{};
  std::optional<ts::Outcome> outcome{};
  std::optional<ResultPrice> result_price{};
};

struct ReportRow {
  std::vector<std::string> keys{};
  ts::Totals totals{};
  ts::MoneySum result_cost{};  ///< of the results of tools, where the query prices them
};

/// The records of a query, added up. Sums are over all rows, those beyond `top` too.
class Report {
 public:
  explicit Report(ReportQuery query) : query_{std::move(query)} { add_empty_days(); }

  const ReportQuery& query() const noexcept { return query_; }
  /// Over all rows; without keys.
  const ReportRow& total() const noexcept { return total_; }
  /// Models of calls without a price, and how many calls of each.
  const std::map<std::string, std::uint64_t>& unpriced_models() const noexcept { return unpriced_models_; }
  /// Are there more such models than are kept?
  bool more_unpriced_models() const noexcept { return more_unpriced_models_; }

  /// With an outcome, what became known late of a call is wanted when the call was, which may stand in a later file:
  /// then every record is to be shown here first.
  bool needs_calls_first() const noexcept { return query_.outcome.has_value(); }
  void note_call(const ts::Record& record) {
    if (record.kind == ts::Kind::call && record.outcome == *query_.outcome) chosen_.insert(record.id);
  }

  void add(const ts::Record& record) {
    if (!is_wanted(record)) return;
    const ts::MoneySum result_cost = query_.result_price ? query_.result_price->of(record) : ts::MoneySum{};
    add_to(total_, record, result_cost);
    if (record.kind == ts::Kind::call && record.cost.state == ts::CostState::unpriced) note_unpriced(record);
    if (query_.by.empty()) return;
    std::vector<std::string> keys;
    for (const Key key : query_.by) keys.push_back(key_text(key, record));
    add_to(rows_[std::move(keys)], record, result_cost);
  }

  /// In the order of time if that comes first, else what cost most first, then what used most tokens, then most calls.
  std::vector<ReportRow> rows() const {
    std::vector<ReportRow> sorted;
    const bool by_time = !query_.by.empty() && is_time(query_.by.front());
    for (const auto& [keys, row] : rows_)
      if (!row.totals.is_without_calls() ||
          std::any_of(keys.begin(), keys.end(), [](auto& key) { return !key.empty(); }))
        sorted.push_back({keys, row.totals, row.result_cost});
    if (!by_time) std::stable_sort(sorted.begin(), sorted.end(), costs_more);
    return sorted;
  }

 private:
  static bool costs_more(const ReportRow& a, const ReportRow& b) {
    const auto money = [](const ReportRow& row) {
      return row.totals.cost() + row.totals.estimated_cost() + row.totals.known_cost() + row.result_cost;
    };
    if (money(a) != money(b)) return money(a) > money(b);
    if (a.totals.used_tokens() != b.totals.used_tokens()) return a.totals.used_tokens() > b.totals.used_tokens();
    return a.totals.calls() > b.totals.calls();
  }

  static void add_to(ReportRow& row, const ts::Record& record, ts::MoneySum result_cost) {
    row.totals.add(record);
    row.result_cost += result_cost;
  }

  void add_empty_days() {
    if (!query_.days || query_.by.size() != 1 || query_.by.front() != Key::day) return;
    if (query_.days->second - query_.days->first >= most_empty_days) return;
    for (std::int64_t day = query_.days->first; day <= query_.days->second; ++day) rows_[{ts::detail::day_text(day)}];
  }

  // By their days where days are asked for: where clocks go back over midnight, a day is no stretch of time.
  bool is_in_time(std::int64_t start) const {
    if (!query_.days) return start >= query_.from && start < query_.to;
    const std::int64_t day = query_.zone.day_of(start);
    return day >= query_.days->first && day <= query_.days->second;
  }

  bool is_wanted(const ts::Record& record) const {
    if (!is_in_time(record.start_utc)) return false;
    if (!query_.type.empty() && record.call.operation.type() != query_.type) return false;
    if (!query_.outcome) return true;
    return record.kind == ts::Kind::late_usage ? chosen_.contains(record.of) : record.outcome == *query_.outcome;
  }

  std::string key_text(Key key, const ts::Record& record) const {
    if (key == Key::type) return std::string{record.call.operation.type()};
    if (key == Key::day) return ts::detail::day_text(query_.zone.day_of(record.start_utc));
    if (key == Key::hour) return query_.zone.hour_text(query_.zone.hour_of(record.start_utc));
    return std::string{ts::text_of(record.caller, record.call, dimension_of(key))};
  }

  void note_unpriced(const ts::Record& record) {
    const std::string_view model = record.response.model.empty() ? record.call.model : record.response.model;
    const auto found = unpriced_models_.find(std::string{model});
    if (found != unpriced_models_.end())
      ++found->second;
    else if (unpriced_models_.size() < most_unpriced_models)
      unpriced_models_.emplace(model, 1);
    else
      more_unpriced_models_ = true;
  }

  static constexpr std::size_t most_unpriced_models = 100;
  static constexpr std::int64_t most_empty_days = 36'500;

  ReportQuery query_;
  ReportRow total_{};
  std::map<std::vector<std::string>, ReportRow> rows_;  // their own keys stay empty
  std::set<ts::RecordId> chosen_;
  std::map<std::string, std::uint64_t> unpriced_models_;
  bool more_unpriced_models_ = false;
};

}  // namespace tallyscope_program
