// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_error.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

// A thin cover over SQLite's interface: handles that close themselves, and its result codes as they are.
// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// A prepared statement. Columns and parameters count from 0 and 1, as SQLite has it.
class SqliteStatement {
 public:
  SqliteStatement() noexcept = default;
  SqliteStatement(SqliteStatement&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
  SqliteStatement& operator=(SqliteStatement&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~SqliteStatement() { ::sqlite3_finalize(handle_); }

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  sqlite3_stmt* get() const noexcept { return handle_; }

  int prepare(sqlite3* connection, std::string_view sql) noexcept {
    *this = SqliteStatement{};
    return ::sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                &handle_, nullptr);
  }

  int step() noexcept { return ::sqlite3_step(handle_); }
  void reset() noexcept { ::sqlite3_reset(handle_); }
  /// For statements without rows: SQLITE_OK when done.
  int run() noexcept {
    const int code = step();
    reset();
    return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
  }

  void bind(int place, std::int64_t value) noexcept { ::sqlite3_bind_int64(handle_, place, value); }
  void bind(int place, double value) noexcept { ::sqlite3_bind_double(handle_, place, value); }
  void bind_null(int place) noexcept { ::sqlite3_bind_null(handle_, place); }
  /// Borrows the text until the statement has run.
  void bind(int place, std::string_view text) noexcept {
    ::sqlite3_bind_text(handle_, place, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()),
                        SQLITE_STATIC);
  }
  void bind_bytes(int place, const void* bytes, std::size_t size) noexcept {
    ::sqlite3_bind_blob(handle_, place, bytes, static_cast<int>(size), SQLITE_STATIC);
  }

  int type(int column) const noexcept { return ::sqlite3_column_type(handle_, column); }
  std::int64_t integer(int column) const noexcept { return ::sqlite3_column_int64(handle_, column); }
  double real(int column) const noexcept { return ::sqlite3_column_double(handle_, column); }
  /// The bytes of a text or a blob, until the next step.
  std::string_view bytes(int column) const noexcept {
    const void* const bytes = ::sqlite3_column_blob(handle_, column);
    const int size = ::sqlite3_column_bytes(handle_, column);
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  }

 private:
  sqlite3_stmt* handle_ = nullptr;
};

/// A connection that one thread at a time uses.
class SqliteConnection {
 public:
  SqliteConnection() noexcept = default;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection() { close(); }

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  sqlite3* get() const noexcept { return handle_; }

  int open(const std::string& path, int flags) noexcept {
    close();
    const int code = ::sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (handle_ != nullptr) ::sqlite3_extended_result_codes(handle_, 1);
    return code;
  }
  void close() noexcept { ::sqlite3_close_v2(std::exchange(handle_, nullptr)); }

  void wait_for_locks(int milliseconds) noexcept { ::sqlite3_busy_timeout(handle_, milliseconds); }
  /// Whether closing the last connection moves the log into the file and removes it, which changes the file.
  void tidy_on_close(bool tidy) noexcept {
    ::sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, tidy ? 0 : 1, nullptr);
  }

  int run(const std::string& sql) noexcept { return ::sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); }

  /// The integer that a query answers with.
  int number(std::string_view sql, std::int64_t& value) noexcept {
    SqliteStatement query;
    if (const int code = query.prepare(handle_, sql); code != SQLITE_OK) return code;
    const int code = query.step();
    if (code == SQLITE_ROW) value = query.integer(0);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
  }

  /// After an error inside a transaction. SQLite has ended it by itself after some errors, such as a full disk.
  void roll_back() noexcept {
    if (handle_ != nullptr && ::sqlite3_get_autocommit(handle_) == 0) run("ROLLBACK");
  }

  /// The operating system's error behind the last one if there is one, else SQLite's.
  std::error_code error(int code) const noexcept {
    const int system = handle_ == nullptr ? 0 : ::sqlite3_system_errno(handle_);
    if ((code & 0xFF) == SQLITE_CANTOPEN && system != 0) return {system, std::system_category()};
    return sqlite_code(code);
  }

 private:
  sqlite3* handle_ = nullptr;
};

/// Is it worth trying again?
constexpr bool is_busy(int code) noexcept { return (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED; }

/// The names of the columns that a table has.
inline int sqlite_columns_of(SqliteConnection& connection, std::string_view table, std::set<std::string>& columns) {
  SqliteStatement query;
  int code = query.prepare(connection.get(), "SELECT name FROM pragma_table_info(?1)");
  if (code != SQLITE_OK) return code;
  query.bind(1, table);
  while ((code = query.step()) == SQLITE_ROW) columns.emplace(query.bytes(0));
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace tallyscope::inline v0::detail
