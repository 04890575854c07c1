// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/json_record.hpp>
#include <tallyscope/detail/sqlite_connection.hpp>
#include <tallyscope/detail/sqlite_names.hpp>
#include <tallyscope/detail/sqlite_values.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Needs: <sqlite3.h> -lsqlite3 libsqlite3-dev
namespace tallyscope::inline v0::detail {

/// The insertions into `parts` and `labels`.
class SqliteSideTables {
 public:
  int prepare(sqlite3* connection) {
    std::string fields, places;
    for (const UsageField& field : usage_fields) fields.append(",").append(field.key), places.append(",?");
    const int code =
        parts_.prepare(connection, "INSERT INTO parts(call,place,model" + fields + ") VALUES (?,?,?" + places + ")");
    return code != SQLITE_OK ? code
                             : labels_.prepare(connection, "INSERT INTO labels(call,place,key,value) VALUES (?,?,?,?)");
  }
  void release() noexcept { parts_ = SqliteStatement{}, labels_ = SqliteStatement{}; }

  int add(std::int64_t call, const Record& record, SqliteNames& names) {
    const int code = add_parts(call, record.parts, names);
    return code == SQLITE_OK ? add_labels(call, labels_to_store(record), names) : code;
  }

 private:
  int add_parts(std::int64_t call, Row<Part> parts, SqliteNames& names) {
    int code = SQLITE_OK;
    for (std::size_t place = 0; place < parts.size() && place < part_limit && code == SQLITE_OK; ++place) {
      const Part& part = parts[place];
      parts_.bind(1, call);
      parts_.bind(2, static_cast<std::int64_t>(place));
      part.model.empty() ? parts_.bind_null(3) : parts_.bind(3, names.id(cut_to(part.model, name_limit)));
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

  SqliteStatement parts_, labels_;
};

}  // namespace tallyscope::inline v0::detail
