// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_row.hpp>

#include <cstdint>
#include <set>
#include <string>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

inline bool is_usage_field(std::string_view key) noexcept {
  for (const UsageField& field : usage_fields)
    if (field.key == key) return true;
  return false;
}

/// Rows of a side table of `calls` in the order of the calls they belong to: (call, ...).
class SqliteSideRows {
 public:
  int start(sqlite3* connection, const std::string& sql) noexcept {
    const int code = rows_.prepare(connection, sql);
    return code == SQLITE_OK ? next() : code;
  }

  /// Shows the rows of one call to `visit(statement)`, whose texts are gone after that.
  template <class Visit>
  int of(std::int64_t call, const Visit& visit) {
    int code = SQLITE_OK;
    while (more_ && code == SQLITE_OK && rows_.integer(0) <= call) {
      if (rows_.integer(0) == call) visit(rows_);
      code = next();
    }
    return code;
  }

 private:
  int next() noexcept {
    const int code = rows_.step();
    more_ = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
  }

  SqliteStatement rows_;
  bool more_ = false;
};

/// All records of a file, one after the other, as they were when it began.
class SqliteScan {
 public:
  int start(SqliteConnection& connection) {
    std::set<std::string> there;
    int code = connection.run("BEGIN");
    if (code == SQLITE_OK) code = sqlite_columns_of(connection, "calls", there);
    // A file from before a field of Usage was added has no column for it, and so no value.
    const auto of_file = [&](std::string_view column) {
      const bool is_new = is_usage_field(column) && !there.contains(std::string{column});
      return std::string{is_new ? "NULL" : column};
    };
    std::string fields;
    for (const UsageField& field : usage_fields) fields.append(",").append(of_file(field.key));
    if (code == SQLITE_OK)
      code = calls_.prepare(connection.get(), "SELECT " + sqlite_list([&](const SqliteColumn& column) {
                                                return of_file(column.name);
                                              }) + ",number FROM calls ORDER BY number");
    if (code == SQLITE_OK)
      code = parts_.start(connection.get(), "SELECT call,model" + fields + " FROM parts ORDER BY call,place");
    if (code == SQLITE_OK)
      code = labels_.start(connection.get(), "SELECT call,key,value FROM labels ORDER BY call,place");
    return code == SQLITE_OK ? texts_.prepare(connection.get()) : code;
  }

  /// SQLITE_ROW while there is another row, then SQLITE_DONE.
  int next() {
    const int code = calls_.step();
    return code == SQLITE_ROW ? read() : code;
  }
  /// The record of the row, until the next one; null if it could not be read.
  const Record* record() noexcept { return sound_ ? &row_.record() : nullptr; }

 private:
  int read() {
    texts_.start_row();
    values_.clear();
    values_.reserve(label_limit * value_room);
    sound_ = row_.read(calls_, texts_);
    const std::int64_t call = calls_.integer(static_cast<int>(sqlite_columns.size()));
    int code = parts_.of(call, [this](const SqliteStatement& part) { add_part(part); });
    if (code == SQLITE_OK) code = labels_.of(call, [this](const SqliteStatement& label) { add_label(label); });
    sound_ = sound_ && texts_.found();
    return code == SQLITE_OK ? SQLITE_ROW : code;
  }

  void add_part(const SqliteStatement& row) {
    const std::int64_t model = row.integer(1);
    Part part{model == 0 ? std::string_view{} : texts_.text(model)};
    int column = 2;
    for (const UsageField& field : usage_fields) {
      if (row.type(column) != SQLITE_NULL) part.usage.*field.count = row.integer(column);
      ++column;
    }
    row_.add_part(part);
  }
  void add_label(const SqliteStatement& row) {
    const std::string_view value = row.bytes(2).substr(0, value_room);
    if (values_.size() + value.size() > values_.capacity()) return;
    const std::size_t start = values_.size();
    values_.append(value);
    row_.add_label({texts_.text(row.integer(1)), std::string_view{values_}.substr(start)});
  }

  static constexpr std::size_t value_room = 3 * label_value_limit;

  SqliteStatement calls_;
  SqliteSideRows parts_, labels_;
  SqliteTexts texts_;
  SqliteRow row_;
  std::string values_;  // of the labels of one row; does not move while they are read
  bool sound_ = false;
};

}  // namespace tallyscope::inline v0::detail
