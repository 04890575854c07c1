// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/stats.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tallyscope::inline v0 {

/// Adds records up one by one, as MemorySink does, for whoever reads them back: a Stats by the same rules, without a
/// limit of rows. For one thread. Allocates.
class StatsBuilder {
 public:
  explicit StatsBuilder(Dimensions dimensions = by_identity) { stats_.dimensions = dimensions; }

  void add(const Record& record) {
    stats_.total.add(record);
    row_of(record.caller, record.call).totals.add(record);
  }

  /// What has been added so far.
  Stats stats() const {
    Stats sorted = stats_;
    sorted.sort();
    return sorted;
  }

 private:
  StatsRow& row_of(const Caller& caller, const Call& call) {
    key_.clear();
    for_each_dimension([&](Dimension dimension) {
      const std::string_view text = text_of(caller, call, dimension);
      key_.append(std::to_string(text.size())).append(":").append(text);  // no two keys give the same
    });
    const auto [place, is_new] = places_.try_emplace(key_, stats_.rows.size());
    if (!is_new) return stats_.rows[place->second];
    StatsRow& row = stats_.rows.emplace_back();
    for_each_dimension(
        [&](Dimension dimension) { row.key[static_cast<std::size_t>(dimension)] = text_of(caller, call, dimension); });
    return row;
  }

  template <class Visit>
  void for_each_dimension(const Visit& visit) const {
    for (std::size_t place = 0; place < dimension_count; ++place)
      if (const auto dimension = static_cast<Dimension>(place); stats_.dimensions.has(dimension)) visit(dimension);
  }

  Stats stats_;
  std::unordered_map<std::string, std::size_t> places_;
  std::string key_;
};

/// What a reader reads, added up: `stats_of(reader)` for a JsonlReader or a SqliteReader. What could not be read is not
/// in it: ask the reader, or give a `visit` of your own to its for_each.
template <class Reader>
Stats stats_of(Reader& reader, Dimensions dimensions = by_identity) {
  StatsBuilder builder{dimensions};
  reader.for_each([&](const Record& record) { builder.add(record); });
  return builder.stats();
}

}  // namespace tallyscope::inline v0
