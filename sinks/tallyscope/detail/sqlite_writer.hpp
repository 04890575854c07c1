// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/detail/sqlite_batch.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_names.hpp>
#include <tallyscope/detail/sqlite_record.hpp>
#include <tallyscope/detail/sqlite_rollups.hpp>

#include <cstdint>
#include <limits>
#include <string>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// The insertions into the side tables of `calls`.
class SqliteSideTables {
 public:
  int prepare(sqlite3* connection) {
    std::string fields, places;
    for (const UsageField& field : usage_fields) fields.append(",").append(field.key), places.append(",?");
    const int code =
        parts_.prepare(connection, "INSERT INTO parts(call,place,model" + fields + ") VALUES (?1,?2,?3" + places + ")");
    return code != SQLITE_OK ? code
                             : labels_.prepare(connection, "INSERT INTO labels(call,place,key,value) VALUES (?,?,?,?)");
  }

  void release() noexcept { parts_ = SqliteStatement{}, labels_ = SqliteStatement{}; }

  int add_parts(std::int64_t call, Row<Part> parts, SqliteNames& names) {
    int code = SQLITE_OK;
    for (std::size_t place = 0; place < parts.size() && code == SQLITE_OK; ++place) {
      const Part& part = parts[place];
      parts_.bind(1, call);
      parts_.bind(2, static_cast<std::int64_t>(place));
      part.model.empty() ? parts_.bind_null(3) : parts_.bind(3, names.id(part.model));
      int parameter = 3;
      for (const UsageField& field : usage_fields) {
        const Count count = part.usage.*field.count;
        count.has_value() ? parts_.bind(++parameter, count.value_or(0)) : parts_.bind_null(++parameter);
      }
      code = parts_.run();
    }
    return code;
  }

  int add_labels(std::int64_t call, const KeptLabels& labels, SqliteNames& names) {
    int code = SQLITE_OK;
    for (std::size_t place = 0; place < labels.count && code == SQLITE_OK; ++place) {
      const std::string_view value = labels.labels[place].value;
      Diagnostics ignored;
      char repaired[3 * label_value_limit];
      const std::size_t size = is_ascii(value) ? 0 : copy_repaired(repaired, value, sizeof repaired, ignored);
      labels_.bind(1, call);
      labels_.bind(2, static_cast<std::int64_t>(place));
      labels_.bind(3, names.id(labels.labels[place].key));
      labels_.bind(4, size == 0 ? value : std::string_view{repaired, size});
      code = labels_.run();
    }
    return code;
  }

 private:
  SqliteStatement parts_, labels_;
};

/// Writes batches to an open file of ours, each in a transaction of its own. For one thread at a time.
class SqliteWriter {
 public:
  explicit SqliteWriter(bool rollups = true) noexcept : with_rollups_{rollups} {}
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  int prepare(SqliteConnection& connection) {
    connection_ = &connection;
    std::string places;
    for (std::size_t place = 0; place < sqlite_columns.size(); ++place) places += place == 0 ? "?" : ",?";
    const std::string sql =
        "INSERT INTO calls(" + sqlite_column_names() + ") VALUES (" + places + ") ON CONFLICT(id) DO NOTHING";
    int code = insert_.prepare(connection.get(), sql);
    if (code == SQLITE_OK) code = side_tables_.prepare(connection.get());
    if (code == SQLITE_OK) code = names_.prepare(connection.get());
    if (code == SQLITE_OK) code = rollups_.prepare(connection.get());
    if (code == SQLITE_OK) code = begin_.prepare(connection.get(), "BEGIN IMMEDIATE");
    if (code == SQLITE_OK) code = commit_.prepare(connection.get(), "COMMIT");
    return code;
  }

  /// All of the batch is in the file, or nothing. Throws std::bad_alloc, after which abandon() must follow.
  int write(const SqliteBatch& batch) {
    if (const int code = begin_.run(); code != SQLITE_OK) return code;
    names_.keep_at_most(names_limit);
    binder_.start();
    rollups_.start();
    int code = batch.for_each([this](const StoredRecord& stored) { return add(*stored.view()); });
    if (code == SQLITE_OK) code = names_.problem();
    if (code == SQLITE_OK) code = rollups_.write();
    if (code == SQLITE_OK) code = commit_.run();
    if (code != SQLITE_OK) abandon();
    return code;
  }

  /// Lets go of the connection.
  void release() noexcept {
    for (SqliteStatement* const statement : {&begin_, &commit_, &insert_}) *statement = SqliteStatement{};
    side_tables_.release();
    names_.release();
    rollups_.release();
  }

  /// Takes back what a failed write() has begun.
  void abandon() noexcept {
    connection_->roll_back();
    names_.forget();
  }

 private:
  static constexpr std::size_t names_limit = 65'536;

  int add(const Record& record) {
    const KeptLabels labels =
        record.labels.empty() ? KeptLabels{} : keep_labels(record.labels, std::numeric_limits<std::size_t>::max());
    binder_.labels_lost(labels.lost);
    binder_.bind(record);
    if (const int code = insert_.run(); code != SQLITE_OK) return code;
    if (::sqlite3_changes(connection_->get()) == 0) return SQLITE_OK;  // the file has it already
    if (with_rollups_) rollups_.add(record, [this](std::size_t column) { return binder_.value(column); });
    return record.parts.empty() && labels.count == 0 ? SQLITE_OK : add_rows(record, labels);
  }
  int add_rows(const Record& record, const KeptLabels& labels) {
    const std::int64_t call = ::sqlite3_last_insert_rowid(connection_->get());
    const int code = side_tables_.add_parts(call, record.parts, names_);
    return code != SQLITE_OK ? code : side_tables_.add_labels(call, labels, names_);
  }

  bool with_rollups_;
  SqliteConnection* connection_ = nullptr;
  SqliteStatement begin_, commit_, insert_;
  SqliteSideTables side_tables_;
  SqliteNames names_;
  SqliteBinder binder_{insert_, names_};
  SqliteRollups rollups_;
};

}  // namespace tallyscope::inline v0::detail
