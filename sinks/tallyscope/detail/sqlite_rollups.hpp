// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/hash.hpp>
#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_values.hpp>
#include <tallyscope/detail/tally.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

inline constexpr std::int64_t rollup_span = 900'000'000'000;  // 15 minutes in nanoseconds

/// The number of the quarter of an hour, from 1970 UTC.
constexpr std::int64_t rollup_slot(std::int64_t utc) noexcept {
  return utc / rollup_span - (utc % rollup_span < 0 ? 1 : 0);
}

/// What the calls of one roll-up have in common: columns of `calls`. NULL is 0 here.
inline constexpr std::string_view rollup_keys[] = {"tenant", "application", "operation",    "name",
                                                   "server", "provider",    "request_model"};
inline constexpr std::size_t rollup_key_count = sizeof rollup_keys / sizeof rollup_keys[0];

enum class RollupKind : std::uint8_t { sum, money, least, greatest };

struct RollupColumn {
  std::string_view name;
  std::size_t word;
  RollupKind kind = RollupKind::sum;
};

/// The sums of a roll-up. A sum of money is a pair of columns, NAME_microdollars and NAME_rest (in picodollars), as one
/// of 64 bits would be full at $9.2 million.
inline constexpr std::array rollup_columns = [] {
  std::array<RollupColumn, 20 + outcome_count + usage_field_count + cost_state_count> columns{};
  std::size_t size = 0;
  const auto add = [&](std::string_view name, std::size_t word, RollupKind kind = RollupKind::sum) {
    columns[size++] = {name, word, kind};
  };
  for (std::size_t place = 0; place < outcome_count; ++place) add(outcome_names[place], at(word_outcomes, place));
  add("late_reports", word_late_reports);
  add("turns", word_turns);
  add("turns_succeeded", word_turns_succeeded);
  for (std::size_t place = 0; place < usage_field_count; ++place) add(usage_fields[place].key, at(word_usage, place));
  add("estimated_input_tokens", word_estimated_input);
  add("estimated_output_tokens", word_estimated_output);
  add("unreported_input_tokens", word_unreported_input);
  add("unreported_output_tokens", word_unreported_output);
  add("characters_in", word_characters_in);
  add("characters_out", word_characters_out);
  add("duration_ns", word_duration_sum);
  add("duration_least_ns", word_duration_least, RollupKind::least);
  add("duration_greatest_ns", word_duration_greatest, RollupKind::greatest);
  add("untimed", word_untimed);
  add("last_time", word_last_start, RollupKind::greatest);
  add("first_tokens", word_first_tokens);
  add("first_token_ns", word_first_token_sum);
  for (std::size_t place = 0; place < cost_state_count; ++place)
    add(cost_state_names[place], at(word_cost_states, place));
  add("cost", word_cost, RollupKind::money);
  add("estimated_cost", word_estimated_cost, RollupKind::money);
  add("known_cost", word_known_cost, RollupKind::money);
  add("provider_cost", word_provider_cost, RollupKind::money);
  return columns;
}();

inline constexpr std::int64_t picodollars_in_a_microdollar = 1'000'000;

/// The names of the columns as the table has them, each followed by `end`, money in two.
inline std::string rollup_names(std::string_view end) {
  std::string names;
  for (const RollupColumn& column : rollup_columns) {
    if (column.kind == RollupKind::money)
      names.append(column.name).append("_microdollars").append(end).append(column.name).append("_rest").append(end);
    else
      names.append(column.name).append(end);
  }
  names.resize(names.size() - end.size());
  return names;
}

inline std::string rollup_key_names() {
  std::string names = "slot";
  for (const std::string_view key : rollup_keys) names.append(",").append(key);
  return names;
}

/// How a column takes up what the same roll-up already has.
inline std::string rollup_update(const RollupColumn& column) {
  const std::string name{column.name};
  const auto both = [](const std::string& part) { return "rollups." + part + " + excluded." + part; };
  const std::string now = "rollups." + name, more = "excluded." + name;
  switch (column.kind) {
    case RollupKind::sum:  // an overflow becomes a floating-point number: no error
      return name + " = " + both(name);
    case RollupKind::greatest:
      return name + " = max(" + now + ", " + more + ")";
    case RollupKind::least:
      return name + " = min(coalesce(" + now + ", " + more + "), coalesce(" + more + ", " + now + "))";
    case RollupKind::money:
      break;
  }
  const std::string micro = name + "_microdollars", rest = name + "_rest", sum = "(" + both(rest) + ")";
  return micro + " = " + both(micro) + " + " + sum + " / 1000000, " + rest + " = " + sum + " % 1000000";
}

inline std::string rollup_upsert() {
  std::string places, updates;
  std::size_t values = 1 + rollup_key_count;
  for (const RollupColumn& column : rollup_columns) {
    values += column.kind == RollupKind::money ? 2 : 1;
    updates.append(updates.empty() ? "" : ", ").append(rollup_update(column));
  }
  for (std::size_t place = 0; place < values; ++place) places += place == 0 ? "?" : ",?";
  return "INSERT INTO rollups(" + rollup_key_names() + "," + rollup_names(",") + ") VALUES (" + places +
         ") ON CONFLICT DO UPDATE SET " + updates;
}

/// The sums of one batch, each key once, to be added to the file in the batch's own transaction.
class SqliteRollups {
 public:
  using Key = std::array<std::int64_t, 1 + rollup_key_count>;

  int prepare(sqlite3* connection) { return upsert_.prepare(connection, rollup_upsert()); }
  void release() noexcept { upsert_ = SqliteStatement{}; }
  void start() noexcept {
    sums_.clear();
    last_ = nullptr;
  }

  /// `row` is the record's row in `calls`.
  void add(const Record& record, const SqliteValues& row) {
    if (record.kind == Kind::decision) return;
    Key key{rollup_slot(record.start_utc)};
    for (std::size_t place = 0; place < rollup_key_count; ++place) key[1 + place] = row.number(key_columns[place]);
    if (last_ == nullptr || last_->first != key) last_ = &*sums_.try_emplace(key).first;
    tally(last_->second, record);
  }

  int write() noexcept {
    for (const auto& [key, sums] : sums_) {
      int place = 0;
      for (const std::int64_t part : key) upsert_.bind(++place, part);
      for (const RollupColumn& column : rollup_columns) bind(place, column, sums);
      if (const int code = upsert_.run(); code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
  }

 private:
  static constexpr std::array<std::size_t, rollup_key_count> key_columns = [] {
    std::array<std::size_t, rollup_key_count> places{};
    for (std::size_t place = 0; place < rollup_key_count; ++place)
      places[place] = sqlite_columns.place(rollup_keys[place]);
    return places;
  }();

  /// Words as `tally` wants them, wide enough for any batch.
  struct Sums {
    std::array<int128, word_buckets> words{};

    std::uint64_t get(std::size_t word) const noexcept { return static_cast<std::uint64_t>(words[word]); }
    void set(std::size_t word, std::uint64_t value) noexcept { words[word] = value; }
    void add(std::size_t word, std::uint64_t value) noexcept {
      if (word < word_buckets) words[word] += static_cast<std::int64_t>(value);
    }
    void add_money(std::size_t word, Money amount) noexcept { words[word] += amount.picodollars(); }
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      std::uint64_t state = 0;
      for (const std::int64_t part : key) state = fold(state ^ static_cast<std::uint64_t>(part), 0xD6E8FEB86659FD93u);
      return state;
    }
  };

  static std::int64_t clamped(int128 value) noexcept {
    using Limits = std::numeric_limits<std::int64_t>;
    if (value > Limits::max()) return Limits::max();
    return value < Limits::min() ? Limits::min() : static_cast<std::int64_t>(value);
  }
  void bind(int& place, const RollupColumn& column, const Sums& sums) noexcept {
    const int128 value = sums.words[column.word];
    switch (column.kind) {
      case RollupKind::sum:
      case RollupKind::greatest:
        return upsert_.bind(++place, clamped(value));
      case RollupKind::least:  // none has its complement 0
        return value == 0 ? upsert_.bind_null(++place) : upsert_.bind(++place, clamped(~sums.get(column.word)));
      case RollupKind::money:
        upsert_.bind(++place, static_cast<std::int64_t>(value / picodollars_in_a_microdollar));
        return upsert_.bind(++place, static_cast<std::int64_t>(value % picodollars_in_a_microdollar));
    }
  }

  SqliteStatement upsert_;
  std::unordered_map<Key, Sums, Hash> sums_;
  std::pair<const Key, Sums>* last_ = nullptr;
};

}  // namespace tallyscope::inline v0::detail
