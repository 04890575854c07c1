// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/sqlite_columns.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_values.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

inline float float_of(std::int64_t bits) noexcept {
  const auto half = static_cast<std::uint32_t>(bits);
  float value;
  std::memcpy(&value, &half, sizeof value);
  return value;
}

/// Inserts so many rows at once, with `number` and the columns of a set.
class SqliteInsert {
 public:
  int prepare(sqlite3* connection, SqliteColumnSet columns, std::size_t rows) {
    columns_ = columns;
    bound_.assign(rows, {});
    std::string names = "number", row = "(?", places;
    for (SqliteColumnSet left = columns; left != 0; left &= left - 1)
      names.append(",").append(sqlite_columns[first_column(left)].name), row += ",?";
    row += ")";
    for (std::size_t place = 0; place < rows; ++place) places.append(place == 0 ? "" : ",").append(row);
    return statement_.prepare(connection,
                              "INSERT INTO calls(" + names + ") VALUES " + places + " ON CONFLICT(id) DO NOTHING");
  }

  SqliteColumnSet columns() const noexcept { return columns_; }

  /// Numbers the rows from `first`. Borrows their texts until run() has returned.
  int run(const SqliteValues* rows, std::int64_t first) noexcept {
    int parameter = 0;
    for (std::size_t row = 0; row < bound_.size(); ++row) {
      statement_.bind(++parameter, first + static_cast<std::int64_t>(row));
      bind(parameter, rows[row], bound_[row]);
    }
    return statement_.run();
  }

 private:
  /// What stays bound from the group before: most numbers of a row are those of another one 32 rows ago.
  struct Bound {
    SqliteColumnSet present = 0;
    std::int64_t numbers[SqliteColumns::limit]{};
  };

  void bind(int& parameter, const SqliteValues& row, Bound& bound) noexcept {
    for (SqliteColumnSet left = columns_; left != 0; left &= left - 1) {
      const std::size_t place = first_column(left);
      const bool was_present = (bound.present >> place & 1) != 0;
      ++parameter;
      if (row.has(place))
        bind(parameter, row, place, was_present ? &bound.numbers[place] : nullptr, bound.numbers[place]);
      else if (was_present)
        statement_.bind_null(parameter);
    }
    bound.present = row.present & columns_;
  }
  void bind(int parameter, const SqliteValues& row, std::size_t place, const std::int64_t* before,
            std::int64_t& now) noexcept {
    switch (sqlite_columns[place].type) {
      case SqliteType::integer:
      case SqliteType::name:
        if (before != nullptr && *before == row.numbers[place]) return;
        return statement_.bind(parameter, now = row.numbers[place]);
      case SqliteType::text:
        return statement_.bind(parameter, row.texts[place]);
      case SqliteType::id:
        return statement_.bind_bytes(parameter, row.ids[place == 0 ? 0 : 1], sizeof row.ids[0]);
      case SqliteType::real:
        return statement_.bind(parameter, static_cast<double>(float_of(row.numbers[place])));
    }
  }

  SqliteStatement statement_;
  SqliteColumnSet columns_ = 0;
  std::vector<Bound> bound_;  // of each row
};

/// Statements that insert groups of rows. A column that no row of a group uses costs a fifth of one that is bound to
/// NULL, so each set of columns has a statement of its own, up to a few; further ones take a statement of all columns.
class SqliteInserts {
 public:
  static constexpr std::size_t group = 32;

  void use(sqlite3* connection) {
    release();
    connection_ = connection;
    groups_.reserve(limit + 1);
    singles_.reserve(limit + 1);
  }
  void release() noexcept {
    groups_.clear();
    singles_.clear();
  }

  /// One group, or fewer rows one by one.
  int run(const SqliteValues* rows, std::size_t count, std::int64_t first) {
    SqliteColumnSet columns = 0;
    for (std::size_t row = 0; row < count; ++row) columns |= rows[row].present;
    SqliteInsert* insert = nullptr;
    if (const int code = find(count == group ? groups_ : singles_, columns, count == group ? group : 1, insert);
        code != SQLITE_OK)
      return code;
    if (count == group) return insert->run(rows, first);
    int code = SQLITE_OK;
    for (std::size_t row = 0; row < count && code == SQLITE_OK; ++row)
      code = insert->run(rows + row, first + static_cast<std::int64_t>(row));
    return code;
  }

 private:
  static constexpr std::size_t limit = 8;
  static constexpr int spare_columns = 6;
  static constexpr SqliteColumnSet all_columns = column_bit(sqlite_columns.size()) - 1;

  int find(std::vector<SqliteInsert>& inserts, SqliteColumnSet columns, std::size_t rows, SqliteInsert*& found) {
    for (SqliteInsert& insert : inserts)
      if ((columns & ~insert.columns()) == 0 && column_count(insert.columns() & ~columns) <= spare_columns) {
        found = &insert;
        return SQLITE_OK;
      }
    if (inserts.size() > limit) {
      found = &inserts.back();
      return SQLITE_OK;
    }
    SqliteInsert insert;
    const int code = insert.prepare(connection_, inserts.size() == limit ? all_columns : columns, rows);
    if (code == SQLITE_OK) found = &inserts.emplace_back(std::move(insert));
    return code;
  }

  sqlite3* connection_ = nullptr;
  std::vector<SqliteInsert> groups_, singles_;
};

}  // namespace tallyscope::inline v0::detail
