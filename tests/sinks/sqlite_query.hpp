// SPDX-License-Identifier: MIT
// A look into a database with SQLite itself, past everything of ours.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using Rows = std::vector<std::vector<std::string>>;

/// Runs statements and gives the rows of the last one as text, NULL as "NULL".
inline Rows query(const std::string& path, const std::string& sql) {
  sqlite3* connection = nullptr;
  if (::sqlite3_open(path.c_str(), &connection) != SQLITE_OK) throw std::runtime_error{"cannot open " + path};
  ::sqlite3_busy_timeout(connection, 10'000);
  Rows rows;
  const auto collect = [](void* to, int count, char** values, char**) {
    auto& row = static_cast<Rows*>(to)->emplace_back();
    for (int column = 0; column < count; ++column)
      row.emplace_back(values[column] == nullptr ? "NULL" : values[column]);
    return 0;
  };
  char* message = nullptr;
  const int code = ::sqlite3_exec(connection, sql.c_str(), collect, &rows, &message);
  const std::string error = message == nullptr ? "" : message;
  ::sqlite3_free(message);
  ::sqlite3_close(connection);
  if (code != SQLITE_OK) throw std::runtime_error{sql + ": " + error};
  return rows;
}

/// The first value of the first row; "nothing" if there is none.
inline std::string answer(const std::string& path, const std::string& sql) {
  const Rows rows = query(path, sql);
  return rows.empty() ? "nothing" : rows.front().front();
}

inline std::int64_t number(const std::string& path, const std::string& sql) { return std::stoll(answer(path, sql)); }
