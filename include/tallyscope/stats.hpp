// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/record.hpp>
#include <tallyscope/totals.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tallyscope::inline v0 {

/// What rows can be told apart by.
enum class Dimension : std::uint8_t {
  operation,
  name,
  model,
  provider,
  server,
  tenant,
  application,
  user,
  session,
  turn
};
inline constexpr std::size_t dimension_count = 10;

/// What a record says for a dimension.
constexpr std::string_view text_of(const Caller& caller, const Call& call, Dimension dimension) noexcept {
  switch (dimension) {
    case Dimension::operation:
      return call.operation.text();
    case Dimension::name:
      return call.name;
    case Dimension::model:
      return call.model;
    case Dimension::provider:
      return call.provider;
    case Dimension::server:
      return call.server;
    case Dimension::tenant:
      return caller.tenant;
    case Dimension::application:
      return caller.application;
    case Dimension::user:
      return caller.user;
    case Dimension::session:
      return caller.session;
    case Dimension::turn:
      return caller.turn;
  }
  return {};
}

/// A set of dimensions: `{Dimension::name, Dimension::model}`.
class Dimensions {
 public:
  constexpr Dimensions() noexcept = default;
  constexpr Dimensions(std::initializer_list<Dimension> dimensions) noexcept {
    for (const Dimension dimension : dimensions) bits_ |= 1u << static_cast<unsigned>(dimension);
  }
  constexpr Dimensions(Dimension dimension) noexcept : bits_{1u << static_cast<unsigned>(dimension)} {}

  constexpr bool has(Dimension dimension) const noexcept { return bits_ >> static_cast<unsigned>(dimension) & 1; }
  /// What is in both.
  friend constexpr Dimensions operator&(Dimensions a, Dimensions b) noexcept {
    a.bits_ &= b.bits_;
    return a;
  }
  friend constexpr bool operator==(Dimensions, Dimensions) noexcept = default;

 private:
  std::uint32_t bits_ = 0;
};

/// What tells a call from another by default: never the name alone.
inline constexpr Dimensions by_identity{Dimension::operation, Dimension::name, Dimension::model};

/// One row: what its calls have in common, and their sums. `other` collects what came after the last free row.
struct StatsRow {
  std::array<std::string, dimension_count> key{};
  bool other = false;
  Totals totals{};

  const std::string& operator[](Dimension dimension) const noexcept { return key[static_cast<std::size_t>(dimension)]; }
  bool is_nameless() const noexcept {
    return std::all_of(key.begin(), key.end(), [](const std::string& text) { return text.empty(); });
  }
  /// Of what kind the calls are in MCP's words: tool, prompt, resource, else the operation. Empty in the other row.
  std::string type() const { return std::string{Operation{(*this)[Dimension::operation]}.type()}; }
};

/// What an accumulator answers, whatever it keeps its records in: rows, and the sums over all of them.
/// Rows stand in one order everywhere: most calls first, then the latest call, then by their keys; the other row behind
/// those with as many calls.
struct Stats {
  std::vector<StatsRow> rows{};
  Totals total{};             ///< over all rows, those that a limit cut off too
  Dimensions dimensions{};    ///< what the rows are told apart by
  std::size_t row_count = 0;  ///< of all rows, those that a limit cut off too
  std::size_t unused = 0;     ///< how many of them have no calls: known names that nobody used

  /// The sums over the rows that have this text in this dimension; none if rows are not told apart by it.
  Totals totals_of(Dimension dimension, std::string_view text) const noexcept;
  /// The same calls in coarser rows: those that agree in `coarser` become one.
  Stats by(Dimensions coarser) const;
  /// The rows of this type (tool, prompt, resource or an operation), and the sums over them.
  Stats of_type(std::string_view type) const;
  /// The first `limit` rows; 0: all. The sums stay those over all rows.
  Stats first(std::size_t limit) const;
  /// Puts the rows in order and counts them. A row that stands for nobody's ended turns alone is left to the sums: a
  /// turn has no name and no model.
  void sort();
};

inline Totals Stats::totals_of(Dimension dimension, std::string_view text) const noexcept {
  Totals sum;
  for (const StatsRow& row : rows)
    if (dimensions.has(dimension) && !row.other && row[dimension] == text) sum += row.totals;
  return sum;
}

inline Stats Stats::by(Dimensions coarser) const {
  Stats coarse{.total = total, .dimensions = dimensions & coarser};
  std::vector<StatsRow> cleared = rows;
  for (StatsRow& row : cleared)
    for (std::size_t place = 0; place < dimension_count; ++place)
      if (!coarser.has(static_cast<Dimension>(place))) row.key[place].clear();
  std::sort(cleared.begin(), cleared.end(),
            [](const StatsRow& a, const StatsRow& b) { return a.other != b.other ? b.other : a.key < b.key; });
  for (StatsRow& row : cleared) {
    const bool same =
        !coarse.rows.empty() && coarse.rows.back().other == row.other && coarse.rows.back().key == row.key;
    if (same)
      coarse.rows.back().totals += row.totals;
    else
      coarse.rows.push_back(std::move(row));
  }
  coarse.sort();
  return coarse;
}

inline Stats Stats::of_type(std::string_view type) const {
  Stats chosen{.dimensions = dimensions};
  for (const StatsRow& row : rows)
    if (!row.other && row.type() == type) chosen.rows.push_back(row), chosen.total += row.totals;
  chosen.sort();
  return chosen;
}

inline Stats Stats::first(std::size_t limit) const {
  Stats cut = *this;
  if (limit != 0 && limit < cut.rows.size()) cut.rows.resize(limit);
  return cut;
}

inline void Stats::sort() {
  std::erase_if(rows,
                [](const StatsRow& row) { return !row.other && row.is_nameless() && row.totals.is_without_calls(); });
  std::sort(rows.begin(), rows.end(), [](const StatsRow& a, const StatsRow& b) {
    if (a.totals.calls() != b.totals.calls()) return a.totals.calls() > b.totals.calls();
    if (a.other != b.other) return b.other;
    if (a.totals.last_start() != b.totals.last_start()) return a.totals.last_start() > b.totals.last_start();
    return a.key < b.key;
  });
  row_count = rows.size();
  unused = 0;
  for (const StatsRow& row : rows) unused += row.totals.calls() == 0 ? 1u : 0u;
}

}  // namespace tallyscope::inline v0
