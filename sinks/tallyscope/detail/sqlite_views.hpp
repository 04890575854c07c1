// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_rollups.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// The views of a file, which show words, texts and exact amounts. docs/sqlite.md lists them.
namespace tallyscope::inline v0::detail {

inline std::string sqlite_word(const std::string& name_id) {
  return "(SELECT text FROM names WHERE id = " + name_id + ")";
}

/// The word for the place that a column holds.
template <std::size_t Size>
std::string sqlite_code(const std::string& column, const std::string_view (&words)[Size]) {
  std::string sql = "CASE " + column;
  for (std::size_t place = 0; place < Size; ++place)
    sql.append(" WHEN ").append(std::to_string(place)).append(" THEN '").append(words[place]).append("'");
  return sql + " END";
}

/// The word for a column of codes; empty for any other column.
inline std::string sqlite_code(const std::string& column) {
  if (column == "kind") return sqlite_code(column, kind_names);
  if (column == "outcome") return sqlite_code(column, outcome_names);
  if (column == "finality") return sqlite_code(column, finality_names);
  if (column.ends_with("put_source")) return sqlite_code(column, source_names);
  if (column.ends_with("cost_state")) return sqlite_code(column, cost_state_names);
  return {};
}

/// The exact decimal of an amount of `micro` microdollars and `rest` picodollars, each of either sign and the rest
/// below a microdollar. Parts of unlike signs are made alike first.
inline std::string sqlite_dollars(const std::string& micro, const std::string& rest) {
  const std::string borrow = "((" + micro + " > 0 AND " + rest + " < 0) - (" + micro + " < 0 AND " + rest + " > 0))";
  const std::string whole = "abs(" + micro + " - " + borrow + ")";
  const std::string part = "abs(" + rest + " + 1000000 * " + borrow + ")";
  return "CASE WHEN " + micro + " < 0 OR (" + micro + " = 0 AND " + rest + " < 0) THEN '-' ELSE '' END || " +
         "rtrim(rtrim(printf('%d.%06d%06d', " + whole + " / 1000000, " + whole + " % 1000000, " + part +
         "), '0'), '.')";
}

/// The same of a column of picodollars; NULL for NULL.
inline std::string sqlite_dollars(const std::string& column) {
  return "CASE WHEN " + column + " IS NOT NULL THEN " +
         sqlite_dollars("(" + column + " / 1000000)", "(" + column + " % 1000000)") + " END";
}

/// RFC 3339 with nanoseconds. What is left of a second before 1970 counts from the second before.
inline std::string sqlite_time(const std::string& column) {
  const std::string rest = "((" + column + " % 1000000000 + 1000000000) % 1000000000)";
  return "strftime('%Y-%m-%dT%H:%M:%S', (" + column + " - " + rest +
         ") / 1000000000, 'unixepoch') || printf('.%09dZ', " + rest + ")";
}

/// How `calls_view` shows a column of `calls`.
inline std::string sqlite_shown(const SqliteColumn& column) {
  std::string name{column.name};
  if (column.type == SqliteType::id) return "nullif(lower(hex(" + name + ")), '') AS " + name;
  if (column.type == SqliteType::name) return sqlite_word("calls." + name) + " AS " + name;
  if (name == "time") return sqlite_time(name) + " AS time";
  if (name == "estimator_error") return "round(estimator_error, 6) AS estimator_error";
  if (const std::string code = sqlite_code(name); !code.empty()) return code + " AS " + name;
  if (const std::size_t unit = name.find("_picodollars"); unit != std::string::npos)
    return sqlite_dollars(name) + " AS " + name.substr(0, unit) + "_usd";
  return name;
}

inline std::string calls_view() {
  std::string part = "'model', coalesce(" + sqlite_word("parts.model") + ", '')";
  for (const UsageField& field : usage_fields)
    part.append(", '").append(field.key).append("', parts.").append(field.key);
  return "CREATE VIEW calls_view AS SELECT number, " + sqlite_list(sqlite_shown) +
         ", (SELECT json_group_array(json_patch('{}', json_object(" + part +
         "))) FROM parts WHERE call = number HAVING count(*) > 0) AS parts"
         ", (SELECT json_group_object(" +
         sqlite_word("labels.key") +
         ", value) FROM labels WHERE call = number HAVING count(*) > 0) AS labels"
         " FROM calls";
}

/// What one row of `calls` adds to a column of `rollups`: the rules of detail/tally.hpp in SQL.
inline std::string record_sum(const RollupColumn& column) {
  const std::string name{column.name};
  const std::string known = "coalesce(" + name + ", 0)";
  for (std::size_t place = 0; place < outcome_count; ++place)
    if (column.word == at(word_outcomes, place)) return "kind = 0 AND outcome = " + std::to_string(place);
  for (std::size_t place = 0; place < cost_state_count; ++place)
    if (const std::string state = std::to_string(place); column.word == at(word_cost_states, place))
      return "(kind = 0 AND cost_state IS " + state +
             ") + (kind = 1 AND replaced_cost_state IS NOT NULL AND cost_state IS " + state +
             ") - (kind = 1 AND replaced_cost_state IS " + state + ")";
  switch (column.word) {
    case word_late_reports:
      return "kind = 1";
    case word_turns:
      return "kind = 2";
    case word_turns_succeeded:
      return "kind = 2 AND outcome = 0";
    case word_unreported_input:
    case word_unreported_output: {
      const std::string tokens = column.word == word_unreported_input ? "input_tokens" : "output_tokens";
      return "(kind < 2 AND " + tokens + " IS NULL) * coalesce(estimated_" + tokens +
             ", 0) - (kind = 1) * coalesce(replaced_" + tokens + ", 0)";
    }
    case word_duration_sum:
    case word_duration_greatest:
      return "(kind = 0) * duration_ns";
    case word_duration_least:
      return "CASE kind WHEN 0 THEN duration_ns END";
    case word_untimed:
      return "kind = 0 AND duration_ns = 0";
    case word_last_start:
      return "(kind = 0) * max(time, 0)";
    case word_first_tokens:
      return "kind = 0 AND first_token_ns IS NOT NULL";
    case word_first_token_sum:
      return "(kind = 0) * " + known;
    default:
      return "(kind < 2) * " + known;
  }
}

/// The part of a sum of money that `unit` takes of an amount: "/ 1000000" or "% 1000000".
inline std::string record_money(const RollupColumn& column, const std::string& unit) {
  const auto part = [&](const std::string& when, const std::string& amount) {
    return "(" + when + ") * (coalesce(" + amount + ", 0) " + unit + ")";
  };
  if (column.word == word_provider_cost) return part("kind = 0", "provider_cost_picodollars");
  if (column.word == word_known_cost)
    return part("kind < 2", "known_cost_picodollars") + " - " + part("kind = 1", "replaced_known_cost_picodollars");
  const std::string is = column.word == word_cost ? " IS NULL" : " IS NOT NULL";
  return part("kind < 2 AND cost_estimated" + is, "cost_picodollars") + " - " +
         part("kind = 1 AND replaced_cost_estimated" + is, "replaced_cost_picodollars");
}

inline std::string record_sums_view() {
  std::string sql =
      "CREATE VIEW record_sums AS SELECT number, user, session, turn, kind = 3 AS is_decision, "
      "(time - ((time % 900000000000 + 900000000000) % 900000000000)) / 900000000000 AS slot";
  for (const std::string_view key : rollup_keys) sql.append(", coalesce(").append(key).append(", 0) AS ").append(key);
  for (const RollupColumn& column : rollup_columns) {
    const std::string name{column.name};
    if (column.kind == RollupKind::money)
      sql += ", " + record_money(column, "/ 1000000") + " AS " + name + "_microdollars, " +
             record_money(column, "% 1000000") + " AS " + name + "_rest";
    else
      sql += ", (" + record_sum(column) + ") AS " + name;
  }
  return sql + " FROM calls";
}

/// How rows of `rollups` or `record_sums` become one. A plain sum of integers is an error when it overflows, and would
/// take the whole view with it: this one turns into a floating-point number then.
inline std::string sqlite_total(const RollupColumn& column) {
  const std::string name{column.name};
  switch (column.kind) {
    case RollupKind::sum:
      return "sum(" + name + " >> 32) * 4294967296 + sum(" + name + " & 4294967295) AS " + name;
    case RollupKind::least:
      return "min(" + name + ") AS " + name;
    case RollupKind::greatest:
      return "max(" + name + ") AS " + name;
    case RollupKind::money:
      break;
  }
  return "sum(" + name + "_microdollars) + sum(" + name + "_rest) / 1000000 AS " + name + "_microdollars, sum(" + name +
         "_rest) % 1000000 AS " + name + "_rest";
}

inline std::string sqlite_totals() {
  std::string list;
  for (const RollupColumn& column : rollup_columns) list += ", " + sqlite_total(column);
  return list;
}

/// What the usage views show of the totals.
inline std::string shown_totals() {
  std::string calls;
  for (const std::string_view outcome : outcome_names) calls.append(calls.empty() ? "" : " + ").append(outcome);
  std::string list = calls + " AS calls, " + calls + " - success - pending AS failures" +
                     ", input_tokens + max(0, unreported_input_tokens) AS input_tokens"
                     ", output_tokens + max(0, unreported_output_tokens) AS output_tokens"
                     ", input_tokens AS reported_input_tokens, output_tokens AS reported_output_tokens"
                     ", cache_read_tokens"
                     ", cache_write_tokens + cache_write_5m_tokens + cache_write_1h_tokens AS cache_write_tokens"
                     ", reasoning_tokens";
  for (const char* money : {"cost", "estimated_cost", "known_cost", "provider_cost"}) {
    const std::string name{money};
    list += ", " + sqlite_dollars(name + "_microdollars", name + "_rest") + " AS " + name + "_usd";
  }
  for (const char* state : {"unpriced", "incomplete", "no_usage"})
    list.append(", max(0, ").append(state).append(") AS ").append(state);
  return list + ", late_reports, turns, turns_succeeded, duration_ns / nullif(" + calls +
         ", 0) AS average_duration_ns, duration_least_ns, duration_greatest_ns";
}

inline std::string named(const std::string& column, const std::string& as) { return sqlite_word(column) + " AS " + as; }

/// One row for each of `keys`, which `shown` puts into words; of calls only, if turns are not told apart by them.
inline std::string usage_view(const std::string& name, const std::string& source, const std::string& keys,
                              const std::string& shown, bool of_calls_only) {
  std::string calls;
  for (const std::string_view outcome : outcome_names) calls.append(outcome).append(" + ");
  return "CREATE VIEW usage_by_" + name + " AS SELECT " + shown + ", " + shown_totals() + " FROM (SELECT " + keys +
         sqlite_totals() + " FROM " + source + " GROUP BY " + keys + ")" +
         (of_calls_only ? " WHERE " + calls + "late_reports > 0;" : ";");
}

inline std::string rollups_view() {
  std::string sql =
      "CREATE VIEW rollups_view AS SELECT strftime('%Y-%m-%dT%H:%M:%SZ', slot * 900, 'unixepoch') AS time";
  for (const std::string_view key : rollup_keys) sql += ", " + named("rollups." + std::string{key}, std::string{key});
  return sql + ", " + shown_totals() + " FROM rollups";
}

inline std::string sqlite_views() {
  return calls_view() + ";" + record_sums_view() + ";" + rollups_view() + ";" +
         usage_view("name", "rollups", "operation, name",
                    named("operation", "operation") + ", " + named("name", "name"), true) +
         usage_view("model", "rollups", "provider, request_model",
                    named("provider", "provider") + ", " + named("request_model", "model"), true) +
         usage_view("server", "rollups", "server", named("server", "server"), true) +
         usage_view("user", "record_sums", "user", named("user", "user"), false) +
         usage_view("turn", "record_sums", "session, turn", "session, turn", false) +
         usage_view("day", "(SELECT (slot - (slot % 96 + 96) % 96) / 96 AS day, * FROM rollups)", "day",
                    "date(day * 86400, 'unixepoch') AS day", false);
}

}  // namespace tallyscope::inline v0::detail
