// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_batch.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_insert.hpp>
#include <tallyscope/detail/sqlite_names.hpp>
#include <tallyscope/detail/sqlite_rollups.hpp>
#include <tallyscope/detail/sqlite_side_tables.hpp>
#include <tallyscope/detail/sqlite_values.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// Writes batches to an open file of ours, each in a transaction of its own. For one thread at a time.
class SqliteWriter {
 public:
  explicit SqliteWriter(bool rollups) noexcept : with_rollups_{rollups} {}
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  int prepare(SqliteConnection& connection) {
    connection_ = &connection;
    inserts_.use(connection.get());
    int code = begin_.prepare(connection.get(), "BEGIN IMMEDIATE");
    if (code == SQLITE_OK) code = commit_.prepare(connection.get(), "COMMIT");
    if (code == SQLITE_OK) code = last_.prepare(connection.get(), "SELECT max(number) FROM calls");
    if (code == SQLITE_OK)
      code = inserted_.prepare(connection.get(), "SELECT number FROM calls WHERE number >= ?1 ORDER BY number");
    if (code == SQLITE_OK) code = side_tables_.prepare(connection.get());
    if (code == SQLITE_OK) code = names_.prepare(connection.get());
    return code == SQLITE_OK ? rollups_.prepare(connection.get()) : code;
  }
  /// Lets go of the connection.
  void release() noexcept {
    for (SqliteStatement* const statement : {&begin_, &commit_, &last_, &inserted_}) *statement = SqliteStatement{};
    inserts_.release();
    side_tables_.release();
    names_.release();
    rollups_.release();
  }

  /// All of the batch is in the file, or nothing. Throws std::bad_alloc, after which abandon() must follow.
  int write(const SqliteBatch& batch) {
    if (const int code = begin_.run(); code != SQLITE_OK) return code;
    start();
    int code = next_number();
    if (code == SQLITE_OK) code = batch.for_each([this](const StoredRecord& stored) { return add(stored); });
    if (code == SQLITE_OK) code = insert_group();
    if (code == SQLITE_OK && !known_.empty()) count_again(batch);
    if (code == SQLITE_OK) code = rollups_.write();
    if (code == SQLITE_OK) code = names_.problem();
    if (code == SQLITE_OK) code = commit_.run();
    if (code != SQLITE_OK) abandon();
    return code;
  }

  /// Takes back what a failed write() has begun.
  void abandon() noexcept {
    connection_->roll_back();
    names_.forget();
  }

 private:
  static constexpr std::size_t names_limit = 65'536;

  void start() noexcept {
    names_.keep_at_most(names_limit);
    collector_.start();
    rollups_.start();
    known_.clear();
    count_ = 0;
  }

  int next_number() noexcept {
    const int code = last_.step();
    first_ = next_ = code == SQLITE_ROW ? last_.integer(0) + 1 : 0;
    last_.reset();
    return code == SQLITE_ROW ? SQLITE_OK : code;
  }

  int add(const StoredRecord& stored) {
    const RecordView record = stored.view();
    collector_.collect(*record, rows_[count_]);
    if (with_rollups_) rollups_.add(*record, rows_[count_]);
    has_side_rows_[count_] = !record->parts.empty() || !record->labels.empty();
    records_[count_++] = &stored;
    return count_ == SqliteInserts::group ? insert_group() : SQLITE_OK;
  }

  int insert_group() {
    const std::size_t count = std::exchange(count_, 0);
    if (count == 0) return SQLITE_OK;
    const int before = ::sqlite3_total_changes(connection_->get());
    int code = inserts_.run(rows_, count, next_);
    const int made = ::sqlite3_total_changes(connection_->get()) - before;
    if (code == SQLITE_OK && made != static_cast<int>(count)) code = find_known(count);
    for (std::size_t row = 0; row < count && code == SQLITE_OK; ++row)
      if (const std::int64_t number = next_ + static_cast<std::int64_t>(row); has_side_rows_[row] && is_new(number))
        code = side_tables_.add(number, *records_[row]->view(), names_);
    next_ += static_cast<std::int64_t>(count);
    return code;
  }

  /// Notes which of the last rows were not inserted, as the file has their ids already.
  int find_known(std::size_t count) {
    known_.resize(static_cast<std::size_t>(next_ - first_), false);
    known_.resize(known_.size() + count, true);
    inserted_.bind(1, next_);
    int code;
    while ((code = inserted_.step()) == SQLITE_ROW)
      known_[static_cast<std::size_t>(inserted_.integer(0) - first_)] = false;
    inserted_.reset();
    return code == SQLITE_DONE ? SQLITE_OK : code;
  }
  bool is_new(std::int64_t number) const noexcept {
    const auto place = static_cast<std::size_t>(number - first_);
    return place >= known_.size() || !known_[place];
  }

  /// The sums have taken every record for new.
  void count_again(const SqliteBatch& batch) {
    rollups_.start();
    std::int64_t number = first_;
    batch.for_each([&](const StoredRecord& stored) {
      if (!is_new(number++) || !with_rollups_) return 0;
      const RecordView record = stored.view();
      collector_.collect(*record, rows_[0]);
      rollups_.add(*record, rows_[0]);
      return 0;
    });
  }

  const bool with_rollups_;
  SqliteConnection* connection_ = nullptr;
  SqliteStatement begin_, commit_, last_, inserted_;
  SqliteInserts inserts_;
  SqliteSideTables side_tables_;
  SqliteNames names_;
  SqliteCollector collector_{names_};
  SqliteRollups rollups_;

  std::int64_t first_ = 0, next_ = 0;  // numbers of the batch
  std::vector<bool> known_;            // by number: the file had it already; true at most up to the last that is
  std::size_t count_ = 0;              // rows of the group that is being collected
  SqliteValues rows_[SqliteInserts::group];
  const StoredRecord* records_[SqliteInserts::group]{};
  bool has_side_rows_[SqliteInserts::group]{};
};

}  // namespace tallyscope::inline v0::detail
