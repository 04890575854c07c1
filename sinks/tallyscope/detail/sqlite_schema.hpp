// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_rollups.hpp>
#include <tallyscope/detail/sqlite_views.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

inline constexpr std::int64_t sqlite_application_id = 0x54616C79;  // "Taly"
inline constexpr std::int64_t sqlite_format = 1;                   // user_version

inline std::string usage_columns() {
  std::string columns;
  for (const UsageField& field : usage_fields) columns.append(", ").append(field.key).append(" INTEGER");
  return columns;
}

inline std::string sqlite_declaration(const SqliteColumn& column) {
  const std::string name{column.name};
  if (name == "id") return "id BLOB UNIQUE";
  const bool always = name == "kind" || name == "time" || name == "duration_ns" || name == "outcome";
  const char* const type = column.type == SqliteType::id     ? " BLOB"
                           : column.type == SqliteType::text ? " TEXT"
                           : column.type == SqliteType::real ? " REAL"
                                                             : " INTEGER";
  return name + type + (always ? " NOT NULL" : "");
}

/// The primary key of a roll-up holds no NULL, as no two of them are the same to SQLite.
inline std::string sqlite_tables() {
  std::string keys;
  for (const std::string_view key : rollup_keys) keys.append(", ").append(key).append(" INTEGER NOT NULL");
  return "CREATE TABLE names(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
         "CREATE TABLE calls(number INTEGER PRIMARY KEY, " +
         sqlite_list(sqlite_declaration) +
         ");"
         "CREATE TABLE parts(call INTEGER NOT NULL, place INTEGER NOT NULL, model INTEGER" +
         usage_columns() +
         ", PRIMARY KEY (call, place)) WITHOUT ROWID;"
         "CREATE TABLE labels(call INTEGER NOT NULL, place INTEGER NOT NULL, key INTEGER NOT NULL, value TEXT NOT NULL,"
         " PRIMARY KEY (call, place)) WITHOUT ROWID;"
         "CREATE TABLE rollups(slot INTEGER NOT NULL" +
         keys + ", " + rollup_names(" INTEGER, ") + " INTEGER, PRIMARY KEY (" + rollup_key_names() +
         ")) WITHOUT ROWID;";
}

/// Fills the empty table `rollups` from the rows of `calls`.
inline std::string sqlite_rollups_from_calls() {
  return "INSERT INTO rollups(" + rollup_key_names() + "," + rollup_names(",") + ") SELECT " + rollup_key_names() +
         "," + rollup_names(",") + " FROM (SELECT " + rollup_key_names() + sqlite_totals() +
         ", count(*) FILTER (WHERE NOT is_decision) AS of_calls FROM record_sums GROUP BY " + rollup_key_names() +
         ") WHERE of_calls > 0;";
}

/// What marks a file as one of ours. Part of the transaction that makes the tables.
inline std::string sqlite_mark() {
  return "PRAGMA application_id = " + std::to_string(sqlite_application_id) +
         ";PRAGMA user_version = " + std::to_string(sqlite_format) + ";";
}

/// What a file is, as its own words have it.
struct SqliteIdentity {
  std::int64_t application_id = 0;
  std::int64_t format = 0;
  std::int64_t objects = 0;  ///< tables, views ...
  bool version_0 = false;    ///< the layout from before there were formats

  bool ours() const noexcept { return application_id == sqlite_application_id && format == sqlite_format; }
  bool newer() const noexcept { return application_id == sqlite_application_id && format > sqlite_format; }
  bool unmarked() const noexcept {
    return (application_id == 0 || application_id == sqlite_application_id) && format == 0;
  }
  /// Nothing is in it yet.
  bool blank() const noexcept { return unmarked() && objects == 0; }
  bool foreign() const noexcept { return !ours() && !newer() && !blank() && !(unmarked() && version_0); }
};

/// How many fields of Usage the table `calls` has columns for.
inline std::string sqlite_usage_columns_query() {
  std::string names;
  for (const UsageField& field : usage_fields) names.append(names.empty() ? "'" : ", '").append(field.key).append("'");
  return "SELECT count(*) FROM pragma_table_info('calls') WHERE name IN (" + names + ")";
}

/// Asks an open file. Changes nothing.
inline int sqlite_identity(SqliteConnection& connection, SqliteIdentity& identity) {
  constexpr std::string_view old_columns =
      "SELECT (SELECT count(*) FROM pragma_table_info('calls') WHERE name IN ('id', 'kind', 'time', 'duration_ns', "
      "'operation', 'request_model', 'outcome', 'cost_state')) = 8 AND "
      "NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'names')";
  if (const int code = connection.number("PRAGMA application_id", identity.application_id); code != SQLITE_OK)
    return code;
  if (const int code = connection.number("PRAGMA user_version", identity.format); code != SQLITE_OK) return code;
  if (!identity.unmarked()) return SQLITE_OK;
  std::int64_t old = 0;
  if (const int code = connection.number("SELECT count(*) FROM sqlite_schema", identity.objects); code != SQLITE_OK)
    return code;
  const int code = connection.number(old_columns, old);
  identity.version_0 = old != 0;
  return code;
}

/// Asks a file of ours, under a lock, whether it has a column for each field of Usage.
inline int sqlite_lacks_fields(SqliteConnection& connection, bool& lacks) {
  std::int64_t fields = 0;
  const int code = connection.number(sqlite_usage_columns_query(), fields);
  lacks = code == SQLITE_OK && fields != static_cast<std::int64_t>(usage_field_count);
  return code;
}

}  // namespace tallyscope::inline v0::detail
