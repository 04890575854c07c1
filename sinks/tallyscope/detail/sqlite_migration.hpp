// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_schema.hpp>

#include <set>
#include <string>
#include <string_view>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// Adds to a table the columns of those usage fields that it was made without.
inline int sqlite_add_usage_columns(SqliteConnection& connection, std::string_view table, std::string_view column_end) {
  std::set<std::string> there;
  if (const int code = sqlite_columns_of(connection, table, there); code != SQLITE_OK) return code;
  std::string sql;
  for (const UsageField& field : usage_fields)
    if (!there.contains(std::string{field.key}))
      sql.append("ALTER TABLE ").append(table).append(" ADD COLUMN ").append(field.key).append(column_end);
  return sql.empty() ? SQLITE_OK : connection.run(sql);
}

/// All views of a file, to be made anew.
inline int sqlite_drop_views(SqliteConnection& connection) {
  std::string sql;
  SqliteStatement query;
  int code = query.prepare(connection.get(),
                           "SELECT name FROM sqlite_schema WHERE type = 'view' AND name IN "
                           "('calls_view', 'record_sums', 'rollups_view', 'usage_by_name', "
                           "'usage_by_model', 'usage_by_server', 'usage_by_user', 'usage_by_turn', "
                           "'usage_by_day')");
  if (code != SQLITE_OK) return code;
  while ((code = query.step()) == SQLITE_ROW) sql.append("DROP VIEW ").append(query.bytes(0)).append(";");
  if (code != SQLITE_DONE) return code;
  query = SqliteStatement{};
  return connection.run(sql);
}

/// Usage has been given more fields within format 1: brings a file from before that up to date. Within a transaction.
inline int add_usage_fields(SqliteConnection& connection) {
  int code = sqlite_drop_views(connection);
  if (code == SQLITE_OK) code = sqlite_add_usage_columns(connection, "calls", " INTEGER;");
  if (code == SQLITE_OK) code = sqlite_add_usage_columns(connection, "parts", " INTEGER;");
  // A sum of nothing is 0: NULL would make a sum that is added to it NULL as well.
  if (code == SQLITE_OK) code = sqlite_add_usage_columns(connection, "rollups", " INTEGER DEFAULT 0;");
  return code == SQLITE_OK ? connection.run(sqlite_views()) : code;
}

/// The place of a word that version 0 wrote out.
template <std::size_t Size>
std::string sqlite_place(const std::string& column, const std::string_view (&words)[Size], const char* otherwise) {
  std::string sql = "CASE " + column;
  for (std::size_t place = 0; place < Size; ++place)
    sql.append(" WHEN '").append(words[place]).append("' THEN ").append(std::to_string(place));
  return sql + " ELSE " + otherwise + " END";
}

/// What a column of `calls` becomes of the columns that version 0 had.
inline std::string sqlite_migrated(const SqliteColumn& column, const std::set<std::string>& old) {
  std::string name{column.name};
  if (name == "kind") return sqlite_place(name, kind_names, "0");
  if (name == "outcome") return sqlite_place(name, outcome_names, "0");
  if (!old.contains(name)) return "NULL";
  if (name == "finality") return sqlite_place(name, finality_names, "NULL");
  if (name.ends_with("put_source")) return sqlite_place(name, source_names, "NULL");
  if (name.ends_with("cost_state")) return sqlite_place(name, cost_state_names, "NULL");
  if (name == "time" || name == "duration_ns") return "coalesce(" + name + ", 0)";
  if (column.type == SqliteType::name) return "(SELECT id FROM names WHERE text = calls_0." + name + ")";
  if (column.type == SqliteType::text) return "nullif(" + name + ", '')";
  return name;
}

inline std::string sqlite_migrated_names(const std::set<std::string>& old) {
  std::string sql;
  for (const SqliteColumn& column : sqlite_columns)
    if (column.type == SqliteType::name && old.contains(std::string{column.name}))
      sql.append("INSERT OR IGNORE INTO names(text) SELECT DISTINCT ")
          .append(column.name)
          .append(" FROM calls_0 WHERE ")
          .append(column.name)
          .append(" != '';");
  return sql;
}

/// Labels and parts, which version 0 kept as JSON beside the other columns. Rows are found again by their place.
inline std::string sqlite_migrated_rows(const std::set<std::string>& old) {
  std::string sql, keys, values;
  for (const UsageField& field : usage_fields) {
    keys.append(", ").append(field.key);
    values.append(", json_extract(item.value, '$.").append(field.key).append("')");
  }
  if (old.contains("labels"))
    sql +=
        "INSERT OR IGNORE INTO names(text) SELECT DISTINCT item.key FROM calls_0, json_each(calls_0.labels) AS item"
        " WHERE json_valid(calls_0.labels);"
        "INSERT INTO labels(call, place, key, value) SELECT calls_0.rowid, item.id, names.id, item.value"
        " FROM calls_0, json_each(calls_0.labels) AS item JOIN names ON names.text = item.key"
        " WHERE json_valid(calls_0.labels);";
  if (old.contains("parts"))
    sql +=
        "INSERT OR IGNORE INTO names(text) SELECT DISTINCT json_extract(item.value, '$.model')"
        " FROM calls_0, json_each(calls_0.parts) AS item WHERE json_valid(calls_0.parts)"
        " AND json_extract(item.value, '$.model') != '';"
        "INSERT INTO parts(call, place, model" +
        keys +
        ") SELECT calls_0.rowid, item.key, (SELECT id FROM names WHERE text = json_extract(item.value, '$.model'))" +
        values + " FROM calls_0, json_each(calls_0.parts) AS item WHERE json_valid(calls_0.parts);";
  return sql;
}

/// From version 0, one table `calls` with all texts and words written out, to format 1. Within a transaction.
inline int migrate_version_0(SqliteConnection& connection) {
  std::set<std::string> old;
  if (const int code = sqlite_columns_of(connection, "calls", old); code != SQLITE_OK) return code;
  return connection.run("ALTER TABLE calls RENAME TO calls_0;" + sqlite_tables() + sqlite_views() +
                        sqlite_migrated_names(old) + "INSERT INTO calls(number, " + sqlite_column_names() +
                        ") SELECT rowid, " +
                        sqlite_list([&](const SqliteColumn& column) { return sqlite_migrated(column, old); }) +
                        " FROM calls_0 ORDER BY rowid;" + sqlite_migrated_rows(old) + "DROP TABLE calls_0;" +
                        sqlite_rollups_from_calls() + sqlite_mark());
}

}  // namespace tallyscope::inline v0::detail
