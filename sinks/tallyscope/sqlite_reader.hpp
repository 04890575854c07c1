// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_file.hpp>
#include <tallyscope/detail/sqlite_scan.hpp>
#include <tallyscope/read_result.hpp>

#include <string>
#include <utility>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0 {

/// Reads the records of a database that SqliteSink has written, also while it is being written: what was committed when
/// reading began is read. Opens it for reading only and changes nothing.
///
/// One thread at a time may use a reader. Reading a record costs about 2 microseconds.
class SqliteReader {
 public:
  explicit SqliteReader(std::string path) : path_{std::move(path)} {}

  /// Shows each record to `visit(const Record&)` in the order of their insertion. Its texts are valid during that call
  /// only. Rows of which a value cannot be read are skipped. What the visitor throws ends the reading.
  template <class Visit>
  ReadResult for_each(Visit&& visit) {
    ReadResult result;
    detail::SqliteConnection connection;
    detail::SqliteReading reading;
    detail::SqliteScan scan;
    std::error_code error = open_patiently(connection, reading);
    if (!error) {
      int code = scan.start(connection);
      while (code == SQLITE_OK && (code = scan.next()) == SQLITE_ROW) {
        code = SQLITE_OK;
        if (const Record* const record = scan.record()) {
          ++result.records;
          visit(*record);
        } else {
          ++result.skipped;
        }
      }
      if (code != SQLITE_DONE) error = connection.error(code);
      if (reading.disturbed()) error = SqliteError::disturbed;
    }
    if (error) result.problem = detail::sqlite_problem(error, path_).message;
    return result;
  }

 private:
  static constexpr int wait_ms = 5'000;

  // A log that was there at the first look may be gone at the second, when its last writer ends.
  std::error_code open_patiently(detail::SqliteConnection& connection, detail::SqliteReading& reading) const {
    std::error_code error = open(connection, reading);
    for (int attempt = 0; attempt < 10 && error && reading.changed(); ++attempt) {
      ::sqlite3_sleep(2);
      error = open(connection, reading);
    }
    return error;
  }

  std::error_code open(detail::SqliteConnection& connection, detail::SqliteReading& reading) const {
    const std::string path = detail::absolute_path(path_);
    bool empty = false;
    std::error_code error = detail::check_kind_of_file(path, true, empty);
    if (!error && empty) error = SqliteError::not_a_database;
    if (!error) error = detail::check_sqlite_header(path);
    if (error) return error;
    detail::SqliteIdentity identity;
    int code = reading.open(connection, path, wait_ms);
    if (code == SQLITE_OK) code = detail::sqlite_identity(connection, identity);
    if (code != SQLITE_OK) return connection.error(code);
    if (identity.newer()) return SqliteError::newer_format;
    if (identity.ours()) return {};
    return identity.version_0 ? SqliteError::older_format : SqliteError::foreign;
  }

  std::string path_;
};

}  // namespace tallyscope::inline v0
