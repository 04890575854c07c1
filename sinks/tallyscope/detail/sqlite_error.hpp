// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/config.hpp>

#include <string>
#include <system_error>

#include <sqlite3.h>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0 {

/// Why a file is not taken as a database of ours, beside what SQLite and the operating system say.
enum class SqliteError {
  not_a_database = 1,  ///< the file holds something that is no SQLite database
  foreign,             ///< a database of another application
  newer_format,        ///< written by a later version of Tallyscope
  older_format,        ///< of a version that has to be brought up to date by opening a SqliteSink with it
  disturbed,           ///< another process began to write while the file was read
  forked,              ///< this process was forked while its parent was writing a batch
};

namespace detail {

struct SqliteErrorCategory final : std::error_category {
  const char* name() const noexcept override { return "tallyscope.sqlite"; }

  std::string message(int value) const override {
    switch (static_cast<SqliteError>(value)) {
      case SqliteError::not_a_database:
        return "the file is not an SQLite database; name another file";
      case SqliteError::foreign:
        return "the database belongs to another application; name another file";
      case SqliteError::newer_format:
        return "the database was written by a later version of Tallyscope; update this program or name another file";
      case SqliteError::older_format:
        return "the database has an older format; open a SqliteSink with it once, which brings it up to date";
      case SqliteError::disturbed:
        return "another process began to write the database while it was read; read it again";
      case SqliteError::forked:
        return "the process was forked while its parent was writing; open a SqliteSink of its own in the child";
    }
    return "unknown error";
  }
};

/// The result codes of SQLite itself.
struct SqliteCodeCategory final : std::error_category {
  const char* name() const noexcept override { return "sqlite"; }
  std::string message(int value) const override { return ::sqlite3_errstr(value); }
};

inline const SqliteErrorCategory& sqlite_error_category() noexcept {
  static const SqliteErrorCategory category;
  return category;
}

/// An SQLite result code; no error for SQLITE_OK.
inline std::error_code sqlite_code(int code) noexcept {
  static const SqliteCodeCategory category;
  return {code, category};
}

}  // namespace detail

inline std::error_code make_error_code(SqliteError error) noexcept {
  return {static_cast<int>(error), detail::sqlite_error_category()};
}

}  // namespace tallyscope::inline v0

template <>
struct std::is_error_code_enum<tallyscope::SqliteError> : std::true_type {};
