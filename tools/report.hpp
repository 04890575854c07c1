// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/date_text.hpp>
#include <tallyscope/detail/time_zone.hpp>
#include <tallyscope/record.hpp>
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

/// What rows of a report are told apart by.
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

/// What is asked for. Times are UTC nanoseconds since 1970; `to` is exclusive.
struct ReportQuery {
  std::vector<Key> by{};
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
  ts::detail::TimeZone zone{};
  std::optional<std::pair<std::int64_t, std::int64_t>> days{};  ///< first and last day asked for: each gets a row
  std::size_t top = 0;                                          ///< rows shown; 0: all
  std::string type{};
  std::optional<ts::Outcome> outcome{};
};

struct ReportRow {
  std::vector<std::string> keys{};
  ts::Totals totals{};
};

/// The records of a query, added up. Sums are over all rows, those beyond `top` too.
class Report {
 public:
  explicit Report(ReportQuery query) : query_{std::move(query)} { add_empty_days(); }

  const ReportQuery& query() const noexcept { return query_; }
  const ts::Totals& total() const noexcept { return total_; }
  /// Models of calls without a price, and how many calls of each.
  const std::map<std::string, std::uint64_t>& unpriced_models() const noexcept { return unpriced_models_; }

  void add(const ts::Record& record) {
    if (!is_wanted(record)) return;
    total_.add(record);
    if (record.kind == ts::Kind::call && record.cost.state == ts::CostState::unpriced) note_unpriced(record);
    if (query_.by.empty()) return;
    std::vector<std::string> keys;
    for (const Key key : query_.by) keys.push_back(key_text(key, record));
    rows_[std::move(keys)].add(record);
  }

  /// In the order of time if that comes first, else what cost most first, then what used most tokens, then most calls.
  std::vector<ReportRow> rows() const {
    std::vector<ReportRow> sorted;
    const bool by_time = !query_.by.empty() && is_time(query_.by.front());
    for (const auto& [keys, totals] : rows_)
      if (!totals.is_without_calls() || std::any_of(keys.begin(), keys.end(), [](auto& key) { return !key.empty(); }))
        sorted.push_back({keys, totals});
    if (!by_time) std::stable_sort(sorted.begin(), sorted.end(), costs_more);
    return sorted;
  }

 private:
  static bool costs_more(const ReportRow& a, const ReportRow& b) {
    const auto money = [](const ts::Totals& totals) {
      return totals.cost().picodollars() + totals.estimated_cost().picodollars() + totals.known_cost().picodollars();
    };
    if (money(a.totals) != money(b.totals)) return money(a.totals) > money(b.totals);
    if (a.totals.used_tokens() != b.totals.used_tokens()) return a.totals.used_tokens() > b.totals.used_tokens();
    return a.totals.calls() > b.totals.calls();
  }

  void add_empty_days() {
    if (!query_.days || query_.by.size() != 1 || query_.by.front() != Key::day) return;
    for (std::int64_t day = query_.days->first; day <= query_.days->second; ++day) rows_[{ts::detail::day_text(day)}];
  }

  // What became known late of a call belongs to the call, and is wanted when the call was.
  bool is_wanted(const ts::Record& record) {
    if (record.start_utc < query_.from || record.start_utc >= query_.to) return false;
    if (!query_.type.empty() && record.call.operation.type() != query_.type) return false;
    if (!query_.outcome) return true;
    if (record.kind == ts::Kind::late_usage) return chosen_.contains(record.of);
    if (record.outcome != *query_.outcome) return false;
    if (record.kind == ts::Kind::call) chosen_.insert(record.id);
    return true;
  }

  std::string key_text(Key key, const ts::Record& record) const {
    switch (key) {
      case Key::name:
        return std::string{record.call.name};
      case Key::type:
        return std::string{record.call.operation.type()};
      case Key::model:
        return std::string{record.call.model};
      case Key::provider:
        return std::string{record.call.provider};
      case Key::server:
        return std::string{record.call.server};
      case Key::tenant:
        return std::string{record.caller.tenant};
      case Key::application:
        return std::string{record.caller.application};
      case Key::user:
        return std::string{record.caller.user};
      case Key::session:
        return std::string{record.caller.session};
      case Key::turn:
        return std::string{record.caller.turn};
      case Key::day:
        return ts::detail::day_text(query_.zone.day_of(record.start_utc));
      case Key::hour:
        return query_.zone.hour_text(query_.zone.hour_of(record.start_utc));
    }
    return {};
  }

  void note_unpriced(const ts::Record& record) {
    const std::string_view model = record.response.model.empty() ? record.call.model : record.response.model;
    const auto found = unpriced_models_.find(std::string{model});
    if (found != unpriced_models_.end())
      ++found->second;
    else if (unpriced_models_.size() < most_unpriced_models)
      unpriced_models_.emplace(model, 1);
  }

  static constexpr std::size_t most_unpriced_models = 100;

  ReportQuery query_;
  ts::Totals total_{};
  std::map<std::vector<std::string>, ts::Totals> rows_;
  std::set<ts::RecordId> chosen_;
  std::map<std::string, std::uint64_t> unpriced_models_;
};

}  // namespace tallyscope_program
